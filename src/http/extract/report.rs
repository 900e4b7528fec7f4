//! What a report says.

use super::envelope::members;
use super::form_or_json::FormOrJson;
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, invalid};
use crate::store::ReportReason;

/// The body of `POST /api/messages/reports`.
pub struct ReportEnvelope {
    /// The token in either text form.
    pub token: String,
    /// What is wrong.
    pub reason: ReportReason,
}

impl ReportEnvelope {
    /// Reads `{token, reason}`, as JSON or as a form.
    ///
    /// # Errors
    ///
    /// `invalid_json` if the body is not an object, `validation` for members.
    pub fn parse(body: &FormOrJson) -> Result<Self, Problem> {
        let given = match body {
            FormOrJson::Form(fields) => fields.clone(),
            FormOrJson::Json(body) => {
                let text = |(name, value): (String, &serde_json::value::RawValue)| {
                    let pointer = format!("/{}", pointer_part(&name));
                    let value = serde_json::from_str(value.get());
                    Ok((
                        name,
                        value.map_err(|_| invalid(&pointer, "must be a string"))?,
                    ))
                };
                let members = members(body)?.into_iter();
                members.map(text).collect::<Result<Vec<_>, Problem>>()?
            }
        };
        let (mut token, mut reason) = (None, None);
        for (name, value) in given {
            let pointer = format!("/{}", pointer_part(&name));
            let place = match name.as_str() {
                "token" => &mut token,
                "reason" => &mut reason,
                _ => return Err(invalid(&pointer, "unknown")),
            };
            if place.replace(value).is_some() {
                return Err(invalid(&pointer, "given more than once"));
            }
        }
        let reason = reason.ok_or_else(|| invalid("/reason", "missing"))?;
        let reason = reason.parse::<ReportReason>();
        Ok(Self {
            token: token.ok_or_else(|| invalid("/token", "missing"))?,
            reason: reason.map_err(|error| invalid("/reason", &error.to_string()))?,
        })
    }
}
