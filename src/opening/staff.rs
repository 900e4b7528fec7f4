//! A token for staff only: nothing of it is shown to whoever scans it.

use super::document::Place;
use crate::token::{ClaimValue, OpenedToken, TokenId, UnixTime};

/// An authentic token in force that opens at a desk only. What it holds is read by nobody who looks at it.
#[derive(Debug)]
pub struct StaffToken {
    token: OpenedToken,
    place: Place,
}

impl StaffToken {
    pub(super) fn new(token: OpenedToken, place: Place) -> Self {
        Self { token, place }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.token.id()
    }

    /// The minute it was issued in.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.token.issued_at()
    }

    /// The last minute in which it opens, if it ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.token.expires_at()
    }

    /// The number of its profile, which may be unknown here.
    #[must_use]
    pub fn profile(&self) -> Option<ClaimValue> {
        self.token.claims().profile
    }

    /// Whether somebody wrote it whom the issuer does not know.
    #[must_use]
    pub fn by_visitor(&self) -> bool {
        self.place.is_by_visitor()
    }
}
