//! Work of milliseconds, beside the threads that answer requests.
//!
//! Belongs here: one thread, a bounded queue before it, and what is answered when that is full. Does not belong here: what
//! the work is. PINs, which take many times as long, have threads of their own ([`pins`](crate::pins)).

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use tokio::sync::{Semaphore, oneshot};

/// How much may be under way or wait: at about twenty milliseconds each, the last one waits for two thirds of a second.
const QUEUE: usize = 32;

type Job = Box<dyn FnOnce() + Send>;

/// The thread. It ends when this is dropped and its work is done.
pub struct LongWork {
    jobs: Sender<Job>,
    permits: Arc<Semaphore>,
}

/// There is more of such work than can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many long documents are being packed and unpacked")]
pub struct Busy;

impl Default for LongWork {
    fn default() -> Self {
        Self::with_queue(QUEUE)
    }
}

impl LongWork {
    fn with_queue(permits: usize) -> Self {
        let (jobs, waiting) = mpsc::channel();
        std::thread::spawn(move || work(&waiting));
        Self {
            jobs,
            permits: Arc::new(Semaphore::new(permits)),
        }
    }

    /// Does `work` on the thread, when its turn comes.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        let permit = permit.map_err(|_| Busy)?;
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Whoever asked may have gone: then there is nobody to answer.
            if !answer.is_closed() {
                let _gone = answer.send(work());
            }
            drop(permit);
        });
        // Both fail only if the thread is gone, which would have been a fault of ours.
        self.jobs.send(job).map_err(|_| Busy)?;
        answered.await.map_err(|_| Busy)
    }
}

fn work(waiting: &Receiver<Job>) {
    while let Ok(job) = waiting.recv() {
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err() {
            tracing::error!("a long document was given up");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use actix_web::rt::System;

    use super::*;

    #[test]
    fn work_is_done_and_what_is_beyond_the_queue_is_sent_away() {
        System::new().block_on(async {
            let long = LongWork::with_queue(2);
            let (release, wait) = mpsc::channel::<()>();
            let mut first = pin!(long.run(move || wait.recv().unwrap()));
            let mut second = pin!(long.run(|| 2));
            assert!(
                poll_fn(|context| Poll::Ready(first.as_mut().poll(context)))
                    .await
                    .is_pending()
            );
            assert!(
                poll_fn(|context| Poll::Ready(second.as_mut().poll(context)))
                    .await
                    .is_pending()
            );
            assert_eq!(long.run(|| 3).await, Err(Busy));
            release.send(()).unwrap();
            assert_eq!(first.await, Ok(()));
            assert_eq!(second.await, Ok(2));
            assert_eq!(long.run(|| 4).await, Ok(4));
        });
    }

    #[test]
    fn the_thread_outlives_work_that_panics() {
        System::new().block_on(async {
            let long = LongWork::with_queue(1);
            assert_eq!(long.run(|| panic!("as tests do")).await, Err::<(), _>(Busy));
            // The permit comes back with the end of the work, a moment after its answer.
            while long.permits.available_permits() == 0 {
                std::thread::yield_now();
            }
            assert_eq!(long.run(|| 1).await, Ok(1));
        });
    }
}
