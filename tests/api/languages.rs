//! The languages that pages offer to whoever lands on them.

use qrseal::clock::rfc3339;
use qrseal::store::Role;
use serde_json::json;

use crate::accounts::{cookie, get, person, post};
use crate::app::{Answer, TestApp};

/// Says that a page is in German, keeps to it in these places, and can be asked for in Japanese.
fn in_german(page: &Answer, kept: &[&str], japanese: &str) {
    let text = page.text();
    assert!(text.contains("<html lang=\"de\""), "{text}");
    for place in kept {
        assert!(text.contains(place), "{place} in {text}");
    }
    let japanese = format!("<a href=\"{japanese}\" hreflang=\"ja\"");
    assert!(text.contains(&japanese), "{japanese} in {text}");
}

#[test]
fn dead_ends_and_messages_offer_their_languages_and_keep_the_chosen_one() {
    let app = TestApp::start();
    let page = |path: &str| app.get_as(path, "text/html");
    in_german(&page("/1?lang=de"), &[], "?lang=ja");
    in_german(
        &page("/no/such/page?a=1&lang=de&b"),
        &[],
        "?a=1&#38;b&#38;lang=ja",
    );
    let form = ["action=\"/message?lang=de\""];
    in_german(&page("/message?lang=de"), &form, "?lang=ja");
    let long = page(&format!("/no/such/page?{}", "a".repeat(2_049)));
    assert!(!long.text().contains("class=\"languages\""));

    let body = json!({"message": "hello"}).to_string();
    let made = app.post_json("/api/messages", body).json();
    let manage = made["manage_url"].as_str().unwrap();
    let manage = &manage[manage.find("/manage/").unwrap()..];
    in_german(&page(&format!("{manage}?lang=de")), &[], "?lang=ja");
}

#[test]
fn the_desk_offers_its_languages_and_keeps_the_chosen_one() {
    let app = TestApp::start();
    let (ada, _) = person(&app, "ada", Role::Admin);
    let headers = [
        ("cookie", ada.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    let send = |path: &str, body: serde_json::Value| {
        let made = app.send("POST", path, &headers, body.to_string().as_bytes());
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let asked = json!({
        "name": "Gala", "accepts": [{"profile": "sign-in"}], "accept_public": true, "gates": ["north"],
        "exits": "on", "roll_call": "staff",
    });
    let list = send("/api/lists", asked)["id"].as_str().unwrap().to_owned();

    let desk = get(&app, &ada, &format!("/desk?list={list}&lang=de"));
    let places = [
        "href=\"/desk?lang=de\"",
        "action=\"/desk?lang=de\"",
        &format!("href=\"/desk/roll-call?list={list}&#38;lang=de\""),
        &format!("href=\"/desk/forms/{list}/sign-in?lang=de\""),
        "name=\"lang\" value=\"de\"",
    ];
    let again = format!("?list={list}&#38;lang=ja");
    in_german(&desk, &places, &again);
    let form = get(
        &app,
        &ada,
        &format!("/desk/forms/{list}/sign-in?.gate=north&lang=de"),
    );
    let back = format!("href=\"/desk?list={list}&#38;gate=north&#38;lang=de\"");
    assert!(form.text().contains(&back), "{back} in {}", form.text());
    let called = get(&app, &ada, &format!("/desk/roll-call?list={list}&lang=de"));
    let places = [
        "action=\"/desk/roll-call?lang=de\"",
        &format!("href=\"/desk?list={list}&#38;lang=de\""),
    ];
    in_german(&called, &places, &again);

    let fields = [
        ("list", &*list),
        ("token", "1"),
        ("check_in_id", "aaaaaaaaaaaaaaaa"),
    ];
    let told = post(&app, &ada, "/desk?lang=de", &fields);
    assert!(
        told.text().contains("Keiner unserer Codes"),
        "{}",
        told.text()
    );
    assert!(
        !told.text().contains("class=\"languages\""),
        "what was sent is not asked for again"
    );

    let until = rfc3339(app.app.now().plus_secs(3_600));
    let drawn = send(
        &format!("/api/lists/{list}/passes"),
        json!({"until": until}),
    );
    let link = drawn["link"].as_str().unwrap();
    let path = &link[link.find("/desk/pass/").unwrap()..];
    let chosen = format!("{path}?lang=de");
    let action = format!("action=\"{chosen}\"");
    in_german(&get(&app, "", &chosen), &[&action], "?lang=ja");
    let signed_in = post(&app, "", &chosen, &[]);
    assert_eq!(signed_in.header("location"), Some("/desk?lang=de"));
    let phone = cookie(&signed_in);
    let left = post(&app, &phone, "/desk?lang=de", &[("leave", "yes")]);
    assert_eq!(left.header("location"), Some("/desk/pass?lang=de"));
}
