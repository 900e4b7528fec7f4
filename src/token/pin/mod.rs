//! The PIN: what one is, how it is hashed, and the second seal that needs it (`docs/token-format.md`, "PIN").
//!
//! Belongs here: the text of a PIN and which are refused, the salt, the hash, and the inner seal. Does not belong here:
//! how often one may be tried, and on which thread the hash is computed.

mod generate;
mod hash;
mod layer;
mod obvious;

pub use hash::{HashCost, OutOfMemory, PinHash, PinSalt, argon2id};
pub(super) use layer::PinLayer;
pub use layer::WrongPin;

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// A PIN: 4 to 64 characters in Unicode Normalization Form C, without control characters, and without white space at
/// either end. Overwritten when dropped, never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 4;
    /// The most characters.
    pub const MAX_CHARS: usize = 64;
    /// No text that becomes a PIN is longer, however its letters are composed.
    const MAX_INPUT_BYTES: usize = 1024;

    /// Reads a PIN that an issuer chose.
    ///
    /// # Errors
    /// [`PinRefused`]: too short, too long, with characters that cannot be typed twice alike, or one that is tried first.
    pub fn parse(text: &str) -> Result<Self, PinRefused> {
        if text.trim() != text {
            return Err(PinRefused::Characters);
        }
        let pin = Self::attempt(text)?;
        if obvious::is_obvious(&pin.0) {
            return Err(PinRefused::Obvious);
        }
        Ok(pin)
    }

    /// Reads a PIN that a holder typed, to be tried: white space around it is left out, and an obvious one may be wrong
    /// like any other.
    ///
    /// # Errors
    /// [`PinRefused::Length`] and [`PinRefused::Characters`]: no token has such a PIN, so that there is nothing to try.
    pub fn attempt(text: &str) -> Result<Self, PinRefused> {
        if text.len() > Self::MAX_INPUT_BYTES {
            return Err(PinRefused::Length);
        }
        let mut pin = Zeroizing::new(String::with_capacity(4 * text.len()));
        pin.extend(text.trim().nfc());
        if pin.chars().any(char::is_control) {
            return Err(PinRefused::Characters);
        }
        if !(Self::MIN_CHARS..=Self::MAX_CHARS).contains(&pin.chars().count()) {
            return Err(PinRefused::Length);
        }
        Ok(Self(pin))
    }

    /// The PIN itself: for whoever is to hand it to the holder, and for the hash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A PIN as a holder typed it, in the forms that are tried, as one try.
///
/// Keyboards for Chinese and Japanese write digits in full width, and people write long numbers in groups: first comes what
/// is the same in Unicode Normalization Form KC, without blanks between digits, then what was typed, since a PIN may have
/// been chosen like that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedPin {
    first: Pin,
    second: Option<Pin>,
}

impl TypedPin {
    /// Reads what was typed.
    ///
    /// # Errors
    /// As [`Pin::attempt`], if neither form can be a PIN.
    pub fn parse(text: &str) -> Result<Self, PinRefused> {
        let typed = Pin::attempt(text);
        if text.len() > Pin::MAX_INPUT_BYTES {
            return Err(PinRefused::Length);
        }
        let mut compatible = Zeroizing::new(String::with_capacity(4 * text.len()));
        compatible.extend(text.nfkc());
        let normalised = Pin::attempt(&without_blanks_between_digits(&compatible));
        match (normalised, typed) {
            (Ok(first), typed) => Ok(Self {
                second: typed.ok().filter(|typed| *typed != first),
                first,
            }),
            (Err(_), Ok(first)) => Ok(Self {
                first,
                second: None,
            }),
            (Err(_), Err(refused)) => Err(refused),
        }
    }

    /// The forms, in the order in which they are tried: one or two.
    pub fn into_forms(self) -> impl Iterator<Item = Pin> {
        std::iter::once(self.first).chain(self.second)
    }
}

fn without_blanks_between_digits(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let after_blanks = rest.trim_start();
        let is_between = rest.len() != after_blanks.len()
            && out.ends_with(|before: char| before.is_ascii_digit())
            && after_blanks.starts_with(|after: char| after.is_ascii_digit());
        match is_between {
            true => rest = after_blanks,
            false => {
                out.push(char);
                rest = &rest[char.len_utf8()..];
            }
        }
    }
    out
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(redacted)")
    }
}

