//! Accounts, sessions, and tries at signing in.

use std::sync::Barrier;
use std::thread;

use qrseal::principal::Principal;
use qrseal::store::{
    AccountChange, AccountId, AccountRecord, AllowedBy, AuditQuery, ChangeAccount,
    ChangeSecondFactor, ChangedAccount, FindAccount, HandOver, HandedOver, KeyHash, ListEdit,
    NewAccount, NewApiKey, NewList, NewRecord, NewRecovery, NewSecondFactor, NewSession,
    PasswordSet, Role, SESSION_IDLE_SECS, SESSION_SECS, SESSIONS_PER_ACCOUNT, Scopes,
    SecondFactorChange, SecretHash, SessionUse, SetPassword, ShownFactor, SignIn, SignInGate,
    SignInTry, Store, StoredPassword,
};
use qrseal::token::{Slot, UnixTime};

use super::lists;
use super::records::new as new_record;
use crate::actors::{DAY, HOUR, START, at, id, is_refused, noted, noted_as, wait};
use crate::backends::Fresh;

pub fn a_name_is_taken_for_good(fresh: &Fresh) {
    let ana = added(&*fresh.store, "Ana", Role::Admin);
    let again = wait(
        fresh
            .store
            .add_account(new(&*fresh.store, "ANA", Role::Issuer), noted()),
    );
    assert!(is_refused(&again));
    added(&*fresh.store, "Ben", Role::Admin);
    changed(&*fresh.store, ana.id, AccountChange::Disable);
    let again = wait(
        fresh
            .store
            .add_account(new(&*fresh.store, "ana", Role::Issuer), noted()),
    );
    assert!(is_refused(&again), "accounts are never deleted");
    let found = found(&*fresh.store, FindAccount::Name("ana".to_owned()), START);
    assert_eq!(found.map(|account| account.id), Some(ana.id));
    let all = wait(fresh.store.accounts()).unwrap();
    assert_eq!(
        all.iter().map(|one| &*one.name).collect::<Vec<_>>(),
        ["Ana", "Ben"]
    );
}

pub fn a_recovery_code_sets_a_password_once_and_in_its_time(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = added(store, "ana", Role::Admin);
    let by_code = |now| found(store, FindAccount::Recovery(hash(1)), now);
    assert_eq!(by_code(at(DAY - 1)), Some(ana.clone()));
    assert_eq!(by_code(at(DAY)), None);
    assert!(
        !set(store, ana.id, AllowedBy::Recovery(hash(1)), 9, at(DAY)),
        "expired"
    );
    assert!(
        !set(store, ana.id, AllowedBy::Recovery(hash(2)), 9, at(1)),
        "another"
    );
    assert!(set(store, ana.id, AllowedBy::Recovery(hash(1)), 9, at(1)));
    assert!(
        !set(store, ana.id, AllowedBy::Recovery(hash(1)), 8, at(2)),
        "used"
    );
    let (session, account) = session(store, 9, at(2)).unwrap();
    assert_eq!(
        (session.account, account.password),
        (ana.id, Some(password(9)))
    );
    assert_eq!(account.recovery_ends_at, None);
}

pub fn of_many_with_one_recovery_code_one_sets_a_password(fresh: &Fresh) {
    let ana = added(&*fresh.store, "ana", Role::Admin);
    let start = Barrier::new(16);
    let set_by = |number: u8| {
        start.wait();
        set(
            &*fresh.store,
            ana.id,
            AllowedBy::Recovery(hash(1)),
            number,
            at(1),
        )
    };
    let won = thread::scope(|scope| {
        let tries: Vec<_> = (100..116)
            .map(|number| scope.spawn(move || set_by(number)))
            .collect();
        tries
            .into_iter()
            .map(|one| usize::from(one.join().unwrap()))
            .sum::<usize>()
    });
    assert_eq!(won, 1);
    assert_eq!(wait(fresh.store.sessions(ana.id, at(2))).unwrap().len(), 1);
}

