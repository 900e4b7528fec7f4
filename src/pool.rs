//! Work that takes long, beside the threads that answer requests: hashing PINs and passwords, packing long documents, and pictures that are read
//! back.
//!
//! Belongs here: how much of each kind is done at once and how much waits, the memory of all pictures together, and what is
//! answered when there is no room. Does not belong here: the work itself, and who may have how much of it done.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A kind of work. Kinds do not take each other's room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hashing a PIN.
    Pin,
    /// Hashing a password: a flood of people who sign in leaves PINs alone.
    Password,
    /// Packing or unpacking a long document.
    Document,
    /// The same of any document after samples.
    AfterSamples,
    /// A picture for whoever has an API key, or for this machine.
    Picture,
    /// A picture for anybody else.
    AnonymousPicture,
}

/// How much of a kind there is room for.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Done at once.
    pub at_once: usize,
    /// Waiting.
    pub queue: usize,
}

/// Documents share one model, so that one is packed or unpacked at a time. At ten milliseconds each or less, the last one waits for
/// a third of a second.
const DOCUMENTS: Room = Room {
    at_once: 1,
    queue: 31,
};

/// Mostly short ones of less than a millisecond, of codes that may all be scanned in the same minute. To read samples takes up to 16,
/// once for each set that is kept.
const AFTER_SAMPLES: Room = Room {
    at_once: 1,
    queue: 255,
};

/// Each takes 32 MiB and a core for less than a tenth of a second.
const PASSWORDS: Room = Room {
    at_once: 2,
    queue: 32,
};

/// Room for all kinds that is set.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// PINs. Each takes 64 MiB.
    pub pins: Room,
    /// Pictures. Anonymous callers have half of it beside, at least one at once.
    pub pictures: Room,
    /// Bytes of all pictures together, of which anonymous callers may take half.
    pub picture_bytes: usize,
}

/// The pool.
#[derive(Debug)]
pub struct Pool {
    pins: Line,
    passwords: Line,
    documents: Line,
    after_samples: Line,
    pictures: Line,
    anonymous: Line,
}

#[derive(Debug)]
struct Line {
    /// One for each piece of work that is done or waits.
    places: Arc<Semaphore>,
    /// One for each that is done.
    running: Arc<Semaphore>,
    /// KiB that the work takes; all of these have to have room for it.
    memory: Vec<Memory>,
}

#[derive(Debug, Clone)]
struct Memory {
    free: Arc<Semaphore>,
    kib: u32,
}

/// There is as much work as there is room for, or too little memory for this piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no room for more work of this kind")]
pub struct Busy;

impl Pool {
    /// A pool with this room.
    #[must_use]
    pub fn new(settings: PoolSettings) -> Self {
        let half = |room: Room| Room {
            at_once: (room.at_once / 2).max(1),
            queue: room.queue / 2,
        };
        let all = Memory::new(settings.picture_bytes);
        let anonymous = Memory::new(settings.picture_bytes / 2);
        Self {
            pins: Line::new(settings.pins, Vec::new()),
            passwords: Line::new(PASSWORDS, Vec::new()),
            documents: Line::new(DOCUMENTS, Vec::new()),
            after_samples: Line::new(AFTER_SAMPLES, Vec::new()),
            pictures: Line::new(settings.pictures, vec![all.clone()]),
            anonymous: Line::new(half(settings.pictures), vec![anonymous, all]),
        }
    }

    /// A pool for one PIN or document after the other, and no pictures.
    #[must_use]
    pub fn for_one() -> Self {
        let one = Room {
            at_once: 1,
            queue: 0,
        };
        Self::new(PoolSettings {
            pins: one,
            pictures: one,
            picture_bytes: 0,
        })
    }

    /// A permit for one piece of work, now or in the queue.
    ///
    /// # Errors
    ///
    /// [`Busy`]
    pub fn permit(&self, kind: Kind) -> Result<Permit, Busy> {
        let line = match kind {
            Kind::Pin => &self.pins,
            Kind::Password => &self.passwords,
            Kind::Document => &self.documents,
            Kind::AfterSamples => &self.after_samples,
            Kind::Picture => &self.pictures,
            Kind::AnonymousPicture => &self.anonymous,
        };
        let place = Arc::clone(&line.places).try_acquire_owned();
        Ok(Permit {
            place: Arc::new(place.map_err(|_| Busy)?),
            running: Arc::clone(&line.running),
            memory: line.memory.clone(),
        })
    }
}

impl Line {
    fn new(room: Room, memory: Vec<Memory>) -> Self {
        Self {
            places: Arc::new(Semaphore::new(room.at_once + room.queue)),
            running: Arc::new(Semaphore::new(room.at_once)),
            memory,
        }
    }
}

impl Memory {
    fn new(bytes: usize) -> Self {
        let kib = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
        Self {
            free: Arc::new(Semaphore::new(kib as usize)),
            kib,
        }
    }

