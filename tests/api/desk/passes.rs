//! Passes: a volunteer's phone at the desk, for one list until a time.

use qrseal::clock::rfc3339;
use qrseal::store::Role;
use serde_json::{Value, json};

use super::{entry, exit, send, ticket};
use crate::accounts::{cookie, get, person, post};
use crate::app::{Answer, TestApp};

/// A list that the owner of an API key made.
fn list(app: &TestApp, key: &str, members: &Value) -> String {
    let mut asked = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    for (name, value) in members.as_object().unwrap() {
        asked[name] = value.clone();
    }
    let made = send(app, key, "POST", "/api/lists", &asked);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

fn in_an_hour(app: &TestApp) -> String {
    rfc3339(app.app.now().plus_secs(3_600))
}

/// A pass that is good for an hour, and the path of its link.
fn drawn(app: &TestApp, key: &str, list: &str) -> (Value, String) {
    let body = json!({"until": in_an_hour(app), "note": "north door"});
    let drawn = send(
        app,
        key,
        "POST",
        &format!("/api/lists/{list}/passes"),
        &body,
    );
    assert_eq!(drawn.status, 201, "{}", drawn.text());
    let drawn = drawn.json();
    let link = drawn["link"].as_str().unwrap();
    let path = link[link.find("/desk/pass/").unwrap()..].to_owned();
    (drawn, path)
}

/// What a phone holds that was signed in with the pass of this path.
fn phone(app: &TestApp, path: &str) -> String {
    let signed_in = post(app, "", path, &[]);
    assert_eq!(signed_in.status, 303, "{}", signed_in.text());
    assert_eq!(signed_in.header("location"), Some("/desk"));
    cookie(&signed_in)
}

/// What the script of the page asks.
fn asks(app: &TestApp, cookie: &str, method: &str, path: &str, body: &Value) -> Answer {
    let headers = [
        ("cookie", cookie),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    match body {
        Value::Null => app.send(method, path, &headers, b""),
        body => app.send(method, path, &headers, body.to_string().as_bytes()),
    }
}

#[test]
fn a_pass_signs_one_phone_in_and_looking_at_its_link_uses_nothing_up() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let list = list(&app, &key, &json!({}));
    let (drawn, path) = drawn(&app, &key, &list);
    let picture = drawn["picture"].as_str().unwrap();
    assert!(
        picture.starts_with("data:image/svg+xml;base64,"),
        "{picture}"
    );
    let place = format!("/api/lists/{list}/passes/{}", drawn["pass"]["id"]);
    let state = || send(&app, &key, "GET", &place, &Value::Null).json();
    for _preview in 0..3 {
        let page = get(&app, "", &path);
        assert_eq!(page.status, 200);
        assert!(page.text().contains("Gala") && page.text().contains("Sign this phone in"));
    }
    assert_eq!(state()["state"], "unused");
    let headers = [("sec-fetch-site", "cross-site")];
    app.send("POST", &path, &headers, b"")
        .problem(403, "cross_site");
    assert_eq!(state()["state"], "unused");

    let signed_in = post(&app, "", &path, &[]);
    assert_eq!(signed_in.status, 303, "{}", signed_in.text());
    let set = signed_in.header("set-cookie").unwrap().to_owned();
    for part in ["qrseal-pass=", "Path=/desk;", "HttpOnly", "SameSite=Strict"] {
        assert!(set.contains(part), "{set}");
    }
    let used = state();
    assert_eq!(used["state"], "used");
    assert_eq!(used["note"], "north door");
    for second in [post(&app, "", &path, &[]), get(&app, "", &path)] {
        assert_eq!(second.status, 410);
        assert!(
            second.text().contains("This pass was already used"),
            "{}",
            second.text()
        );
        assert_eq!(second.header("set-cookie"), None);
    }
    // The phone that has it goes on.
    let again = get(&app, &cookie(&signed_in), &path);
    assert_eq!(again.header("location"), Some("/desk"));
    for unknown in ["/desk/pass/AAAAAAAAAAAAAAAAAAAAAA", "/desk/pass/x"] {
        assert_eq!(get(&app, "", unknown).status, 404);
        assert_eq!(post(&app, "", unknown, &[]).status, 404);
    }
}

/// What tells the form of a page from those of others.
fn form_id(page: &Answer) -> String {
    let value = page.text().split("name=\"form_id\" value=\"").nth(1);
    value.unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_phone_that_lost_the_answer_is_signed_in_again_by_the_same_form_for_two_minutes_and_no_other() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let gala = list(&app, &key, &json!({}));
    let (pass, path) = drawn(&app, &key, &gala);
    let place = format!("/api/lists/{gala}/passes/{}", pass["pass"]["id"]);
    let [first, other] = [(); 2].map(|()| form_id(&get(&app, "", &path)));
    assert_ne!(first, other);
    let sent = |path: &str, form: &str| post(&app, "", path, &[("form_id", form)]);
    let held = cookie(&sent(&path, &first));
    let used = send(&app, &key, "GET", &place, &Value::Null).json();
    app.app.clock.step(60);
    let again = sent(&path, &first);
    assert_eq!(again.header("location"), Some("/desk"), "{}", again.text());
    assert_eq!(cookie(&again), held);
    assert_eq!(get(&app, &held, "/desk").status, 200);
    assert_eq!(
        send(&app, &key, "GET", &place, &Value::Null).json(),
        used,
        "it is used once"
    );
    for form in [other.as_str(), "", "no form of ours"] {
        let refused = sent(&path, form);
        assert_eq!(refused.status, 410, "{form}");
        assert_eq!(refused.header("set-cookie"), None, "{form}");
    }
    // The same form with another pass is another phone.
    let (_, second) = drawn(&app, &key, &gala);
    assert_ne!(cookie(&sent(&second, &first)), held);
    app.app.clock.step(60);
    assert_eq!(sent(&path, &first).status, 410);
    // One that was revoked signs nobody in again.
    let (pass, path) = drawn(&app, &key, &gala);
    sent(&path, &first);
    let place = format!("/api/lists/{gala}/passes/{}", pass["pass"]["id"]);
    send(&app, &key, "DELETE", &place, &Value::Null);
    assert_eq!(sent(&path, &first).status, 410);
}

#[test]
fn a_phone_with_a_pass_checks_in_and_undoes_its_own_at_its_list_and_nothing_else() {
    let app = TestApp::start();
    let key = app.api_key("lists,check,visits");
    let gala = list(&app, &key, &json!({"exits": "on"}));
    let other = list(&app, &key, &json!({"name": "Other"}));
    let (pass, path) = drawn(&app, &key, &gala);
    let phone = phone(&app, &path);
    let principal = format!("pass:{}", pass["pass"]["id"]);
    let page = get(&app, &phone, "/desk");
    assert_eq!(page.status, 200);
    for words in [
        "Gala",
        &principal,
        "north door",
        "data-api=\"/desk/check-ins\"",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
    assert!(!page.text().contains("Other"), "no other list");

    let asked = entry(&gala, &ticket(&app, "gala", 1));
    let told = asks(&app, &phone, "POST", "/desk/check-ins", &asked);
    assert_eq!(told.status, 201, "{}", told.text());
    let rows = send(
        &app,
        &key,
        "GET",
        &format!("/api/lists/{gala}/check-ins"),
        &Value::Null,
    );
    assert_eq!(rows.json()["check_ins"][0]["made_by"], principal.as_str());
    let undo = format!("/desk/check-ins/{}", asked["check_in_id"].as_str().unwrap());
    let undone = asks(&app, &phone, "DELETE", &undo, &Value::Null).json();
    assert_eq!(undone["undone_by"], principal.as_str());

    // Somebody else's.
    let theirs = entry(&gala, &ticket(&app, "gala", 1));
    let made = send(&app, &key, "POST", "/api/check-ins", &theirs).json();
    let undo = format!("/desk/check-ins/{}", made["id"].as_str().unwrap());
    asks(&app, &phone, "DELETE", &undo, &Value::Null).problem(403, "forbidden");
    let elsewhere = entry(&other, &ticket(&app, "gala", 1));
    asks(&app, &phone, "POST", "/desk/check-ins", &elsewhere).problem(403, "forbidden");
    // A page of another site, and one that does not say that it is ours.
    for headers in [
        vec![("cookie", phone.as_str()), ("sec-fetch-site", "cross-site")],
        vec![("cookie", phone.as_str())],
    ] {
        let headers = [&headers[..], &[("content-type", "application/json")]].concat();
        let body = exit(&gala, &ticket(&app, "gala", 1)).to_string();
        app.send("POST", "/desk/check-ins", &headers, body.as_bytes())
            .problem(403, "cross_site");
    }
    // A browser sends it to the desk alone, and nothing else would take it.
    let presence =
        json!({"from": "2026-11-27T12:00:00Z", "until": "2026-11-27T13:00:00Z", "reason": "why"});
    let more = json!({"until": in_an_hour(&app)});
    for (method, path, body) in [
        ("POST", "/api/check-ins".to_owned(), asked),
        ("GET", "/api/lists".to_owned(), Value::Null),
        ("GET", format!("/api/lists/{gala}"), Value::Null),
        (
            "GET",
            format!("/api/lists/{gala}/check-ins?format=csv"),
            Value::Null,
        ),
        ("POST", format!("/api/lists/{gala}/presence"), presence),
        ("POST", format!("/api/lists/{gala}/passes"), more),
        ("DELETE", format!("/api/lists/{gala}"), Value::Null),
    ] {
        asks(&app, &phone, method, &path, &body).problem(401, "unauthorized");
    }
    let console = get(&app, &phone, "/console");
    assert_eq!(console.header("location"), Some("/sign-in"));
}

#[test]
fn without_script_a_phone_with_a_pass_scans_at_its_list_only() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let gala = list(&app, &key, &json!({}));
    let other = list(&app, &key, &json!({"name": "Other"}));
    let phone = phone(&app, &drawn(&app, &key, &gala).1);
    let token = ticket(&app, "gala", 1);
    let scan = |list: &str, id: &str| {
        let fields = [("token", &*token), ("list", list), ("check_in_id", id)];
        post(&app, &phone, "/desk", &fields)
    };
    let told = scan(&other, "aaaaaaaaaaaaaaaa");
    assert_eq!(told.status, 403);
    assert!(told.text().contains("You do not work at this list"));
    let told = scan(&gala, "bbbbbbbbbbbbbbbb");
    assert_eq!(told.status, 200);
    assert!(told.text().contains("Ana Sousa"), "{}", told.text());
    assert_eq!(scan(&gala, "cccccccccccccccc").status, 409);
}

#[test]
fn the_second_scan_names_whoever_let_in_and_of_a_pass_its_number_alone() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let gala = list(&app, &key, &json!({}));
    let (pass, path) = drawn(&app, &key, &gala);
    let phone = phone(&app, &path);
    let (max, account) = person(&app, "max", Role::Manager);
    let tickets = [1, 1, 1].map(|guests| ticket(&app, "gala", guests));
    let firsts = [
        send(
            &app,
            &key,
            "POST",
            "/api/check-ins",
            &entry(&gala, &tickets[0]),
        ),
        asks(
            &app,
            &max,
            "POST",
            "/api/check-ins",
            &entry(&gala, &tickets[1]),
        ),
        asks(
            &app,
            &phone,
            "POST",
            "/desk/check-ins",
            &entry(&gala, &tickets[2]),
        ),
    ];
    assert_eq!(firsts.map(|first| first.status), [201, 201, 201]);

    let number = &pass["pass"]["id"];
    let second = |token: &str| {
        let told = asks(&app, &max, "POST", "/api/check-ins", &entry(&gala, token));
        told.problem(409, "already_redeemed")
    };
    let by_key = second(&tickets[0])["made_by_name"].clone();
    assert!(by_key.as_str().unwrap().starts_with("key "), "{by_key}");
    let by_max = second(&tickets[1]);
    assert_eq!(
        (&by_max["made_by"], &by_max["made_by_name"]),
        (&json!(format!("account:{}", account.id.0)), &json!("max"))
    );
    let by_pass = second(&tickets[2]);
    assert_eq!(by_pass["made_by"], format!("pass:{number}"));
    assert_eq!(by_pass.get("made_by_name"), None);
    let words = [
        format!("Let in by: <bdi>{}</bdi>", by_key.as_str().unwrap()),
        "Let in by: <bdi>max</bdi>".to_owned(),
        format!("Let in by: Pass {number}<"),
    ];
    for (token, words) in tickets.iter().zip(&words) {
        for cookie in [&max, &phone] {
            let asked = entry(&gala, token);
            let id = asked["check_in_id"].as_str().unwrap();
            let fields = [("token", &**token), ("list", &*gala), ("check_in_id", id)];
            let told = post(&app, cookie, "/desk", &fields);
            assert_eq!(told.status, 409);
            assert!(told.text().contains(words), "{words}: {}", told.text());
            let noted = told.text().contains("north door");
            assert_eq!(noted, cookie == &phone, "only its own page has its note");
        }
    }
}

