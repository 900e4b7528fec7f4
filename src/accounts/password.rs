//! Passwords: what one is, and how it is kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::Score;

use super::name::fold;
use crate::store::StoredPassword;
use crate::token::{HashCost, OutOfMemory, argon2id};

/// What a hash costs today. When this rises, a password is hashed anew when its owner next signs in.
const COST: HashCost = HashCost {
    memory_kib: 32 * 1024,
    passes: 3,
};

/// The most that a stored hash may ask for.
const MOST: HashCost = HashCost {
    memory_kib: 64 * 1024,
    passes: 10,
};

/// The salt of a hash.
pub(super) const SALT_BYTES: usize = 16;

/// The most characters of a password.
pub(super) const MAX_CHARS: usize = 256;

/// A password that somebody types, in Unicode Normalization Form KC. Overwritten when dropped, never shown.
#[derive(Clone)]
pub struct TypedPassword(Zeroizing<String>);

impl TypedPassword {
    /// Reads what was typed. What is too long for a password is none, and costs as much as one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.len() > 16 * MAX_CHARS {
            return Self(Zeroizing::new(String::new()));
        }
        let mut typed = Zeroizing::new(String::with_capacity(4 * text.len()));
        typed.extend(text.nfkc());
        match typed.chars().count() > MAX_CHARS {
            true => Self(Zeroizing::new(String::new())),
            false => Self(typed),
        }
    }

    /// Whether it is the one that is kept; hashes as long if nothing is kept.
    pub(super) fn is(&self, kept: Option<&StoredPassword>) -> Result<bool, OutOfMemory> {
        let parsed = kept.and_then(|kept| parse(&kept.0));
        let (cost, salt, expected) = parsed.unwrap_or((COST, [0; SALT_BYTES], [0; 32]));
        let hash = argon2id(self.0.as_bytes(), &salt, cost)?;
        let same = bool::from(hash.as_slice().ct_eq(&expected));
        Ok(same && parsed.is_some() && !self.0.is_empty())
    }

    /// As it is kept under today's parameters.
    pub(super) fn hash(&self, salt: [u8; SALT_BYTES]) -> Result<StoredPassword, OutOfMemory> {
        let hash = argon2id(self.0.as_bytes(), &salt, COST)?;
        Ok(StoredPassword(format!(
            "$argon2id$v=19$m={},t={},p=1${}${}",
            COST.memory_kib,
            COST.passes,
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(hash.as_slice()),
        )))
    }
}

impl fmt::Debug for TypedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedPassword")
    }
}

/// Whether it was kept under lower parameters than today's.
pub(super) fn is_outdated(kept: &StoredPassword) -> bool {
    parse(&kept.0)
        .is_none_or(|(cost, ..)| cost.memory_kib < COST.memory_kib || cost.passes < COST.passes)
}

/// A password that may be set: 12 to 256 characters that withstand guessing, and not the account's name.
#[derive(Debug, Clone)]
pub struct NewPassword(TypedPassword);

impl NewPassword {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 12;
    /// The most characters.
    pub const MAX_CHARS: usize = MAX_CHARS;

    /// Reads a password that somebody chose for the account of these names. It takes milliseconds: not for a thread that
    /// answers requests.
    ///
    /// # Errors
    ///
    /// [`PasswordRefused`]
    pub fn choose(text: &str, names: &[&str]) -> Result<Self, PasswordRefused> {
        let typed = TypedPassword::new(text);
        let chars = typed.0.chars().count();
        if chars == 0 && !text.is_empty() {
            return Err(PasswordRefused::TooLong);
        }
        if chars < Self::MIN_CHARS {
            return Err(PasswordRefused::TooShort);
        }
        let folded = Zeroizing::new(fold(&typed.0));
        if names.iter().any(|name| fold(name) == *folded) {
            return Err(PasswordRefused::IsTheName);
        }
        let guesses = zxcvbn::zxcvbn(&typed.0, names);
        if guesses.score() < Score::Three {
            return Err(PasswordRefused::Guessable);
        }
        Ok(Self(typed))
    }

    pub(super) fn typed(&self) -> &TypedPassword {
        &self.0
    }
}

