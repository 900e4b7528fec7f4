//! `PUT /api/lists/{id}/staff`: who checks in on a list.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::{ListIdInPath, changing};
use crate::audit::By;
use crate::desk::set_staff;
use crate::http::admission::MayList;
use crate::http::extract::{JsonBody, staff};
use crate::http::openapi::parts::{self, answer, fail, operation, required_body};
use crate::http::openapi::schemas::named;
use crate::http::problem::Problem;
use crate::http::state::App;

/// Gives a list to staff.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(id): ListIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let staff = staff(&body.0)?;
    let keyring = app.keyring.load();
    let by = By::fresh(right.0.principal, &keyring)?;
    let list = set_staff(&*app.store, changing(&request, id, right.0), staff, by).await?;
    Ok(super::answer(HttpResponse::Ok(), list))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("StaffEnvelope")));
    let operation = operation(
        "setStaff",
        "Desk",
        "Give a check-in list to staff",
        "Accounts of scanners, and API keys with the scope `check`, instead of those that the list had. Admins and managers work at \
         every list.",
    )
    .parameter(super::id())
    .parameter(parts::if_match())
    .request_body(Some(required_body(body)))
    .response("200", answer("The list as it is now.", "ListAnswer"));
    fail(operation, &super::change::CHANGING)
}
