//! `qrseal keys rotate`: a new key for all servers of a store, and no code that one of them cannot open.
//!
//! A key is added, every server says through the store that it has it, and only then it seals. Each step can be the last for
//! a while: the next call goes on from what is in the keyring.

use std::fmt;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::{KeyringFile, KeysError, add, load, promote};
use crate::store::{FoundNode, NODE_SILENT_SECS, Store, StoreError};
use crate::token::{FINGERPRINT_BYTES, KeyState, Keyring, Slot, UnixTime};

/// Slots that are left for rotations that cannot wait, such as after a theft: none by itself takes them.
const SPARE_SLOTS: usize = 4;

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

/// Adds the key that is to seal, unless one is there: the enabled key in the highest slot behind the one that seals.
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

/// The enabled key in the highest slot behind the one that seals. Slots are given in order, so that it was added after that one;
/// one that sealed before is among them, where an older key was promoted again: it must be disabled, or it is taken.
fn pending(keyring: &Keyring) -> Option<Slot> {
    let primary = keyring.primary().slot();
    let mut behind = keyring.keys().iter().rev();
    behind
        .find(|key| key.state() == KeyState::Enabled && key.slot() > primary)
        .map(crate::token::Key::slot)
}

/// What a step of a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the key that seals is not old.
    NotDue,
    /// A key was added. It seals when every server has it.
    Added(Slot),
    /// The key that was added seals from now on.
    Promoted(Slot),
}

/// What stands in the way of a rotation.
#[derive(Debug, thiserror::Error)]
pub enum Hindrance {
    /// Too few slots that no key was ever in.
    #[error(
        "only {0} of 32 slots are free, and the last {SPARE_SLOTS} are for rotations that cannot wait: rotate by hand, or \
         begin a new installation"
    )]
    Slots(usize),
    /// The server that rotates uses a keyring without the key.
    #[error("this server has not read the keyring with slot {0} yet")]
    NotRead(Slot),
    /// Servers without the key.
    #[error("these servers do not have the key of slot {slot} yet, see docs/keys.md: {}", listed(.servers))]
    Lacking {
        /// The key's slot.
        slot: Slot,
        /// The servers.
        servers: Vec<Lacking>,
    },
    /// The file cannot be read or changed.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The store cannot be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread that changes the file ended.
    #[error("{0}")]
    Thread(String),
}

fn listed(servers: &[Lacking]) -> String {
    let names: Vec<_> = servers.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// One step of a rotation that is due when the key that seals was made `every` ago. The file says what is due and what was added:
/// `in_use`, the keyring of the server that asks, may be older.
///
/// Must be called within a Tokio runtime.
///
/// # Errors
/// [`Hindrance`]: nothing was changed, and the next step may be tried later.
pub async fn step<E: fmt::Display + 'static>(
    store: &dyn Store,
    file: &KeyringFile,
    in_use: &Keyring,
    every: Duration,
    random: fn(&mut [u8]) -> Result<(), E>,
    now: UnixTime,
) -> Result<Step, Hindrance> {
    let written = on_thread(file, load).await?;
    let made = written.primary().created_at().as_secs();
    if now.as_secs().saturating_sub(made) < every.as_secs() {
        return Ok(Step::NotDue);
    }
    let Some(slot) = pending(&written) else {
        let free = Slot::all().count() - written.keys().len();
        if free < SPARE_SLOTS {
            return Err(Hindrance::Slots(free));
        }
        let mut random = random;
        let slot = on_thread(file, move |file| add(file, &mut random, now)).await?;
        return Ok(Step::Added(slot));
    };
    if in_use.fingerprint(slot).is_none() {
        return Err(Hindrance::NotRead(slot));
    }
    let servers = lacking(store, in_use, slot, &[], now).await?;
    if !servers.is_empty() {
        return Err(Hindrance::Lacking { slot, servers });
    }
    let mut random = random;
    on_thread(file, move |file| promote(file, &mut random, slot)).await?;
    Ok(Step::Promoted(slot))
}

/// Reads or changes the keyring's file, on a thread that may wait.
async fn on_thread<T: Send + 'static>(
    file: &KeyringFile,
    work: impl FnOnce(&KeyringFile) -> Result<T, KeysError> + Send + 'static,
) -> Result<T, Hindrance> {
    let file = file.clone();
    let done = spawn_blocking(move || work(&file)).await;
    Ok(done.map_err(|error| Hindrance::Thread(error.to_string()))??)
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
    lacking_fingerprint(store, keyring.fingerprint(slot), without, now).await
}

/// The same of anything that servers say by its fingerprint that they open codes with: samples of profiles, too.
///
/// # Errors
/// What the store says.
pub async fn lacking_fingerprint(
    store: &dyn Store,
    wanted: Option<[u8; FINGERPRINT_BYTES]>,
    without: &[String],
    now: UnixTime,
) -> Result<Vec<Lacking>, StoreError> {
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
