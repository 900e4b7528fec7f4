//! Lists: what they ask, who works at them, what they tell and forget.

use std::sync::{Arc, Barrier};

use qrseal::store::Role;
use qrseal::token::Claims;
use serde_json::{Value, json};

use super::{TICKET, entry, list, of, scan, send, ticket};
use crate::accounts::person;
use crate::app::{TestApp, now};

#[test]
fn a_list_is_checked_as_a_whole_and_every_fault_has_its_pointer() {
    let app = TestApp::start();
    for (members, pointer) in [
        (json!({"accepts": []}), "/accepts"),
        (
            json!({"accepts": [{"profile": "no-such"}]}),
            "/accepts/0/profile",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "where": {"event": 1}}]}),
            "/accepts/0/where",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "where": {"/event": [1]}}]}),
            "/accepts/0/where",
        ),
        (
            json!({"accepts": [{"profile": "ticket", "when": {}}]}),
            "/accepts/0",
        ),
        (json!({"name": " Gala"}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"time_zone": "Europe/Nowhere"}), "/time_zone"),
        (json!({"time_zone": "../../etc/passwd"}), "/time_zone"),
        (json!({"opens_at": "tomorrow"}), "/opens_at"),
        (
            json!({"opens_at": "2026-11-27T18:00", "closes_at": "2026-11-27T18:00"}),
            "/closes_at",
        ),
        (json!({"entries": "twice"}), "/entries"),
        (json!({"exits": 1}), "/exits"),
        (json!({"exit_all_at": "24:00"}), "/exit_all_at"),
        (json!({"max_inside": 300}), "/max_inside"),
        (json!({"exits": "on", "max_inside": 0}), "/max_inside"),
        (json!({"people": "guests"}), "/people"),
        (json!({"retention_days": 0}), "/retention_days"),
        (json!({"gates": ["a", "a"]}), "/gates/1"),
        (json!({"gates": ["\u{7}"]}), "/gates/0"),
        (json!({"colour": "red"}), "/colour"),
    ] {
        let mut list = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
        for (name, value) in members.as_object().unwrap() {
            list[name] = value.clone();
        }
        let problem = app
            .post_json("/api/lists", list.to_string())
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{list}");
    }
    app.post_json("/api/lists", r#"{"name":"Gala"}"#)
        .problem(422, "validation");
    app.post_json("/api/lists", "{")
        .problem(400, "invalid_json");
}

#[test]
fn a_list_is_made_once_by_one_key_changed_with_its_revision_and_deleted() {
    let app = TestApp::start();
    let body = json!({
        "name": "Gala", "accepts": [{"profile": "ticket"}], "time_zone": "Europe/Berlin",
        "opens_at": "2026-11-27T18:00", "retention_days": 7,
    });
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "gala"),
    ];
    let make = |body: &Value| app.send("POST", "/api/lists", &headers, body.to_string().as_bytes());
    let made = make(&body);
    assert_eq!(
        made.json()["opens_at"],
        "2026-11-27T17:00:00Z",
        "{}",
        made.text()
    );
    let again = make(&body);
    assert_eq!(again.json()["id"], made.json()["id"]);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    make(&json!({"name": "Ball", "accepts": [{"profile": "ticket"}]}))
        .problem(409, "idempotency_conflict");

    let path = format!("/api/lists/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(app.get(&path).header("etag"), Some("\"1\""));
    let change = |tag: &str, body: &Value| {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        app.send("PATCH", &path, &headers, body.to_string().as_bytes())
    };
    let changed = change(
        "\"1\"",
        &json!({"entries": "once_a_day", "retention_days": null}),
    );
    assert_eq!(
        (changed.status, changed.header("etag")),
        (200, Some("\"2\""))
    );
    let changed = changed.json();
    assert_eq!(
        (&changed["entries"], &changed["retention_days"]),
        (&json!("once_a_day"), &json!(21))
    );
    assert_eq!(changed["time_zone"], "Europe/Berlin", "the rest stays");
    let conflict = change("\"1\"", &json!({"name": "Ball"})).problem(412, "revision_conflict");
    assert_eq!(conflict["revision"], 2);
    assert_eq!(app.get("/api/lists").json()["lists"][0]["name"], "Gala");
    let verbs = |app: &TestApp| {
        let rows = app.get("/api/audit?what=list").json();
        let rows = rows["rows"].as_array().unwrap().iter();
        let mut verbs: Vec<_> = rows
            .map(|row| row["verb"].as_str().unwrap().to_owned())
            .collect();
        verbs.sort();
        verbs
    };
    assert_eq!(app.send("DELETE", &path, &[], b"").status, 204);
    assert_eq!(verbs(&app), ["change", "create", "delete"]);
    app.get(&path).problem(404, "not_found");
    let id = path.rsplit('/').next().unwrap();
    scan(&app, &entry(id, &ticket(&app, "gala", 1))).problem(404, "not_found");
}

