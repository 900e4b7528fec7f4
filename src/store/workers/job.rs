//! An operation on its way to the store's thread, and its answer on the way back.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use sqlx::AnyConnection;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use crate::store::{ListId, StoreError};
use crate::token::TokenId;

/// How long an operation may take, from being asked for to its answer, whatever it waits for.
const DEADLINE: Duration = Duration::from_secs(3);

/// A piece of work inside a transaction.
pub(super) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>>;

/// What kind of work a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It reads: without an answer it did not happen.
    Read,
    /// An operator waits for it, and it may read everything there is.
    Look,
    /// It writes.
    Write,
    /// It writes what other nodes keep in memory.
    Tell,
}

impl Kind {
    /// The longest that a transaction with such a job may take. It is over before the operation's own time, so that what
    /// did not happen can be told from what may have.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Look => Duration::from_secs(60),
            Self::Read | Self::Write | Self::Tell => DEADLINE * 5 / 6,
        }
    }

    fn deadline(self) -> Duration {
        match self {
            Self::Look => self.patience() + DEADLINE,
            Self::Read | Self::Write | Self::Tell => DEADLINE,
        }
    }
}

/// Which row a job waits for first: its table, and the first bytes of its key.
pub(super) type FirstRow = (Rows, [u8; 12]);

/// The tables, in the order in which a transaction takes their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rows {
    /// A check-in list.
    List,
    /// All that is about one token.
    Token,
    /// Quotas.
    Quota,
    /// What idempotency keys issued.
    Request,
}

/// A job that waits for what is about a token.
pub(super) fn of_token(id: TokenId) -> FirstRow {
    first_of(Rows::Token, id.as_bytes())
}

/// A job that waits for a check-in list.
pub(super) fn of_list(id: ListId) -> FirstRow {
    first_of(Rows::List, &id.0)
}

/// What a job waits for first, by the key of its row.
pub(super) fn first_of(rows: Rows, key: &[u8]) -> FirstRow {
    let mut first = [0; 12];
    let length = key.len().min(first.len());
    first[..length].copy_from_slice(&key[..length]);
    (rows, first)
}

/// An operation that waits for its transaction.
pub(super) trait Job: Send {
    /// What it waits for first; `None` if it may touch any row.
    fn first_row(&self) -> Option<FirstRow>;

    /// What kind of work it is.
    fn kind(&self) -> Kind;

    /// Whether anyone still waits for the answer.
    fn is_wanted(&self) -> bool;

    /// Notes that it may happen from now on; false if it is not wanted any more, and must not.
    fn begin(&self) -> bool;

    /// Notes that it did not happen, and waits again.
    fn put_back(&self);

    /// Does the work, and keeps the result until [`Job::answer`]. It may run again if the transaction was rolled back.
    fn run<'c>(&'c mut self, conn: &'c mut AnyConnection) -> Work<'c, ()>;

    /// Answers, once: with the result if the transaction committed, else with why not.
    fn answer(&mut self, committed: Result<(), StoreError>);
}

/// The job that does `work`, and where its answer will arrive.
pub(super) fn job<T, F>(
    kind: Kind,
    first_row: Option<FirstRow>,
    work: F,
) -> (Box<dyn Job>, PendingAnswer<T>)
where
    T: Send + 'static,
    F: for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let ticket = Arc::new(Ticket::default());
    let asked = PendingAnswer {
        kind,
        deadline: Instant::now() + kind.deadline(),
        receiver,
        ticket: Arc::clone(&ticket),
    };
    let job = Pending {
        kind,
        first_row,
        work,
        result: None,
        answer: Some(answer),
        ticket,
    };
    (Box::new(job), asked)
}

/// What whoever asked and the worker agree on: whether a job waits, may have happened, or was taken back.
#[derive(Default)]
struct Ticket(AtomicU8);

impl Ticket {
    const WAITS: u8 = 0;
    const BEGUN: u8 = 1;
    const TAKEN_BACK: u8 = 2;

    fn change(&self, from: u8, to: u8) -> bool {
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Takes the job back; whether it still waited. It will not begin any more.
    fn take_back(&self) -> bool {
        self.0.swap(Self::TAKEN_BACK, Ordering::AcqRel) == Self::WAITS
    }
}

/// An operation as whoever asked for it sees it.
pub(super) struct PendingAnswer<T> {
    kind: Kind,
    deadline: Instant,
    receiver: oneshot::Receiver<Result<T, StoreError>>,
    ticket: Arc<Ticket>,
}

impl<T> PendingAnswer<T> {
    /// The answer, or what is to be said at the deadline.
    pub(super) async fn answer(self) -> Result<T, StoreError> {
        let writes = matches!(self.kind, Kind::Write | Kind::Tell);
        let unknown = |why: &str| {
            Err(match writes {
                true => StoreError::Unknown(why.to_owned()),
                false => StoreError::Unavailable(why.to_owned()),
            })
        };
        match timeout_at(self.deadline, self.receiver).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => unknown("its thread ended before it answered"),
            Err(_) if self.ticket.take_back() => Err(StoreError::Unavailable(
                "it was too busy or too slow to begin".to_owned(),
            )),
            Err(_) => unknown("it was too slow"),
        }
    }

    /// Where the answer arrives, for tests of workers.
    #[cfg(test)]
    pub(super) fn receiver(self) -> oneshot::Receiver<Result<T, StoreError>> {
        self.receiver
    }
}

struct Pending<T, F> {
    kind: Kind,
    first_row: Option<FirstRow>,
    work: F,
    result: Option<T>,
    answer: Option<oneshot::Sender<Result<T, StoreError>>>,
    ticket: Arc<Ticket>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send + 'static,
    F: for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
{
    fn first_row(&self) -> Option<FirstRow> {
        self.first_row
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn is_wanted(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| !answer.is_closed())
    }

    fn begin(&self) -> bool {
        self.is_wanted() && self.ticket.change(Ticket::WAITS, Ticket::BEGUN)
    }

    fn put_back(&self) {
        // One that was taken back meanwhile stays so.
        self.ticket.change(Ticket::BEGUN, Ticket::WAITS);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: Kind) -> (Box<dyn Job>, PendingAnswer<()>) {
        job(kind, None, |_| -> Work<'_, ()> {
            Box::pin(async { Ok(()) })
        })
    }

    #[test]
    fn at_its_deadline_an_operation_did_not_happen_if_it_was_not_begun_and_may_have_if_it_was() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        let (waiting, not_begun) = asked(Kind::Write);
        let (begun, may_have) = asked(Kind::Write);
        let (put_back, was_rolled_back) = asked(Kind::Tell);
        let (read, was_read) = asked(Kind::Read);
        assert!(begun.begin() && put_back.begin() && read.begin());
        put_back.put_back();
        let told = runtime.block_on(async {
            tokio::join!(
                not_begun.answer(),
                may_have.answer(),
                was_rolled_back.answer(),
                was_read.answer()
            )
        });
        assert!(matches!(told.0, Err(StoreError::Unavailable(_))));
        assert!(matches!(told.1, Err(StoreError::Unknown(_))));
        assert!(matches!(told.2, Err(StoreError::Unavailable(_))));
        assert!(matches!(told.3, Err(StoreError::Unavailable(_))));
        for job in [waiting, begun, put_back] {
            job.put_back();
            assert!(!job.begin(), "it is not done after that");
        }
    }
}
