//! Texts that phones understand: what to write in a symbol so that scanning it
//! joins a network, saves a contact, fills in a payment and so on.
//!
//! Belongs here: one kind of content a file, each a form to fill in and the
//! text that follows from it. Does not belong here: how the text is drawn.
//!
//! | kind | written as | by |
//! |---|---|---|
//! | [`Wifi`] | `WIFI:...;;` | ZXing, "Barcode Contents" |
//! | [`Vcard`] | vCard 3.0 | RFC 2426 |
//! | [`Mecard`] | `MECARD:...;;` | NTT DOCOMO, as ZXing describes it |
//! | [`EpcPayment`] | `BCD` lines | EPC069-12 |
//! | [`Geo`] | `geo:` | RFC 5870 |
//! | [`Sms`] | `SMSTO:` | ZXing, "Barcode Contents" |
//! | [`Mailto`] | `mailto:` | RFC 6068 |
//! | [`Event`] | iCalendar | RFC 5545 |

mod epc_payment;
mod event;
mod geo;
mod mailto;
mod mecard;
mod sms;
mod vcard;
mod wifi;

pub use epc_payment::EpcPayment;
pub use event::Event;
pub use geo::Geo;
pub use mailto::Mailto;
pub use mecard::Mecard;
pub use sms::Sms;
pub use vcard::Vcard;
pub use wifi::Wifi;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::qr::Level;

/// Content of one of the kinds, in JSON `{"wifi": {"ssid": ...}}`.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Joins a wireless network.
    Wifi(Wifi),
    /// Saves a contact, with all that a vCard can say.
    Vcard(Vcard),
    /// Saves a contact, in fewer modules.
    Mecard(Mecard),
    /// Fills in a credit transfer in euro.
    EpcPayment(EpcPayment),
    /// Shows a place on a map.
    Geo(Geo),
    /// Starts a text message.
    Sms(Sms),
    /// Starts a mail.
    Mailto(Mailto),
    /// Adds an event to a calendar.
    Event(Event),
}

impl Content {
    /// The only error correction level that the kind allows, if its rules name one.
    pub fn only_level(&self) -> Option<Level> {
        match self {
            // EPC069-12, 2: level M.
            Self::EpcPayment(_) => Some(Level::Medium),
            _ => None,
        }
    }

    /// The text to encode.
    ///
    /// # Errors
    ///
    /// [`ContentError`] names the field and what it may be.
    pub fn to_text(&self) -> Result<String, ContentError> {
        match self {
            Self::Wifi(wifi) => wifi.to_text(),
            Self::Vcard(vcard) => vcard.to_text(),
            Self::Mecard(mecard) => mecard.to_text(),
            Self::EpcPayment(payment) => payment.to_text(),
            Self::Geo(geo) => geo.to_text(),
            Self::Sms(sms) => sms.to_text(),
            Self::Mailto(mailto) => mailto.to_text(),
            Self::Event(event) => event.to_text(),
        }
    }
}

/// A field that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct ContentError {
    /// The name of the field, as in JSON.
    pub field: &'static str,
    /// What it has to be.
    pub problem: &'static str,
}

fn refuse<T>(field: &'static str, problem: &'static str) -> Result<T, ContentError> {
    Err(ContentError { field, problem })
}

/// A field of 1 to `most` characters on one line.
fn line<'a>(
    field: &'static str,
    text: &'a str,
    most: usize,
    problem: &'static str,
) -> Result<&'a str, ContentError> {
    let chars = text.chars().count();
    if (1..=most).contains(&chars) && !text.contains(char::is_control) {
        Ok(text)
    } else {
        refuse(field, problem)
    }
}

/// Text with a backslash before each of these characters.
fn escaped(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if special.contains(&char) {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

/// Text of vCard and iCalendar (RFC 2426, 4; RFC 5545, 3.3.11): backslash,
/// semicolon and comma escaped, line breaks as `\n`.
fn vtext(field: &'static str, text: &str) -> Result<String, ContentError> {
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return refuse(
            field,
            "must not have control characters other than line breaks",
        );
    }
    Ok(escaped(&text, &['\\', ';', ',']).replace('\n', "\\n"))
}

/// A telephone number: digits after an optional `+`, without spaces and marks.
///
/// In `+49 (0) 30 123456` the bracketed zero is dialled inside the country only (DIN 5008 and E.123 leave it out): after a
/// country code it is dropped.
fn phone(field: &'static str, number: &str) -> Result<String, ContentError> {
    let is_mark = |char: char| matches!(char, ' ' | '-' | '.' | '/' | '(' | ')');
    let compact: String = number.chars().filter(|char| *char != ' ').collect();
    let plain: String = match compact.strip_prefix('+') {
        Some(international) => ["+", &international.replacen("(0)", "", 1)].concat(),
        None => compact,
    }
    .chars()
    .filter(|char| !is_mark(*char))
    .collect();
    let (digits, fewest) = match plain.strip_prefix('+') {
        // Country codes begin with no zero (E.164).
        Some(digits) if digits.starts_with('0') => ("", 0),
        Some(digits) => (digits, 4),
        None => (&*plain, 2),
    };
    if (fewest..=20).contains(&digits.len())
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        Ok(plain)
    } else {
        refuse(
            field,
            "must be a telephone number: 2 to 20 digits, or + and 4 to 20 digits that begin with a country code",
        )
    }
}

/// A mail address, loosely: what has the form of one.
fn mail_address<'a>(field: &'static str, address: &'a str) -> Result<&'a str, ContentError> {
    let has_parts = address
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let is_clean = !address.contains(|char: char| {
        char.is_control() || char.is_whitespace() || "<>,;\"\\".contains(char)
    });
    if has_parts && is_clean && address.len() <= 254 {
        Ok(address)
    } else {
        refuse(field, "must be a mail address such as name@example.com")
    }
}

/// An address on the web.
fn web_address<'a>(field: &'static str, address: &'a str) -> Result<&'a str, ContentError> {
    // Schemes do not depend on case (RFC 3986, 3.1).
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        address.len() > scheme.len()
            && address
                .get(..scheme.len())
                .is_some_and(|given| given.eq_ignore_ascii_case(scheme))
    });
    if is_web && !address.contains(|char: char| char.is_control() || char.is_whitespace()) {
        Ok(address)
    } else {
        refuse(
            field,
            "must be an address that begins with https:// or http://",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_those_that_can_be_dialled_from_anywhere() {
        for (given, written) in [
            ("+49 (0) 30 123456", Some("+4930123456")),
            ("+49(0)30/123456", Some("+4930123456")),
            ("+49 ( 0 ) 30 12", Some("+493012")),
            ("+44 (20) 1234-567", Some("+44201234567")),
            // Inside a country the zero is dialled.
            ("(0) 30 123456", Some("030123456")),
            ("(030) 12.34.56", Some("030123456")),
            ("112", Some("112")),
            ("+0 30 123456", None),
            ("+4 9", None),
            ("+", None),
            ("()", None),
            ("1", None),
            ("call 112", None),
            ("123456789012345678901", None),
        ] {
            assert_eq!(phone("phone", given).ok().as_deref(), written, "{given}");
        }
    }

    #[test]
    fn schemes_of_addresses_do_not_depend_on_case() {
        for (address, is_web) in [
            ("HTTPS://EXAMPLE.COM", true),
            ("Http://example.com/a", true),
            ("https://", false),
            ("ftp://example.com", false),
            ("httpé://a", false),
        ] {
            assert_eq!(web_address("url", address).is_ok(), is_web, "{address}");
        }
    }
}
