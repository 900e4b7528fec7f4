//! Contacts, with all that a vCard can say.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, mail_address, phone, refuse, vtext, web_address};

/// A contact. One of `first_name`, `last_name` and `organisation` at least.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vcard {
    /// Given name.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub first_name: Option<String>,
    /// Family name.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub last_name: Option<String>,
    /// Company or club.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub organisation: Option<String>,
    /// Role there.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub title: Option<String>,
    /// Mobile telephone.
    #[schema(pattern = "^[ ./()-]*[+]?([ ./()-]*[0-9]){2,20}[ ./()-]*$")]
    pub mobile: Option<String>,
    /// Telephone at work.
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
    /// Street and number.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub street: Option<String>,
    /// Town.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub city: Option<String>,
    /// State or province.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub region: Option<String>,
    /// Postal code.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub postcode: Option<String>,
    /// Country.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub country: Option<String>,
    /// Anything else.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub note: Option<String>,
}

impl Vcard {
    /// vCard 3.0 (RFC 2426), the version that most phones read. Lines end with
    /// CRLF (2.4.2) and are not folded: readers of symbols do not unfold.
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        let text = |field: &'static str, value: &Option<String>| {
            vtext(field, value.as_deref().unwrap_or_default())
        };
        let first = text("first_name", &self.first_name)?;
        let last = text("last_name", &self.last_name)?;
        let organisation = text("organisation", &self.organisation)?;
        let full = [&*first, &*last]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let full = if full.is_empty() {
            organisation.clone()
        } else {
            full
        };
        if full.is_empty() {
            return refuse("last_name", "must be given, or first_name, or organisation");
        }

        // VERSION comes right after BEGIN; N and FN are required (3.1).
        let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:3.0".to_owned()];
        lines.push(format!("N:{last};{first};;;"));
        lines.push(format!("FN:{full}"));
        let mut push = |name: &str, value: String| {
            if !value.is_empty() {
                lines.push(format!("{name}:{value}"));
            }
        };
        push("ORG", organisation);
        push("TITLE", text("title", &self.title)?);
        if let Some(number) = &self.mobile {
            push("TEL;TYPE=CELL", phone("mobile", number)?);
        }
        if let Some(number) = &self.phone {
            push("TEL;TYPE=WORK", phone("phone", number)?);
        }
        if let Some(address) = &self.email {
            push("EMAIL", mail_address("email", address)?.to_owned());
        }
        if let Some(address) = &self.url {
            push("URL", web_address("url", address)?.to_owned());
        }
        let address = [
            text("street", &self.street)?,
            text("city", &self.city)?,
            text("region", &self.region)?,
            text("postcode", &self.postcode)?,
            text("country", &self.country)?,
        ];
        if address.iter().any(|part| !part.is_empty()) {
            // Post office box and extended address come first (3.2.1).
            push("ADR", format!(";;{}", address.join(";")));
        }
        push("NOTE", text("note", &self.note)?);
        lines.push("END:VCARD".to_owned());
        Ok(lines.join("\r\n") + "\r\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_written_in_the_order_of_the_standard() {
        let vcard = Vcard {
            first_name: Some("Ada".to_owned()),
            last_name: Some("King; Lovelace".to_owned()),
            organisation: Some("Analytical, Ltd".to_owned()),
            mobile: Some("+44 (20) 1234-567".to_owned()),
            email: Some("ada@example.com".to_owned()),
            url: Some("https://example.com/ada".to_owned()),
            city: Some("London".to_owned()),
            note: Some("First\nSecond".to_owned()),
            ..Vcard::default()
        };
        assert_eq!(
            vcard.to_text().unwrap(),
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:King\\; Lovelace;Ada;;;\r\nFN:Ada King\\; Lovelace\r\n\
             ORG:Analytical\\, Ltd\r\nTEL;TYPE=CELL:+44201234567\r\nEMAIL:ada@example.com\r\n\
             URL:https://example.com/ada\r\nADR:;;;London;;;\r\nNOTE:First\\nSecond\r\nEND:VCARD\r\n"
        );
    }

    #[test]
    fn what_would_break_out_of_its_line_is_refused() {
        let named = Vcard {
            last_name: Some("A".to_owned()),
            ..Vcard::default()
        };
        let field = |vcard: Vcard| vcard.to_text().unwrap_err().field;
        assert_eq!(field(Vcard::default()), "last_name");
        assert_eq!(
            field(Vcard {
                note: Some("a\rb".to_owned()),
                ..named.clone()
            }),
            "note"
        );
        assert_eq!(
            field(Vcard {
                email: Some("a@b\nX:y".to_owned()),
                ..named.clone()
            }),
            "email"
        );
        assert_eq!(
            field(Vcard {
                url: Some("javascript:alert(1)".to_owned()),
                ..named.clone()
            }),
            "url"
        );
        assert_eq!(
            field(Vcard {
                phone: Some("call me".to_owned()),
                ..named
            }),
            "phone"
        );
    }
}
