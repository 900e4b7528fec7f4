//! API keys as the store knows them: by their hash.

use std::{fmt, str::FromStr};

use crate::principal::Principal;
use crate::token::UnixTime;

/// The number of an API key, for people: 1, 2, 3...
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiKeyId(pub u64);

/// SHA-256 of an API key. The key has 256 random bits: nothing slower is needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash(pub [u8; 32]);

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash")
    }
}

/// What an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Issue tokens.
    Issue,
    /// Read receipts of what it made.
    Read,
    /// Read all receipts.
    ReadAll,
    /// Revoke what it made, reset its PINs, erase its receipts.
    Revoke,
    /// The same for every token, and change every stored document.
    RevokeAll,
    /// Read the audit log.
    Audit,
    /// Make and change check-in lists.
    Lists,
    /// Check codes in and out.
    Check,
    /// Ask who was at a list, and erase visits.
    Visits,
}

impl Scope {
    /// All scopes, in the order in which they are written.
    pub const ALL: [Self; 9] = [
        Self::Issue,
        Self::Read,
        Self::ReadAll,
        Self::Revoke,
        Self::RevokeAll,
        Self::Audit,
        Self::Lists,
        Self::Check,
        Self::Visits,
    ];

    /// The scope's word: `issue`, `read`, `read:all`, `revoke`, `revoke:all`, `audit`, `lists`, `check`, `visits`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Read => "read",
            Self::ReadAll => "read:all",
            Self::Revoke => "revoke",
            Self::RevokeAll => "revoke:all",
            Self::Audit => "audit",
            Self::Lists => "lists",
            Self::Check => "check",
            Self::Visits => "visits",
        }
    }
}

/// A set of scopes, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// The set with every scope.
    pub const EVERY: Self = Self(0b1_1111_1111);

    /// The set of these, of which there is at least one.
    pub(super) fn of(scopes: &[Scope]) -> Self {
        debug_assert!(!scopes.is_empty(), "a set of scopes is never empty");
        Self(scopes.iter().fold(0, |bits, scope| bits | bit(*scope)))
    }

    /// Whether the set allows what `scope` does: who may do it to everything may do it to their own.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.names(scope)
            || match scope {
                Scope::Read => self.names(Scope::ReadAll),
                Scope::Revoke => self.names(Scope::RevokeAll),
                _ => false,
            }
    }

    fn names(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }
}

fn bit(scope: Scope) -> u16 {
    match scope {
        Scope::Issue => 1,
        Scope::Read => 2,
        Scope::Revoke => 4,
        Scope::Audit => 8,
        Scope::ReadAll => 16,
        Scope::RevokeAll => 32,
        Scope::Lists => 64,
        Scope::Check => 128,
        Scope::Visits => 256,
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for scope in Scope::ALL.into_iter().filter(|scope| self.names(*scope)) {
            if !first {
                f.write_str(",")?;
            }
            first = false;
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Scopes {
    type Err = ScopesError;

    /// Reads `issue,read,revoke:all` and the like, in any order, each at most once.
    fn from_str(text: &str) -> Result<Self, ScopesError> {
        let mut bits = 0;
        for word in text.split(',') {
            let scope = Scope::ALL
                .into_iter()
                .find(|scope| scope.as_str() == word.trim())
                .ok_or(ScopesError)?;
            if bits & bit(scope) != 0 {
                return Err(ScopesError);
            }
            bits |= bit(scope);
        }
        Ok(Self(bits))
    }
}

/// A text that names no set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "scopes are issue, read, read:all, revoke, revoke:all, audit, lists, check and visits, separated by commas, each once"
)]
pub struct ScopesError;

/// An API key to be added.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Its number, from [`Store::next_api_key_id`](super::Store::next_api_key_id).
    pub id: ApiKeyId,
    /// What its owner calls it: 1 to 64 characters.
    pub name: String,
    /// The hash by which it will be found.
    pub hash: KeyHash,
    /// What it may do.
    pub scopes: Scopes,
    /// When it ends, if it does.
    pub expires_at: Option<UnixTime>,
    /// Who made it.
    pub made_by: Option<Principal>,
    /// When.
    pub now: UnixTime,
}

/// An API key as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// Its number.
    pub id: ApiKeyId,
    /// What its owner calls it.
    pub name: String,
    /// The hash by which it is found.
    pub hash: KeyHash,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it ends, if it does.
    pub expires_at: Option<UnixTime>,
    /// When it was disabled, if it was.
    pub disabled_at: Option<UnixTime>,
    /// When it was last used, to the minute, if it was.
    pub last_used_at: Option<UnixTime>,
    /// Who made it, or has it from whoever did, if that is known.
    pub made_by: Option<Principal>,
}
