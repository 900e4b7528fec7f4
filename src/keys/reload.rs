//! Which keyring may take the place of the one that a server is using.

use crate::token::Keyring;

/// The new keyring, if it is one of the same instance.
///
/// # Errors
/// [`ReplacementError`] if the audience is another: every token issued so far would be unknown.
pub fn replacement(old: &Keyring, new: Keyring) -> Result<Keyring, ReplacementError> {
    if old.audience() == new.audience() {
        Ok(new)
    } else {
        Err(ReplacementError)
    }
}

/// A keyring of another instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the keyring file has another audience, so the keyring in use was kept: it would open no token issued so far. \
     Restore the file; to serve another instance, restart"
)]
pub struct ReplacementError;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring(audience: &str, secret: u8) -> Keyring {
        Keyring::with_first_key(audience, Secret::from([secret; 32]), TOKEN_EPOCH).unwrap()
    }

    #[test]
    fn only_a_keyring_of_the_same_audience_takes_the_place_of_another() {
        let replaced = replacement(&keyring("a", 1), keyring("a", 2)).unwrap();
        assert_eq!(replaced.audience(), "a");
        assert_eq!(
            replacement(&keyring("a", 1), keyring("b", 1)).unwrap_err(),
            ReplacementError
        );
    }
}
