//! What does not work as it should while the server goes on with what it had before.
//!
//! Belongs here: the parts that can be so, and a word on each. Does not belong here: finding out; what keeps a part current tells.

use std::sync::atomic::{AtomicBool, Ordering};

/// A part of the server that can fail while the rest goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Revocations, API keys and accounts are read from it.
    Store,
    /// The keyring file.
    Keyring,
    /// The server's own certificate.
    Certificate,
    /// The files with hosts that no link leads to.
    BlockLists,
    /// The folder of profiles.
    Profiles,
    /// The chain of the audit log.
    AuditLog,
}

impl Part {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 6] = [
        Self::Store,
        Self::Keyring,
        Self::Certificate,
        Self::BlockLists,
        Self::Profiles,
        Self::AuditLog,
    ];

    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Keyring => "keyring",
            Self::Certificate => "certificate",
            Self::BlockLists => "block_lists",
            Self::Profiles => "profiles",
            Self::AuditLog => "audit_log",
        }
    }

    /// What it means if it fails; why it does is in the log.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Store => {
                "The store does not answer: what needs it is refused, and revocations and API keys are as they were read last."
            }
            Self::Keyring => "The keyring could not be reloaded; the one before stays in force.",
            Self::Certificate => {
                "The certificate has expired, or could not be reloaded and the one before stays in force."
            }
            Self::BlockLists => {
                "The block lists could not be reloaded; those before stay in force."
            }
            Self::Profiles => "A profile could not be reloaded; the one before stays in force.",
            Self::AuditLog => "The audit log could not be linked; its rows wait.",
        }
    }
}

/// Which parts fail.
#[derive(Debug, Default)]
pub struct Health([AtomicBool; Part::ALL.len()]);

impl Health {
    /// A part works, or does not.
    pub fn tell(&self, part: Part, works: bool) {
        self.0[part as usize].store(!works, Ordering::Relaxed);
    }

    /// Whether a part fails.
    #[must_use]
    pub fn fails(&self, part: Part) -> bool {
        self.0[part as usize].load(Ordering::Relaxed)
    }

    /// The parts that fail.
    pub fn failing(&self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(|part| self.fails(*part))
    }
}
