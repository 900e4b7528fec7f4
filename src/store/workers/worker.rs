//! A worker: one connection, and the jobs that wait for it. Jobs that wait together are done in one transaction; where the
//! database has one writer at a time, so are those that come while it works.

use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, histogram};
use sqlx::AnyConnection;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::job::{Job, Kind};
use super::together::RecordReads;
use crate::store::StoreError;
use crate::store::database::{Begin, Database, Fault};
use crate::telemetry::metrics::names;

/// The most jobs of one transaction.
const MAX_BATCH: usize = 256;

/// How long a transaction takes up further jobs. On a database that is slow, those before are committed while someone still
/// waits for their answers.
const BATCH_TIME: Duration = Duration::from_millis(500);

/// How long a transaction takes up jobs that come while it works: other programs write to the same file, too.
const JOIN_TIME: Duration = Duration::from_millis(50);

/// How often a job is tried that others are in the way of. Each time one of them gets further.
const MAX_ATTEMPTS: u32 = 10;

/// The longest that a connection may take to be made, whatever its database says of itself.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// For so long after a connection could not be made none is tried: what asks meanwhile gets the same answer at once.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest that telling others may hold up the worker.
const TELL_PATIENCE: Duration = Duration::from_millis(500);

/// A connection that is made again after it failed.
pub(super) struct Worker<D> {
    database: D,
    begin: Begin,
    conn: Option<AnyConnection>,
    /// Reads that are done together, if it does any.
    reads: Option<Arc<RecordReads>>,
    /// When and why no connection could be made the last time.
    refused: Option<(Instant, String)>,
    /// How many jobs the transaction of the moment took up.
    taken: usize,
    /// Whether it was told to commit.
    committing: bool,
    /// Whether the database does not know how to tell others.
    notify_unsupported: bool,
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

/// The next job that came meanwhile, if there is one that may be done in the same transaction.
type More<'m> = &'m mut dyn FnMut() -> Option<Box<dyn Job>>;

impl<D: Database> Worker<D> {
    pub(super) fn new(database: D, begin: Begin, conn: Option<AnyConnection>) -> Self {
        Self {
            database,
            begin,
            conn,
            reads: None,
            refused: None,
            taken: 0,
            committing: false,
            notify_unsupported: false,
        }
    }

    /// The same, and it does `reads` together.
    pub(super) fn with_reads(self, reads: Arc<RecordReads>) -> Self {
        let reads = Some(reads);
        Self { reads, ..self }
    }

    /// Does jobs until no more can come.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut waiting = Vec::with_capacity(MAX_BATCH);
        let joins = self.begin == Begin::Write && self.database.has_one_writer();
        while jobs.recv_many(&mut waiting, MAX_BATCH).await > 0 {
            put_in_order(&mut waiting);
            while !waiting.is_empty() {
                let mut more = || match joins {
                    true => jobs.try_recv().ok(),
                    false => None,
                };
                self.finish_some(&mut waiting, &mut more).await;
            }
        }
        if let Some(conn) = self.conn.take() {
            // Closing writes the log back into the file; if it cannot, the next opening does.
            let _closed = timeout(CONNECT_PATIENCE, sqlx::Connection::close(conn)).await;
        }
    }

    /// Does those of the jobs that fit into one transaction, and those that `more` has by then, or, if one of them spoils it,
    /// each of them in its own. If the database itself fails, all are answered.
    async fn finish_some(&mut self, jobs: &mut Vec<Box<dyn Job>>, more: More<'_>) {
        jobs.retain(|job| job.is_wanted());
        let mut ended = self.transaction(jobs, more).await;
        let taken: Vec<_> = jobs.drain(..self.taken).collect();
        let mut tells = false;
        let mut answer_to = |mut job: Box<dyn Job>, ended: &Result<(), Failed>| {
            tells |= ended.is_ok() && job.kind() == Kind::Tell;
            job.answer(answer(ended));
        };
        let mut taken = taken.into_iter();
        if let Err(failed) = &ended
            && (failed.is(Fault::Job) || failed.is(Fault::Conflict))
        {
            for job in taken.by_ref() {
                let mut one = vec![job];
                ended = self.alone(&mut one).await;
                for job in one {
                    answer_to(job, &ended);
                }
                if is_outage(&ended) {
                    break;
                }
            }
        }
        for job in taken {
            answer_to(job, &ended);
        }
        if is_outage(&ended) {
            for job in jobs.drain(..) {
                answer_to(job, &ended);
            }
        }
        if tells {
            self.tell().await;
        }
    }

