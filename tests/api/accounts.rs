//! People who sign in: the door, sessions, roles, and what the console does.

use qrseal::accounts::{
    CreateAccount, Door, Newcomer, Recovered, RecoveryCode, create, set_with_recovery,
};
use qrseal::audit::By;
use qrseal::http::ROUTES;
use qrseal::network::ClientNetwork;
use qrseal::principal::Principal;
use qrseal::store::{AccountRecord, Role};

use crate::app::{Answer, TestApp, now};

pub const PASSWORD: &str = "correct horse battery staple";
const FORM: &str = "application/x-www-form-urlencoded";

/// An account whose password is to be set with the code.
pub fn new_account(app: &TestApp, name: &str, role: Role) -> (AccountRecord, String) {
    let random: [u8; 16] = *qrseal::random::bytes().unwrap();
    let code = RecoveryCode::from_random(&random);
    let request = CreateAccount {
        name: name.parse().unwrap(),
        display_name: None,
        role,
    };
    let account = app.wait(async |app| {
        let keyring = app.keyring.load();
        let by = By::fresh(Principal::Cli, &keyring).unwrap();
        create(&*app.store, request, &code, by, now())
            .await
            .unwrap()
    });
    app.refresh();
    (account, code.reveal().to_string())
}

/// The cookie of somebody with this role who has signed in, and the account.
pub fn person(app: &TestApp, name: &str, role: Role) -> (String, AccountRecord) {
    let (account, code) = new_account(app, name, role);
    let token = app.wait(async |app| {
        let keyring = app.keyring.load();
        let door = Door {
            store: &*app.store,
            keyring: &keyring,
            hashers: &app.passwords,
        };
        let newcomer = Newcomer {
            network: ClientNetwork::Unknown,
            browser: "a test".to_owned(),
            random: *qrseal::random::bytes().unwrap(),
            now: app.now(),
        };
        let code = code.parse().unwrap();
        let set = set_with_recovery(door, &code, PASSWORD, &newcomer).await;
        let Ok(Recovered::SignedIn(token, _)) = set else {
            panic!("{set:?}")
        };
        token.reveal().to_owned()
    });
    (format!("qrseal-session={token}"), account)
}

pub fn get(app: &TestApp, cookie: &str, path: &str) -> Answer {
    let headers = [
        ("cookie", cookie),
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
    ];
    app.send("GET", path, &headers, b"")
}

/// Sends a form as a page of ours does.
pub fn post(app: &TestApp, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    post_with(
        app,
        &[("cookie", cookie), ("sec-fetch-site", "same-origin")],
        path,
        fields,
    )
}

fn post_with(
    app: &TestApp,
    headers: &[(&str, &str)],
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let headers = [&[("content-type", FORM), ("accept", "text/html")], headers].concat();
    app.send("POST", path, &headers, body.as_bytes())
}

pub fn sign_in(app: &TestApp, name: &str, password: &str) -> Answer {
    post(
        app,
        "",
        "/sign-in",
        &[("name", name), ("password", password)],
    )
}

/// The cookie that an answer sets.
pub fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").expect("a cookie");
    set.split(';').next().unwrap().to_owned()
}

fn has_a_strict_cookie(answer: &Answer) {
    let header = answer.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(header.contains(part), "{header}");
    }
}

