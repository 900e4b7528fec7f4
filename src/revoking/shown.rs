//! A token that is shown when it is revoked.

use crate::token::{Keyring, OpenError, ParsedStoredToken, ParsedToken, TokenId, UnixTime};

/// The expiry of the token with this id, given in either text form: its revocation need not be remembered longer. `None` if
/// it is a stored one, whose row knows, does not end, or does not tell because its key is disabled or a clock is wrong.
///
/// # Errors
///
/// [`NotThisToken`]
pub fn expiry_of(
    text: &str,
    id: TokenId,
    keyring: &Keyring,
    now: UnixTime,
) -> Result<Option<UnixTime>, NotThisToken> {
    if let Ok(parsed) = ParsedStoredToken::parse(text) {
        // Its row knows when it ends.
        return match parsed.recognise(keyring) {
            Ok(token) if token.id() == id => Ok(None),
            Err(OpenError::KeyRetired { id: found }) if found == id => Ok(None),
            _ => Err(NotThisToken),
        };
    }
    let parsed = ParsedToken::parse(text).map_err(|_| NotThisToken)?;
    let (found, expires_at) = match parsed.open(keyring, now) {
        Ok(opened) => (opened.id(), opened.expires_at()),
        Err(OpenError::Expired { id, at }) => (id, Some(at)),
        Err(OpenError::KeyRetired { id } | OpenError::ClockBehind { id, .. }) => (id, None),
        Err(OpenError::NotRecognised) => return Err(NotThisToken),
    };
    if found == id {
        Ok(expires_at)
    } else {
        Err(NotThisToken)
    }
}

/// What was shown is no token of ours, or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the token with this id")]
pub struct NotThisToken;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Claims, Codec, ExpiresIn, Nonce, Secret, TOKEN_EPOCH, seal};

    #[test]
    fn a_token_tells_its_end_even_after_it_and_another_one_tells_nothing() {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let sealed = |nonce, expires_in| {
            let claims = Claims {
                expires_in: ExpiresIn::try_from(expires_in).ok(),
                ..Claims::default()
            };
            let nonce = Nonce::from([nonce; 12]);
            seal(&keyring, nonce, TOKEN_EPOCH, &claims, Codec::Json, b"1").unwrap()
        };
        let (ends, stays) = (sealed(1, 600), sealed(2, 0));
        let expiry =
            |text: &str, id, after| expiry_of(text, id, &keyring, TOKEN_EPOCH.plus_secs(after));
        let end = Some(TOKEN_EPOCH.plus_secs(600));
        for text in [ends.to_digits(), ends.to_base64url()] {
            assert_eq!(expiry(&text, ends.id(), 0), Ok(end));
            assert_eq!(expiry(&text, ends.id(), 3_600), Ok(end));
            assert_eq!(expiry(&text, stays.id(), 0), Err(NotThisToken));
        }
        assert_eq!(expiry(&stays.to_digits(), stays.id(), 0), Ok(None));
        assert_eq!(expiry("0123", stays.id(), 0), Err(NotThisToken));
        let forged = ends.to_digits().replace('1', "2");
        assert_eq!(expiry(&forged, ends.id(), 0), Err(NotThisToken));
    }
}
