//! A lane: one connection, and the jobs that wait for it. Jobs that wait together are done in one transaction.

use std::time::Duration;

use sqlx::AnyConnection;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::job::Job;
use super::{Begin, Database, Fault};
use crate::store::StoreError;

/// The most jobs of one transaction.
const MAX_BATCH: usize = 256;

/// How often a job is tried that others are in the way of. Each time one of them gets further.
const MAX_ATTEMPTS: u32 = 10;

/// The longest that a transaction may take. A disk that hangs, or a server, must not keep requests for ever.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is made again after it failed.
pub(super) struct Lane<D> {
    database: D,
    begin: Begin,
    conn: Option<AnyConnection>,
    patience: Duration,
    /// Whether the transaction of the moment was told to commit.
    committing: bool,
}

/// Where a transaction ended that did not succeed.
enum Failed {
    /// Before its commit: it did not happen.
    Before { why: String, fault: Fault },
    /// At its commit: it may have happened.
    AtCommit(String),
}

impl<D: Database> Lane<D> {
    pub(super) fn new(database: D, begin: Begin, conn: Option<AnyConnection>) -> Self {
        Self {
            database,
            begin,
            conn,
            patience: PATIENCE,
            committing: false,
        }
    }

    /// Does jobs until no more can come.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        while jobs.recv_many(&mut waiting, MAX_BATCH).await > 0 {
            waiting.retain(|job| job.is_wanted());
            self.finish(&mut waiting).await;
        }
        if let Some(conn) = self.conn.take() {
            // Closing writes the log back into the file; if it cannot, the next opening does.
            let _closed = sqlx::Connection::close(conn).await;
        }
    }

    /// Does the jobs in one transaction, or, if one of them spoils it, each in its own until the database itself fails.
    async fn finish(&mut self, jobs: &mut Vec<Box<dyn Job>>) {
        let mut ended = self.transaction(jobs).await;
        let mut answered = 0;
        if let Err(Failed::Before {
            fault: Fault::Job | Fault::Conflict,
            ..
        }) = ended
        {
            for job in jobs.iter_mut() {
                ended = self.alone(job).await;
                if let Err(Failed::Before {
                    fault: Fault::Outage,
                    ..
                }) = ended
                {
                    break;
                }
                job.answer(answer(&ended));
                answered += 1;
            }
        }
        for mut job in jobs.drain(..).skip(answered) {
            job.answer(answer(&ended));
        }
    }

    /// Does one job in a transaction of its own, and again for as long as others are in its way.
    async fn alone(&mut self, job: &mut Box<dyn Job>) -> Result<(), Failed> {
        let mut ended = self.transaction(std::slice::from_mut(job)).await;
        for _ in 1..MAX_ATTEMPTS {
            if !matches!(
                &ended,
                Err(Failed::Before {
                    fault: Fault::Conflict,
                    ..
                })
            ) {
                break;
            }
            ended = self.transaction(std::slice::from_mut(job)).await;
        }
        ended
    }

    /// Does the jobs in one transaction, within [`PATIENCE`]. Whatever ends it early, its connection is dropped.
    async fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        if jobs.is_empty() {
            return Ok(());
        }
        self.committing = false;
        match timeout(self.patience, self.attempt(jobs)).await {
            Ok(ended) => ended,
            Err(_) if self.committing => Err(Failed::AtCommit("it took too long".to_owned())),
            Err(_) => Err(Failed::Before {
                why: "it took too long".to_owned(),
                fault: Fault::Outage,
            }),
        }
    }

    async fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self
                .database
                .connect()
                .await
                .map_err(|error| self.before(&error))?,
        };
        sqlx::query(self.database.begin(self.begin))
            .execute(&mut conn)
            .await
            .map_err(|error| self.before(&error))?;
        for job in jobs {
            if let Err(error) = job.run(&mut conn).await {
                let failed = self.before(&error);
                // A connection that does not even roll back is dropped, and its transaction with it.
                if sqlx::query("ROLLBACK").execute(&mut conn).await.is_ok() {
                    self.conn = Some(conn);
                }
                return Err(failed);
            }
        }
        self.committing = true;
        sqlx::query("COMMIT")
            .execute(&mut conn)
            .await
            .map_err(|error| Failed::AtCommit(error.to_string()))?;
        self.conn = Some(conn);
        Ok(())
    }

    fn before(&self, error: &sqlx::Error) -> Failed {
        Failed::Before {
            why: error.to_string(),
            fault: self.database.fault(error),
        }
    }
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

    use super::super::job::{Work, job};
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
        job(move |conn| Box::pin(async move { sqlx::query(sql).execute(conn).await.map(|_| ()) }))
    }

    fn count() -> (Box<dyn Job>, Told<i64>) {
        job(|conn| -> Work<'_, i64> {
            Box::pin(async move {
                let row = sqlx::query("SELECT COUNT(*) FROM t")
                    .fetch_one(conn)
                    .await?;
                row.try_get(0)
            })
        })
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
        let (hang, given_up) = job(|_| -> Work<'_, ()> { Box::pin(std::future::pending()) });
        let (with_it, given_up_too) = count();
        let mut impatient = lane(&folder);
        impatient.patience = Duration::from_secs(1);
        run(impatient, vec![hang, with_it]);
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