#[test]
fn a_person_sets_a_password_signs_in_makes_a_code_finds_and_revokes_it() {
    let app = TestApp::start();
    let (_, code) = new_account(&app, "Ana", Role::Admin);
    assert_eq!(
        app.post_json("/api/tokens", "{}").status,
        401,
        "the first account ends that"
    );
    let home = app.get("/");
    assert!(home.text().contains("href=\"/sign-in\""), "{}", home.text());
    let page = app.get("/sign-in/recover?name=ana");
    assert!(page.text().contains("value=\"ana\""));
    let typed = code.to_lowercase().replace('-', " ");
    let fields = [
        ("name", "ana"),
        ("code", &*typed),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let set = post(&app, "", "/sign-in/recover", &fields);
    assert_eq!(
        (set.status, set.header("location")),
        (303, Some("/console")),
        "{}",
        set.text()
    );
    has_a_strict_cookie(&set);
    let again = post(&app, "", "/sign-in/recover", &fields);
    assert_eq!(again.status, 422, "a code is good once");
    assert!(again.text().contains("was used"), "{}", again.text());

    let signed_in = sign_in(&app, "ANA", PASSWORD);
    assert_eq!(signed_in.status, 303, "{}", signed_in.text());
    let cookie = cookie(&signed_in);
    let overview = get(&app, &cookie, "/console");
    assert_eq!(overview.status, 200, "{}", overview.text());
    assert_eq!(overview.header("cache-control"), Some("no-store"));
    let policy = overview.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(get(&app, &cookie, "/").text().contains("Signed in as"));

    let made = post(
        &app,
        &cookie,
        "/",
        &[
            ("payload", "{\"table\":12}"),
            ("note", "table 12"),
            ("max_opens", "1"),
            ("expires_in", "3600"),
        ],
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let list = get(&app, &cookie, "/console/codes?state=active&note=table");
    let id = list.text().split("/console/codes/").nth(1).unwrap()[..24].to_owned();
    let shown = get(&app, &cookie, &format!("/console/codes/{id}"));
    assert!(
        shown.text().contains("account:1") && shown.text().contains("0 of 1"),
        "{}",
        shown.text()
    );
    let found = get(&app, &cookie, &format!("/console/codes?find={id}"));
    assert_eq!(
        found.header("location"),
        Some(&*format!("/console/codes/{id}"))
    );
    assert_eq!(
        get(&app, &cookie, "/console/codes?find=nothing").status,
        422
    );
    let path = format!("/console/codes/{id}");
    let revoked = post(
        &app,
        &cookie,
        &path,
        &[("do", "revoke"), ("reason", "wrong table")],
    );
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    assert!(revoked.text().contains("wrong table") && !revoked.text().contains("Revoke this code"));

    let log = get(&app, &cookie, "/console/audit?principal=account:1");
    for word in ["set_password", "sign_in", "revoke", "wrong table"] {
        assert!(log.text().contains(word), "{word}: {}", log.text());
    }
    let lines = get(&app, &cookie, "/console/audit.ndjson");
    assert!(
        lines.text().lines().all(|line| line.starts_with('{')),
        "{}",
        lines.text()
    );

    let out = post(&app, &cookie, "/sign-out", &[]);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    let after = get(&app, &cookie, "/console");
    assert_eq!(
        (after.status, after.header("location")),
        (303, Some("/sign-in"))
    );
    let log = app.log();
    assert!(log.contains("\"by\":\"account:1\""), "{log}");
    for secret in [PASSWORD, &code, &cookie["qrseal-session=".len()..]] {
        assert!(!log.contains(secret));
    }
}

#[test]
fn an_admin_sees_what_an_operator_is_to_look_at() {
    let app = TestApp::start();
    let (cookie, _) = person(&app, "ana", Role::Admin);
    for words in ["Age of the key that seals", "Messages that were reported"] {
        assert!(
            get(&app, &cookie, "/console").text().contains(words),
            "{words}"
        );
    }
    assert!(get(&app, &cookie, "/").text().contains("href=\"/message\""));
    assert_eq!(get(&app, &cookie, "/console/settings").status, 200);
}

#[test]
fn wrong_passwords_lock_a_name_in_a_network_whether_there_is_such_an_account_or_not() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let _ana = person(&app, "ana", Role::Admin);
    for name in ["ana", "nobody", "no name at all"] {
        for _ in 0..5 {
            let wrong = sign_in(&app, name, "another password 1");
            assert_eq!(wrong.status, 403);
            assert!(wrong.text().contains("The name or the password is wrong."));
            assert!(wrong.header("set-cookie").is_none());
        }
        let locked = sign_in(&app, name, PASSWORD);
        assert_eq!(locked.status, 429, "{name}");
        assert!(locked.header("retry-after").is_some());
    }
    app.app.clock.step(15 * 60 + 1);
    assert_eq!(
        sign_in(&app, "ana", PASSWORD).status,
        303,
        "the lock is over"
    );
    assert_eq!(sign_in(&app, "ana", &"x".repeat(5_000)).status, 403);
}

#[test]
fn of_64_clients_that_guess_from_one_network_five_are_heard_and_the_owner_signs_in_from_another() {
    let settings = [
        ("LIMITS__ENABLED", "false"),
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let app = TestApp::with(&settings);
    let _ana = person(&app, "ana", Role::Admin);
    let from = |client: &str, password: &str| {
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", client),
        ];
        let fields = [("name", "ana"), ("password", password)];
        post_with(&app, &headers, "/sign-in", &fields)
    };
    let before = app.app.passwords.compared();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let guess = |number: usize| {
            let from = &from;
            scope.spawn(move || from("192.0.2.7", &format!("guess number {number}")).status)
        };
        let guesses: Vec<_> = (0..64).map(guess).collect();
        guesses.into_iter().map(|one| one.join().unwrap()).collect()
    });
    // Where too many wait for a hash, no try is spent.
    assert!(
        answers
            .iter()
            .all(|status| [403, 429, 503].contains(status)),
        "{answers:?}"
    );
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), 5);
    assert_eq!(app.app.passwords.compared() - before, 5);
    assert_eq!(
        from("192.0.2.7", PASSWORD).status,
        429,
        "not even the right one"
    );
    assert_eq!(from("198.51.100.9", PASSWORD).status, 303);
}

