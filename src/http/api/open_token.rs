//! `GET /{digits}` and `GET /api/decrypt/qrcode-details?ctext=`: the document behind a plain token, as a page for a browser
//! and as JSON otherwise; of other tokens what is needed to open them. Nothing is changed by either.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::answer::unix_seconds;
use super::held_token::{self, TokenText};
use crate::http::accept;
use crate::http::edge::AboutToken;
use crate::http::extract::OpenPaid;
use crate::http::limit;
use crate::http::pages::{self, DocumentView, OpenedView};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::link::QUERY_PARAMETER;
use crate::opening::{Looked, OpenedDocument, OpeningError, look};

/// The path is a slash and digits. The query is ignored: mailers and social sites add some.
pub async fn by_path(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    OpenPaid::take(request)?;
    let digits = request.path().trim_start_matches('/');
    answer(request, TokenText::Path(digits), false).await
}

/// The token stands in the query, in either text form. Other parameters are ignored, but for `download`, which makes
/// the JSON a file to be saved.
pub async fn by_query(request: HttpRequest, _paid: OpenPaid) -> Result<HttpResponse, Problem> {
    let mut text = None;
    let mut download = false;
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        match &*name {
            QUERY_PARAMETER if text.is_some() => {
                return Err(limit::unrecognised(&request, OpeningError::NotRecognised));
            }
            QUERY_PARAMETER => text = Some(value.into_owned()),
            "download" => download = true,
            _ => {}
        }
    }
    let text = text.ok_or_else(|| limit::unrecognised(&request, OpeningError::NotRecognised))?;
    answer(&request, TokenText::Body(&text), download).await
}

async fn answer(
    request: &HttpRequest,
    token: TokenText<'_>,
    download: bool,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let looked = look(
        token.text(),
        &app.keyring.load(),
        &app.revocations,
        app.now(),
    )
    .map_err(|error| limit::unrecognised(request, error))?;
    match looked {
        Looked::Plain(document) => Ok(plain(request, document, token.text(), download)),
        Looked::Held(held) => held_token::show(request, &held, token).await,
    }
}

/// The document of a plain token.
pub fn plain(
    request: &HttpRequest,
    document: OpenedDocument,
    text: &str,
    download: bool,
) -> HttpResponse {
    request.extensions_mut().insert(AboutToken(document.id));
    if !download && accept::names_html(request) {
        return HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .body(page(App::of(request), &document, text, None));
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/json");
    if download {
        let attachment = HeaderValue::from_static("attachment; filename=\"document.json\"");
        answer.insert_header((CONTENT_DISPOSITION, attachment));
    }
    answer.body(document.into_payload())
}

/// The page of a document.
pub fn page(
    app: &App,
    document: &OpenedDocument,
    text: &str,
    opened: Option<OpenedView<'_>>,
) -> String {
    pages::document(
        &app.site(),
        &DocumentView {
            payload: document.payload(),
            issued_at: unix_seconds(document.issued_at),
            expires_at: document.expires_at.map(unix_seconds),
            token_id: &document.id.to_string(),
            token_text: text,
            opened,
        },
    )
}
