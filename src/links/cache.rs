//! The links that are scanned most, so that a popular one costs no query.
//!
//! Only what a link says is kept, of links without limit and PIN: its state, its time and the block lists are judged at every scan.
//! A link stands for a second from when its read began, and while the store does not answer for a minute more.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Link;
use crate::token::TokenId;

/// Links that are kept.
const MAX_LINKS: usize = 10_000;

/// How long a link stands, from when its read began.
const FRESH: Duration = Duration::from_secs(1);

/// How much longer while the store does not answer.
const STALE: Duration = Duration::from_secs(60);

/// Links as they were read last.
#[derive(Debug, Default)]
pub struct LinkCache {
    kept: Mutex<Kept>,
    failing: AtomicBool,
    reading: AtomicBool,
}

/// Two generations: when the young one is full, the old one goes, and what of it was asked for since is young again.
#[derive(Debug, Default)]
struct Kept {
    young: HashMap<TokenId, Entry>,
    old: HashMap<TokenId, Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    link: Arc<Link>,
    read_at: Instant,
}

/// What the cache knows of a link.
#[derive(Debug, Clone)]
pub enum Known {
    /// Nothing.
    No,
    /// What it says.
    Fresh(Arc<Link>),
    /// What it said, for when the store does not answer.
    Stale(Arc<Link>),
}

impl LinkCache {
    /// What is known of a link now.
    pub fn get(&self, id: TokenId, now: Instant) -> Known {
        let mut kept = self.kept();
        let entry = match kept.young.get(&id) {
            Some(entry) => entry.clone(),
            None => match kept.old.remove(&id) {
                Some(entry) => {
                    kept.insert(id, entry.clone());
                    entry
                }
                None => return Known::No,
            },
        };
        match now.saturating_duration_since(entry.read_at) {
            age if age < FRESH => Known::Fresh(entry.link),
            age if age < FRESH + STALE => Known::Stale(entry.link),
            _ => Known::No,
        }
    }

    /// Keeps a link whose read began then, unless a later read is there.
    pub fn put(&self, link: Arc<Link>, read_at: Instant) {
        let mut kept = self.kept();
        let id = link.id;
        let known = kept.young.get(&id).or_else(|| kept.old.get(&id));
        if known.is_none_or(|known| known.read_at <= read_at) {
            kept.insert(id, Entry { link, read_at });
        }
    }

    /// Forgets a link that was changed here or is not to be kept.
    pub fn forget(&self, id: TokenId) {
        let mut kept = self.kept();
        kept.young.remove(&id);
        kept.old.remove(&id);
    }

    /// Notes whether the store answered.
    pub fn note(&self, answered: bool) {
        self.failing.store(!answered, Ordering::Relaxed);
    }

    /// Whether the store did not answer last.
    pub fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Takes the right to ask a store that did not answer once more; one scan has it at a time.
    pub fn begin_probe(&self) -> bool {
        !self.reading.swap(true, Ordering::Relaxed)
    }

    /// Gives it back.
    pub fn end_probe(&self) {
        self.reading.store(false, Ordering::Relaxed);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn insert(&mut self, id: TokenId, entry: Entry) {
        self.old.remove(&id);
        if self.young.len() >= MAX_LINKS / 2 && !self.young.contains_key(&id) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(number: u64) -> Arc<Link> {
        let mut id = [0; 12];
        id[..8].copy_from_slice(&number.to_le_bytes());
        Arc::new(Link {
            id: TokenId::from(id),
            expires_at: None,
            disabled: false,
            content: None,
        })
    }

    #[test]
    fn a_link_stands_for_a_second_and_for_a_minute_more_while_the_store_is_away() {
        let (cache, began) = (LinkCache::default(), Instant::now());
        let link = link(1);
        cache.put(Arc::clone(&link), began);
        let after = |millis| cache.get(link.id, began + Duration::from_millis(millis));
        assert!(matches!(after(999), Known::Fresh(_)));
        assert!(matches!(after(1_000), Known::Stale(_)));
        assert!(matches!(after(60_999), Known::Stale(_)));
        assert!(matches!(after(61_000), Known::No));
        cache.put(Arc::clone(&link), began + Duration::from_secs(30));
        cache.put(Arc::clone(&link), began);
        let later = began + Duration::from_secs(30);
        assert!(
            matches!(cache.get(link.id, later), Known::Fresh(_)),
            "the later read counts"
        );
        cache.forget(link.id);
        assert!(matches!(cache.get(link.id, later), Known::No));
    }

    #[test]
    fn no_more_than_ten_thousand_links_are_kept_and_those_that_are_asked_for_stay() {
        let (cache, began) = (LinkCache::default(), Instant::now());
        let popular = link(0);
        cache.put(Arc::clone(&popular), began);
        for number in 1..50_000 {
            cache.put(link(number), began);
            if number % 1_000 == 0 {
                assert!(matches!(cache.get(popular.id, began), Known::Fresh(_)));
            }
        }
        let kept = cache.kept();
        assert!(kept.young.len() + kept.old.len() <= MAX_LINKS);
    }
}
