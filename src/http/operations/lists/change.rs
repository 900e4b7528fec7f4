//! `PATCH /api/lists/{id}`: what a list asks from now on.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::{ListIdInPath, changing, profiles};
use crate::audit::By;
use crate::desk::change_list;
use crate::http::admission::MayList;
use crate::http::extract::{JsonBody, list_edits};
use crate::http::openapi::parts::{self, answer, fail, operation, required_body};
use crate::http::openapi::schemas::named;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, MalformedRequest, NotFound, PayloadTooLarge, RequestTimeout,
    RevisionConflict, TemporarilyUnavailable, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::http::state::App;

/// Changes a list.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let edits = list_edits(&body.0)?;
    let keyring = app.keyring.load();
    let by = By::fresh(right.0.principal, &keyring)?;
    let changing = changing(&request, id, right.0);
    let list = change_list(&*app.store, &profiles(&request), changing, &edits, by).await?;
    Ok(super::answer(HttpResponse::Ok(), list))
}

/// What a change of a list can be answered with.
pub const CHANGING: [crate::http::problem::ProblemCode; 12] = [
    InvalidJson,
    Unauthorized,
    Forbidden,
    CrossSite,
    NotFound,
    RequestTimeout,
    MalformedRequest,
    RevisionConflict,
    PayloadTooLarge,
    UnsupportedMediaType,
    Validation,
    TemporarilyUnavailable,
];

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("ListEdits")));
    let operation = operation(
        "changeList",
        "Desk",
        "Change a check-in list",
        "What is given changes, what is `null` becomes the default, and the rest stays. Whoever is at the door is judged by the new \
         list from the next scan on.",
    )
    .parameter(super::id())
    .parameter(parts::if_match())
    .request_body(Some(required_body(body)))
    .response("200", answer("The list as it is now.", "ListAnswer"));
    fail(operation, &CHANGING)
}
