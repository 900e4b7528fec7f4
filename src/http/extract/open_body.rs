//! What a POST on a token says: which open it is, with which PIN.

use serde_json::json;

use super::envelope::members;
use super::form_or_json::FormOrJson;
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, ProblemCode};
use crate::opening::OpenId;
use crate::token::{PinRefused, TypedPin};

/// The body of `POST /{digits}` and `POST /api/decrypt/qrcode-details`.
#[derive(Debug, Clone)]
pub struct OpenBody {
    /// What makes the open repeatable.
    pub open_id: OpenId,
    /// The PIN.
    pub pin: PinGiven,
    /// The token, where the path does not hold it.
    pub ctext: Option<String>,
    /// Whether the holder wants to destroy the token instead; forms of our pages say it.
    pub destroy: bool,
    /// Whether the PIN came in the form's second field, for one with letters.
    pub pin_in_letters: bool,
}

/// A PIN that was typed, or not.
#[derive(Debug, Clone)]
pub enum PinGiven {
    /// None.
    Absent,
    /// One to be tried.
    Valid(TypedPin),
    /// What no PIN can be: there is nothing to try.
    Invalid(PinRefused),
}

/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenIn {
    /// In the path.
    Path,
    /// In the body, as `ctext`.
    Body,
}

impl OpenBody {
    /// Reads `open_id`, `pin`, where the path does not hold the token `ctext`, and in forms `destroy` and `pin_text`, the
    /// second field for a PIN with letters.
    ///
    /// # Errors
    ///
    /// `validation` with everything that is wrong; `invalid_json`.
    pub fn parse(body: &FormOrJson, token: TokenIn) -> Result<Self, Problem> {
        match body {
            FormOrJson::Json(body) => Self::parse_json(body, token),
            FormOrJson::Form(given) => {
                let mut fields = Fields::default();
                for (name, value) in given {
                    fields.take_from_form(name, value, token);
                }
                fields.finish(token)
            }
        }
    }

    /// As [`OpenBody::parse`], from a JSON body.
    ///
    /// # Errors
    ///
    /// As [`OpenBody::parse`].
    pub fn parse_json(body: &[u8], token: TokenIn) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        for (name, value) in members(body)? {
            if value.get() != "null" {
                let text = serde_json::from_str::<String>(value.get()).ok();
                fields.take(&name, text, token);
            }
        }
        fields.finish(token)
    }
}

/// Fields as they were given, and what is wrong with them.
#[derive(Default)]
struct Fields {
    open_id: Option<String>,
    pin: Option<String>,
    ctext: Option<String>,
    destroy: bool,
    pin_in_letters: bool,
    errors: Vec<(String, String)>,
}

impl Fields {
    fn take_from_form(&mut self, name: &str, value: &str, token: TokenIn) {
        match name {
            // Of two fields for a PIN one stays empty.
            "pin" | "pin_text" if value.is_empty() => {}
            "pin_text" => {
                self.pin_in_letters = true;
                self.take("pin", Some(value.to_owned()), token);
            }
            "destroy" => match (value, self.destroy) {
                ("yes", false) => self.destroy = true,
                (_, false) => self.refuse("destroy", "must be yes"),
                (_, true) => self.refuse("destroy", "given more than once"),
            },
            _ => self.take(name, Some(value.to_owned()), token),
        }
    }

    fn take(&mut self, name: &str, value: Option<String>, token: TokenIn) {
        let place = match name {
            "open_id" => &mut self.open_id,
            "pin" => &mut self.pin,
            "ctext" if token == TokenIn::Body => &mut self.ctext,
            _ => return self.refuse(name, "unknown"),
        };
        let Some(value) = value else {
            return self.refuse(name, "must be a string of Unicode characters");
        };
        if place.is_some() {
            return self.refuse(name, "given more than once");
        }
        *place = Some(value);
    }

    fn refuse(&mut self, name: &str, detail: &str) {
        let pointer = format!("/{}", pointer_part(name));
        self.errors.push((pointer, detail.to_owned()));
    }

