//! A lane: one connection, and the jobs that wait for it. Jobs that wait together are done in one transaction.

use std::time::{Duration, Instant};

use sqlx::AnyConnection;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::job::{Job, Kind};
use super::{Begin, Database, Fault};
use crate::store::StoreError;

/// The most jobs of one transaction.
const MAX_BATCH: usize = 256;

/// How long a transaction takes up further jobs. On a database that is slow, those before are committed while someone still
/// waits for their answers.
const BATCH_TIME: Duration = Duration::from_millis(500);

/// How often a job is tried that others are in the way of. Each time one of them gets further.
const MAX_ATTEMPTS: u32 = 10;

/// The longest that a connection may take to be made, whatever its database says of itself.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// For so long after a connection could not be made none is tried: what asks meanwhile gets the same answer at once.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest that telling others may hold up the lane.
const TELL_PATIENCE: Duration = Duration::from_millis(500);

/// A connection that is made again after it failed.
pub(super) struct Lane<D> {
    database: D,
    begin: Begin,
    conn: Option<AnyConnection>,
    /// When and why no connection could be made the last time.
    refused: Option<(Instant, String)>,
    /// How many jobs the transaction of the moment took up.
    taken: usize,
    /// Whether it was told to commit.
    committing: bool,
    /// Whether the database does not know how to tell others.
    is_mute: bool,
}

/// Where a transaction ended that did not succeed.
enum Failed {
    /// Before its commit: it did not happen.
    Before { why: String, fault: Fault },
    /// At its commit: it may have happened.
    AtCommit(String),
}

impl Failed {
    fn outage(why: impl Into<String>) -> Self {
        Self::Before {
            why: why.into(),
            fault: Fault::Outage,
        }
    }

    fn is(&self, expected: Fault) -> bool {
        matches!(self, Self::Before { fault, .. } if *fault == expected)
    }
}

impl<D: Database> Lane<D> {
    pub(super) fn new(database: D, begin: Begin, conn: Option<AnyConnection>) -> Self {
        Self {
            database,
            begin,
            conn,
            refused: None,
            taken: 0,
            committing: false,
            is_mute: false,
        }
    }

