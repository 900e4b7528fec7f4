//! `DELETE /api/check-ins/{id}`: a check-in is taken back.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use crate::audit::By;
use crate::desk::{CheckInAnswer, UndoError, undo};
use crate::http::admission::MayCheck;
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::operations::lists::unknown;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    self, CrossSite, Forbidden, NotFound, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::route;
use crate::http::state::App;

/// Undoes a check-in.
pub async fn handle(request: HttpRequest, may: MayCheck) -> Result<HttpResponse, Problem> {
    let row = undone(&request, &may, route::variable(&request, "id")).await?;
    Ok(HttpResponse::Ok().json(row))
}

/// The check-in that is meant, undone.
pub async fn undone(
    request: &HttpRequest,
    may: &MayCheck,
    id: &str,
) -> Result<CheckInAnswer, Problem> {
    let app = App::of(request);
    let keyring = app.keyring.load();
    let by = By::fresh(may.right.principal, &keyring)?;
    let undone = undo(&*app.store, id, may.right, may.manages, by, app.now()).await;
    let (row, _) = undone.map_err(problem)?;
    if let Some(token) = row.token {
        request.leave_token(token);
    }
    Ok(row.into())
}

fn problem(error: UndoError) -> Problem {
    let words = error.to_string();
    let mut sentence = words.chars();
    let first = sentence
        .next()
        .map(|first| first.to_uppercase().to_string());
    let words = format!("{}{}.", first.unwrap_or_default(), sentence.as_str());
    match error {
        UndoError::Unknown => unknown(),
        UndoError::NotYours | UndoError::TooLate => {
            Problem::new(ProblemCode::Forbidden).detail(words)
        }
        UndoError::NotLatest | UndoError::Refusal => {
            Problem::new(ProblemCode::Validation).detail(words)
        }
        UndoError::Store(error) => error.into(),
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "undoCheckIn",
        "Desk",
        "Undo a check-in",
        "The latest of its code on its list: by whoever made it within 15 minutes, by whoever manages the list at any time. The row \
         stays; an open that the list took stays taken. Undoing it again changes nothing. 422: it is not the latest of its code, or was refused.",
    )
    .parameter(super::id())
    .response("200", answer("The check-in as it is now.", "CheckInAnswer"));
    let problems = [
        Unauthorized,
        Forbidden,
        CrossSite,
        NotFound,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
