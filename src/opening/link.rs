//! A dynamic link as a scan finds it: authentic, whether it leads anywhere now or not.

use std::fmt;

use crate::store::{RecordKind, StoredRecord};
use crate::token::{Keyring, OpenedLink, RecordError, TokenId, UnixTime, open_link};

/// An authentic link, and what its row says besides. Its time is not looked at: that it has ended is not the end of it
/// (`links`).
pub struct FoundLink {
    opened: OpenedLink,
    disabled: bool,
}

impl FoundLink {
    /// Opens the record of a link's row.
    ///
    /// # Errors
    /// [`RecordError::Unreadable`], also if the row is none of a link.
    pub fn open(keyring: &Keyring, row: &StoredRecord) -> Result<Option<Self>, RecordError> {
        let Some(record) = &row.record else {
            return Ok(None);
        };
        let link = row.link.as_ref().filter(|_| row.kind == RecordKind::Link);
        let link = link.ok_or(RecordError::Unreadable)?;
        let opened = open_link(keyring, (row.slot, row.id), row.head, record)?;
        Ok(Some(Self {
            opened,
            disabled: link.disabled,
        }))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.opened.id()
    }

    /// What was sealed.
    #[must_use]
    pub fn opened(&self) -> &OpenedLink {
        &self.opened
    }

    /// Whether its owner switched it off.
    #[must_use]
    pub fn disabled(&self) -> bool {
        self.disabled
    }

    /// The beginning of the last minute in which it leads anywhere.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixTime> {
        self.opened.expires_at()
    }

    /// Whether a scan of it takes a button: it is limited or has a PIN.
    #[must_use]
    pub fn is_stateful(&self) -> bool {
        self.opened.claims().max_opens.is_some() || self.opened.claims().pin
    }
}

impl fmt::Debug for FoundLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.opened.fmt(f)
    }
}
