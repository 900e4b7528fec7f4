//! What is particular to PostgreSQL: several nodes, roles, an outage.

mod failover;
mod hints;
mod slow;
mod tls;

use std::fs;

use qrseal::store::{self, OpenOutcome, StoreError};

use crate::actors::{
    Now as _, START, attempt, counted, id, limited, noted, repeated, revocation, wait,
};
use crate::backends::postgres;
use crate::cluster;
use crate::copying::filled::{fill, told};

#[test]
fn three_nodes_may_start_at_once() {
    let url = cluster::new_database();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| store::connect(&url, true).expect("all of them start"));
        }
    });
    let applied = number(&url, "SELECT COUNT(*) FROM _sqlx_migrations");
    let all = fs::read_dir("migrations").unwrap().count();
    assert_eq!(applied, i64::try_from(all).unwrap(), "each of them once");
    let report = wait(store::connect(&url, false).unwrap().check()).unwrap();
    assert_eq!(report.problems, [""; 0]);
    assert_eq!(report.clock_ahead_secs, 0);
    assert!(report.kind.starts_with("PostgreSQL 1"), "{}", report.kind);
}

#[test]
fn a_schema_that_may_not_be_migrated_is_left_alone() {
    let url = cluster::new_database();
    match store::connect(&url, false).err() {
        Some(StoreError::Refused(why)) => assert!(why.contains("store.migrate"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_is_not_there_is_said_without_its_password() {
    let url = "postgres://qrseal:s3cret@127.0.0.1:9/codes";
    let why = store::connect(url, true).err().unwrap().to_string();
    assert!(
        why.contains("127.0.0.1:9/codes") && !why.contains("s3cret"),
        "{why}"
    );
    assert_eq!(store::name(url), "127.0.0.1:9/codes");
}

#[test]
fn nodes_that_count_the_same_tokens_in_different_orders_agree() {
    const TOKENS: u64 = 40;
    let fresh = postgres();
    let nodes = [fresh.another(), fresh.another(), fresh.another()];
    let opened: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..12_u64)
            .map(|client| {
                let node = &nodes[usize::try_from(client % 3).unwrap()];
                scope.spawn(move || {
                    (0..TOKENS)
                        .filter(|step| {
                            // Each client goes through the tokens in an order of its own.
                            let token = (step * (2 * client + 1) + client) % TOKENS;
                            let tried = attempt(limited(token, 3), client + 1, START);
                            matches!(node.open(tried), OpenOutcome::Counted(open) if !open.repeated)
                        })
                        .count()
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum()
    });
    assert_eq!(opened, 3 * usize::try_from(TOKENS).unwrap());
    for token in 0..TOKENS {
        let entry = wait(fresh.store.receipt(id(token))).unwrap().unwrap();
        assert_eq!(
            (entry.opens, entry.opens_listed.len()),
            (3, 3),
            "token {token}"
        );
    }
}

#[test]
fn a_revocation_on_one_node_is_read_by_another_and_counts_at_once() {
    let fresh = postgres();
    let other = fresh.another();
    let revoked = revocation(7, START);
    assert_eq!(
        wait(fresh.store.revoke(revoked.clone(), noted())),
        Ok(revoked.clone())
    );
    let batch = wait(other.revocations(store::RevocationCursor::default())).unwrap();
    assert_eq!(batch.revocations, std::slice::from_ref(&revoked));
    let tried = other.open(attempt(limited(7, 1), 1, START));
    assert_eq!(tried, OpenOutcome::Revoked(revoked));
}

#[test]
fn a_role_that_only_reads_and_writes_rows_is_enough_once_the_schema_is_there() {
    let fresh = postgres();
    cluster::sql(
        &fresh.url,
        "CREATE ROLE qrseal_node LOGIN; \
         GRANT SELECT, INSERT, UPDATE, DELETE \
           ON tokens, opens, pin_networks, records, scans, audit, audit_ends, leases, requests, api_keys, quotas, accounts, sessions, sign_in_tries, \
           second_factors, backup_codes, counters, nodes, event_targets, outbox, lists, list_staff, list_tokens, check_ins, list_gates, visits, passes TO qrseal_node; \
         GRANT SELECT ON _sqlx_migrations TO qrseal_node;",
    );
    let url = fresh.url.replace("//qrseal@", "//qrseal_node@");
    let node = store::connect(&url, false).unwrap();
    fill(&*node);
    assert_eq!(told(&*node), told(&*fresh.store));
    wait(node.reset_pin(id(5_003), START, noted())).unwrap();
    assert_eq!(wait(node.check()).unwrap().problems, [""; 0]);
    // It is told, and tells.
    hints::passes(&*node, &*fresh.store);
}

#[test]
fn a_node_works_again_when_its_connections_were_cut() {
    let fresh = postgres();
    let node = fresh.another();
    assert_eq!(node.open(attempt(limited(1, 2), 1, START)), counted(1));
    cluster::sql(
        &fresh.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'qrseal' AND datname = current_database()",
    );
    // The one that meets the cut connection may be refused; it did not happen then.
    let met = wait(node.count_open(attempt(limited(1, 2), 2, START)));
    let again = wait(node.count_open(attempt(limited(1, 2), 2, START))).unwrap();
    match met {
        Ok(opened) => assert_eq!((opened, again), (counted(2), repeated(2))),
        Err(StoreError::Unavailable(_)) => assert_eq!(again, counted(2)),
        Err(other) => panic!("{other}"),
    }
}

/// What a query of one number gives.
fn number(url: &str, sql: &'static str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        use sqlx::Connection as _;
        let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
    })
}
