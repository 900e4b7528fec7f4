//! `qrseal keys rotate`: a new key for all servers of a store, and no code that one of them cannot open.
//!
//! A key is added, every server says through the store that it has it, and only then it seals. Each step can be the last for
//! a while: the next call goes on from what is in the keyring.

use std::fmt;

use super::{KeyringFile, KeysError, add, load};
use crate::store::{FoundNode, NODE_SILENT_SECS, Store, StoreError};
use crate::token::{FINGERPRINT_BYTES, KeyState, Keyring, Slot, UnixTime};

/// Slots that are left for rotations that cannot wait, such as after a theft: none by itself takes them.
pub const SPARE_SLOTS: usize = 4;

/// How a rotation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A key was added now.
    Added(Slot),
    /// A key was added before, and does not seal yet.
    Pending(Slot),
}

impl Begun {
    /// The slot of the key that is to seal.
    #[must_use]
    pub fn slot(self) -> Slot {
        match self {
            Self::Added(slot) | Self::Pending(slot) => slot,
        }
    }
}

/// Adds the key that is to seal, unless one was added that never did.
///
/// # Errors
/// As [`add()`].
pub fn begin_rotation<E: fmt::Display>(
    file: &KeyringFile,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<Begun, KeysError> {
    match pending(&load(file)?) {
        Some(slot) => Ok(Begun::Pending(slot)),
        None => add(file, random, now).map(Begun::Added),
    }
}

/// The key that was added last and never sealed: it is behind the one that does, since slots are given in order.
#[must_use]
pub fn pending(keyring: &Keyring) -> Option<Slot> {
    let primary = keyring.primary().slot();
    let mut behind = keyring.keys().iter().rev();
    behind
        .find(|key| key.state() == KeyState::Enabled && key.slot() > primary)
        .map(crate::token::Key::slot)
}

/// How many slots no key was ever in.
#[must_use]
pub fn free_slots(keyring: &Keyring) -> usize {
    Slot::all().count() - keyring.keys().len()
}

/// A server that has not said that it has the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// Its name.
    pub name: String,
    /// For how long nothing was heard of it, if that is longer than it should be.
    pub silent_secs: Option<u64>,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.silent_secs {
            None => write!(f, "{} (it answers, and does not have the key)", self.name),
            Some(secs) => write!(f, "{} (it has not been heard of for {secs} s)", self.name),
        }
    }
}

/// The servers that have not said that they open codes of this key. One that does not answer is among them, whatever it said:
/// nobody knows which keyring it comes back with. `without` are names of those that will not.
///
/// # Errors
/// What the store says.
pub async fn lacking(
    store: &dyn Store,
    keyring: &Keyring,
    slot: Slot,
    without: &[String],
    now: UnixTime,
) -> Result<Vec<Lacking>, StoreError> {
    // A key that is not in this keyring nobody is known to have.
    let wanted = keyring.fingerprint(slot);
    let has = |node: &FoundNode| {
        let mut fingerprints = node.opens_with.chunks(FINGERPRINT_BYTES);
        node.silent_secs <= NODE_SILENT_SECS
            && fingerprints.any(|one| wanted.as_ref().is_some_and(|wanted| one == wanted))
    };
    let nodes = store.nodes(now).await?;
    Ok(nodes
        .into_iter()
        .filter(|node| !has(node) && !without.contains(&node.name))
        .map(|node| Lacking {
            name: node.name,
            silent_secs: (node.silent_secs > NODE_SILENT_SECS).then_some(node.silent_secs),
        })
        .collect())
}
