//! The revocations as a node knows them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use crate::store::{Revocation, RevocationCursor};
use crate::token::{TokenId, UnixTime};

/// How many parts the list has, each with a lock of its own: readers of different tokens do not meet, and a new
/// revocation copies nothing.
const PARTS: usize = 64;

/// The revocations that this node has read. Looking one up costs tens of nanoseconds.
#[derive(Debug)]
pub struct RevocationList {
    parts: [RwLock<HashMap<TokenId, Kept>>; PARTS],
    read: AtomicBool,
    cursor: Mutex<RevocationCursor>,
    /// The latest expiry that was purged, in seconds since 1970.
    purged_to: AtomicU64,
}

/// A revocation without what its key says already.
#[derive(Debug)]
struct Kept {
    at: UnixTime,
    reason: Option<Box<str>>,
    by_holder: bool,
    expires_at: Option<UnixTime>,
}

/// The list was never read: nothing can be said about any token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the revocations have not been read yet")]
pub struct NotReadYet;

impl Default for RevocationList {
    /// A list that was never read.
    fn default() -> Self {
        Self {
            parts: std::array::from_fn(|_| RwLock::default()),
            read: AtomicBool::new(false),
            cursor: Mutex::default(),
            purged_to: AtomicU64::new(0),
        }
    }
}

impl RevocationList {
    /// A list that was read and holds nothing: where there is no store yet, nothing was ever revoked.
    #[must_use]
    pub fn empty() -> Self {
        let list = Self::default();
        list.set_read();
        list
    }

    /// The revocation of this token, if it was revoked.
    ///
    /// # Errors
    ///
    /// [`NotReadYet`], until the list was read once.
    pub fn find(&self, id: TokenId) -> Result<Option<Revocation>, NotReadYet> {
        if !self.is_read() {
            return Err(NotReadYet);
        }
        let part = self.part(id).read().unwrap_or_else(PoisonError::into_inner);
        Ok(part.get(&id).map(|kept| kept.revocation(id)))
    }

    /// Whether the list was read once, to its end.
    pub fn is_read(&self) -> bool {
        self.read.load(Ordering::Acquire)
    }

    /// Adds a revocation, or what is known better about one.
    pub fn add(&self, revocation: Revocation) {
        let id = revocation.id;
        let mut part = self
            .part(id)
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        part.insert(id, Kept::from(revocation));
    }

    /// Notes the latest expiry that was purged, and forgets what ended by then.
    pub(super) fn set_purged_to(&self, at: UnixTime) {
        let before = self.purged_to.fetch_max(at.as_secs(), Ordering::Relaxed);
        if before >= at.as_secs() {
            return;
        }
        for part in &self.parts {
            let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
            part.retain(|_, kept| kept.expires_at.is_none_or(|expires_at| expires_at > at));
        }
    }

    /// Notes that everything up to the end was added.
    pub(super) fn set_read(&self) {
        self.read.store(true, Ordering::Release);
    }

    /// Where reading goes on.
    pub(super) fn cursor(&self) -> RevocationCursor {
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes where reading goes on.
    pub(super) fn set_cursor(&self, cursor: RevocationCursor) {
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = cursor;
    }

    fn part(&self, id: TokenId) -> &RwLock<HashMap<TokenId, Kept>> {
        let [first, ..] = id.as_bytes();
        &self.parts[usize::from(*first) % PARTS]
    }
}

impl Kept {
    fn revocation(&self, id: TokenId) -> Revocation {
        Revocation {
            id,
            at: self.at,
            reason: self.reason.as_deref().map(str::to_owned),
            by_holder: self.by_holder,
            expires_at: self.expires_at,
        }
    }
}

impl From<Revocation> for Kept {
    fn from(revocation: Revocation) -> Self {
        Self {
            at: revocation.at,
            reason: revocation.reason.map(String::into_boxed_str),
            by_holder: revocation.by_holder,
            expires_at: revocation.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_173_000);

    fn revocation(id: &str, expires_at: Option<UnixTime>) -> Revocation {
        Revocation {
            id: id.parse().unwrap(),
            at: NOW,
            reason: Some("lost".to_owned()),
            by_holder: false,
            expires_at,
        }
    }

    #[test]
    fn a_list_that_was_never_read_says_nothing_about_any_token() {
        let list = RevocationList::default();
        let revoked = revocation("00019abcdef0ff102030405f", None);
        list.add(revoked.clone());
        assert_eq!(list.find(revoked.id), Err(NotReadYet));
        list.set_read();
        assert_eq!(list.find(revoked.id), Ok(Some(revoked)));
        let other = "ff019abcdef0ff102030405f".parse().unwrap();
        assert_eq!(list.find(other), Ok(None));
    }

    #[test]
    fn what_was_purged_is_forgotten_and_what_does_not_end_stays() {
        let list = RevocationList::default();
        list.set_read();
        let ends = revocation("00019abcdef0ff102030405f", Some(NOW));
        let stays = revocation("01019abcdef0ff102030405f", None);
        list.add(ends.clone());
        list.add(stays.clone());
        list.set_purged_to(UnixTime::from_secs(NOW.as_secs() - 1));
        assert_eq!(list.find(ends.id), Ok(Some(ends.clone())));
        list.set_purged_to(NOW);
        assert_eq!(list.find(ends.id), Ok(None));
        assert_eq!(list.find(stays.id), Ok(Some(stays)));
    }
}
