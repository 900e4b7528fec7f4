//! Check-in lists: made, changed, given to staff, deleted.

use qrseal::principal::Principal;
use qrseal::store::{
    ChangeList, ChangedList, ListEdit, ListId, ListQuery, ListRecord, Made, NewList, Remembered,
    RequestKind, RequestRecord, Store,
};

use super::check_ins::{entry, rules, shown};
use crate::actors::{at, id, noted, together, wait};
use crate::backends::Fresh;

pub fn a_list_comes_back_as_it_was_made_and_the_newest_is_first(fresh: &Fresh) {
    for number in 1..=5 {
        add(&*fresh.store, new(number));
    }
    let list = there(&*fresh.store, 1).unwrap();
    assert_eq!(
        (list.name.as_str(), list.settings.as_str()),
        ("list 1", "{}")
    );
    assert_eq!((list.revision, list.inside), (1, 0));
    assert_eq!(list.made_by, Principal::Key(1));
    assert_eq!((list.created_at, list.updated_at), (at(1), at(1)));
    assert!(there(&*fresh.store, 6).is_none());
    let mut query = ListQuery { limit: 2, ..all() };
    let mut pages = Vec::new();
    loop {
        let page = wait(fresh.store.lists(query.clone())).unwrap();
        pages.push(
            page.lists
                .iter()
                .map(|list| list.name.clone())
                .collect::<Vec<_>>(),
        );
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(
        pages,
        [
            vec!["list 5", "list 4"],
            vec!["list 3", "list 2"],
            vec!["list 1"]
        ]
    );
}

pub fn a_request_made_again_makes_no_second_list(fresh: &Fresh) {
    let asked = |number| NewList {
        request: Some(RequestRecord {
            key_hash: [7; 32],
            made: Made {
                digest: [1; 32],
                kind: RequestKind::List,
                which: list(number).0.to_vec(),
            },
            now: at(number),
        }),
        ..new(number)
    };
    assert!(wait(fresh.store.add_list(asked(1))).unwrap() == Remembered::New);
    let again = wait(fresh.store.add_list(asked(2))).unwrap();
    let Remembered::Before(made) = again else {
        panic!("it was made before")
    };
    assert_eq!(made.which, list(1).0);
    assert!(there(&*fresh.store, 2).is_none());
}

pub fn a_change_takes_the_revision_that_was_looked_at(fresh: &Fresh) {
    add(&*fresh.store, new(1));
    let ChangedList::Done(changed) = change(&*fresh.store, 1, Some(1), described()) else {
        panic!("it has this revision")
    };
    assert_eq!(
        (changed.name.as_str(), changed.settings.as_str()),
        ("gala", "{1}")
    );
    assert_eq!((changed.revision, changed.updated_at), (2, at(9)));
    let conflict = change(&*fresh.store, 1, Some(1), described());
    assert_eq!(conflict, ChangedList::Conflict(2));
    let unknown = change(&*fresh.store, 2, None, described());
    assert_eq!(unknown, ChangedList::Unknown);
    let any = change(&*fresh.store, 1, None, described());
    assert!(matches!(any, ChangedList::Done(list) if list.revision == 3));
}

pub fn of_many_changes_of_one_list_one_is_made(fresh: &Fresh) {
    add(&*fresh.store, new(1));
    let another = fresh.another();
    let done = together(&fresh.store, &another, |store, _| {
        change(store, 1, Some(1), described())
    });
    let made = done
        .iter()
        .filter(|done| matches!(done, ChangedList::Done(_)));
    assert_eq!(made.count(), 1);
    assert_eq!(there(&*fresh.store, 1).unwrap().revision, 2);
}

pub fn staff_see_the_lists_they_were_given(fresh: &Fresh) {
    for number in 1..=3 {
        add(&*fresh.store, new(number));
    }
    let ana = Principal::Account(7);
    let staff = ListEdit::Staff(vec![ana, Principal::Key(9), ana]);
    let ChangedList::Done(given) = change(&*fresh.store, 2, Some(1), staff) else {
        panic!("it has this revision")
    };
    assert_eq!(
        (given.revision, given.staff),
        (2, vec![ana, Principal::Key(9)])
    );
    let seen = |made_by, or_staff| {
        let query = ListQuery {
            made_by: Some(made_by),
            or_staff,
            ..all()
        };
        let page = wait(fresh.store.lists(query)).unwrap();
        page.lists
            .into_iter()
            .map(|list| list.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(ana, true), ["list 2"]);
    assert_eq!(seen(ana, false), [""; 0]);
    assert_eq!(seen(Principal::Key(3), true), ["list 3"]);
    change(&*fresh.store, 2, None, ListEdit::Staff(Vec::new()));
    assert_eq!(seen(ana, true), [""; 0]);
}

pub fn a_deleted_list_is_gone_and_so_is_what_belongs_to_it(fresh: &Fresh) {
    let store = &*fresh.store;
    for number in [1, 2] {
        add(store, new(number));
        shown(store, entry(number, 1, rules()));
    }
    assert_eq!(
        change(store, 1, Some(2), ListEdit::Delete),
        ChangedList::Conflict(1)
    );
    let deleted = change(store, 1, Some(1), ListEdit::Delete);
    assert!(matches!(deleted, ChangedList::Done(list) if list.name == "list 1"));
    assert!(there(store, 1).is_none());
    assert_eq!(wait(store.lists(all())).unwrap().lists.len(), 1);
    let late = wait(store.check_in(entry(1, 2, rules()))).unwrap();
    assert_eq!(late, qrseal::store::CheckedIn::ListChanged);
    // The check-in and what the list knew of its code, then the list with its gate.
    let steps: Vec<_> = (0..3)
        .map(|_| wait(store.purge_lists(at(60))).unwrap())
        .collect();
    assert_eq!(steps, [2, 2, 0]);
    let rows = wait(store.check_ins(super::check_ins::query(2))).unwrap().0;
    assert_eq!(rows[0].token, Some(id(1)));
    assert!(
        wait(store.check_ins(super::check_ins::query(1)))
            .unwrap()
            .0
            .is_empty()
    );
}

pub fn list(number: u64) -> ListId {
    ListId(*id(number).as_bytes())
}

pub fn new(number: u64) -> NewList {
    NewList {
        id: list(number),
        name: format!("list {number}"),
        settings: "{}".to_owned(),
        made_by: Principal::Key(number),
        request: None,
        audit: noted(),
        now: at(number),
    }
}

pub fn add(store: &dyn Store, new: NewList) {
    assert!(wait(store.add_list(new)).unwrap() == Remembered::New);
}

pub fn there(store: &dyn Store, number: u64) -> Option<ListRecord> {
    wait(store.list(list(number))).unwrap()
}

pub fn change(
    store: &dyn Store,
    number: u64,
    if_revision: Option<u64>,
    edit: ListEdit,
) -> ChangedList {
    let change = ChangeList {
        id: list(number),
        if_revision,
        edit,
        audit: noted(),
        now: at(9),
    };
    wait(store.change_list(change)).unwrap()
}

fn described() -> ListEdit {
    ListEdit::Described {
        name: "gala".to_owned(),
        settings: "{1}".to_owned(),
    }
}

fn all() -> ListQuery {
    ListQuery {
        made_by: None,
        or_staff: false,
        after: None,
        limit: 100,
    }
}
