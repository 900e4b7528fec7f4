//! Credit transfers in euro.

use iban::{Iban, IbanLike as _};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, line, refuse};
use crate::qr::{Level, Symbol};

/// A SEPA credit transfer to fill in. The guidelines want error correction
/// level M and a version of at most 13: no other level is drawn, whatever a style says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EpcPayment {
    /// Who is paid, 1 to 70 characters.
    #[schema(
        min_length = 1,
        max_length = 70,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    #[schema(required = true)]
    pub name: String,
    /// The account; spaces are left out.
    #[schema(pattern = "^[A-Za-z0-9 ]+$")]
    #[schema(required = true)]
    pub iban: String,
    /// The bank, needed only outside the European Economic Area.
    #[schema(pattern = "^[A-Za-z0-9]{4}[A-Za-z]{2}([A-Za-z0-9]{2}|[A-Za-z0-9]{5})$")]
    pub bic: Option<String>,
    /// Euro with at most two decimals, such as `12.30`: 0.01 to 999999999.99.
    #[schema(pattern = "^[0-9]{1,9}([.][0-9]{1,2})?$")]
    pub amount: Option<String>,
    /// Purpose code of ISO 20022, up to 4 letters or digits.
    #[schema(pattern = "^[A-Za-z0-9]{1,4}$")]
    pub purpose: Option<String>,
    /// Creditor reference (ISO 11649, `RF...`). Not together with `text`.
    #[schema(pattern = "^[A-Za-z0-9 ]+$")]
    pub reference: Option<String>,
    /// What it is for, up to 140 characters. Not together with `reference`.
    #[schema(
        min_length = 1,
        max_length = 140,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub text: Option<String>,
    /// A note to the payer, up to 70 characters.
    #[schema(
        min_length = 1,
        max_length = 70,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub information: Option<String>,
}

/// The most bytes of a payload, and the largest symbol (EPC069-12, 2).
const MAX_BYTES: usize = 331;
const MAX_VERSION: u8 = 13;

impl EpcPayment {
    /// The data elements of EPC069-12, version 002, in UTF-8, one a line;
    /// empty ones at the end are left out.
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        let given = |field: &'static str,
                     value: &Option<String>,
                     most: usize,
                     problem: &'static str| match value {
            Some(value) => line(field, value, most, problem).map(str::to_owned),
            None => Ok(String::new()),
        };
        if self.reference.is_some() && self.text.is_some() {
            return refuse("text", "must be left out where there is a reference");
        }
        let elements = [
            "BCD".to_owned(),
            "002".to_owned(),
            // Character set 1 is UTF-8.
            "1".to_owned(),
            "SCT".to_owned(),
            self.bic
                .as_deref()
                .map(bic)
                .transpose()?
                .unwrap_or_default(),
            name(&self.name)?.to_owned(),
            iban(&self.iban)?,
            self.amount
                .as_deref()
                .map(amount)
                .transpose()?
                .unwrap_or_default(),
            self.purpose
                .as_deref()
                .map(purpose)
                .transpose()?
                .unwrap_or_default(),
            self.reference
                .as_deref()
                .map(reference)
                .transpose()?
                .unwrap_or_default(),
            given(
                "text",
                &self.text,
                140,
                "must be 1 to 140 characters on one line",
            )?,
            given(
                "information",
                &self.information,
                70,
                "must be 1 to 70 characters on one line",
            )?,
        ];
        let text = elements.join("\n");
        let text = text.trim_end_matches('\n');
        let fits = text.len() <= MAX_BYTES
            && Symbol::encode(text, Level::Medium)
                .is_ok_and(|symbol| symbol.version() <= MAX_VERSION);
        if !fits {
            return refuse(
                "text",
                "must be shorter: all fields together need more than the 331 bytes or the version 13 that banks read",
            );
        }
        Ok(text.to_owned())
    }
}

/// A name of blanks only is none.
fn name(text: &str) -> Result<&str, ContentError> {
    const PROBLEM: &str = "must be 1 to 70 characters on one line, and not only blanks";
    if text.trim().is_empty() {
        return refuse("name", PROBLEM);
    }
    line("name", text, 70, PROBLEM)
}

fn is_upper_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// ISO 9362.
fn bic(text: &str) -> Result<String, ContentError> {
    let bic = text.to_ascii_uppercase();
    let is_bic = matches!(bic.len(), 8 | 11)
        && bic.bytes().all(is_upper_or_digit)
        && bic
            .bytes()
            .skip(4)
            .take(2)
            .all(|byte| byte.is_ascii_uppercase());
    if is_bic {
        Ok(bic)
    } else {
        refuse("bic", "must be a BIC of 8 or 11 letters and digits")
    }
}

/// ISO 13616: country, two check digits, and an account as long as that country's are.
fn iban(text: &str) -> Result<String, ContentError> {
    let compact: String = text.chars().filter(|char| *char != ' ').collect();
    match compact.to_ascii_uppercase().parse::<Iban>() {
        Ok(iban) => Ok(iban.electronic_str().to_owned()),
        Err(_) => refuse(
            "iban",
            "must be an IBAN of the length that its country has; its check digits tell whether all of it is right",
        ),
    }
}

