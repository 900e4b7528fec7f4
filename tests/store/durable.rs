//! How many opens a second are durable: of many clients together, against one commit each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use qrseal::store::{OpenOutcome, Store};

use crate::actors::{START, attempt, limited};
use crate::backends::sqlite;

#[test]
#[ignore = "it measures; tests/torture runs it"]
fn opens_that_wait_together_are_committed_together() {
    let fresh = sqlite();
    let next = Arc::new(AtomicU64::new(0));
    let [alone, together] = [1, 64].map(|clients| {
        let rate = opens_a_second(&fresh.store, clients, &next, Duration::from_secs(5));
        println!("durable opens on the store, {clients} at once: {rate:.0} a second");
        rate
    });
    println!(
        "durable opens on the store: {:.1} times as many together; a commit alone takes {:.1} ms",
        together / alone,
        1000.0 / alone
    );
    assert!(together > 2.0 * alone, "{together} against {alone}");
}

fn opens_a_second(
    store: &Arc<dyn Store>,
    clients: u64,
    next: &Arc<AtomicU64>,
    time: Duration,
) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let begin = Instant::now();
    let opens = runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let (store, next) = (Arc::clone(store), Arc::clone(next));
            tasks.spawn(async move {
                let mut opens = 0_u32;
                while begin.elapsed() < time {
                    let token = limited(next.fetch_add(1, Ordering::Relaxed), 1);
                    let outcome = store.count_open(attempt(token, 1, START)).await;
                    assert!(matches!(outcome, Ok(OpenOutcome::Counted(_))));
                    opens += 1;
                }
                opens
            });
        }
        let mut opens = 0;
        while let Some(of_one) = tasks.join_next().await {
            opens += of_one.unwrap();
        }
        opens
    });
    f64::from(opens) / begin.elapsed().as_secs_f64()
}
