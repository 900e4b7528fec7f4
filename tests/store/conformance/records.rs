//! Records of stored tokens.

use qrseal::principal::Principal;
use qrseal::store::{
    AddedRecord, EntryRecord, LedgerToken, NewRecord, NewToken, NextRecord, RECORD_OVERHEAD_BYTES,
    ReceiptQuery, RecordKind, Remembered, RequestRecord, Share, StoredRecord,
};
use qrseal::token::{RecordHead, Slot};

use super::requests::record as request;
use crate::actors::{
    DAY, HOUR, Now as _, START, at, attempt, counted, everything, limited, noted, revocation, wait,
};
use crate::backends::Fresh;

pub fn a_record_comes_back_with_what_the_ledger_knows(fresh: &Fresh) {
    assert!(row(fresh, 1).is_none());
    add(fresh, new(1, 2));
    fresh.store.open(attempt(limited(1, 2), 1, at(5)));
    let row = row(fresh, 1).unwrap();
    assert_eq!(row.record, Some(vec![1; 40]));
    assert_eq!(
        row.head,
        RecordHead {
            revision: 1,
            issued_at: START
        }
    );
    assert_eq!(
        (row.opens, row.max_opens, row.last_opened_at),
        (1, Some(2), Some(at(5)))
    );
    assert_eq!(
        (row.kind, row.expires_at, row.revoked),
        (RecordKind::Document, Some(at(DAY)), None)
    );
    assert_eq!(
        (row.made_by, row.note.as_deref()),
        (Some(Principal::Key(3)), Some("table 7"))
    );
}

pub fn a_request_made_again_keeps_nothing_new(fresh: &Fresh) {
    let with_request = |number, mark| NewRecord {
        request: Some(request(mark, 0)),
        ..new(number, 1)
    };
    add(fresh, with_request(1, 1));
    let again = wait(fresh.store.add_record(with_request(2, 2))).unwrap();
    let first = request(1, 0);
    assert!(again == AddedRecord::Before(first.made));
    assert!(row(fresh, 2).is_none());
}

pub fn a_revocation_takes_the_record_at_once_and_leaves_the_reason(fresh: &Fresh) {
    add(fresh, new(1, 1));
    wait(fresh.store.revoke(revocation(1, at(7)), noted())).unwrap();
    let row = row(fresh, 1).unwrap();
    assert_eq!(row.record, None);
    assert_eq!(row.revoked.map(|revoked| revoked.at), Some(at(7)));
}

pub fn after_the_last_open_the_record_stays_while_that_open_can_be_repeated(fresh: &Fresh) {
    add(fresh, new(1, 2));
    fresh.store.open(attempt(limited(1, 2), 1, at(10)));
    wait(fresh.store.purge(at(HOUR))).unwrap();
    assert!(row(fresh, 1).unwrap().record.is_some(), "an open is left");
    let last = fresh.store.open(attempt(limited(1, 2), 2, at(HOUR)));
    assert_eq!(last, counted(2));
    assert_eq!(wait(fresh.store.purge(at(HOUR + 120))).unwrap().records, 0);
    assert!(row(fresh, 1).unwrap().record.is_some());
    assert_eq!(wait(fresh.store.purge(at(HOUR + 121))).unwrap().records, 1);
    let row = row(fresh, 1).unwrap();
    assert_eq!((row.record, row.opens), (None, 2));
}

pub fn an_expired_record_goes_with_its_last_minute_and_its_row_an_hour_later(fresh: &Fresh) {
    add(fresh, new(1, 1));
    let ended = DAY + 60;
    wait(fresh.store.purge(at(ended))).unwrap();
    assert!(row(fresh, 1).unwrap().record.is_some());
    assert_eq!(wait(fresh.store.purge(at(ended + 1))).unwrap().records, 1);
    assert_eq!(row(fresh, 1).unwrap().record, None);
    wait(fresh.store.purge(at(ended + HOUR))).unwrap();
    assert!(row(fresh, 1).is_none());
}

