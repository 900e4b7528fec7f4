//! `POST /api/tokens/{id}/revoke`: a token's end before its time.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::receipts::RevocationAnswer;
use super::token_id::TokenIdInPath;
use crate::http::edge::AboutToken;
use crate::http::extract::{MayRevoke, OptionalJsonBody, RevocationEnvelope};
use crate::http::problem::{Problem, invalid};
use crate::http::state::{self, App};
use crate::revoking::{RevokeToken, expiry_of, revoke};

/// Revokes a token, plain ones too. Nothing tells whether a token of this id was ever issued.
pub async fn handle(
    request: &HttpRequest,
    _right: MayRevoke,
    TokenIdInPath(id): TokenIdInPath,
    body: OptionalJsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let now = state::now();
    let envelope = match &body.0 {
        Some(body) => RevocationEnvelope::parse(body)?,
        None => RevocationEnvelope::default(),
    };
    let expires_at = match &envelope.token {
        Some(token) => expiry_of(token, id, &app.keyring.load(), now)
            .map_err(|error| invalid("/token", &error.to_string()))?,
        None => None,
    };
    let asked = RevokeToken {
        id,
        reason: envelope.reason,
        by_holder: false,
        expires_at,
    };
    let revocation = revoke(&*app.store, &app.revocations, asked, now).await?;
    request.extensions_mut().insert(AboutToken(id));
    Ok(HttpResponse::Ok().json(RevocationAnswer::from(&revocation)))
}
