//! `GET /api/tokens/{id}`: what the ledger knows of a token.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{NEVER_MET, OWN};
use crate::http::admission::MayRead;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::tokens::{TokenIdInPath, id, unknown};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, TokenNotRecognised, Unauthorized,
};
use crate::http::state::{self, App};
use crate::receipts::{self, ReceiptAnswer};

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showReceipt",
        "Receipts",
        "What the ledger knows of a token",
        &format!(
            "Its state, how often and when it was opened, never from where. {NEVER_MET} {OWN}"
        ),
    )
    .parameter(id())
    .response("200", answer("The receipt.", "ReceiptAnswer"));
    let problems = [
        Unauthorized,
        Forbidden,
        TokenNotRecognised,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The receipt of a token.
pub async fn handle(
    request: HttpRequest,
    right: MayRead,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let receipt = receipts::show(&*App::of(&request).store, id, state::now()).await?;
    right.of(receipt.as_ref().and_then(|receipt| receipt.entry.made_by))?;
    let receipt = receipt.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok().json(ReceiptAnswer::whole(&receipt)))
}