pub fn a_record_is_replaced_if_its_revision_is_the_one_that_was_looked_at(fresh: &Fresh) {
    add(fresh, new(1, 2));
    let next = |replaces, mark, secs| NextRecord {
        id: limited(1, 2).id,
        replaces,
        record: vec![mark; 50],
        pin_from: None,
        audit: noted(),
        now: at(secs),
    };
    let replace = |next| wait(fresh.store.replace_record(next)).unwrap();
    assert!(!replace(next(2, 9, 5)), "there is no revision 2 yet");
    assert!(replace(next(1, 2, 5)));
    assert!(!replace(next(1, 3, 6)), "somebody else was faster");
    let there = row(fresh, 1).unwrap();
    assert_eq!((there.head.revision, there.record), (2, Some(vec![2; 50])));
    assert_eq!(there.head.issued_at, START);
    assert_eq!(wait(fresh.store.stored_bytes()).unwrap(), 50);
    let entry = wait(fresh.store.receipt(limited(1, 2).id))
        .unwrap()
        .unwrap();
    let record = EntryRecord {
        revision: 2,
        bytes: 50,
    };
    assert_eq!((entry.record, entry.updated_at), (Some(record), at(5)));
    for open in 1..=2 {
        fresh.store.open(attempt(limited(1, 2), open, at(10)));
    }
    assert!(
        !replace(next(2, 4, 11)),
        "it is used up, and still repeatable"
    );
    add(fresh, new(2, 1));
    wait(fresh.store.revoke(revocation(2, at(7)), noted())).unwrap();
    let of_second = |secs| NextRecord {
        id: limited(2, 1).id,
        ..next(1, 5, secs)
    };
    assert!(!replace(of_second(8)), "it was revoked");
    add(fresh, new(3, 1));
    let expired = NextRecord {
        id: limited(3, 1).id,
        ..next(1, 6, DAY + 61)
    };
    assert!(!replace(expired), "it has expired");
}

pub fn of_many_revisions_at_the_same_time_one_counts(fresh: &Fresh) {
    add(fresh, new(1, 2));
    let next = |mark| NextRecord {
        id: limited(1, 2).id,
        replaces: 1,
        record: vec![mark; 50],
        pin_from: None,
        audit: noted(),
        now: at(5),
    };
    let replaced = (0..40u8)
        .map(|mark| fresh.store.replace_record(next(mark)))
        .collect::<Vec<_>>();
    let replaced = replaced.into_iter().map(|one| wait(one).unwrap());
    assert_eq!(replaced.filter(|done| *done).count(), 1);
    assert_eq!(row(fresh, 1).unwrap().head.revision, 2);
}

pub fn reads_that_wait_together_each_get_the_row_that_they_asked_for(fresh: &Fresh) {
    for number in 1..=40 {
        add(fresh, new(number, 1));
    }
    // Some twice, some of no token; every fifth is asked for, and nobody waits for it.
    let numbers = || (1..=50).chain(20..=30);
    let reads: Vec<_> = numbers()
        .map(|number| fresh.store.record(limited(number, 1).id))
        .collect();
    for (number, read) in numbers().zip(reads) {
        if number % 5 == 0 {
            drop(read);
            continue;
        }
        let found = wait(read).unwrap().and_then(|row| row.record);
        let expected = (number <= 40).then(|| vec![number.to_le_bytes()[0]; 40]);
        assert_eq!(found, expected, "{number}");
    }
}

