//! `DELETE /api/lists/{id}`: a list's end.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::{ListIdInPath, changing};
use crate::audit::By;
use crate::desk::delete_list;
use crate::http::admission::MayList;
use crate::http::openapi::parts::{self, done, fail, operation};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, NotFound, RevisionConflict, TemporarilyUnavailable, Unauthorized,
};
use crate::http::state::App;

/// Deletes a list.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(right.0.principal, &keyring)?;
    delete_list(&*app.store, changing(&request, id, right.0), by).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "deleteList",
        "Desk",
        "Delete a check-in list",
        "Nobody checks in on it any more, and all that it remembers is taken out within minutes.",
    )
    .parameter(super::id())
    .parameter(parts::if_match())
    .response("204", done("The list is there no more."));
    let problems = [
        Unauthorized,
        Forbidden,
        CrossSite,
        NotFound,
        RevisionConflict,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
