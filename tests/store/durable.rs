//! How many writes a second are durable: of many clients together, against one commit each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use qrseal::store::{AddedRecord, CheckInOutcome, CheckedIn, OpenOutcome, Store};

use crate::actors::{START, attempt, limited};
use crate::backends::sqlite;
use crate::conformance::{check_ins, lists, records};

#[test]
#[ignore = "it measures; tests/torture runs it"]
fn opens_that_wait_together_are_committed_together() {
    compare("opens", 20.0, &sqlite().store, async |store, number| {
        let opened = store.count_open(attempt(limited(number, 1), 1, START));
        assert!(matches!(opened.await, Ok(OpenOutcome::Counted(_))));
    });
}

#[test]
#[ignore = "it measures; tests/torture runs it"]
fn stored_codes_that_wait_together_are_committed_together() {
    compare(
        "stored codes",
        20.0,
        &sqlite().store,
        async |store, number| {
            let added = store.add_record(records::new(number, 1)).await;
            assert!(matches!(added, Ok(AddedRecord::Kept)));
        },
    );
}

#[test]
#[ignore = "it measures; tests/torture runs it"]
fn check_ins_that_wait_together_are_committed_together() {
    let fresh = sqlite();
    lists::add(&*fresh.store, lists::new(1));
    // Seven statements, each of which wakes a thread and is waited for.
    compare("check-ins", 5.0, &fresh.store, async |store, number| {
        let request = check_ins::entry(1, number, check_ins::rules());
        let Ok(CheckedIn::Judged(judged)) = store.check_in(request).await else {
            panic!("it is judged")
        };
        assert_eq!(judged.row.outcome, CheckInOutcome::LetIn);
    });
}

/// How often one client, and then 64 together, can `write`, which gets a number that no other gets: at least so many times as often,
/// where a commit takes 2 ms or more.
fn compare(
    what: &str,
    times: f64,
    store: &Arc<dyn Store>,
    write: impl AsyncFn(Arc<dyn Store>, u64) + Clone + 'static,
) {
    let next = Arc::new(AtomicU64::new(1));
    let [alone, together] = [1, 64].map(|clients| {
        let rate = writes_a_second(store, clients, &next, write.clone());
        println!("durable {what} on the store, {clients} at once: {rate:.0} a second");
        rate
    });
    println!(
        "durable {what} on the store: {:.1} times as many together; one alone takes {:.1} ms",
        together / alone,
        1000.0 / alone
    );
    let times = if alone < 500.0 { times } else { 1.0 };
    assert!(together > times * alone, "{together} against {alone}");
}

fn writes_a_second(
    store: &Arc<dyn Store>,
    clients: u64,
    next: &Arc<AtomicU64>,
    write: impl AsyncFn(Arc<dyn Store>, u64) + Clone + 'static,
) -> f64 {
    const TIME: Duration = Duration::from_secs(5);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let begin = Instant::now();
    let writes = tokio::task::LocalSet::new().block_on(&runtime, async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let (store, next, write) = (Arc::clone(store), Arc::clone(next), write.clone());
            tasks.spawn_local(async move {
                let mut writes = 0_u32;
                while begin.elapsed() < TIME {
                    write(Arc::clone(&store), next.fetch_add(1, Ordering::Relaxed)).await;
                    writes += 1;
                }
                writes
            });
        }
        let mut writes = 0;
        while let Some(of_one) = tasks.join_next().await {
            writes += of_one.unwrap();
        }
        writes
    });
    f64::from(writes) / begin.elapsed().as_secs_f64()
}
