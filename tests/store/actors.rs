//! Tokens, clients and a clock for the rules to speak of.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use qrseal::store::{
    ApiKeyId, AuditId, AuditRow, Counted, LedgerToken, NetworkTag, OpenAttempt, OpenIdHash,
    OpenOutcome, PinTry, ReceiptQuery, Revocation, Store, StoreError,
};
use qrseal::token::{Slot, TokenId, UnixTime};

/// 2026-01-01T00:00:00Z, a full minute.
pub const START: UnixTime = UnixTime::from_secs(1_767_225_600);
pub const HOUR: u64 = 60 * 60;
pub const DAY: u64 = 24 * HOUR;

/// So many seconds after the start.
pub fn at(secs: u64) -> UnixTime {
    START.plus_secs(secs)
}

pub fn id(number: u64) -> TokenId {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    TokenId::from(bytes)
}

/// A token for so many opens, for a day from the start.
pub fn limited(number: u64, max_opens: u32) -> LedgerToken {
    LedgerToken {
        id: id(number),
        issued_at: START,
        expires_at: at(DAY),
        max_opens: Some(max_opens),
    }
}

/// A token that only has a PIN, for a day from the start.
pub fn with_pin(number: u64) -> LedgerToken {
    LedgerToken {
        max_opens: None,
        ..limited(number, 1)
    }
}

/// An attempt of the client whose `open_id` is `client`.
pub fn attempt(token: LedgerToken, client: u64, now: UnixTime) -> OpenAttempt {
    OpenAttempt {
        token,
        open_id: OpenIdHash(sixteen(client)),
        pin_from: None,
        suspected_bot: false,
        now,
    }
}

pub fn network(number: u64) -> NetworkTag {
    NetworkTag(sixteen(number))
}

pub fn pin_try(token: LedgerToken, from: u64, now: UnixTime) -> PinTry {
    PinTry {
        token,
        network: network(from),
        now,
    }
}

pub fn revocation(number: u64, now: UnixTime) -> Revocation {
    Revocation {
        id: id(number),
        at: now,
        reason: Some("lost in the post".to_owned()),
        by_holder: false,
        expires_at: None,
    }
}

/// A row of the audit log, new each time.
pub fn noted() -> AuditRow {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    noted_as(NEXT.fetch_add(1, Ordering::Relaxed), START)
}

/// The row of this number.
pub fn noted_as(number: u64, happened_at: UnixTime) -> AuditRow {
    let mut id = [0; 12];
    id[4..].copy_from_slice(&number.to_be_bytes());
    AuditRow {
        happened_at,
        id: AuditId(id),
        principal: "key:3".to_owned(),
        verb: "revoke".to_owned(),
        what: "token".to_owned(),
        what_id: number.to_string(),
        slot: Slot::try_from(0).unwrap(),
        details: number.to_be_bytes().to_vec(),
    }
}

/// All receipts, seen at `now`.
pub fn everything(now: UnixTime) -> ReceiptQuery {
    ReceiptQuery {
        state: None,
        since: None,
        until: None,
        note: None,
        made_by: None,
        after: None,
        limit: 1000,
        now,
    }
}

pub fn counted(opens: u64) -> OpenOutcome {
    OpenOutcome::Counted(Counted {
        opens,
        repeated: false,
    })
}

pub fn repeated(opens: u64) -> OpenOutcome {
    OpenOutcome::Counted(Counted {
        opens,
        repeated: true,
    })
}

/// Waits for an answer.
pub fn wait<T>(answer: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(answer)
}

/// The port without waiting: what a rule says in one line.
pub trait Now {
    fn open(&self, attempt: OpenAttempt) -> OpenOutcome;
    fn last_use(&self, key: ApiKeyId) -> Option<UnixTime>;
}

impl Now for dyn Store + '_ {
    fn open(&self, attempt: OpenAttempt) -> OpenOutcome {
        wait(self.count_open(attempt)).expect("the store works")
    }

    fn last_use(&self, key: ApiKeyId) -> Option<UnixTime> {
        wait(self.api_keys())
            .expect("the store works")
            .into_iter()
            .find(|record| record.id == key)
            .expect("the key is there")
            .last_used_at
    }
}

pub fn is_refused<T>(answer: &Result<T, StoreError>) -> bool {
    matches!(answer, Err(StoreError::Refused(_)))
}

fn sixteen(number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// What 32 clients got who asked at once, half of them through another node.
pub fn together<T: Send>(
    one: &Arc<dyn Store>,
    another: &Arc<dyn Store>,
    ask: impl Fn(&dyn Store, u64) -> T + Sync,
) -> Vec<T> {
    let barrier = Barrier::new(32);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|client| {
                let store = if client % 2 == 0 { one } else { another };
                let (barrier, ask) = (&barrier, &ask);
                scope.spawn(move || {
                    barrier.wait();
                    ask(store.as_ref(), client)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect()
    })
}
