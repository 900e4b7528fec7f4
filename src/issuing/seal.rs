//! The verb of sealing for whoever asks: a fresh nonce, a PIN if one is wanted, the quota of the day, the document in its
//! token or in the store, and never twice for one idempotency key.

use serde_json::json;

use super::{
    FreshToken, IdempotentRequest, IssueError, IssueToken, IssuedToken, Issuer, Kept, LivesTooLong,
    MaxOpens, NoRoom, Note, Storage, StoredIssue, StoredRoom, fits_inline, issue, issue_stored,
    issued_before, pin_salt_of_stored, remembered_token, row_of_request, stored_before,
};
use crate::audit::{By, Verb, What, record};
use crate::clock::{self, rfc3339};
use crate::limits::{DailyQuota, QuotaSpent, Subject, take_quota};
use crate::long::{Busy, LongWork};
use crate::pins::{PinHashers, PinsBusy};
use crate::principal::Principal;
use crate::random::{self, NoRandomNumbers};
use crate::store::{
    AddedRecord, Made, NewToken, Remembered, RequestKind, RequestRecord, Share, Store, StoreError,
};
use crate::token::{
    ExpiresIn, Keyring, Nonce, Pin, PinHash, PinSalt, SealError, SealedToken, StoredToken, TokenId,
    pin_salt,
};

/// What sealing needs of the installation. One keyring from the PIN's salt to the seal, whatever is reloaded meanwhile.
#[derive(Clone, Copy)]
pub struct Sealer<'a> {
    /// Keys and links.
    pub issuer: Issuer<'a>,
    /// Where documents, requests and quotas are kept; `None` where nothing is to be stored.
    pub store: Option<&'a dyn Store>,
    /// The threads on which PINs are hashed.
    pub pins: &'a PinHashers,
    /// Where long documents are packed.
    pub long: &'a LongWork,
    /// What everybody may issue in a day.
    pub quota: DailyQuota,
    /// How much room stored documents have.
    pub room: &'a StoredRoom,
    /// The largest symbol for which [`Storage::Auto`] keeps a document in its token.
    pub max_inline_version: u8,
}

/// What is to be sealed, and for whom.
#[derive(Clone, Copy)]
pub struct SealRequest<'a> {
    /// The document and what its token is to be.
    pub token: &'a IssueToken,
    /// Where the document is to be.
    pub storage: Storage,
    /// What it is there.
    pub kept: Kept,
    /// The PIN of the token.
    pub pin: Option<&'a WantedPin>,
    /// Who asks.
    pub made_by: Principal,
    /// A text by which whoever asks finds it again.
    pub note: Option<&'a Note>,
    /// Whether a token with its document inside is to stand in lists before it was ever opened; a note asks for that, too.
    pub remember: bool,
    /// What whoever asks may have in the store, where anybody may issue.
    pub share: Option<Share>,
    /// Whose quota it counts against, and bytes of the request; `None` for whoever has no quota.
    pub charge: Option<(Subject, u64)>,
    /// The request, if it may be sent again.
    pub idempotent: Option<&'a IdempotentRequest<'a>>,
}

/// The PIN that a token is to have.
#[derive(Debug, Clone)]
pub enum WantedPin {
    /// The issuer's own.
    Given(Pin),
    /// One that is generated now.
    Generated,
}

