//! A token whose document is held back until an open is counted.

use super::document::Place;
use super::{FoundLink, OpeningError, Unavailable};
use crate::store::{LedgerToken, LockedUntil, PIN_LONGEST_LOCK_SECS, REPEAT_SECS, Standing, Store};
use crate::token::{ClaimValue, OpenedToken, SealedClaims, Slot, TokenId, UnixTime};

/// An authentic token in force that is limited or has a PIN. What it holds is read by [`open`](super::open()) alone.
#[derive(Debug)]
pub struct StatefulToken {
    holds: Holds,
}

/// What is held back.
#[derive(Debug)]
pub(super) enum Holds {
    /// A document, and where it is.
    Document(OpenedToken, Place),
    /// Where a link leads.
    Link(Box<FoundLink>),
}

impl StatefulToken {
    pub(super) fn new(token: OpenedToken, place: Place) -> Self {
        let holds = Holds::Document(token, place);
        Self { holds }
    }

    /// Whether somebody wrote it whom the issuer does not know.
    #[must_use]
    pub fn by_visitor(&self) -> bool {
        match &self.holds {
            Holds::Document(_, place) => place.is_by_visitor(),
            Holds::Link(_) => false,
        }
    }

    pub(super) fn of_link(link: FoundLink) -> Self {
        let holds = Holds::Link(Box::new(link));
        Self { holds }
    }

    pub(super) fn holds(&self) -> &Holds {
        &self.holds
    }

    /// The link, if it is one.
    #[must_use]
    pub fn link(&self) -> Option<&FoundLink> {
        match &self.holds {
            Holds::Document(..) => None,
            Holds::Link(link) => Some(link),
        }
    }

    fn claims(&self) -> &SealedClaims {
        match &self.holds {
            Holds::Document(token, _) => token.claims(),
            Holds::Link(link) => link.opened().claims(),
        }
    }

    /// The slot of its key.
    pub(super) fn slot(&self) -> Slot {
        match &self.holds {
            Holds::Document(token, _) => token.slot(),
            Holds::Link(link) => link.opened().slot(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> TokenId {
        match &self.holds {
            Holds::Document(token, _) => token.id(),
            Holds::Link(link) => link.id(),
        }
    }

    /// The minute it was issued in.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        match &self.holds {
            Holds::Document(token, _) => token.issued_at(),
            Holds::Link(link) => link.opened().issued_at(),
        }
    }

    /// The last minute in which it opens, if it ends; every token that this program issues does.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        match &self.holds {
            Holds::Document(token, _) => token.expires_at(),
            Holds::Link(link) => link.expires_at(),
        }
    }

    /// How many opens count, if they are limited.
    #[must_use]
    pub fn max_opens(&self) -> Option<u32> {
        self.claims().max_opens.map(ClaimValue::value)
    }

    /// The number of its profile, which may be unknown here.
    #[must_use]
    pub fn profile(&self) -> Option<ClaimValue> {
        self.claims().profile
    }

    /// Whether it takes a PIN.
    #[must_use]
    pub fn needs_pin(&self) -> bool {
        self.claims().pin
    }

    /// Asks the ledger where the token stands, without changing anything: how many opens are left, if they are limited.
    ///
    /// # Errors
    ///
    /// Why it would not open: used up, revoked, locked, expired; or the store does not answer.
    pub async fn opens_left(
        &self,
        store: &dyn Store,
        now: UnixTime,
    ) -> Result<Option<u64>, OpeningError> {
        match self.standing(store, now).await? {
            Standing::Open { opens } => Ok(self.left_after(opens)),
            Standing::UsedUp { last_opened_at } => Err(OpeningError::UsedUp {
                id: self.id(),
                last_opened_at,
            }),
            standing => Err(self.dead_end(standing, now)),
        }
    }

    /// Whether the ledger's last open is so recent that who made it gets the document again with the same `open_id`. Changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// The store does not answer.
    pub async fn may_repeat(&self, store: &dyn Store, now: UnixTime) -> Result<bool, OpeningError> {
        let standing = self.standing(store, now).await?;
        Ok(match standing {
            Standing::Open { opens } => opens > 0,
            Standing::UsedUp { last_opened_at } => may_be_repeat(last_opened_at, now),
            _ => false,
        })
    }

    pub(super) async fn standing(
        &self,
        store: &dyn Store,
        now: UnixTime,
    ) -> Result<Standing, OpeningError> {
        let looked = store.look(self.stateful(), now).await;
        looked.map_err(Unavailable::about(self.id()))
    }

    /// Why a token that stands so does not open, whatever is tried.
    pub(super) fn dead_end(&self, standing: Standing, now: UnixTime) -> OpeningError {
        let id = self.id();
        match standing {
            Standing::Revoked(revocation) => OpeningError::Revoked(revocation),
            Standing::PinLocked => self.locked(LockedUntil::Reset, now),
            Standing::UsedUp { last_opened_at } => OpeningError::UsedUp { id, last_opened_at },
            Standing::Closed => OpeningError::Closed { id },
            Standing::Purged | Standing::Open { .. } => self.purged(),
        }
    }

    /// Too many wrong PINs were tried.
    pub(super) fn locked(&self, until: LockedUntil, now: UnixTime) -> OpeningError {
        OpeningError::PinLocked {
            id: self.id(),
            until,
            wait_secs: wait_secs(until, now),
        }
    }

    /// It ended before something that was purged: it has expired, whatever the clock says.
    pub(super) fn purged(&self) -> OpeningError {
        OpeningError::Expired {
            id: self.id(),
            at: self.stateful().expires_at,
        }
    }

    /// How many opens are left after so many.
    pub(super) fn left_after(&self, opens: u64) -> Option<u64> {
        self.max_opens()
            .map(|most| u64::from(most).saturating_sub(opens))
    }

    /// What the ledger must know.
    pub(super) fn stateful(&self) -> LedgerToken {
        /// A token with a PIN may lack an expiry, though none is issued so: it is remembered as long as one could say.
        const LONGEST_SECS: u64 = 60 * ClaimValue::MAX.value() as u64;
        LedgerToken {
            id: self.id(),
            issued_at: self.issued_at(),
            expires_at: self
                .expires_at()
                .unwrap_or_else(|| self.issued_at().plus_secs(LONGEST_SECS)),
            max_opens: self.max_opens(),
        }
    }
}

/// How many seconds a lock lasts from now; a day if only the issuer can end it.
pub(super) fn wait_secs(until: LockedUntil, now: UnixTime) -> u64 {
    match until {
        LockedUntil::Time(at) => at.as_secs().saturating_sub(now.as_secs()).max(1),
        LockedUntil::Reset => PIN_LONGEST_LOCK_SECS,
    }
}

/// Whether an open at this time may be one that was counted, again: whoever lost the answer gets it once more.
pub(super) fn may_be_repeat(last_opened_at: Option<UnixTime>, now: UnixTime) -> bool {
    last_opened_at.is_none_or(|last| now <= last.plus_secs(REPEAT_SECS))
}
