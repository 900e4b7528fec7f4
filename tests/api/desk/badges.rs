//! Badges: what a desk prints for somebody who was let in.

use std::collections::BTreeMap;

use qrseal::profiles::{Source, read};
use serde_json::{Value, json};

use super::{entry, exit, of, scan, ticket};
use crate::accounts::{get, person, post};
use crate::app::{TestApp, now};
use crate::profiles::with_profiles;

const VISIT: u32 = 40;

fn visit(badge: &str) -> String {
    format!(
        r#"
number = {VISIT}
title = "Visit"

[schema]
type = "object"
additionalProperties = false

[schema.properties]
name = {{ type = "string" }}
company = {{ type = "string" }}
level = {{ type = "string" }}

[page]
rest = "hide"

[[page.fields]]
pointer = "/level"
label = "Level"
values = {{ guest = "Guest" }}

[badge]
{badge}
"#
    )
}

const BADGE: &str = "width_mm = 86\nheight_mm = 54\nfields = [\"/name\", \"/company\", \"/level\"]";

#[test]
fn whoever_is_let_in_gets_a_badge_and_it_is_there_again_when_they_are_in_already() {
    let (app, _folder) = with_profiles(&[("visit", &visit(BADGE))], &[]);
    let list = |profile: &str| {
        let asked = json!({"name": "Friday", "accepts": [{"profile": profile}], "exits": "on"});
        let made = app.post_json("/api/lists", asked.to_string());
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    };
    let friday = list("visit");
    let document = json!({"name": "Ana <b>Sousa", "level": "guest"});
    let token = app.sealed(&document.to_string(), &of(VISIT), now());
    let asked = entry(&friday, &token);
    let told = scan(&app, &asked);
    assert_eq!(told.status, 201, "{}", told.text());
    let badge = json!({"width_mm": 86, "height_mm": 54, "lines": ["Ana <b>Sousa", "Guest"]});
    assert_eq!(told.json()["badge"], badge);
    let again = scan(&app, &entry(&friday, &token)).problem(409, "already_redeemed");
    assert_eq!(again["badge"], badge);
    assert_eq!(
        scan(&app, &exit(&friday, &token)).json()["badge"],
        Value::Null
    );
    let tickets = list("ticket");
    let told = scan(&app, &entry(&tickets, &ticket(&app, "gala", 1)));
    assert_eq!(told.json()["badge"], Value::Null);

    let (manager, _) = person(&app, "Mia", qrseal::store::Role::Manager);
    let fields = [
        ("list", &*friday),
        ("token", &*token),
        ("check_in_id", "aaaaaaaaaaaaaaaa"),
    ];
    let page = post(&app, &manager, "/desk", &fields);
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let sheet = "media=\"print\" href=\"/desk/badge/86x54.css\"";
    assert!(text.contains(sheet), "{text}");
    assert!(
        text.contains("<p dir=\"auto\">Guest</p>") && !text.contains("<b>Sousa"),
        "{text}"
    );
    let empty = get(&app, &manager, &format!("/desk?list={friday}"));
    assert!(!empty.text().contains("86x54"));
}

#[test]
fn a_badge_is_as_large_as_its_profile_says() {
    let app = TestApp::start();
    let sheet = app.get("/desk/badge/86x54.css");
    assert_eq!(sheet.status, 200);
    assert_eq!(
        sheet.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert!(
        sheet
            .text()
            .contains("@page { size: 86mm 54mm; margin: 0; }")
    );
    for size in [
        "86x54",
        "19x54.css",
        "86x301.css",
        "1e2x54.css",
        "86x54;.css",
    ] {
        assert_eq!(
            app.get(&format!("/desk/badge/{size}")).status,
            404,
            "{size}"
        );
    }
}

#[test]
fn a_badge_that_cannot_be_is_refused_with_its_line() {
    let read = |badge: &str| {
        let (text, styles) = (visit(badge), BTreeMap::new());
        let beside = |_: &str| Err("nothing is beside it".to_owned());
        read(Source {
            name: "visit",
            text: &text,
            styles: &styles,
            beside: &beside,
        })
    };
    assert_eq!(read(BADGE).unwrap().badge.unwrap().fields.len(), 3);
    for (badge, why) in [
        (
            "width_mm = 19\nheight_mm = 54\nfields = [\"/name\"]",
            "width_mm must be 20 to 300",
        ),
        (
            "width_mm = 86\nheight_mm = 301\nfields = [\"/name\"]",
            "height_mm must be 20 to 300",
        ),
        (
            "width_mm = 86\nheight_mm = 54\nfields = []",
            "1 to 8 fields",
        ),
        (
            "width_mm = 86\nheight_mm = 54\nfields = [\"/phone\"]",
            "nothing at /phone",
        ),
        (
            "width_mm = 86\nheight_mm = 54\nfields = [\"name\"]",
            "pointer",
        ),
        ("width_mm = 86\nfields = [\"/name\"]", "height_mm"),
        (
            "width_mm = 86\nheight_mm = 54\nfields = [\"/name\"]\nlogo = true",
            "logo",
        ),
    ] {
        let error = read(badge).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}
