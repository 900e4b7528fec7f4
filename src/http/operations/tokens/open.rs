//! Tokens that count their opens or have a PIN: what a GET shows of them, and `POST /{digits}` and
//! `POST /api/decrypt/qrcode-details`, which open them.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest as _, HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{AdditionalProperties, SchemaType};
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Required, Schema, Type};

use super::{ctext, digits, document, look as looking};
use crate::http::admission::permits::{self, Kind};
use crate::http::admission::{OpenRateChecked, SameSite, rates};
use crate::http::edge::AboutToken;
use crate::http::extract::{Destroy, FormOrJson, OpenBody, PinGiven, TokenIn};
use crate::http::openapi::parts::{fail, operation, string};
use crate::http::openapi::sample;
use crate::http::openapi::schemas::named;
use crate::http::operations::answers::unix_seconds;
use crate::http::pages::{self, FormView, HeldView};
use crate::http::problem::{Problem, ProblemCode, attempts_in_words, rfc3339};
use crate::http::state::App;
use crate::http::{accept, client};
use crate::limits::Budget;
use crate::link::QUERY_PATH;
use crate::opening::{
    Attempt, ClientNetwork, Looked, OpenId, OpenedDocument, Opener, OpeningError, StatefulToken,
    destroy, is_suspected_bot, look, open,
};
use crate::random;
use crate::store::Revocation;
use crate::token::Keyring;

/// How often the token opens after this answer.
pub const OPENS_LEFT: HeaderName = HeaderName::from_static("qrseal-opens-left");

/// What a program is told about a token that its holder destroyed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestroyedAnswer {
    /// The token's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// When it was destroyed, in UTC; or revoked before.
    #[schema(format = DateTime)]
    pub revoked_at: String,
}

/// What a GET shows: a page with the button for a browser, and for a program what it needs.
pub async fn show(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
) -> Result<HttpResponse, Problem> {
    let _permit = permits::take(request, Kind::Held)?;
    if accept::names_html(request) {
        let open_id = random_open_id()?;
        return open_page(request, held, token, &open_id, StatusCode::OK, None).await;
    }
    Err(open_required(request, held).await)
}

/// `POST /{digits}`
pub async fn by_path(request: &HttpRequest, mut payload: Payload) -> Result<HttpResponse, Problem> {
    SameSite::check(request)?;
    OpenRateChecked::take(request)?;
    let body = FormOrJson::from_request(request, &mut payload).await?;
    let body = OpenBody::parse(&body, TokenIn::Path)?;
    let digits = request.match_info().as_str().trim_start_matches('/');
    answer(request, TokenText::Path(digits), &body).await
}

/// `POST /api/decrypt/qrcode-details`
pub async fn by_body(
    request: HttpRequest,
    _own_page: SameSite,
    _paid: OpenRateChecked,
    body: FormOrJson,
) -> Result<HttpResponse, Problem> {
    let body = OpenBody::parse(&body, TokenIn::Body)?;
    let ctext = body.ctext.clone().unwrap_or_default();
    answer(&request, TokenText::Body(&ctext), &body).await
}

/// A token's text, and where forms about it put it.
#[derive(Debug, Clone, Copy)]
pub enum TokenText<'a> {
    /// In the path.
    Path(&'a str),
    /// In the body.
    Body(&'a str),
}

impl<'a> TokenText<'a> {
    /// The text.
    pub fn text(self) -> &'a str {
        match self {
            Self::Path(text) | Self::Body(text) => text,
        }
    }

    fn form_path(self) -> String {
        match self {
            Self::Path(digits) => format!("/{digits}"),
            Self::Body(_) => format!("/{QUERY_PATH}"),
        }
    }

    fn ctext(self) -> Option<&'a str> {
        match self {
            Self::Path(_) => None,
            Self::Body(text) => Some(text),
        }
    }
}

