//! Contacts in fewer modules.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, escaped, line, mail_address, phone, refuse, web_address};

/// A contact. `first_name` or `last_name` at least.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mecard {
    /// Given name.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub first_name: Option<String>,
    /// Family name.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub last_name: Option<String>,
    /// Telephone.
    #[schema(pattern = "^[ ./()-]*[+]?([ ./()-]*[0-9]){2,20}[ ./()-]*$")]
    pub phone: Option<String>,
    /// Mail address.
    #[schema(
        max_length = 254,
        pattern = "^[^\\s<>,;\"\\\\\\u0000-\\u001f\\u007f-\\u009f]+@[^@\\s<>,;\"\\\\\\u0000-\\u001f\\u007f-\\u009f]+$"
    )]
    pub email: Option<String>,
    /// Page on the web.
    #[schema(pattern = "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s\\u0000-\\u001f\\u007f-\\u009f]+$")]
    pub url: Option<String>,
    /// Postal address, on one line.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub address: Option<String>,
    /// Anything else, on one line.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub note: Option<String>,
}

const ONE_LINE: &str = "must be 1 to 200 characters on one line";

impl Mecard {
    /// `MECARD:N:Family,Given;TEL:...;;` with backslashes before `\ ; : ,`
    /// (NTT DOCOMO, "MECARD"; `ZXing`, "Barcode Contents", "Contact
    /// information"). The comma between the names is not escaped.
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        let text = |field: &'static str, value: &Option<String>| match value {
            Some(value) => line(field, value, 200, ONE_LINE).map(|value| Some(escape(value))),
            None => Ok(None),
        };
        let name = match (
            text("last_name", &self.last_name)?,
            text("first_name", &self.first_name)?,
        ) {
            (Some(last), Some(first)) => format!("{last},{first}"),
            (Some(name), None) | (None, Some(name)) => name,
            (None, None) => return refuse("last_name", "must be given, or first_name"),
        };
        let phone = self
            .phone
            .as_deref()
            .map(|number| phone("phone", number))
            .transpose()?;
        let email = self
            .email
            .as_deref()
            .map(|address| mail_address("email", address))
            .transpose()?;
        let url = self
            .url
            .as_deref()
            .map(|address| web_address("url", address))
            .transpose()?;
        let fields = [
            ("N", Some(name)),
            ("TEL", phone),
            ("EMAIL", email.map(escape)),
            ("URL", url.map(escape)),
            ("ADR", text("address", &self.address)?),
            ("NOTE", text("note", &self.note)?),
        ];
        let fields: String = fields
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}:{};", value?)))
            .collect();
        Ok(format!("MECARD:{fields};"))
    }
}

fn escape(text: &str) -> String {
    escaped(text, &['\\', ';', ':', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_one_line_with_what_is_special_escaped() {
        let mecard = Mecard {
            first_name: Some("Sean".to_owned()),
            last_name: Some("Owen".to_owned()),
            phone: Some("+1 212-555-0100".to_owned()),
            url: Some("https://example.com/a;b".to_owned()),
            address: Some("76 9th Avenue, 4th Floor".to_owned()),
            ..Mecard::default()
        };
        assert_eq!(
            mecard.to_text().unwrap(),
            "MECARD:N:Owen,Sean;TEL:+12125550100;URL:https\\://example.com/a\\;b;ADR:76 9th Avenue\\, 4th Floor;;"
        );
    }

    #[test]
    fn names_are_needed_and_lines_are_single() {
        assert_eq!(Mecard::default().to_text().unwrap_err().field, "last_name");
        let two = Mecard {
            first_name: Some("A".to_owned()),
            note: Some("a\nb".to_owned()),
            ..Mecard::default()
        };
        assert_eq!(two.to_text().unwrap_err().field, "note");
    }
}
