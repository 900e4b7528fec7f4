//! A store with something of everything, made through the port, and what a store holds as the port tells it.

use qrseal::store::{
    AddedRecord, ApiKeyId, AuditEnds, AuditLink, AuditQuery, Device, EventKind, EventTarget, Job,
    KeyHash, Lease, LinkAudit, Made, NewApiKey, OpenAttempt, PruneAudit, QuotaTake, ReceiptQuery,
    Remembered, RequestKind, RequestRecord, Revocation, RevocationCursor, ScanCount, Store,
    TargetId,
};
use qrseal::token::Slot;

use crate::actors::{
    DAY, START, at, attempt, everything, id, limited, network, noted, pin_try, revocation, wait,
    with_pin,
};
use crate::conformance::links::new as new_link;
use crate::conformance::records::new as new_record;
use crate::conformance::{accounts, check_ins, passes};

/// How many tokens were opened: more than two chunks of a copy.
pub const TOKENS: u64 = 2_300;

/// Fills an empty store. The last but accounts is a purge, which leaves its watermark.
pub fn fill(store: &dyn Store) {
    wait(async {
        for number in 0..TOKENS {
            for client in 0..=number % 2 {
                let open = OpenAttempt {
                    suspected_bot: number % 3 == 0,
                    ..attempt(limited(number, 3), client, at(number))
                };
                store.count_open(open).await.unwrap();
            }
        }
        for number in 0..20 {
            store
                .erase_opens(id(number), at(10), noted())
                .await
                .unwrap();
        }
        for number in 5_000..5_030 {
            for of_network in 0..number % 7 {
                let tried = pin_try(with_pin(number), of_network % 2, at(number));
                store.spend_pin_try(tried).await.unwrap();
            }
        }
        let mut opened = attempt(with_pin(5_001), 1, at(5_100));
        opened.pin_from = Some(network(0));
        store.count_open(opened).await.unwrap();
        for number in 6_000..6_010 {
            store
                .revoke(revocation(number, at(number)), noted())
                .await
                .unwrap();
        }
        let silent = Revocation {
            reason: None,
            by_holder: true,
            expires_at: Some(at(DAY)),
            ..revocation(3, at(6_020))
        };
        store.revoke(silent, noted()).await.unwrap();
        for number in 0..120 {
            store.remember_request(issue(number)).await.unwrap();
        }
        for (number, name) in [(1, "shop"), (2, "Kasse “Süd”"), (3, "shop")] {
            let key = api_key(store.next_api_key_id().await.unwrap(), number, name);
            store.add_api_key(key, noted()).await.unwrap();
            if number == 1 {
                store
                    .disable_api_key(ApiKeyId(1), at(20), noted())
                    .await
                    .unwrap();
            }
        }
        store
            .touch_api_keys(vec![(ApiKeyId(3), at(60))])
            .await
            .unwrap();
        for number in 0..7 {
            let take = QuotaTake {
                subject: vec![number % 3; 8],
                requests_per_day: Some(2),
                bytes_per_day: None,
                bytes: 1_000,
                now: START,
            };
            store.take_quota(take).await.unwrap();
        }
        for number in 7_000..7_030 {
            let new = new_record(number, 1);
            assert!(store.add_record(new).await.unwrap() == AddedRecord::Kept);
        }
        for number in 7_100..7_110 {
            let new = new_link(number);
            assert!(store.add_record(new).await.unwrap() == AddedRecord::Kept);
            let count = ScanCount {
                id: id(number),
                hour: START,
                device: Device::Ios,
                bot: number % 2 == 0,
                scans: number,
            };
            store.add_scans(vec![count]).await.unwrap();
        }
        for number in 9_000..9_005 {
            let mut short = limited(number, 1);
            short.expires_at = at(600);
            store.count_open(attempt(short, 1, at(5))).await.unwrap();
        }
        fill_audit(store).await;
        let purged = store.purge(at(600 + 60 + 60 * 60)).await.unwrap();
        assert_eq!(purged.tokens, 5);
    });
    let target = EventTarget {
        id: TargetId([4; 8]),
        kinds: EventKind::ALL.to_vec(),
    };
    wait(store.name_event_targets(vec![target], START)).unwrap();
    // Their sessions are younger than the purge.
    accounts::fill(store);
    check_ins::fill(store);
    passes::fill(store);
}