/// A token for a request.
pub struct Sealed {
    /// The token.
    pub issued: IssuedToken,
    /// Its PIN, if it was generated just now: it is given once.
    pub pin: Option<Pin>,
    /// Whether an earlier request got the same token.
    pub replayed: bool,
}

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    /// The document, the keyring or the clock.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No PIN can be hashed now.
    #[error(transparent)]
    Pins(#[from] PinsBusy),
    /// The document takes milliseconds to pack, and too many others wait.
    #[error(transparent)]
    Long(#[from] Busy),
    /// The quota of the day.
    #[error(transparent)]
    Quota(#[from] QuotaSpent),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
    /// The operating system's numbers did not make a PIN.
    #[error("the operating system's random numbers are not random")]
    NotRandom,
    /// Room is not free: who has no API key takes it for a time only.
    #[error(
        "to be stored without an API key a document must end within a year: give expires_in, at most 31536000"
    )]
    StoredForEver,
    /// It would open for longer than anything may.
    #[error(transparent)]
    LivesTooLong(#[from] LivesTooLong),
    /// The same for a row that is to be remembered.
    #[error("takes an API key where nothing else is stored")]
    RememberDenied,
    /// There is no room.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    /// The idempotency key was used for another request.
    #[error(
        "the key was used within the last day for a request with another address, query or body"
    )]
    AnotherRequest,
    /// The token of the first request opens no more, so it is not given again.
    #[error("the key that sealed the token of the first request was disabled or destroyed")]
    KeyGone,
    /// The document of the first request was stored and has ended.
    #[error("the document of the first request was stored, and has ended")]
    Ended,
    /// The token of the first request has a PIN that was generated, which nobody keeps.
    #[error("the PIN of the first request's token was in the first answer only")]
    PinWasShown(TokenId),
}

impl From<SealError> for NotSealed {
    fn from(error: SealError) -> Self {
        Self::Issue(error.into())
    }
}

/// Seals a document at this moment, or finds what was sealed for the same request before, and makes the `answer` that tells
/// about it.
///
/// The answer is made before the token is kept: whatever can still fail then (a picture that no phone would read, a queue
/// that is full) leaves nothing behind, and the same request may be sent again. It leaves after that: a token that was given
/// out leads somewhere.
///
/// # Errors
///
/// [`NotSealed`], or what `answer` says.
pub async fn seal<T, E: From<NotSealed>>(
    sealer: &Sealer<'_>,
    request: &SealRequest<'_>,
    answer: impl AsyncFn(&Sealed) -> Result<T, E>,
) -> Result<T, E> {
    // What most requests do not wait for is boxed: each of them would carry the room for it from one place to the next.
    if let Some(once) = request.idempotent {
        let before = Box::pin(sealer.sealed_before(request, once)).await?;
        if let Some(before) = before {
            return Box::pin(answer(&before)).await;
        }
    }
    // What is issued anew counts; an answer that is given again does not.
    if let Some(charge) = request.charge {
        sealer.take_quota(charge).await?;
    }
    let packed = request
        .token
        .pack_if_long(request.storage, sealer.long)
        .await;
    packed.map_err(NotSealed::from)?;
    let (sealed, keep) = sealer.fresh(request).await?;
    let answered = answer(&sealed).await?;
    let Some(keep) = keep else {
        return Ok(answered);
    };
    match Box::pin(sealer.keep(keep)).await? {
        Remembered::New => Ok(answered),
        // Another request with the same key was faster: its token counts, and this one is never seen.
        Remembered::Before(before) => {
            let before = Box::pin(sealer.replay(request, before)).await?;
            Box::pin(answer(&before)).await
        }
    }
}

/// What has to be durable before a token leaves.
enum Keep {
    Request(Box<RequestRecord>),
    Token(Box<NewToken>),
    Record(Box<crate::store::NewRecord>),
}

