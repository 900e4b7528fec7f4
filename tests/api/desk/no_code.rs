//! Whoever comes without a code: the form of a profile at the desk issues one and checks it in.

use qrseal::clock::rfc3339;
use qrseal::store::Role;
use serde_json::{Value, json};

use super::{entry, send};
use crate::accounts::{cookie, get, person, post};
use crate::app::{Answer, TestApp};
use crate::profiles::with_profiles;

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const SIGN_IN: &str = include_str!("../../../src/profiles/shipped/sign-in.toml");

/// The server of a venue whose form for visitors is open to anyone.
fn venue() -> (TestApp, tempfile::TempDir) {
    assert!(SIGN_IN.contains("open = \"local\""));
    let sign_in = SIGN_IN.replace("open = \"local\"", "open = \"open\"");
    with_profiles(&[("sign-in", &sign_in)], &[])
}

/// A list that the owner of an API key made.
fn list(app: &TestApp, key: &str, members: &Value) -> String {
    let mut asked =
        json!({"name": "Friday", "accepts": [{"profile": "sign-in"}], "accept_public": true});
    for (name, value) in members.as_object().unwrap() {
        asked[name] = value.clone();
    }
    let made = send(app, key, "POST", "/api/lists", &asked);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

fn staff(app: &TestApp, key: &str, list: &str, account: u64) {
    let path = format!("/api/lists/{list}/staff");
    let given = send(app, key, "PUT", &path, &json!({"accounts": [account]}));
    assert_eq!(given.status, 200, "{}", given.text());
}

/// The attempts at a list, the last first.
fn rows(app: &TestApp, key: &str, list: &str) -> Vec<Value> {
    let path = format!("/api/lists/{list}/check-ins");
    let rows = send(app, key, "GET", &path, &Value::Null).json();
    rows["check_ins"].as_array().unwrap().clone()
}

/// The value of a field of a page.
fn value(page: &Answer, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.text().split_once(&field).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Where the code is shown that a page tells.
fn place(page: &Answer) -> String {
    let mut links = page.text().split("href=\"").skip(1);
    let link = links.find_map(|rest| rest.split('"').next().filter(|link| link.contains("?made")));
    link.unwrap_or_else(|| panic!("no code in {}", page.text()))
        .to_owned()
}

/// What a visitor tells, in a form that was shown once.
fn visitor<'a>(name: &'a str, once: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("name", name),
        ("phone", "+49 30 1"),
        ("consent", "yes"),
        (".form", once),
        (".gate", "north"),
    ]
}

#[test]
fn a_form_at_the_desk_issues_a_code_and_checks_it_in_once_however_often_it_is_sent() {
    let (app, _folder) = venue();
    let key = app.api_key("lists,check");
    let friday = list(&app, &key, &json!({"gates": ["north"]}));
    let (sam, account) = person(&app, "sam", Role::Scanner);
    staff(&app, &key, &friday, account.id.0);
    let path = format!("/desk/forms/{friday}/sign-in");
    let desk = get(&app, &sam, &format!("/desk?list={friday}&gate=north"));
    assert!(desk.text().contains("No code"), "{}", desk.text());
    let link = format!("href=\"{path}?.gate=north\"");
    assert!(desk.text().contains(&link), "{}", desk.text());

    let form = get(&app, &sam, &format!("{path}?.gate=north"));
    assert_eq!(form.status, 200, "{}", form.text());
    assert!(form.text().contains(&format!("action=\"{path}\"")));
    assert!(
        form.text()
            .contains(&format!("/desk?list={friday}&#38;gate=north"))
    );
    assert_eq!(value(&form, ".gate"), "north");
    let once = value(&form, ".form");
    assert_ne!(value(&get(&app, &sam, &path), ".form"), once);

    let sent = |fields: &[(&str, &str)]| post(&app, &sam, &path, fields);
    let wrong = sent(&[("name", "Grace"), (".form", &once), (".gate", "north")]);
    assert_eq!(wrong.status, 422);
    assert_eq!(value(&wrong, ".form"), once);
    assert!(wrong.text().contains("value=\"Grace\"") && wrong.text().contains(&path));
    assert!(rows(&app, &key, &friday).is_empty());

    let told = sent(&visitor("Grace", &once));
    assert_eq!(told.status, 200, "{}", told.text());
    for words in [
        "Let in",
        "Grace",
        "data:image/png;base64,",
        "Show or print the code",
    ] {
        assert!(told.text().contains(words), "{words} in {}", told.text());
    }
    let code = place(&told);
    let made = app.get_as(&code, HTML);
    assert!(
        made.text().contains("Here is your code."),
        "{}",
        made.text()
    );
    let again = sent(&visitor("Grace", &once));
    assert_eq!((again.status, place(&again)), (200, code.clone()));
    let told = rows(&app, &key, &friday);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["outcome"], "let_in");
    assert_eq!(told[0]["gate"], "north");
    assert_eq!(told[0]["made_by"], format!("account:{}", account.id.0));
    let token = code.trim_start_matches('/').trim_end_matches("?made");
    send(&app, &key, "POST", "/api/check-ins", &entry(&friday, token))
        .problem(409, "already_redeemed");

    // Whoever goes back and writes something else makes another code.
    let other = sent(&visitor("Ada", &once));
    assert_eq!(other.status, 200);
    assert_ne!(place(&other), code);
    let names = app.log();
    assert!(!names.contains("Grace") && !names.contains("Ada"));
}