#[test]
fn keys_and_scanners_work_at_the_lists_that_they_were_given() {
    let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
    let (office, gate, other) = (
        app.api_key("lists,check"),
        app.api_key("check"),
        app.api_key("lists,check"),
    );
    let body = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    let made = send(&app, &office, "POST", "/api/lists", &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/lists/{list}");
    let token = ticket(&app, "gala", 1);
    let check = |key: &str| send(&app, key, "POST", "/api/check-ins", &entry(&list, &token));
    for key in [&gate, &other] {
        check(key).problem(403, "forbidden");
        send(&app, key, "GET", &path, &Value::Null).problem(403, "forbidden");
    }
    let staff = json!({"api_keys": [2]});
    send(&app, &other, "PUT", &format!("{path}/staff"), &staff).problem(403, "forbidden");
    send(&app, &gate, "PUT", &format!("{path}/staff"), &staff).problem(403, "forbidden");
    let given = send(&app, &office, "PUT", &format!("{path}/staff"), &staff);
    assert_eq!(given.json()["staff"], json!(["key:2"]), "{}", given.text());
    let told = check(&gate);
    assert_eq!(told.status, 201, "{}", told.text());
    assert_eq!(
        send(&app, &gate, "GET", "/api/lists", &Value::Null).json()["lists"][0]["id"],
        list
    );
    let of_others = send(&app, &other, "GET", "/api/lists", &Value::Null).json();
    assert_eq!(of_others["lists"], json!([]));
    // Staff see what they did themselves, and undo it; the list's maker sees and undoes all.
    let id = told.json()["id"].as_str().unwrap().to_owned();
    let row = format!("/api/check-ins/{id}");
    assert_eq!(send(&app, &gate, "GET", &row, &Value::Null).status, 200);
    assert_eq!(send(&app, &office, "GET", &row, &Value::Null).status, 200);
    send(&app, &other, "GET", &row, &Value::Null).problem(404, "not_found");
    send(&app, &other, "DELETE", &row, &Value::Null).problem(404, "not_found");
    send(
        &app,
        &gate,
        "GET",
        &format!("{path}/check-ins"),
        &Value::Null,
    )
    .problem(403, "forbidden");
    app.app.clock.step(16 * 60);
    send(&app, &gate, "DELETE", &row, &Value::Null).problem(403, "forbidden");
    assert_eq!(
        send(&app, &office, "DELETE", &row, &Value::Null).status,
        200
    );
}

#[test]
fn a_scanner_works_at_the_lists_that_were_given_and_a_manager_at_all() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let token = ticket(&app, "gala", 1);
    let (eva, account) = person(&app, "eva", Role::Scanner);
    let (max, _) = person(&app, "max", Role::Manager);
    let page = |cookie: &str| {
        let headers = [
            ("cookie", cookie),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        app.send(
            "POST",
            "/api/check-ins",
            &headers,
            entry(&list, &token).to_string().as_bytes(),
        )
    };
    page(&eva).problem(403, "forbidden");
    assert_eq!(page(&max).status, 201, "a manager works everywhere");
    let staff = json!({"accounts": [account.id.0]}).to_string();
    let headers = [
        ("cookie", max.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let given = app.send(
        "PUT",
        &format!("/api/lists/{list}/staff"),
        &headers,
        staff.as_bytes(),
    );
    assert_eq!(given.status, 200, "{}", given.text());
    page(&eva).problem(409, "already_redeemed");
}

#[test]
fn without_script_the_page_says_what_came_of_a_code_in_its_title_and_asks_for_the_pin() {
    let app = TestApp::start();
    let list = list(&app, &json!({}));
    let (max, _) = person(&app, "max", Role::Manager);
    let page = crate::accounts::get(&app, &max, &format!("/desk?list={list}"));
    assert!(
        page.text().contains("required autofocus"),
        "{}",
        page.text()
    );
    let send = |token: &str, pin: &str| {
        let asked = entry(&list, token);
        let id = asked["check_in_id"].as_str().unwrap();
        let fields = [
            ("list", &*list),
            ("token", token),
            ("check_in_id", id),
            ("pin", pin),
        ];
        crate::accounts::post(&app, &max, "/desk", &fields)
    };
    let plain = ticket(&app, "gala", 1);
    for (status, title) in [(200, "<title>Let in - "), (409, "<title>Already let in - ")] {
        let told = send(&plain, "");
        assert_eq!(told.status, status);
        assert!(told.text().contains(title), "{}", told.text());
        assert!(told.text().contains("role=\"alert\""));
        let undo = told.text().split("aria-describedby=\"").nth(1).unwrap();
        let scan = format!("id=\"{}\"", undo.split('"').next().unwrap());
        assert!(
            told.text().contains(&scan),
            "the button says what it undoes"
        );
    }
    let locked = app.sealed_with_pin(r#"{"name":"Ana Sousa"}"#, &of(TICKET), "493817", now());
    let asks = send(&locked, "");
    assert_eq!(asks.status, 403);
    let pin = asks.text().split("id=\"pin\"").nth(1).unwrap();
    let pin = pin.split('>').next().unwrap();
    assert!(pin.contains("autofocus"), "{pin}");
    assert_eq!(asks.text().matches("autofocus").count(), 1);
    assert!(send(&locked, "493817").text().contains("Ana Sousa"));
}

#[test]
fn the_table_of_check_ins_has_times_of_the_place_and_no_formula() {
    let app = TestApp::start();
    let name = "=HYPERLINK(\"http://evil\")";
    let list = list(
        &app,
        &json!({"name": name, "time_zone": "Asia/Kolkata", "gates": ["@door"]}),
    );
    let mut asked = entry(&list, &ticket(&app, "gala", 1));
    asked["gate"] = json!("@door");
    assert_eq!(scan(&app, &asked).status, 201);
    scan(&app, &entry(&list, "nonsense"));
    let path = format!("/api/lists/{list}/check-ins");
    let table = app.get_as(&path, "text/csv");
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let lines: Vec<_> = table.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines[1].contains("+05:30,\"'=HYPERLINK(\"\"http://evil\"\")\",\"'@door\",entry,let_in,1,"),
        "{lines:?}"
    );
    assert_eq!(
        app.get(&format!("{path}?format=csv&outcome=let_in"))
            .text()
            .lines()
            .count(),
        2
    );
    let page = app.get(&format!("{path}?limit=1")).json();
    assert_eq!(page["check_ins"][0]["outcome"], "token_not_recognised");
    let next = page["next_cursor"].as_str().unwrap();
    let page = app.get(&format!("{path}?limit=1&cursor={next}")).json();
    assert_eq!(
        (&page["check_ins"][0]["outcome"], &page["next_cursor"]),
        (&json!("let_in"), &Value::Null)
    );
    app.get(&format!("{path}?format=xml"))
        .problem(422, "validation");
}

#[test]
fn at_three_in_the_morning_everybody_is_out_and_after_its_days_a_check_in_is_forgotten() {
    let app = TestApp::start();
    let list = list(&app, &json!({"exits": "on", "retention_days": 2}));
    let claims = Claims {
        expires_in: Some((60 * 86_400).try_into().unwrap()),
        ..of(TICKET)
    };
    let token = app.sealed("{}", &claims, now());
    let path = format!("/api/lists/{list}");
    scan(&app, &entry(&list, &token));
    assert_eq!(app.get(&path).json()["inside"], 1);
    app.app.clock.step(86_400);
    // Though no job ran, the next scan is judged as if it had.
    assert_eq!(scan(&app, &entry(&list, &token)).status, 201);
    let rows = app.get(&format!("{path}/check-ins")).json();
    assert_eq!(
        (
            &rows["check_ins"][1]["automatic"],
            &rows["check_ins"][1]["kind"]
        ),
        (&json!(true), &json!("exit"))
    );
    let tidy = || app.wait(async |app| qrseal::desk::tidy(&*app.store, app.now()).await.unwrap());
    app.app.clock.step(86_400);
    tidy();
    assert_eq!(app.get(&path).json()["inside"], 0);
    app.app.clock.step(10 * 86_400);
    assert!(tidy().rows > 0);
    assert_eq!(
        app.get(&format!("{path}/check-ins")).json()["check_ins"],
        json!([])
    );
    assert_eq!(app.get(&path).json()["counts"]["entries"], 2);
}

#[test]
fn scanners_let_each_code_in_once() {
    let full = std::env::var("TORTURE").is_ok_and(|size| size == "full");
    let (scanners, codes) = if full { (64, 1_000) } else { (8, 50) };
    let app = TestApp::start();
    let list = Arc::new(list(&app, &json!({"exits": "on"})));
    let tickets: Vec<_> = (0..codes).map(|_| ticket(&app, "gala", 1)).collect();
    let barrier = Barrier::new(scanners);
    let let_in: usize = std::thread::scope(|scope| {
        let scanners: Vec<_> = (0..scanners)
            .map(|scanner| {
                let (app, list, tickets, barrier) = (&app, Arc::clone(&list), &tickets, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let turn = tickets.iter().cycle().skip(scanner * 6).take(tickets.len());
                    turn.filter(|code| match scan(app, &entry(&list, code)).status {
                        201 => true,
                        409 => false,
                        status => panic!("{status}"),
                    })
                    .count()
                })
            })
            .collect();
        scanners
            .into_iter()
            .map(|scanner| scanner.join().unwrap())
            .sum()
    });
    assert_eq!(let_in, codes);
    let counts = app.get(&format!("/api/lists/{list}")).json();
    assert_eq!(
        (&counts["inside"], &counts["counts"]["refusals"]),
        (&json!(codes), &json!(codes * (scanners - 1)))
    );
    println!("desk: {scanners} scanners, {codes} codes, each let in once");
}

#[test]
fn a_profile_under_which_anyone_may_issue_takes_a_word_and_issued_codes_are_shown_by_their_profile()
{
    let open = r#"
        number = 40
        issue = ["anyone"]
        title = { en = "Day visitor", de = "Tagesgast" }
        schema = { type = "object" }
        [page]
        rest = "hide"
        fields = [ { pointer = "/who", label = { en = "Name", de = "Name" }, emphasis = true } ]
    "#;
    let (app, _folder) = crate::profiles::with_profiles(&[("visitor", open)], &[]);
    let mut asked = json!({"name": "Door", "accepts": [{"profile": "visitor"}]});
    let refused = app
        .post_json("/api/lists", asked.to_string())
        .problem(422, "validation");
    assert_eq!(refused["errors"][0]["pointer"], "/accepts/0/profile");
    asked["accept_public"] = json!(true);
    let made = app.post_json("/api/lists", asked.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let list = made.json()["id"].as_str().unwrap().to_owned();
    let envelope = json!({"payload": {"who": "Ana Sousa", "secret": 1}, "profile": "visitor"});
    let issued = app.post_json("/api/tokens", envelope.to_string());
    assert_eq!(issued.status, 201, "{}", issued.text());
    let link = issued.json()["link"].as_str().unwrap().to_owned();
    let headers = [
        ("content-type", "application/json"),
        ("accept-language", "de"),
    ];
    let told = app.send(
        "POST",
        "/api/check-ins",
        &headers,
        entry(&list, &link).to_string().as_bytes(),
    );
    let fields = json!([{"label": "Name", "value": "Ana Sousa", "emphasis": true}]);
    let told = told.json();
    assert_eq!(
        (&told["display"]["title"], &told["display"]["fields"]),
        (&json!("Tagesgast"), &fields),
        "{told}"
    );
}