    /// Does jobs until no more can come.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        while jobs.recv_many(&mut waiting, MAX_BATCH).await > 0 {
            while !waiting.is_empty() {
                self.finish_some(&mut waiting).await;
            }
        }
        if let Some(conn) = self.conn.take() {
            // Closing writes the log back into the file; if it cannot, the next opening does.
            let _closed = timeout(CONNECT_PATIENCE, sqlx::Connection::close(conn)).await;
        }
    }

    /// Does those of the jobs that fit into one transaction, or, if one of them spoils it, each of them in its own. If the
    /// database itself fails, all are answered.
    async fn finish_some(&mut self, jobs: &mut Vec<Box<dyn Job>>) {
        jobs.retain(|job| job.is_wanted());
        let mut ended = self.transaction(jobs).await;
        let mut taken: Vec<_> = jobs.drain(..self.taken).collect();
        let (mut answered, mut tells) = (0, false);
        if let Err(failed) = &ended
            && (failed.is(Fault::Job) || failed.is(Fault::Conflict))
        {
            for job in &mut taken {
                ended = self.alone(job).await;
                if is_outage(&ended) {
                    break;
                }
                tells |= ended.is_ok() && job.kind() == Kind::Tell;
                job.answer(answer(&ended));
                answered += 1;
            }
        }
        for job in taken.iter_mut().skip(answered) {
            tells |= ended.is_ok() && job.kind() == Kind::Tell;
            job.answer(answer(&ended));
        }
        if is_outage(&ended) {
            for mut job in jobs.drain(..) {
                job.answer(answer(&ended));
            }
        }
        if tells {
            self.tell().await;
        }
    }

    /// Does one job in a transaction of its own, and again for as long as others are in its way.
    async fn alone(&mut self, job: &mut Box<dyn Job>) -> Result<(), Failed> {
        let mut ended = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            job.put_back();
            ended = self.transaction(std::slice::from_mut(job)).await;
            match &ended {
                Err(failed) if failed.is(Fault::Conflict) => {}
                _ => break,
            }
        }
        ended
    }

    /// Does jobs in one transaction, as many of the first as it has time for. Whatever ends it early, its connection is
    /// dropped.
    async fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        self.taken = 0;
        self.committing = false;
        if !jobs.iter().any(|job| job.is_wanted()) {
            self.taken = jobs.len();
            return Ok(());
        }
        let conn = self.connection().await?;
        let patience = jobs.iter().map(|job| job.kind().patience()).max();
        match timeout(patience.unwrap_or_default(), self.attempt(conn, jobs)).await {
            Ok(ended) => ended,
            Err(_) if self.committing => Err(Failed::AtCommit("it took too long".to_owned())),
            Err(_) => Err(Failed::outage("it took too long")),
        }
    }

    /// The connection, made if there is none. What waits meanwhile is taken back by whoever asked, in its own time.
    async fn connection(&mut self) -> Result<AnyConnection, Failed> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        if let Some((at, why)) = &self.refused
            && at.elapsed() < PAUSE
        {
            return Err(Failed::outage(why.clone()));
        }
        let why = match timeout(CONNECT_PATIENCE, self.database.connect()).await {
            Ok(Ok(conn)) => {
                self.refused = None;
                self.is_mute = false;
                return Ok(conn);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it took too long to be reached".to_owned(),
        };
        self.refused = Some((Instant::now(), why.clone()));
        Err(Failed::outage(why))
    }

    async fn attempt(
        &mut self,
        mut conn: AnyConnection,
        jobs: &mut [Box<dyn Job>],
    ) -> Result<(), Failed> {
        let began = Instant::now();
        sqlx::query(self.database.begin(self.begin))
            .execute(&mut conn)
            .await
            .map_err(|error| Failed::outage(error.to_string()))?;
        for job in jobs {
            if self.taken > 0 && began.elapsed() >= BATCH_TIME {
                break;
            }
            self.taken += 1;
            if !job.begin() {
                continue;
            }
            if let Err(error) = job.run(&mut conn).await {
                let failed = self.before(&error);
                // A connection that does not even roll back is dropped, and its transaction with it. So is one to a database
                // that fails: another may lead to one that does not.
                if !failed.is(Fault::Outage)
                    && sqlx::query("ROLLBACK").execute(&mut conn).await.is_ok()
                {
                    self.conn = Some(conn);
                }
                return Err(failed);
            }
        }
        self.committing = true;
        sqlx::query("COMMIT")
            .execute(&mut conn)
            .await
            .map_err(|error| match self.database.fault(&error) {
                // It could not be put in an order with another, and did not happen.
                Fault::Conflict => self.before(&error),
                Fault::Job | Fault::Outage => Failed::AtCommit(error.to_string()),
            })?;
        self.conn = Some(conn);
        Ok(())
    }

    /// Tells other nodes that there is something to read. It is a hint: they look by themselves, too.
    async fn tell(&mut self) {
        let Some(statement) = self.database.tell().filter(|_| !self.is_mute) else {
            return;
        };
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        let telling = sqlx::raw_sql(statement).execute(&mut conn);
        match timeout(TELL_PATIENCE, telling).await {
            Ok(Ok(_)) => self.conn = Some(conn),
            Ok(Err(error)) if self.database.fault(&error) == Fault::Job => {
                self.is_mute = true;
                self.conn = Some(conn);
            }
            // A connection that does not answer is dropped.
            Ok(Err(_)) | Err(_) => {}
        }
    }

    fn before(&self, error: &sqlx::Error) -> Failed {
        Failed::Before {
            why: words(error),
            fault: self.database.fault(error),
        }
    }
}

/// What went wrong, for the log.
fn words(error: &sqlx::Error) -> String {
    match error {
        // All that must be there is counters.
        sqlx::Error::RowNotFound => {
            "its counters are missing: it was moved away, or is a copy that was not finished"
                .to_owned()
        }
        error => error.to_string(),
    }
}

fn is_outage(ended: &Result<(), Failed>) -> bool {
    ended.as_ref().is_err_and(|failed| failed.is(Fault::Outage))
}

