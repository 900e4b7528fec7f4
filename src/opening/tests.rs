//! Tests only: the verbs together, on a store, with networks and time as arguments.

use std::sync::Arc;

use tempfile::TempDir;

use super::{
    Attempt, ClientNetwork, Looked, OpenedDocument, Opener, OpeningError, StatefulToken, destroy,
    look, open, reset_pin,
};
use crate::audit::By;
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::revoking::RevocationList;
use crate::store::{self, LockedUntil, Store};
use crate::token::{
    Claims, Codec, ExpiresIn, Keyring, Nonce, Pin, PinHash, Secret, TypedPin, UnixTime, pin_salt,
    seal, seal_with_pin,
};

fn block_on<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(what)
}

const NOW: UnixTime = UnixTime::from_secs(1_795_173_000);
const PIN: &str = "493817";

struct Installation {
    keyring: Keyring,
    store: Arc<dyn Store>,
    revocations: RevocationList,
    pins: PinHashers,
    long: LongWork,
    _folder: TempDir,
}

impl Installation {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
        Self {
            keyring: Keyring::with_first_key("a", Secret::from([7; 32]), NOW).unwrap(),
            store: store::connect(&url, true).unwrap(),
            revocations: RevocationList::empty(),
            pins: PinHashers::one(),
            long: LongWork::one(),
            _folder: folder,
        }
    }

    fn opener(&self) -> Opener<'_> {
        Opener {
            keyring: &self.keyring,
            store: &*self.store,
            revocations: &self.revocations,
            pins: &self.pins,
            long: &self.long,
        }
    }

    fn with_pin(&self, number: u8, body: &str) -> StatefulToken {
        let nonce = || Nonce::from([number; 12]);
        let salt = pin_salt(&self.keyring, &nonce(), NOW).unwrap();
        let hash = PinHash::derive(&Pin::parse(PIN).unwrap(), salt).unwrap();
        let (claims, body) = (claims(None), body.as_bytes());
        let sealed = seal_with_pin(
            &self.keyring,
            nonce(),
            NOW,
            &claims,
            &hash,
            Codec::Json,
            body,
        );
        self.held(&sealed.unwrap().to_digits())
    }

    fn limited(&self, number: u8, max_opens: u32, body: &str) -> StatefulToken {
        let (nonce, claims) = (Nonce::from([number; 12]), claims(Some(max_opens)));
        let body = body.as_bytes();
        let sealed = seal(&self.keyring, nonce, NOW, &claims, Codec::Json, body);
        self.held(&sealed.unwrap().to_digits())
    }

    fn held(&self, digits: &str) -> StatefulToken {
        match look(digits, &self.keyring, &self.revocations, NOW).unwrap() {
            super::FirstLook::Done(Looked::Held(held)) => held,
            _ => panic!("the token is held"),
        }
    }

    fn open(
        &self,
        held: &StatefulToken,
        attempt: &Attempt,
    ) -> Result<OpenedDocument, OpeningError> {
        block_on(open(held, self.opener(), attempt))
    }
}

fn claims(max_opens: Option<u32>) -> Claims {
    Claims {
        expires_in: Some(ExpiresIn::try_from(7 * 24 * 3_600).unwrap()),
        max_opens: max_opens.map(|opens| opens.try_into().unwrap()),
        ..Claims::default()
    }
}

/// A new open with this PIN from the network 192.0.`network`.0/24.
fn attempt(number: u32, pin: Option<&str>, network: u8) -> Attempt {
    Attempt {
        open_id: format!("open-{number:016}").parse().unwrap(),
        pin: pin.map(|pin| TypedPin::parse(pin).unwrap()),
        network: ClientNetwork::Net(format!("192.0.{network}.7/24").parse().unwrap()),
        suspected_bot: false,
        now: NOW,
    }
}

#[test]
fn each_network_has_its_own_tries_until_twenty_lock_the_token_for_all() {
    let here = Installation::new();
    let held = here.with_pin(1, "[1]");
    let mut number = 0;
    let mut wrong = |network| {
        number += 1;
        here.open(&held, &attempt(number, Some("493818"), network))
            .unwrap_err()
    };
    for network in 1..=4 {
        for left in [4, 3, 2, 1, 0] {
            let refused = wrong(network);
            assert!(
                matches!(refused, OpeningError::PinIncorrect { attempts_left, .. } if attempts_left == left),
                "{network} {left}: {refused:?}"
            );
        }
        let locked = wrong(network);
        let OpeningError::PinLocked { until, .. } = locked else {
            panic!("{locked:?}")
        };
        assert_eq!(until == LockedUntil::Reset, network == 4, "{until:?}");
    }
    // Somebody who never tried, with the right PIN.
    let locked = OpeningError::PinLocked {
        id: held.id(),
        until: LockedUntil::Reset,
        wait_secs: 24 * 60 * 60,
    };
    let right = attempt(99, Some(PIN), 9);
    assert_eq!(here.open(&held, &right).unwrap_err(), locked);
    let looked = block_on(held.opens_left(&*here.store, NOW));
    assert_eq!(looked.unwrap_err(), locked);
    // Tries at one token are nothing to another.
    assert!(here.open(&here.with_pin(2, "[2]"), &right).is_ok());

    let by = By::new(Principal::Cli, &here.keyring, [9; 24]);
    let reset = reset_pin(&*here.store, held.id(), by, NOW);
    assert_eq!(block_on(reset), Ok(true));
    assert_eq!(here.open(&held, &right).unwrap().payload(), "[1]");
}

#[test]
fn a_document_that_cannot_be_shown_is_not_counted() {
    let here = Installation::new();
    let held = here.limited(3, 1, "{not json");
    for number in 0..3 {
        let refused = here.open(&held, &attempt(number, None, 1));
        assert_eq!(refused.unwrap_err(), OpeningError::NotRecognised);
    }
    let left = block_on(held.opens_left(&*here.store, NOW));
    assert_eq!(left, Ok(Some(1)));
}

#[test]
fn nothing_shows_a_document_before_it_is_counted() {
    let here = Installation::new();
    let held = here.limited(4, 2, r#"["canary"]"#);
    assert!(!format!("{held:?}").contains("canary"));
    let opened = here.open(&held, &attempt(1, None, 1)).unwrap();
    assert_eq!(
        (opened.payload(), opened.opens_left),
        (r#"["canary"]"#, Some(1))
    );
    assert!(!format!("{opened:?}").contains("canary"));
}

#[test]
fn destroying_takes_no_open_and_ends_the_token_here_at_once() {
    let here = Installation::new();
    let held = here.limited(5, 2, "[5]");
    let attempt = attempt(1, None, 1);
    let revoked = block_on(destroy(&held, here.opener(), &attempt, [9; 24]));
    let revoked = revoked.unwrap();
    assert!(revoked.by_holder && revoked.at == NOW);
    assert_eq!(here.revocations.find(held.id()), Ok(Some(revoked.clone())));
    let refused = here.open(&held, &attempt).unwrap_err();
    assert_eq!(refused, OpeningError::Revoked(revoked));
}
