//! Copying between SQLite and PostgreSQL.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use qrseal::store::{self, OpenOutcome};
use sqlx::Connection as _;

use super::dumping::{dumped, kept, load};
use super::filled::{TOKENS, fill, told};
use super::program::qrseal;
use super::{copy, filled, nowhere, why_refused, written};
use crate::actors::{START, at, attempt, counted, id, limited, noted, wait};
use crate::backends::postgres;
use crate::cluster;

#[test]
fn a_store_goes_from_sqlite_to_postgres_and_back_and_is_the_same() {
    let (from, there, back) = (filled(), cluster::new_database(), nowhere());
    let to = copy(&from.url, &there).unwrap();
    let rows: u64 = to.iter().map(|table| table.from.rows).sum();
    assert_eq!(written(&to), rows);
    let again = copy(&there, &back.url).unwrap();
    assert_eq!(written(&again), rows);
    for (one, other) in to.iter().zip(&again) {
        assert_eq!(one.from, other.to, "{}", one.name);
    }
    let expected = told(&*from.store);
    for url in [&there, &back.url] {
        assert_eq!(told(&*store::connect(url, true).unwrap()), expected);
    }
}

#[test]
fn a_store_that_was_filled_on_postgres_goes_to_sqlite() {
    let (from, to) = (postgres(), nowhere());
    fill(&*from.store);
    written(&copy(&from.url, &to.url).unwrap());
    let copied = store::connect(&to.url, true).unwrap();
    assert_eq!(told(&*copied), told(&*from.store));
}

#[test]
fn a_backup_of_one_database_is_restored_into_the_other() {
    let (sqlite, postgres) = (filled(), postgres());
    fill(&*postgres.store);
    let (there, here) = (cluster::new_database(), nowhere());
    for (from, to) in [(&sqlite.url, &there), (&postgres.url, &here.url)] {
        let parts = dumped(from);
        load(&parts, to, START);
        assert_eq!(kept(&dumped(to)), kept(&parts));
        let restored = store::connect(to, false).unwrap();
        let old = limited(1_000_000, 3);
        let closed = restored.count_open(attempt(old, 1, at(9)));
        assert_eq!(wait(closed).unwrap(), OpenOutcome::Closed);
        assert!(wait(restored.reopen(noted())).unwrap());
        let opened = restored.count_open(attempt(old, 1, at(9)));
        assert_eq!(wait(opened).unwrap(), counted(1));
    }
}

#[test]
fn a_copy_to_postgres_that_was_killed_is_no_store_and_goes_on() {
    let (from, to) = (filled(), cluster::new_database());
    drop(store::connect(&to, true).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // Nobody writes into this table, so the copy cannot get past it.
    let mut holder = runtime.block_on(sqlx::PgConnection::connect(&to)).unwrap();
    runtime
        .block_on(sqlx::raw_sql("BEGIN; LOCK TABLE opens IN SHARE MODE").execute(&mut holder))
        .unwrap();
    let mut program = qrseal(&["store", "copy", "--from", &from.url, "--to", &to])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("copying tokens: 1000 of "), "{first}");
    program.kill().unwrap();
    program.wait().unwrap();
    drop(holder);
    let why = why_refused(store::connect(&to, true));
    assert!(why.contains("not finished"), "{why}");
    let tables = copy(&from.url, &to).unwrap();
    let rows: u64 = tables.iter().map(|table| table.from.rows).sum();
    let mended = written(&tables);
    assert!(
        mended <= rows - 1000,
        "{mended} of {rows}: the first chunk was there"
    );
    let copied = store::connect(&to, true).unwrap();
    assert_eq!(told(&*copied), told(&*from.store));
}

#[test]
fn a_copy_on_postgres_that_was_tampered_with_is_found() {
    let (from, to) = (filled(), cluster::new_database());
    let mut verifying = false;
    let tampering = format!(
        "UPDATE tokens SET opens = 0 WHERE id = '\\x{}'",
        id(TOKENS / 2)
    );
    let request = store::CopyStore {
        from: &from.url,
        to: &to,
        retire_source: false,
        owner: 1,
    };
    let tables = store::copy(request, |progress| {
        if progress.step == store::CopyStep::Verifying && !verifying {
            verifying = true;
            cluster::sql(&to, &tampering);
        }
    })
    .unwrap();
    let wrong: Vec<_> = tables.iter().filter(|table| !table.is_verified()).collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].name, "tokens");
    why_refused(store::connect(&to, true));
    let mended = written(&copy(&from.url, &to).unwrap());
    assert!(
        (1..wrong[0].from.rows).contains(&mended),
        "from there on: {mended}"
    );
}
