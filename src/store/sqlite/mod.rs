//! SQLite: one file, one writer.
//!
//! Belongs here: the file, the thread that owns its connections, and which lane an operation takes. Does not belong here: SQL
//! (see `sql`).
//!
//! One thread owns all connections: callers live on runtimes that come and go, and one writer is what SQLite has anyway.

mod file;
mod job;
mod lane;

use std::path::Path;
use std::thread::JoinHandle;

use sqlx::{AnyConnection, Row as _};
use tokio::runtime;
use tokio::sync::mpsc;

use self::file::DatabaseFile;
use self::job::{Job, Work, job};
use self::lane::{Begin, Lane};
use super::sql::{api_keys, issues, opens, pins, purge, receipts, revocations, schema};
use super::{
    Answer, ApiKeyId, ApiKeyRecord, Erased, IssueRecord, LedgerEntry, ListedReceipts, NewApiKey,
    OpenAttempt, OpenOutcome, PinGate, PinTry, Purged, ReceiptQuery, Remembered, Revocation,
    RevocationBatch, RevocationCursor, Standing, StatefulToken, Store, StoreError, StoreReport,
};
use crate::token::{TokenId, UnixTime};

/// The most operations that wait in a lane; a further one is refused.
const MAX_WAITING: usize = 4096;

/// The store in a SQLite file.
pub(super) struct SqliteStore {
    file: DatabaseFile,
    lanes: Option<Lanes>,
    thread: Option<JoinHandle<()>>,
}

/// Where jobs go. When these are dropped, the thread does what waits, and ends.
struct Lanes {
    writes: mpsc::Sender<Box<dyn Job>>,
    /// Short reads: of one token, of what is new.
    reads: mpsc::Sender<Box<dyn Job>>,
    /// Reads that may go through a whole table.
    scans: mpsc::Sender<Box<dyn Job>>,
}

impl SqliteStore {
    /// Opens the file, and makes and migrates it if `migrate`.
    pub(super) fn open(path: &Path, migrate: bool) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let file = DatabaseFile::at(path, migrate)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(failed)?;
        let writer = runtime.block_on(prepare(&file, migrate))?;
        let (writes, write_jobs) = mpsc::channel(MAX_WAITING);
        let (reads, read_jobs) = mpsc::channel(MAX_WAITING);
        let (scans, scan_jobs) = mpsc::channel(MAX_WAITING);
        let lanes = (
            Lane::new(file.clone(), Begin::Write, Some(writer)),
            Lane::new(file.clone(), Begin::Read, None),
            Lane::new(file.clone(), Begin::Read, None),
        );
        let thread = std::thread::Builder::new()
            .name("qrseal-store".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::join!(
                        lanes.0.run(write_jobs),
                        lanes.1.run(read_jobs),
                        lanes.2.run(scan_jobs),
                    )
                });
            })
            .map_err(failed)?;
        Ok(Self {
            file,
            lanes: Some(Lanes {
                writes,
                reads,
                scans,
            }),
            thread: Some(thread),
        })
    }

    fn lanes(&self) -> &Lanes {
        self.lanes.as_ref().expect("lanes end with the store")
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> Answer<'_, T> {
        send(&self.lanes().writes, work)
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> Answer<'_, T> {
        send(&self.lanes().reads, work)
    }

    fn scan<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
    ) -> Answer<'_, T> {
        send(&self.lanes().scans, work)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.lanes = None;
        if let Some(thread) = self.thread.take() {
            // What waits is done and the file closed before the process ends.
            let _ended = thread.join();
        }
    }
}

/// The writer's connection, with the schema in place.
async fn prepare(file: &DatabaseFile, migrate: bool) -> Result<AnyConnection, StoreError> {
    let unavailable = |error: sqlx::Error| {
        StoreError::Unavailable(format!("cannot open {}: {error}", file.display()))
    };
    let mut conn = file.connect().await.map_err(unavailable)?;
    // One process migrates, others wait: the right to write is taken before the look.
    let begin = match migrate {
        true => "BEGIN IMMEDIATE",
        false => "BEGIN DEFERRED",
    };
    let mut transaction = sqlx::Connection::begin_with(&mut conn, begin)
        .await
        .map_err(unavailable)?;
    schema::bring(&mut transaction, migrate).await?;
    transaction.commit().await.map_err(unavailable)?;
    Ok(conn)
}

/// Puts a job into a lane, and waits for its answer. A lane that is full refuses at once.
fn send<'a, T: Send + 'static>(
    lane: &'a mpsc::Sender<Box<dyn Job>>,
    work: impl for<'c> Fn(&'c mut AnyConnection) -> Work<'c, T> + Send + 'static,
) -> Answer<'a, T> {
    Box::pin(async move {
        let (job, answer) = job(work);
        lane.try_send(job).map_err(|_| {
            StoreError::Unavailable("too many operations wait for the store".to_owned())
        })?;
        answer.await.unwrap_or_else(|_| {
            Err(StoreError::Unknown(
                "the store's thread ended before it answered".to_owned(),
            ))
        })
    })
}