pub fn who_knows_the_password_of_now_signs_in(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_password(store, "ana", Role::Admin);
    assert!(sign_in(store, ana, 1, 2, at(10)));
    assert!(!sign_in(store, ana, 2, 3, at(10)), "another password");
    let mut request = signing_in(ana, 1, 4, at(11));
    request.rehashed = Some(password(7));
    assert_eq!(wait(store.sign_in(request, noted())), Ok(true));
    assert!(!sign_in(store, ana, 1, 5, at(12)), "it is kept anew");
    let before = AllowedBy::Password(password(7), tries(1, at(13)));
    assert!(set(store, ana, before.clone(), 8, at(13)));
    assert!(!set(store, ana, before, 9, at(14)), "it is another by now");
    let listed = wait(store.sessions(ana, at(14))).unwrap();
    assert_eq!(listed.len(), 1, "a new password ends all other sessions");
    assert_eq!(listed[0].id, [8; 12]);
    let account = found(store, FindAccount::Id(ana), at(14)).unwrap();
    assert_eq!(account.last_signed_in_at, Some(at(13)));
}

pub fn a_change_of_role_a_recovery_and_disabling_end_sessions(fresh: &Fresh) {
    let store = &*fresh.store;
    added(store, "root", Role::Admin);
    let ana = with_password(store, "ana", Role::Admin);
    let described = |role, name: &str| AccountChange::Described {
        role,
        display_name: name.to_owned(),
    };
    let recovery = NewRecovery {
        hash: hash(99),
        ends_at: at(DAY),
    };
    for (change, ends) in [
        (described(Role::Admin, "Ana B."), false),
        (described(Role::Issuer, "Ana B."), true),
        (AccountChange::Disable, true),
    ] {
        assert!(sign_in(store, ana, 1, 2, at(1)));
        changed(store, ana, change.clone());
        assert_eq!(session(store, 2, at(2)).is_none(), ends, "{change:?}");
        wait(store.end_session(ana, [2; 12], noted())).unwrap();
    }
    assert!(!sign_in(store, ana, 1, 3, at(3)), "it is disabled");
    changed(store, ana, AccountChange::Enable);
    assert!(sign_in(store, ana, 1, 3, at(4)));

    let recover = AccountChange::Recovery {
        code: recovery,
        resets_second_factor: false,
    };
    changed(store, ana, recover);
    assert!(session(store, 3, at(5)).is_none());
    assert!(!sign_in(store, ana, 1, 4, at(5)), "its password is gone");
    assert!(found(store, FindAccount::Recovery(hash(99)), at(5)).is_some());
    changed(store, ana, AccountChange::Disable);
    assert_eq!(found(store, FindAccount::Recovery(hash(99)), at(6)), None);
}

pub fn nothing_takes_the_last_admin(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = added(store, "ana", Role::Admin).id;
    let issuer = AccountChange::Described {
        role: Role::Issuer,
        display_name: "ana".to_owned(),
    };
    for change in [AccountChange::Disable, issuer] {
        assert_eq!(
            change_of(store, ana, change, None),
            ChangedAccount::LastAdmin
        );
    }
    let ben = added(store, "ben", Role::Admin).id;
    let start = Barrier::new(2);
    let left = thread::scope(|scope| {
        let change = |id| {
            start.wait();
            change_of(store, id, AccountChange::Disable, None)
        };
        let ended = [ana, ben].map(|id| scope.spawn(move || change(id)));
        ended.map(|one| one.join().unwrap())
    });
    let refused = |one: &&ChangedAccount| **one == ChangedAccount::LastAdmin;
    assert_eq!(left.iter().filter(refused).count(), 1, "{left:?}");
}

pub fn a_change_of_what_has_changed_since_it_was_seen_changes_nothing(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = added(store, "ana", Role::Admin);
    let called = |name: &str| AccountChange::Described {
        role: Role::Admin,
        display_name: name.to_owned(),
    };
    let first = change_of(store, ana.id, called("Ana L."), Some(ana.revision));
    let ChangedAccount::Done(first) = first else {
        panic!("{first:?}")
    };
    assert_eq!((&*first.display_name, first.revision), ("Ana L.", 2));
    let second = change_of(store, ana.id, called("Ana M."), Some(ana.revision));
    assert_eq!(second, ChangedAccount::Conflict(first));
    let unknown = change_of(store, AccountId(99), AccountChange::Disable, None);
    assert_eq!(unknown, ChangedAccount::Unknown);
}

