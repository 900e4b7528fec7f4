//! `GET /{digits}` and `GET /api/decrypt/qrcode-details?ctext=`: the document behind a plain token, as a page for a browser
//! and as JSON otherwise; of other tokens what is needed to open them. Nothing is changed by either.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, rt};
use serde_json::json;
use tokio::time::timeout;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::document_page;
use super::held_view::TokenText;
use super::shown;
use super::staff;
use super::stateful;
use super::{ctext, digits, document, way_on};
use crate::http::accept::Asked;
use crate::http::admission::in_progress;
use crate::http::admission::permits::Kind;
use crate::http::admission::{OpenRateChecked, rates};
use crate::http::form;
use crate::http::html;
use crate::http::openapi::parts::{fail, operation};
use crate::http::operations::links::scan::{self, Scan};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{accept, client};
use crate::limits::Budget;
use crate::link::{QUERY_PARAMETER, bare, token_in_path};
use crate::links::{Known, Link};
use crate::opening::{
    FirstLook, Looked, OpenedDocument, OpeningError, look, look_in_store, unpack_long,
};
use crate::telemetry::metrics;
use crate::token::StoredToken;

/// The path is a slash and digits, and the fast path has looked at the token: it is held or dead. The query is ignored: mailers
/// and social sites add some.
pub async fn by_path(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let digits = token_in_path(request.uri().path()).unwrap_or_default();
    let seen = request.extensions_mut().remove::<Seen>();
    let looked = match seen {
        Some(Seen(looked)) => looked,
        // Digits that were percent-encoded, or have something behind them, are the same digits; the fast path does not look.
        None => see(App::of(&request), client::address(&request), &digits),
    };
    answer(&request, looked?, TokenText::Path(&digits), false).await
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
    let began = Instant::now();
    let looked = match first {
        FirstLook::Stored(token) => {
            let id = token.id();
            if let Some(answer) = scan::at_once(App::of(request), &Scan::of(request), id) {
                request.leave_token(id);
                return answer;
            }
            match stored(request, token).await? {
                Read::Looked(looked) => *looked,
                Read::Kept(link) => {
                    return scan::answer_scan(App::of(request), &Scan::of(request), &link);
                }
            }
        }
        first => finish(request, first).await?,
    };
    match looked {
        Looked::Plain(document) => {
            request.leave_token(document.id);
            let app = App::of(request);
            metrics::opened();
            if shown::is_made(request.uri().query()) && !download && accept::names_html(request) {
                return Ok(document_page::made(request, &document, token).await);
            }
            Ok(plain(app, request, document, token.text(), download))
        }
        Looked::Link(link) => scan::scanned(request, &link, began),
        Looked::ForStaff(token_for_staff) => staff::show(request, &token_for_staff, token).await,
        Looked::Held(held) => {
            if let Some(link) = held.link()
                && let Some(way_on) = scan::before_button(request, link)?
            {
                return Ok(way_on);
            }
            stateful::show(request, &held, token).await
        }
    }
}

/// What reading a stored token gave.
enum Read {
    /// What the store has.
    Looked(Box<Looked>),
    /// A link as it was before the store was away.
    Kept(Arc<Link>),
}

/// How long a scan waits for the store where this server still knows the link.
const PATIENCE: Duration = Duration::from_millis(250);

/// Reads a stored token. A link that this server knows from the last minute does not wait for a store that does not answer, and is
/// told what it was; whether the store is there again one scan at a time finds out, and none waits for that.
async fn stored(request: &HttpRequest, token: StoredToken) -> Result<Read, Problem> {
    let (app, id) = (App::of(request), token.id());
    request.leave_token(id);
    let Known::Stale(kept) = app.link_cache.get(id, Instant::now()) else {
        let _permit = in_progress::take(request, Kind::Held)?;
        let looked = finish(request, FirstLook::Stored(token)).await;
        return looked.map(|looked| Read::Looked(Box::new(looked)));
    };
    let failing = app.link_cache.is_failing();
    if failing && !app.link_cache.begin_probe() {
        return Ok(Read::Kept(kept));
    }
    let reading = rt::spawn(read_again(Arc::clone(app), token, failing));
    if failing {
        return Ok(Read::Kept(kept));
    }
    match timeout(PATIENCE, reading).await {
        Ok(Ok(Ok(looked))) => Ok(Read::Looked(Box::new(looked))),
        Ok(Ok(Err(OpeningError::Unavailable { .. })) | Err(_)) => Ok(Read::Kept(kept)),
        Ok(Ok(Err(error))) => {
            let client = client::address(request);
            Err(rates::unrecognised(app, client, error))
        }
        Err(_) => {
            app.link_cache.note(false);
            Ok(Read::Kept(kept))
        }
    }
}