    fn finish(mut self, token: TokenIn) -> Result<OpenBody, Problem> {
        let open_id = match self.open_id.take().map(|text| text.parse::<OpenId>()) {
            Some(Ok(open_id)) => Some(open_id),
            Some(Err(error)) => {
                self.refuse("open_id", &error.to_string());
                None
            }
            None => {
                self.refuse("open_id", "missing");
                None
            }
        };
        if token == TokenIn::Body && self.ctext.is_none() {
            self.refuse("ctext", "missing");
        }
        let pin = match self.pin.take().map(|text| TypedPin::parse(&text)) {
            None => PinGiven::Absent,
            Some(Ok(pin)) => PinGiven::Valid(pin),
            Some(Err(refused)) => PinGiven::Invalid(refused),
        };
        match open_id {
            Some(open_id) if self.errors.is_empty() => Ok(OpenBody {
                open_id,
                pin,
                ctext: self.ctext,
                destroy: self.destroy,
                pin_in_letters: self.pin_in_letters,
            }),
            _ => Err(refusal(&self.errors)),
        }
    }
}

fn refusal(errors: &[(String, String)]) -> Problem {
    let listed: Vec<_> = errors
        .iter()
        .map(|(pointer, detail)| json!({"pointer": pointer, "detail": detail}))
        .collect();
    let problem = Problem::new(ProblemCode::Validation).member("errors", listed);
    match errors.first() {
        Some((pointer, detail)) => problem.detail(format!("{pointer}: {detail}")),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN_ID: &str = "abcdefghijklmnop";

    fn json(text: &str) -> FormOrJson {
        FormOrJson::Json(text.to_owned().into())
    }

    fn form(fields: &[(&str, &str)]) -> FormOrJson {
        let text = |text: &str| text.to_owned();
        FormOrJson::Form(
            fields
                .iter()
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
        )
    }

    fn errors(body: &FormOrJson, token: TokenIn) -> String {
        let problem = OpenBody::parse(body, token).unwrap_err();
        assert_eq!(problem.code, ProblemCode::Validation);
        problem.members[0].1.to_string()
    }

    #[test]
    fn form_and_json_say_the_same() {
        for body in [
            json(r#"{"open_id":"abcdefghijklmnop","pin":"493817"}"#),
            form(&[("open_id", OPEN_ID), ("pin", " 493817 ")]),
            form(&[("open_id", OPEN_ID), ("pin", ""), ("pin_text", "493817")]),
        ] {
            let read = OpenBody::parse(&body, TokenIn::Path).unwrap();
            assert_eq!(read.open_id.as_str(), OPEN_ID);
            assert!(
                matches!(read.pin, PinGiven::Valid(pin) if pin == TypedPin::parse("493817").unwrap())
            );
            assert_eq!((read.ctext, read.destroy), (None, false));
        }
        let none = OpenBody::parse(
            &json(r#"{"open_id":"abcdefghijklmnop","pin":null}"#),
            TokenIn::Path,
        );
        assert!(matches!(none.unwrap().pin, PinGiven::Absent));
        let short = OpenBody::parse(&form(&[("open_id", OPEN_ID), ("pin", "12")]), TokenIn::Path);
        assert!(matches!(
            short.unwrap().pin,
            PinGiven::Invalid(PinRefused::Length)
        ));
        let asked = form(&[("open_id", OPEN_ID), ("destroy", "yes"), ("ctext", "IA")]);
        let asked = OpenBody::parse(&asked, TokenIn::Body).unwrap();
        assert!(asked.destroy);
        assert_eq!(asked.ctext.as_deref(), Some("IA"));
    }

    #[test]
    fn everything_that_is_wrong_is_listed_and_no_value_is_repeated() {
        let body = json(r#"{"pin":493817,"ctext":"IA","x/y":1,"open_id":"short-secret"}"#);
        let listed = errors(&body, TokenIn::Path);
        for pointer in ["/pin", "/ctext", "/x~1y", "/open_id"] {
            assert!(listed.contains(&format!("\"{pointer}\"")), "{listed}");
        }
        assert!(!listed.contains("493817") && !listed.contains("short-secret"));
        assert!(errors(&json("{}"), TokenIn::Body).contains("/ctext"));
        for fields in [
            [("open_id", OPEN_ID), ("open_id", OPEN_ID)],
            [("open_id", OPEN_ID), ("remember", "on")],
            [("open_id", OPEN_ID), ("destroy", "ask")],
        ] {
            errors(&form(&fields), TokenIn::Path);
        }
        let two = [("open_id", OPEN_ID), ("pin", "4938"), ("pin_text", "4938")];
        errors(&form(&two), TokenIn::Path);
        // Destroying is the page's: a program revokes.
        errors(
            &json(r#"{"open_id":"abcdefghijklmnop","destroy":"yes"}"#),
            TokenIn::Path,
        );
    }
}
