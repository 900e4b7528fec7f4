//! The model: a list in memory, one action after the other.

use std::collections::{HashMap, HashSet};

use qrseal::store::{CheckIn, CheckInId, CheckInKind, CheckInOutcome, Entries};
use qrseal::token::{TokenId, UnixTime};

use super::{Action, rules_of};

/// What an action came to.
#[derive(Debug, PartialEq)]
pub enum Told {
    Judged {
        id: CheckInId,
        outcome: CheckInOutcome,
        people: u64,
        no_entry: bool,
        undone: bool,
        replayed: bool,
        inside: u64,
        first_at: Option<UnixTime>,
        because: Option<CheckInId>,
    },
    AnotherRequest,
    Undone(CheckInId, u64),
    NotUndone(String),
    Nothing,
}

/// An attempt, or an exit that the list made by itself.
struct Row {
    id: Option<CheckInId>,
    digest: [u8; 32],
    token: TokenId,
    kind: CheckInKind,
    at: UnixTime,
    day: u32,
    outcome: CheckInOutcome,
    people: u64,
    no_entry: bool,
    undone: bool,
    because: Option<CheckInId>,
}

/// What stays of a code when its rows are forgotten.
#[derive(Default)]
struct Known {
    inside: u64,
    entries: u64,
    first_at: Option<UnixTime>,
    entered_at: Option<UnixTime>,
    entered_day: Option<u32>,
    /// The place of the row that was made last and not undone; `None` also for one of the list's own.
    last: Option<CheckInId>,
}

#[derive(Default)]
pub struct Reference {
    rows: Vec<Row>,
    known: HashMap<TokenId, Known>,
    revoked: HashSet<TokenId>,
    /// Whether an exit was undone: then more may be inside than may be.
    pub undone_exit: bool,
}

impl Reference {
    pub fn inside(&self) -> u64 {
        self.known.values().map(|known| known.inside).sum()
    }

    pub fn act(&mut self, action: &Action, made: &[CheckIn]) -> Told {
        match action {
            Action::CheckIn(request) => self.check_in(request),
            Action::Undo { back, by, any, now } => {
                self.undo(&made[made.len() - 1 - back], *by, *any, *now)
            }
            Action::Revoke(token, _) => {
                self.revoked.insert(crate::actors::id(*token));
                Told::Nothing
            }
            Action::ExitAll(before) => {
                self.exit_all(*before);
                Told::Nothing
            }
            Action::Forget(before) => {
                self.rows.retain(|row| row.at >= *before);
                for known in self.known.values_mut() {
                    if known.inside == 0 && known.entered_at.is_some_and(|at| at < *before) {
                        known.first_at = None;
                        known.entered_at = None;
                        known.entered_day = None;
                        known.last = None;
                    }
                    known.first_at = known.first_at.filter(|at| *at >= *before);
                }
                Told::Nothing
            }
        }
    }

    fn check_in(&mut self, request: &CheckIn) -> Told {
        if let Some(row) = self.rows.iter().position(|row| row.id == Some(request.id)) {
            return match self.rows[row].digest == request.digest {
                true => self.told(row, true),
                false => Told::AnotherRequest,
            };
        }
        let token = request.token.unwrap();
        let rules = rules_of(request);
        self.known.entry(token.id).or_default();
        let inside: u64 = self.known.values().map(|known| known.inside).sum();
        let known = self.known.get_mut(&token.id).unwrap();
        let (now, people) = (request.now, u64::from(rules.people));
        let mut row = Row {
            id: Some(request.id),
            digest: request.digest,
            token: token.id,
            kind: request.kind,
            at: now,
            day: request.day,
            outcome: CheckInOutcome::LetOut,
            people: 0,
            no_entry: false,
            undone: false,
            because: None,
        };
        match request.kind {
            CheckInKind::Exit => {
                row.no_entry = known.inside == 0;
                row.people = match rules.entries {
                    Entries::Many => known.inside.min(people),
                    _ => known.inside,
                };
                known.inside -= row.people;
                known.last = row.id;
            }
            CheckInKind::Entry => {
                let in_already = match rules.entries {
                    Entries::Many => false,
                    _ if rules.exits => known.inside > 0,
                    Entries::Once => known.entries > 0,
                    Entries::OnceADay => known.entered_day == Some(request.day),
                };
                let outside = rules.opens_at.is_some_and(|at| now < at)
                    || rules.closes_at.is_some_and(|at| now >= at);
                let ends = token.expires_at.map(|at| at.plus_secs(60));
                row.outcome = if outside {
                    CheckInOutcome::OutsideWindow
                } else if self.revoked.contains(&token.id) {
                    CheckInOutcome::Revoked
                } else if ends.is_some_and(|at| now >= at) {
                    CheckInOutcome::Expired
                } else if in_already {
                    CheckInOutcome::AlreadyRedeemed
                } else if rules
                    .max_inside
                    .is_some_and(|most| inside + people > most.into())
                {
                    CheckInOutcome::ListFull
                } else {
                    CheckInOutcome::LetIn
                };
                match row.outcome {
                    CheckInOutcome::LetIn => {
                        row.people = people;
                        known.inside += if rules.exits { people } else { 0 };
                        known.entries += 1;
                        known.first_at = known.first_at.or(Some(now));
                        known.entered_at = Some(now);
                        known.entered_day = Some(request.day);
                        known.last = row.id;
                    }
                    CheckInOutcome::AlreadyRedeemed => {
                        let mut entries = self.rows.iter().filter(|row| row.token == token.id);
                        row.because = entries
                            .rfind(|row| row.outcome == CheckInOutcome::LetIn && !row.undone)
                            .and_then(|row| row.id);
                    }
                    _ => {}
                }
            }
        }
        self.rows.push(row);
        self.told(self.rows.len() - 1, false)
    }

