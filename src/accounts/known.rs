//! What a node keeps in memory of accounts: whether there are any.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::store::{Store, StoreError};

/// Whether an account was ever made, as this node read it last.
#[derive(Debug, Default)]
pub struct KnownAccounts(AtomicU8);

const NONE: u8 = 1;
const SOME: u8 = 2;

impl KnownAccounts {
    /// Whether an account was ever made, disabled ones too; `None` if that was never read.
    pub fn any(&self) -> Option<bool> {
        match self.0.load(Ordering::Relaxed) {
            NONE => Some(false),
            SOME => Some(true),
            _ => None,
        }
    }
}

/// Reads whether there are any. Accounts are never deleted: once there are, that is that.
///
/// # Errors
///
/// What the store says.
pub async fn refresh(store: &dyn Store, known: &KnownAccounts) -> Result<(), StoreError> {
    if known.any() != Some(true) {
        let read = match store.accounts().await?.is_empty() {
            true => NONE,
            false => SOME,
        };
        known.0.store(read, Ordering::Relaxed);
    }
    Ok(())
}
