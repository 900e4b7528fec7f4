//! Second factors: set, shown at the door, lost, and asked of a role.

use std::sync::Arc;

use qrseal::accounts::TotpSecret;
use qrseal::store::Role;
use qrseal::token::{Secret, UnixTime};

use crate::accounts::{PASSWORD, cookie, get, person, post, sign_in};
use crate::app::{Answer, TestApp, keyring, now};

const PAGE: &str = "/console/second-factor";

/// What an app keeps after it scanned the page.
struct Phone(TotpSecret);

impl Phone {
    fn code(&self, app: &TestApp) -> String {
        self.0.code_at(app.app.now())
    }
}

/// What stands in the page between these.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split(before).nth(1).expect(before);
    rest.split(after).next().unwrap()
}

fn secrets(answer: &Answer) -> Vec<String> {
    let parts = answer.text().split("<code class=\"secret\">").skip(1);
    parts
        .map(|part| part.split('<').next().unwrap().to_owned())
        .collect()
}

/// RFC 4648, section 6.
fn from_base32(text: &str) -> [u8; TotpSecret::BYTES] {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let fives = text.chars().filter(|c| *c != ' ');
    let bits: Vec<u8> = fives
        .flat_map(|c| {
            let five = u8::try_from(letters.find(c).unwrap()).unwrap();
            (0..5).rev().map(move |bit| five >> bit & 1)
        })
        .collect();
    let bytes: Vec<u8> = bits
        .chunks(8)
        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit))
        .collect();
    bytes.try_into().unwrap()
}

/// Scans what the page offers and types the code; also the answer with the backup codes.
fn set(app: &TestApp, cookie: &str) -> (Phone, Answer) {
    let page = get(app, cookie, PAGE);
    assert!(page.text().contains("data:image/svg+xml;base64,"));
    let phone = Phone(TotpSecret::from_bytes(from_base32(&secrets(&page)[0])));
    let offer = between(page.text(), "name=\"offer\" value=\"", "\"").to_owned();
    let code = phone.code(app);
    let fields = [("do", "set"), ("offer", &*offer), ("code", &*code)];
    let set = post(app, cookie, PAGE, &fields);
    assert_eq!(set.status, 200, "{}", set.text());
    (phone, set)
}

/// Signs in as far as the password goes: what the form that asks for the code carries.
fn half(app: &TestApp, name: &str) -> String {
    let asked = sign_in(app, name, PASSWORD);
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert!(asked.header("set-cookie").is_none());
    between(asked.text(), "name=\"half\" value=\"", "\"").to_owned()
}

fn show(app: &TestApp, half: &str, code: &str) -> Answer {
    post(app, "", "/sign-in/code", &[("half", half), ("code", code)])
}

/// What is said where no code does any more, and the way on: there is no form.
fn is_dead(answer: &Answer, words: &str, way_on: &str) {
    let text = answer.text();
    assert!(text.contains(words), "{words}: {text}");
    assert!(text.contains(&format!("href=\"{way_on}\"")), "{text}");
    assert!(!text.contains("name=\"code\""), "{text}");
}

/// What is said beside a field, to which the field refers.
fn beside(answer: &Answer, field: &str, words: &str) {
    let text = answer.text();
    let error = format!("id=\"{field}-error\" role=\"alert\">");
    let said = between(text, &error, "</p>");
    assert!(said.contains(words), "{words}: {said}");
    let refers = format!("aria-invalid=\"true\" aria-describedby=\"{field}-error\"");
    assert!(text.contains(&refers), "{text}");
}

fn later(app: &TestApp) {
    app.app.clock.step(30);
}

