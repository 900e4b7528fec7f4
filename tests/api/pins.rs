//! Codes with a PIN: what a try costs, when it locks, and what a person is told.

use qrseal::token::{Claims, ExpiresIn};
use serde_json::json;

use crate::app::{TestApp, now};
use crate::held::{form_of, limited};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const DOCUMENT: &str = r#"{"ticket":"canary-7"}"#;
const PIN: &str = "493817";

fn for_a_week() -> Claims {
    Claims {
        expires_in: Some(ExpiresIn::try_from(7 * 24 * 3600).unwrap()),
        ..Claims::default()
    }
}

#[test]
fn a_code_with_a_pin_opens_with_it_again_and_again() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    let path = format!("/{digits}");
    let problem = app.get(&path).problem(403, "open_required");
    assert_eq!(problem["requires"], json!(["open_id", "pin"]));
    assert_eq!(problem["opens_left"], json!(null));
    for _ in 0..2 {
        let answer = app.open(&digits, Some(PIN));
        assert_eq!((answer.status, answer.text()), (200, DOCUMENT));
        assert_eq!(answer.header("qrseal-opens-left"), None);
    }
    let problem = app.open(&digits, None).problem(403, "open_required");
    assert_eq!(problem["requires"], json!(["open_id", "pin"]));
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left_and_spends_no_open() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(1), PIN, now());
    for left in [4, 3, 2] {
        let answer = app.open(&digits, Some("493818"));
        let problem = answer.problem(403, "pin_incorrect");
        assert_eq!(problem["attempts_left"], left);
        assert!(!answer.text().contains("canary"));
    }
    let answer = app.open(&digits, Some(PIN));
    assert_eq!(answer.header("qrseal-opens-left"), Some("0"));
    app.open(&digits, Some(PIN)).problem(410, "token_used_up");
}

#[test]
fn five_wrong_pins_lock_the_network_for_a_quarter_of_an_hour() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    for left in [4, 3, 2, 1, 0] {
        let problem = app
            .open(&digits, Some("493818"))
            .problem(403, "pin_incorrect");
        assert_eq!(problem["attempts_left"], left);
        assert_eq!(problem["locked_until"].is_string(), left == 0);
    }
    let locked = app.open(&digits, Some(PIN));
    let problem = locked.problem(429, "pin_locked");
    assert!(problem["locked_until"].is_string());
    let wait: u64 = locked.header("retry-after").unwrap().parse().unwrap();
    assert!((880..=900).contains(&wait), "{wait}");
    app.app.clock.step(wait - 10);
    app.open(&digits, Some(PIN)).problem(429, "pin_locked");
    app.app.clock.step(11);
    assert_eq!(app.open(&digits, Some(PIN)).status, 200);
    // The right PIN forgets the wrong ones.
    let problem = app
        .open(&digits, Some("493818"))
        .problem(403, "pin_incorrect");
    assert_eq!(problem["attempts_left"], 4);
}

#[test]
fn parallel_tries_are_counted_before_any_is_looked_at() {
    let app = TestApp::with(&[("PIN__QUEUE", "200"), ("SERVER__WORKERS", "2")]);
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..24)
            .map(|_| scope.spawn(|| app.open(&digits, Some("493818")).status))
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count = |status| statuses.iter().filter(|&&found| found == status).count();
    assert_eq!((count(403), count(429)), (5, 19), "{statuses:?}");
}

#[test]
fn a_full_queue_answers_503_and_costs_no_try() {
    let app = TestApp::with(&[("PIN__QUEUE", "0"), ("PIN__HASHES_AT_ONCE", "1")]);
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    let place = app.app.pins.permit().expect("the only one");
    let answer = app.open(&digits, Some("493818"));
    answer.problem(503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    drop(place);
    let problem = app
        .open(&digits, Some("493818"))
        .problem(403, "pin_incorrect");
    assert_eq!(problem["attempts_left"], 4);
}

#[test]
fn what_no_pin_can_be_costs_no_try() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    for pin in ["", "123", &"4938".repeat(17), "49\u{7}3817"] {
        let problem = app.open(&digits, Some(pin)).problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "/pin");
    }
    let problem = app
        .open(&digits, Some("493818"))
        .problem(403, "pin_incorrect");
    assert_eq!(problem["attempts_left"], 4);
    assert_eq!(app.open(&digits, Some(" 493817\u{a0}")).status, 200);
}

#[test]
fn a_repeat_needs_the_pin_again() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(1), PIN, now());
    let open_id = "the-same-phone-again";
    assert_eq!(app.open_as(&digits, open_id, Some(PIN)).status, 200);
    app.open_as(&digits, open_id, None)
        .problem(410, "token_used_up");
    app.open_as(&digits, open_id, Some("493818"))
        .problem(403, "pin_incorrect");
    assert_eq!(app.open_as(&digits, open_id, Some(PIN)).status, 200);
    app.app.clock.step(121);
    app.open_as(&digits, open_id, Some(PIN))
        .problem(410, "token_used_up");
}

