//! A store that runs: its thread, its workers, and how an operation gets to one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;

use sqlx::AnyConnection;
use tokio::runtime;
use tokio::sync::{Notify, mpsc};

use super::job::{FirstRow, Job, Kind, Work, job};
use super::together::RecordReads;
use super::worker::Worker;
use crate::store::database::{Begin, Database, by_clock_of_database};
use crate::store::prepare::{Purpose, prepare};
use crate::store::{StoreError, StoreFuture};
use crate::token::UnixTime;

/// The most operations that wait in a worker; a further one is refused.
const MAX_WAITING: usize = 4096;

/// The store in a database.
pub(in crate::store) struct SqlStore<D> {
    pub(super) database: D,
    pub(super) clock_ahead_secs: Arc<AtomicI64>,
    pub(super) notes: Vec<String>,
    pub(super) hints: Arc<Hints>,
    pub(super) record_reads: Arc<RecordReads>,
    workers: Option<Workers>,
    thread: Option<JoinHandle<()>>,
}

/// That something may have changed elsewhere.
#[derive(Default)]
pub(super) struct Hints {
    /// Somebody wants to know.
    pub(super) wanted: Notify,
    pub(super) changed: Notify,
}

/// Where jobs go. When these are dropped, the thread does what waits, and ends.
pub(super) struct Workers {
    pub(super) writes: mpsc::Sender<Box<dyn Job>>,
    /// Short reads: of one token, of what is new.
    pub(super) reads: mpsc::Sender<Box<dyn Job>>,
    /// Reads that may go through a whole table.
    pub(super) scans: mpsc::Sender<Box<dyn Job>>,
}

impl<D: Database> SqlStore<D> {
    /// Starts the workers of a database, after its schema was brought up to date if `migrate`.
    pub(in crate::store) fn start(
        database: D,
        migrate: bool,
        purpose: Purpose,
    ) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let (writer, ahead, notes) = runtime.block_on(async {
            let unavailable = |error: sqlx::Error| StoreError::Unavailable(error.to_string());
            let mut writer = prepare(&database, migrate, purpose).await?;
            let ahead = database.clock_ahead_secs(&mut writer).await;
            let notes = database.notes(&mut writer).await;
            Ok((
                writer,
                ahead.map_err(unavailable)?,
                notes.map_err(unavailable)?,
            ))
        })?;
        let (writes, write_jobs) = mpsc::channel(MAX_WAITING);
        let (reads, read_jobs) = mpsc::channel(MAX_WAITING);
        let (scans, scan_jobs) = mpsc::channel(MAX_WAITING);
        let record_reads: Arc<RecordReads> = Arc::default();
        let workers = (
            Worker::new(database.clone(), Begin::Write, Some(writer)),
            Worker::new(database.clone(), Begin::Read, None).with_reads(Arc::clone(&record_reads)),
            Worker::new(database.clone(), Begin::Read, None),
        );
        let hints = Arc::new(Hints::default());
        let (listener, told) = (database.clone(), Arc::clone(&hints));
        let thread = std::thread::Builder::new()
            .name("qrseal-store".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    let work = async {
                        tokio::join!(
                            workers.0.run(write_jobs),
                            workers.1.run(read_jobs),
                            workers.2.run(scan_jobs),
                        )
                    };
                    let listen = async {
                        told.wanted.notified().await;
                        listener.listen(&told.changed).await;
                        // There is nothing to listen to.
                        std::future::pending::<()>().await;
                    };
                    tokio::select! {
                        _ = work => {}
                        () = listen => {}
                    }
                });
            })
            .map_err(failed)?;
        Ok(Self {
            database,
            clock_ahead_secs: Arc::new(AtomicI64::new(ahead)),
            notes,
            hints,
            record_reads,
            workers: Some(Workers {
                writes,
                reads,
                scans,
            }),
            thread: Some(thread),
        })
    }

    /// The time that decides: the caller's, corrected to the database's clock, which all nodes share.
    pub(super) fn decides(&self, now: UnixTime) -> UnixTime {
        by_clock_of_database(now, self.clock_ahead_secs.load(Ordering::Relaxed))
    }

    pub(super) fn workers(&self) -> &Workers {
        self.workers.as_ref().expect("workers end with the store")
    }

    /// Puts a job to the worker that writes.
    pub(super) fn write<T: Send + 'static>(
        &self,
        first_row: Option<FirstRow>,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        send(&self.workers().writes, Kind::Write, first_row, work)
    }

    /// The same, for what other nodes keep in memory.
    pub(super) fn write_and_tell<T: Send + 'static>(
        &self,
        first_row: Option<FirstRow>,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        send(&self.workers().writes, Kind::Tell, first_row, work)
    }

    /// Puts a job to the worker of short reads.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        send(&self.workers().reads, Kind::Read, None, work)
    }

    /// Puts a job to the worker of reads that may go through a whole table.
    pub(super) fn scan<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        send(&self.workers().scans, Kind::Read, None, work)
    }
}

impl<D> Drop for SqlStore<D> {
    fn drop(&mut self) {
        self.workers = None;
        if let Some(thread) = self.thread.take() {
            // What waits is done and the database closed before the process ends.
            let _ended = thread.join();
        }
    }
}

/// Puts a job into a worker, and waits for its answer until its deadline. A worker that is full refuses at once.
pub(super) fn send<'a, T: Send + 'static>(
    worker: &'a mpsc::Sender<Box<dyn Job>>,
    kind: Kind,
    first_row: Option<FirstRow>,
    work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
) -> StoreFuture<'a, T> {
    Box::pin(async move {
        let (job, asked) = job(kind, first_row, work);
        worker.try_send(job).map_err(|_| {
            StoreError::Unavailable("too many operations wait for the store".to_owned())
        })?;
        asked.answer().await
    })
}
