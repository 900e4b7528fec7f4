//! The API keys as a node knows them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;

use super::ApiKey;
use crate::store::{ApiKeyId, ApiKeyRecord, KeyHash, Scopes};
use crate::token::UnixTime;

/// The keys that this node has read, found by their hash.
///
/// What is compared is the SHA-256 of 256 random bits: how long that takes tells nothing from which a key could be made.
#[derive(Debug, Default)]
pub struct KnownApiKeys(ArcSwapOption<HashMap<KeyHash, Known>>);

#[derive(Debug)]
struct Known {
    record: ApiKeyRecord,
    /// The beginning of the minute in which it was last used here, in seconds since 1970; 0 if it was not.
    used: Arc<AtomicU64>,
}

/// A key that was presented and is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// Its number.
    pub id: ApiKeyId,
    /// What it may do.
    pub scopes: Scopes,
}

/// Why a key is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The keys were never read.
    #[error("the API keys have not been read yet")]
    NotReadYet,
    /// There is no such key.
    #[error("there is no such API key")]
    Unknown,
    /// It was disabled.
    #[error("the API key was disabled")]
    Disabled,
    /// Its time has passed.
    #[error("the API key has expired")]
    Expired,
}

impl KnownApiKeys {
    /// Whether the keys were read once.
    pub fn is_read(&self) -> bool {
        self.0.load().is_some()
    }

    /// Whether a key was ever made, disabled ones too; `None` if the keys were never read.
    pub fn any(&self) -> Option<bool> {
        self.0.load().as_ref().map(|keys| !keys.is_empty())
    }

    /// What `key` may do, if it is good at `now`; notes that it was used.
    ///
    /// # Errors
    ///
    /// See [`Refused`].
    pub fn present(&self, key: &ApiKey, now: UnixTime) -> Result<Presented, Refused> {
        let keys = self.0.load();
        let keys = keys.as_ref().ok_or(Refused::NotReadYet)?;
        let known = keys.get(&key.hash()).ok_or(Refused::Unknown)?;
        if known.record.disabled_at.is_some() {
            return Err(Refused::Disabled);
        }
        if known.record.expires_at.is_some_and(|at| now >= at) {
            return Err(Refused::Expired);
        }
        let minute = now.as_secs() / 60 * 60;
        // Written once a minute, so that workers do not wait for each other's caches.
        if known.used.load(Ordering::Relaxed) < minute {
            known.used.fetch_max(minute, Ordering::Relaxed);
        }
        Ok(Presented {
            id: known.record.id,
            scopes: known.record.scopes,
        })
    }

    /// The minutes of last use that the store does not know yet.
    pub(super) fn uses(&self) -> Vec<(ApiKeyId, UnixTime)> {
        let keys = self.0.load();
        let used = |known: &Known| {
            let minute = known.used.load(Ordering::Relaxed);
            let stored = known.record.last_used_at.map_or(0, UnixTime::as_secs);
            (minute > stored).then(|| (known.record.id, UnixTime::from_secs(minute)))
        };
        keys.iter()
            .flat_map(|keys| keys.values())
            .filter_map(used)
            .collect()
    }

    /// These are the keys from now on.
    pub(super) fn replace(&self, records: Vec<ApiKeyRecord>) {
        let before = self.0.load();
        let used = |record: &ApiKeyRecord| {
            before
                .as_ref()
                .and_then(|keys| keys.get(&record.hash))
                .map_or_else(Arc::default, |known| Arc::clone(&known.used))
        };
        let keys = records
            .into_iter()
            .map(|record| {
                let used = used(&record);
                (record.hash, Known { record, used })
            })
            .collect();
        self.0.store(Some(Arc::new(keys)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_173_015);
    const MINUTE: UnixTime = UnixTime::from_secs(1_795_173_000);

    fn key() -> ApiKey {
        ApiKey::from_random(&[7; 32])
    }

    fn record() -> ApiKeyRecord {
        ApiKeyRecord {
            id: ApiKeyId(1),
            name: "shop".to_owned(),
            hash: key().hash(),
            scopes: "issue,read".parse().unwrap(),
            created_at: NOW,
            expires_at: Some(NOW.plus_secs(60)),
            disabled_at: None,
            last_used_at: None,
            made_by: None,
        }
    }

    fn known(record: ApiKeyRecord) -> KnownApiKeys {
        let keys = KnownApiKeys::default();
        keys.replace(vec![record]);
        keys
    }

    #[test]
    fn a_key_is_good_until_it_expires_or_is_disabled() {
        let keys = known(record());
        let presented = keys.present(&key(), NOW).unwrap();
        assert_eq!(presented.id, ApiKeyId(1));
        assert_eq!(presented.scopes.to_string(), "issue,read");
        let ended = keys.present(&key(), NOW.plus_secs(60));
        assert_eq!(ended, Err(Refused::Expired));
        let other = ApiKey::from_random(&[8; 32]);
        assert_eq!(keys.present(&other, NOW), Err(Refused::Unknown));
        let disabled = known(ApiKeyRecord {
            disabled_at: Some(NOW),
            ..record()
        });
        assert_eq!(disabled.present(&key(), NOW), Err(Refused::Disabled));
        assert_eq!(disabled.any(), Some(true), "a disabled key is a key");
    }

    #[test]
    fn keys_that_were_never_read_are_not_the_same_as_none() {
        let keys = KnownApiKeys::default();
        assert_eq!(keys.any(), None);
        assert_eq!(keys.present(&key(), NOW), Err(Refused::NotReadYet));
        keys.replace(Vec::new());
        assert_eq!(keys.any(), Some(false));
    }

    #[test]
    fn a_use_is_told_by_the_minute_until_the_store_knows_it() {
        let keys = known(record());
        assert_eq!(keys.uses(), []);
        keys.present(&key(), NOW).unwrap();
        assert_eq!(keys.uses(), [(ApiKeyId(1), MINUTE)]);
        keys.replace(vec![record()]);
        assert_eq!(keys.uses(), [(ApiKeyId(1), MINUTE)], "reading loses no use");
        keys.replace(vec![ApiKeyRecord {
            last_used_at: Some(MINUTE),
            ..record()
        }]);
        assert_eq!(keys.uses(), []);
    }
}
