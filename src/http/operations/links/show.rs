//! `GET /api/links/{id}`: a link as its owner sees it.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::owned;
use crate::http::admission::MaySee;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::tokens::{self, TokenIdInPath};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, TokenNotRecognised, Unauthorized,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::links::LinkAnswer;

/// A link.
pub async fn handle(
    request: HttpRequest,
    right: MaySee,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let link = owned(App::of(&request), id, right.only_of()).await?;
    request.leave_token(id);
    let answer = LinkAnswer::from(link);
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{}\"", answer.revision)))
        .json(answer))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showLink",
        "Links",
        "A link as its owner sees it",
        "With the API key that made it, or one with the scope `read`.",
    )
    .parameter(tokens::id())
    .response("200", answer("The link.", "LinkAnswer"));
    let problems = [
        Unauthorized,
        Forbidden,
        TokenNotRecognised,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
