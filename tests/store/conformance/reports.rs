//! Reports of what visitors wrote.

use qrseal::principal::Principal;
use qrseal::store::{NewRecord, NewReport, ReportQuery, ReportReason, ReportedToken};

use super::records::{add, new};
use crate::actors::{at, id, noted, revocation, wait};
use crate::backends::Fresh;

pub fn what_a_visitor_wrote_is_reported_and_nothing_else(fresh: &Fresh) {
    visitors(fresh, 1);
    add(fresh, new(2, 1));
    assert!(report(fresh, 1, ReportReason::Other, 5));
    assert!(report(fresh, 1, ReportReason::Fraud, 6));
    assert!(report(fresh, 1, ReportReason::Fraud, 7));
    assert!(!report(fresh, 2, ReportReason::Fraud, 7));
    assert!(!report(fresh, 3, ReportReason::Fraud, 7));
    let [reported] = &listed(fresh, None, 10)[..] else {
        panic!("one token was reported");
    };
    assert_eq!(reported.entry.id, id(1));
    assert_eq!((reported.reports, reported.reported_at), (3, at(7)));
    assert_eq!(reported.reasons, [ReportReason::Fraud, ReportReason::Other]);
}

pub fn the_latest_report_comes_first_and_a_list_goes_on_where_it_ended(fresh: &Fresh) {
    for (number, secs) in [(1, 7), (2, 9), (3, 7)] {
        visitors(fresh, number);
        assert!(report(fresh, number, ReportReason::Abuse, secs));
    }
    let ids = |reported: &[ReportedToken]| -> Vec<_> {
        reported.iter().map(|token| token.entry.id).collect()
    };
    assert_eq!(ids(&listed(fresh, None, 10)), [id(2), id(3), id(1)]);
    let first = listed(fresh, None, 2);
    assert_eq!(ids(&first), [id(2), id(3)]);
    assert_eq!(ids(&listed(fresh, first.last(), 2)), [id(1)]);
}

pub fn what_was_dismissed_or_revoked_is_not_listed(fresh: &Fresh) {
    for number in [1, 2] {
        visitors(fresh, number);
        assert!(report(fresh, number, ReportReason::Other, 5));
    }
    wait(fresh.store.revoke(revocation(1, at(7)), noted())).unwrap();
    assert!(!report(fresh, 1, ReportReason::Other, 8));
    assert!(wait(fresh.store.dismiss_reports(id(2), noted())).unwrap());
    assert!(!wait(fresh.store.dismiss_reports(id(2), noted())).unwrap());
    assert!(listed(fresh, None, 10).is_empty());
    // Reported anew it is there again, with what was said since.
    assert!(report(fresh, 2, ReportReason::Abuse, 9));
    assert_eq!(listed(fresh, None, 10)[0].reasons, [ReportReason::Abuse]);
}

fn visitors(fresh: &Fresh, number: u64) {
    add(
        fresh,
        NewRecord {
            made_by: Some(Principal::Anonymous),
            ..new(number, 1)
        },
    );
}

fn report(fresh: &Fresh, number: u64, reason: ReportReason, secs: u64) -> bool {
    let report = NewReport {
        id: id(number),
        reason,
        now: at(secs),
    };
    wait(fresh.store.report(report)).unwrap()
}

fn listed(fresh: &Fresh, after: Option<&ReportedToken>, limit: u32) -> Vec<ReportedToken> {
    let after = after.map(|last| (last.reported_at, last.entry.id));
    wait(fresh.store.reports(ReportQuery { after, limit })).unwrap()
}
