//! Nodes tell each other that there is something to read.

use std::time::Duration;

use qrseal::store::{KeyHash, NewApiKey, Revocation, RevocationCursor, Store};

use crate::actors::{START, noted, revocation};
use crate::backends::postgres;
use crate::cluster;

/// Waits for a hint; a test that gets none fails here.
async fn hint(node: &dyn Store) {
    let hint = tokio::time::timeout(Duration::from_secs(20), node.changed());
    hint.await.expect("a hint");
}

fn wait<T>(answer: impl Future<Output = T>) -> T {
    crate::actors::wait(answer)
}

/// What a node reads, from the beginning.
async fn all_revoked(node: &dyn Store) -> Vec<Revocation> {
    let batch = node.revocations(RevocationCursor::default()).await;
    batch.unwrap().revocations
}

/// What `one` revokes is hinted to `other`, and back.
pub fn passes(one: &dyn Store, other: &dyn Store) {
    wait(async {
        // The first says that it listens.
        hint(one).await;
        hint(other).await;
        for (number, (teller, told)) in (1..).zip([(one, other), (other, one)]) {
            teller
                .revoke(revocation(70_000 + number, START), noted())
                .await
                .unwrap();
            hint(told).await;
        }
    });
}

#[test]
fn a_revocation_is_noticed_by_another_node_without_looking() {
    let fresh = postgres();
    let other = fresh.another();
    wait(async {
        hint(&*other).await;
        fresh
            .store
            .revoke(revocation(7, START), noted())
            .await
            .unwrap();
        hint(&*other).await;
        assert_eq!(
            all_revoked(&*other).await,
            [revocation(7, START)],
            "it was sent after the commit"
        );
    });
}

#[test]
fn an_api_key_that_is_made_or_disabled_is_noticed_by_another_node() {
    let fresh = postgres();
    let other = fresh.another();
    wait(async {
        hint(&*other).await;
        let key = NewApiKey {
            id: fresh.store.next_api_key_id().await.unwrap(),
            name: "shop".to_owned(),
            hash: KeyHash([7; 32]),
            scopes: "issue".parse().unwrap(),
            made_by: None,
            expires_at: None,
            now: START,
        };
        let key = fresh.store.add_api_key(key, noted()).await.unwrap();
        hint(&*other).await;
        assert_eq!(other.api_keys().await.unwrap().len(), 1);
        fresh
            .store
            .disable_api_key(key.id, START, noted())
            .await
            .unwrap();
        hint(&*other).await;
        assert!(other.api_keys().await.unwrap()[0].disabled_at.is_some());
    });
}

#[test]
fn a_thousand_notifications_are_a_few_hints() {
    let fresh = postgres();
    let other = fresh.another();
    let many =
        "DO $$ BEGIN FOR i IN 1..1000 LOOP PERFORM pg_notify('qrseal', i::text); END LOOP; END $$";
    wait(async {
        hint(&*other).await;
        cluster::sql(&fresh.url, many);
        fresh
            .store
            .revoke(revocation(7, START), noted())
            .await
            .unwrap();
        let mut hints = 0;
        loop {
            hint(&*other).await;
            hints += 1;
            if !all_revoked(&*other).await.is_empty() {
                break;
            }
        }
        assert!(hints <= 20, "{hints} hints");
    });
}

#[test]
fn a_node_whose_connection_was_cut_listens_again() {
    let fresh = postgres();
    let other = fresh.another();
    wait(async {
        hint(&*other).await;
        cluster::sql(
            &fresh.url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE query LIKE 'LISTEN%' AND datname = current_database()",
        );
        // It says so, because it may have missed something.
        hint(&*other).await;
        fresh
            .store
            .revoke(revocation(7, START), noted())
            .await
            .unwrap();
        hint(&*other).await;
        assert_eq!(all_revoked(&*other).await, [revocation(7, START)]);
    });
}