/// Why a text is no PIN. It says nothing about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinRefused {
    /// Fewer than four characters or more than 64.
    #[error("must have 4 to 64 characters")]
    Length,
    /// A control character, or white space at an end.
    #[error("must have no control characters, and no white space at its ends")]
    Characters,
    /// One of those that everybody tries first.
    #[error(
        "is one of those that are tried first: all the same, a run, a short pattern, a year, or a well-known word; \
         choose another, or let the server draw one"
    )]
    Obvious,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pin_has_4_to_64_characters() {
        for (text, expected) in [
            ("493", Err(PinRefused::Length)),
            ("4938", Ok(())),
            ("", Err(PinRefused::Length)),
            ("\u{1f511}\u{e4}\u{df}x", Ok(())),
            (&"4z".repeat(2_000), Err(PinRefused::Length)),
        ] {
            assert_eq!(Pin::parse(text).map(|_| ()), expected, "{text}");
            assert_eq!(Pin::attempt(text).map(|_| ()), expected, "{text}");
        }
        let long: String = "correct horse battery staple ".repeat(3);
        assert!(Pin::parse(&long[..64]).is_ok());
        assert_eq!(Pin::parse(&long[..65]), Err(PinRefused::Length));
    }

    #[test]
    fn a_pin_is_the_same_however_its_letters_are_composed() {
        let composed = Pin::parse("p\u{e4}ssw\u{f6}rd").unwrap();
        let decomposed = Pin::parse("pa\u{308}sswo\u{308}rd").unwrap();
        assert_eq!(composed, decomposed);
        assert_eq!(decomposed.as_str(), "p\u{e4}ssw\u{f6}rd");
        // Four letters with three marks each are four characters once they are composed.
        assert!(Pin::attempt(&"\u{3b1}\u{313}\u{301}\u{345}".repeat(64)).is_ok());
    }

    #[test]
    fn what_a_keyboard_adds_around_a_pin_is_left_out_when_it_is_tried() {
        assert_eq!(Pin::parse(" 493817"), Err(PinRefused::Characters));
        assert_eq!(Pin::parse("493817\n"), Err(PinRefused::Characters));
        let pin = Pin::parse("493817").unwrap();
        assert_eq!(Pin::attempt("\u{a0}493817 \n"), Ok(pin));
        assert_eq!(Pin::attempt("49\u{0}3817"), Err(PinRefused::Characters));
        assert!(Pin::parse("49 38 17").is_ok());
    }

    #[test]
    fn digits_in_full_width_or_in_groups_are_the_same_pin() {
        for (typed, forms) in [
            ("493817", vec!["493817"]),
            (
                "\u{ff14}\u{ff19}\u{ff13}\u{ff18}\u{ff11}\u{ff17}",
                vec!["493817", "\u{ff14}\u{ff19}\u{ff13}\u{ff18}\u{ff11}\u{ff17}"],
            ),
            ("49 38\u{3000}17 ", vec!["493817", "49 38\u{3000}17"]),
            ("4 9 3", vec!["4 9 3"]),
            (
                "correct horse 4 2",
                vec!["correct horse 42", "correct horse 4 2"],
            ),
            ("correct horse", vec!["correct horse"]),
        ] {
            let typed: Vec<Pin> = TypedPin::parse(typed).unwrap().into_forms().collect();
            let typed: Vec<&str> = typed.iter().map(Pin::as_str).collect();
            assert_eq!(typed, forms);
        }
        assert_eq!(TypedPin::parse("4 9"), Err(PinRefused::Length));
        assert_eq!(
            TypedPin::parse(&"\u{fdfa}".repeat(400)),
            Err(PinRefused::Length)
        );
    }

    #[test]
    fn an_obvious_pin_can_be_tried_and_not_issued() {
        assert_eq!(Pin::parse("1234"), Err(PinRefused::Obvious));
        assert!(Pin::attempt("1234").is_ok());
    }

    #[test]
    fn a_pin_is_not_shown() {
        assert_eq!(
            format!("{:?}", Pin::parse("493817").unwrap()),
            "Pin(redacted)"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_issued_can_be_tried(text in "\\PC{0,80}") {
            if let Ok(pin) = Pin::parse(&text) {
                prop_assert_eq!(&Pin::attempt(&text).unwrap(), &pin);
                prop_assert_eq!(&Pin::attempt(pin.as_str()).unwrap(), &pin);
                prop_assert!(TypedPin::parse(pin.as_str()).unwrap().into_forms().any(|form| form == pin));
                let length = pin.as_str().chars().count();
                prop_assert!((4..=64).contains(&length));
            }
        }

        #[test]
        fn any_bytes_that_are_text_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..1_200)) {
            let text = String::from_utf8_lossy(&bytes);
            if let Ok(pin) = Pin::attempt(&text) {
                prop_assert!(!pin.as_str().chars().any(char::is_control));
            }
        }
    }
}
