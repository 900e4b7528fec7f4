//! How much room stored documents have.

use std::sync::atomic::{AtomicU64, Ordering};

use super::idempotent::client_digest;
use crate::store::{Share, Store, StoreError};
use crate::token::Keyring;

/// The room of all stored documents together, as this node knows it: what the store had when it was asked last, and what this
/// node put there since. What other nodes put there is seen with the next [`StoredRoom::look`], so that several nodes may go
/// beyond the limit by what they store between two looks.
#[derive(Debug)]
pub struct StoredRoom {
    most_bytes: Option<u64>,
    bytes: AtomicU64,
}

impl StoredRoom {
    /// Room for so many bytes; `None`: without limit.
    #[must_use]
    pub fn new(most_bytes: Option<u64>) -> Self {
        Self {
            most_bytes,
            bytes: AtomicU64::new(0),
        }
    }

    /// Asks the store how much there is.
    ///
    /// # Errors
    /// What the store says.
    pub async fn look(&self, store: &dyn Store) -> Result<(), StoreError> {
        if self.most_bytes.is_some() {
            self.bytes
                .store(store.stored_bytes().await?, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Takes the room of a record.
    ///
    /// # Errors
    /// [`NoRoom::Store`]
    pub fn take(&self, bytes: usize) -> Result<(), NoRoom> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        match self.most_bytes {
            Some(most) if before.saturating_add(bytes) > most => {
                self.give_back(bytes);
                Err(NoRoom::Store)
            }
            _ => Ok(()),
        }
    }

    fn give_back(&self, bytes: u64) {
        let less = |there: u64| Some(there.saturating_sub(bytes));
        let _before = self
            .bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

/// What a client without an API key may have in the store: so much for all who come from its network.
#[must_use]
pub fn share_of_client(keyring: &Keyring, network: Option<&str>, most_bytes: u64) -> Share {
    let [of @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        client_digest(keyring, "stored-share", network.unwrap_or_default());
    Share { of, most_bytes }
}

/// Why a document was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// The store has as much as it may hold.
    #[error("the store has as many documents as it may hold")]
    Store,
    /// Whoever asked, without an API key, has as much there as one may.
    #[error("documents of one client may take {most_bytes} bytes in the store")]
    Share {
        /// The share.
        most_bytes: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_until_none_is_left_and_a_refusal_takes_nothing() {
        let room = StoredRoom::new(Some(100));
        assert_eq!(room.take(60), Ok(()));
        assert_eq!(room.take(41), Err(NoRoom::Store));
        assert_eq!(room.take(40), Ok(()));
        assert_eq!(room.take(1), Err(NoRoom::Store));
        let without_limit = StoredRoom::new(None);
        assert_eq!(without_limit.take(usize::MAX), Ok(()));
        assert_eq!(without_limit.take(usize::MAX), Ok(()));
    }
}
