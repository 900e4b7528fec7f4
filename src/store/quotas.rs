//! How much of a day's quota is used.

use crate::token::UnixTime;

/// A request that is to count against the quota of a UTC day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaTake {
    /// Whose quota: at most 64 bytes, from which nobody learns an address.
    pub subject: Vec<u8>,
    /// Requests that the day has; `None` for any number.
    pub requests_per_day: Option<u64>,
    /// Bytes that the day has; `None` for any number.
    pub bytes_per_day: Option<u64>,
    /// Bytes of this request.
    pub bytes: u64,
    /// When.
    pub now: UnixTime,
}

/// Whether it counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaOutcome {
    /// It did, and this is what the day has seen with it.
    Taken {
        /// Requests.
        requests: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// It would be more than the day has. Nothing was counted.
    Spent {
        /// Whether it was the requests; else it was their bytes.
        requests: bool,
        /// Seconds to the next UTC day, by the store's clock: 1 to 86,400.
        wait_secs: u64,
    },
}