async fn answer(
    request: &HttpRequest,
    token: TokenText<'_>,
    body: &OpenBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let now = app.now();
    let keyring = app.keyring.load_full();
    let looked = look(token.text(), &keyring, &app.revocations, now)
        .map_err(|error| rates::unrecognised(app, client::address(request), error))?;
    let held = match looking::finish(request, looked).await? {
        Looked::Held(held) => held,
        // It opens with a GET; a POST gets the same and changes as little.
        Looked::Plain(document) if body.destroy.is_none() => {
            request.extensions_mut().insert(AboutToken(document.id));
            let text = token.text();
            return Ok(looking::plain(app, request, document, text, false));
        }
        Looked::Plain(document) => {
            return Err(OpeningError::NotLimited { id: document.id }.into());
        }
    };
    request.extensions_mut().insert(AboutToken(held.id()));
    let pin = match &body.pin {
        PinGiven::Absent => None,
        PinGiven::Valid(pin) => Some(pin.clone()),
        PinGiven::Invalid(_) if !held.needs_pin() => None,
        PinGiven::Invalid(refused) => {
            let words = format!("A PIN {refused}.");
            return form_with_error(request, &held, token, body, impossible(&words), &words).await;
        }
    };
    if pin.is_some() && held.needs_pin() {
        rates::take(request, Budget::PinTries)?;
    }
    let opener = opener(app, &keyring);
    let attempt = Attempt {
        open_id: body.open_id.clone(),
        pin,
        network: network(request),
        suspected_bot: is_suspected_bot(|name| request.headers().get(name)?.to_str().ok()),
        now,
    };
    let error = match body.destroy {
        None => match open(&held, opener, &attempt).await {
            Ok(document) => return Ok(opened(request, document, token, &body.open_id)),
            Err(error) => error,
        },
        Some(Destroy::Asked) if held.max_opens().is_some() => {
            let page = destroy_page(request, &held, token, &body.open_id, StatusCode::OK, None);
            return Ok(page);
        }
        Some(Destroy::Asked | Destroy::Confirmed) => match destroy(&held, opener, &attempt).await {
            Ok(revocation) => return Ok(destroyed(request, &revocation)),
            Err(error) => error,
        },
    };
    match error {
        OpeningError::PinMissing { .. } => {
            let problem = open_required(request, &held).await;
            form_with_error(request, &held, token, body, problem, "Type the PIN.").await
        }
        OpeningError::PinIncorrect { attempts_left, .. } => {
            let words = format!("The PIN is wrong. {}", attempts_in_words(attempts_left));
            form_with_error(request, &held, token, body, error.into(), &words).await
        }
        error => Err(error.into()),
    }
}

fn opener<'a>(app: &'a App, keyring: &'a Keyring) -> Opener<'a> {
    Opener {
        keyring,
        store: &*app.store,
        revocations: &app.revocations,
        pins: &app.pins,
    }
}

fn network(request: &HttpRequest) -> ClientNetwork {
    client::address(request).map_or(ClientNetwork::Unknown, |address| {
        ClientNetwork::Net(client::network(address))
    })
}

/// The document, with how many opens are left.
fn opened(
    request: &HttpRequest,
    document: OpenedDocument,
    token: TokenText<'_>,
    open_id: &OpenId,
) -> HttpResponse {
    let left = document.opens_left;
    let mut answer = if accept::names_html(request) {
        let path = token.form_path();
        let form = FormView {
            path: &path,
            ctext: token.ctext(),
            open_id: open_id.as_str(),
        };
        let opened = pages::OpenedView {
            opens_left: left,
            form,
        };
        html(
            StatusCode::OK,
            looking::page(App::of(request), &document, token.text(), Some(opened)),
        )
    } else {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(document.into_payload())
    };
    if let Some(left) = left {
        answer
            .headers_mut()
            .insert(OPENS_LEFT, HeaderValue::from(left));
    }
    answer
}

fn destroyed(request: &HttpRequest, revocation: &Revocation) -> HttpResponse {
    let id = revocation.id.to_string();
    if accept::names_html(request) {
        let site = App::of(request).site();
        return html(
            StatusCode::OK,
            pages::destroyed(&site, &id, unix_seconds(revocation.at)),
        );
    }
    HttpResponse::Ok().json(DestroyedAnswer {
        id,
        revoked_at: rfc3339(revocation.at),
    })
}

/// A browser gets the form again with what is wrong; a program gets the problem.
async fn form_with_error(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
    body: &OpenBody,
    problem: Problem,
    words: &str,
) -> Result<HttpResponse, Problem> {
    if !accept::names_html(request) {
        return Err(problem);
    }
    let status = problem.code.status();
    let open_id = &body.open_id;
    if body.destroy.is_some() {
        return Ok(destroy_page(
            request,
            held,
            token,
            open_id,
            status,
            Some(words),
        ));
    }
    open_page(request, held, token, open_id, status, Some(words)).await
}

fn impossible(words: &str) -> Problem {
    crate::http::problem::invalid("/pin", words)
}

/// 403 with what a POST has to say.
async fn open_required(request: &HttpRequest, held: &StatefulToken) -> Problem {
    let app = App::of(request);
    let left = match held.opens_left(&*app.store, app.now()).await {
        Ok(left) => left,
        Err(error) => return error.into(),
    };
    let requires: &[&str] = match held.needs_pin() {
        true => &["open_id", "pin"],
        false => &["open_id"],
    };
    Problem::new(ProblemCode::OpenRequired)
        .detail(format!("Send a POST with {}.", requires.join(" and ")))
        .member("requires", json!(requires))
        .member("opens_left", left)
        .member("expires_at", held.expires_at().map(rfc3339))
        .about(Some(held.id()))
}

async fn open_page(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
    open_id: &OpenId,
    status: StatusCode,
    error: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let left = held.opens_left(&*app.store, app.now()).await?;
    let (path, id) = (token.form_path(), held.id().to_string());
    let mut view = view(held, token, (&path, &id), open_id, error);
    view.opens = left.zip(held.max_opens());
    request.extensions_mut().insert(AboutToken(held.id()));
    Ok(html(status, pages::open(&app.site(), &view)))
}

