//! Tokens that count their opens or have a PIN: what a GET shows of them, and `POST /{digits}` and
//! `POST /api/decrypt/qrcode-details`, which open them.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest as _, HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::answer::unix_seconds;
use super::open_token;
use crate::http::edge::AboutToken;
use crate::http::extract::{
    Destroy, FormOrJson, OpenBody, OpenRateChecked, PinGiven, SameSite, TokenIn,
};
use crate::http::pages::{self, FormView, HeldView};
use crate::http::permits::{self, Kind};
use crate::http::problem::{Problem, ProblemCode, attempts_in_words, rfc3339};
use crate::http::state::App;
use crate::http::{accept, client, limit};
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
pub async fn open_by_path(
    request: &HttpRequest,
    mut payload: Payload,
) -> Result<HttpResponse, Problem> {
    SameSite::check(request)?;
    OpenRateChecked::take(request)?;
    let body = FormOrJson::from_request(request, &mut payload).await?;
    let body = OpenBody::parse(&body, TokenIn::Path)?;
    let digits = request.path().trim_start_matches('/');
    answer(request, TokenText::Path(digits), &body).await
}

/// `POST /api/decrypt/qrcode-details`
pub async fn open_by_body(
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
        .map_err(|error| limit::unrecognised(app, client::address(request), error))?;
    let held = match looked {
        Looked::Held(held) => held,
        // It opens with a GET; a POST gets the same and changes as little.
        Looked::Plain(document) if body.destroy.is_none() => {
            request.extensions_mut().insert(AboutToken(document.id));
            let text = token.text();
            return Ok(open_token::plain(app, request, document, text, false));
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
        limit::take(request, Budget::PinTries)?;
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
            open_token::page(App::of(request), &document, token.text(), Some(opened)),
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
