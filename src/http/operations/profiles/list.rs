//! `GET /api/profiles`: what kinds of documents there are.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::http::admission::MaySee;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{Forbidden, TemporarilyUnavailable, Unauthorized};
use crate::http::state::App;
use crate::profiles::ProfileListAnswer;

/// All profiles.
pub async fn handle(request: HttpRequest, _right: MaySee) -> Result<HttpResponse, Problem> {
    let registry = App::of(&request).profiles.registry();
    Ok(HttpResponse::Ok().json(ProfileListAnswer::of(&registry)))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "listProfiles",
        "Profiles",
        "What kinds of documents there are",
        "By name. A document that is issued with `profile` is held against the profile's schema, gets what its policy says, and \
         is shown on its page.",
    )
    .response("200", answer("The profiles.", "ProfileListAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, TemporarilyUnavailable],
    )
}