    fn told(&self, row: usize, replayed: bool) -> Told {
        let row = &self.rows[row];
        let there = |id: &CheckInId| self.rows.iter().any(|row| row.id == Some(*id));
        Told::Judged {
            id: row.id.unwrap(),
            outcome: row.outcome,
            people: row.people,
            no_entry: row.no_entry,
            undone: row.undone,
            replayed,
            inside: self.inside(),
            first_at: self.known[&row.token].first_at,
            because: row.because.filter(there),
        }
    }

    fn undo(
        &mut self,
        request: &CheckIn,
        by: qrseal::principal::Principal,
        any: bool,
        now: UnixTime,
    ) -> Told {
        let not = |why: &str| Told::NotUndone(why.to_owned());
        let Some(place) = self.rows.iter().position(|row| row.id == Some(request.id)) else {
            return not("Unknown");
        };
        let row = &self.rows[place];
        if !any && request.made_by != by {
            return not("NotYours");
        }
        if row.undone {
            return Told::Undone(request.id, self.inside());
        }
        let passed =
            |row: &Row| matches!(row.outcome, CheckInOutcome::LetIn | CheckInOutcome::LetOut);
        if !passed(row) {
            return not("Refusal");
        }
        if !any && now > row.at.plus_secs(900) {
            return not("TooLate");
        }
        let (token, kind, people) = (row.token, row.kind, row.people);
        if self.known[&token].last != Some(request.id) {
            return not("NotLatest");
        }
        self.rows[place].undone = true;
        let left: Vec<_> = self
            .rows
            .iter()
            .filter(|row| row.token == token && passed(row) && !row.undone)
            .collect();
        let entry = left.iter().rev().find(|row| row.kind == CheckInKind::Entry);
        let entry = entry.map(|row| (row.at, row.day));
        let last = left.last().and_then(|row| row.id);
        let known = self.known.get_mut(&token).unwrap();
        match kind {
            CheckInKind::Entry => {
                known.inside -= people.min(known.inside);
                known.entries -= 1;
            }
            CheckInKind::Exit => {
                known.inside += people;
                self.undone_exit = true;
            }
        }
        if known.entries == 0 {
            known.first_at = None;
        }
        known.entered_at = entry.map(|(at, _)| at);
        known.entered_day = entry.map(|(_, day)| day);
        known.last = last;
        Told::Undone(request.id, self.inside())
    }

    fn exit_all(&mut self, before: UnixTime) {
        for (token, known) in &mut self.known {
            if known.inside > 0 && known.entered_at.is_none_or(|at| at < before) {
                self.rows.push(Row {
                    id: None,
                    digest: [0; 32],
                    token: *token,
                    kind: CheckInKind::Exit,
                    at: before,
                    day: 0,
                    outcome: CheckInOutcome::LetOut,
                    people: known.inside,
                    no_entry: false,
                    undone: false,
                    because: None,
                });
                known.inside = 0;
                known.last = None;
            }
        }
    }
}
