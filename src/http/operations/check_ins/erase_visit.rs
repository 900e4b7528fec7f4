//! `DELETE /api/check-ins/{id}/visit`: what is kept of a document is erased.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::audit::By;
use crate::desk::{erase, find_check_in};
use crate::http::admission::MaySeeVisits;
use crate::http::openapi::parts::{done, fail, operation};
use crate::http::operations::lists::unknown;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::route;
use crate::http::state::App;
use crate::store::ErasedOf;

/// Erases the visit of an entry, and with it every other of the same code at its list.
pub async fn handle(request: HttpRequest, right: MaySeeVisits) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let id = route::variable(&request, "id");
    let row = find_check_in(&*app.store, id, right.0.principal)
        .await?
        .ok_or_else(unknown)?;
    let keyring = app.keyring.load();
    let by = By::fresh(right.0.principal, &keyring)?;
    let of = row.token.map_or(ErasedOf::Entry(row.id), ErasedOf::Token);
    erase(&*app.store, row.list, of, right.0, by, app.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "eraseVisit",
        "Desk",
        "Erase what is kept of a visitor's document",
        "Of this entry's code at its list: every visit of it. That the code entered, and the counts, stay. Erasing again changes nothing.",
    )
    .parameter(super::id())
    .response("204", done("Nothing of the document is kept."));
    fail(
        operation,
        &[
            Unauthorized,
            Forbidden,
            CrossSite,
            NotFound,
            TemporarilyUnavailable,
        ],
    )
}