#[test]
fn every_name_takes_the_same_work_whether_anybody_has_it_or_not() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "0")]);
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (_, ben) = person(&app, "ben", Role::Issuer);
    let _without_password = new_account(&app, "eva", Role::Issuer);
    let path = format!("/console/accounts/{}", ben.id.0);
    assert_eq!(post(&app, &ana, &path, &[("do", "disable")]).status, 200);
    for name in ["ana", "ben", "eva", "nobody", "no name at all", ""] {
        let before = app.app.passwords.compared();
        assert_eq!(sign_in(&app, name, "another password 1").status, 403);
        assert_eq!(app.app.passwords.compared() - before, 1, "{name}");
    }
}

#[test]
fn one_place_tries_to_sign_in_so_often_a_minute() {
    let app = TestApp::with(&[("LIMITS__SIGN_INS_PER_MINUTE", "2")]);
    for name in ["one", "two"] {
        assert_eq!(sign_in(&app, name, "x").status, 403);
    }
    assert_eq!(sign_in(&app, "three", "x").status, 429);
}

#[test]
fn forms_of_other_sites_and_of_frames_without_origin_are_refused() {
    let app = TestApp::start();
    let (cookie, ben) = person(&app, "ben", Role::Admin);
    let fields = [("name", "ben"), ("password", PASSWORD)];
    for (headers, expected) in [
        (
            &[("sec-fetch-site", "cross-site"), ("origin", "null")][..],
            403,
        ),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", "https://evil.example")], 403),
        (
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            303,
        ),
        (&[], 303),
    ] {
        let answer = post_with(&app, headers, "/sign-in", &fields);
        assert_eq!(answer.status, expected, "{headers:?}");
    }
    let token = cookie["qrseal-session=".len()..]
        .parse::<qrseal::accounts::SessionToken>()
        .unwrap()
        .form_token();
    let path = format!("/console/accounts/{}", ben.id.0);
    let enable = |headers: &[(&str, &str)], token: &str| {
        let headers = [&[("cookie", &*cookie)], headers].concat();
        post_with(
            &app,
            &headers,
            &path,
            &[("do", "enable"), ("form_token", token)],
        )
        .status
    };
    assert_eq!(enable(&[("sec-fetch-site", "cross-site")], &token), 403);
    assert_eq!(enable(&[("origin", "null")], ""), 403);
    assert_eq!(enable(&[("origin", "null")], "another"), 403);
    assert_eq!(enable(&[("origin", "null")], &token), 200);
    let headers = [("cookie", &*cookie), ("content-type", "application/json")];
    let program = app.send("POST", "/api/tokens", &headers, b"{\"payload\":1}");
    program.problem(403, "cross_site");
}