/// ISO 11649: RF, two check digits, 1 to 21 letters and digits.
fn reference(text: &str) -> Result<String, ContentError> {
    let reference: String = text
        .chars()
        .filter(|char| *char != ' ')
        .collect::<String>()
        .to_ascii_uppercase();
    let has_form = (5..=25).contains(&reference.len())
        && reference.starts_with("RF")
        && reference.bytes().all(is_upper_or_digit);
    if has_form && checks_97(&reference) {
        Ok(reference)
    } else {
        refuse(
            "reference",
            "must be a creditor reference that begins with RF and two right check digits",
        )
    }
}

/// ISO 7064, MOD 97-10, after the first four characters went to the end. The
/// text is upper case letters and digits.
fn checks_97(text: &str) -> bool {
    let (head, tail) = text.split_at(4);
    let remainder = tail
        .chars()
        .chain(head.chars())
        .filter_map(|char| char.to_digit(36))
        .fold(0, |rest, value| {
            let shift = if value < 10 { 10 } else { 100 };
            (rest * shift + value) % 97
        });
    remainder == 1
}

fn amount(text: &str) -> Result<String, ContentError> {
    const PROBLEM: &str =
        "must be euro from 0.01 to 999999999.99 with at most two decimals, such as 12.30";
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_digits(whole, 9) || !is_digits(cents, 2) {
        return refuse("amount", PROBLEM);
    }
    let whole = whole.trim_start_matches('0');
    if whole.is_empty() && cents.bytes().all(|byte| byte == b'0') {
        return refuse("amount", PROBLEM);
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(format!("EUR{whole}.{cents:0<2}"))
}

fn purpose(text: &str) -> Result<String, ContentError> {
    if (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(text.to_ascii_uppercase())
    } else {
        refuse("purpose", "must be 1 to 4 letters or digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment() -> EpcPayment {
        EpcPayment {
            name: "Red Cross of Belgium".to_owned(),
            iban: "BE72 0000 0000 1616".to_owned(),
            amount: Some("1".to_owned()),
            ..EpcPayment::default()
        }
    }

    #[test]
    fn the_elements_are_lines_in_the_order_of_the_guidelines() {
        let full = EpcPayment {
            bic: Some("BPOTBEB1".to_owned()),
            purpose: Some("CHAR".to_owned()),
            text: Some("Urgency fund".to_owned()),
            information: Some("Sample EPC QR code".to_owned()),
            ..payment()
        };
        assert_eq!(
            full.to_text().unwrap(),
            "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\nCHAR\n\nUrgency fund\nSample EPC QR code"
        );
        assert_eq!(
            payment().to_text().unwrap(),
            "BCD\n002\n1\nSCT\n\nRed Cross of Belgium\nBE72000000001616\nEUR1.00"
        );
        let reference = EpcPayment {
            reference: Some("RF18 5390 0754 7034".to_owned()),
            ..payment()
        };
        assert!(
            reference
                .to_text()
                .unwrap()
                .ends_with("\nEUR1.00\n\nRF18539007547034")
        );
    }

    #[test]
    fn amounts_are_euro_and_cents() {
        for (given, written) in [
            ("0.01", "EUR0.01"),
            ("12.3", "EUR12.30"),
            ("007", "EUR7.00"),
            ("999999999.99", "EUR999999999.99"),
        ] {
            assert_eq!(amount(given).as_deref(), Ok(written));
        }
        for bad in [
            "",
            "0",
            "0.00",
            "-1",
            "1.234",
            "1,50",
            "1e3",
            "1000000000",
            ".5",
            "5.",
            "1.2.3",
        ] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wrong_digit_in_an_account_or_reference_is_noticed() {
        assert!(iban("DE89 3704 0044 0532 0130 00").is_ok());
        assert!(iban("DE89 3704 0044 0532 0130 01").is_err());
        assert!(iban("DE8937").is_err());
        // Check digits that are right, and a digit too many for Germany.
        assert!(iban("DE54 3704 0044 0532 0130 001").is_err());
        assert!(iban("ZZ89 3704 0044 0532 0130 00").is_err());
        assert!(reference("RF18539007547035").is_err());
        let both = EpcPayment {
            text: Some("a".to_owned()),
            reference: Some("RF18539007547034".to_owned()),
            ..payment()
        };
        assert_eq!(both.to_text().unwrap_err().field, "text");
        let two_lines = EpcPayment {
            name: "a\nEUR9".to_owned(),
            ..payment()
        };
        assert_eq!(two_lines.to_text().unwrap_err().field, "name");
        let blank = EpcPayment {
            name: "  \u{3000}".to_owned(),
            ..payment()
        };
        assert_eq!(blank.to_text().unwrap_err().field, "name");
    }

    #[test]
    fn what_is_longer_than_the_guidelines_allow_is_refused() {
        let long = EpcPayment {
            name: "ä".repeat(70),
            text: Some("ö".repeat(140)),
            information: Some("ü".repeat(70)),
            ..payment()
        };
        assert_eq!(long.to_text().unwrap_err().field, "text");
    }
}
