//! The model: what the port promises, in memory, one action after the other.

use std::collections::HashMap;

use qrseal::store::{
    Counted, Erased, LedgerEntry, LedgerToken, ListedReceipts, LockedUntil, NetworkTag,
    OpenAttempt, OpenIdHash, OpenOutcome, OpenRecord, PinGate, PinTry, Purged, Revocation,
    Standing,
};
use qrseal::token::{TokenId, UnixTime};

use super::Told;
use super::history::Action;

#[derive(Default)]
pub struct Reference {
    rows: HashMap<TokenId, Row>,
    purged_to: u64,
}

struct Row {
    entry: LedgerEntry,
    records: Vec<Record>,
    networks: HashMap<NetworkTag, Network>,
}

struct Record {
    open_id: OpenIdHash,
    open: OpenRecord,
    erased: bool,
    /// Whether the same `open_id` may still be a repeat of this one; a later open with it takes that over.
    is_latest: bool,
}

#[derive(Default, Clone, Copy)]
struct Network {
    tries: u32,
    spent: u32,
    locks: u32,
    locked_until: u64,
}

impl Reference {
    pub fn act(&mut self, action: &Action) -> Told {
        match action.clone() {
            Action::Open(attempt) => Told::Opened(self.open(attempt)),
            Action::TryPin(attempt) => Told::Tried(self.try_pin(attempt)),
            Action::ResetPin(id, now) => words(&self.reset_pin(id, now)),
            Action::Revoke(revocation) => words(&self.revoke(revocation)),
            Action::Erase(id, now) => words(&self.erase(id, now)),
            Action::Purge(now) => words(&self.purge(now)),
            Action::Look(token, _) => words(&self.look(token)),
            Action::Receipt(id) => words(&self.rows.get(&id).map(Row::receipt)),
            Action::List(since, _) => words(&self.list(since)),
        }
    }

    fn open(&mut self, attempt: OpenAttempt) -> OpenOutcome {
        let OpenAttempt { token, now, .. } = attempt;
        if let (Some(network), Some(row)) = (attempt.pin_from, self.rows.get_mut(&token.id)) {
            let forgiven = row.networks.remove(&network).unwrap_or_default().spent;
            row.entry.pin_tries = row.entry.pin_tries.saturating_sub(forgiven);
            row.entry.pin_wrong = row.entry.pin_wrong.saturating_sub(1);
        }
        if self.is_purged(token) {
            return OpenOutcome::Purged;
        }
        if let Some(row) = self.rows.get_mut(&token.id) {
            if let Some(revocation) = row.revocation() {
                return OpenOutcome::Revoked(revocation);
            }
            if row
                .records
                .iter()
                .any(|record| record.is_repeated_by(&attempt))
            {
                return OpenOutcome::Counted(Counted {
                    opens: row.entry.opens,
                    repeated: true,
                });
            }
            if token
                .max_opens
                .is_some_and(|most| row.entry.opens >= u64::from(most))
            {
                return OpenOutcome::UsedUp {
                    last_opened_at: row.entry.last_opened_at,
                };
            }
        }
        let row = self.meet(token, now);
        if row.entry.opens == 0 {
            row.entry.first_opened_at = Some(now);
        }
        row.entry.opens += 1;
        row.entry.last_opened_at = Some(now);
        for record in &mut row.records {
            record.is_latest &= record.open_id != attempt.open_id;
        }
        row.records.push(Record {
            open_id: attempt.open_id,
            open: OpenRecord {
                at: now,
                suspected_bot: attempt.suspected_bot,
            },
            erased: false,
            is_latest: true,
        });
        OpenOutcome::Counted(Counted {
            opens: row.entry.opens,
            repeated: false,
        })
    }

    fn try_pin(&mut self, attempt: PinTry) -> PinGate {
        let PinTry {
            token,
            network,
            now,
        } = attempt;
        if self.is_purged(token) {
            return PinGate::Purged;
        }
        if let Some(row) = self.rows.get(&token.id) {
            if row.entry.pin_tries >= 20 || row.entry.pin_wrong >= 100 {
                return PinGate::Locked(LockedUntil::Reset);
            }
            let of_network = row.networks.get(&network).copied().unwrap_or_default();
            if of_network.locked_until > now.as_secs() {
                let until = UnixTime::from_secs(of_network.locked_until);
                return PinGate::Locked(LockedUntil::Time(until));
            }
        }
        let row = self.meet(token, now);
        row.entry.pin_tries += 1;
        row.entry.pin_wrong += 1;
        let ever = 100 - row.entry.pin_wrong;
        let anywhere = 20 - row.entry.pin_tries;
        let of_network = row.networks.entry(network).or_default();
        of_network.tries += 1;
        of_network.spent += 1;
        let here = 5 - of_network.tries;
        if here == 0 {
            let minutes = (15 << of_network.locks).min(24 * 60);
            of_network.locked_until = now.as_secs() + minutes * 60;
            of_network.locks += 1;
            of_network.tries = 0;
        }
        PinGate::Evaluate {
            attempts_left: here.min(anywhere).min(ever),
        }
    }