pub fn a_remembered_token_stands_in_lists_and_counts_as_every_other(fresh: &Fresh) {
    let token = |number, note: &str| {
        let LedgerToken {
            id,
            issued_at,
            expires_at,
            max_opens,
        } = limited(number, 2);
        NewToken {
            id,
            issued_at,
            expires_at: Some(expires_at),
            max_opens,
            made_by: Some(Principal::Key(number)),
            note: Some(note.to_owned()),
            request: None,
            audit: noted(),
            now: START,
        }
    };
    for new in [token(1, "table 7"), token(2, "Table 8")] {
        assert!(wait(fresh.store.remember_token(new)).unwrap() == Remembered::New);
    }
    let with_request = |mark, number| NewToken {
        request: Some(request(mark, 0)),
        ..token(number, "table 9")
    };
    assert!(wait(fresh.store.remember_token(with_request(1, 3))).unwrap() == Remembered::New);
    let again = wait(fresh.store.remember_token(with_request(2, 4))).unwrap();
    assert!(matches!(again, Remembered::Before(_)));
    let listed = |note: Option<&str>, made_by| {
        let query = ReceiptQuery {
            note: note.map(str::to_owned),
            made_by,
            ..everything(at(1))
        };
        let listed = wait(fresh.store.receipts(query)).unwrap().entries;
        listed
            .into_iter()
            .map(|entry| entry.note.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(None, None).len(), 3);
    assert_eq!(listed(Some("table"), None), ["table 9", "table 7"]);
    assert_eq!(listed(Some("%"), None), [""; 0]);
    assert_eq!(listed(None, Some(Principal::Key(2))), ["Table 8"]);
    let opened = fresh.store.open(attempt(limited(1, 2), 1, at(5)));
    assert_eq!(opened, counted(1));
    let entry = wait(fresh.store.receipt(limited(1, 2).id))
        .unwrap()
        .unwrap();
    assert_eq!((entry.opens, entry.record), (1, None));
    assert_eq!(entry.made_by, Some(Principal::Key(1)));
}

pub fn a_record_without_expiry_stays(fresh: &Fresh) {
    let for_ever = NewRecord {
        expires_at: None,
        max_opens: None,
        ..new(1, 1)
    };
    add(fresh, for_ever);
    wait(fresh.store.purge(at(3650 * DAY))).unwrap();
    assert!(row(fresh, 1).unwrap().record.is_some());
}

pub fn a_share_has_room_for_its_bytes_and_its_rows_and_gets_it_back_when_they_go(fresh: &Fresh) {
    let share = |of| Share {
        of: [of; 16],
        most_bytes: 2 * (40 + RECORD_OVERHEAD_BYTES),
    };
    let of_request = |mark| RequestRecord {
        key_hash: [mark; 32],
        ..request(mark, 0)
    };
    let new = |number, of| NewRecord {
        share: Some(share(of)),
        request: Some(of_request(number)),
        ..new(u64::from(number), 1)
    };
    let add = |new| wait(fresh.store.add_record(new)).unwrap();
    assert!(add(new(1, 1)) == AddedRecord::Kept);
    assert!(add(new(2, 1)) == AddedRecord::Kept);
    assert!(add(new(3, 1)) == AddedRecord::ShareFull);
    assert!(row(fresh, 3).is_none());
    let again = add(NewRecord {
        request: Some(of_request(1)),
        ..new(4, 1)
    });
    assert!(
        matches!(again, AddedRecord::Before(_)),
        "what was made before needs no room"
    );
    assert!(add(new(5, 2)) == AddedRecord::Kept, "another has its own");
    assert_eq!(wait(fresh.store.stored_bytes()).unwrap(), 3 * 40);
    wait(fresh.store.revoke(revocation(1, at(7)), noted())).unwrap();
    assert_eq!(wait(fresh.store.stored_bytes()).unwrap(), 2 * 40);
    assert!(
        add(new(3, 1)) == AddedRecord::ShareFull,
        "a row that tells the reason is not free either"
    );
    wait(fresh.store.purge(at(DAY + HOUR + 61))).unwrap();
    assert_eq!(wait(fresh.store.stored_bytes()).unwrap(), 0);
    assert!(add(new(3, 1)) == AddedRecord::Kept);
}

/// The record of a document for so many opens, for a day from the start.
pub fn new(number: u64, max_opens: u32) -> NewRecord {
    let LedgerToken {
        id,
        issued_at,
        expires_at,
        max_opens,
    } = limited(number, max_opens);
    NewRecord {
        id,
        kind: RecordKind::Document,
        slot: Slot::try_from(0).unwrap(),
        issued_at,
        expires_at: Some(expires_at),
        max_opens,
        record: vec![number.to_le_bytes()[0]; 40],
        made_by: Some(Principal::Key(3)),
        link: None,
        share: None,
        note: Some("table 7".to_owned()),
        request: None,
        now: START,
        audit: noted(),
    }
}

pub fn add(fresh: &Fresh, new: NewRecord) {
    let added = wait(fresh.store.add_record(new)).unwrap();
    assert!(added == AddedRecord::Kept);
}

fn row(fresh: &Fresh, number: u64) -> Option<StoredRecord> {
    wait(fresh.store.record(limited(number, 1).id)).unwrap()
}