#[test]
fn what_a_phone_holds_ends_with_the_pass_at_its_time_and_with_its_list() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let ends = |how: &dyn Fn(&str, &Value)| {
        let list = list(&app, &key, &json!({}));
        let (pass, path) = drawn(&app, &key, &list);
        let (_, unused) = drawn(&app, &key, &list);
        let phone = phone(&app, &path);
        assert_eq!(get(&app, &phone, "/desk").status, 200);
        how(&list, &pass);
        assert_eq!(
            get(&app, &phone, "/desk").header("location"),
            Some("/desk/pass")
        );
        let over = get(&app, &phone, "/desk/pass");
        assert!(over.text().contains("The pass of this phone has ended"));
        assert!(over.header("set-cookie").unwrap().contains("Max-Age=0"));
        let asked = entry(&list, &ticket(&app, "gala", 1));
        asks(&app, &phone, "POST", "/desk/check-ins", &asked).problem(401, "unauthorized");
        (path, unused)
    };
    let (path, unused) = ends(&|list, pass| {
        let place = format!("/api/lists/{list}/passes/{}", pass["pass"]["id"]);
        for _twice in 0..2 {
            let revoked = send(&app, &key, "DELETE", &place, &Value::Null).json();
            assert_eq!(revoked["state"], "revoked");
        }
    });
    assert!(get(&app, "", &path).text().contains("no longer valid"));
    assert_eq!(
        get(&app, "", &unused).status,
        200,
        "another pass is as it was"
    );
    let (path, unused) = ends(&|list, _| {
        let gone = send(
            &app,
            &key,
            "DELETE",
            &format!("/api/lists/{list}"),
            &Value::Null,
        );
        assert_eq!(gone.status, 204);
    });
    assert_eq!(
        (get(&app, "", &path).status, get(&app, "", &unused).status),
        (404, 404)
    );
    let (path, unused) = ends(&|_, _| app.app.clock.step(3_600));
    for path in [path, unused] {
        assert_eq!(post(&app, "", &path, &[]).status, 410);
        assert!(get(&app, "", &path).text().contains("no longer valid"));
    }
}

