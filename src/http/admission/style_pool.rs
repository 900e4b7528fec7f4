//! Threads for what takes long: styled symbols, which are read back before they leave.
//!
//! Belongs here: how many are drawn at once and how many wait. Does not belong here: what is drawn.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::http::problem::{Problem, ProblemCode};

/// A bounded number of threads with a bounded queue. Workers, which answer everything else, never wait for it.
#[derive(Debug)]
pub struct StylePool {
    /// One for each symbol that is drawn or waits.
    permits: Arc<Semaphore>,
    /// One for each symbol that is drawn.
    threads: Arc<Semaphore>,
}

impl StylePool {
    /// So many threads, 0 for one a core, and so many permits in the queue.
    #[must_use]
    pub fn new(threads: usize, queue: usize) -> Self {
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        Self {
            permits: Arc::new(Semaphore::new(threads + queue)),
            threads: Arc::new(Semaphore::new(threads)),
        }
    }

    /// Runs `work` on a thread of its own, when there is one.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::TemporarilyUnavailable`] if the queue is full.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().map_err(|_| {
            Problem::new(ProblemCode::TemporarilyUnavailable).detail(
                "The server draws as many styled symbols as it can, and as many wait as it lets.",
            )
        })?;
        let thread = Arc::clone(&self.threads)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        // A client that goes away ends the waiting, not the work: the permits go with the work.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((permit, thread));
            done
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a styled symbol could not be drawn");
            Problem::new(ProblemCode::Internal)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_is_beyond_threads_and_queue_is_sent_away_and_the_rest_is_done() {
        actix_web::rt::System::new().block_on(async {
            let pool = Arc::new(StylePool::new(1, 1));
            let (release, wait) = mpsc::channel::<()>();
            let (began, has_begun) = tokio::sync::oneshot::channel();
            let first = Arc::clone(&pool);
            let first = actix_web::rt::spawn(async move {
                first
                    .run(move || {
                        began.send(()).unwrap();
                        wait.recv().unwrap();
                        1
                    })
                    .await
            });
            has_begun.await.unwrap();
            let mut second = Box::pin(pool.run(|| 2));
            // Polled once, it stands in the queue.
            let waiting = std::future::poll_fn(|context| {
                std::task::Poll::Ready(second.as_mut().poll(context).is_pending())
            });
            assert!(waiting.await);
            let third = pool.run(|| 3).await.unwrap_err();
            assert_eq!(third.code, ProblemCode::TemporarilyUnavailable);
            release.send(()).unwrap();
            assert_eq!(first.await.unwrap().unwrap(), 1);
            assert_eq!(second.await.unwrap(), 2);
            assert_eq!(pool.run(|| 4).await.unwrap(), 4);
        });
    }

    #[test]
    fn a_client_that_goes_away_gives_its_place_back() {
        actix_web::rt::System::new().block_on(async {
            let pool = StylePool::new(1, 0);
            let mut given_up = Box::pin(pool.run(|| 1));
            std::future::poll_fn(|context| {
                let _pending = given_up.as_mut().poll(context);
                std::task::Poll::Ready(())
            })
            .await;
            drop(given_up);
            let taken = Arc::clone(&pool.threads).acquire_owned().await.unwrap();
            drop(taken);
            assert_eq!(pool.run(|| 2).await.unwrap(), 2);
        });
    }
}
