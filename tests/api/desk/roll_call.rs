//! The roll call: who is inside, and who is let out without their code.

use qrseal::audit::{self, By, Verb, What};
use qrseal::clock::rfc3339;
use qrseal::principal::Principal;
use qrseal::store::{ChangeList, ListEdit, Role};
use qrseal::token::Claims;
use serde_json::{Value, json};

use super::{entry, of, send};
use crate::accounts::{cookie, get, person, post};
use crate::app::{Answer, TestApp, now};
use crate::store_failures::failing_app;

const SIGN_IN: u32 = 3;

/// A list that knows who is inside, and the key of whoever made it. Its hour is far.
fn list(app: &TestApp, key: &str, members: &Value) -> String {
    let far = format!("{:02}:00", (now().as_secs() / 3_600 + 12) % 24);
    let mut asked = json!({
        "name": "Friday", "accepts": [{"profile": "sign-in"}], "store": "visit", "exits": "on",
        "exit_all_at": far, "roll_call": "staff",
    });
    for (name, value) in members.as_object().unwrap() {
        asked[name] = value.clone();
    }
    let made = send(app, key, "POST", "/api/lists", &asked);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

/// Lets somebody in.
fn comes(app: &TestApp, key: &str, list: &str, name: &str) {
    let document = json!({"name": name, "phone": "+49 30 1234567"});
    let claims = Claims {
        expires_in: Some(86_400.try_into().unwrap()),
        ..of(SIGN_IN)
    };
    let token = app.sealed(&document.to_string(), &claims, now());
    let mut asked = entry(list, &token);
    asked["gate"] = json!("north");
    let told = send(app, key, "POST", "/api/check-ins", &asked);
    assert_eq!(told.status, 201, "{}", told.text());
}

/// What the form of a page sends that lets this person out.
fn form_of(page: &str, name: &str) -> (String, String) {
    let row = page.split("<li>").find(|row| row.contains(name)).unwrap();
    let value = |field: &str| {
        let at = row
            .split(&format!("name=\"{field}\" value=\""))
            .nth(1)
            .unwrap();
        at.split('"').next().unwrap().to_owned()
    };
    (value("out"), value("check_in_id"))
}

fn lets_out(app: &TestApp, cookie: &str, list: &str, (out, id): &(String, String)) -> Answer {
    let fields = [("list", list), ("out", out), ("check_in_id", id)];
    post(app, cookie, "/desk/roll-call", &fields)
}

fn first_button_says_whom(page: &str, name: &str) {
    let button = page
        .split("<button type=\"submit\" aria-describedby=\"")
        .nth(1);
    let described_by = button.unwrap().split('"').next().unwrap();
    let whom = format!("id=\"{described_by}\" dir=\"auto\">{name}");
    assert!(page.contains(&whom), "{whom} in {page}");
}

#[test]
fn whoever_works_at_a_list_sees_who_is_inside_finds_them_and_lets_them_out_once() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let list = list(&app, &key, &json!({}));
    for name in ["Zoë Ångström", "Ben <b>Ali</b>"] {
        comes(&app, &key, &list, name);
    }
    let (scanner, account) = person(&app, "Sam", Role::Scanner);
    let path = format!("/desk/roll-call?list={list}");
    assert_eq!(
        get(&app, &scanner, &path).status,
        403,
        "not staff of it yet"
    );
    let staff = json!({"accounts": [account.id.0]});
    send(
        &app,
        &key,
        "PUT",
        &format!("/api/lists/{list}/staff"),
        &staff,
    );
    let desk = get(&app, &scanner, &format!("/desk?list={list}"));
    assert!(desk.text().contains(&format!("href=\"{path}\"")));

    let page = get(&app, &scanner, &path);
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(
        text.contains("Inside: <strong>2</strong>") && text.contains("north"),
        "{text}"
    );
    assert!(!text.contains("<b>Ali"), "escaped");
    let places = ["Ben ", "Zoë"].map(|name| text.find(name).unwrap());
    assert!(places.is_sorted(), "in the order of names");
    assert_eq!(text.matches("type=\"checkbox\"").count(), 2);
    assert!(text.contains("Ticks are not saved"));
    first_button_says_whom(text, "Ben ");

    let search = |words: &str| {
        let asked = [("list", list.as_str()), ("find", words)];
        post(&app, &scanner, "/desk/roll-call", &asked)
    };
    let found = search(" åNGström ");
    assert!(found.text().contains("Zoë") && !found.text().contains("Ben "));
    let nobody = search("Xaver");
    assert!(nobody.text().contains("Nobody") && nobody.text().contains("<strong>2</strong>"));

    let zoe = form_of(found.text(), "Zoë");
    for _twice in 0..2 {
        let left = lets_out(&app, &scanner, &list, &zoe);
        assert!(
            left.text().contains("Let out") && !left.text().contains("Zoë"),
            "{}",
            left.text()
        );
    }
    let rows = send(
        &app,
        &key,
        "GET",
        &format!("/api/lists/{list}/check-ins"),
        &Value::Null,
    )
    .json();
    let last = &rows["check_ins"][0];
    assert_eq!(
        (&last["outcome"], &last["made_by"]),
        (
            &json!("let_out"),
            &json!(format!("account:{}", account.id.0))
        )
    );
    assert_eq!(
        rows["check_ins"].as_array().unwrap().len(),
        3,
        "the same form again is one exit"
    );
    // It is undone as any other.
    let undo = [
        ("list", list.as_str()),
        ("undo", last["id"].as_str().unwrap()),
    ];
    assert_eq!(post(&app, &scanner, "/desk", &undo).status, 200);
    assert!(get(&app, &scanner, &path).text().contains("Zoë"));

    let auditor = app.api_key("audit");
    let audit = send(
        &app,
        &auditor,
        "GET",
        "/api/audit?verb=roll_call",
        &Value::Null,
    )
    .json();
    let details: Vec<_> = audit["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["details"])
        .collect();
    assert!(details.contains(&&json!({"searched": true})), "{audit}");
    assert!(details.contains(&&json!({"let_out": zoe.0})), "{audit}");
    assert!(!audit.to_string().contains("ström"), "no name");
    assert!(!app.log().contains("ström"));
}

#[test]
fn a_phone_with_a_pass_calls_the_roll_of_its_list_and_of_no_other() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let friday = list(&app, &key, &json!({}));
    let other = list(&app, &key, &json!({"name": "Other"}));
    comes(&app, &key, &friday, "Ana Sousa");
    comes(&app, &key, &other, "Ben Ali");
    let until = rfc3339(app.app.now().plus_secs(3_600));
    let drawn = send(
        &app,
        &key,
        "POST",
        &format!("/api/lists/{friday}/passes"),
        &json!({"until": until}),
    );
    let link = drawn.json()["link"].as_str().unwrap().to_owned();
    let phone = cookie(&post(
        &app,
        "",
        &link[link.find("/desk/pass/").unwrap()..],
        &[],
    ));
    let page = get(&app, &phone, &format!("/desk/roll-call?list={friday}"));
    let ana = form_of(page.text(), "Ana Sousa");
    let elsewhere = get(&app, &phone, &format!("/desk/roll-call?list={other}"));
    assert_eq!(elsewhere.status, 403);
    assert!(!elsewhere.text().contains("Ben"));
    assert_eq!(lets_out(&app, &phone, &other, &ana).status, 403);
    assert!(
        lets_out(&app, &phone, &friday, &ana)
            .text()
            .contains("Let out")
    );
    // Whoever is not inside is not let out.
    let again = (ana.0, format!("again-{}", ana.1));
    let told = lets_out(&app, &phone, &friday, &again);
    assert!(
        told.status == 200 && !told.text().contains("role=\"status\""),
        "{}",
        told.text()
    );
}

