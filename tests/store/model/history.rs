//! Histories, each made from its number alone.

use qrseal::store::{LedgerToken, OpenAttempt, OpenIdHash, PinTry, Revocation};
use qrseal::token::{TokenId, UnixTime};

use crate::actors::{DAY, HOUR, START, id, network};

/// What is done to the store.
#[derive(Debug, Clone)]
pub enum Action {
    Open(OpenAttempt),
    TryPin(PinTry),
    ResetPin(TokenId, UnixTime),
    Revoke(Revocation),
    Erase(TokenId, UnixTime),
    Purge(UnixTime),
    Look(LedgerToken, UnixTime),
    Receipt(TokenId),
    /// Receipts since the beginning of the history.
    List(UnixTime, UnixTime),
}

/// The groups of actions of one history.
pub struct History {
    random: Random,
    tokens: Vec<LedgerToken>,
    begin: UnixTime,
    now: UnixTime,
    groups_left: u64,
}

/// The time from the beginning of one history to that of the next. No token lives, and no clock jumps, for half as long.
const SPACING: u64 = 2000 * DAY;

impl History {
    pub fn new(number: u64) -> Self {
        let mut random = Random(number);
        let begin = START.plus_secs(number * SPACING);
        let tokens = [Some(1), Some(2), Some(5), None]
            .into_iter()
            .enumerate()
            .map(|(token, max_opens)| LedgerToken {
                id: id(number * 4 + u64::try_from(token).unwrap()),
                issued_at: begin,
                expires_at: begin.plus_secs(random.one_of(&[60, HOUR, 2 * HOUR, DAY, 30 * DAY])),
                max_opens,
            })
            .collect();
        Self {
            groups_left: random.below(24) + 2,
            random,
            tokens,
            begin,
            now: begin,
        }
    }

    fn step(&mut self) {
        let forward = [0, 0, 0, 1, 30, 60, 119, 120, 121, 900, HOUR, DAY, 400 * DAY];
        let back = [1, 60, 120, 121, HOUR, DAY, 400 * DAY];
        let now = self.now.as_secs();
        self.now = UnixTime::from_secs(if self.random.below(8) == 0 {
            let earlier = now - self.random.one_of(&back).min(now);
            earlier.max(self.begin.as_secs())
        } else {
            let latest = self.begin.as_secs() + SPACING / 2;
            (now + self.random.one_of(&forward)).min(latest)
        });
    }

    fn write(&mut self) -> Action {
        let token = self.random.one_of(&self.tokens);
        let now = self.now;
        match self.random.below(20) {
            0..10 => Action::Open(OpenAttempt {
                token,
                open_id: OpenIdHash([u8::try_from(self.random.below(4)).unwrap(); 16]),
                pin_from: match self.random.below(3) {
                    0 => Some(network(self.random.below(3))),
                    _ => None,
                },
                suspected_bot: self.random.below(4) == 0,
                now,
            }),
            10..15 => self.try_pin(token),
            15 => Action::ResetPin(token.id, now),
            16 | 17 => Action::Revoke(Revocation {
                id: token.id,
                at: now,
                reason: match self.random.below(2) {
                    0 => Some(format!("reason {}", self.random.below(9))),
                    _ => None,
                },
                by_holder: self.random.below(2) == 0,
                expires_at: match self.random.below(2) {
                    0 => Some(token.expires_at),
                    _ => None,
                },
            }),
            18 => Action::Erase(token.id, now),
            _ => Action::Purge(now),
        }
    }

    fn try_pin(&mut self, token: LedgerToken) -> Action {
        Action::TryPin(PinTry {
            token,
            network: network(self.random.below(6)),
            now: self.now,
        })
    }

    fn read(&mut self) -> Action {
        let token = self.random.one_of(&self.tokens);
        match self.random.below(3) {
            0 => Action::Look(token, self.now),
            1 => Action::Receipt(token.id),
            _ => Action::List(self.begin, self.now),
        }
    }
}

impl Iterator for History {
    type Item = Vec<Action>;

    fn next(&mut self) -> Option<Vec<Action>> {
        match self.groups_left.checked_sub(1) {
            None => return None,
            Some(left) => self.groups_left = left,
        }
        if self.groups_left == 0 {
            // Nothing is left for the history after this.
            return Some(vec![Action::Purge(self.begin.plus_secs(SPACING - DAY))]);
        }
        self.step();
        Some(match self.random.below(12) {
            0..3 => vec![self.read()],
            3 => {
                // More tries than any token gives.
                let token = self.random.one_of(&self.tokens);
                (0..24).map(|_| self.try_pin(token)).collect()
            }
            _ => (0..=self.random.below(5)).map(|_| self.write()).collect(),
        })
    }
}

/// The generator `SplitMix64`: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let count = u64::try_from(all.len()).unwrap();
        all[usize::try_from(self.below(count)).unwrap()]
    }
}