#[test]
fn a_session_ends_without_use_after_its_time_and_in_another_tab() {
    let app = TestApp::start();
    let (first, account) = person(&app, "ana", Role::Issuer);
    let second = cookie(&sign_in(&app, "ana", PASSWORD));
    let me = get(&app, &first, "/console/me");
    let id = me.text().split("name=\"session\" value=\"").nth(1).unwrap()[..24].to_owned();
    let ended = post(
        &app,
        &first,
        "/console/me",
        &[("do", "end_session"), ("session", &id)],
    );
    assert!(
        ended.text().contains("The session is ended."),
        "{}",
        ended.text()
    );
    assert_eq!(get(&app, &second, "/console").status, 303);
    assert_eq!(get(&app, &first, "/console").status, 200);

    let fields = [
        ("do", "password"),
        ("your_password", PASSWORD),
        ("password", "ant bridge cello dune 7"),
        ("again", "ant bridge cello dune 7"),
    ];
    let weak = [
        ("do", "password"),
        ("your_password", PASSWORD),
        ("password", "password1234"),
        ("again", "password1234"),
    ];
    assert_eq!(post(&app, &first, "/console/me", &weak).status, 422);
    let changed = post(&app, &first, "/console/me", &fields);
    assert_eq!(changed.status, 303, "{}", changed.text());
    assert_eq!(
        get(&app, &first, "/console").status,
        303,
        "a new password, a new session"
    );
    let third = cookie(&changed);
    assert_eq!(get(&app, &third, "/console").status, 200);
    assert_eq!(sign_in(&app, "ana", PASSWORD).status, 403);
    app.app.clock.step(12 * 60 * 60 + 1);
    assert_eq!(
        get(&app, &third, "/console").status,
        303,
        "unused for 12 hours"
    );
    assert_eq!(account.role, Role::Issuer);
}

#[test]
fn an_issuer_sees_and_ends_only_its_own() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let (ben, _) = person(&app, "ben", Role::Issuer);
    let (eva, _) = person(&app, "eva", Role::Manager);
    let made = post(
        &app,
        &ana,
        "/",
        &[("payload", "1"), ("max_opens", "2"), ("expires_in", "3600")],
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let id = get(&app, &ana, "/console/codes")
        .text()
        .split("/console/codes/")
        .nth(1)
        .unwrap()[..24]
        .to_owned();
    let path = format!("/console/codes/{id}");
    assert!(
        get(&app, &ben, "/console/codes")
            .text()
            .contains("There are none.")
    );
    assert_eq!(get(&app, &ben, &path).status, 404);
    assert_eq!(post(&app, &ben, &path, &[("do", "revoke")]).status, 404);
    let api = get(&app, &ben, &format!("/api/tokens/{id}"));
    assert_eq!(api.status, 403);
    assert_eq!(get(&app, &eva, &path).status, 200, "a manager sees all");
    assert_eq!(post(&app, &eva, &path, &[("do", "revoke")]).status, 403);
    assert_eq!(post(&app, &ana, &path, &[("do", "revoke")]).status, 200);
}

#[test]
fn an_admin_adds_a_colleague_makes_a_key_and_confirms_with_the_password() {
    let app = TestApp::start();
    let (ana, account) = person(&app, "ana", Role::Admin);
    let added = post(
        &app,
        &ana,
        "/console/accounts",
        &[("name", "Ben"), ("role", "issuer")],
    );
    assert_eq!(added.status, 201, "{}", added.text());
    assert!(added.text().contains("class=\"secret\"") && added.text().contains("recover?name=Ben"));
    for (name, status) in [("BEN", 409), ("b", 422)] {
        let refused = post(
            &app,
            &ana,
            "/console/accounts",
            &[("name", name), ("role", "issuer")],
        );
        assert_eq!(refused.status, status, "{name}: {}", refused.text());
    }
    let create = [
        ("do", "create"),
        ("name", "shop"),
        ("scope", "issue"),
        ("scope", "read:all"),
    ];
    let no_scope = post(&app, &ana, "/console/keys", &create[..2]);
    assert_eq!(no_scope.status, 422);
    let refers =
        "<fieldset class=\"field\" aria-invalid=\"true\" aria-describedby=\"create-scope-error\">";
    for part in [refers, "id=\"create-scope-error\""] {
        assert!(no_scope.text().contains(part), "{}", no_scope.text());
    }
    let key = post(&app, &ana, "/console/keys", &create);
    assert_eq!(key.status, 201, "{}", key.text());
    let key = key.text().split("qrs_").nth(1).unwrap()[..43].to_owned();
    let headers = [("authorization", &*format!("Bearer qrs_{key}"))];
    assert_eq!(app.send("GET", "/api/tokens", &headers, b"").status, 200);
    assert_eq!(post(&app, &ana, "/console/keys", &create).status, 409);

    app.app.clock.step(11 * 60);
    let disable = [("do", "disable"), ("key", "1")];
    let asked = post(&app, &ana, "/console/keys", &disable);
    assert_eq!(asked.status, 422);
    assert!(
        asked.text().contains("takes your password once more"),
        "{}",
        asked.text()
    );
    let wrong = [&disable[..], &[("your_password", "another one 12")]].concat();
    assert_eq!(post(&app, &ana, "/console/keys", &wrong).status, 422);
    let right = [&disable[..], &[("your_password", PASSWORD)]].concat();
    let done = post(&app, &ana, "/console/keys", &right);
    assert!(
        done.text().contains("API key 1 is disabled."),
        "{}",
        done.text()
    );
    assert_eq!(app.send("GET", "/api/tokens", &headers, b"").status, 401);

    let path = "/console/accounts/2";
    let first = [
        ("do", "describe"),
        ("revision", "1"),
        ("display_name", "Ben O."),
        ("role", "manager"),
    ];
    assert_eq!(post(&app, &ana, path, &first).status, 200);
    let second = [
        ("do", "describe"),
        ("revision", "1"),
        ("display_name", "Benny"),
        ("role", "issuer"),
    ];
    let conflict = post(&app, &ana, path, &second);
    assert_eq!(conflict.status, 412);
    let text = conflict.text();
    assert!(
        text.contains("it is Ben O., manager, now. You wanted: Benny, issuer"),
        "{text}"
    );
    let own = format!("/console/accounts/{}", account.id.0);
    assert_eq!(
        post(&app, &ana, &own, &[("do", "disable")]).status,
        409,
        "the last admin"
    );
    assert_eq!(get(&app, &ana, "/console/accounts/99").status, 404);
    let recovered = post(&app, &ana, path, &[("do", "recover")]);
    assert!(
        recovered.text().contains("class=\"secret\""),
        "{}",
        recovered.text()
    );
}

