//! Accounts and sessions as the store knows them: by hashes of what people know and browsers hold.

use std::{fmt, str::FromStr};

use super::{Scope, Scopes};
use crate::token::UnixTime;

/// The number of an account: 1, 2, 3...
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u64);

/// How long a session may go unused.
pub const SESSION_IDLE_SECS: u64 = 12 * 60 * 60;
/// How long a session lasts at most.
pub const SESSION_SECS: u64 = 30 * 24 * 60 * 60;
/// The most sessions of an account; a further one ends the one that was unused longest.
pub const SESSIONS_PER_ACCOUNT: u32 = 20;

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, accounts and API keys too.
    Admin,
    /// Makes codes, sees and ends its own.
    Issuer,
    /// Sees what all made, makes check-in lists, and works at all of them.
    Manager,
    /// Scans at the desk of the lists that it was given.
    Scanner,
}

impl Role {
    /// All roles, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Issuer, Self::Manager, Self::Scanner];

    /// The role's word: `admin`, `issuer`, `manager`, `scanner`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Issuer => "issuer",
            Self::Manager => "manager",
            Self::Scanner => "scanner",
        }
    }

    /// What it may do of what API keys may, if anything.
    #[must_use]
    pub fn scopes(self) -> Option<Scopes> {
        match self {
            Self::Admin => Some(Scopes::EVERY),
            Self::Issuer => Some(Scopes::of(&[Scope::Issue, Scope::Read, Scope::Revoke])),
            Self::Manager => Some(Scopes::of(&[
                Scope::ReadAll,
                Scope::Lists,
                Scope::Check,
                Scope::Visits,
            ])),
            Self::Scanner => Some(Scopes::of(&[Scope::Check])),
        }
    }

    /// Whether it may do what takes `scope`.
    #[must_use]
    pub fn may(self, scope: Scope) -> bool {
        self.scopes().is_some_and(|scopes| scopes.contains(scope))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(RoleError)
    }
}

/// A word that no role has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is admin, issuer, manager or scanner")]
pub struct RoleError;

/// SHA-256 of 128 or more random bits: nothing slower is needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

/// A password as it is kept: the text form of Argon2id, with parameters and salt.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword(pub String);

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPassword")
    }
}

/// A recovery code that is good until some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRecovery {
    /// By which it will be found.
    pub hash: SecretHash,
    /// When it ends.
    pub ends_at: UnixTime,
}

/// An account to be added.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its number, from [`Store::next_account_id`](super::Store::next_account_id).
    pub id: AccountId,
    /// The name as it was given.
    pub name: String,
    /// The name by which it is found.
    pub folded_name: String,
    /// What others read.
    pub display_name: String,
    /// What it is for.
    pub role: Role,
    /// With which its password is set.
    pub recovery: NewRecovery,
    /// When.
    pub now: UnixTime,
}

/// An account as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its number.
    pub id: AccountId,
    /// The name as it was given.
    pub name: String,
    /// What others read.
    pub display_name: String,
    /// What it is for.
    pub role: Role,
    /// Its password, once it is set.
    pub password: Option<StoredPassword>,
    /// Until when its recovery code is good, if there is one.
    pub recovery_ends_at: Option<UnixTime>,
    /// From 1; one more with each change that somebody made.
    pub revision: u64,
    /// When it was made.
    pub created_at: UnixTime,
    /// When it was disabled, if it is.
    pub disabled_at: Option<UnixTime>,
    /// When somebody last signed in to it, if anybody did.
    pub last_signed_in_at: Option<UnixTime>,
    /// When its second factor was set, if it has one.
    pub second_factor_at: Option<UnixTime>,
}

/// By what an account is found.
#[derive(Debug, Clone)]
pub enum FindAccount {
    /// Its number.
    Id(AccountId),
    /// Its folded name.
    Name(String),
    /// A recovery code that is good now.
    Recovery(SecretHash),
}

/// A change to an account.
#[derive(Debug, Clone)]
pub struct ChangeAccount {
    /// Which.
    pub id: AccountId,
    /// What.
    pub change: AccountChange,
    /// The revision that whoever changes it has seen; `None` for any.
    pub if_revision: Option<u64>,
    /// When.
    pub now: UnixTime,
}

