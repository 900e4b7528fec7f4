//! Copying a store to another place.

mod dumping;
pub mod filled;
#[cfg(feature = "system-tests")]
mod on_postgres;
mod program;

use std::panic::{AssertUnwindSafe, catch_unwind};

use qrseal::store::{self, CopiedTable, CopyProgress, CopyStep, CopyStore, Loading, StoreError};
use tempfile::TempDir;

use self::filled::{fill, told};
use crate::actors::{Now as _, START, at, attempt, counted, limited, noted, revocation, wait};
use crate::backends::{Fresh, sqlite_in_memory};

/// A place where no store is yet.
struct Nowhere {
    url: String,
    _folder: TempDir,
}

fn nowhere() -> Nowhere {
    let folder = TempDir::new().unwrap();
    Nowhere {
        url: format!("sqlite://{}/copy.db", folder.path().display()),
        _folder: folder,
    }
}

fn filled() -> Fresh {
    let fresh = sqlite_in_memory();
    fill(&*fresh.store);
    fresh
}

/// Copies to the end.
fn copy(from: &str, to: &str) -> Result<Vec<CopiedTable>, StoreError> {
    let request = CopyStore {
        from,
        to,
        retire_source: false,
        owner: 1,
    };
    store::copy(request, |_| {})
}

/// Copies until `stop` says so, as if the program had ended there.
fn copy_until(from: &str, to: &str, stop: impl Fn(CopyProgress) -> bool) {
    let request = CopyStore {
        from,
        to,
        retire_source: false,
        owner: 2,
    };
    let interrupted = catch_unwind(AssertUnwindSafe(|| {
        store::copy(request, |progress| assert!(!stop(progress), "interrupted"))
    }));
    assert!(interrupted.is_err(), "it went on to the end");
}

fn written(tables: &[CopiedTable]) -> u64 {
    assert!(tables.iter().all(CopiedTable::is_verified), "{tables:?}");
    tables.iter().map(|table| table.written).sum()
}