impl Sealer<'_> {
    fn keyring(&self) -> &Keyring {
        self.issuer.keyring
    }

    fn store(&self) -> Result<&dyn Store, NotSealed> {
        self.store
            .ok_or_else(|| StoreError::Unavailable("there is no store here".to_owned()).into())
    }

    /// What the same request got before.
    async fn sealed_before(
        &self,
        request: &SealRequest<'_>,
        once: &IdempotentRequest<'_>,
    ) -> Result<Option<Sealed>, NotSealed> {
        let found = self.store()?.request_of(once.key_hash(), clock::now());
        match found.await? {
            Remembered::New => Ok(None),
            Remembered::Before(before) => self.replay(request, before).await.map(Some),
        }
    }

    async fn take_quota(&self, (subject, bytes): (Subject, u64)) -> Result<(), NotSealed> {
        match self.store {
            Some(store) if self.quota.is_set() => {
                let take = take_quota(
                    store,
                    self.keyring(),
                    self.quota,
                    subject,
                    bytes,
                    clock::now(),
                );
                Ok(Box::pin(take).await?)
            }
            _ => Ok(()),
        }
    }

    /// A token that nobody has yet, and what is to be kept before anybody gets it.
    async fn fresh(&self, request: &SealRequest<'_>) -> Result<(Sealed, Option<Keep>), NotSealed> {
        let pin = request.pin.map(pin).transpose()?;
        let (issued, keep) = if self.wants_store(request, pin.is_some())? {
            Box::pin(self.fresh_stored(request, pin.as_ref())).await?
        } else {
            self.fresh_inline(request, pin.as_ref()).await?
        };
        let sealed = Sealed {
            issued,
            pin: pin.filter(|_| matches!(request.pin, Some(WantedPin::Generated))),
            replayed: false,
        };
        Ok((sealed, keep))
    }

    fn wants_store(&self, request: &SealRequest<'_>, with_pin: bool) -> Result<bool, NotSealed> {
        /// How long somebody without an API key stores a document at most: 365 days.
        const LONGEST_SHARE_SECS: u64 = 365 * 24 * 60 * 60;
        let stored = match request.storage {
            Storage::Inline => false,
            Storage::Stored => true,
            Storage::Auto => !fits_inline(
                self.issuer,
                request.token,
                with_pin,
                self.max_inline_version,
            ),
        };
        let secs = request.token.expires_in.map(ExpiresIn::as_secs);
        let ends = secs.is_some_and(|secs| secs <= LONGEST_SHARE_SECS);
        if stored && !ends && request.made_by == Principal::Anonymous {
            return Err(NotSealed::StoredForEver);
        }
        Ok(stored)
    }

    async fn fresh_inline(
        &self,
        request: &SealRequest<'_>,
        pin: Option<&Pin>,
    ) -> Result<(IssuedToken, Option<Keep>), NotSealed> {
        let remember = request.remember || request.note.is_some();
        if remember && request.made_by == Principal::Anonymous {
            return Err(NotSealed::RememberDenied);
        }
        let (now, nonce) = (clock::now(), Nonce::from(*random::bytes()?));
        let hash = match pin {
            Some(pin) => {
                let salt = pin_salt(self.keyring(), &nonce, now)?;
                Some(Box::pin(self.hash(pin, salt)).await?)
            }
            None => None,
        };
        let issued = issue(self.issuer, request.token, hash.as_ref(), nonce, now)?;
        let once = match request.idempotent {
            None => None,
            Some(once) => {
                let (slot, bytes) = (issued.token.slot(), issued.token.as_bytes().to_vec());
                let made = (RequestKind::Token, bytes);
                let record = once.record(self.keyring(), slot, made, now);
                Some(record.ok_or(NotSealed::KeyGone)?)
            }
        };
        let keep = match (remember, once) {
            (false, None) => None,
            (false, Some(once)) => Some(Keep::Request(Box::new(once))),
            (true, request_record) => Some(Keep::Token(Box::new(NewToken {
                audit: record(
                    By::fresh(request.made_by, self.keyring())?,
                    Verb::Issue,
                    What::Token(issued.token.id()),
                    &json!({
                        "expires_at": issued.token.expires_at().map(rfc3339),
                        "max_opens": issued.max_opens.map(MaxOpens::value),
                    }),
                    now,
                ),
                id: issued.token.id(),
                issued_at: issued.token.issued_at(),
                expires_at: issued.token.expires_at(),
                max_opens: issued.max_opens.map(MaxOpens::value),
                made_by: Some(request.made_by),
                note: request.note.map(Note::to_string),
                request: request_record,
                now,
            }))),
        };
        Ok((issued, keep))
    }

    async fn fresh_stored(
        &self,
        request: &SealRequest<'_>,
        pin: Option<&Pin>,
    ) -> Result<(IssuedToken, Option<Keep>), NotSealed> {
        let now = clock::now();
        let fresh = FreshToken {
            token: StoredToken::new(self.keyring(), *random::bytes()?),
            nonce: Nonce::from(*random::bytes()?),
            token_nonce: Nonce::from(*random::bytes()?),
        };
        let hash = match pin {
            Some(pin) => {
                let salt = pin_salt_of_stored(self.keyring(), &fresh, request.kept, now)?;
                Some(self.hash(pin, salt).await?)
            }
            None => None,
        };
        let (token, kept) = (request.token, request.kept);
        let ready = issue_stored(self.issuer, token, hash.as_ref(), fresh, kept, now)?;
        let row = match request.idempotent {
            None => None,
            Some(once) => Some(self.row(once, &ready, now)?),
        };
        let by = By::fresh(request.made_by, self.keyring())?;
        let record = Box::new(ready.new_record(by, request.note, request.share, row));
        Ok((ready.issued, Some(Keep::Record(record))))
    }

    /// What the store remembers of a request whose document it keeps.
    fn row(
        &self,
        once: &IdempotentRequest<'_>,
        ready: &StoredIssue,
        now: crate::token::UnixTime,
    ) -> Result<RequestRecord, NotSealed> {
        let nonce = Nonce::from(*random::bytes()?);
        row_of_request(self.keyring(), ready.token(), once.key(), nonce)
            .and_then(|row| {
                let made = (RequestKind::Token, row);
                once.record(self.keyring(), ready.token().slot(), made, now)
            })
            .ok_or(NotSealed::KeyGone)
    }

    async fn hash(&self, pin: &Pin, salt: PinSalt) -> Result<PinHash, NotSealed> {
        Ok(self.pins.permit()?.hash(pin.clone(), salt).await?)
    }

    async fn keep(&self, keep: Keep) -> Result<Remembered, NotSealed> {
        Ok(match keep {
            Keep::Token(token) => self.store()?.remember_token(*token).await?,
            Keep::Request(record) => self.store()?.remember_request(*record).await?,
            Keep::Record(record) => {
                self.room.take(record.record.len())?;
                let share = record.share;
                match self.store()?.add_record(*record).await? {
                    AddedRecord::Kept => Remembered::New,
                    AddedRecord::Before(before) => Remembered::Before(before),
                    AddedRecord::ShareFull => {
                        let most_bytes = share.map_or(0, |share| share.most_bytes);
                        return Err(NoRoom::Share { most_bytes }.into());
                    }
                }
            }
        })
    }

    /// The token that the same request got before.
    async fn replay(&self, request: &SealRequest<'_>, before: Made) -> Result<Sealed, NotSealed> {
        let once = request.idempotent.ok_or(NotSealed::AnotherRequest)?;
        if before.kind != RequestKind::Token {
            return Err(NotSealed::AnotherRequest);
        }
        let issued = match remembered_token(self.keyring(), &before.which, once.key()) {
            None => {
                let token = SealedToken::replay(self.keyring(), before.which);
                let (token, codec) = token.map_err(|_| NotSealed::KeyGone)?;
                issued_before(self.issuer, request.token, token, codec)?
            }
            Some(token) => {
                let token = token.ok_or(NotSealed::KeyGone)?;
                let row = self.store()?.record(token.id()).await?;
                stored_before(
                    self.issuer,
                    request.token,
                    &token,
                    &row.ok_or(NotSealed::Ended)?,
                )?
            }
        };
        let slot = issued.token.slot();
        let same = once.is(&before.digest, self.keyring(), slot);
        if !same.ok_or(NotSealed::KeyGone)? {
            return Err(NotSealed::AnotherRequest);
        }
        if matches!(request.pin, Some(WantedPin::Generated)) {
            return Err(NotSealed::PinWasShown(issued.token.id()));
        }
        Ok(Sealed {
            issued,
            pin: None,
            replayed: true,
        })
    }
}

fn pin(wanted: &WantedPin) -> Result<Pin, NotSealed> {
    match wanted {
        WantedPin::Given(pin) => Ok(pin.clone()),
        WantedPin::Generated => {
            let random = random::bytes::<{ Pin::RANDOM_BYTES }>()?;
            Pin::generate(&random).ok_or(NotSealed::NotRandom)
        }
    }
}
