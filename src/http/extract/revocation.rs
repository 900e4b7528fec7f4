//! What a revocation says beside the token's id.

use serde_json::value::RawValue;

use super::envelope::members;
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, invalid};
use crate::revoking::Reason;

/// The body of `POST /api/tokens/{id}/revoke`.
#[derive(Debug, Default)]
pub struct RevocationEnvelope {
    /// Why, if that was said.
    pub reason: Option<Reason>,
    /// The token itself in either text form, if it was shown.
    pub token: Option<String>,
}

impl RevocationEnvelope {
    /// Reads `{reason, token}`.
    ///
    /// # Errors
    ///
    /// `invalid_json` if the body is not an object, `validation` for members.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let (mut reason, mut token) = (None, None);
        for (name, value) in members(body)? {
            let pointer = format!("/{}", pointer_part(&name));
            let place = match name.as_str() {
                "reason" => &mut reason,
                "token" => &mut token,
                _ => return Err(invalid(&pointer, "unknown")),
            };
            if place.replace(text(value, &pointer)?).is_some() {
                return Err(invalid(&pointer, "given more than once"));
            }
        }
        let reason = reason.flatten().map(|reason| reason.parse::<Reason>());
        Ok(Self {
            reason: reason
                .transpose()
                .map_err(|error| invalid("/reason", &error.to_string()))?,
            token: token.flatten(),
        })
    }
}

/// A string, or `null`, which is the same as not given.
fn text(value: &RawValue, pointer: &str) -> Result<Option<String>, Problem> {
    serde_json::from_str(value.get()).map_err(|_| invalid(pointer, "must be a string"))
}
