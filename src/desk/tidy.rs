//! What lists do by themselves: letting everybody out at an hour, and forgetting. In steps, between those of requests.

use jiff::civil::Time;

use super::settings::ListSettings;
use super::zone;
use crate::random;
use crate::store::{ExitAll, ListQuery, ListRecord, Store, StoreError};
use crate::token::UnixTime;

/// Codes that one step lets out.
const STEP: u32 = 200;

/// Lists that are looked at together.
const LISTS: u32 = 100;

const DAY_SECS: u64 = 24 * 60 * 60;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Rows that were taken out because of their age, or because they belonged to what is there no more.
    pub rows: u64,
}

/// Lets out at every list whose hour has come, forgets what is older than its list keeps it, and takes out what belongs to deleted
/// lists. A list at which that fails keeps no other from it.
///
/// # Errors
/// The last that the store said of a list; what was done is done.
pub async fn tidy(store: &dyn Store, now: UnixTime) -> Result<Tidied, StoreError> {
    let mut tidied = Tidied::default();
    let mut failed = None;
    let mut query = ListQuery {
        made_by: None,
        or_staff: false,
        after: None,
        limit: LISTS,
    };
    loop {
        let page = store.lists(query.clone()).await?;
        for list in &page.lists {
            if let Err(error) = tidy_one(store, list, now, &mut tidied).await {
                failed = Some(error);
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    loop {
        match store.purge_lists(now).await? {
            0 => return failed.map_or(Ok(tidied), Err),
            rows => tidied.rows += rows,
        }
    }
}

/// Lets out and forgets at one list.
async fn tidy_one(
    store: &dyn Store,
    list: &ListRecord,
    now: UnixTime,
    tidied: &mut Tidied,
) -> Result<(), StoreError> {
    let settings = ListSettings::of(list)?;
    let_out_if_due(store, list, &settings, now).await?;
    let kept_secs = u64::from(settings.retention_days) * DAY_SECS;
    let before = UnixTime::from_secs(now.as_secs().saturating_sub(kept_secs));
    // A day may have 25 hours; whoever entered today is known today.
    let today = zone::latest(Time::midnight(), now, &settings.zone());
    let before = before.min(today);
    loop {
        match store.forget_check_ins(list.id, before).await? {
            0 => return Ok(()),
            rows => tidied.rows += rows,
        }
    }
}

/// Lets everybody out of a list, if its hour has come since it was done last.
pub(super) async fn let_out_if_due(
    store: &dyn Store,
    list: &ListRecord,
    settings: &ListSettings,
    now: UnixTime,
) -> Result<(), StoreError> {
    if !settings.exits {
        return Ok(());
    }
    let zone = settings.zone();
    let hour = zone::latest(settings.exit_hour(), now, &zone);
    if list.exited_all_at >= hour {
        return Ok(());
    }
    loop {
        let random = random::bytes().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let step = ExitAll {
            list: list.id,
            before: hour,
            day: zone::day(hour, &zone),
            limit: STEP,
            random: *random,
        };
        if !store.exit_all(step).await? {
            return Ok(());
        }
    }
}
