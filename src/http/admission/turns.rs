//! The clients without an API key that have pictures drawn, each one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::Subject;

/// Pictures of a client without an API key: one that is drawn, and as many as a browser asks for meanwhile.
pub const OF_A_CLIENT: usize = 6;

/// The clients that have pictures drawn, each one after the other.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<Subject, Waiting>>);

#[derive(Debug)]
struct Waiting {
    count: usize,
    turn: Arc<Semaphore>,
}

impl Turns {
    /// A client's next place, or `None` if it has as many as it may.
    pub fn join(self: &Arc<Self>, client: Subject) -> Option<Place> {
        let mut clients = self.clients();
        let waiting = clients.entry(client).or_insert_with(|| Waiting {
            count: 0,
            turn: Arc::new(Semaphore::new(1)),
        });
        if waiting.count == OF_A_CLIENT {
            return None;
        }
        waiting.count += 1;
        Some(Place {
            turn: Arc::clone(&waiting.turn),
            turns: Arc::clone(self),
            client,
        })
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<Subject, Waiting>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those of a client, given back when dropped.
#[derive(Debug)]
pub struct Place {
    turn: Arc<Semaphore>,
    turns: Arc<Turns>,
    client: Subject,
}

impl Place {
    /// Waits for the client's pictures before this one.
    pub async fn come(self) -> (OwnedSemaphorePermit, Self) {
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        (turn.expect("the semaphore is never closed"), self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.turns.clients();
        if let Some(waiting) = clients.get_mut(&self.client) {
            waiting.count -= 1;
            if waiting.count == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    #[test]
    fn a_client_has_one_picture_drawn_at_a_time_and_few_wait() {
        actix_web::rt::System::new().block_on(async {
            let turns = Arc::new(Turns::default());
            let client = |text: &str| Subject::client(text.parse().ok());
            let mut places: Vec<Place> =
                std::iter::from_fn(|| turns.join(client("192.0.2.1"))).collect();
            assert_eq!(places.len(), OF_A_CLIENT);
            let second = places.pop().unwrap();
            let first = places.pop().unwrap().come().await;
            let mut second = Box::pin(second.come());
            let waits =
                poll_fn(|context| Poll::Ready(second.as_mut().poll(context).is_pending())).await;
            assert!(waits);
            let other = turns.join(client("192.0.2.2")).unwrap().come().await;
            drop(first);
            let second = second.await;
            drop((second, other, places));
            assert!(turns.clients().is_empty(), "nobody is remembered");
        });
    }
}