#[test]
fn the_audit_log_says_who_drew_used_and_gave_back_a_pass() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let list = list(&app, &key, &json!({}));
    let (pass, path) = drawn(&app, &key, &list);
    let phone = phone(&app, &path);
    let left = post(&app, &phone, "/desk", &[("leave", "yes")]);
    assert_eq!(left.header("location"), Some("/desk/pass"));
    assert_eq!(
        get(&app, &phone, "/desk").header("location"),
        Some("/desk/pass")
    );
    let id = pass["pass"]["id"].to_string();
    let auditor = app.api_key("audit");
    let rows = send(&app, &auditor, "GET", "/api/audit?what=pass", &Value::Null).json();
    let rows: Vec<_> = rows["rows"].as_array().unwrap().iter().collect();
    let said = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("principal"), text("verb"), text("what_id"))
    };
    let mut said: Vec<_> = rows.iter().map(|row| said(row)).collect();
    said.sort();
    let by = format!("pass:{id}");
    let expected = [
        ("key:1".to_owned(), "create".to_owned(), id.clone()),
        (by.clone(), "revoke".to_owned(), id.clone()),
        (by, "sign_in".to_owned(), id),
    ];
    assert_eq!(said, expected);
    let details = rows.iter().find(|row| row["verb"] == "sign_in").unwrap();
    assert_eq!(details["details"], json!({"list": list}), "and no browser");
    assert!(!app.log().contains(&path), "the log has no code of a pass");
}

