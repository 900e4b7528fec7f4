//! `/problems/{code}`: what an error means, for whoever follows its `type`.

use actix_web::{HttpRequest, HttpResponse};

use crate::http::html;
use crate::http::pages::{self, Language, ProblemDoc};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;

/// All codes.
pub async fn list(request: HttpRequest) -> HttpResponse {
    let docs: Vec<ProblemDoc<'_>> = ProblemCode::ALL.into_iter().map(doc).collect();
    english(pages::problem_index(
        &App::of(&request).site(Language::English),
        &docs,
    ))
}

/// One code.
pub async fn show(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let code = route::variable(&request, "code");
    let code = ProblemCode::from_text(code).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(english(pages::problem_doc(
        &App::of(&request).site(Language::English),
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

fn english(page: String) -> HttpResponse {
    html::page(HttpResponse::Ok(), Language::English, page)
}
