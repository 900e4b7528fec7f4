//! What is particular to SQLite: its file, its schema's versions.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use qrseal::store::{self, StoreError};

use crate::actors::{Now as _, START, attempt, counted, limited, repeated, wait};
use crate::backends::sqlite;

#[test]
fn only_the_owner_can_read_the_files() {
    let fresh = sqlite();
    fresh.store.open(attempt(limited(1, 1), 1, START));
    let mut files = 0;
    for entry in fs::read_dir(fresh.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.path());
        files += 1;
    }
    assert_eq!(files, 3, "the database, its log and its index");
    assert_eq!(wait(fresh.store.check()).unwrap().problems, [""; 0]);
    fs::set_permissions(fresh.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let problems = wait(fresh.store.check()).unwrap().problems;
    assert!(problems[0].contains("chmod 600"), "{problems:?}");
}

#[test]
fn what_was_counted_is_there_after_the_store_is_opened_again() {
    let fresh = sqlite();
    let token = limited(1, 1);
    assert_eq!(fresh.store.open(attempt(token, 1, START)), counted(1));
    let url = fresh.url.clone();
    let folder = fresh.folder;
    drop(fresh.store);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["qrseal.db"], "closed in order: no log is left");
    let again = store::connect(&url, false).unwrap();
    assert_eq!(again.open(attempt(token, 1, START)), repeated(1));
}

#[test]
fn a_store_that_may_not_be_migrated_is_neither_made_nor_changed() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("qrseal.db");
    let url = format!("sqlite://{}", file.display());
    assert_eq!(store::exists(&url), Ok(false));
    assert!(store::connect(&url, false).is_err());
    assert!(!file.exists());
    fs::write(&file, b"").unwrap();
    match store::connect(&url, false).err() {
        Some(StoreError::Refused(why)) => assert!(why.contains("store.migrate"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// Does `sql` to the file, and looks that it is refused then with these words, migrating or not.
fn refused_after(sql: &'static str, words: &str) {
    let fresh = sqlite();
    wait(async {
        use sqlx::Connection as _;
        let url = format!("sqlite:{}", fresh.file().display());
        let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    });
    for migrate in [true, false] {
        match store::connect(&fresh.url, migrate).err() {
            Some(StoreError::Refused(why)) => assert!(why.contains(words), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_schema_newer_than_the_program_is_refused() {
    refused_after(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'from the future', 1, x'00', 0)",
        "999",
    );
}

#[test]
fn a_schema_that_another_program_made_is_refused() {
    refused_after(
        "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
        "not as this qrseal",
    );
}

#[test]
fn several_processes_may_start_at_once() {
    let folder = tempfile::TempDir::new().unwrap();
    // Everything that could mean something in a URL.
    let url = format!("sqlite://{}/a b%20?#&é.db", folder.path().display());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| store::connect(&url, true).expect("all of them start"));
        }
    });
    assert_eq!(store::exists(&url), Ok(true));
}

#[test]
fn a_file_that_another_process_is_just_making_is_waited_for() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("qrseal.db");
    let url = format!("sqlite://{}", file.display());
    let mut other = wait(async {
        use sqlx::Connection as _;
        let mut other =
            sqlx::SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", file.display()))
                .await
                .unwrap();
        // Without a write-ahead log: there can be none while this lasts.
        sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TABLE other (n)")
            .execute(&mut other)
            .await
            .unwrap();
        other
    });
    std::thread::scope(|scope| {
        let (begins, begun) = std::sync::mpsc::channel();
        let url = &url;
        let opening = scope.spawn(move || {
            begins.send(()).unwrap();
            store::connect(url, true).map(drop)
        });
        begun.recv().unwrap();
        // Work that takes many times as long as the opening needs to find the file locked.
        let work = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200000) \
                    INSERT INTO other SELECT n FROM c; COMMIT";
        wait(sqlx::raw_sql(work).execute(&mut other)).unwrap();
        opening.join().unwrap().expect("it waits");
    });
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("qrseal.db");
    fs::write(
        &file,
        "this is not a database, it is a text of some length".repeat(100),
    )
    .unwrap();
    let url = format!("sqlite://{}", file.display());
    assert!(store::connect(&url, true).is_err());
}

#[test]
fn other_databases_are_refused_with_a_word() {
    let why = store::connect("mysql://localhost", true)
        .err()
        .unwrap()
        .to_string();
    assert!(why.contains("sqlite:// or postgres://"), "{why}");
}