/// Why a password may not be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than 12 characters.
    #[error(
        "A password has at least 12 characters. Four words that have nothing to do with each other do well."
    )]
    TooShort,
    /// More than 256 characters.
    #[error("A password has at most 256 characters.")]
    TooLong,
    /// It is the name of the account.
    #[error("The password must not be the name.")]
    IsTheName,
    /// zxcvbn gives it less than three of four points.
    #[error(
        "This password would be guessed: it is made of common words, names, dates or patterns. Four words that have nothing to \
         do with each other do well."
    )]
    Guessable,
}

type Parsed = (HashCost, [u8; SALT_BYTES], [u8; 32]);

/// Reads what [`TypedPassword::hash`] writes, with any parameters that are not beyond [`MOST`].
fn parse(text: &str) -> Option<Parsed> {
    let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut costs = parts.next()?.split(',');
    let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let (memory_kib, passes, lanes) = (cost("m=")?, cost("t=")?, cost("p=")?);
    let mut bytes = || STANDARD_NO_PAD.decode(parts.next()?).ok();
    let (salt, hash) = (bytes()?.try_into().ok()?, bytes()?.try_into().ok()?);
    let sane = (8..=MOST.memory_kib).contains(&memory_kib)
        && (1..=MOST.passes).contains(&passes)
        && lanes == 1
        && parts.next().is_none();
    sane.then_some((HashCost { memory_kib, passes }, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "correct horse battery staple";

    #[test]
    fn a_password_is_known_again_however_it_is_composed_and_no_other_is() {
        let kept = TypedPassword::new("Zoë liest vier Bücher")
            .hash([7; 16])
            .unwrap();
        let is = |text: &str| TypedPassword::new(text).is(Some(&kept)).unwrap();
        assert!(is("Zoë liest vier Bücher"));
        assert!(is("Zoe\u{308} liest vier Bu\u{308}cher"));
        assert!(!is("zoë liest vier bücher") && !is(""));
        assert!(!is(&"é".repeat(300)), "too long is none");
        assert!(!TypedPassword::new(GOOD).is(None).unwrap());
        assert!(!is_outdated(&kept));
        assert!(kept.0.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
        assert_eq!(
            format!("{kept:?} {:?}", TypedPassword::new(GOOD)),
            "StoredPassword TypedPassword"
        );
    }

    #[test]
    fn a_hash_of_lower_cost_is_read_and_outdated_and_what_asks_for_too_much_is_not_read() {
        let salt = STANDARD_NO_PAD.encode([7; 16]);
        let low = HashCost {
            memory_kib: 8,
            passes: 1,
        };
        let hash = argon2id(GOOD.as_bytes(), &[7; 16], low).unwrap();
        let kept = |costs: &str| {
            StoredPassword(format!(
                "$argon2id$v=19${costs}${salt}${}",
                STANDARD_NO_PAD.encode(hash.as_slice())
            ))
        };
        let typed = TypedPassword::new(GOOD);
        assert!(typed.is(Some(&kept("m=8,t=1,p=1"))).unwrap());
        assert!(is_outdated(&kept("m=8,t=1,p=1")));
        for costs in [
            "m=8,t=1,p=2",
            "m=65537,t=1,p=1",
            "m=8,t=11,p=1",
            "m=0,t=1,p=1",
            "m=8,t=1",
            "",
            "t=1,m=8,p=1",
        ] {
            assert_eq!(parse(&kept(costs).0), None, "{costs}");
            assert!(!typed.is(Some(&kept(costs))).unwrap(), "{costs}");
        }
    }

    #[test]
    fn a_new_password_is_long_enough_hard_to_guess_and_not_the_name() {
        let names = ["ana.lima-sousa", "Ana Lima Sousa"];
        let choose = |text: &str| NewPassword::choose(text, &names).err();
        for text in [GOOD, "xkqvw jrtmp zl", &"kühl Mofa 7 quer ".repeat(15)] {
            assert_eq!(choose(text), None, "{text}");
        }
        for (text, expected) in [
            ("", PasswordRefused::TooShort),
            ("x7$kQ2!mZp9", PasswordRefused::TooShort),
            ("ANA.Lima-Sousa", PasswordRefused::IsTheName),
            ("aaaaaaaaaaaaaaaa", PasswordRefused::Guessable),
            ("password1234", PasswordRefused::Guessable),
            ("qwertzuiopqwertz", PasswordRefused::Guessable),
            (&"kühl Mofa 7 quer ".repeat(16), PasswordRefused::TooLong),
            (&"a".repeat(1_000_000), PasswordRefused::TooLong),
        ] {
            assert_eq!(choose(text), Some(expected), "{text:.40}");
        }
    }
}