#[test]
fn what_somebody_made_is_handed_over_when_they_leave() {
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Admin);
    let (ben, account) = person(&app, "ben", Role::Issuer);
    let (eva, _) = person(&app, "eva", Role::Issuer);
    let fields = [("payload", "1"), ("max_opens", "2"), ("expires_in", "3600")];
    assert_eq!(post(&app, &ben, "/", &fields).status, 201);
    let link = post(
        &app,
        &ben,
        "/console/links",
        &[("target", "https://a.example")],
    );
    let link = link.header("location").unwrap();
    let path = format!("/console/accounts/{}", account.id.0);
    let hand_over = |to: &str| post(&app, &ana, &path, &[("do", "hand_over"), ("to", to)]);
    for nobody in ["ben", "nobody", ""] {
        let refused = hand_over(nobody);
        assert_eq!(refused.status, 422, "{nobody}");
        for part in [
            "id=\"hand_over-to-error\" role=\"alert\">Nothing was handed over",
            &format!("name=\"to\" type=\"text\" value=\"{nobody}\""),
        ] {
            assert!(refused.text().contains(part), "{part}: {}", refused.text());
        }
    }
    let done = hand_over("EVA");
    assert!(
        done.text()
            .contains("2 codes and links, 0 API keys, 0 check-in lists made or worked at."),
        "{}",
        done.text()
    );
    assert_eq!(get(&app, &eva, link).status, 200);
    assert_eq!(get(&app, &ben, link).status, 404);
    let log = get(&app, &ana, "/console/audit?verb=hand_over");
    assert!(log.text().contains("account:3"), "{}", log.text());
}

