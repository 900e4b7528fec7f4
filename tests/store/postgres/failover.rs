//! Several hosts of which one takes writes, and another takes over.

use std::net::TcpListener;
use std::time::Instant;

use qrseal::store::{self, OpenOutcome, StoreError};

use crate::actors::{Now as _, START, attempt, counted, id, limited, repeated, wait};
use crate::cluster::{Cluster, Reach};
use crate::port::free_port;

const OPENS: u64 = 50;

/// A store on several hosts, tried in this order.
fn url(hosts: &[u16], database: &str) -> String {
    let hosts: Vec<_> = hosts
        .iter()
        .map(|port| format!("127.0.0.1:{port}"))
        .collect();
    format!("postgres://qrseal:s3cret@{}/{database}", hosts.join(","))
}

#[test]
fn a_node_goes_on_where_the_standby_took_over_and_nothing_is_lost_or_doubled() {
    let mut primary = Cluster::start(Reach::Tcp);
    let database = primary.new_database();
    let standby = primary.synchronous_standby(free_port());
    // The first takes connections and says nothing, the second takes no writes.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hosts = [
        silent.local_addr().unwrap().port(),
        standby.port(),
        primary.port(),
    ];
    let node = store::connect(&url(&hosts, &database), true).unwrap();
    for number in 0..OPENS {
        assert_eq!(node.open(attempt(limited(number, 1), 1, START)), counted(1));
    }
    primary.kill();
    let lost = wait(node.count_open(attempt(limited(OPENS, 1), 1, START)));
    assert!(
        matches!(
            lost,
            Err(StoreError::Unavailable(_) | StoreError::Unknown(_))
        ),
        "{lost:?}"
    );
    standby.promote();
    let promoted = Instant::now();
    let last = loop {
        // A client whose open was answered 503 asks again.
        match wait(node.count_open(attempt(limited(OPENS, 1), 1, START))) {
            Ok(outcome) => break outcome,
            Err(error) => assert!(promoted.elapsed().as_secs() < 20, "{error}"),
        }
    };
    println!(
        "open again {} ms after the promotion",
        promoted.elapsed().as_millis()
    );
    assert!(
        matches!(last, OpenOutcome::Counted(open) if open.opens == 1),
        "{last:?}"
    );
    for number in 0..=OPENS {
        let entry = wait(node.receipt(id(number))).unwrap().unwrap();
        assert_eq!(entry.opens, 1, "token {number}");
        let stranger = node.open(attempt(limited(number, 1), 2, START));
        assert!(
            matches!(stranger, OpenOutcome::UsedUp { .. }),
            "{stranger:?}"
        );
    }
    assert_eq!(wait(node.check()).unwrap().problems, [""; 0]);
}

#[test]
fn an_open_whose_commit_was_not_heard_of_is_found_by_asking_again() {
    let primary = Cluster::start(Reach::Tcp);
    let database = primary.new_database();
    let mut standby = primary.synchronous_standby(free_port());
    let node = store::connect(&url(&[primary.port()], &database), true).unwrap();
    standby.stop();
    // It is on the primary's disk, and nobody says so.
    let first = wait(node.count_open(attempt(limited(1, 2), 1, START)));
    assert!(matches!(first, Err(StoreError::Unknown(_))), "{first:?}");
    standby.start_again();
    let begin = Instant::now();
    let again = loop {
        match wait(node.count_open(attempt(limited(1, 2), 1, START))) {
            Ok(outcome) => break outcome,
            Err(error) => assert!(begin.elapsed().as_secs() < 20, "{error}"),
        }
    };
    assert_eq!(again, repeated(1));
    assert_eq!(node.open(attempt(limited(1, 2), 2, START)), counted(2));
}

#[test]
fn hosts_of_which_none_takes_writes_are_said_without_the_password() {
    let primary = Cluster::start(Reach::Tcp);
    let database = primary.new_database();
    let standby = primary.synchronous_standby(free_port());
    let url = url(&[standby.port(), free_port()], &database);
    let why = store::connect(&url, true).err().unwrap().to_string();
    assert!(
        why.contains("takes no writes") && why.contains("refused"),
        "{why}"
    );
    assert!(!why.contains("s3cret"), "{why}");
}
