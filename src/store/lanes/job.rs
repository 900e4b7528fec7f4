//! An operation on its way to the store's thread, and its answer on the way back.

use std::pin::Pin;

use sqlx::AnyConnection;
use tokio::sync::oneshot;

use crate::store::StoreError;

/// A piece of work inside a transaction.
pub(super) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>>;

/// An operation that waits for its transaction.
pub(super) trait Job: Send {
    /// Whether anyone still waits for the answer.
    fn is_wanted(&self) -> bool;

    /// Does the work, and keeps the result until [`Job::answer`]. It may run again if the transaction was rolled back.
    fn run<'c>(&'c mut self, conn: &'c mut AnyConnection) -> Work<'c, ()>;

    /// Answers, once: with the result if the transaction committed, else with why not.
    fn answer(&mut self, committed: Result<(), StoreError>);
}

/// The job that does `work`, and where its answer will arrive.
pub(super) fn job<T, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let job = Pending {
        work,
        result: None,
        answer: Some(answer),
    };
    (Box::new(job), receiver)
}

struct Pending<T, F> {
    work: F,
    result: Option<T>,
    answer: Option<oneshot::Sender<Result<T, StoreError>>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send + 'static,
    F: for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
{
    fn is_wanted(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| !answer.is_closed())
    }

    fn run<'c>(&'c mut self, conn: &'c mut AnyConnection) -> Work<'c, ()> {
        Box::pin(async move {
            self.result = None;
            self.result = Some((self.work)(conn).await?);
            Ok(())
        })
    }

    fn answer(&mut self, committed: Result<(), StoreError>) {
        let result = self.result.take();
        let result = committed.and_then(|()| {
            result.ok_or_else(|| StoreError::Unavailable("the operation did not run".to_owned()))
        });
        if let Some(answer) = self.answer.take() {
            // Whoever asked may have gone; then nobody learns of it.
            let _gone = answer.send(result);
        }
    }
}
