//! `POST /{digits}` and `POST /api/decrypt/qrcode-details`, which open tokens that count their opens or have a PIN.

use std::time::Instant;

use actix_web::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use actix_web::web::Payload;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Type};

use super::held_view::TokenText;
use super::staff;
use super::stateful::{form_with_error, open_required};
use super::{
    ctext, destroy as destroying, digits, document, document_page, look as looking, opener, recent,
};
use crate::http::admission::{OpenRateChecked, SameSite, rates};
use crate::http::extract::{FormOrJson, OpenBody, PinGiven, TokenIn};
use crate::http::html;
use crate::http::openapi::parts::{fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named};
use crate::http::operations::links::scan;
use crate::http::pages::{self, FormView, HeldError};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{accept, client};
use crate::limits::Budget;
use crate::link::{bare, token_in_path};
use crate::opening::{
    Attempt, FirstLook, Looked, OpenId, OpenedDocument, OpeningError, Passed, StatefulToken,
    destroy, is_suspected_bot, look, open, pass,
};
use crate::telemetry::metrics;

/// How often the token opens after this answer.
pub const OPENS_LEFT: HeaderName = HeaderName::from_static("qrseal-opens-left");

/// `POST /{digits}`
pub async fn by_path(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    SameSite::check(&request)?;
    OpenRateChecked::take(&request)?;
    let digits = token_in_path(request.uri().path()).unwrap_or_default();
    // Nobody is listened to about what opens nothing. The body may take its time, so that the answer looks again.
    first_look(&request, &digits)?;
    let body = FormOrJson::from_request(&request, &mut payload.into_inner()).await?;
    let body = OpenBody::parse(&body, TokenIn::Path)?;
    answer(&request, TokenText::Path(&digits), &body).await
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
    answer(&request, TokenText::Body(bare(&ctext)), &body).await
}

async fn answer(
    request: &HttpRequest,
    token: TokenText<'_>,
    body: &OpenBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let now = app.now();
    let keyring = app.keyring.load_full();
    let (looked, began) = (first_look(request, token.text())?, Instant::now());
    let held = match looking::finish(request, looked).await? {
        Looked::Held(held) => held,
        // It opens with a GET; a POST gets the same and changes as little.
        Looked::Plain(document) if !body.destroy => {
            request.leave_token(document.id);
            let text = token.text();
            metrics::opened();
            return Ok(looking::plain(app, request, document, text, false));
        }
        Looked::ForStaff(token_for_staff) => {
            return staff::show(request, &token_for_staff, token).await;
        }
        Looked::Plain(document) => {
            return Err(OpeningError::NotLimited { id: document.id }.into());
        }
        Looked::Link(link) if !body.destroy => {
            return scan::scanned(request, &link, began);
        }
        Looked::Link(link) => return Err(OpeningError::NotLimited { id: link.id() }.into()),
    };
    if let Some(link) = held.link()
        && !body.destroy
        && let Some(way_on) = scan::before_button(request, link)?
    {
        return Ok(way_on);
    }
    request.leave_token(held.id());
    let pin = match &body.pin {
        PinGiven::Absent => None,
        PinGiven::Valid(pin) => Some(pin.clone()),
        PinGiven::Invalid(_) if !held.needs_pin() => None,
        PinGiven::Invalid(refused) => {
            let problem = invalid("/pin", &format!("A PIN {refused}."));
            let letters = body.pin_in_letters;
            let error = HeldError::PinImpossible { letters };
            return form_with_error(request, &held, token, body, problem, error).await;
        }
    };
    if pin.is_some() && held.needs_pin() {
        rates::take(request, Budget::PinTries)?;
    }
    let opener = opener(app, &keyring);
    let attempt = Attempt {
        open_id: body.open_id.clone(),
        pin,
        network: client::origin(request),
        suspected_bot: is_suspected_bot(|name| request.headers().get(name)?.to_str().ok()),
        now,
    };
    let error = match body.destroy {
        false if held.link().is_some() => match pass(&held, opener, &attempt).await {
            Ok(way) => return passed(request, &held, way, &body.open_id),
            Err(error) => error,
        },
        false => match open(&held, opener, &attempt).await {
            Ok(document) => {
                metrics::opened();
                return Ok(opened(request, &held, document, token, &body.open_id));
            }
            Err(error) => error,
        },
        true => match destroy(&held, opener, &attempt, *crate::random::bytes()?).await {
            Ok(revocation) => return Ok(destroying::destroyed(request, &revocation)),
            Err(error) => error,
        },
    };
    match error {
        OpeningError::PinMissing { .. } => {
            let problem = open_required(request, &held).await;
            form_with_error(request, &held, token, body, problem, HeldError::PinMissing).await
        }
        // A form would be of no use now: a person is told at once until when.
        OpeningError::PinIncorrect {
            id,
            lock: Some((until, wait_secs)),
            ..
        } if accept::names_html(request) => Err(OpeningError::PinLocked {
            id,
            until,
            wait_secs,
        }
        .into()),
        OpeningError::PinIncorrect { attempts_left, .. } => {
            let letters = body.pin_in_letters;
            let wrong = HeldError::PinWrong {
                letters,
                attempts_left,
            };
            form_with_error(request, &held, token, body, error.into(), wrong).await
        }
        error => Err(error.into()),
    }
}

