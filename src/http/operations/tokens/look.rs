//! `GET /{digits}` and `GET /api/decrypt/qrcode-details?ctext=`: the document behind a plain token, as a page for a browser
//! and as JSON otherwise; of other tokens what is needed to open them. Nothing is changed by either.

use std::net::IpAddr;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::held_view::TokenText;
use super::stateful;
use super::{ctext, digits, document};
use crate::clock::unix_seconds;
use crate::http::admission::in_progress;
use crate::http::admission::permits::Kind;
use crate::http::admission::{OpenRateChecked, rates};
use crate::http::form;
use crate::http::html;
use crate::http::openapi::parts::{fail, operation};
use crate::http::pages::{self, DocumentView, Language, OpenedView};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::AboutToken;
use crate::http::state::App;
use crate::http::{accept, client};
use crate::limits::Budget;
use crate::link::{QUERY_PARAMETER, bare, token_in_path};
use crate::opening::{
    FirstLook, Looked, OpenedDocument, OpeningError, look, look_in_store, unpack_long,
};
use crate::telemetry::metrics;

/// The path is a slash and digits, and the fast path has looked at the token: it is held or dead. The query is ignored: mailers
/// and social sites add some.
pub async fn by_path(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let digits = token_in_path(request.uri().path()).unwrap_or_default();
    let seen = request.extensions_mut().remove::<Seen>();
    let looked = match seen {
        Some(Seen(looked)) => looked,
        // Digits that were percent-encoded, or have something behind them, are the same digits; the fast path does not look.
        None => see(App::of(request), client::address(request), &digits),
    };
    answer(request, looked?, TokenText::Path(&digits), false).await
}

/// What the fast path saw of a token.
pub struct Seen(pub Result<FirstLook, Problem>);

/// Looks at a token that a client asks for in a path, and takes that out of what the client has left.
///
/// # Errors
///
/// What the client is to be told.
pub fn see(app: &App, client: Option<IpAddr>, digits: &str) -> Result<FirstLook, Problem> {
    rates::take_of(app, client, Budget::Opens)?;
    look_for(app, client, digits)
}

fn look_for(app: &App, client: Option<IpAddr>, text: &str) -> Result<FirstLook, Problem> {
    let keyring = app.keyring.load();
    look(text, &keyring, &app.revocations, app.now())
        .map_err(|error| rates::unrecognised(app, client, error))
}

/// The token stands in the query, in either text form. Other parameters are ignored, but for `download`, which makes
/// the JSON a file to be saved.
pub async fn by_query(
    request: HttpRequest,
    _paid: OpenRateChecked,
) -> Result<HttpResponse, Problem> {
    let (app, client) = (App::of(&request), client::address(&request));
    let unrecognised = || rates::unrecognised(app, client, OpeningError::NotRecognised);
    let mut text = None;
    let mut download = false;
    for (name, value) in form::pairs(request.query_string().as_bytes()) {
        match &*name {
            QUERY_PARAMETER if text.is_some() => {
                return Err(unrecognised());
            }
            QUERY_PARAMETER => {
                let value = value.ok_or_else(unrecognised)?;
                text = Some(bare(&value).to_owned());
            }
            "download" => download = true,
            _ => {}
        }
    }
    let text = text.ok_or_else(unrecognised)?;
    let looked = look_for(app, client, &text)?;
    answer(&request, looked, TokenText::Body(&text), download).await
}

async fn answer(
    request: &HttpRequest,
    first: FirstLook,
    token: TokenText<'_>,
    download: bool,
) -> Result<HttpResponse, Problem> {
    let looked = {
        let _place = match &first {
            FirstLook::Done(_) | FirstLook::Long(_) => None,
            FirstLook::Stored(_) => Some(in_progress::take(request, Kind::Held)?),
        };
        finish(request, first).await?
    };
    match looked {
        Looked::Plain(document) => {
            request.extensions_mut().insert(AboutToken(document.id));
            let app = App::of(request);
            metrics::opened();
            Ok(plain(app, request, document, token.text(), download))
        }
        Looked::Held(held) => stateful::show(request, &held, token).await,
    }
}