    fn reset_pin(&mut self, id: TokenId, now: UnixTime) -> bool {
        let Some(row) = self.rows.get_mut(&id) else {
            return false;
        };
        row.networks.clear();
        row.entry.pin_tries = 0;
        row.entry.pin_wrong = 0;
        row.entry.updated_at = now;
        true
    }

    fn revoke(&mut self, revocation: Revocation) -> Revocation {
        let row = self
            .rows
            .entry(revocation.id)
            .or_insert(Row::new(revocation.id, revocation.at));
        row.entry.expires_at = row.entry.expires_at.or(revocation.expires_at);
        if row.entry.revoked.is_none() {
            row.entry.updated_at = revocation.at;
            row.entry.revoked = Some(revocation);
        }
        row.revocation().expect("it is revoked now")
    }

    fn erase(&mut self, id: TokenId, now: UnixTime) -> Erased {
        let Some(row) = self.rows.get_mut(&id) else {
            return Erased::Unknown;
        };
        row.entry.first_opened_at = None;
        row.entry.last_opened_at = None;
        row.entry.updated_at = now;
        row.records.retain(|record| record.is_near(now));
        for record in &mut row.records {
            record.erased = true;
        }
        Erased::Done
    }

    fn purge(&mut self, now: UnixTime) -> Purged {
        let mut purged = Purged::default();
        self.rows.retain(|_, row| {
            let ended = row
                .entry
                .expires_at
                .filter(|at| now >= at.plus_secs(60 + 60 * 60));
            if let Some(ended) = ended {
                self.purged_to = self.purged_to.max(ended.as_secs());
                match row.entry.revoked {
                    Some(_) => purged.revocations += 1,
                    None => purged.tokens += 1,
                }
            }
            row.records
                .retain(|record| !record.erased || record.is_near(now));
            ended.is_none()
        });
        purged
    }

    fn look(&self, token: LedgerToken) -> Standing {
        if self.is_purged(token) {
            return Standing::Purged;
        }
        let Some(row) = self.rows.get(&token.id) else {
            return Standing::Open { opens: 0 };
        };
        let opens = row.entry.opens;
        if let Some(revocation) = row.revocation() {
            Standing::Revoked(revocation)
        } else if token.max_opens.is_some_and(|most| opens >= u64::from(most)) {
            Standing::UsedUp {
                last_opened_at: row.entry.last_opened_at,
            }
        } else if row.entry.pin_tries >= 20 || row.entry.pin_wrong >= 100 {
            Standing::PinLocked
        } else {
            Standing::Open { opens }
        }
    }

    fn list(&self, since: UnixTime) -> ListedReceipts {
        let mut entries: Vec<_> = self
            .rows
            .values()
            .map(|row| LedgerEntry {
                opens_listed: Vec::new(),
                ..row.receipt()
            })
            .filter(|entry| entry.updated_at >= since)
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.updated_at, entry.id)));
        ListedReceipts {
            entries,
            next: None,
        }
    }

    fn is_purged(&self, token: LedgerToken) -> bool {
        token.expires_at.as_secs() <= self.purged_to
    }

    /// The row of a token that was shown.
    fn meet(&mut self, token: LedgerToken, now: UnixTime) -> &mut Row {
        let row = self.rows.entry(token.id).or_insert(Row::new(token.id, now));
        row.entry.issued_at = Some(token.issued_at);
        row.entry.expires_at = Some(token.expires_at);
        row.entry.max_opens = token.max_opens;
        row.entry.updated_at = now;
        row
    }
}

impl Row {
    fn new(id: TokenId, now: UnixTime) -> Self {
        Self {
            entry: LedgerEntry {
                id,
                issued_at: None,
                expires_at: None,
                max_opens: None,
                opens: 0,
                first_opened_at: None,
                last_opened_at: None,
                opens_listed: Vec::new(),
                revoked: None,
                pin_tries: 0,
                pin_wrong: 0,
                made_by: None,
                note: None,
                record: None,
                updated_at: now,
            },
            records: Vec::new(),
            networks: HashMap::new(),
        }
    }

    /// The revocation, with the expiry as it is known now.
    fn revocation(&self) -> Option<Revocation> {
        self.entry.revoked.clone().map(|revocation| Revocation {
            expires_at: self.entry.expires_at,
            ..revocation
        })
    }

    fn receipt(&self) -> LedgerEntry {
        LedgerEntry {
            revoked: self.revocation(),
            opens_listed: self
                .records
                .iter()
                .rev()
                .filter(|record| !record.erased)
                .map(|record| record.open)
                .collect(),
            ..self.entry.clone()
        }
    }
}

impl Record {
    fn is_near(&self, now: UnixTime) -> bool {
        self.open.at.as_secs().abs_diff(now.as_secs()) <= 120
    }

    fn is_repeated_by(&self, attempt: &OpenAttempt) -> bool {
        self.is_latest && self.open_id == attempt.open_id && self.is_near(attempt.now)
    }
}

fn words(told: &impl std::fmt::Debug) -> Told {
    Told::Other(format!("{told:?}"))
}
