//! `GET /healthz`: whether the process lives.

use actix_web::HttpResponse;
use utoipa::openapi::path::OperationBuilder;

use super::HealthAnswer;
use crate::http::openapi::parts::{fail, health, operation};
use crate::http::problem::ProblemCode::TemporarilyUnavailable;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "live",
        "Service",
        "Whether the process lives",
        "With its version.",
    )
    .response("200", health("It lives."));
    fail(operation, &[TemporarilyUnavailable])
}

/// The process lives.
pub async fn handle() -> HttpResponse {
    HttpResponse::Ok().json(HealthAnswer::OK)
}