/// Where a link leads, with how many opens are left.
fn passed(
    request: &HttpRequest,
    held: &StatefulToken,
    way: Passed,
    open_id: &OpenId,
) -> Result<HttpResponse, Problem> {
    let link = held.link().ok_or(OpeningError::NotRecognised)?;
    let mut answer = scan::passed(request, link, way)?;
    if let Some(left) = way.opens_left {
        let headers = answer.headers_mut();
        headers.insert(OPENS_LEFT, HeaderValue::from(left));
        if accept::names_html(request)
            && let Some(cookie) = recent::keep(App::of(request), held.id(), open_id)
        {
            headers.insert(SET_COOKIE, cookie);
        }
    }
    Ok(answer)
}

fn first_look(request: &HttpRequest, text: &str) -> Result<FirstLook, Problem> {
    let app = App::of(request);
    look(text, &app.keyring.load(), &app.revocations, app.now())
        .map_err(|error| rates::unrecognised(app, client::address(request), error))
}

/// The document, with how many opens are left.
fn opened(
    request: &HttpRequest,
    held: &StatefulToken,
    document: OpenedDocument,
    token: TokenText<'_>,
    open_id: &OpenId,
) -> HttpResponse {
    let (id, left) = (document.id, document.opens_left);
    let page = accept::names_html(request);
    let mut answer = if page {
        let path = token.form_path();
        let form = FormView {
            path: &path,
            ctext: token.ctext(),
            open_id: open_id.as_str(),
            needs_pin: held.needs_pin(),
            error: None,
        };
        let opened = pages::OpenedView {
            opens_left: left,
            form,
        };
        // It is shown once: to ask for it in another language would not give it again.
        let site = html::site(App::of(request), request, None);
        let html = document_page::page(
            App::of(request),
            &site,
            &document,
            token.text(),
            None,
            Some(opened),
        );
        html::page(HttpResponse::Ok(), site.language, html)
    } else {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(document.into_payload())
    };
    if let Some(left) = left {
        answer
            .headers_mut()
            .insert(OPENS_LEFT, HeaderValue::from(left));
        if page && let Some(cookie) = recent::keep(App::of(request), id, open_id) {
            answer.headers_mut().insert(SET_COOKIE, cookie);
        }
    }
    answer
}

/// What a POST on a token can be answered with.
const COUNTING: [ProblemCode; 23] = [
    ProblemCode::Forbidden,
    ProblemCode::InvalidJson,
    ProblemCode::OpenRequired,
    ProblemCode::NotYet,
    ProblemCode::TargetBlocked,
    ProblemCode::LinkDisabled,
    ProblemCode::PinIncorrect,
    ProblemCode::CrossSite,
    ProblemCode::TokenNotRecognised,
    ProblemCode::RequestTimeout,
    ProblemCode::MalformedRequest,
    ProblemCode::TokenExpired,
    ProblemCode::TokenUsedUp,
    ProblemCode::TokenRevoked,
    ProblemCode::TokenGone,
    ProblemCode::TokenClosed,
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
    .request_body(Some(required_body(body("OpenRequest"))))
    .response("200", document(true))
    .response("302", super::way_on());
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
    .request_body(Some(required_body(body("OpenTokenRequest"))))
    .response("200", document(true))
    .response("302", super::way_on());
    fail(operation, &COUNTING)
}

/// The bodies of both, as JSON and as the forms of our pages.
pub fn schemas() -> Vec<(&'static str, Object)> {
    vec![
        ("OpenRequest", request_schema(false)),
        ("OpenTokenRequest", request_schema(true)),
    ]
}

fn request_schema(with_token: bool) -> Object {
    let open_id = string()
        .pattern(Some("^[A-Za-z0-9_-]{16,64}$"))
        .description(Some(
            "Random, new for every open: whoever repeats it within two minutes gets the document again.",
        ))
        .examples([json!("mZ4s0xTqJb2vR8yC1uKdWg")])
        .build();
    // null is the same as not given.
    let pin = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some(
            "The PIN, 4 to 64 characters, for a token that has one. Other tokens do not look at it.",
        ))
        .build();
    let mut object = closed()
        .property("open_id", open_id)
        .required("open_id")
        .property("pin", pin);
    let mut example = json!({"open_id": "mZ4s0xTqJb2vR8yC1uKdWg"});
    if with_token {
        object = object.property("ctext", ctext()).required("ctext");
        example["ctext"] = json!("put-yours-here");
    }
    object.examples([example]).build()
}

fn body(schema: &str) -> ContentBuilder {
    ContentBuilder::new().schema(Some(named(schema)))
}