pub fn a_session_ends_when_it_is_not_used_and_in_any_case_after_its_time(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_password(store, "ana", Role::Admin);
    assert!(sign_in(store, ana, 1, 2, START));
    assert!(session(store, 2, at(SESSION_IDLE_SECS - 1)).is_some());
    assert!(session(store, 2, at(SESSION_IDLE_SECS)).is_none());
    let mut now = 0;
    while now + 6 * HOUR < SESSION_SECS {
        now += 6 * HOUR;
        let used = wait(store.use_session(hash(2), SessionUse::Used, at(now)));
        assert_eq!(used, Ok(true));
        assert!(session(store, 2, at(now)).is_some(), "{now}");
    }
    assert!(session(store, 2, at(SESSION_SECS)).is_none());
    let back = wait(store.use_session(hash(2), SessionUse::Used, at(10)));
    assert_eq!(back, Ok(false), "never an earlier time");
    wait(store.purge(at(SESSION_SECS))).unwrap();
    assert!(session(store, 2, at(now)).is_none(), "purged");
}

pub fn a_session_is_ended_by_its_id_and_of_too_many_the_oldest_goes(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_password(store, "ana", Role::Admin);
    let ben = with_password(store, "ben", Role::Issuer);
    for number in 0..=SESSIONS_PER_ACCOUNT {
        let number = u8::try_from(number).unwrap();
        assert!(sign_in(
            store,
            ana,
            1,
            100 + number,
            at(100 + u64::from(number))
        ));
    }
    let listed = wait(store.sessions(ana, at(200))).unwrap();
    assert_eq!(listed.len(), usize::try_from(SESSIONS_PER_ACCOUNT).unwrap());
    assert!(listed.iter().all(|one| one.id != [100; 12]));
    assert_eq!(listed[0].browser, "Firefox");
    assert_eq!(
        wait(store.end_session(ben, [110; 12], noted())),
        Ok(false),
        "of another"
    );
    assert_eq!(wait(store.end_session(ana, [110; 12], noted())), Ok(true));
    assert!(session(store, 110, at(200)).is_none());
    let confirmed = SessionUse::Confirmed(tries(1, at(150)));
    assert_eq!(
        wait(store.use_session(hash(111), confirmed, at(150))),
        Ok(true)
    );
    assert_eq!(
        session(store, 111, at(200)).unwrap().0.confirmed_at,
        at(150)
    );
}

pub fn five_wrong_tries_at_signing_in_lock_and_a_success_forgives_them(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_password(store, "ana", Role::Admin);
    let spend = |who, now| wait(store.spend_sign_in_try(tries(who, now))).unwrap();
    for _ in 0..5 {
        assert_eq!(spend(1, START), SignInGate::Evaluate);
    }
    assert_eq!(spend(1, START), SignInGate::Locked(at(15 * 60)));
    assert_eq!(spend(2, START), SignInGate::Evaluate, "another place");
    for _ in 0..5 {
        assert_eq!(spend(1, at(15 * 60)), SignInGate::Evaluate);
    }
    assert_eq!(spend(1, at(15 * 60)), SignInGate::Locked(at(45 * 60)));
    let now = at(45 * 60);
    assert_eq!(spend(1, now), SignInGate::Evaluate);
    assert!(sign_in(store, ana, 1, 2, now));
    for _ in 0..5 {
        assert_eq!(spend(1, now), SignInGate::Evaluate);
    }
    assert_eq!(
        spend(1, now),
        SignInGate::Locked(now.plus_secs(15 * 60)),
        "the first lock again"
    );
    let mut newcomer = tries(1, now);
    newcomer.who = [77; 16];
    assert_eq!(
        wait(store.spend_sign_in_try(newcomer)),
        Ok(SignInGate::Evaluate),
        "it takes the place over"
    );
}