#[test]
fn passes_are_drawn_listed_and_revoked_by_whoever_manages_their_list() {
    let app = TestApp::start();
    let owner = app.api_key("lists");
    let stranger = app.api_key("lists");
    let checks = app.api_key("check");
    let list = list(&app, &owner, &json!({"time_zone": "Europe/Berlin"}));
    let path = format!("/api/lists/{list}/passes");
    let (manager, _) = person(&app, "Mia", Role::Manager);
    let body = json!({"until": in_an_hour(&app)});
    for key in [&stranger, &checks] {
        send(&app, key, "POST", &path, &body).problem(403, "forbidden");
        send(&app, key, "GET", &path, &Value::Null).problem(403, "forbidden");
    }
    let numbers: Vec<_> = (0..3)
        .map(|_| drawn(&app, &owner, &list).0["pass"]["id"].clone())
        .collect();
    assert_eq!(asks(&app, &manager, "POST", &path, &body).status, 201);
    let page = send(
        &app,
        &owner,
        "GET",
        &format!("{path}?limit=3"),
        &Value::Null,
    )
    .json();
    let rest = format!("{path}?cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = send(&app, &owner, "GET", &rest, &Value::Null).json();
    assert_eq!(page["passes"][1]["id"], numbers[2]);
    assert_eq!(
        rest["passes"],
        json!([send(
            &app,
            &owner,
            "GET",
            &format!("{path}/{}", numbers[0]),
            &Value::Null
        )
        .json()])
    );
    assert!(
        !page.to_string().contains("/desk/pass/"),
        "no link is told again"
    );
    let first = format!("{path}/{}", numbers[0]);
    send(&app, &stranger, "DELETE", &first, &Value::Null).problem(403, "forbidden");
    for unknown in [format!("{path}/999"), format!("{path}/x")] {
        send(&app, &owner, "DELETE", &unknown, &Value::Null).problem(404, "not_found");
    }
    let far = rfc3339(app.app.now().plus_secs(32 * 86_400));
    let long = "n".repeat(81);
    for (body, pointer) in [
        (json!({}), "/until"),
        (json!({"until": "2020-01-01T00:00:00Z"}), "/until"),
        (json!({"until": "2020-01-01T00:00"}), "/until"),
        (json!({"until": far}), "/until"),
        (json!({"until": "midnight"}), "/until"),
        (json!({"until": in_an_hour(&app), "note": long}), "/note"),
        (json!({"until": in_an_hour(&app), "gate": "north"}), "/gate"),
    ] {
        let refused = send(&app, &owner, "POST", &path, &body);
        assert_eq!(refused.status, 422, "{body}");
        assert!(refused.text().contains(pointer), "{}", refused.text());
    }
}
