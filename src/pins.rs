//! Hashing PINs beside the threads that answer requests.
//!
//! Belongs here: a fixed number of threads, a bounded queue before them, and what is answered when it is full. Does not
//! belong here: what a PIN is and how it is hashed (`token`), and how often one may be tried (`store`).

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::token::{OutOfMemory, Pin, PinHash, PinSalt};

/// The threads on which PINs are hashed. They end when this is dropped and their work is done.
pub struct PinHashers {
    jobs: Sender<Job>,
    permits: Arc<Semaphore>,
}

impl PinHashers {
    /// Starts `threads` of them, each with 64 MiB while it hashes, and lets so many PINs wait.
    #[must_use]
    pub fn start(threads: usize, queue: usize) -> Self {
        let (jobs, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..threads {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || work(&waiting));
        }
        Self {
            jobs,
            permits: Arc::new(Semaphore::new(threads + queue)),
        }
    }

    /// A permit for one hash, now or in the queue. It is taken before a try at a PIN is spent, so that a full queue costs
    /// nobody a try.
    ///
    /// # Errors
    /// [`PinsBusy`]
    pub fn permit(&self) -> Result<Permit<'_>, PinsBusy> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        Ok(Permit {
            hashers: self,
            permit: Arc::new(permit.map_err(|_| PinsBusy)?),
        })
    }
}

/// A permit for one hash at a time; given back when dropped and its hash is done.
pub struct Permit<'a> {
    hashers: &'a PinHashers,
    permit: Arc<OwnedSemaphorePermit>,
}

impl Permit<'_> {
    /// Hashes a PIN on one of the threads. Who has more than one to hash does so one after the other.
    ///
    /// # Errors
    /// [`PinsBusy`] if there is not enough memory for it.
    pub async fn hash(&self, pin: Pin, salt: PinSalt) -> Result<PinHash, PinsBusy> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            pin,
            salt,
            answer,
            _permit: Arc::clone(&self.permit),
        };
        // Both fail only if a thread is gone, which would have been a fault of ours.
        self.hashers.jobs.send(job).map_err(|_| PinsBusy)?;
        match answered.await {
            Ok(Ok(hash)) => Ok(hash),
            Ok(Err(OutOfMemory)) | Err(_) => Err(PinsBusy),
        }
    }
}

/// No PIN can be hashed now: too many are waiting, or there is too little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many PINs are being checked")]
pub struct PinsBusy;

struct Job {
    pin: Pin,
    salt: PinSalt,
    answer: oneshot::Sender<Result<PinHash, OutOfMemory>>,
    _permit: Arc<OwnedSemaphorePermit>,
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        // One thread waits for a job, the others for that one. Nothing panics while the lock is held.
        let job = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(job) = job else { return };
        if job.answer.is_closed() {
            // Whoever asked has gone: there is nobody to answer.
            continue;
        }
        let hash = PinHash::derive(&job.pin, job.salt);
        if hash.is_err() {
            tracing::error!("a PIN could not be hashed: there are no 64 MiB of memory");
        }
        // It fails if whoever asked has gone meanwhile.
        let _gone = job.answer.send(hash);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use actix_web::rt::System;

    use super::*;
    use crate::token::{Keyring, Nonce, Secret, TOKEN_EPOCH, pin_salt};

    fn salt() -> PinSalt {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        pin_salt(&keyring, &Nonce::from([1; 12]), TOKEN_EPOCH).unwrap()
    }

    fn secret() -> Pin {
        Pin::parse("493817").unwrap()
    }

    #[test]
    fn places_are_bounded_and_come_back() {
        let hashers = PinHashers::start(1, 1);
        let first = hashers.permit().unwrap();
        let second = hashers.permit().unwrap();
        assert_eq!(hashers.permit().err(), Some(PinsBusy));
        drop(second);
        let second = hashers.permit().unwrap();
        System::new().block_on(async {
            assert!(first.hash(secret(), salt()).await.is_ok());
            assert!(second.hash(secret(), salt()).await.is_ok());
        });
        drop((first, second));
        assert!(hashers.permit().is_ok());
    }

    #[test]
    fn whoever_goes_away_leaves_the_queue_in_order() {
        let hashers = PinHashers::start(1, 2);
        System::new().block_on(async {
            {
                let permit = hashers.permit().unwrap();
                let mut gone = pin!(permit.hash(secret(), salt()));
                let polled = poll_fn(|context| Poll::Ready(gone.as_mut().poll(context))).await;
                assert!(polled.is_pending());
            }
            let stays = hashers.permit().unwrap().hash(secret(), salt()).await;
            assert!(stays.is_ok());
        });
        assert!(hashers.permit().is_ok());
    }
}