pub fn what_one_account_made_is_handed_over_whole_and_told_once(fresh: &Fresh) {
    let store = &*fresh.store;
    let [ana, ben, eva] = ["ana", "ben", "eva"].map(|name| added(store, name, Role::Admin).id);
    let by = |account: AccountId| Some(Principal::Account(account.0));
    for (number, made_by) in [(1, by(ben)), (2, by(ben)), (3, by(eva)), (4, None)] {
        let new = NewRecord {
            made_by,
            ..new_record(number, 1)
        };
        wait(store.add_record(new)).unwrap();
    }
    let key = NewApiKey {
        id: wait(store.next_api_key_id()).unwrap(),
        name: "shop".to_owned(),
        hash: KeyHash([7; 32]),
        scopes: Scopes::EVERY,
        expires_at: None,
        made_by: by(ben),
        now: START,
    };
    wait(store.add_api_key(key, noted())).unwrap();
    for (number, made_by) in [(1, ben), (2, eva), (3, eva)] {
        let made_by = Principal::Account(made_by.0);
        lists::add(
            store,
            NewList {
                made_by,
                ..lists::new(number)
            },
        );
    }
    let staff = [ana, ben].map(|account| Principal::Account(account.0));
    lists::change(store, 2, None, ListEdit::Staff(staff.to_vec()));
    let hand_over = |from, to| {
        let row = noted_as(from * 100 + to, START);
        let request = HandOver {
            from: AccountId(from),
            to: AccountId(to),
            now: at(7),
        };
        wait(store.hand_over(request, Some(row))).unwrap()
    };
    assert_eq!(hand_over(ben.0, 99), None, "nobody there");
    let all = HandedOver {
        codes: 2,
        api_keys: 1,
        lists: 2,
        more: false,
    };
    assert_eq!(hand_over(ben.0, ana.0), Some(all));
    assert_eq!(hand_over(ben.0, ana.0), Some(HandedOver::default()));
    let made_by = |number| wait(store.receipt(id(number))).unwrap().unwrap().made_by;
    assert_eq!([1, 2, 3, 4].map(made_by), [by(ana), by(ana), by(eva), None]);
    assert_eq!(wait(store.api_keys()).unwrap()[0].made_by, by(ana));
    let list = |number| {
        let list = lists::there(store, number).unwrap();
        (Some(list.made_by), list.staff, list.revision)
    };
    assert_eq!(list(1), (by(ana), vec![], 2));
    assert_eq!(list(2), (by(eva), vec![Principal::Account(ana.0)], 3));
    assert_eq!(list(3), (by(eva), vec![], 1));
    let rows = wait(store.audit_rows(AuditQuery {
        limit: 100,
        ..AuditQuery::default()
    }))
    .unwrap()
    .rows;
    let told = rows
        .iter()
        .filter(|found| found.row == noted_as(201, START));
    assert_eq!(told.count(), 1);
    changed(store, ana, AccountChange::Disable);
    assert_eq!(hand_over(eva.0, ana.0), None, "disabled");
}

pub fn what_was_tried_goes_a_day_after_its_lock(fresh: &Fresh) {
    let store = &*fresh.store;
    let spend = |who, now| wait(store.spend_sign_in_try(tries(who, now))).unwrap();
    for _ in 0..5 {
        spend(1, START);
    }
    let unlocked = at(15 * 60);
    for _ in 0..5 {
        spend(1, unlocked);
    }
    wait(store.purge(unlocked.plus_secs(DAY))).unwrap();
    let locked_until = unlocked.plus_secs(30 * 60);
    assert_eq!(spend(1, unlocked), SignInGate::Locked(locked_until));
    wait(store.purge(locked_until.plus_secs(DAY))).unwrap();
    for _ in 0..5 {
        assert_eq!(spend(1, unlocked), SignInGate::Evaluate, "it is forgotten");
    }
}

