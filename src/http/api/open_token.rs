//! `GET /{digits}` and `GET /api/decrypt/qrcode-details?ctext=`: the document behind a token, as a page for a browser
//! and as JSON otherwise. Nothing is changed by either.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::answer::unix_seconds;
use crate::http::accept;
use crate::http::edge::AboutToken;
use crate::http::pages::{self, DocumentView};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::{self, App};
use crate::link::QUERY_PARAMETER;
use crate::opening::{OpenedDocument, open};

/// The path is a slash and digits. The query is ignored: mailers and social sites add some.
pub fn by_path(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let digits = request.path().trim_start_matches('/');
    answer(request, digits, false)
}

/// The token stands in the query, in either text form. Other parameters are ignored, but for `download`, which makes
/// the JSON a file to be saved.
pub async fn by_query(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let mut text = None;
    let mut download = false;
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        match &*name {
            QUERY_PARAMETER if text.is_some() => {
                return Err(Problem::new(ProblemCode::TokenNotRecognised));
            }
            QUERY_PARAMETER => text = Some(value.into_owned()),
            "download" => download = true,
            _ => {}
        }
    }
    let text = text.ok_or_else(|| Problem::new(ProblemCode::TokenNotRecognised))?;
    answer(&request, &text, download)
}

fn answer(request: &HttpRequest, text: &str, download: bool) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let opened = open(text, &app.keyring.load(), state::now())?;
    request.extensions_mut().insert(AboutToken(opened.id));
    if !download && accept::names_html(request) {
        return Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .body(page(app, &opened, text)));
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/json");
    if download {
        let attachment = HeaderValue::from_static("attachment; filename=\"document.json\"");
        answer.insert_header((CONTENT_DISPOSITION, attachment));
    }
    Ok(answer.body(opened.payload))
}

fn page(app: &App, opened: &OpenedDocument, text: &str) -> String {
    pages::document(
        &app.site(),
        &DocumentView {
            payload: &opened.payload,
            issued_at: unix_seconds(opened.issued_at),
            expires_at: opened.expires_at.map(unix_seconds),
            token_id: &opened.id.to_string(),
            token_text: text,
        },
    )
}
