//! The vocabulary of reports: what holders say of documents that visitors wrote.

use super::LedgerEntry;
use crate::token::{TokenId, UnixTime};

/// What is wrong with a document, as its holder says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportReason {
    /// It tries to deceive.
    Fraud,
    /// It insults or threatens.
    Abuse,
    /// Something else.
    Other,
}

impl ReportReason {
    /// All of them. In stores each is a bit by its place here, so none ever moves.
    pub const ALL: [Self; 3] = [Self::Fraud, Self::Abuse, Self::Other];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fraud => "fraud",
            Self::Abuse => "abuse",
            Self::Other => "other",
        }
    }
}

/// A report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReport {
    /// The token.
    pub id: TokenId,
    /// What is wrong.
    pub reason: ReportReason,
    /// When.
    pub now: UnixTime,
}

/// Which reports to list.
#[derive(Debug, Clone, Copy)]
pub struct ReportQuery {
    /// Where the page before ended: the time of the last report and the token.
    pub after: Option<(UnixTime, TokenId)>,
    /// How many, 1 to 1,000.
    pub limit: u32,
}

/// A token that was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedToken {
    /// What the ledger knows of it, without its opens.
    pub entry: LedgerEntry,
    /// How often it was reported.
    pub reports: u64,
    /// What for, each once.
    pub reasons: Vec<ReportReason>,
    /// The last report.
    pub reported_at: UnixTime,
}