fn destroy_page(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
    open_id: &OpenId,
    status: StatusCode,
    error: Option<&str>,
) -> HttpResponse {
    let (path, id) = (token.form_path(), held.id().to_string());
    let view = view(held, token, (&path, &id), open_id, error);
    html(status, pages::destroy(&App::of(request).site(), &view))
}

fn view<'a>(
    held: &StatefulToken,
    token: TokenText<'a>,
    (path, token_id): (&'a str, &'a str),
    open_id: &'a OpenId,
    error: Option<&'a str>,
) -> HeldView<'a> {
    HeldView {
        issued_at: unix_seconds(held.issued_at()),
        expires_at: held.expires_at().map(unix_seconds),
        opens: None,
        needs_pin: held.needs_pin(),
        token_id,
        form: FormView {
            path,
            ctext: token.ctext(),
            open_id: open_id.as_str(),
        },
        error,
    }
}

fn html(status: StatusCode, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(page)
}

fn random_open_id() -> Result<OpenId, Problem> {
    Ok(OpenId::from_random(*random::bytes()?))
}

/// What a POST on a token can be answered with.
const COUNTING: [ProblemCode; 17] = [
    ProblemCode::InvalidJson,
    ProblemCode::OpenRequired,
    ProblemCode::PinIncorrect,
    ProblemCode::CrossSite,
    ProblemCode::TokenNotRecognised,
    ProblemCode::RequestTimeout,
    ProblemCode::TokenExpired,
    ProblemCode::TokenUsedUp,
    ProblemCode::TokenRevoked,
    ProblemCode::TokenGone,
    ProblemCode::KeyRetired,
    ProblemCode::PayloadTooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::Validation,
    ProblemCode::PinLocked,
    ProblemCode::RateLimited,
    ProblemCode::TemporarilyUnavailable,
];

const COUNTED: &str = "Takes one open of a limited token, and the PIN of a token that has one. The open is counted, durably, before \
    the document leaves; the same `open_id` within two minutes gives the document again and counts once. A wrong PIN \
    spends a try and no open. A plain token is answered as with GET. A form that another site's page sent is refused.";

/// What OpenAPI says.
pub fn describe_by_link() -> OperationBuilder {
    let operation = operation(
        "countByLink",
        "Open",
        "Open a link that counts its opens or has a PIN",
        COUNTED,
    )
    .parameter(digits())
    .request_body(Some(either_body("OpenRequest", "OpenForm")))
    .response("200", document(true));
    fail(operation, &COUNTING)
}

/// What OpenAPI says.
pub fn describe_by_body() -> OperationBuilder {
    let operation = operation(
        "countByBody",
        "Open",
        "Open a token that counts its opens or has a PIN",
        &format!("The same for a token in either text form, in the body. {COUNTED}"),
    )
    .request_body(Some(either_body("OpenTokenRequest", "OpenTokenForm")))
    .response("200", document(true));
    fail(operation, &COUNTING)
}

/// The bodies of both, as JSON and as the forms of our pages.
pub fn schemas() -> Vec<(&'static str, Object)> {
    vec![
        ("OpenRequest", request_schema(false, false)),
        ("OpenTokenRequest", request_schema(true, false)),
        ("OpenForm", request_schema(false, true)),
        ("OpenTokenForm", request_schema(true, true)),
    ]
}

fn request_schema(with_token: bool, form: bool) -> Object {
    let open_id = string()
        .pattern(Some("^[A-Za-z0-9_-]{16,64}$"))
        .description(Some(
            "Random, new for every open: whoever repeats it within two minutes gets the document again.",
        ))
        .examples([json!("mZ4s0xTqJb2vR8yC1uKdWg")])
        .build();
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .property("open_id", open_id)
        .required("open_id")
        .property("pin", pin_schema(form));
    if with_token {
        object = object.property("ctext", ctext()).required("ctext");
    }
    if form {
        let destroy = string()
            .enum_values(Some(["ask", "yes"]))
            .description(Some(
                "The holder of a limited token wants it destroyed instead: `ask` gives the page that asks, `yes` does it.",
            ));
        object = object.property("destroy", destroy.build());
    }
    let mut example = json!({"open_id": "mZ4s0xTqJb2vR8yC1uKdWg"});
    if with_token {
        example["ctext"] = Value::String(sample::issued().token.to_base64url());
    }
    object.examples([example]).build()
}

fn pin_schema(form: bool) -> Object {
    let kinds = match form {
        true => SchemaType::from(Type::String),
        // null is the same as not given.
        false => SchemaType::from_iter([Type::String, Type::Null]),
    };
    ObjectBuilder::new()
        .schema_type(kinds)
        .description(Some(
            "The PIN, 4 to 64 characters, for a token that has one. Other tokens do not look at it.",
        ))
        .build()
}

fn either_body(json: &str, form: &str) -> RequestBody {
    let content = |name| ContentBuilder::new().schema(Some(named(name))).build();
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", content(json))
        .content("application/x-www-form-urlencoded", content(form))
        .build()
}
