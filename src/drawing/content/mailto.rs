//! Mails.

use std::fmt::Write as _;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, mail_address, refuse};

/// A mail to write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mailto {
    /// To whom.
    #[schema(
        max_length = 254,
        pattern = "^[^\\s<>,;\"\\\\\\u0000-\\u001f\\u007f-\\u009f]+@[^@\\s<>,;\"\\\\\\u0000-\\u001f\\u007f-\\u009f]+$"
    )]
    pub to: String,
    /// Its subject.
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    pub subject: Option<String>,
    /// Its text, up to 1,000 characters.
    #[schema(
        max_length = 1000,
        pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$"
    )]
    pub body: Option<String>,
}

impl Mailto {
    /// `mailto:name@example.com?subject=...&body=...` (RFC 6068), UTF-8
    /// percent-encoded, line breaks as `%0D%0A` (5).
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        let mut text = format!(
            "mailto:{}",
            percent_encoded(mail_address("to", &self.to)?, b"@+!$'*")
        );
        let mut separator = '?';
        let fields = [("subject", &self.subject), ("body", &self.body)];
        for (name, value) in fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        {
            let value = value.replace("\r\n", "\n");
            let is_clean = !value
                .contains(|char: char| char.is_control() && (char != '\n' || name == "subject"));
            if !is_clean || value.chars().count() > 1_000 {
                return refuse(
                    name,
                    "must be at most 1,000 characters, a subject on one line",
                );
            }
            text.extend([
                &*separator.to_string(),
                name,
                "=",
                &percent_encoded(&value.replace('\n', "\r\n"), b""),
            ]);
            separator = '&';
        }
        Ok(text)
    }
}

/// Keeps unreserved characters (RFC 3986, 2.3) and some more.
fn percent_encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_and_texts_are_percent_encoded() {
        let mail = Mailto {
            to: "café+tisch@example.com".to_owned(),
            subject: Some("Fish & Chips?".to_owned()),
            body: Some("one\ntwo".to_owned()),
        };
        assert_eq!(
            mail.to_text().unwrap(),
            "mailto:caf%C3%A9+tisch@example.com?subject=Fish%20%26%20Chips%3F&body=one%0D%0Atwo"
        );
        let bare = Mailto {
            to: "a@b".to_owned(),
            subject: None,
            body: None,
        };
        assert_eq!(bare.to_text().unwrap(), "mailto:a@b");
        let only_body = Mailto {
            body: Some("x".to_owned()),
            ..bare.clone()
        };
        assert_eq!(only_body.to_text().unwrap(), "mailto:a@b?body=x");
        let header = Mailto {
            subject: Some("a\nBcc: x".to_owned()),
            ..bare.clone()
        };
        assert_eq!(header.to_text().unwrap_err().field, "subject");
        for to in [
            "",
            "a",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b,c@d",
            "a@b?cc=d\u{7}",
        ] {
            assert_eq!(
                Mailto {
                    to: to.to_owned(),
                    ..bare.clone()
                }
                .to_text()
                .unwrap_err()
                .field,
                "to",
                "{to}"
            );
        }
    }
}