#[test]
fn signing_in_takes_a_code_once_it_is_set_and_each_code_counts_once() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (first, _) = person(&app, "ana", Role::Admin);
    let second = cookie(&sign_in(&app, "ana", PASSWORD));
    let (phone, set) = set(&app, &first);
    let codes = secrets(&set);
    assert_eq!(codes.len(), 10);
    assert_eq!(
        get(&app, &second, "/console").status,
        303,
        "ended elsewhere"
    );
    assert!(
        get(&app, &first, "/console/me")
            .text()
            .contains("Change the second factor")
    );
    assert!(get(&app, &first, PAGE).text().contains("<bdi>10</bdi>"));
    assert!(secrets(&get(&app, &first, PAGE)).is_empty(), "shown once");

    let again = get(&app, "", "/sign-in/code");
    assert_eq!(again.status, 303, "a page that is loaded again");
    assert_eq!(again.header("location"), Some("/sign-in"));
    let half = half(&app, "ana");
    let used = show(&app, &half, &phone.code(&app));
    assert_eq!(used.status, 403);
    beside(&used, "code-code", "was used already");
    later(&app);
    let typed = phone.code(&app);
    let spaced = format!("{} {}", &typed[..3], &typed[3..]);
    let signed_in = show(&app, &half, &spaced);
    assert_eq!(signed_in.header("location"), Some("/console"));
    assert_eq!(get(&app, &cookie(&signed_in), "/console").status, 200);
    assert_eq!(show(&app, &half, &typed).status, 403, "once");

    let lower = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(show(&app, &half, &lower).status, 303);
    assert_eq!(show(&app, &half, &lower).status, 403, "a backup code, too");
    assert!(get(&app, &first, PAGE).text().contains("<bdi>9</bdi>"));
    for wrong in ["", "half", &half[1..]] {
        is_dead(
            &show(&app, wrong, &codes[4]),
            "This took too long",
            "/sign-in",
        );
    }
    app.app.clock.step(5 * 60);
    let outdated = show(&app, &half, &codes[4]);
    assert_eq!(outdated.status, 403, "five minutes");
    is_dead(&outdated, "This took too long", "/sign-in");

    let rows = get(&app, &first, "/console/audit?principal=account:1");
    for words in ["second_factor", "totp", "backup_code"] {
        assert!(rows.text().contains(words), "{words}: {}", rows.text());
    }
    let log = app.log();
    for secret in [&codes[3], &typed, &half] {
        assert!(!log.contains(secret.as_str()));
    }
}

#[test]
fn a_clock_that_is_behind_is_the_reason_that_is_given_and_wrong_codes_lock_the_account() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (first, _) = person(&app, "ana", Role::Admin);
    let (phone, _) = set(&app, &first);
    later(&app);
    let half = half(&app, "ana");
    let behind = UnixTime::from_secs(app.app.now().as_secs() - 60);
    let refused = show(&app, &half, &phone.0.code_at(behind));
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("60 seconds behind"),
        "{}",
        refused.text()
    );
    let ahead = phone.0.code_at(app.app.now().plus_secs(60));
    for wrong in [&*ahead, "nonsense", "nonsense", "nonsense"] {
        assert!(show(&app, &half, wrong).text().contains("not the code"));
    }
    let locked = show(&app, &half, &phone.code(&app));
    assert_eq!(locked.status, 429);
    assert!(locked.header("retry-after").is_some());
    app.app.clock.step(15 * 60);
    let half = self::half(&app, "ana");
    assert_eq!(show(&app, &half, &phone.code(&app)).status, 303);
}

#[test]
fn a_second_factor_gets_other_backup_codes_and_is_removed_by_whoever_has_it() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (phone, set) = set(&app, &ana);
    let old = secrets(&set);
    let change = |what: &str, code: &str| post(&app, &ana, PAGE, &[("do", what), ("code", code)]);
    let wrong = change("backup_codes", "nonsense");
    assert_eq!(wrong.status, 422);
    beside(&wrong, "backup_codes-code", "not the code");
    assert!(!wrong.text().contains("remove-code-error"));
    later(&app);
    let new = change("backup_codes", &phone.code(&app));
    assert!(new.text().contains("signed out everywhere else"));
    let new = secrets(&new);
    assert_eq!(new.len(), 10);
    assert_eq!(change("remove", &old[0]).status, 422, "replaced");
    assert_eq!(change("nothing", &new[0]).status, 422);
    app.app.clock.step(11 * 60);
    let asked = change("remove", &new[0]);
    assert!(asked.text().contains("takes your password once more"));
    let fields = [
        ("do", "remove"),
        ("code", &*new[0]),
        ("your_password", PASSWORD),
    ];
    assert_eq!(post(&app, &ana, PAGE, &fields).status, 200);
    assert_eq!(sign_in(&app, "ana", PASSWORD).status, 303);
}