/// What is changed of an account.
#[derive(Debug, Clone)]
pub enum AccountChange {
    /// Its role and what others read. Another role ends its sessions.
    Described {
        /// The role.
        role: Role,
        /// The name that others read.
        display_name: String,
    },
    /// Nobody signs in any more; ends its sessions, and its recovery code.
    Disable,
    /// Somebody may sign in again.
    Enable,
    /// A new recovery code in place of any before; ends its sessions.
    Recovery {
        /// The code.
        code: NewRecovery,
        /// Whether the second factor goes, too: its device is lost.
        resets_second_factor: bool,
    },
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedAccount {
    /// It is so now.
    Done(AccountRecord),
    /// It has changed since it was seen.
    Conflict(AccountRecord),
    /// Without it there would be no admin any more who could sign in; nothing was changed.
    LastAdmin,
    /// There is no such account.
    Unknown,
}

/// What one account made is to be another's.
#[derive(Debug, Clone, Copy)]
pub struct HandOver {
    /// Whose it was.
    pub from: AccountId,
    /// Whose it is from now on.
    pub to: AccountId,
    /// When.
    pub now: UnixTime,
}

/// How much was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HandedOver {
    /// Codes, links among them.
    pub codes: u64,
    /// API keys.
    pub api_keys: u64,
    /// Check-in lists that it made, or was among the staff of.
    pub lists: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// A password to be set.
#[derive(Debug, Clone)]
pub struct SetPassword {
    /// Whose.
    pub id: AccountId,
    /// What allows it.
    pub allowed_by: AllowedBy,
    /// The password.
    pub password: StoredPassword,
    /// The session that begins; all others end. With a recovery code none begins where there is a second factor.
    pub session: NewSession,
    /// When.
    pub now: UnixTime,
}

/// What became of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordSet {
    /// What was to allow it is good no more; nothing was changed.
    Refused,
    /// It is set, and the session has begun.
    SignedIn,
    /// It is set. A session takes the second factor, too.
    NeedsSecondFactor,
}

/// What allows that a password is set.
#[derive(Debug, Clone)]
pub enum AllowedBy {
    /// A recovery code, which is good no more then.
    Recovery(SecretHash),
    /// The password before, and whose tries at it are forgiven.
    Password(StoredPassword, SignInTry),
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// By which it is found.
    pub hash: SecretHash,
    /// By which it is listed and ended.
    pub id: [u8; 12],
    /// What the browser said that it is; at most 200 characters.
    pub browser: String,
}

/// What somebody showed, which counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownFactor {
    /// The code of a step.
    Totp {
        /// The sealed secret that it is of.
        secret: Vec<u8>,
        /// The step.
        step: u64,
    },
    /// A backup code.
    Backup(SecretHash),
}

/// Somebody who knows the password signs in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// To which account.
    pub id: AccountId,
    /// The password that was compared: if it is another by now, nobody signs in.
    pub password: StoredPassword,
    /// The same password under today's parameters, if those have risen.
    pub rehashed: Option<StoredPassword>,
    /// The second factor, where there is one: without it nobody signs in there.
    pub shown: Option<ShownFactor>,
    /// The session that begins.
    pub session: NewSession,
    /// Whose tries are forgiven.
    pub tries: SignInTry,
}

/// A session as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// By which it is listed and ended.
    pub id: [u8; 12],
    /// Of which account.
    pub account: AccountId,
    /// When somebody signed in.
    pub created_at: UnixTime,
    /// When it was last used, to the minute.
    pub used_at: UnixTime,
    /// When it ends, if it is used until then.
    pub ends_at: UnixTime,
    /// When the password was last given in it.
    pub confirmed_at: UnixTime,
    /// What the browser said that it is.
    pub browser: String,
}

/// What happens with a session.
#[derive(Debug, Clone, Copy)]
pub enum SessionUse {
    /// It is used.
    Used,
    /// The password was given in it once more; whose tries are forgiven.
    Confirmed(SignInTry),
}

/// A try at signing in, as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct SignInTry {
    /// The place in the table.
    pub place: u16,
    /// A keyed digest of name and network.
    pub who: [u8; 16],
    /// When.
    pub now: UnixTime,
}

/// Whether a try is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInGate {
    /// Yes.
    Evaluate,
    /// Not before this time.
    Locked(UnixTime),
}
