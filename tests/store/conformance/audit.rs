//! The audit log.

use qrseal::store::{
    ApiKeyId, AuditEnds, AuditLink, AuditQuery, AuditRow, FoundAuditRow, Job, KeyHash, Lease,
    LinkAudit, NewApiKey, NewRecord, PruneAudit, Scopes,
};
use qrseal::token::Slot;

use super::records::new as new_record;
use crate::actors::{
    Now as _, START, at, attempt, id, limited, noted, noted_as, revocation, together, wait,
};
use crate::backends::Fresh;

pub fn each_change_writes_its_row(fresh: &Fresh) {
    let store = &fresh.store;
    store.open(attempt(limited(1, 1), 1, START));
    let key = NewApiKey {
        id: wait(store.next_api_key_id()).unwrap(),
        name: "shop".to_owned(),
        hash: KeyHash([7; 32]),
        scopes: Scopes::EVERY,
        made_by: None,
        expires_at: None,
        now: START,
    };
    let rows: [AuditRow; 7] = std::array::from_fn(|number| noted_as(number as u64, START));
    let row = |number: usize| rows[number].clone();
    wait(store.erase_opens(id(1), at(1), row(0))).unwrap();
    wait(store.reset_pin(id(1), at(2), row(1))).unwrap();
    wait(store.revoke(revocation(1, at(3)), row(2))).unwrap();
    wait(store.add_api_key(key.clone(), row(3))).unwrap();
    wait(store.disable_api_key(key.id, at(4), row(4))).unwrap();
    let new = NewRecord {
        audit: row(5),
        ..new_record(7, 1)
    };
    assert!(wait(store.add_record(new)).is_ok());
    wait(store.add_audit_row(row(6))).unwrap();
    let found = listed(fresh, &oldest_first());
    let expected = rows.map(|row| FoundAuditRow { row, link: None });
    assert_eq!(found, expected);
}

pub fn what_changes_nothing_writes_none(fresh: &Fresh) {
    let store = &fresh.store;
    wait(store.erase_opens(id(1), at(1), noted())).unwrap();
    wait(store.reset_pin(id(1), at(2), noted())).unwrap();
    wait(store.disable_api_key(ApiKeyId(9), at(4), noted())).unwrap();
    wait(store.revoke(revocation(1, at(3)), noted_as(7_000, START))).unwrap();
    wait(store.revoke(revocation(1, at(4)), noted())).unwrap();
    let rows = listed(fresh, &oldest_first());
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].row, noted_as(7_000, START));
}