#[test]
fn a_pin_without_capitals_and_accents_in_another_form_is_the_same_only_if_unicode_says_so() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &for_a_week(), "Pässwörd-7", now());
    assert_eq!(
        app.open(&digits, Some("Pa\u{308}sswo\u{308}rd-7")).status,
        200
    );
    app.open(&digits, Some("pässwörd-7"))
        .problem(403, "pin_incorrect");
}

#[test]
fn the_page_says_what_was_wrong_with_a_pin_and_keeps_the_button() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(3), PIN, now());
    let path = format!("/{digits}");
    let page = app.get_as(&path, HTML);
    assert!(page.text().contains("inputmode=\"numeric\""));
    let (action, fields) = form_of(page.text());
    let submit = |pin: &[(&str, &str)]| {
        let fields = fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let fields: Vec<_> = fields.chain(pin.iter().copied()).collect();
        app.submit(&action, &fields)
    };
    for (pin, status, words) in [
        (vec![("pin", ""), ("pin_text", "")], 403, "Type the PIN."),
        (
            vec![("pin", "12")],
            422,
            "A PIN has 4 to 64 characters, and no spaces at its ends.",
        ),
        (
            vec![("pin", "493818")],
            403,
            "The PIN is wrong. 4 tries are left.",
        ),
        (vec![("pin", "493818")], 403, "3 tries are left."),
        (vec![("pin", "493818")], 403, "2 tries are left."),
        (vec![("pin", "493818")], 403, "One try is left."),
    ] {
        let again = submit(&pin);
        assert_eq!(again.status, status);
        assert!(again.text().contains(words), "{words} in {}", again.text());
        assert!(again.text().contains("Open the document"));
        assert!(again.text().contains(" autofocus"), "where to type again");
        assert!(!again.text().contains("493818") && !again.text().contains("canary"));
    }
    // The fifth says at once until when, and has no form; so does the right one then.
    for pin in ["493818", PIN] {
        let locked = submit(&[("pin", pin)]);
        assert_eq!(locked.status, 429);
        assert!(locked.header("retry-after").is_some());
        let text = locked.text();
        assert!(text.contains("PIN entry from your network is locked until "));
        assert!(!text.contains("<form"), "{text}");
    }
    app.app.clock.step(901);
    let opened = submit(&[("pin", ""), ("pin_text", PIN)]);
    assert_eq!(opened.status, 200);
    assert!(opened.text().contains("canary-7"));
    assert!(opened.text().contains("2 more times"));
}

#[test]
fn destroying_a_code_with_a_pin_takes_the_pin() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(3), PIN, now());
    let path = format!("/{digits}");
    let id = ("open_id", "the-holder-of-it-");
    let opened = app.submit(&path, &[id, ("pin", PIN)]);
    let (_, asked) = opened.text().split_once("Destroy the code?").unwrap();
    assert!(asked.contains("name=\"pin\""));
    let missing = app.submit(&path, &[id, ("destroy", "yes")]);
    assert_eq!(missing.status, 403);
    assert!(
        missing.text().contains("Type the PIN.") && missing.text().contains("Destroy the code?")
    );
    let wrong = app.submit(&path, &[id, ("destroy", "yes"), ("pin", "493818")]);
    assert_eq!(wrong.status, 403);
    assert!(wrong.text().contains("4 tries are left."));
    assert_eq!(app.get_as(&path, HTML).status, 200);
    let done = app.submit(&path, &[id, ("destroy", "yes"), ("pin", PIN)]);
    assert_eq!(done.status, 200);
    app.open(&digits, Some(PIN)).problem(410, "token_revoked");
    // A code that opens as often as one likes is not its holder's alone.
    let shared = app.sealed_with_pin(DOCUMENT, &for_a_week(), PIN, now());
    let refused = app.submit(
        &format!("/{shared}"),
        &[id, ("destroy", "yes"), ("pin", PIN)],
    );
    assert_eq!(refused.status, 422);
}

#[test]
fn no_pin_reaches_the_log() {
    let app = TestApp::start();
    let digits = app.sealed_with_pin(DOCUMENT, &limited(1), "pin-canary-1", now());
    app.open(&digits, Some("pin-canary-2"));
    assert_eq!(app.open(&digits, Some("pin-canary-1")).status, 200);
    app.submit(
        &format!("/{digits}"),
        &[("open_id", "x"), ("pin", "pin-canary-3")],
    );
    assert!(!app.log().contains("canary"), "{}", app.log());
}
