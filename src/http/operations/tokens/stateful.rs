//! What is shown of a stateful token before it opens: a page with the button for a browser, and for a program what a POST has to
//! say. Nothing is changed by it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::held_view::{TokenText, view};
use super::{destroy, recent, shown};
use crate::http::accept;
use crate::http::admission::in_progress;
use crate::http::admission::permits::Kind;
use crate::http::extract::OpenBody;
use crate::http::html;
use crate::http::pages::{self, HeldError, MadeView};
use crate::http::problem::{Problem, ProblemCode, rfc3339};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::opening::{OpenId, StatefulToken};
use crate::random;

/// What a GET shows: a page with the button for a browser, and for a program what it needs.
pub async fn show(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
) -> Result<HttpResponse, Problem> {
    let _permit = in_progress::take(request, Kind::Held)?;
    if accept::names_html(request) {
        if let Some(open_id) = recent::kept(request, held.id())
            && held
                .may_repeat(&*App::of(request).store, App::of(request).now())
                .await?
        {
            let (path, id) = (token.form_path(), held.id().to_string());
            let mut view = view(held, token, (&path, &id), &open_id, None);
            view.again = true;
            request.leave_token(held.id());
            let before = shown::switch(token.text());
            let site = html::site(App::of(request), request, Some(&before));
            let html = pages::open(&site, &view);
            return Ok(html::page(HttpResponse::Ok(), site.language, html));
        }
        let open_id = random_open_id()?;
        return open_page(request, held, token, &open_id, StatusCode::OK, None).await;
    }
    Err(open_required(request, held).await)
}

/// A browser gets the form again with what is wrong; a program gets the problem.
pub async fn form_with_error(
    request: &HttpRequest,
    held: &StatefulToken,
    token: TokenText<'_>,
    body: &OpenBody,
    problem: Problem,
    error: HeldError,
) -> Result<HttpResponse, Problem> {
    if !accept::names_html(request) {
        return Err(problem);
    }
    let status = problem.code.status();
    let open_id = &body.open_id;
    if body.destroy {
        return Ok(destroy::page(
            request,
            held,
            token,
            open_id,
            status,
            Some(error),
        ));
    }
    open_page(request, held, token, open_id, status, Some(error)).await
}

/// 403 with what a POST has to say.
pub async fn open_required(request: &HttpRequest, held: &StatefulToken) -> Problem {
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
    error: Option<HeldError>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let left = held.opens_left(&*app.store, app.now()).await?;
    let (path, id) = (token.form_path(), held.id().to_string());
    let mut view = view(held, token, (&path, &id), open_id, error);
    view.opens = left.zip(held.max_opens().map(u64::from));
    request.leave_token(held.id());
    // Whoever filled in a form gets the code itself, which is not opened by that.
    let code = match shown::is_made(request.uri().query()) && held.link().is_none() {
        true => Some(shown::code(request, token.text(), held.profile()).await),
        false => None,
    };
    view.made = code.as_ref().map(|code| MadeView {
        link: &code.link,
        picture: code.picture.as_deref(),
    });
    let before = shown::switch(token.text());
    let site = html::site(app, request, Some(&before));
    let html = pages::open(&site, &view);
    Ok(html::page(HttpResponse::build(status), site.language, html))
}

fn random_open_id() -> Result<OpenId, Problem> {
    Ok(OpenId::from_random(*random::bytes()?))
}
