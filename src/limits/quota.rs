//! Quotas: so much a UTC day, counted by the store for all nodes together, and exact.

use super::Subject;
use crate::store::{QuotaOutcome, QuotaTake, Store, StoreError};
use crate::token::{Keyring, UnixTime};

/// What an API key, or a client where issuing needs none, may issue in a UTC day; `None`: as much as it likes. Only where
/// something is set does issuing ask the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DailyQuota {
    /// Requests.
    pub issues: Option<u64>,
    /// Bytes of their bodies.
    pub issue_bytes: Option<u64>,
}

impl DailyQuota {
    /// Whether anything is set.
    pub fn is_set(self) -> bool {
        self != Self::default()
    }
}

/// Why a request was not counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuotaSpent {
    /// It would be one request more than the day has.
    #[error("the day's requests are spent")]
    Requests {
        /// Requests that the day has.
        most: u64,
        /// Seconds to the next UTC day, 1 to 86,400.
        wait_secs: u64,
    },
    /// It would be more bytes than the day has.
    #[error("the day's bytes are spent")]
    Bytes {
        /// Bytes that the day has.
        most: u64,
        /// Seconds to the next UTC day, 1 to 86,400.
        wait_secs: u64,
    },
    /// The store did not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts a request to issue, of so many bytes, against the day's quota of `subject`.
///
/// A client's address is not stored but its digest under the primary key: after a rotation such a client begins anew.
///
/// # Errors
///
/// [`QuotaSpent`]; then nothing was counted, or after [`StoreError::Unknown`] the request at most.
pub async fn take_quota(
    store: &dyn Store,
    keyring: &Keyring,
    quota: DailyQuota,
    subject: Subject,
    bytes: u64,
    now: UnixTime,
) -> Result<(), QuotaSpent> {
    let subject = match subject {
        Subject::ApiKey(_) | Subject::Account(_) | Subject::Local => subject.to_bytes(),
        Subject::V4(_) | Subject::V6(_) | Subject::Unknown => keyring
            .ledger_digest(keyring.primary().slot(), "quota", &[&subject.to_bytes()])
            .expect("the primary key has a secret")
            .to_vec(),
    };
    let outcome = store
        .take_quota(QuotaTake {
            subject,
            requests_per_day: quota.issues,
            bytes_per_day: quota.issue_bytes,
            bytes,
            now,
        })
        .await?;
    match outcome {
        QuotaOutcome::Taken { .. } => Ok(()),
        QuotaOutcome::Spent {
            requests: true,
            wait_secs,
        } => Err(QuotaSpent::Requests {
            most: quota.issues.unwrap_or_default(),
            wait_secs,
        }),
        QuotaOutcome::Spent { wait_secs, .. } => Err(QuotaSpent::Bytes {
            most: quota.issue_bytes.unwrap_or_default(),
            wait_secs,
        }),
    }
}