#[test]
fn an_exit_of_the_roll_call_is_judged_by_the_list_as_it_is_and_its_form_is_for_one_exit() {
    let (app, store, _folder) = failing_app();
    let key = app.api_key("lists,check");
    let list = list(&app, &key, &json!({}));
    let (manager, _) = person(&app, "Mia", Role::Manager);
    let path = format!("/desk/roll-call?list={list}");
    for nth in 1.. {
        let name = format!("Guest {nth}.");
        comes(&app, &key, &list, &name);
        let form = form_of(get(&app, &manager, &path).text(), &name);
        let keyring = app.app.keyring.load_full();
        let by = By::fresh(Principal::Cli, &keyring).unwrap();
        let id = list.parse().unwrap();
        let audit = audit::record(by, Verb::Change, What::List(id), &json!({}), now());
        store.meanwhile(nth, move |store| {
            Box::pin(async move {
                let there = store.list(id).await?.unwrap();
                let edit = ListEdit::Described {
                    name: format!("Friday {nth}"),
                    settings: there.settings,
                };
                let change = ChangeList {
                    id,
                    if_revision: None,
                    edit,
                    audit,
                    now: now(),
                };
                store.change_list(change).await.map(drop)
            })
        });
        let left = lets_out(&app, &manager, &list, &form);
        let text = left.text();
        assert!(
            text.contains("role=\"status\"") && !text.contains(&name),
            "{nth}: {text}"
        );
        if store.calls() < nth {
            assert!(nth > 3, "it is looked at in several calls");
            break;
        }
    }
    // The form of one who left, for somebody else.
    for name in ["Ana Sousa", "Ben Ali"] {
        comes(&app, &key, &list, name);
    }
    let page = get(&app, &manager, &path);
    let (ana, ben) = (
        form_of(page.text(), "Ana Sousa"),
        form_of(page.text(), "Ben Ali"),
    );
    assert_eq!(lets_out(&app, &manager, &list, &ana).status, 200);
    let mixed = (ben.0, ana.1);
    let refused = lets_out(&app, &manager, &list, &mixed);
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(get(&app, &manager, &path).text().contains("Ben Ali"));
}

#[test]
fn a_list_without_a_roll_call_tells_nobody_who_is_inside() {
    let app = TestApp::start();
    let key = app.api_key("lists,check");
    let quiet = list(&app, &key, &json!({"roll_call": "off"}));
    comes(&app, &key, &quiet, "Ana Sousa");
    let (manager, _) = person(&app, "Mia", Role::Manager);
    let refused = get(&app, &manager, &format!("/desk/roll-call?list={quiet}"));
    assert_eq!(refused.status, 403);
    assert!(!refused.text().contains("Ana"));
    let desk = get(&app, &manager, &format!("/desk?list={quiet}"));
    assert!(!desk.text().contains("roll-call"));
    for path in [
        "/desk/roll-call",
        "/desk/roll-call?list=x",
        "/desk/roll-call?list=404142434445464748494a4b",
    ] {
        assert_eq!(get(&app, &manager, path).status, 404);
    }
    // Without exits nobody knows.
    let asked = json!({"name": "Gala", "accepts": [{"profile": "ticket"}], "roll_call": "staff"});
    let refused = send(&app, &key, "POST", "/api/lists", &asked);
    refused.problem(422, "validation");
    assert!(refused.text().contains("/roll_call"));
    // Where no documents are kept, codes stand there without names.
    let times = list(&app, &key, &json!({"store": "times"}));
    comes(&app, &key, &times, "Ana Sousa");
    let page = get(&app, &manager, &format!("/desk/roll-call?list={times}"));
    assert!(page.text().contains("Inside: <strong>1</strong>") && !page.text().contains("Ana"));
}