    /// Does one job in a transaction of its own, and again for as long as others are in its way.
    async fn alone(&mut self, one: &mut Vec<Box<dyn Job>>) -> Result<(), Failed> {
        let mut ended = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            for job in one.iter() {
                job.put_back();
            }
            ended = self.transaction(one, &mut || None).await;
            match &ended {
                Err(failed) if failed.is(Fault::Conflict) => {}
                _ => break,
            }
        }
        ended
    }

    /// Does jobs in one transaction, as many of the first as it has time for; if it has for all of them, `more` are put behind
    /// them. Whatever ends it early, its connection is dropped.
    async fn transaction(
        &mut self,
        jobs: &mut Vec<Box<dyn Job>>,
        more: More<'_>,
    ) -> Result<(), Failed> {
        self.taken = 0;
        self.committing = false;
        if !jobs.iter().any(|job| job.is_wanted()) {
            self.taken = jobs.len();
            return Ok(());
        }
        let began = Instant::now();
        let ended = self.in_time(jobs, more).await;
        let worker = match self.begin {
            Begin::Write => "write",
            Begin::Read => "read",
        };
        histogram!(names::STORE_SECONDS, "worker" => worker).record(began.elapsed());
        let taken = u64::try_from(self.taken).unwrap_or(u64::MAX);
        counter!(names::STORE_OPERATIONS, "worker" => worker).increment(taken);
        if ended.is_err() {
            counter!(names::STORE_FAILURES, "worker" => worker).increment(1);
        }
        ended
    }

    async fn in_time(
        &mut self,
        jobs: &mut Vec<Box<dyn Job>>,
        more: More<'_>,
    ) -> Result<(), Failed> {
        let conn = self.connection().await?;
        let patience = jobs.iter().map(|job| job.kind().patience()).max();
        match timeout(patience.unwrap_or_default(), self.attempt(conn, jobs, more)).await {
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
                self.notify_unsupported = false;
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
        jobs: &mut Vec<Box<dyn Job>>,
        more: More<'_>,
    ) -> Result<(), Failed> {
        let began = Instant::now();
        if let Some(reads) = &self.reads {
            reads.begin();
        }
        sqlx::query(self.database.begin(self.begin))
            .execute(&mut conn)
            .await
            .map_err(|error| Failed::outage(error.to_string()))?;
        while self.taken == 0 || began.elapsed() < BATCH_TIME {
            let joins = self.taken < MAX_BATCH && began.elapsed() < JOIN_TIME;
            if joins && self.taken == jobs.len() {
                jobs.extend(more());
            }
            let Some(job) = jobs.get_mut(self.taken) else {
                break;
            };
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
        let Some(statement) = self.database.tell().filter(|_| !self.notify_unsupported) else {
            return;
        };
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        let telling = sqlx::raw_sql(statement).execute(&mut conn);
        match timeout(TELL_PATIENCE, telling).await {
            Ok(Ok(_)) => self.conn = Some(conn),
            Ok(Err(error)) if self.database.fault(&error) == Fault::Job => {
                self.notify_unsupported = true;
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

/// Puts jobs into the order of the rows that they wait for, as on every other node: two transactions that each wait for a row
/// of the other cost a second, and one of them. Jobs for the same row, and what may touch any, keep their place. Where only one
/// transaction writes at a time, no order is needed, and jobs may join one that began.
fn put_in_order(jobs: &mut [Box<dyn Job>]) {
    for jobs in jobs.split_mut(|job| job.first_row().is_none()) {
        jobs.sort_by_key(|job| job.first_row());
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
mod tests;
