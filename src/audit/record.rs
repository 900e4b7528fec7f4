//! A row, before it is written and as it is read.

use serde_json::{Map, Value};

use super::{Verb, What};
use crate::principal::Principal;
use crate::random::{self, NoRandomNumbers};
use crate::store::{AuditId, AuditRow};
use crate::token::{Keyring, Nonce, RowError, RowPlace, UnixTime};

/// Table and column of what is sealed.
const DETAILS: &str = "audit.details";

/// Who does something, and what its row is made of. For one row only.
#[derive(Debug)]
pub struct By<'a> {
    /// Who.
    pub principal: Principal,
    /// The keys; the primary one seals.
    pub keyring: &'a Keyring,
    /// Fresh random bytes: the row's id and nonce.
    pub random: [u8; By::RANDOM_BYTES],
}

impl<'a> By<'a> {
    /// Random bytes of a row.
    pub const RANDOM_BYTES: usize = 24;

    /// For one row.
    ///
    /// # Errors
    ///
    /// [`NoRandomNumbers`]; then nothing is to be changed.
    pub fn fresh(principal: Principal, keyring: &'a Keyring) -> Result<Self, NoRandomNumbers> {
        Ok(Self::new(principal, keyring, *random::bytes()?))
    }

    /// The same with given bytes.
    #[must_use]
    pub fn new(principal: Principal, keyring: &'a Keyring, random: [u8; 24]) -> Self {
        Self {
            principal,
            keyring,
            random,
        }
    }
}

/// The row that says so. `details` is an object; nobody reads it without the keyring, and none of the row is changed
/// without it and not noticed.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "its random bytes are for one row only"
)]
pub fn record(by: By<'_>, verb: Verb, what: What, details: &Value, now: UnixTime) -> AuditRow {
    let (id, nonce) = by.random.split_at(12);
    let twelve = |bytes: &[u8]| <[u8; 12]>::try_from(bytes).expect("half of 24");
    let mut row = AuditRow {
        happened_at: now,
        id: AuditId(twelve(id)),
        principal: by.principal.to_string(),
        verb: verb.as_str().to_owned(),
        what: what.kind().to_owned(),
        what_id: what.to_string(),
        slot: by.keyring.primary().slot(),
        details: Vec::new(),
    };
    let plain = details.to_string();
    let sealed = sealed_in(&row, |place| {
        let nonce = Nonce::from(twelve(nonce));
        by.keyring
            .seal_row(row.slot, place, plain.as_bytes(), nonce)
    });
    row.details = sealed.expect("the primary key has a secret");
    row
}

/// What a row keeps sealed, if the row is as it was written.
pub(super) fn details_of(
    row: &AuditRow,
    keyring: &Keyring,
) -> Result<Map<String, Value>, RowError> {
    let plain = sealed_in(row, |place| keyring.open_row(row.slot, place, &row.details))?;
    serde_json::from_slice(&plain).map_err(|_| RowError::Damaged)
}

/// The place of a row's details: beside all that the row says in clear.
fn sealed_in<T>(row: &AuditRow, seal_or_open: impl FnOnce(RowPlace<'_>) -> T) -> T {
    let happened_at = row.happened_at.as_secs().to_be_bytes();
    seal_or_open(RowPlace {
        column: DETAILS,
        id: &row.id.0,
        beside: &[
            &happened_at,
            row.principal.as_bytes(),
            row.verb.as_bytes(),
            row.what.as_bytes(),
            row.what_id.as_bytes(),
        ],
    })
}
