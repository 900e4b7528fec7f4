//! The verb of issuing a code whose document is in the store.

use serde_json::json;

use super::{IssueError, IssueToken, IssuedToken, Issuer, Note, StoredAs};
use crate::audit::{By, Verb, What, record};
use crate::clock::rfc3339;
use crate::options::words;
use crate::payload;
use crate::qr::Symbol;
use crate::store::{NewLink, NewRecord, RecordKind, RequestRecord, Share, StoredRecord};
use crate::token::{
    ClaimValue, Claims, Keyring, Nonce, ParsedStoredToken, PinHash, PinSalt, Record, RecordHead,
    SealError, SealedClaims, SealedToken, Slot, StoredToken, TokenId, UnixTime, link_pin_salt,
    open_stored_issue, record_pin_salt, seal_link, seal_link_token, seal_record, seal_stored_issue,
    sealed_claims,
};

/// Where the document of a token is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// In the token itself; nothing is stored.
    #[default]
    Inline,
    /// In the store, which makes the smallest symbol.
    Stored,
    /// In the token while its symbol is small enough (`symbol.max_inline_version`), in the store otherwise.
    Auto,
}

words!(Storage {
    Inline = "inline",
    Stored = "stored",
    Auto = "auto",
});

/// Whether the document fits into its token with a symbol of at most this version.
#[must_use]
pub fn fits_inline(
    issuer: Issuer<'_>,
    request: &IssueToken,
    with_pin: bool,
    max_version: u8,
) -> bool {
    /// Head, nonce, flags and tag of a token of version 1.
    const AROUND_BYTES: usize = 33;
    /// Expiry and limit at their longest.
    const CLAIMS_BYTES: usize = 8;
    const PROFILE_BYTES: usize = 4;
    const PIN_TAG_BYTES: usize = 16;
    if request.document.as_bytes().len() > payload::MAX_BYTES {
        return false;
    }
    let body = request.body().1.len();
    let pin = if with_pin { PIN_TAG_BYTES } else { 0 };
    let profile = request.kind.profile.map_or(0, |_| PROFILE_BYTES);
    let link = issuer
        .links
        .of_length(body + AROUND_BYTES + CLAIMS_BYTES + profile + pin);
    Symbol::encode(&link, request.level).is_ok_and(|symbol| symbol.version() <= max_version)
}

/// What the record of a stored token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kept {
    /// A document, which needs the token to be read.
    #[default]
    Document,
    /// A dynamic link, which its owner can change, and whose token is kept sealed beside it.
    Link {
        /// Seconds for which its record is kept after its end.
        expired_secs: u64,
    },
}

/// A token that nobody has yet, and the nonces of its first record and of itself beside that. All come from the operating
/// system's random numbers.
#[derive(Debug)]
pub struct FreshToken {
    /// The token.
    pub token: StoredToken,
    /// The nonce of its first record.
    pub nonce: Nonce,
    /// The nonce of the sealed token of a link.
    pub token_nonce: Nonce,
}

/// A stored token that is ready to be kept.
#[derive(Clone)]
pub struct StoredIssue {
    /// The token, its link and its symbol.
    pub issued: IssuedToken,
    token: StoredToken,
    record: Vec<u8>,
    link: Option<NewLink>,
    now: UnixTime,
}

impl StoredIssue {
    /// What the store is to keep, before the token is given to anybody.
    #[must_use]
    pub fn new_record(
        &self,
        by: By<'_>,
        note: Option<&Note>,
        share: Option<Share>,
        request: Option<RequestRecord>,
    ) -> NewRecord {
        let issued = &self.issued;
        let made_by = by.principal;
        let details = json!({
            "expires_at": issued.token.expires_at().map(rfc3339),
            "max_opens": issued.max_opens.map(super::MaxOpens::value),
        });
        let what = What::Token(self.token.id());
        NewRecord {
            audit: record(by, Verb::Issue, what, &details, self.now),
            id: self.token.id(),
            kind: match self.link {
                None => RecordKind::Document,
                Some(_) => RecordKind::Link,
            },
            slot: self.token.slot(),
            issued_at: issued.token.issued_at(),
            expires_at: issued.token.expires_at(),
            max_opens: issued.max_opens.map(super::MaxOpens::value),
            record: self.record.clone(),
            link: self.link.clone(),
            made_by: Some(made_by),
            note: note.map(Note::to_string),
            share,
            request,
            now: self.now,
        }
    }

    /// The token alone.
    #[must_use]
    pub fn token(&self) -> &StoredToken {
        &self.token
    }
}

/// The salt for the PIN of a token that is issued now.
///
/// # Errors
/// [`IssueError::Seal`]
pub fn pin_salt_of_stored(
    keyring: &Keyring,
    fresh: &FreshToken,
    kept: Kept,
    now: UnixTime,
) -> Result<PinSalt, IssueError> {
    let (token, head, nonce) = (&fresh.token, first(now), &fresh.nonce);
    let salt = match kept {
        Kept::Document => record_pin_salt(keyring, token, head, nonce),
        Kept::Link { .. } => link_pin_salt(keyring, (token.slot(), token.id()), head, nonce),
    };
    Ok(salt?)
}