#[test]
fn nobody_signs_in_over_plain_http_and_over_https_the_cookie_is_of_this_host_alone() {
    let plain = TestApp::with(&[("SERVER__PUBLIC_URL", "http://qr.example.com")]);
    assert!(plain.get("/sign-in").text().contains("takes HTTPS"));
    assert_eq!(sign_in(&plain, "ana", PASSWORD).status, 403);
    let https = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com/codes")]);
    let (_, code) = new_account(&https, "ana", Role::Admin);
    let fields = [
        ("code", &*code),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let set = post(&https, "", "/sign-in/recover", &fields);
    assert_eq!(set.header("location"), Some("/codes/console"));
    let cookie = set.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-qrseal=") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
}

/// What each role may reach: a, i, m, s for admin, issuer, manager and scanner; everybody, signed in or not: `*`.
const MAY: &[(&str, &str, &str)] = &[
    ("GET", "/{digits}", "*"),
    ("POST", "/{digits}", "*"),
    ("POST", "/api/qrcode/encrypted-payload", "ai"),
    ("POST", "/api/tokens", "ai"),
    ("POST", "/api/batches", "ai"),
    ("GET", "/api/decrypt/qrcode-details", "*"),
    ("POST", "/api/decrypt/qrcode-details", "*"),
    ("POST", "/api/qrcode", "*"),
    ("GET", "/generate_qr", "*"),
    ("GET", "/", "*"),
    // Its page says what is missing.
    ("POST", "/", "*"),
    ("GET", "/healthz", "*"),
    ("GET", "/readyz", "*"),
    ("GET", "/api/tokens", "aim"),
    ("GET", "/api/tokens/{id}", "aim"),
    ("DELETE", "/api/tokens/{id}", "ai"),
    ("PUT", "/api/tokens/{id}/payload", "ai"),
    ("DELETE", "/api/tokens/{id}/opens", "ai"),
    ("POST", "/api/tokens/{id}/revoke", "ai"),
    ("POST", "/api/tokens/{id}/pin-reset", "ai"),
    ("POST", "/api/links", "ai"),
    ("GET", "/api/links", "aim"),
    ("GET", "/api/links/scans", "aim"),
    ("GET", "/api/links/{id}", "aim"),
    ("PATCH", "/api/links/{id}", "ai"),
    ("DELETE", "/api/links/{id}", "ai"),
    ("GET", "/api/links/{id}/scans", "aim"),
    ("GET", "/api/links/{id}/picture", "ai"),
    ("GET", "/api/profiles", "aim"),
    ("GET", "/api/profiles/{name}", "aim"),
    // The shipped form is for whoever may issue.
    ("GET", "/f/{profile}", "ai"),
    ("POST", "/f/{profile}", "ai"),
    ("GET", "/metrics", "aim"),
    ("POST", "/api/check-ins", "ams"),
    ("GET", "/api/check-ins/{id}", "ams"),
    ("DELETE", "/api/check-ins/{id}", "ams"),
    ("DELETE", "/api/check-ins/{id}/visit", "am"),
    ("POST", "/api/lists/{id}/presence", "am"),
    ("POST", "/api/lists", "am"),
    ("GET", "/api/lists", "ams"),
    ("GET", "/api/lists/{id}", "ams"),
    ("PATCH", "/api/lists/{id}", "am"),
    ("DELETE", "/api/lists/{id}", "am"),
    ("PUT", "/api/lists/{id}/staff", "am"),
    ("GET", "/api/lists/{id}/check-ins", "am"),
    ("POST", "/api/lists/{id}/passes", "am"),
    ("GET", "/api/lists/{id}/passes", "am"),
    ("GET", "/api/lists/{id}/passes/{pass}", "am"),
    ("DELETE", "/api/lists/{id}/passes/{pass}", "am"),
    ("GET", "/api/audit", "a"),
    ("GET", "/message", "ai"),
    ("POST", "/message", "ai"),
    ("POST", "/api/messages", "ai"),
    ("POST", "/api/messages/reports", "*"),
    ("GET", "/manage/{sealed}", "*"),
    ("POST", "/manage/{sealed}", "*"),
    ("GET", "/pictures/{sealed}", "*"),
    ("GET", "/desk", "ams"),
    ("POST", "/desk", "ams"),
    ("POST", "/desk/check-ins", "ams"),
    ("DELETE", "/desk/check-ins/{id}", "ams"),
    ("GET", "/desk/roll-call", "ams"),
    ("POST", "/desk/roll-call", "ams"),
    // Which lists and forms: see `desk/no_code.rs`.
    ("GET", "/desk/forms/{id}/{profile}", "ams"),
    ("POST", "/desk/forms/{id}/{profile}", "ams"),
    ("GET", "/desk/badge/{size}", "*"),
    ("GET", "/desk/pass", "*"),
    ("GET", "/desk/pass/{code}", "*"),
    ("POST", "/desk/pass/{code}", "*"),
    ("GET", "/sign-in", "*"),
    ("POST", "/sign-in", "*"),
    // It leads everybody to the door.
    ("GET", "/sign-in/code", ""),
    ("POST", "/sign-in/code", "*"),
    ("GET", "/sign-in/recover", "*"),
    ("POST", "/sign-in/recover", "*"),
    ("POST", "/sign-out", "aims"),
    ("GET", "/console", "aims"),
    ("GET", "/console/codes", "aim"),
    ("POST", "/console/codes", "aim"),
    ("GET", "/console/codes/{id}", "aim"),
    ("POST", "/console/codes/{id}", "ai"),
    ("GET", "/console/batch", "ai"),
    ("POST", "/console/batch", "ai"),
    ("GET", "/console/links", "aim"),
    ("POST", "/console/links", "ai"),
    ("GET", "/console/links/{id}", "aim"),
    ("POST", "/console/links/{id}", "ai"),
    ("GET", "/console/lists", "am"),
    ("POST", "/console/lists", "am"),
    ("GET", "/console/lists/{id}", "am"),
    ("POST", "/console/lists/{id}", "am"),
    ("GET", "/console/lists/{id}/presence", "am"),
    ("POST", "/console/lists/{id}/presence", "am"),
    ("GET", "/console/check-ins/{id}", "am"),
    ("POST", "/console/check-ins/{id}", "am"),
    ("GET", "/console/keys", "a"),
    ("POST", "/console/keys", "a"),
    ("GET", "/console/accounts", "a"),
    ("POST", "/console/accounts", "a"),
    ("GET", "/console/accounts/{id}", "a"),
    ("POST", "/console/accounts/{id}", "a"),
    ("GET", "/console/audit", "a"),
    ("GET", "/console/audit.ndjson", "a"),
    ("GET", "/console/settings", "a"),
    ("GET", "/console/me", "aims"),
    ("POST", "/console/me", "aims"),
    ("GET", "/console/second-factor", "aims"),
    ("POST", "/console/second-factor", "aims"),
    ("GET", "/api-docs/openapi.json", "*"),
    ("GET", "/swagger-ui", "*"),
    ("GET", "/swagger-ui/", "*"),
    ("GET", "/swagger-ui/{file}", "*"),
    ("GET", "/problems", "*"),
    ("GET", "/problems/", "*"),
    ("GET", "/problems/{code}", "*"),
    ("GET", "/assets/{file}", "*"),
    ("GET", "/favicon.svg", "*"),
    ("GET", "/favicon.ico", "*"),
    ("GET", "/robots.txt", "*"),
];

#[test]
fn every_role_reaches_what_it_may_and_nothing_else_on_every_route() {
    let app = TestApp::start();
    let people = [
        ('a', Role::Admin),
        ('i', Role::Issuer),
        ('m', Role::Manager),
        ('s', Role::Scanner),
    ]
    .map(|(letter, role)| (Some(letter), person(&app, role.as_str(), role).0));
    let nobody = [(None, String::new())];
    for row in ROUTES {
        let method = format!("{:?}", row.method).to_uppercase();
        let known = MAY
            .iter()
            .find(|(verb, path, _)| *verb == method && *path == row.path);
        let (_, _, may) =
            known.unwrap_or_else(|| panic!("{method} {} has no row in this table", row.path));
        let path = row
            .path
            .replace("{id}", "404142434445464748494a4b")
            .replace("{name}", "invoice")
            .replace("{digits}", "0123456789")
            .replace("{file}", "qrseal.css")
            .replace("{sealed}", "AAAA")
            .replace("{profile}", "sign-in")
            .replace("{code}", "validation")
            .replace("{size}", "86x54.css")
            .replace("{pass}", "1");
        for (letter, cookie) in people.iter().chain(&nobody) {
            let expected = *may == "*" || letter.is_some_and(|letter| may.contains(letter));
            // What is no form and no document is refused after the right was looked at, and changes nothing.
            let headers = [
                ("cookie", &**cookie),
                ("content-type", "text/x-nothing"),
                ("sec-fetch-site", "same-origin"),
            ];
            let answer = app.send(&method, &path, &headers, b"");
            let body = String::from_utf8_lossy(&answer.body);
            let to_sign_in = answer.header("location") == Some("/sign-in");
            let refused = to_sign_in
                || answer.status == 401
                || body.contains("Your role does not include this");
            assert_eq!(
                !refused, expected,
                "{method} {path} as {letter:?}: {} {body}",
                answer.status
            );
        }
    }
}

#[test]
fn over_plain_http_nobody_signs_in_at_another_host_than_this_machine() {
    let app = TestApp::start();
    let page = |host: &str| {
        let headers = [("host", host), ("accept", "text/html")];
        app.send("GET", "/sign-in", &headers, b"").text().to_owned()
    };
    assert!(page("localhost").contains("type=\"password\""));
    assert!(!page("10.0.0.5:8080").contains("type=\"password\""));
}
