//! `DELETE /api/tokens/{id}/opens`: what a receipt tells about opens is erased.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{CHANGING, NEVER_MET};
use crate::audit::By;
use crate::http::admission::{MayRevoke, Person};
use crate::http::openapi::parts::{done, fail, operation};
use crate::http::operations::console::CONFIRMED_SECS;
use crate::http::operations::tokens::{TokenIdInPath, id, unknown};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::Forbidden;
use crate::http::state::{self, App};
use crate::principal::Principal;
use crate::receipts;
use crate::store::Erased;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "eraseOpens",
        "Receipts",
        "Erase what a receipt tells about opens",
        &format!(
            "When they were and which were suspected bots is gone; how many there were stays. {NEVER_MET}"
        ),
    )
    .parameter(id())
    .response("204", done("It is erased."));
    fail(operation, &CHANGING)
}

/// Erases what a receipt tells about opens: when they were, and by whom it was guessed they were. The count stays.
pub async fn handle(
    request: HttpRequest,
    right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let who = right.over(&request, id).await?;
    if matches!(who, Principal::Account(_))
        && let Some(person) = Person::of(&request)
        && app.now() >= person.session.confirmed_at.plus_secs(CONFIRMED_SECS)
    {
        return Err(Problem::new(Forbidden)
            .detail("Erasing takes your password once more: do it in the console."));
    }
    let by = By::fresh(who, &keyring)?;
    match receipts::erase_opens(&*app.store, id, by, state::now()).await? {
        Erased::Done => Ok(HttpResponse::NoContent().finish()),
        Erased::Unknown => Err(unknown()),
    }
}
