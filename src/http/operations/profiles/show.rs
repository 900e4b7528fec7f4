//! `GET /api/profiles/{name}`: one kind of document.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::Required;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};

use crate::http::admission::MaySee;
use crate::http::openapi::parts::{answer, fail, operation, string};
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::profiles::{ProfileAnswer, ProfileName};

/// A profile with its schema.
pub async fn handle(request: HttpRequest, _right: MaySee) -> Result<HttpResponse, Problem> {
    let registry = App::of(&request).profiles.registry();
    let found = registry.find(route::variable(&request, "name"));
    let profile = found.ok_or_else(|| {
        Problem::new(ProblemCode::NotFound).detail("There is no profile of this name.")
    })?;
    Ok(HttpResponse::Ok().json(ProfileAnswer::from(&**profile)))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let name = ParameterBuilder::new()
        .name("name")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The profile's name."))
        .schema(Some(string().pattern(Some(ProfileName::PATTERN)).build()))
        .example(Some(json!("invoice")))
        .build();
    let operation = operation(
        "showProfile",
        "Profiles",
        "One kind of document",
        "Its schema (JSON Schema 2020-12), what a code of it may do, and a document that is one.",
    )
    .parameter(name)
    .response("200", answer("The profile.", "ProfileAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, NotFound, TemporarilyUnavailable],
    )
}
