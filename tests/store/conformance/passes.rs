//! Passes: drawn, used once, revoked, gone.

use qrseal::principal::Principal;
use qrseal::store::{
    FindPass, ListEdit, NewPass, PassId, PassQuery, PassRecord, RevokePass, SecretHash, Store,
    UsePass,
};
use qrseal::token::UnixTime;

use super::check_ins::with_list;
use super::lists::{change, list};
use crate::actors::{at, noted, together, wait};
use crate::backends::Fresh;

pub fn a_pass_is_used_once_and_what_its_phone_holds_ends_with_it(fresh: &Fresh) {
    let store = with_list(fresh);
    let pass = add(store, 100);
    let found = |wanted, now| wait(store.find_pass(wanted, now)).unwrap();
    let drawn = found(FindPass::Code(code(pass)), at(11)).unwrap();
    assert_eq!(
        (drawn.id, drawn.list, drawn.ends_at),
        (pass, list(1), at(100))
    );
    assert_eq!(
        (drawn.note.as_deref(), drawn.made_by),
        (Some("north"), Principal::Key(1))
    );
    assert_eq!((drawn.used_at, drawn.revoked_at), (None, None));
    assert_eq!(found(FindPass::Session(session(1)), at(11)), None);
    assert!(uses(store, pass, 1, at(20)));
    assert!(!uses(store, pass, 2, at(21)), "it was used");
    let used = found(FindPass::Session(session(1)), at(99)).unwrap();
    assert_eq!(
        (used.used_at, used.browser.as_deref()),
        (Some(at(20)), Some("a phone"))
    );
    assert_eq!(found(FindPass::Session(session(2)), at(22)), None);
    assert_eq!(
        found(FindPass::Session(session(1)), at(100)),
        None,
        "its time has passed"
    );
    assert!(found(FindPass::Code(code(pass)), at(100)).is_some());

    let late = add(store, 100);
    assert!(!uses(store, late, 3, at(100)));
    let revoked = add(store, 100);
    assert!(uses(store, revoked, 4, at(20)));
    for now in [30, 40] {
        let pass = revoke(store, revoked, at(now)).unwrap();
        assert_eq!(
            (pass.revoked_at, pass.revoked_by),
            (Some(at(30)), Some(Principal::Cli))
        );
    }
    assert_eq!(found(FindPass::Session(session(4)), at(31)), None);
    let unused = add(store, 100);
    revoke(store, unused, at(30)).unwrap();
    assert!(!uses(store, unused, 5, at(31)));
    assert_eq!(revoke(store, PassId(999), at(30)), None);
}

pub fn of_many_phones_with_one_pass_one_is_signed_in(fresh: &Fresh) {
    let store = with_list(fresh);
    let another = fresh.another();
    let pass = add(store, 100);
    let told = together(&fresh.store, &another, |store, client| {
        uses(store, pass, client, at(20))
    });
    assert_eq!(told.iter().filter(|signed_in| **signed_in).count(), 1);
}

pub fn so_many_passes_of_a_list_are_good_at_a_time(fresh: &Fresh) {
    let store = with_list(fresh);
    let most = |number| NewPass {
        most: 2,
        ..new(number, 100)
    };
    let add = |number| wait(store.add_pass(most(PassId(number)))).unwrap();
    assert_eq!((add(1), add(2), add(3)), (true, true, false));
    revoke(store, PassId(1), at(15)).unwrap();
    assert!(add(4));
    let later = NewPass {
        now: at(100),
        ends_at: at(200),
        ..most(PassId(5))
    };
    assert!(
        wait(store.add_pass(later)).unwrap(),
        "those before have ended"
    );
    let nowhere = NewPass {
        list: list(9),
        ..new(PassId(6), 100)
    };
    assert!(!wait(store.add_pass(nowhere)).unwrap());
}

pub fn passes_are_listed_the_newest_first_and_go_with_their_list_or_its_memory(fresh: &Fresh) {
    let store = with_list(fresh);
    let passes = [50, 60, 70].map(|ends| add(store, ends));
    let listed = |after| {
        let query = PassQuery {
            list: list(1),
            after,
            limit: 2,
        };
        let (passes, next) = wait(store.passes(query)).unwrap();
        (passes.iter().map(|pass| pass.id).collect::<Vec<_>>(), next)
    };
    let [first, second, third] = passes;
    assert_eq!(listed(None), (vec![third, second], Some(second)));
    assert_eq!(listed(Some(second)), (vec![first], None));
    while wait(store.forget_check_ins(list(1), at(60))).unwrap() > 0 {}
    assert_eq!(listed(None), (vec![third, second], None));
    assert!(uses(store, third, 1, at(20)));
    change(store, 1, None, ListEdit::Delete);
    for wanted in [
        FindPass::Session(session(1)),
        FindPass::Code(code(second)),
        FindPass::Id(list(1), second),
    ] {
        assert_eq!(wait(store.find_pass(wanted, at(30))).unwrap(), None);
    }
    assert!(!uses(store, second, 2, at(30)));
    while wait(store.purge_lists(at(40))).unwrap() > 0 {}
    assert_eq!(listed(None), (vec![], None));
}

/// Passes of the first list, for a store that has one.
pub fn fill(store: &dyn Store) {
    let passes = [100, 200, 300].map(|ends| add(store, ends));
    assert!(uses(store, passes[0], 1, at(20)));
    revoke(store, passes[1], at(30)).unwrap();
}

fn new(id: PassId, ends: u64) -> NewPass {
    NewPass {
        id,
        list: list(1),
        code: code(id),
        note: Some("north".to_owned()),
        made_by: Principal::Key(1),
        ends_at: at(ends),
        most: 100,
        audit: noted(),
        now: at(10),
    }
}

fn add(store: &dyn Store, ends: u64) -> PassId {
    let id = wait(store.next_pass_id()).unwrap();
    assert!(wait(store.add_pass(new(id, ends))).unwrap());
    id
}

fn code(id: PassId) -> SecretHash {
    let mut hash = [1; 32];
    hash[..8].copy_from_slice(&id.0.to_be_bytes());
    SecretHash(hash)
}

fn session(number: u64) -> SecretHash {
    let mut hash = [2; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    SecretHash(hash)
}

fn uses(store: &dyn Store, id: PassId, phone: u64, now: UnixTime) -> bool {
    let request = UsePass {
        id,
        session: session(phone),
        browser: "a phone".to_owned(),
        audit: noted(),
        now,
    };
    wait(store.use_pass(request)).unwrap()
}

fn revoke(store: &dyn Store, id: PassId, now: UnixTime) -> Option<PassRecord> {
    let request = RevokePass {
        list: list(1),
        id,
        by: Principal::Cli,
        audit: noted(),
        now,
    };
    wait(store.revoke_pass(request)).unwrap()
}
