//! `/problems/{code}`: what an error means, for whoever follows its `type`.

use actix_web::{HttpRequest, HttpResponse};

use crate::http::pages::{self, ProblemDoc};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

/// All codes.
pub async fn list(request: HttpRequest) -> HttpResponse {
    let docs: Vec<ProblemDoc<'_>> = ProblemCode::ALL.into_iter().map(doc).collect();
    html(pages::problem_index(&App::of(&request).site(), &docs))
}

/// One code.
pub fn show(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let code = request
        .path()
        .strip_prefix("/problems/")
        .unwrap_or_default();
    let code = ProblemCode::from_text(code).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(html(pages::problem_doc(
        &App::of(request).site(),
        &doc(code),
    )))
}

fn doc(code: ProblemCode) -> ProblemDoc<'static> {
    ProblemDoc {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title(),
        explanation: code.explanation(),
        next_step: code.next_step(),
    }
}

fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(page)
}