    /// Waits until so much is free. What is more than all there is takes all there is.
    async fn take(&self, bytes: usize) -> OwnedSemaphorePermit {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.free).acquire_many_owned(kib.min(self.kib));
        taken.await.expect("the semaphore is never closed")
    }
}

/// A permit for one piece of work at a time; given back when dropped and its work is done.
#[derive(Debug)]
pub struct Permit {
    place: Arc<OwnedSemaphorePermit>,
    running: Arc<Semaphore>,
    memory: Vec<Memory>,
}

impl Permit {
    /// Does `work`, which takes so many bytes, on a thread of its own when it is its turn. Who goes away while it waits leaves the
    /// queue; what has begun is done to its end, and has its room until then.
    ///
    /// # Errors
    ///
    /// [`Busy`] if the work did not come to its end, which would be a fault of ours.
    pub async fn run<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.expect("the semaphore is never closed");
        let mut memory = Vec::with_capacity(self.memory.len());
        for part in &self.memory {
            memory.push(part.take(bytes).await);
        }
        let place = Arc::clone(&self.place);
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((place, running, memory));
            done
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "work beside the requests did not come to its end");
            Busy
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::Poll;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    }

    fn pool(at_once: usize, queue: usize) -> Pool {
        let room = Room { at_once, queue };
        Pool::new(PoolSettings {
            pins: room,
            pictures: room,
            picture_bytes: 100 * 1024,
        })
    }

    async fn is_waiting(work: std::pin::Pin<&mut impl Future>) -> bool {
        let mut work = work;
        poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_pending())).await
    }

    /// Work that has begun, and what lets it end.
    async fn begun(pool: &Pool, kind: Kind, bytes: usize) -> mpsc::Sender<()> {
        let (release, wait) = mpsc::channel::<()>();
        let (began, has_begun) = tokio::sync::oneshot::channel();
        let permit = pool.permit(kind).unwrap();
        tokio::spawn(async move {
            let work = move || {
                began.send(()).unwrap();
                // An error is a release, too.
                wait.recv().ok()
            };
            permit.run(bytes, work).await
        });
        has_begun.await.unwrap();
        release
    }

    #[test]
    fn what_is_beyond_threads_and_queue_is_sent_away_and_the_rest_is_done() {
        runtime().block_on(async {
            let pool = pool(1, 1);
            let release = begun(&pool, Kind::Pin, 0).await;
            let second = pool.permit(Kind::Pin).unwrap();
            let mut waits = Box::pin(second.run(0, || 2));
            assert!(is_waiting(waits.as_mut()).await);
            assert_eq!(pool.permit(Kind::Pin).err(), Some(Busy));
            drop(release);
            assert_eq!(waits.await, Ok(2));
            drop(second);
            assert!(pool.permit(Kind::Pin).is_ok());
        });
    }

    #[test]
    fn kinds_do_not_take_each_others_room_and_anonymous_callers_have_half() {
        runtime().block_on(async {
            let pool = pool(4, 6);
            let anonymous: Vec<Permit> =
                std::iter::from_fn(|| pool.permit(Kind::AnonymousPicture).ok()).collect();
            assert_eq!(anonymous.len(), 2 + 3);
            let pictures: Vec<Permit> =
                std::iter::from_fn(|| pool.permit(Kind::Picture).ok()).collect();
            assert_eq!(pictures.len(), 4 + 6);
            let pin = pool.permit(Kind::Pin).unwrap();
            assert_eq!(pin.run(0, || 1).await, Ok(1));
        });
    }

    #[test]
    fn pictures_wait_for_memory_and_anonymous_ones_take_half_of_it() {
        runtime().block_on(async {
            let pool = pool(4, 4);
            let release = begun(&pool, Kind::AnonymousPicture, 50 * 1024).await;
            let anonymous = pool.permit(Kind::AnonymousPicture).unwrap();
            let mut anonymous = Box::pin(anonymous.run(1024, || 2));
            assert!(is_waiting(anonymous.as_mut()).await);
            let other = pool.permit(Kind::Picture).unwrap();
            assert_eq!(other.run(50 * 1024, || 3).await, Ok(3));
            // Larger than all there is: it waits for all of it.
            let mut large = Box::pin(other.run(1024 * 1024, || 4));
            assert!(is_waiting(large.as_mut()).await);
            drop(release);
            assert_eq!(large.await, Ok(4));
            assert_eq!(anonymous.await, Ok(2));
        });
    }

    #[test]
    fn a_client_that_goes_away_gives_its_place_back() {
        runtime().block_on(async {
            let pool = pool(1, 1);
            let release = begun(&pool, Kind::Pin, 0).await;
            {
                let permit = pool.permit(Kind::Pin).unwrap();
                let mut gone = pin!(permit.run(0, || 1));
                assert!(is_waiting(gone.as_mut()).await);
            }
            assert!(pool.permit(Kind::Pin).is_ok());
            drop(release);
        });
    }
}
