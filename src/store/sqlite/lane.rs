//! A lane: one connection, and the jobs that wait for it. Jobs that wait together are done in one transaction.

use sqlx::AnyConnection;
use tokio::sync::mpsc;

use super::file::DatabaseFile;
use super::job::Job;
use crate::store::StoreError;

/// The most jobs of one transaction.
const MAX_BATCH: usize = 256;

/// How a lane's transactions begin.
#[derive(Debug, Clone, Copy)]
pub(super) enum Begin {
    /// Takes the right to write at once: a transaction that asks for it later can be refused.
    Write,
    /// Reads what is committed when it first looks.
    Read,
}

impl Begin {
    fn statement(self) -> &'static str {
        match self {
            Self::Write => "BEGIN IMMEDIATE",
            Self::Read => "BEGIN DEFERRED",
        }
    }
}

/// A connection that is made again after it failed.
pub(super) struct Lane {
    file: DatabaseFile,
    begin: Begin,
    conn: Option<AnyConnection>,
}

/// Where a transaction ended that did not succeed.
enum Failed {
    /// Before its commit: it did not happen.
    Before(String),
    /// At its commit: it may have happened.
    AtCommit(String),
}

impl Lane {
    pub(super) fn new(file: DatabaseFile, begin: Begin, conn: Option<AnyConnection>) -> Self {
        Self { file, begin, conn }
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

    /// Does the jobs in one transaction, or, if one of them spoils it, each in its own.
    async fn finish(&mut self, jobs: &mut Vec<Box<dyn Job>>) {
        match self.transaction(jobs).await {
            Err(Failed::Before(_)) if jobs.len() > 1 => {
                for mut job in jobs.drain(..) {
                    let ended = self.transaction(std::slice::from_mut(&mut job)).await;
                    job.answer(answer(&ended));
                }
            }
            ended => {
                for job in jobs.drain(..) {
                    job.answer(answer(&ended));
                }
            }
        }
    }

    async fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.file.connect().await.map_err(before)?,
        };
        sqlx::query(self.begin.statement())
            .execute(&mut conn)
            .await
            .map_err(before)?;
        for job in jobs {
            if let Err(error) = job.run(&mut conn).await {
                // A connection that does not even roll back is dropped, and its transaction with it.
                if sqlx::query("ROLLBACK").execute(&mut conn).await.is_ok() {
                    self.conn = Some(conn);
                }
                return Err(before(error));
            }
        }
        sqlx::query("COMMIT")
            .execute(&mut conn)
            .await
            .map_err(|error| Failed::AtCommit(error.to_string()))?;
        self.conn = Some(conn);
        Ok(())
    }
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "it is the argument of map_err"
)]
fn before(error: sqlx::Error) -> Failed {
    Failed::Before(error.to_string())
}

fn answer(ended: &Result<(), Failed>) -> Result<(), StoreError> {
    match ended {
        Ok(()) => Ok(()),
        Err(Failed::Before(why)) => Err(StoreError::Unavailable(why.clone())),
        Err(Failed::AtCommit(why)) => Err(StoreError::Unknown(why.clone())),
    }
}
