//! What is typed into the fields of a form, and what a link may say there.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::profile_forms::HTML;
use crate::profiles::with_profiles;

/// A profile with a field of each kind that people type differently.
const ORDER: &str = r#"
number = 63
title = "Order"
[schema]
type = "object"
required = ["contact"]
[schema.properties]
amount = { type = "number" }
phone = { type = "string", maxLength = 20, pattern = "^[+0-9]+$" }
news = { type = "boolean" }
[schema.properties.contact]
type = "object"
properties = { mail = { type = "string", maxLength = 50 }, consent = { enum = ["yes", "no"] } }
[schema.properties.delivery]
type = "object"
required = ["street", "gift"]
properties = { street = { type = "string", maxLength = 50 }, gift = { type = "boolean" } }
[schema.properties.lines]
type = "array"
[schema.properties.lines.items]
type = "object"
required = ["text"]
properties = { text = { type = "string", maxLength = 20 }, urgent = { type = "boolean" } }
[[page.fields]]
pointer = "/phone"
format = "tel"
[form]
open = "open"
"#;

fn shop() -> (TestApp, tempfile::TempDir) {
    let order = ORDER.replace("title =", "issue = [\"form\"]\ntitle =");
    with_profiles(&[("order", &order)], &[])
}

/// The document of the code to which sending these fields leads.
fn made(app: &TestApp, fields: &[(&str, &str)]) -> Value {
    let sent = app.submit("/f/order", fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    app.get(place.trim_end_matches("?made")).json()
}

#[test]
fn a_number_is_taken_as_people_type_it_and_asked_for_again_where_it_could_be_another() {
    let (app, _folder) = shop();
    for (amount, phone, expected) in [
        ("12,5", "+49301", json!({"amount": 12.5, "phone": "+49301"})),
        (
            "\u{661}\u{662}\u{66b}\u{665}",
            "\u{660}\u{663}\u{660}",
            json!({"amount": 12.5, "phone": "030"}),
        ),
        (
            "\u{ff11}\u{ff12}",
            "\u{ff0b}\u{ff18}\u{ff11}",
            json!({"amount": 12, "phone": "+81"}),
        ),
    ] {
        let document = made(&app, &[("amount", amount), ("phone", phone)]);
        for name in ["amount", "phone"] {
            assert_eq!(document[name], expected[name], "{amount} {phone}");
        }
    }
    for amount in ["1,000", "12,345", "1.000"] {
        let wrong = app.submit("/f/order", &[("amount", amount)]);
        assert_eq!(wrong.status, 422, "{amount}");
        let value = format!("value=\"{amount}\"");
        for part in [&value, "without separators for thousands."] {
            assert!(wrong.text().contains(part), "{part} in {}", wrong.text());
        }
    }
}

#[test]
fn an_object_in_which_nothing_is_typed_is_left_out_unless_it_has_to_be_there() {
    let (app, _folder) = shop();
    assert_eq!(made(&app, &[]), json!({"news": false, "contact": {}}));
    let delivered = made(&app, &[("delivery.street", "Hauptstr. 1")]);
    assert_eq!(
        delivered["delivery"],
        json!({"street": "Hauptstr. 1", "gift": false})
    );
    let wrong = app.submit("/f/order", &[("delivery.gift", "yes")]);
    assert_eq!(wrong.status, 422, "a gift needs a street");
}

#[test]
fn a_link_fills_in_words_and_agrees_to_nothing() {
    let (app, _folder) = shop();
    let form = app.get_as(
        "/f/order?contact.mail=a%40b.example&news=yes&contact.consent=yes&delivery.gift=yes&lines.0.urgent=yes&lines.0.text=tea",
        HTML,
    );
    assert_eq!(form.status, 200);
    assert!(form.text().contains("value=\"a@b.example\""));
    assert!(form.text().contains("value=\"tea\""));
    for part in [" checked", " selected"] {
        assert!(!form.text().contains(part), "{part} in {}", form.text());
    }
}

#[test]
fn a_field_has_an_id_of_its_own_says_its_language_and_one_message_speaks_up() {
    const BADGE: &str = r#"
number = 64
title = { en = "Badge", de = "Ausweis" }
[schema]
type = "object"
required = ["f1 x", "level"]
[schema.properties]
"f1 x" = { type = "string", maxLength = 20 }
level = { enum = ["staff", "guest"] }
[[page.fields]]
pointer = "/level"
label = { en = "Level", de = "Stufe" }
values = { staff = { en = "Staff", de = "Personal" }, guest = "Guest" }
[form]
open = "local"
intro = "Who is it for?"
"#;
    let (app, _folder) = with_profiles(&[("badge", BADGE)], &[]);
    let wrong = app.submit("/f/badge?lang=de", &[]);
    assert_eq!(wrong.status, 422);
    for part in [
        "<h1 lang=\"de\" dir=\"auto\">Ausweis</h1>",
        "lang=\"en\" dir=\"auto\">Who is it for?",
        "<label for=\"f0\"><bdi lang=\"de\" dir=\"auto\">Stufe</bdi>",
        "<option value=\"staff\" lang=\"de\" dir=\"auto\">Personal",
        "<option value=\"guest\" lang=\"en\" dir=\"auto\">Guest",
        "<p class=\"error\" id=\"f0-wrong\">",
        "id=\"f1\" name=\"f1 x\"",
        "aria-describedby=\"f1-wrong\"",
    ] {
        assert!(wrong.text().contains(part), "{part} in {}", wrong.text());
    }
    assert_eq!(wrong.text().matches("role=\"alert\"").count(), 1);
}
