//! `POST /api/lists`: a check-in list.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::path::OperationBuilder;

use super::profiles;
use crate::audit::By;
use crate::desk::{CreateList, create_list};
use crate::http::admission::MayList;
use crate::http::extract::{IdempotencyKey, JsonBody, list_edits};
use crate::http::openapi::parts::{self, answer_again, fail, operation, required_body};
use crate::http::openapi::schemas::named;
use crate::http::operations::answers;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, IdempotencyConflict, InvalidJson, MalformedRequest, PayloadTooLarge,
    RequestTimeout, TemporarilyUnavailable, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::http::state::App;
use crate::issuing::IdempotentRequest;

/// Makes a list.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let edits = list_edits(&body.0)?;
    let keyring = app.keyring.load_full();
    let by = right.0.principal;
    let asked = CreateList {
        edits: &edits,
        request: key.0.map(|key| {
            let parts = [b"/api/lists".as_slice(), b"", &body.0];
            IdempotentRequest::new(key, by, None, parts, &keyring)
        }),
        now: app.now(),
    };
    let profiles = profiles(&request);
    let by = By::fresh(by, &keyring)?;
    let (list, replayed) = create_list(&*app.store, &profiles, &keyring, asked, by).await?;
    let mut made = HttpResponse::Created();
    let place = format!("{}/api/lists/{}", app.links.base_path(), list.id);
    made.insert_header((header::LOCATION, place));
    if replayed {
        made.insert_header((answers::REPLAYED, HeaderValue::from_static("true")));
    }
    Ok(super::answer(made, list))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("ListEnvelope")));
    let operation = operation(
        "createList",
        "Desk",
        "Make a check-in list",
        "A list says which codes it takes and how often each enters. One place is one list; its doors are `gates`. Codes without a \
         profile are never taken, and codes of profiles under which anyone may issue only with `accept_public`.",
    )
    .parameter(parts::keyed(
        "Chosen by the client, new for every list. The same request with the same key gets the same list for a day, with \
         `Idempotent-Replayed: true`; another request with it gets 409. Keys of different API keys never meet.",
    ))
    .request_body(Some(required_body(body)))
    .response("201", answer_again("The list.", "ListAnswer"));
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        CrossSite,
        IdempotencyConflict,
        RequestTimeout,
        MalformedRequest,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