/// The same look to its end, in the store if the document is there.
///
/// # Errors
///
/// What the client is to be told.
pub async fn finish(request: &HttpRequest, first: FirstLook) -> Result<Looked, Problem> {
    let app = App::of(request);
    let looked = match first {
        FirstLook::Done(looked) => return Ok(looked),
        FirstLook::Long(document) => unpack_long(document, &app.long).await,
        FirstLook::Stored(token) => {
            request.extensions_mut().insert(AboutToken(token.id()));
            let keyring = app.keyring.load_full();
            look_in_store(&token, &keyring, &*app.store, &app.long, app.now()).await
        }
    };
    looked.map_err(|error| rates::unrecognised(app, client::address(request), error))
}

/// The document of a plain token.
pub fn plain(
    app: &App,
    request: &impl HttpMessage,
    document: OpenedDocument,
    text: &str,
    download: bool,
) -> HttpResponse {
    if !download && accept::names_html(request) {
        let language = accept::language(request);
        let html = page(app, language, &document, text, None);
        return html::page(HttpResponse::Ok(), language, html);
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")));
    if download {
        let attachment = HeaderValue::from_static("attachment; filename=\"document.json\"");
        answer.insert_header((CONTENT_DISPOSITION, attachment));
    }
    answer.body(document.into_payload())
}

/// The page of a document.
pub fn page(
    app: &App,
    language: Language,
    document: &OpenedDocument,
    text: &str,
    opened: Option<OpenedView<'_>>,
) -> String {
    pages::document(
        &app.site(language),
        &DocumentView {
            payload: document.payload(),
            issued_at: unix_seconds(document.issued_at),
            expires_at: document.expires_at.map(unix_seconds),
            token_id: &document.id.to_string(),
            token_text: text,
            link: &app.links.of_text(text),
            visitor: document.by_visitor,
            opened,
        },
    )
}

/// What a GET on a token can be answered with.
const LOOKING: [ProblemCode; 11] = [
    ProblemCode::OpenRequired,
    ProblemCode::TokenNotRecognised,
    ProblemCode::TokenExpired,
    ProblemCode::TokenUsedUp,
    ProblemCode::TokenRevoked,
    ProblemCode::TokenGone,
    ProblemCode::KeyRetired,
    ProblemCode::PinLocked,
    ProblemCode::UriTooLong,
    ProblemCode::RateLimited,
    ProblemCode::TemporarilyUnavailable,
];

const HELD: &str = "A token with a limited number of opens or a PIN is not opened by this: a browser gets a page with a button, any \
    other client 403 `open_required`, with what a POST has to say.";

/// What OpenAPI says.
pub fn describe_by_link() -> OperationBuilder {
    let operation = operation(
        "openByLink",
        "Open",
        "Open a link, as a phone does",
        &format!(
            "A browser gets a page with the document laid out for a person; any other client gets the document itself, \
             byte for byte as it was minified. Nothing is changed by it, and the query is ignored. {HELD}"
        ),
    )
    .parameter(digits())
    .response("200", document(false));
    fail(operation, &LOOKING)
}

/// What OpenAPI says.
pub fn describe_by_query() -> OperationBuilder {
    let ctext = ParameterBuilder::new()
        .name("ctext")
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .description(Some(
            "Put yours here: the token in either text form, digits or base64url without padding.",
        ))
        .schema(Some(ctext()))
        .build();
    let flag = ObjectBuilder::new().schema_type(Type::String);
    let download = ParameterBuilder::new()
        .name("download")
        .parameter_in(ParameterIn::Query)
        .description(Some(
            "Given with any value: the document as a file to be saved, also for a browser.",
        ))
        .schema(Some(flag.build()))
        .example(Some(json!("1")))
        .build();
    let operation = operation(
        "openByQuery",
        "Open",
        "Open a token",
        &format!(
            "The same as opening a link, for a token in either text form. Other parameters are ignored. {HELD}"
        ),
    )
    .parameter(ctext)
    .parameter(download)
    .response("200", document(false));
    fail(operation, &LOOKING)
}