/// Seals the document, or what a link says, into the first record of a fresh token. Nothing is kept yet.
///
/// # Errors
/// [`IssueError`]
pub fn issue_stored(
    issuer: Issuer<'_>,
    request: &IssueToken,
    pin: Option<&PinHash>,
    fresh: FreshToken,
    kept: Kept,
    now: UnixTime,
) -> Result<StoredIssue, IssueError> {
    if pin.is_some() && request.expires_in.is_none() {
        return Err(SealError::PinWithoutExpiry.into());
    }
    let claims = Claims {
        expires_in: request.expires_in,
        max_opens: request.max_opens.map(ClaimValue::from),
        profile: request.kind.profile,
        staff_only: request.kind.staff_only,
    };
    let claims = SealedClaims {
        pin: pin.is_some(),
        ..sealed_claims(&claims, now)?
    };
    let (codec, body) = request.body();
    let FreshToken {
        token,
        nonce,
        token_nonce,
    } = fresh;
    let record = Record {
        claims,
        codec,
        body,
    };
    let keyring = issuer.keyring;
    let (sealed, new_link) = match kept {
        Kept::Document => {
            let sealed = seal_record(keyring, &token, first(now), record, pin, nonce)?;
            (sealed, None)
        }
        Kept::Link { expired_secs } => {
            let of = (token.slot(), token.id());
            let link = NewLink {
                token: seal_link_token(keyring, &token, token_nonce).ok_or(SealError::Clock)?,
                keep_expired_secs: expired_secs,
            };
            let sealed = seal_link(keyring, of, first(now), record, pin, nonce)?;
            (sealed, Some(link))
        }
    };
    let minute = SealedToken::stored(&token, now, None)?.issued_at();
    let expires_at = claims
        .expiry
        .map(|minutes| minute.plus_secs(60 * u64::from(minutes.value())));
    let as_issued = SealedToken::stored(&token, now, expires_at)?;
    let link = issuer.links.link(&as_issued);
    let symbol = Symbol::encode(&link, request.level)?;
    Ok(StoredIssue {
        issued: IssuedToken {
            stored: Some(StoredAs {
                revision: 1,
                record_bytes: sealed.len(),
            }),
            token: as_issued,
            link,
            symbol,
            max_opens: request.max_opens,
            codec,
            packed_bytes: request.packed_bytes(),
            payload_bytes: request.document.as_bytes().len(),
        },
        token,
        record: sealed,
        link: new_link,
        now,
    })
}

fn first(now: UnixTime) -> RecordHead {
    RecordHead {
        revision: 1,
        issued_at: now,
    }
}

/// Of a stored token, what the row of an idempotent request keeps: its first byte and id, and the token sealed under the
/// `Idempotency-Key`, so that a stolen database does not have it. None if the token's key is gone.
#[must_use]
pub fn row_of_request(
    keyring: &Keyring,
    token: &StoredToken,
    idempotency_key: &str,
    nonce: Nonce,
) -> Option<Vec<u8>> {
    let sealed = seal_stored_issue(keyring, token, idempotency_key.as_bytes(), nonce)?;
    let first = &token.as_bytes()[..1];
    Some([first, token.id().as_bytes(), &sealed].concat())
}

/// The stored token in such a row. None if the row holds a token of version 1; `Some(None)` if it does not open with this
/// `Idempotency-Key`, or its key is gone.
#[must_use]
#[expect(
    clippy::option_option,
    reason = "a row of another version, and one that does not open, are two things"
)]
pub fn remembered_token(
    keyring: &Keyring,
    row: &[u8],
    idempotency_key: &str,
) -> Option<Option<StoredToken>> {
    let (&first, rest) = row.split_first()?;
    if !ParsedStoredToken::is_of_this_version(first) {
        return None;
    }
    let open = || {
        let slot = Slot::try_from(first & 0x1f).ok()?;
        let (id, sealed) = rest.split_first_chunk::<12>()?;
        let of = (slot, TokenId::from(*id));
        open_stored_issue(keyring, of, idempotency_key.as_bytes(), sealed)
    };
    Some(open())
}

/// The answer for a stored token that was issued before, from its row.
///
/// # Errors
/// [`IssueError`]
pub fn stored_before(
    issuer: Issuer<'_>,
    request: &IssueToken,
    token: &StoredToken,
    row: &StoredRecord,
) -> Result<IssuedToken, IssueError> {
    let as_issued = SealedToken::stored(token, row.head.issued_at, row.expires_at)?;
    let link = issuer.links.link(&as_issued);
    let symbol = Symbol::encode(&link, request.level)?;
    Ok(IssuedToken {
        stored: Some(StoredAs {
            revision: row.head.revision,
            record_bytes: row.record.as_ref().map_or(0, Vec::len),
        }),
        token: as_issued,
        link,
        symbol,
        max_opens: request.max_opens,
        codec: request.body().0,
        packed_bytes: None,
        payload_bytes: request.document.as_bytes().len(),
    })
}