pub fn with_a_second_factor_nobody_signs_in_without_it(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_second_factor(store);
    assert!(!sign_in(store, ana, 1, 2, at(10)), "the password alone");
    assert!(show(store, ana, totp(11), 2, at(10)));
    for step in [11, 10, 0] {
        assert!(
            !show(store, ana, totp(step), 3, at(11)),
            "{step} has counted"
        );
    }
    let of_another = ShownFactor::Totp {
        secret: vec![9; 40],
        step: 99,
    };
    assert!(!show(store, ana, of_another, 3, at(11)));
    assert!(show(store, ana, totp(12), 3, at(12)));
    assert!(show(store, ana, ShownFactor::Backup(hash(51)), 4, at(13)));
    assert!(!show(store, ana, ShownFactor::Backup(hash(51)), 5, at(14)));
    assert!(!show(store, ana, ShownFactor::Backup(hash(60)), 5, at(14)));
    let factor = wait(store.second_factor(ana)).unwrap().unwrap();
    assert_eq!((factor.step, factor.backup_codes), (12, 9));
    let mut another = signing_in(ana, 2, 5, at(15));
    another.shown = Some(totp(13));
    assert_eq!(wait(store.sign_in(another, noted())), Ok(false));
    assert!(
        show(store, ana, totp(13), 5, at(15)),
        "a wrong password takes no code"
    );
}

pub fn of_many_with_one_code_of_either_kind_one_signs_in(fresh: &Fresh) {
    let ana = with_second_factor(&*fresh.store);
    for (first, shown) in [(100, totp(20)), (120, ShownFactor::Backup(hash(52)))] {
        let start = Barrier::new(16);
        let signed_in = thread::scope(|scope| {
            let tries: Vec<_> = (first..first + 16)
                .map(|number| {
                    let (start, shown) = (&start, shown.clone());
                    scope.spawn(move || {
                        start.wait();
                        show(&*fresh.store, ana, shown, number, at(20))
                    })
                })
                .collect();
            let each = tries
                .into_iter()
                .map(|one| usize::from(one.join().unwrap()));
            each.sum::<usize>()
        });
        assert_eq!(signed_in, 1, "{shown:?}");
    }
}

pub fn five_wrong_codes_of_an_account_lock_and_the_right_one_forgives_half_of_it(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_second_factor(store);
    let spend = |now| wait(store.spend_second_factor_try(ana, secret(), now)).unwrap();
    for _ in 0..5 {
        assert_eq!(spend(START), SignInGate::Evaluate);
    }
    assert_eq!(spend(START), SignInGate::Locked(at(15 * 60)));
    for _ in 0..5 {
        assert_eq!(spend(at(15 * 60)), SignInGate::Evaluate);
    }
    assert_eq!(spend(at(15 * 60)), SignInGate::Locked(at(45 * 60)));
    assert!(show(store, ana, totp(30), 2, at(45 * 60)));
    for _ in 0..5 {
        assert_eq!(spend(at(45 * 60)), SignInGate::Evaluate);
    }
    let same_again = SignInGate::Locked(at(75 * 60));
    assert_eq!(spend(at(45 * 60)), same_again, "not the first");
    for (step, session) in [(31, 3), (32, 4)] {
        assert!(show(store, ana, totp(step), session, at(75 * 60)));
    }
    for _ in 0..5 {
        assert_eq!(spend(at(75 * 60)), SignInGate::Evaluate);
    }
    let first_again = SignInGate::Locked(at(90 * 60));
    assert_eq!(spend(at(75 * 60)), first_again, "twice was enough");
    let nothing = wait(store.spend_second_factor_try(AccountId(99), secret(), START));
    assert_eq!(nothing, Ok(SignInGate::Evaluate));
}

