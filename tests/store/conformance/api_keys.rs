//! API keys.

use qrseal::principal::Principal;
use qrseal::store::{ApiKeyId, KeyHash, NewApiKey, Scopes};

use crate::actors::{Now as _, START, at, is_refused, noted, wait};
use crate::backends::Fresh;

pub fn a_name_is_taken_until_its_key_is_disabled(fresh: &Fresh) {
    let shop = wait(fresh.store.add_api_key(key(fresh, "shop", 1), noted())).unwrap();
    assert!(is_refused(&wait(
        fresh.store.add_api_key(key(fresh, "shop", 2), noted())
    )));
    assert_eq!(
        wait(fresh.store.disable_api_key(shop.id, at(1), noted())),
        Ok(true)
    );
    let again = wait(fresh.store.add_api_key(key(fresh, "shop", 2), noted())).unwrap();
    assert!(again.id > shop.id, "a number is given once");
}

pub fn keys_are_listed_as_they_were_added(fresh: &Fresh) {
    let shop = key(fresh, "shop", 1);
    let expiring = NewApiKey {
        expires_at: Some(at(99)),
        scopes: "revoke,issue".parse().unwrap(),
        made_by: Some(Principal::Account(3)),
        ..key(fresh, "Büro", 2)
    };
    let added = vec![
        wait(fresh.store.add_api_key(shop, noted())).unwrap(),
        wait(fresh.store.add_api_key(expiring, noted())).unwrap(),
    ];
    assert_eq!(wait(fresh.store.api_keys()), Ok(added));
}

pub fn the_last_use_is_noted_to_the_minute_and_never_goes_back(fresh: &Fresh) {
    let id = wait(fresh.store.add_api_key(key(fresh, "shop", 1), noted()))
        .unwrap()
        .id;
    let touch = |uses| wait(fresh.store.touch_api_keys(uses)).unwrap();
    assert_eq!(fresh.store.last_use(id), None);
    touch(vec![(id, at(3 * 60 + 20)), (ApiKeyId(99), at(1))]);
    assert_eq!(fresh.store.last_use(id), Some(at(3 * 60)));
    touch(vec![(id, START)]);
    assert_eq!(fresh.store.last_use(id), Some(at(3 * 60)));
}

pub fn disabling_twice_keeps_the_first_time_and_an_unknown_key_is_unknown(fresh: &Fresh) {
    let id = wait(fresh.store.add_api_key(key(fresh, "shop", 1), noted()))
        .unwrap()
        .id;
    assert_eq!(
        wait(fresh.store.disable_api_key(id, at(1), noted())),
        Ok(true)
    );
    assert_eq!(
        wait(fresh.store.disable_api_key(id, at(2), noted())),
        Ok(true)
    );
    let keys = wait(fresh.store.api_keys()).unwrap();
    assert_eq!(keys[0].disabled_at, Some(at(1)));
    assert_eq!(
        wait(fresh.store.disable_api_key(ApiKeyId(99), at(1), noted())),
        Ok(false)
    );
}

fn key(fresh: &Fresh, name: &str, hash: u8) -> NewApiKey {
    NewApiKey {
        id: wait(fresh.store.next_api_key_id()).unwrap(),
        name: name.to_owned(),
        hash: KeyHash([hash; 32]),
        scopes: Scopes::EVERY,
        made_by: None,
        expires_at: None,
        now: START,
    }
}