pub fn a_list_is_in_the_order_of_time_and_goes_on_where_it_ended(fresh: &Fresh) {
    let rows: Vec<_> = (0..7)
        .map(|number| noted_as(number, at(number / 2)))
        .collect();
    for row in rows.iter().rev() {
        wait(fresh.store.add_audit_row(row.clone())).unwrap();
    }
    for oldest_first in [true, false] {
        let mut query = AuditQuery {
            limit: 3,
            oldest_first,
            ..AuditQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = wait(fresh.store.audit_rows(query.clone())).unwrap();
            assert!(page.rows.len() <= 3);
            seen.extend(page.rows.into_iter().map(|found| found.row));
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        if !oldest_first {
            seen.reverse();
        }
        assert_eq!(seen, rows);
    }
}

pub fn a_list_has_what_was_asked_for(fresh: &Fresh) {
    let told = |number: u64, changed: fn(AuditRow) -> AuditRow| {
        let row = changed(noted_as(number, at(number)));
        wait(fresh.store.add_audit_row(row)).unwrap();
    };
    told(1, |row| row);
    told(2, |row| AuditRow {
        principal: "cli".to_owned(),
        ..row
    });
    told(3, |row| AuditRow {
        verb: "issue".to_owned(),
        ..row
    });
    told(4, |row| AuditRow {
        what: "api_key".to_owned(),
        ..row
    });
    told(5, |row| AuditRow {
        what_id: "1".to_owned(),
        ..row
    });
    let ask = |change: fn(&mut AuditQuery)| {
        let mut query = oldest_first();
        change(&mut query);
        let rows = listed(fresh, &query);
        let numbers = rows
            .iter()
            .map(|found| found.row.happened_at.as_secs() - START.as_secs());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(ask(|query| query.principal = Some("cli".to_owned())), [2]);
    assert_eq!(ask(|query| query.verb = Some("issue".to_owned())), [3]);
    assert_eq!(ask(|query| query.what = Some("api_key".to_owned())), [4]);
    assert_eq!(ask(|query| query.what_id = Some("1".to_owned())), [1, 5]);
    assert_eq!(ask(|query| query.since = Some(at(4))), [4, 5]);
    assert_eq!(ask(|query| query.until = Some(at(3))), [1, 2]);
}

pub fn rows_get_their_places_once(fresh: &Fresh) {
    let rows: Vec<_> = (1..=4).map(|number| noted_as(number, at(number))).collect();
    for row in &rows {
        wait(fresh.store.add_audit_row(row.clone())).unwrap();
    }
    assert_eq!(
        wait(fresh.store.unlinked_audit_rows(None, 3)).unwrap(),
        rows[..3]
    );
    assert!(wait(fresh.store.link_audit(places(&rows[..2], 0))).unwrap());
    assert_eq!(
        wait(fresh.store.unlinked_audit_rows(None, 9)).unwrap(),
        rows[2..]
    );
    let rest = unlinked_after(fresh, &rows[2]);
    assert_eq!(rest, rows[3..]);
    for slower in [places(&rows[2..], 0), places(&rows[2..], 1)] {
        assert!(!wait(fresh.another().link_audit(slower)).unwrap());
    }
    assert!(wait(fresh.store.link_audit(places(&rows[2..], 2))).unwrap());
    let ends = wait(fresh.store.audit_ends()).unwrap();
    assert_eq!(ends, Some(ends_at(4, None)));
    let chain = wait(fresh.store.audit_chain(1, 2)).unwrap();
    let numbers: Vec<_> = chain.iter().map(|found| found.link).collect();
    assert_eq!(numbers, [Some(link(2)), Some(link(3))]);
    assert_eq!(chain[0].row, rows[1]);
}

pub fn pruning_takes_the_oldest_and_keeps_where_they_ended(fresh: &Fresh) {
    let rows: Vec<_> = (1..=4).map(|number| noted_as(number, at(number))).collect();
    for row in &rows {
        wait(fresh.store.add_audit_row(row.clone())).unwrap();
    }
    wait(fresh.store.link_audit(places(&rows[..3], 0))).unwrap();
    let prune = |before, number| {
        let ends = ends_at(3, Some(number));
        wait(fresh.store.prune_audit(PruneAudit { before, ends })).unwrap()
    };
    assert!(prune((3, 0), 2));
    assert!(!prune((3, 0), 3), "another node was faster");
    assert!(!prune((2, 2), 3), "another node linked meanwhile");
    let ends = wait(fresh.store.audit_ends()).unwrap();
    assert_eq!(ends, Some(ends_at(3, Some(2))));
    let left = listed(fresh, &oldest_first());
    let left: Vec<_> = left.into_iter().map(|found| found.row).collect();
    assert_eq!(left, rows[2..], "what has no place stays");
}

pub fn of_many_nodes_one_has_a_lease_until_it_ends(fresh: &Fresh) {
    let lease = |holder, now| Lease {
        job: Job::LinkAudit,
        holder: [holder; 12],
        secs: 6,
        now,
    };
    let taken = together(&fresh.store, &fresh.another(), |store, client| {
        wait(store.take_lease(lease(u8::try_from(client).unwrap(), START))).unwrap()
    });
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    let holder = taken.iter().position(|taken| *taken).unwrap();
    let holder = u8::try_from(holder).unwrap();
    let take = |holder, now| wait(fresh.store.take_lease(lease(holder, now))).unwrap();
    assert!(take(holder, at(5)), "it is prolonged");
    assert!(!take(99, at(10)));
    assert!(take(99, at(11)));
    assert!(!take(holder, at(12)));
}

pub fn a_node_that_was_started_again_has_the_lease_that_it_had_before_it_died(fresh: &Fresh) {
    let take = |name, started: u64, now| {
        let mut holder = [name; 12];
        holder[6..].copy_from_slice(&started.to_be_bytes()[2..]);
        let lease = Lease {
            job: Job::DeliverEvents,
            holder,
            secs: 6,
            now,
        };
        wait(fresh.store.take_lease(lease)).unwrap()
    };
    assert!(take(1, 70_000, START));
    assert!(!take(2, 80_000, at(1)), "another waits until it ends");
    assert!(take(1, 70_001, at(1)));
    assert!(!take(1, 70_000, at(2)), "whoever was there before is dead");
    assert!(take(1, 70_001, at(3)));
    assert!(take(2, 60_000, at(9)));
}

fn oldest_first() -> AuditQuery {
    AuditQuery {
        limit: 1000,
        oldest_first: true,
        ..AuditQuery::default()
    }
}

fn listed(fresh: &Fresh, query: &AuditQuery) -> Vec<FoundAuditRow> {
    wait(fresh.store.audit_rows(query.clone())).unwrap().rows
}

fn link(number: u64) -> AuditLink {
    AuditLink {
        number,
        slot: Slot::try_from(1).unwrap(),
        link: [u8::try_from(number).unwrap(); 32],
    }
}

fn ends_at(head: u64, pruned: Option<u64>) -> AuditEnds {
    AuditEnds {
        head: Some(link(head)),
        pruned: pruned.map(link),
        slot: Slot::try_from(1).unwrap(),
        mac: [9; 32],
    }
}

fn unlinked_after(fresh: &Fresh, row: &AuditRow) -> Vec<AuditRow> {
    let after = Some((row.happened_at, row.id));
    wait(fresh.store.unlinked_audit_rows(after, 9)).unwrap()
}

/// These rows behind the ones before, of which none was pruned.
fn places(rows: &[AuditRow], after: u64) -> LinkAudit {
    let links = rows.iter().zip(after + 1..);
    LinkAudit {
        before: (after, 0),
        links: links
            .map(|(row, number)| (row.happened_at, row.id, link(number)))
            .collect(),
        ends: ends_at(after + rows.len() as u64, None),
    }
}
