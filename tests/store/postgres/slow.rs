//! A database that is slow, or hangs: whoever asks gets an answer, and the node works again when the database does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qrseal::store::{self, OpenOutcome, Store, StoreError};

use crate::actors::{Now as _, START, attempt, counted, limited, repeated, wait};
use crate::cluster::{Cluster, Reach};
use crate::wire::Wire;

struct Slow {
    cluster: Cluster,
    database: String,
    wire: Wire,
    node: Arc<dyn Store>,
}

fn slow() -> Slow {
    let cluster = Cluster::start(Reach::Tcp);
    let database = cluster.new_database();
    let wire = Wire::to(cluster.port());
    let url = format!("postgres://qrseal@127.0.0.1:{}/{database}", wire.port());
    let node = store::connect(&url, true).unwrap();
    Slow {
        cluster,
        database,
        wire,
        node,
    }
}

impl Slow {
    /// What so many opens get that are asked for at once, each of another token.
    fn open_at_once(&self, number: u64) -> Vec<Result<OpenOutcome, StoreError>> {
        wait(async {
            let mut tasks = tokio::task::JoinSet::new();
            for token in 0..number {
                let node = Arc::clone(&self.node);
                tasks.spawn(
                    async move { node.count_open(attempt(limited(token, 1), 1, START)).await },
                );
            }
            tasks.join_all().await
        })
    }

    /// Asks again until there is an answer.
    fn open_again(&self, token: u64) -> OpenOutcome {
        let begin = Instant::now();
        loop {
            match wait(self.node.count_open(attempt(limited(token, 1), 1, START))) {
                Ok(outcome) => {
                    println!("open again after {} ms", begin.elapsed().as_millis());
                    return outcome;
                }
                Err(error) => assert!(begin.elapsed().as_secs() < 20, "{error}"),
            }
        }
    }
}

#[test]
fn of_a_database_that_takes_two_seconds_a_statement_all_hear_and_it_did_not_happen() {
    let slow = slow();
    assert_eq!(
        slow.node.open(attempt(limited(9_000, 1), 1, START)),
        counted(1)
    );
    slow.wire.delay(Duration::from_secs(2));
    let begin = Instant::now();
    let told = slow.open_at_once(400);
    println!(
        "the last of 400 heard after {} ms",
        begin.elapsed().as_millis()
    );
    for outcome in &told {
        assert!(
            matches!(outcome, Err(StoreError::Unavailable(_))),
            "{outcome:?}"
        );
    }
    slow.wire.delay(Duration::ZERO);
    assert_eq!(slow.open_again(1), counted(1), "it had not happened");
}

#[test]
fn a_connection_whose_server_hangs_is_not_used_again() {
    let slow = slow();
    slow.wire.delay(Duration::from_secs(600));
    let told = slow.open_at_once(2);
    for outcome in &told {
        assert!(
            matches!(outcome, Err(StoreError::Unavailable(_))),
            "{outcome:?}"
        );
    }
    let look = wait(slow.node.receipt(limited(1, 1).id));
    assert!(matches!(look, Err(StoreError::Unavailable(_))), "{look:?}");
    slow.wire.delay(Duration::ZERO);
    assert_eq!(slow.open_again(1), counted(1));
}

#[test]
fn what_waits_for_a_row_that_another_holds_is_answered_and_did_not_happen() {
    let slow = slow();
    assert_eq!(slow.node.open(attempt(limited(1, 2), 1, START)), counted(1));
    let url = format!(
        "postgres://qrseal@127.0.0.1:{}/{}",
        slow.cluster.port(),
        slow.database
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut holder = runtime
        .block_on(<sqlx::PgConnection as sqlx::Connection>::connect(&url))
        .unwrap();
    runtime
        .block_on(sqlx::raw_sql("BEGIN; SELECT 1 FROM tokens FOR UPDATE").execute(&mut holder))
        .unwrap();
    let told = wait(slow.node.count_open(attempt(limited(1, 2), 2, START)));
    assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    runtime
        .block_on(sqlx::raw_sql("ROLLBACK").execute(&mut holder))
        .unwrap();
    assert_eq!(slow.node.open(attempt(limited(1, 2), 2, START)), counted(2));
    assert_eq!(
        slow.node.open(attempt(limited(1, 2), 2, START)),
        repeated(2)
    );
}
