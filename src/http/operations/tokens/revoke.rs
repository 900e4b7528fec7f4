//! `POST /api/tokens/{id}/revoke`: a token's end before its time.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Required, Type};

use super::TokenIdInPath;
use crate::audit::By;
use crate::http::admission::MayRevoke;
use crate::http::extract::{OptionalJsonBody, RevocationEnvelope};
use crate::http::openapi::parts::{answer, fail, operation};
use crate::http::openapi::schemas::{closed, named};
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, MalformedRequest, PayloadTooLarge, RequestTimeout,
    TemporarilyUnavailable, TokenNotRecognised, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::http::problem::{Problem, invalid};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::{self, App};
use crate::receipts::RevocationAnswer;
use crate::revoking::{RevokeToken, expiry_of, revoke};

/// Revokes a token, plain ones too. Nothing tells whether a token of this id was ever issued.
pub async fn handle(
    request: HttpRequest,
    right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (now, keyring) = (state::now(), app.keyring.load());
    let envelope = match &body.0 {
        Some(body) => RevocationEnvelope::parse(body)?,
        None => RevocationEnvelope::default(),
    };
    let expires_at = match &envelope.token {
        Some(token) => expiry_of(token, id, &keyring, now)
            .map_err(|error| invalid("/token", &error.to_string()))?,
        None => None,
    };
    let asked = RevokeToken {
        id,
        reason: envelope.reason,
        by_holder: false,
        expires_at,
    };
    let by = By::fresh(right.over(&request, id).await?, &keyring)?;
    let revocation = revoke(&*app.store, &app.revocations, asked, by, now).await?;
    request.leave_token(id);
    Ok(HttpResponse::Ok().json(RevocationAnswer::from(&revocation)))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new()
        .schema(Some(named("RevocationEnvelope")))
        .build();
    let operation = operation(
        "revokeToken",
        "Revoke",
        "Revoke a token",
        "The token opens no more: through this server at once, through others on the same store within two seconds. \
         Plain tokens can be revoked too, and whether a token of this id was ever issued is not known. With the token \
         given, its revocation is forgotten after its expiry, else it is kept for ever. A token that was revoked before \
         stays as it was, and that revocation is answered.",
    )
    .parameter(super::id())
    .request_body(Some(
        RequestBodyBuilder::new()
            .required(Some(Required::False))
            .content("application/json", body)
            .build(),
    ))
    .response("200", answer("The revocation.", "RevocationAnswer"));
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        RequestTimeout,
        MalformedRequest,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The schema of the body.
pub fn revocation_envelope() -> Object {
    let text = |words: &str, most: Option<usize>| {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::from_iter([
                Type::String,
                Type::Null,
            ]))
            .description(Some(words))
            .min_length(most.map(|_| 1))
            .max_length(most)
    };
    closed()
        .description(Some(
            "Why a token is revoked, and the token itself if it is at hand.",
        ))
        .property(
            "reason",
            text(
                "Why, in one line. It stands in the receipt.",
                Some(crate::revoking::Reason::MAX_CHARS),
            )
            .pattern(Some(
                r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
            ))
            .build(),
        )
        .property(
            "token",
            text("The token itself, in either text form.", None).build(),
        )
        .examples([json!({"reason": "wrong amount"})])
        .build()
}