#[test]
fn where_no_code_does_any_more_only_the_way_on_is_shown() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (ben, _) = person(&app, "ben", Role::Issuer);
    let (phone, _) = set(&app, &ana);
    let (removed, _) = set(&app, &ben);
    let late = half(&app, "ben");
    later(&app);
    let fields = [("do", "remove"), ("code", &*removed.code(&app))];
    assert_eq!(post(&app, &ben, PAGE, &fields).status, 200);
    let none = show(&app, &late, &removed.code(&app));
    is_dead(&none, "There is no second factor any more", "/sign-in");

    let mut rotated = keyring();
    let first = rotated.primary().slot();
    let second = rotated.add(Secret::from([7; 32]), now()).unwrap();
    rotated.promote(second).unwrap();
    rotated.disable(first).unwrap();
    rotated.destroy(first).unwrap();
    app.app.keyring.store(Arc::new(rotated));
    let half = half(&app, "ana");
    let gone = show(&app, &half, &phone.code(&app));
    is_dead(&gone, "was destroyed", "/sign-in/recover");
    let fields = [("do", "remove"), ("code", &*phone.code(&app))];
    let gone = post(&app, &ana, PAGE, &fields);
    assert_eq!(gone.status, 422);
    assert!(gone.text().contains("was destroyed"), "{}", gone.text());
    assert!(!gone.text().contains("name=\"code\""), "{}", gone.text());
}

#[test]
fn a_recovery_code_leads_to_the_second_factor_and_an_admin_takes_it_away() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (ben, account) = person(&app, "ben", Role::Issuer);
    let (phone, _) = set(&app, &ben);
    let path = format!("/console/accounts/{}", account.id.0);
    let recovered = |fields: &[(&str, &str)]| {
        let fields = [&[("do", "recover")], fields].concat();
        let made = post(&app, &ana, &path, &fields);
        let code = secrets(&made)[0].clone();
        let fields = [
            ("code", &*code),
            ("password", PASSWORD),
            ("again", PASSWORD),
        ];
        post(&app, "", "/sign-in/recover", &fields)
    };
    let asked = recovered(&[]);
    assert!(asked.header("set-cookie").is_none());
    let half = between(asked.text(), "name=\"half\" value=\"", "\"").to_owned();
    later(&app);
    assert_eq!(show(&app, &half, &phone.code(&app)).status, 303);
    let gone = recovered(&[("reset", "second_factor")]);
    assert_eq!(gone.header("location"), Some("/console"), "{}", gone.text());
}

#[test]
fn a_role_that_takes_a_second_factor_does_nothing_before_it_is_set() {
    let settings = [("ACCOUNTS__REQUIRE_TOTP_FOR", "admin")];
    let app = TestApp::with(&settings);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (ben, _) = person(&app, "ben", Role::Issuer);
    assert_eq!(get(&app, &ben, "/console").status, 200, "another role");
    for path in ["/console", "/console/accounts", "/console/me"] {
        assert_eq!(
            get(&app, &ana, path).header("location"),
            Some(PAGE),
            "{path}"
        );
    }
    let api = get(&app, &ana, "/api/tokens");
    assert_eq!(api.status, 403);
    assert!(
        get(&app, &ana, PAGE)
            .text()
            .contains("Your role takes a second factor")
    );
    set(&app, &ana);
    assert_eq!(get(&app, &ana, "/console").status, 200);
    assert_eq!(get(&app, &ana, "/api/tokens").status, 200);
}

#[test]
fn what_was_offered_to_one_is_set_by_no_other_and_not_twice() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (ben, _) = person(&app, "ben", Role::Issuer);
    let page = get(&app, &ana, PAGE);
    let phone = Phone(TotpSecret::from_bytes(from_base32(&secrets(&page)[0])));
    let offer = between(page.text(), "name=\"offer\" value=\"", "\"").to_owned();
    let with = |cookie: &str, code: &str| {
        let fields = [("do", "set"), ("offer", &*offer), ("code", code)];
        post(&app, cookie, PAGE, &fields)
    };
    assert_eq!(with(&ben, &phone.code(&app)).status, 422);
    let wrong = with(&ana, "12");
    assert_eq!(wrong.status, 422);
    beside(&wrong, "set-code", "not the code");
    assert!(
        wrong.text().contains(&offer),
        "the same code again: it may be scanned already"
    );
    assert_eq!(with(&ana, &phone.code(&app)).status, 200);
    assert_eq!(with(&ana, &phone.code(&app)).status, 422);
    let elsewhere = with(&ana, "12");
    assert!(
        elsewhere.text().contains("not the code"),
        "said though the form is gone"
    );
}
