//! `GET /api/tokens/{id}`, `GET /api/tokens`, `DELETE /api/tokens/{id}/opens`: what the ledger knows of tokens.

use actix_web::{HttpRequest, HttpResponse};

use super::token_id::{TokenIdInPath, unknown};
use crate::http::extract::{MayRead, MayRevoke, receipts_query};
use crate::http::problem::Problem;
use crate::http::state::{self, App};
use crate::receipts;
pub use crate::receipts::{ReceiptAnswer, ReceiptsAnswer, RevocationAnswer};
use crate::store::Erased;

/// The receipt of a token.
pub async fn show(
    request: &HttpRequest,
    _right: MayRead,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let receipt = receipts::show(&*App::of(request).store, id, state::now()).await?;
    let receipt = receipt.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok().json(ReceiptAnswer::whole(&receipt)))
}

/// A page of receipts.
pub async fn list(request: HttpRequest, _right: MayRead) -> Result<HttpResponse, Problem> {
    let wanted = receipts_query(request.query_string())?;
    let page = receipts::list(&*App::of(&request).store, wanted, state::now()).await?;
    Ok(HttpResponse::Ok().json(ReceiptsAnswer {
        receipts: page.receipts.iter().map(ReceiptAnswer::brief).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

/// Erases what a receipt tells about opens: when they were, and by whom it was guessed they were. The count stays.
pub async fn erase_opens(
    request: &HttpRequest,
    _right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    match receipts::erase_opens(&*App::of(request).store, id, state::now()).await? {
        Erased::Done => Ok(HttpResponse::NoContent().finish()),
        Erased::Unknown => Err(unknown()),
    }
}