pub fn a_second_factor_is_changed_in_a_session_and_ends_all_others(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_password(store, "ana", Role::Admin);
    let change = |session, change| change_factor(store, ana, session, change, at(2));
    assert!(!change(3, new_factor()), "there is no such session");
    assert!(sign_in(store, ana, 1, 2, at(1)) && sign_in(store, ana, 1, 3, at(1)));
    assert!(change(3, new_factor()));
    assert!(session(store, 2, at(2)).is_none() && session(store, 3, at(2)).is_some());
    assert!(!change(3, new_factor()), "there is one already");
    let account = found(store, FindAccount::Id(ana), at(2)).unwrap();
    assert_eq!(
        (account.second_factor_at, account.revision),
        (Some(at(2)), 3)
    );

    let others = |shown| SecondFactorChange::BackupCodes(shown, vec![hash(70)]);
    assert!(!change(3, others(totp(10))), "it counted");
    assert!(change(3, others(totp(11))));
    assert!(
        !change(3, others(ShownFactor::Backup(hash(50)))),
        "they are replaced"
    );
    assert!(change(
        3,
        SecondFactorChange::Remove(ShownFactor::Backup(hash(70)))
    ));
    assert_eq!(wait(store.second_factor(ana)), Ok(None));
    assert!(sign_in(store, ana, 1, 4, at(3)));
}

pub fn a_recovery_code_stands_for_no_second_factor_unless_it_is_reset(fresh: &Fresh) {
    let store = &*fresh.store;
    let ana = with_second_factor(store);
    for (number, resets_second_factor, expected) in [
        (81, false, PasswordSet::NeedsSecondFactor),
        (82, true, PasswordSet::SignedIn),
    ] {
        let code = NewRecovery {
            hash: hash(number),
            ends_at: at(DAY),
        };
        let recover = AccountChange::Recovery {
            code,
            resets_second_factor,
        };
        changed(store, ana, recover);
        let by = AllowedBy::Recovery(hash(number));
        let request = setting(ana, by, number, at(5));
        assert_eq!(wait(store.set_password(request, noted())), Ok(expected));
        let signed_in = session(store, number, at(5)).is_some();
        assert_eq!(signed_in, expected == PasswordSet::SignedIn);
    }
}

/// An account with the password of number 1 and a second factor whose step 10 counted, with the backup codes 50 to 59.
fn with_second_factor(store: &dyn Store) -> AccountId {
    let ana = with_password(store, "ana", Role::Admin);
    assert!(sign_in(store, ana, 1, 1, START));
    assert!(change_factor(store, ana, 1, new_factor(), START));
    ana
}

fn change_factor(
    store: &dyn Store,
    account: AccountId,
    session: u8,
    change: SecondFactorChange,
    now: UnixTime,
) -> bool {
    let request = ChangeSecondFactor {
        account,
        change,
        session: hash(session),
        now,
    };
    wait(store.change_second_factor(request, noted())).unwrap()
}

fn new_factor() -> SecondFactorChange {
    SecondFactorChange::Set(NewSecondFactor {
        slot: Slot::try_from(0).unwrap(),
        secret: secret(),
        step: 10,
        backup_codes: (50..60).map(hash).collect(),
    })
}

fn secret() -> Vec<u8> {
    vec![7; 48]
}

fn totp(step: u64) -> ShownFactor {
    ShownFactor::Totp {
        secret: secret(),
        step,
    }
}

/// Signs in with the password of number 1 and this.
fn show(store: &dyn Store, id: AccountId, shown: ShownFactor, session: u8, now: UnixTime) -> bool {
    let mut request = signing_in(id, 1, session, now);
    request.shown = Some(shown);
    wait(store.sign_in(request, noted())).unwrap()
}

fn added(store: &dyn Store, name: &str, role: Role) -> AccountRecord {
    wait(store.add_account(new(store, name, role), noted())).unwrap()
}

/// Its recovery code is that of its number.
fn new(store: &dyn Store, name: &str, role: Role) -> NewAccount {
    let id = wait(store.next_account_id()).unwrap();
    NewAccount {
        id,
        name: name.to_owned(),
        folded_name: name.to_lowercase(),
        display_name: name.to_owned(),
        role,
        recovery: NewRecovery {
            hash: hash(u8::try_from(id.0).unwrap()),
            ends_at: at(DAY),
        },
        now: START,
    }
}

