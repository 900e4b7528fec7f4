//! Workers with jobs that fail, hang or are not wanted.

use sqlx::Row as _;
use tokio::sync::Notify;
use tokio::sync::oneshot::Receiver;

use super::super::job::{Kind, Rows, Work, job};
use super::*;
use crate::store::database::Later;
use crate::store::{StoreReport, sqlite};

/// A file whose database is said to know how to tell others, and does not.
#[derive(Clone)]
struct Mute<D>(D);

impl<D: Database> Database for Mute<D> {
    fn tell(&self) -> Option<&'static str> {
        Some("NOTIFY qrseal")
    }

    fn listen<'d>(&'d self, changed: &'d Notify) -> Later<'d, ()> {
        self.0.listen(changed)
    }

    fn connect(&self) -> Later<'_, Result<AnyConnection, sqlx::Error>> {
        self.0.connect()
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn begin(&self, kind: Begin) -> &'static str {
        self.0.begin(kind)
    }

    fn has_one_writer(&self) -> bool {
        self.0.has_one_writer()
    }

    fn schema_lock(&self) -> Option<&'static str> {
        self.0.schema_lock()
    }

    fn long_transaction(&self) -> Option<&'static str> {
        self.0.long_transaction()
    }

    fn long_work(&self) -> Option<&'static str> {
        self.0.long_work()
    }

    fn fault(&self, error: &sqlx::Error) -> Fault {
        self.0.fault(error)
    }

    fn clock_ahead_secs<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<i64, sqlx::Error>> {
        self.0.clock_ahead_secs(conn)
    }

    fn notes<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<Vec<String>, sqlx::Error>> {
        self.0.notes(conn)
    }

    fn check<'c>(
        &'c self,
        conn: &'c mut AnyConnection,
    ) -> Later<'c, Result<StoreReport, sqlx::Error>> {
        self.0.check(conn)
    }
}

#[test]
fn a_database_that_cannot_tell_others_is_asked_once_and_works_all_the_same() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = sqlite::file(&folder.path().join("qrseal.db"), true).expect("a new file");
    let mut worker = Worker::new(Mute(file), Begin::Write, None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    for _ in 0..2 {
        let (write, done) = job(Kind::Tell, None, |conn| -> Work<'_, ()> {
            Box::pin(async move {
                let make = "CREATE TABLE IF NOT EXISTS t (x BIGINT PRIMARY KEY)";
                sqlx::query(make).execute(conn).await.map(|_| ())
            })
        });
        runtime.block_on(worker.finish_some(&mut vec![write], &mut || None));
        assert_eq!(done.receiver().blocking_recv(), Ok(Ok(())));
        assert!(worker.notify_unsupported && worker.conn.is_some());
    }
}

/// What jobs get that wait together in the worker of a new file.
fn worker(folder: &tempfile::TempDir) -> Worker<impl Database> {
    let database = sqlite::file(&folder.path().join("qrseal.db"), true).expect("a new file");
    Worker::new(database, Begin::Write, None)
}

fn run(worker: Worker<impl Database>, jobs: Vec<Box<dyn Job>>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let (send, receive) = mpsc::channel(jobs.len());
    for job in jobs {
        assert!(send.try_send(job).is_ok(), "there is room");
    }
    drop(send);
    runtime.block_on(worker.run(receive));
}

type Told<T> = Receiver<Result<T, StoreError>>;

fn statement(sql: &'static str) -> (Box<dyn Job>, Told<()>) {
    let (job, asked) = job(Kind::Write, None, move |conn| {
        Box::pin(async move { sqlx::query(sql).execute(conn).await.map(|_| ()) })
    });
    (job, asked.receiver())
}

fn count() -> (Box<dyn Job>, Told<i64>) {
    let (job, asked) = job(Kind::Read, None, |conn| -> Work<'_, i64> {
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
    run(worker(&folder), vec![make, first, again, second, look]);
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
    let (slow, done) = job(Kind::Write, None, |_| -> Work<'_, ()> {
        Box::pin(async {
            tokio::time::sleep(BATCH_TIME).await;
            Ok(())
        })
    });
    let (hang, given_up) = job(Kind::Write, None, |_| -> Work<'_, ()> {
        Box::pin(std::future::pending())
    });
    let (done, given_up) = (done.receiver(), given_up.receiver());
    run(worker(&folder), vec![make, slow, hang]);
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
    run(worker(&folder), vec![make, gone, look]);
    assert_eq!(made.blocking_recv(), Ok(Ok(())));
    assert_eq!(counted.blocking_recv(), Ok(Ok(0)));
}

#[test]
fn a_job_that_hangs_is_given_up_with_all_that_wait_and_the_next_works() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (make, made) = statement("CREATE TABLE t (x BIGINT PRIMARY KEY)");
    // Without the list of migrations the next connection would take it for another program's.
    let (list, listed) = statement("CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY)");
    run(worker(&folder), vec![make, list]);
    assert_eq!(listed.blocking_recv(), Ok(Ok(())));
    assert_eq!(made.blocking_recv(), Ok(Ok(())));
    let (hang, given_up) = job(Kind::Write, None, |_| -> Work<'_, ()> {
        Box::pin(std::future::pending())
    });
    let given_up = given_up.receiver();
    let (with_it, given_up_too) = count();
    run(worker(&folder), vec![hang, with_it]);
    for told in [
        given_up.blocking_recv(),
        given_up_too.blocking_recv().map(|told| told.map(|_| ())),
    ] {
        assert!(matches!(told, Ok(Err(StoreError::Unavailable(_)))));
    }
    let (look, counted) = count();
    run(worker(&folder), vec![look]);
    assert_eq!(counted.blocking_recv(), Ok(Ok(0)));
}

#[test]
fn jobs_take_rows_in_the_order_of_keys_and_those_of_one_row_as_they_came() {
    let named = |order| {
        job(Kind::Write, order, |_| -> Work<'_, ()> {
            Box::pin(async { Ok(()) })
        })
        .0
    };
    let token = |byte| Some((Rows::Token, [byte; 12]));
    let quota = Some((Rows::Quota, [0; 12]));
    let came = [
        named(quota),
        named(token(9)),
        named(token(3)),
        named(token(9)),
        named(None),
        named(token(7)),
        named(token(1)),
    ];
    let orders = |names: &[usize]| -> Vec<_> {
        names
            .iter()
            .map(|name| came[name - 1].first_row())
            .collect()
    };
    let expected = orders(&[3, 2, 4, 1, 5, 7, 6]);
    let mut jobs = Vec::from(came);
    put_in_order(&mut jobs);
    let found: Vec<_> = jobs.iter().map(|job| job.first_row()).collect();
    assert_eq!(found, expected);
}
