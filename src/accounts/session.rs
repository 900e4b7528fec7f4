//! Sessions: what a browser holds after somebody signed in.

use std::fmt;
use std::str::FromStr;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::audit::{By, Verb, What, record};
use crate::store::{
    AccountId, AccountRecord, SecretHash, SessionRecord, SessionUse, Store, StoreError,
};
use crate::token::UnixTime;
use crate::token::base64url;

const BYTES: usize = 32;
const CHARS: usize = (BYTES * 4).div_ceil(3);

/// 256 random bits as base64url. The browser has it in a cookie, the store its hash.
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// The token of these bytes, which must come from the operating system's random numbers, or be made of such with a key.
    #[must_use]
    pub fn from_random(random: &[u8; BYTES]) -> Self {
        Self(Zeroizing::new(base64url::encode(random)))
    }

    /// For the browser and nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the store knows it by.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// What our own forms carry: nobody who does not hold the session knows it, and it tells nothing of the session.
    #[must_use]
    pub fn form_token(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"qrseal/form")
            .chain_update(self.0.as_bytes())
            .finalize();
        base64url::encode(&digest)
    }

    /// Whether a form carries it.
    #[must_use]
    pub fn is_form_token(&self, text: &str) -> bool {
        bool::from(self.form_token().as_bytes().ct_eq(text.as_bytes()))
    }
}

impl FromStr for SessionToken {
    type Err = NoSession;

    fn from_str(text: &str) -> Result<Self, NoSession> {
        match text.len() == CHARS && base64url::decode(text).is_ok() {
            true => Ok(Self(Zeroizing::new(text.to_owned()))),
            false => Err(NoSession),
        }
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}

/// A text that is no session's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no session of this server")]
pub struct NoSession;

/// The session of a token with its account, if it has not ended; notes by the minute that it is used.
///
/// # Errors
///
/// What the store says.
pub async fn identify(
    store: &dyn Store,
    token: &SessionToken,
    now: UnixTime,
) -> Result<Option<(SessionRecord, AccountRecord)>, StoreError> {
    let found = store.session(token.hash(), now).await?;
    if let Some((session, _)) = &found
        && now.as_secs() >= session.used_at.as_secs() + 60
    {
        store
            .use_session(token.hash(), SessionUse::Used, now)
            .await?;
    }
    Ok(found)
}

/// The id of a session as its hex digits name it.
#[must_use]
pub fn find_session(text: &str) -> Option<[u8; 12]> {
    let id: crate::token::TokenId = text.parse().ok()?;
    Some(*id.as_bytes())
}

/// Ends a session of an account; whether there was one.
///
/// # Errors
///
/// What the store says.
pub async fn end_session(
    store: &dyn Store,
    account: AccountId,
    session: [u8; 12],
    by: By<'_>,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let audit = record(by, Verb::SignOut, What::Account(account), &json!({}), now);
    store.end_session(account, session, audit).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_comes_back_from_its_text_and_its_forms_are_its_own() {
        let session = SessionToken::from_random(&[7; 32]);
        let again: SessionToken = session.reveal().parse().unwrap();
        assert_eq!(again.hash(), session.hash());
        assert!(again.is_form_token(&session.form_token()));
        let other = SessionToken::from_random(&[8; 32]);
        assert!(!other.is_form_token(&session.form_token()));
        assert!(!session.is_form_token(session.reveal()) && !session.is_form_token(""));
        assert_eq!(format!("{session:?}"), "SessionToken");
        for text in ["", "x", &session.reveal()[1..], &"!".repeat(CHARS)] {
            assert!(text.parse::<SessionToken>().is_err(), "{text}");
        }
    }
}
