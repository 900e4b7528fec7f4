//! Second factors of accounts as the store knows them: a sealed secret, and digests of backup codes.

use super::{AccountId, SecretHash, ShownFactor};
use crate::token::{Slot, UnixTime};

/// The second factor of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorRecord {
    /// Whose key sealed the secret.
    pub slot: Slot,
    /// The secret, sealed. It is another one for every second factor that was ever set.
    pub secret: Vec<u8>,
    /// The latest step of 30 seconds whose code counted.
    pub step: u64,
    /// When it was set.
    pub created_at: UnixTime,
    /// Backup codes that were not used yet.
    pub backup_codes: u64,
}

/// A second factor to be set.
#[derive(Debug, Clone)]
pub struct NewSecondFactor {
    /// Whose key sealed the secret.
    pub slot: Slot,
    /// The secret, sealed.
    pub secret: Vec<u8>,
    /// The step of the code that proved that somebody has the secret.
    pub step: u64,
    /// The backup codes.
    pub backup_codes: Vec<SecretHash>,
}

/// A change of the second factor of an account. It ends all sessions but the one that it is made in.
#[derive(Debug, Clone)]
pub struct ChangeSecondFactor {
    /// Of which account.
    pub account: AccountId,
    /// What changes.
    pub change: SecondFactorChange,
    /// The session that it is made in, of this account.
    pub session: SecretHash,
    /// When.
    pub now: UnixTime,
}

/// What changes of a second factor.
#[derive(Debug, Clone)]
pub enum SecondFactorChange {
    /// It is set, where there was none.
    Set(NewSecondFactor),
    /// Other backup codes in place of all before.
    BackupCodes(ShownFactor, Vec<SecretHash>),
    /// There is none any more.
    Remove(ShownFactor),
}
