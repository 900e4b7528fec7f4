//! The words of the log: what is done, and to what. They stand in stores and exports, so none ever changes.

use std::fmt;
use std::str::FromStr;

use crate::store::{AccountId, ApiKeyId, CheckInId, ListId, PassId};
use crate::token::{Slot, TokenId};

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// A token whose document is in the store.
    Issue,
    /// A token's end before its time, or a pass's.
    Revoke,
    /// What a stored token or a link leads to; the role or name of an account.
    Change,
    /// What is stored is taken out, at somebody's wish.
    Delete,
    /// A PIN's tries and locks are forgotten.
    ResetPin,
    /// What a receipt tells of opens is forgotten.
    EraseOpens,
    /// Reports of what a visitor wrote are forgotten.
    Dismiss,
    /// An API key, an account, a list, or a pass.
    Create,
    /// An API key, an account, or a key of the keyring, is good no more.
    Disable,
    /// A key is added to the keyring, the first one too; samples of a profile are.
    Add,
    /// A key of the keyring seals from now on; new codes are made after samples.
    Promote,
    /// A key's secret is erased.
    Destroy,
    /// An account that was disabled is good again.
    Enable,
    /// A recovery code is made for an account.
    Recover,
    /// The password of an account is set.
    SetPassword,
    /// What an account made becomes another's.
    HandOver,
    /// Somebody signs in to an account, or a phone with a pass.
    SignIn,
    /// A session of an account ends.
    SignOut,
    /// A check-in is taken back.
    Undo,
    /// Somebody asks who was at a list, or what it keeps of an entry.
    Presence,
    /// What a list keeps of a document is erased.
    EraseVisit,
    /// The store is restored from a backup.
    Restore,
    /// What that closed may open again.
    Reopen,
    /// Somebody sees who is inside a list, or lets somebody out without their code.
    RollCall,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Issue,
        Self::Revoke,
        Self::Change,
        Self::Delete,
        Self::ResetPin,
        Self::EraseOpens,
        Self::Dismiss,
        Self::Create,
        Self::Disable,
        Self::Add,
        Self::Promote,
        Self::Destroy,
        Self::Enable,
        Self::Recover,
        Self::SetPassword,
        Self::HandOver,
        Self::SignIn,
        Self::SignOut,
        Self::Undo,
        Self::Presence,
        Self::EraseVisit,
        Self::Reopen,
        Self::Restore,
        Self::RollCall,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Revoke => "revoke",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::ResetPin => "reset_pin",
            Self::EraseOpens => "erase_opens",
            Self::Dismiss => "dismiss",
            Self::Create => "create",
            Self::Disable => "disable",
            Self::Add => "add",
            Self::Promote => "promote",
            Self::Destroy => "destroy",
            Self::Enable => "enable",
            Self::Recover => "recover",
            Self::SetPassword => "set_password",
            Self::HandOver => "hand_over",
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::Undo => "undo",
            Self::Presence => "presence",
            Self::EraseVisit => "erase_visit",
            Self::Restore => "restore",
            Self::Reopen => "reopen",
            Self::RollCall => "roll_call",
        }
    }
}

impl FromStr for Verb {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|verb| verb.as_str() == text)
            .ok_or(UnknownWord)
    }
}

/// A word that no verb has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a verb is issue, revoke, change, delete, reset_pin, erase_opens, dismiss, create, disable, add, promote, destroy, enable, recover, \
     set_password, hand_over, sign_in, sign_out, undo, presence, erase_visit, restore, reopen or roll_call"
)]
pub struct UnknownWord;

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A token.
    Token(TokenId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// A key of the keyring.
    Key(Slot),
    /// A person's account.
    Account(AccountId),
    /// A check-in list.
    List(ListId),
    /// A check-in.
    CheckIn(CheckInId),
    /// The store.
    Store,
    /// A pass of a list.
    Pass(PassId),
    /// A set of samples of a profile.
    Samples(u8),
}

impl What {
    /// The words of all kinds.
    pub const KINDS: [&'static str; 9] = [
        "token", "api_key", "key", "account", "list", "check_in", "store", "pass", "samples",
    ];

    /// The kind of this word.
    #[must_use]
    pub fn kind_of(word: &str) -> Option<&'static str> {
        Self::KINDS.into_iter().find(|kind| *kind == word)
    }

    /// The word of its kind.
    #[must_use]
    pub fn kind(self) -> &'static str {
        let [
            token,
            api_key,
            key,
            account,
            list,
            check_in,
            store,
            pass,
            samples,
        ] = Self::KINDS;
        match self {
            Self::Token(_) => token,
            Self::ApiKey(_) => api_key,
            Self::Key(_) => key,
            Self::Account(_) => account,
            Self::List(_) => list,
            Self::CheckIn(_) => check_in,
            Self::Store => store,
            Self::Pass(_) => pass,
            Self::Samples(_) => samples,
        }
    }
}

impl fmt::Display for What {
    /// Which one it is: the id of a token, list or check-in, the number of an API key, account, pass or set of samples,
    /// a key's slot.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => id.fmt(f),
            Self::ApiKey(id) => id.0.fmt(f),
            Self::Key(slot) => slot.fmt(f),
            Self::Account(id) => id.0.fmt(f),
            Self::List(id) => id.fmt(f),
            Self::CheckIn(id) => id.fmt(f),
            Self::Store => f.write_str("store"),
            Self::Pass(id) => id.0.fmt(f),
            Self::Samples(number) => number.fmt(f),
        }
    }
}