fn answer(ended: &Result<(), Failed>) -> Result<(), StoreError> {
    match ended {
        Ok(()) => Ok(()),
        Err(Failed::Before { why, .. }) => Err(StoreError::Unavailable(why.clone())),
        Err(Failed::AtCommit(why)) => Err(StoreError::Unknown(why.clone())),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;
    use tokio::sync::oneshot::Receiver;

    use super::super::job::{Kind, Work, job};
    use super::*;
    use crate::store::sqlite;

    /// What jobs get that wait together in the lane of a new file.
    fn lane(folder: &tempfile::TempDir) -> Lane<impl Database> {
        let database = sqlite::file(&folder.path().join("qrseal.db"), true).expect("a new file");
        Lane::new(database, Begin::Write, None)
    }

    fn run(lane: Lane<impl Database>, jobs: Vec<Box<dyn Job>>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        let (send, receive) = mpsc::channel(jobs.len());
        for job in jobs {
            assert!(send.try_send(job).is_ok(), "there is room");
        }
        drop(send);
        runtime.block_on(lane.run(receive));
    }

    type Told<T> = Receiver<Result<T, StoreError>>;

    fn statement(sql: &'static str) -> (Box<dyn Job>, Told<()>) {
        let (job, asked) = job(Kind::Write, move |conn| {
            Box::pin(async move { sqlx::query(sql).execute(conn).await.map(|_| ()) })
        });
        (job, asked.receiver())
    }

    fn count() -> (Box<dyn Job>, Told<i64>) {
        let (job, asked) = job(Kind::Read, |conn| -> Work<'_, i64> {
            Box::pin(async move {
                let row = sqlx::query("SELECT COUNT(*) FROM t")
                    .fetch_one(conn)
                    .await?;
                row.try_get(0)
            })
        });
        (job, asked.receiver())
    }

    #[test]
    fn a_job_that_fails_spoils_no_other_of_its_transaction() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (make, made) = statement("CREATE TABLE t (x BIGINT PRIMARY KEY)");
        let (first, one) = statement("INSERT INTO t VALUES (1)");
        let (again, refused) = statement("INSERT INTO t VALUES (1)");
        let (second, two) = statement("INSERT INTO t VALUES (2)");
        let (look, counted) = count();
        run(lane(&folder), vec![make, first, again, second, look]);
        for told in [made, one, two] {
            assert_eq!(told.blocking_recv(), Ok(Ok(())));
        }
        assert!(matches!(
            refused.blocking_recv(),
            Ok(Err(StoreError::Unavailable(_)))
        ));
        assert_eq!(counted.blocking_recv(), Ok(Ok(2)), "each was done once");
    }

    #[test]
    fn what_was_done_is_committed_before_a_slow_one_keeps_it_waiting() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (make, made) = statement("CREATE TABLE t (x BIGINT PRIMARY KEY)");
        // Half a second is what a transaction takes up jobs for.
        let (slow, done) = job(Kind::Write, |_| -> Work<'_, ()> {
            Box::pin(async {
                tokio::time::sleep(BATCH_TIME).await;
                Ok(())
            })
        });
        let (hang, given_up) = job(Kind::Write, |_| -> Work<'_, ()> {
            Box::pin(std::future::pending())
        });
        let (done, given_up) = (done.receiver(), given_up.receiver());
        run(lane(&folder), vec![make, slow, hang]);
        assert_eq!(made.blocking_recv(), Ok(Ok(())));
        assert_eq!(done.blocking_recv(), Ok(Ok(())));
        assert!(matches!(
            given_up.blocking_recv(),
            Ok(Err(StoreError::Unavailable(_)))
        ));
    }

    #[test]
    fn what_nobody_waits_for_is_not_done() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (make, made) = statement("CREATE TABLE t (x BIGINT PRIMARY KEY)");
        let (gone, told) = statement("INSERT INTO t VALUES (1)");
        drop(told);
        let (look, counted) = count();
        run(lane(&folder), vec![make, gone, look]);
        assert_eq!(made.blocking_recv(), Ok(Ok(())));
        assert_eq!(counted.blocking_recv(), Ok(Ok(0)));
    }

    #[test]
    fn a_job_that_hangs_is_given_up_with_all_that_wait_and_the_next_works() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (make, made) = statement("CREATE TABLE t (x BIGINT PRIMARY KEY)");
        run(lane(&folder), vec![make]);
        assert_eq!(made.blocking_recv(), Ok(Ok(())));
        let (hang, given_up) = job(Kind::Write, |_| -> Work<'_, ()> {
            Box::pin(std::future::pending())
        });
        let given_up = given_up.receiver();
        let (with_it, given_up_too) = count();
        run(lane(&folder), vec![hang, with_it]);
        for told in [
            given_up.blocking_recv(),
            given_up_too.blocking_recv().map(|told| told.map(|_| ())),
        ] {
            assert!(matches!(told, Ok(Err(StoreError::Unavailable(_)))));
        }
        let (look, counted) = count();
        run(lane(&folder), vec![look]);
        assert_eq!(counted.blocking_recv(), Ok(Ok(0)));
    }
}