#[test]
fn a_phone_with_a_pass_fills_in_what_anyone_may_at_its_list_and_nothing_else() {
    let (app, _folder) = venue();
    let key = app.api_key("lists,check");
    let friday = list(&app, &key, &json!({"gates": ["north"]}));
    let other = list(&app, &key, &json!({"name": "Other"}));
    let until = json!({"until": rfc3339(app.app.now().plus_secs(3_600))});
    let drawn = send(
        &app,
        &key,
        "POST",
        &format!("/api/lists/{friday}/passes"),
        &until,
    )
    .json();
    let link = drawn["link"].as_str().unwrap();
    let phone = cookie(&post(
        &app,
        "",
        &link[link.find("/desk/pass/").unwrap()..],
        &[],
    ));

    let path = format!("/desk/forms/{friday}/sign-in");
    assert!(get(&app, &phone, "/desk").text().contains(&path));
    let form = get(&app, &phone, &path);
    assert_eq!(form.header("referrer-policy"), Some("same-origin"));
    let (once, token) = (value(&form, ".form"), value(&form, ".token"));
    let sent = |says: &[(&str, &str)], token: &str| {
        let headers = [
            ("cookie", &*phone),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let headers = [&headers, says].concat();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(visitor("Grace", &once))
            .append_pair(".token", token)
            .finish();
        app.send("POST", &path, &headers, body.as_bytes())
    };
    for elsewhere in ["cross-site", "same-site"] {
        let says = [("sec-fetch-site", elsewhere)];
        sent(&says, &token).problem(403, "cross_site");
    }
    // A browser that does not say where a form is from sends the token of the page.
    sent(&[("origin", "null")], &token).problem(403, "cross_site");
    sent(&[], "").problem(403, "cross_site");
    assert!(rows(&app, &key, &friday).is_empty());
    let first = sent(&[], &token);
    assert_eq!(first.status, 200, "{}", first.text());
    let told = post(&app, &phone, &path, &visitor("Grace", &once));
    assert_eq!(told.status, 200, "{}", told.text());
    assert!(told.text().contains("Let in"));
    let again = post(&app, &phone, &path, &visitor("Grace", &once));
    assert_eq!(place(&again), place(&told));
    let told = rows(&app, &key, &friday);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["made_by"], format!("pass:{}", drawn["pass"]["id"]));

    let elsewhere = format!("/desk/forms/{other}/sign-in");
    for path in [elsewhere, format!("/desk/forms/{friday}/message")] {
        assert_eq!(get(&app, &phone, &path).status, 403, "{path}");
        let sent = post(&app, &phone, &path, &visitor("Grace", &once));
        assert_eq!(sent.status, 403, "{path}");
    }
    assert_eq!(get(&app, "", &path).header("location"), Some("/sign-in"));
}

#[test]
fn forms_stand_at_the_desk_for_whom_they_are_with_what_the_list_asks_filled_in() {
    const DAY: &str = r#"
number = 40
issue = ["accounts"]
title = "Day guest"
[schema]
type = "object"
required = ["event", "name"]
properties = { event = { type = "string", maxLength = 40 }, name = { type = "string", maxLength = 40 }, consent = { type = "string", enum = ["no", "yes"] } }
[form]
open = "accounts"
"#;
    let (app, _folder) = with_profiles(&[("day", DAY)], &[]);
    let key = app.api_key("lists,check");
    let accepts = json!([{"profile": "day", "where": {"/event": "gala", "/consent": "yes"}}, {"profile": "ticket"}]);
    let gala = list(
        &app,
        &key,
        &json!({"accepts": accepts, "accept_public": false}),
    );
    let (sam, account) = person(&app, "sam", Role::Scanner);
    staff(&app, &key, &gala, account.id.0);
    let (mia, _) = person(&app, "mia", Role::Manager);
    let (ada, _) = person(&app, "ada", Role::Admin);
    let path = format!("/desk/forms/{gala}/day");
    let desk = format!("/desk?list={gala}");
    // As at the form's own address: their roles do not issue, and a ticket has no form.
    for cookie in [&sam, &mia] {
        assert_eq!(get(&app, cookie, "/f/day").status, 403);
        assert!(!get(&app, cookie, &desk).text().contains("/desk/forms/"));
        assert_eq!(get(&app, cookie, &path).status, 403);
        let fields = [
            ("event", "gala"),
            ("name", "Eve"),
            (".form", "aaaaaaaaaaaaaaaa"),
        ];
        assert_eq!(post(&app, cookie, &path, &fields).status, 403);
    }
    let shown = get(&app, &ada, &desk);
    assert!(shown.text().contains("Day guest") && shown.text().contains(&path));
    assert_eq!(shown.text().matches("/desk/forms/").count(), 1);
    let form = get(&app, &ada, &path);
    assert!(form.text().contains("value=\"gala\""), "{}", form.text());
    assert!(!form.text().contains(" selected"), "nobody agrees by that");
    let once = value(&form, ".form");
    let fields = |event| {
        let typed = [("event", event), ("name", "Eve"), ("consent", "yes")];
        [&typed[..], &[(".form", &*once)]].concat()
    };
    let told = post(&app, &ada, &path, &fields("gala"));
    assert_eq!(told.status, 200, "{}", told.text());
    // A code that the list does not take is no less a code, and the page says what came of it.
    let told = post(&app, &ada, &path, &fields("ball"));
    assert_eq!(told.status, 422);
    assert!(told.text().contains("Not for this list") && !place(&told).is_empty());
}
