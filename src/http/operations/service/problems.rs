//! `/problems/{code}`: what an error means, for whoever follows its `type`.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, ResponseBuilder, Type};

use crate::http::openapi::parts::{fail, operation};
use crate::http::openapi::schemas;
use crate::http::operations::answers;
use crate::http::pages::{self, Language, ProblemDoc};
use crate::http::problem::{Problem, ProblemCode};
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
    let code = request.match_info().query("code");
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
    answers::page(HttpResponse::Ok(), Language::English, page)
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let code = ParameterBuilder::new()
        .name("code")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("A problem's `code`."))
        .schema(Some(text.build()))
        .example(Some(json!("qr_capacity")))
        .build();
    let page = ResponseBuilder::new()
        .description("What the code means and what to do next.")
        .content("text/html", schemas::html("A page."));
    let operation = operation(
        "problem",
        "Service",
        "What an error means",
        "Where `type` of a problem leads.",
    )
    .parameter(code)
    .response("200", page.build());
    fail(
        operation,
        &[ProblemCode::NotFound, ProblemCode::TemporarilyUnavailable],
    )
}
