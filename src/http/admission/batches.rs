//! Batches on their way: each has a thread of its own for as long as its client takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::Subject;

/// Batches at once.
const MOST: usize = 8;
/// Of these, those of one client, API key or account.
const OF_ONE: usize = 2;
/// Of these, those of all clients that nobody knows: addresses cost them little.
const OF_ANYBODY: usize = 2;

/// How many there are of whom.
#[derive(Debug, Default)]
pub struct Batches(Mutex<HashMap<Subject, usize>>);

/// The place of a batch, given back when dropped.
#[derive(Debug)]
pub struct OneBatch {
    batches: Arc<Batches>,
    of: Subject,
}

impl Batches {
    /// A place for a batch of this subject, if there is one.
    pub fn take(self: &Arc<Self>, of: Subject) -> Option<OneBatch> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&of).copied().unwrap_or(0);
        let of_anybody = taken
            .iter()
            .filter(|(subject, _)| is_anybody(**subject))
            .map(|(_, count)| count)
            .sum::<usize>();
        if all >= MOST || own >= OF_ONE || is_anybody(of) && of_anybody >= OF_ANYBODY {
            return None;
        }
        taken.insert(of, own + 1);
        let batches = Arc::clone(self);
        Some(OneBatch { batches, of })
    }
}

/// Whether it is known by its address alone.
fn is_anybody(subject: Subject) -> bool {
    match subject {
        Subject::V4(_) | Subject::V6(_) | Subject::Unknown => true,
        Subject::ApiKey(_) | Subject::Account(_) | Subject::Local => false,
    }
}

impl Drop for OneBatch {
    fn drop(&mut self) {
        let mut taken = self
            .batches
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.of) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                taken.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ApiKeyId;

    #[test]
    fn one_client_leaves_room_for_others_and_places_are_given_back() {
        let batches = Arc::new(Batches::default());
        let take = |number: u64| batches.take(Subject::ApiKey(ApiKeyId(number)));
        let first: Vec<_> = (0..3).map(|_| take(1)).collect();
        assert_eq!(first.iter().flatten().count(), OF_ONE);
        let others: Vec<_> = (2..20).filter_map(take).collect();
        assert_eq!(others.len(), MOST - OF_ONE);
        drop(first);
        assert!(take(1).is_some());
    }

    #[test]
    fn clients_without_a_key_leave_room_for_those_with_one_however_many_addresses_they_have() {
        let batches = Arc::new(Batches::default());
        let anybody: Vec<_> = (0..9)
            .filter_map(|number| batches.take(Subject::V4([192, 0, 2, number])))
            .chain((0..9).filter_map(|number| batches.take(Subject::V6(number))))
            .collect();
        assert_eq!(anybody.len(), OF_ANYBODY);
        let take = |number: u64| batches.take(Subject::ApiKey(ApiKeyId(number)));
        let known: Vec<_> = (0..20).filter_map(take).collect();
        assert_eq!(known.len(), MOST - OF_ANYBODY);
        drop(anybody);
        assert!(batches.take(Subject::Unknown).is_some());
    }
}
