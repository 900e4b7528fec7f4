//! `PUT /api/tokens/{id}/payload`: what a stored code shows from now on.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, HeaderBuilder, Object};

use super::{TokenIdInPath, opener};
use crate::http::admission::{MayChange, rates};
use crate::http::client;
use crate::http::extract::{JsonBody, RevisionEnvelope, revision_to_change};
use crate::http::openapi::parts::{self, answer, fail, operation, required_body, string};
use crate::http::openapi::sample;
use crate::http::openapi::schemas::{any, closed, named};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, JsonTooDeep, KeyRetired, OpenRequired, PayloadTooLarge,
    PinIncorrect, PinLocked, RateLimited, RequestTimeout, RevisionConflict, TemporarilyUnavailable,
    TokenExpired, TokenGone, TokenNotRecognised, TokenRevoked, TokenUsedUp, Unauthorized,
    UnsupportedMediaType, Validation,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::{self, App};
use crate::issuing::SealOptions;
use crate::limits::Budget;
use crate::opening::{ReviseToken, revise};

/// What is known about a document that was replaced.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionAnswer {
    /// The token's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The revision that the code shows now.
    pub revision: u32,
    /// Bytes that are stored.
    pub stored_bytes: usize,
    /// Bytes of the document without white space.
    pub payload_bytes: usize,
}

/// Replaces the document of a stored code.
pub async fn handle(
    request: HttpRequest,
    right: MayChange,
    TokenIdInPath(id): TokenIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    rates::take_issue_bytes(&request, right.subject(&request), body.0.len())?;
    let of_revision = revision_to_change(&request);
    let envelope = RevisionEnvelope::parse(&body.0)?;
    if envelope.pin.is_some() {
        rates::take(&request, Budget::PinTries)?;
    }
    let keyring = app.keyring.load_full();
    let profiles = app.profiles.registry();
    let asked = ReviseToken {
        id,
        token: &envelope.token,
        document: &envelope.document,
        packing: app.config.payload.packing(&SealOptions::default()),
        profiles: &profiles,
        pin: envelope.pin.as_ref(),
        network: client::origin(&request),
        of_revision,
        by: right.by(),
        only_of: right.only_of(),
        now: state::now(),
    };
    let revised = revise(opener(app, &keyring), &app.room, asked).await?;
    request.leave_token(id);
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{}\"", revised.revision)))
        .json(RevisionAnswer {
            id: id.to_string(),
            revision: revised.revision,
            stored_bytes: revised.record_bytes,
            payload_bytes: envelope.document.as_bytes().len(),
        }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("RevisionEnvelope")));
    let etag = HeaderBuilder::new()
        .description(Some("The revision, in quotes."))
        .schema(Some(string().build()))
        .build();
    let mut replaced = answer("The document was replaced.", "RevisionAnswer");
    replaced.headers.insert("ETag".to_owned(), etag.into());
    let operation = operation(
        "replacePayload",
        "Change",
        "Replace the document of a stored code",
        "Whoever scans the code next sees the new document, through every server on the same store. Expiry, limit, PIN and \
         count stay as they are. It takes the token itself, which is part of the document's key, and the PIN of a code \
         that has one, which spends a try. A code whose document is inside cannot be changed. It takes the API key that \
         made the code, or one with the scope `revoke:all`, too.",
    )
    .parameter(super::id())
    .parameter(parts::if_match())
    .request_body(Some(required_body(body)))
    .response("200", replaced);
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        OpenRequired,
        PinIncorrect,
        TokenExpired,
        TokenUsedUp,
        TokenRevoked,
        TokenGone,
        KeyRetired,
        RevisionConflict,
        RequestTimeout,
        PayloadTooLarge,
        UnsupportedMediaType,
        JsonTooDeep,
        Validation,
        PinLocked,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The schema of the body.
pub fn revision_envelope() -> Object {
    closed()
        .description(Some("A new document for a stored code."))
        .property(
            "token",
            string()
                .description(Some("The token itself, in either text form."))
                .build(),
        )
        .property(
            "payload",
            any("The document: any JSON value of at most 1,048,576 bytes without white space."),
        )
        .property(
            "pin",
            string()
                .description(Some("The code's PIN, if it has one."))
                .build(),
        )
        .required("token")
        .required("payload")
        .examples([json!({"token": "QAECAwQFBgcICQoLDA0ODxA", "payload": sample::document()})])
        .build()
}