/// Rows of the audit log that are linked, pruned and neither.
async fn fill_audit(store: &dyn Store) {
    let link = |number| AuditLink {
        number,
        slot: Slot::try_from(1).unwrap(),
        link: [7; 32],
    };
    let ends = |pruned: Option<u64>| AuditEnds {
        head: Some(link(20)),
        pruned: pruned.map(link),
        slot: Slot::try_from(1).unwrap(),
        mac: [9; 32],
    };
    let rows = store.unlinked_audit_rows(None, 20).await.unwrap();
    let links = rows.iter().zip(1..);
    let linked = LinkAudit {
        before: (0, 0),
        links: links
            .map(|(row, number)| (row.happened_at, row.id, link(number)))
            .collect(),
        ends: ends(None),
    };
    assert!(store.link_audit(linked).await.unwrap());
    let pruned = PruneAudit {
        before: (20, 0),
        ends: ends(Some(5)),
    };
    assert!(store.prune_audit(pruned).await.unwrap());
    let lease = Lease {
        job: Job::LinkAudit,
        holder: [1; 12],
        secs: 6,
        now: START,
    };
    assert!(store.take_lease(lease).await.unwrap());
}

/// All that the port tells, in words.
pub fn told(store: &dyn Store) -> String {
    let mut told = Vec::new();
    wait(async {
        let mut query = everything(at(DAY));
        loop {
            let page = store.receipts(query.clone()).await.unwrap();
            for entry in &page.entries {
                told.push(format!("{:?}", store.receipt(entry.id).await.unwrap()));
            }
            match page.next {
                Some(next) => {
                    query = ReceiptQuery {
                        after: Some(next),
                        ..query
                    }
                }
                None => break,
            }
        }
        let batch = store
            .revocations(RevocationCursor::default())
            .await
            .unwrap();
        told.push(format!("{batch:?}"));
        told.push(format!("{:?}", store.api_keys().await.unwrap()));
        for number in 0..120 {
            match store.request_of([number; 32], START).await.unwrap() {
                Remembered::Before(made) => {
                    let which = made.which;
                    let which = format!("{:?} {} {:?}", made.kind, which.len(), which.last());
                    told.push(format!("{:?} {which}", made.digest));
                }
                Remembered::New => told.push("nothing".to_owned()),
            }
        }
        for number in 7_000..7_030 {
            let row = store.record(id(number)).await.unwrap().unwrap();
            told.push(format!("{:?} {:?} {:?}", row.record, row.note, row.made_by));
        }
        let query = AuditQuery {
            limit: 1000,
            ..AuditQuery::default()
        };
        told.push(format!("{:?}", store.audit_rows(query).await.unwrap()));
        told.push(format!("{:?}", store.audit_ends().await.unwrap()));
        let mut purged = limited(9_900, 1);
        purged.expires_at = at(600);
        told.push(format!("{:?}", store.look(purged, START).await.unwrap()));
    });
    let events = wait(store.waiting_events(1000)).unwrap();
    assert!(!events.is_empty());
    told.push(format!("{events:?}"));
    told.push(accounts::told(store));
    told.push(check_ins::told(store));
    told.join("\n")
}

fn issue(number: u8) -> RequestRecord {
    RequestRecord {
        key_hash: [number; 32],
        made: Made {
            digest: [number ^ 0xff; 32],
            kind: match number % 2 {
                0 => RequestKind::Token,
                _ => RequestKind::Link,
            },
            which: (0..=255).cycle().take(usize::from(number) * 500).collect(),
        },
        now: at(u64::from(number)),
    }
}

fn api_key(id: ApiKeyId, number: u8, name: &str) -> NewApiKey {
    NewApiKey {
        id,
        name: name.to_owned(),
        hash: KeyHash([number; 32]),
        scopes: "issue,read".parse().unwrap(),
        made_by: None,
        expires_at: (number == 2).then(|| at(DAY)),
        now: at(u64::from(number)),
    }
}