fn why_refused<T>(answer: Result<T, StoreError>) -> String {
    match answer.err() {
        Some(StoreError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_copy_answers_everything_as_the_store_that_was_copied() {
    let (from, to) = (filled(), nowhere());
    let tables = copy(&from.url, &to.url).unwrap();
    let rows: u64 = tables.iter().map(|table| table.from.rows).sum();
    assert_eq!(written(&tables), rows);
    let copy = store::connect(&to.url, false).unwrap();
    assert_eq!(told(&*copy), told(&*from.store));
    // And it goes on from there.
    assert_eq!(copy.open(attempt(limited(1, 3), 7, at(9))), counted(3));
    let numbered = wait(copy.revoke(revocation(7_000, at(9)), noted())).unwrap();
    let batch = wait(copy.revocations(store::RevocationCursor::default())).unwrap();
    assert_eq!(batch.revocations.last(), Some(&numbered));
}

#[test]
fn a_copy_that_was_interrupted_is_no_store_and_goes_on_where_it_was() {
    let (from, to) = (filled(), nowhere());
    copy_until(&from.url, &to.url, |progress| {
        progress.table == "opens" && progress.rows >= 2_000
    });
    let why = why_refused(store::connect(&to.url, true));
    assert!(
        why.contains("qrseal store copy") && why.contains("not finished"),
        "{why}"
    );
    copy_until(&from.url, &to.url, |progress| {
        progress.step == CopyStep::Verifying
    });
    why_refused(store::connect(&to.url, true));
    assert_eq!(
        written(&copy(&from.url, &to.url).unwrap()),
        0,
        "all of it was there"
    );
    let copied = store::connect(&to.url, true).unwrap();
    assert_eq!(told(&*copied), told(&*from.store));
}

#[test]
fn what_changed_between_two_runs_is_mended_whichever_side_it_was() {
    let (from, to) = (filled(), nowhere());
    copy_until(&from.url, &to.url, |progress| {
        progress.step == CopyStep::Verifying
    });
    // Another source left rows that are in the way: the same revocation numbers and names of API keys, on other rows.
    let other = sqlite_in_memory();
    for number in 100..110 {
        wait(other.store.revoke(revocation(number, START), noted())).unwrap();
    }
    copy_until(&other.url, &to.url, |progress| {
        progress.step == CopyStep::Verifying
    });
    from.store.open(attempt(limited(2_000, 3), 9, at(9)));
    assert!(written(&copy(&from.url, &to.url).unwrap()) > 0);
    let copied = store::connect(&to.url, true).unwrap();
    assert_eq!(told(&*copied), told(&*from.store));
}

#[test]
fn a_source_that_changes_meanwhile_is_found_and_the_copy_not_used() {
    let (from, to) = (filled(), nowhere());
    let request = CopyStore {
        from: &from.url,
        to: &to.url,
        retire_source: true,
        owner: 1,
    };
    let mut opened = false;
    let tables = store::copy(request, |progress| {
        if progress.table == "opens" && !opened {
            opened = true;
            // A server's, on a thread of its own.
            let open = || from.store.open(attempt(limited(2_000, 3), 9, at(9)));
            std::thread::scope(|scope| scope.spawn(open).join().unwrap());
        }
    })
    .unwrap();
    let changed: Vec<_> = tables
        .iter()
        .filter(|table| !table.is_verified())
        .map(|table| table.name)
        .collect();
    assert_eq!(
        changed,
        ["tokens"],
        "the open itself was copied after it happened"
    );
    why_refused(store::connect(&to.url, true));
    store::connect(&from.url, true).expect("it is not retired");
    assert!(written(&copy(&from.url, &to.url).unwrap()) > 0);
}

#[test]
fn of_two_who_fill_one_store_only_the_last_goes_on() {
    let (from, dump) = (filled(), dumping::dumped(&filled().url));
    let verifying = |progress: CopyProgress| progress.step == CopyStep::Verifying;
    let fill_again = |to: &str, restores: bool| match restores {
        true => drop(Loading::begin(to, 3).unwrap()),
        false => copy_until(&from.url, to, verifying),
    };
    for (step, restores) in [
        (CopyStep::Copying, true),
        (CopyStep::Copying, false),
        (CopyStep::Verifying, false),
    ] {
        let to = nowhere();
        let request = CopyStore {
            from: &from.url,
            to: &to.url,
            retire_source: false,
            owner: 1,
        };
        let mut begun = false;
        let copied = store::copy(request, |progress| {
            if progress.step == step && progress.table == "opens" && !begun {
                begun = true;
                let again = || fill_again(&to.url, restores);
                std::thread::scope(|scope| scope.spawn(again).join().unwrap());
            }
        });
        let why = why_refused(copied);
        assert!(why.contains("another program"), "{why}");
        why_refused(store::connect(&to.url, true));
    }
    let to = nowhere();
    let mut loading = Loading::begin(&to.url, 3).unwrap();
    fill_again(&to.url, false);
    loading.write(&dump[0]).unwrap();
    let why = why_refused(loading.write(&dump[1]));
    assert!(why.contains("another program"), "{why}");
    why_refused(loading.finish());
    assert_eq!(written(&copy(&from.url, &to.url).unwrap()), 0);
}

#[test]
fn a_store_in_use_and_a_store_itself_are_no_targets() {
    let (from, to) = (filled(), sqlite_in_memory());
    to.store.open(attempt(limited(1, 1), 1, START));
    let why = why_refused(copy(&from.url, &to.url));
    assert!(why.contains("in use"), "{why}");
    assert_eq!(
        to.store.open(attempt(limited(2, 1), 1, START)),
        counted(1),
        "it is as it was"
    );
    let empty = sqlite_in_memory();
    let why = why_refused(copy(&empty.url, &empty.url));
    assert!(why.contains("the same store"), "{why}");
    assert_eq!(
        empty.store.open(attempt(limited(1, 1), 1, START)),
        counted(1)
    );
}

#[test]
fn what_is_no_current_store_or_an_unfinished_copy_is_no_source() {
    let (from, half, to) = (filled(), nowhere(), nowhere());
    assert!(copy(&nowhere().url, &to.url).is_err());
    copy_until(&from.url, &half.url, |progress| progress.table == "opens");
    let why = why_refused(copy(&half.url, &to.url));
    assert!(why.contains("not finished"), "{why}");
    assert_eq!(store::exists(&to.url), Ok(false));
}

#[test]
fn a_retired_store_counts_nothing_even_where_it_is_open_already_and_no_server_starts_with_it() {
    let (from, to) = (filled(), nowhere());
    let request = CopyStore {
        from: &from.url,
        to: &to.url,
        retire_source: true,
        owner: 1,
    };
    let tables = store::copy(request, |_| {}).unwrap();
    written(&tables);
    let late = wait(from.store.count_open(attempt(limited(1, 3), 7, at(9))));
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert!(wait(from.store.revoke(revocation(7_000, at(9)), noted())).is_err());
    let why = why_refused(store::connect(&from.url, true));
    assert!(why.contains("moved away"), "{why}");
    let copied = store::connect(&to.url, true).unwrap();
    assert_eq!(copied.open(attempt(limited(1, 3), 7, at(9))), counted(3));
    // Taken back, it is as it was.
    assert_eq!(store::retire(&from.url, false), Ok(true));
    assert_eq!(store::retire(&from.url, false), Ok(false));
    let again = store::connect(&from.url, true).unwrap();
    assert_eq!(again.open(attempt(limited(1, 3), 7, at(9))), counted(3));
}

#[test]
fn a_copy_that_retired_its_source_and_was_interrupted_goes_on() {
    let (from, to) = (filled(), nowhere());
    copy_until(&from.url, &to.url, |progress| {
        progress.step == CopyStep::Verifying
    });
    assert_eq!(store::retire(&from.url, true), Ok(true));
    let request = CopyStore {
        from: &from.url,
        to: &to.url,
        retire_source: true,
        owner: 1,
    };
    written(&store::copy(request, |_| {}).unwrap());
    store::connect(&to.url, true).expect("the copy is a store");
    why_refused(store::connect(&from.url, true));
}