/// Reads a link that was read before, and keeps what it says now.
async fn read_again(
    app: Arc<App>,
    token: StoredToken,
    is_probe: bool,
) -> Result<Looked, OpeningError> {
    let (began, id) = (Instant::now(), token.id());
    let keyring = app.keyring.load_full();
    let looked = look_in_store(&token, &keyring, &*app.store, &app.long, app.now()).await;
    app.link_cache
        .note(!matches!(looked, Err(OpeningError::Unavailable { .. })));
    if is_probe {
        app.link_cache.end_probe();
    }
    match &looked {
        Ok(Looked::Link(found)) => {
            if let Ok(link) = Link::read(found, &app.link_policy.rules) {
                app.link_cache.put(Arc::new(link), began);
            }
        }
        Err(OpeningError::Unavailable { .. }) => {}
        _ => app.link_cache.forget(id),
    }
    looked
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
            request.leave_token(token.id());
            let keyring = app.keyring.load_full();
            look_in_store(&token, &keyring, &*app.store, &app.long, app.now()).await
        }
    };
    looked.map_err(|error| rates::unrecognised(app, client::address(request), error))
}

/// The document of a plain token.
pub fn plain(
    app: &App,
    request: &impl Asked,
    document: OpenedDocument,
    text: &str,
    download: bool,
) -> HttpResponse {
    if !download && accept::names_html(request) {
        let before = shown::switch(text);
        let site = html::site(app, request, Some(&before));
        let html = document_page::page(app, &site, &document, text, None, None);
        return html::page(HttpResponse::Ok(), site.language, html);
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")));
    if download {
        let attachment = HeaderValue::from_static("attachment; filename=\"document.json\"");
        answer.insert_header((CONTENT_DISPOSITION, attachment));
    }
    answer.body(document.into_payload())
}

/// What a GET on a token can be answered with.
const LOOKING: [ProblemCode; 16] = [
    ProblemCode::OpenRequired,
    ProblemCode::Forbidden,
    ProblemCode::NotYet,
    ProblemCode::TargetBlocked,
    ProblemCode::LinkDisabled,
    ProblemCode::TokenNotRecognised,
    ProblemCode::TokenExpired,
    ProblemCode::TokenUsedUp,
    ProblemCode::TokenRevoked,
    ProblemCode::TokenGone,
    ProblemCode::TokenClosed,
    ProblemCode::KeyRetired,
    ProblemCode::PinLocked,
    ProblemCode::UriTooLong,
    ProblemCode::RateLimited,
    ProblemCode::TemporarilyUnavailable,
];

const HELD: &str = "A token for staff is not opened by this, but by a check-in at a desk: a browser gets a page that \
    draws its code, any other client 403 `forbidden`. A token with a limited number of opens or a PIN is not opened by this: a browser gets a page with a button, any \
    other client 403 `open_required`, with what a POST has to say.";

/// What OpenAPI says.
pub fn describe_by_link() -> OperationBuilder {
    let operation = operation(
        "openByLink",
        "Open",
        "Open a link, as a phone does",
        &format!(
            "A browser gets a page with the document laid out for a person; any other client gets the document itself, \
             byte for byte as it was minified. Nothing is changed by it, and the query is ignored. A dynamic link \
             answers 302 with where it leads, or a page that shows it first. {HELD}"
        ),
    )
    .parameter(digits())
    .response("200", document(false))
    .response("302", way_on());
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
    .response("200", document(false))
    .response("302", way_on());
    fail(operation, &LOOKING)
}
