//! The verb that looks whether rows were changed or taken out.

use serde::Serialize;

use super::Head;
use super::chain::{self, Sealed};
use super::walk::{Fit, Why, fit};
use crate::clock::rfc3339;
use crate::store::{AuditEnds, AuditId, AuditLink, FoundAuditRow, Store, StoreError};
use crate::token::{Keyring, TokenId, UnixTime};

/// The most rows that are read at once.
const TOGETHER: u32 = 1_000;

/// So often it is looked again if rows are pruned meanwhile.
const ATTEMPTS: u32 = 3;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Rows in the chain that fit.
    pub linked: u64,
    /// Rows of these whose key was destroyed: they are there, in order, and nobody can tell whether they were changed.
    pub unverifiable: u64,
    /// Rows that were taken out because of their age.
    pub pruned: u64,
    /// Rows that have no place in the chain yet. Of these none can be missed.
    pub unlinked: u64,
    /// When the oldest of these was written.
    pub oldest_unlinked_at: Option<String>,
    /// The end of the chain: keep it elsewhere, and give it the next time.
    pub head: Option<Head>,
    /// Exported heads that were compared.
    pub heads_compared: u64,
    /// Exported heads whose rows were pruned since.
    pub heads_pruned: u64,
    /// The first row that does not fit.
    pub misfit: Option<Misfit>,
}

/// A row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// The place in the chain; none of a row that has none yet.
    pub number: Option<u64>,
    /// The id of the row that stands there, if one does.
    pub id: Option<String>,
    /// What it says of its time.
    pub happened_at: Option<String>,
    /// Why, in words.
    pub why: String,
}

/// Reads the whole chain, and what is not in it yet. Looking changes nothing. `heads` are compared where they stood;
/// `progress` is told how many rows were read, of how many.
///
/// # Errors
///
/// What the store says: a row that cannot even be read, too.
pub async fn verify(
    store: &dyn Store,
    keyring: &Keyring,
    heads: &[Head],
    mut progress: impl FnMut(u64, u64),
) -> Result<Verified, StoreError> {
    let mut attempt = 1;
    loop {
        let ends = store.audit_ends().await?;
        let mut walk = Walk::new(keyring, heads, ends);
        walk.chain(store, &mut progress).await?;
        walk.unlinked(store).await?;
        // A server that prunes meanwhile takes out rows that this was about to read.
        let moved =
            AuditEnds::numbers(store.audit_ends().await?.as_ref()).1 != walk.pruned_number();
        if walk.found.misfit.is_none() || !moved || attempt == ATTEMPTS {
            return Ok(walk.found);
        }
        attempt += 1;
    }
}

struct Walk<'a> {
    keyring: &'a Keyring,
    heads: &'a [Head],
    ends: Option<AuditEnds>,
    last: Option<AuditLink>,
    found: Verified,
}

impl<'a> Walk<'a> {
    fn new(keyring: &'a Keyring, heads: &'a [Head], ends: Option<AuditEnds>) -> Self {
        let mut walk = Self {
            keyring,
            heads,
            ends,
            last: ends.and_then(|ends| ends.pruned),
            found: Verified {
                linked: 0,
                unverifiable: 0,
                pruned: 0,
                unlinked: 0,
                oldest_unlinked_at: None,
                head: ends.and_then(|ends| ends.head).map(Head::from),
                heads_compared: 0,
                heads_pruned: 0,
                misfit: None,
            },
        };
        walk.found.pruned = walk.pruned_number();
        walk
    }

    fn pruned_number(&self) -> u64 {
        self.ends.map_or(0, |ends| ends.pruned_number())
    }

    fn head_number(&self) -> u64 {
        self.ends.map_or(0, |ends| ends.head_number())
    }

    async fn chain(
        &mut self,
        store: &dyn Store,
        progress: &mut impl FnMut(u64, u64),
    ) -> Result<(), StoreError> {
        if let Some(ends) = &self.ends
            && !chain::are_ours(self.keyring, ends)
        {
            self.misfit(Some(ends.head_number()), None, Why::Ends);
            return Ok(());
        }
        self.heads_before();
        loop {
            let after = self.last.map_or(0, |last| last.number);
            let rows = store.audit_chain(after, TOGETHER).await?;
            for found in &rows {
                if !self.step(store, found).await? {
                    return Ok(());
                }
            }
            progress(self.found.linked, self.head_number() - self.pruned_number());
            if rows.is_empty() {
                break;
            }
        }
        self.end();
        Ok(())
    }

    /// Whether the walk goes on behind `found`.
    async fn step(&mut self, store: &dyn Store, found: &FoundAuditRow) -> Result<bool, StoreError> {
        let number = self.last.map_or(0, |last| last.number) + 1;
        if number > self.head_number() {
            // A server linked it since the ends were read; or nobody did.
            let ends = store.audit_ends().await?;
            if AuditEnds::numbers(ends.as_ref()).0 < number {
                self.misfit(Some(number), Some(found), Why::Changed);
            } else {
                self.end();
            }
            return Ok(false);
        }
        match fit(self.keyring, found, self.last) {
            Fit::Yes(link) => self.last = Some(link),
            Fit::Unknown(link) => {
                self.found.unverifiable += 1;
                self.last = Some(link);
            }
            Fit::No(why) => {
                self.misfit(Some(number), Some(found), why);
                return Ok(false);
            }
        }
        self.found.linked += 1;
        for head in self.heads.iter().filter(|head| head.number == number) {
            if self.last.map(Head::from).as_ref() != Some(head) {
                self.misfit(Some(number), Some(found), Why::NotTheHead);
                return Ok(false);
            }
            self.found.heads_compared += 1;
        }
        Ok(true)
    }

    /// Heads of rows that were pruned: the last of them is still known.
    fn heads_before(&mut self) {
        for head in self.heads {
            if head.number > self.pruned_number() {
                continue;
            }
            if head.number < self.pruned_number() {
                self.found.heads_pruned += 1;
            } else if self.last.map(Head::from).as_ref() == Some(head) {
                self.found.heads_compared += 1;
            } else {
                self.misfit(Some(head.number), None, Why::NotTheHead);
            }
        }
    }

    /// Whether the chain ends where it must.
    fn end(&mut self) {
        if self.last != self.ends.and_then(|ends| ends.head) {
            let number = self.last.map_or(0, |last| last.number) + 1;
            self.misfit(Some(number), None, Why::Cut);
        }
        let behind = self.heads.iter().map(|head| head.number);
        if let Some(number) = behind.filter(|number| *number > self.head_number()).min() {
            self.misfit(Some(number), None, Why::Cut);
        }
    }

    async fn unlinked(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let mut after: Option<(UnixTime, AuditId)> = None;
        loop {
            let rows = store.unlinked_audit_rows(after, TOGETHER).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = Some((last.happened_at, last.id));
            if self.found.unlinked == 0 {
                self.found.oldest_unlinked_at = rows.first().map(|row| rfc3339(row.happened_at));
            }
            for row in rows {
                self.found.unlinked += 1;
                if Sealed::of(&row, self.keyring) == Sealed::No {
                    let found = FoundAuditRow { row, link: None };
                    self.misfit(None, Some(&found), Why::Foreign);
                }
            }
        }
    }

    /// The first one stays.
    fn misfit(&mut self, number: Option<u64>, found: Option<&FoundAuditRow>, why: Why) {
        self.found.misfit.get_or_insert_with(|| Misfit {
            number,
            id: found.map(|found| TokenId::from(found.row.id.0).to_string()),
            happened_at: found.map(|found| rfc3339(found.row.happened_at)),
            why: why.to_string(),
        });
    }
}
