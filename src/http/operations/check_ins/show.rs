//! `GET /api/check-ins/{id}`: one check-in.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::audit::By;
use crate::desk::{CheckInAnswer, find_check_in, find_list, visit_of};
use crate::http::admission::{MayCheck, MaySeeVisits};
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::{profiles, unknown};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, NotFound, TemporarilyUnavailable, Unauthorized,
};
use crate::http::route;
use crate::http::state::App;

/// A check-in: one's own, or any of a list that one manages.
pub async fn handle(request: HttpRequest, may: MayCheck) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (id, by) = (route::variable(&request, "id"), may.right.principal);
    let row = find_check_in(&*app.store, id, by)
        .await?
        .ok_or_else(unknown)?;
    let list = find_list(&*app.store, row.list)
        .await?
        .ok_or_else(unknown)?;
    let theirs = row.made_by == Some(by);
    match theirs || may.manages && may.right.may_manage(&list) {
        true => {}
        false => return Err(unknown()),
    }
    let sees = MaySeeVisits::check(&request).is_ok_and(|right| right.0.may_manage(&list));
    let visit = match sees {
        true => {
            let keyring = app.keyring.load_full();
            let by = By::fresh(by, &keyring)?;
            let profiles = profiles(&request);
            visit_of(
                &*app.store,
                &keyring,
                &profiles,
                row.id,
                None,
                by,
                app.now(),
            )
            .await?
        }
        false => None,
    };
    Ok(HttpResponse::Ok().json(CheckInAnswer {
        visit,
        ..CheckInAnswer::from(row)
    }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "showCheckIn",
        "Desk",
        "One check-in",
        "One's own, or any of a list that one manages; with the scope `visits`, what the list keeps of its document: that it was looked at stands in the audit log.",
    )
    .parameter(super::id())
    .response("200", answer("The check-in.", "CheckInAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, NotFound, TemporarilyUnavailable],
    )
}
