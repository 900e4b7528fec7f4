//! The verb that makes what one account made another's.

use serde_json::json;

use crate::audit::{By, Verb, What, record};
use crate::principal::Principal;
use crate::store::{AccountId, HandOver, HandedOver, Store, StoreError};
use crate::token::UnixTime;

/// Why nothing, or not all, was handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// It is the same account.
    #[error("these are one account")]
    Same,
    /// There is no such account that could have it.
    #[error("the other account is not there, or disabled")]
    NobodyThere,
    /// The other account was disabled while it got it: it has this much, and the rest is where it was.
    #[error(
        "the other account was disabled meanwhile; it has {} codes and links, {} API keys and {} check-in lists of it",
        .0.codes, .0.api_keys, .0.lists
    )]
    DisabledMeanwhile(HandedOver),
    /// What the store says. Some may have been handed over; asked again, the rest is.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the codes, links, API keys and check-in lists of one account another's, all of them, and its work at lists. The audit log
/// has it once, with the first.
///
/// # Errors
///
/// [`HandOverError`]
pub async fn hand_over(
    store: &dyn Store,
    from: AccountId,
    to: AccountId,
    by: By<'_>,
    now: UnixTime,
) -> Result<HandedOver, HandOverError> {
    if from == to {
        return Err(HandOverError::Same);
    }
    let details = json!({ "to": Principal::Account(to.0).to_string() });
    let mut audit = Some(record(
        by,
        Verb::HandOver,
        What::Account(from),
        &details,
        now,
    ));
    let mut all = HandedOver::default();
    loop {
        let part = store
            .hand_over(HandOver { from, to, now }, audit.take())
            .await?;
        let Some(part) = part else {
            return Err(match all == HandedOver::default() {
                true => HandOverError::NobodyThere,
                false => HandOverError::DisabledMeanwhile(all),
            });
        };
        all.codes += part.codes;
        all.api_keys += part.api_keys;
        all.lists += part.lists;
        if !part.more {
            return Ok(all);
        }
    }
}