/// An account whose password is that of number 1, without a session.
fn with_password(store: &dyn Store, name: &str, role: Role) -> AccountId {
    let account = added(store, name, role);
    let code = AllowedBy::Recovery(hash(u8::try_from(account.id.0).unwrap()));
    let mut request = setting(account.id, code, 1, START);
    request.session.hash = SecretHash([0xff; 32]);
    assert_eq!(
        wait(store.set_password(request, noted())),
        Ok(PasswordSet::SignedIn)
    );
    assert_eq!(
        wait(store.end_session(account.id, [1; 12], noted())),
        Ok(true)
    );
    account.id
}

fn setting(id: AccountId, allowed_by: AllowedBy, number: u8, now: UnixTime) -> SetPassword {
    SetPassword {
        id,
        allowed_by,
        password: password(number),
        session: new_session(number),
        now,
    }
}

fn set(store: &dyn Store, id: AccountId, by: AllowedBy, number: u8, now: UnixTime) -> bool {
    let set = wait(store.set_password(setting(id, by, number, now), noted())).unwrap();
    set != PasswordSet::Refused
}

fn signing_in(id: AccountId, known: u8, session: u8, now: UnixTime) -> SignIn {
    SignIn {
        id,
        password: password(known),
        rehashed: None,
        shown: None,
        session: new_session(session),
        tries: tries(1, now),
    }
}

fn sign_in(store: &dyn Store, id: AccountId, known: u8, session: u8, now: UnixTime) -> bool {
    wait(store.sign_in(signing_in(id, known, session, now), noted())).unwrap()
}

fn session(
    store: &dyn Store,
    number: u8,
    now: UnixTime,
) -> Option<(qrseal::store::SessionRecord, AccountRecord)> {
    wait(store.session(hash(number), now)).unwrap()
}

fn found(store: &dyn Store, wanted: FindAccount, now: UnixTime) -> Option<AccountRecord> {
    wait(store.account(wanted, now)).unwrap()
}

fn change_of(
    store: &dyn Store,
    id: AccountId,
    change: AccountChange,
    if_revision: Option<u64>,
) -> ChangedAccount {
    let request = ChangeAccount {
        id,
        change,
        if_revision,
        now: at(1),
    };
    wait(store.change_account(request, noted())).unwrap()
}

fn changed(store: &dyn Store, id: AccountId, change: AccountChange) {
    let done = change_of(store, id, change, None);
    assert!(matches!(done, ChangedAccount::Done(_)), "{done:?}");
}

fn tries(who: u8, now: UnixTime) -> SignInTry {
    SignInTry {
        place: u16::from(who),
        who: [who; 16],
        now,
    }
}

fn hash(number: u8) -> SecretHash {
    SecretHash([number; 32])
}

fn password(number: u8) -> StoredPassword {
    StoredPassword(format!("hash {number}"))
}

fn new_session(number: u8) -> NewSession {
    NewSession {
        hash: hash(number),
        id: [number; 12],
        browser: "Firefox".to_owned(),
    }
}

/// Something of every kind, for a copy.
pub fn fill(store: &dyn Store) {
    let ana = with_password(store, "Ana", Role::Admin);
    added(store, "Büro", Role::Issuer);
    assert!(sign_in(store, ana, 1, 2, at(1)));
    assert!(change_factor(store, ana, 2, new_factor(), at(1)));
    for _ in 0..7 {
        wait(store.spend_sign_in_try(tries(3, at(2)))).unwrap();
    }
}

/// What [`fill`] left, in words.
pub fn told(store: &dyn Store) -> String {
    let gate = wait(store.spend_sign_in_try(tries(3, at(3)))).unwrap();
    let sessions = wait(store.sessions(AccountId(1), at(3))).unwrap();
    let accounts = wait(store.accounts()).unwrap();
    let code = found(store, FindAccount::Recovery(hash(2)), at(3)).map(|account| account.id);
    format!(
        "{accounts:?} {sessions:?} {gate:?} {code:?} {:?} {:?}",
        session(store, 2, at(3)),
        wait(store.second_factor(AccountId(1)))
    )
}