impl Store for SqliteStore {
    fn count_open(&self, attempt: OpenAttempt) -> Answer<'_, OpenOutcome> {
        self.write(move |conn| Box::pin(opens::count_open(conn, attempt)))
    }

    fn spend_pin_try(&self, attempt: PinTry) -> Answer<'_, PinGate> {
        self.write(move |conn| Box::pin(pins::spend_pin_try(conn, attempt)))
    }

    fn reset_pin(&self, id: TokenId, now: UnixTime) -> Answer<'_, bool> {
        self.write(move |conn| Box::pin(pins::reset_pin(conn, id, now)))
    }

    fn receipt(&self, id: TokenId) -> Answer<'_, Option<LedgerEntry>> {
        self.read(move |conn| Box::pin(receipts::receipt(conn, id)))
    }

    fn look(&self, token: StatefulToken, _now: UnixTime) -> Answer<'_, Standing> {
        self.read(move |conn| Box::pin(opens::look(conn, token)))
    }

    fn receipts(&self, query: ReceiptQuery) -> Answer<'_, ListedReceipts> {
        self.scan(move |conn| Box::pin(receipts::receipts(conn, query.clone())))
    }

    fn erase_opens(&self, id: TokenId, now: UnixTime) -> Answer<'_, Erased> {
        self.write(move |conn| Box::pin(opens::erase_opens(conn, id, now)))
    }

    fn revoke(&self, revocation: Revocation) -> Answer<'_, Revocation> {
        self.write(move |conn| Box::pin(revocations::revoke(conn, revocation.clone())))
    }

    fn revocations(&self, cursor: RevocationCursor) -> Answer<'_, RevocationBatch> {
        self.read(move |conn| Box::pin(revocations::revocations(conn, cursor)))
    }

    fn remember_issue(&self, record: IssueRecord) -> Answer<'_, Remembered> {
        self.write(move |conn| Box::pin(issues::remember_issue(conn, record.clone())))
    }

    fn add_api_key(&self, key: NewApiKey) -> Answer<'_, ApiKeyRecord> {
        let name = key.name.clone();
        let added = self.write(move |conn| Box::pin(api_keys::add_api_key(conn, key.clone())));
        Box::pin(async move {
            added.await?.ok_or_else(|| {
                StoreError::Refused(format!("there is an API key named `{name}` already"))
            })
        })
    }

    fn api_keys(&self) -> Answer<'_, Vec<ApiKeyRecord>> {
        self.read(|conn| Box::pin(api_keys::api_keys(conn)))
    }

    fn disable_api_key(&self, id: ApiKeyId, now: UnixTime) -> Answer<'_, bool> {
        self.write(move |conn| Box::pin(api_keys::disable_api_key(conn, id, now)))
    }

    fn touch_api_keys(&self, used: Vec<(ApiKeyId, UnixTime)>) -> Answer<'_, ()> {
        self.write(move |conn| Box::pin(api_keys::touch_api_keys(conn, used.clone())))
    }

    fn purge(&self, now: UnixTime) -> Answer<'_, Purged> {
        self.write(move |conn| Box::pin(purge::purge(conn, now)))
    }

    fn check(&self) -> Answer<'_, StoreReport> {
        let file = self.file.clone();
        self.scan(move |conn| Box::pin(check(conn, file.clone())))
    }
}

async fn check(conn: &mut AnyConnection, file: DatabaseFile) -> Result<StoreReport, sqlx::Error> {
    let version: String = sqlx::query("SELECT sqlite_version() AS version")
        .fetch_one(&mut *conn)
        .await?
        .try_get("version")?;
    let mut problems = Vec::new();
    if file.is_open_to_others() {
        problems.push(format!(
            "others than its owner may read it: chmod 600 {}",
            file.display()
        ));
    }
    for row in sqlx::query("PRAGMA quick_check(5)")
        .fetch_all(&mut *conn)
        .await?
    {
        let found: String = row.try_get(0)?;
        if found != "ok" {
            problems.push(format!("it is damaged, restore a backup: {found}"));
        }
    }
    let schema_version = schema::version(conn)
        .await
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    let (newest_at, purged_to) = schema::times(conn).await?;
    Ok(StoreReport {
        kind: format!("SQLite {version}, {}", file.display()),
        schema_version: u64::try_from(schema_version).unwrap_or(0),
        clock_ahead_secs: 0,
        newest_at,
        purged_to,
        problems,
    })
}
