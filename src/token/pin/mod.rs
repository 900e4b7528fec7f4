//! The PIN: what one is, how it is hashed, and the second seal that needs it (`docs/token-format.md`, "PIN").
//!
//! Belongs here: the text of a PIN and which are refused, the salt, the hash, and the inner seal. Does not belong here:
//! how often one may be tried, and on which thread the hash is computed.

mod generate;
mod hash;
mod layer;
mod obvious;

pub use hash::{OutOfMemory, PinHash, PinSalt};
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
