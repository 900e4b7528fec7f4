//! Text messages.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, phone, refuse};

/// A text message to send.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    /// To whom.
    #[schema(pattern = "^[ ./()-]*[+]?([ ./()-]*[0-9]){2,20}[ ./()-]*$")]
    pub number: String,
    /// What it says, up to 1,000 characters.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$"
    )]
    pub text: Option<String>,
}

impl Sms {
    /// `SMSTO:+123456789:text` (`ZXing`, "Barcode Contents", "SMS/MMS/FaceTime"):
    /// phones of both makes take it with the text as it is, while they disagree
    /// on how `sms:` of RFC 5724 carries one.
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        let number = phone("number", &self.number)?;
        let Some(text) = &self.text else {
            return Ok(format!("SMSTO:{number}"));
        };
        let is_clean = !text.contains(|char: char| char.is_control() && char != '\n');
        if is_clean && (1..=1_000).contains(&text.chars().count()) {
            Ok(format!("SMSTO:{number}:{text}"))
        } else {
            refuse("text", "must be 1 to 1,000 characters")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_carry_their_text_as_it_is() {
        let sms = |text: Option<&str>| Sms {
            number: "+49 30 123456".to_owned(),
            text: text.map(str::to_owned),
        };
        assert_eq!(sms(None).to_text().unwrap(), "SMSTO:+4930123456");
        assert_eq!(
            sms(Some("Table 12: bill, please")).to_text().unwrap(),
            "SMSTO:+4930123456:Table 12: bill, please"
        );
        assert_eq!(sms(Some("")).to_text().unwrap_err().field, "text");
        let wrong = Sms {
            number: "12:34".to_owned(),
            text: None,
        };
        assert_eq!(wrong.to_text().unwrap_err().field, "number");
    }
}
