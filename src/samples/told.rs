//! What the audit log knows of samples: which sets were ever added.

use super::SampleSet;
use crate::audit::{self, ListAudit, Verb, What};
use crate::cursor::MOST_ROWS;
use crate::store::{Store, StoreError};
use crate::token::Keyring;

/// A set that was added once, as the audit log tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldSet {
    /// Its number.
    pub number: u8,
    /// Its SHA-256 in hex; `None` if the row cannot be read any more.
    pub sha256: Option<String>,
}

impl ToldSet {
    /// Whether it may be this one.
    #[must_use]
    pub fn is(&self, set: &SampleSet) -> bool {
        let same = |sha256: &String| *sha256 == set.sha256();
        self.number == set.number() && self.sha256.as_ref().is_none_or(same)
    }
}

/// The sets that were added and that the audit log still tells of.
///
/// # Errors
/// What the store says.
pub async fn told_sets(store: &dyn Store, keyring: &Keyring) -> Result<Vec<ToldSet>, StoreError> {
    let mut told = Vec::new();
    let mut cursor = None;
    loop {
        let request = ListAudit {
            verb: Some(Verb::Add),
            what: Some(What::Samples(0).kind()),
            cursor,
            limit: MOST_ROWS,
            ..ListAudit::default()
        };
        let page = audit::list(store, keyring, request).await?;
        told.extend(page.rows.into_iter().filter_map(|row| {
            let details = row.details.unwrap_or_default();
            let sha256 = details.get("sha256").and_then(|sha256| sha256.as_str());
            Some(ToldSet {
                number: row.what_id.parse().ok()?,
                sha256: sha256.map(str::to_owned),
            })
        }));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(told);
        }
    }
}
