//! What a new revision of a stored document says.

use serde_json::value::RawValue;

use super::envelope::{members, place_of};
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, invalid, json_problem};
use crate::payload::{Document, MAX_STORED_BYTES, minify_up_to};
use crate::token::TypedPin;

/// The body of `PUT /api/tokens/{id}/payload`.
pub struct RevisionEnvelope {
    /// The token in either text form.
    pub token: String,
    /// What it shows from now on.
    pub document: Document,
    /// Its PIN, if it has one.
    pub pin: Option<TypedPin>,
}

impl RevisionEnvelope {
    /// Reads `{token, payload, pin}`.
    ///
    /// # Errors
    ///
    /// `invalid_json` and its like if the body or the payload is not acceptable, `validation` for members.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let (mut token, mut payload, mut pin) = (None, None, None);
        for (name, value) in members(body)? {
            let pointer = format!("/{}", pointer_part(&name));
            let place = match name.as_str() {
                "token" => &mut token,
                "payload" => &mut payload,
                "pin" => &mut pin,
                _ => return Err(invalid(&pointer, "unknown")),
            };
            if place.replace(value).is_some() {
                return Err(invalid(&pointer, "given more than once"));
            }
        }
        let token = token.ok_or_else(|| invalid("/token", "missing"))?;
        let token = text(token, "/token")?.ok_or_else(|| invalid("/token", "must be a string"))?;
        let pin = pin.map(|pin| text(pin, "/pin")).transpose()?.flatten();
        let pin = pin.map(|pin| TypedPin::parse(&pin)).transpose();
        let pin = pin.map_err(|refused| invalid("/pin", &refused.to_string()))?;
        let payload = payload.ok_or_else(|| invalid("/payload", "missing"))?.get();
        let document = minify_up_to(payload.as_bytes(), MAX_STORED_BYTES).map_err(|error| {
            let (lines, columns) = place_of(body, payload);
            let column = error.column() + if error.line() == 1 { columns } else { 0 };
            json_problem(error.kind(), error.line() + lines, column)
        })?;
        Ok(Self {
            token,
            document,
            pin,
        })
    }
}

/// A string, or `null`, which is the same as not given.
fn text(value: &RawValue, pointer: &str) -> Result<Option<String>, Problem> {
    serde_json::from_str(value.get()).map_err(|_| invalid(pointer, "must be a string"))
}
