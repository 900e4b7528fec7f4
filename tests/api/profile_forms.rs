//! Forms: what a person types becomes a code, and nothing else does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrseal::store::Role;
use serde_json::json;

use crate::app::{Answer, TestApp};
use crate::profiles::{with_files, with_profiles};

pub const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const SIGN_IN: &str = include_str!("../../src/profiles/shipped/sign-in.toml");
/// What a visitor types.
pub const VISITOR: [(&str, &str); 3] = [("name", "Grace"), ("phone", "112"), ("consent", "yes")];

/// A profile whose form has one field.
pub const WISH: &str = r#"number = 62
title = "Wish"
issue = ["form"]
[schema]
type = "object"
required = ["text"]
properties = { text = { type = "string", maxLength = 50 } }
[form]
open = "open"
"#;

/// The server of a venue that lets visitors sign in.
fn venue() -> (TestApp, tempfile::TempDir) {
    let sign_in = opened("open");
    with_profiles(&[("sign-in", &sign_in)], &[])
}

#[test]
fn a_visitor_fills_in_the_form_and_is_led_to_a_code_that_shows_itself_at_the_desk() {
    let (app, _folder) = venue();
    let _key = app.api_key("issue");
    let form = app.get_as(
        "/f/sign-in?host=Ana&name=%22%3E%3Cb%3E&consent=yes&lang=de",
        HTML,
    );
    assert_eq!(form.status, 200);
    for part in [
        "value=\"Ana\"",
        "value=\"&#34;&#62;&#60;b&#62;\"",
        "autocomplete=\"tel\"",
        "action=\"/f/sign-in?lang=de\"",
        "Anmeldung",
        // Whoever chooses another language keeps what was filled in.
        "href=\"?host=Ana&#38;name=%22%3E%3Cb%3E&#38;lang=ja\"",
    ] {
        assert!(form.text().contains(part), "{part} in {}", form.text());
    }
    assert!(!form.text().contains(" checked"), "nobody agrees by a link");
    let wrong = app.submit(
        "/f/sign-in",
        &[("name", "Grace"), ("phone", "twelve"), ("email", "nobody")],
    );
    assert_eq!(wrong.status, 422);
    for part in [
        "value=\"Grace\"",
        "value=\"twelve\"",
        "id=\"f4-wrong\"",
        "Tick this to go on.",
    ] {
        assert!(wrong.text().contains(part), "{part} in {}", wrong.text());
    }
    let fields = [
        ("name", "Canary Hopper"),
        ("phone", "+49 30 1"),
        ("email", "nobody"),
        ("consent", "yes"),
    ];
    let wrong = app.submit("/f/sign-in", &fields);
    assert!(wrong.text().contains("id=\"f2-wrong\"") && !wrong.text().contains("id=\"f1-wrong\""));
    let fields = [
        ("name", "Canary Hopper"),
        ("phone", "+49 30 1"),
        ("consent", "yes"),
        ("extra", "x"),
    ];
    let sent = app.submit("/f/sign-in", &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    assert!(
        place.starts_with('/') && place.ends_with("?made"),
        "{place}"
    );
    let made = app.get_as(&place, HTML);
    assert_eq!(made.status, 200);
    assert!(
        made.text().contains("Here is your code.")
            && made.text().contains("data:image/png;base64,")
    );
    assert!(!made.text().contains("Canary"));
    assert!(
        !app.log().contains("Ana"),
        "what a link fills in is not logged"
    );
}

#[test]
fn a_form_takes_neither_programs_nor_strangers_nor_floods() {
    let (app, _folder) = venue();
    let fields = [
        ("name", "Grace"),
        ("phone", "112"),
        ("consent", "yes"),
        (".empty", "https://spam.example"),
    ];
    assert_eq!(app.submit("/f/sign-in", &fields).status, 422);
    let many: Vec<_> = (0..10_000)
        .map(|number| (format!("f{number}"), "x".to_owned()))
        .collect();
    let many: Vec<_> = many
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(app.post_form("/f/sign-in", &many).status, 422);
    app.get("/f/none").problem(404, "not_found");
    app.get("/f/invoice").problem(404, "not_found");
    let _key = app.api_key("issue");
    assert_eq!(app.get("/f/sign-in").status, 200);
    app.get("/f/message").problem(401, "unauthorized");
    assert_eq!(app.post_form("/f/message", &[("text", "x")]).status, 401);
    let elsewhere = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "cross-site"),
    ];
    let sent = app.send(
        "POST",
        "/f/sign-in",
        &elsewhere,
        b"name=Grace&phone=112&consent=yes",
    );
    sent.problem(403, "cross_site");
}

#[test]
fn groups_of_a_form_are_repeated_without_script_and_nothing_typed_is_lost() {
    const ORDER: &str = r#"
number = 60
title = "Order"
[schema]
type = "object"
[schema.properties.lines]
type = "array"
maxItems = 3
[schema.properties.lines.items]
type = "object"
required = ["text"]
properties = { text = { type = "string", maxLength = 20 }, count = { type = "integer" } }
[form]
open = "local"
"#;
    let (app, _folder) = with_profiles(&[("order", ORDER)], &[]);
    let more = app.submit(
        "/f/order",
        &[
            ("lines.0.text", "Paper"),
            (".repeated", "1"),
            (".more", "yes"),
        ],
    );
    assert_eq!(more.status, 200);
    assert!(
        more.text().contains("value=\"Paper\"") && more.text().contains("name=\"lines.1.text\"")
    );
    let sent = app.submit(
        "/f/order",
        &[
            ("lines.0.text", "Paper"),
            ("lines.1.text", "Ink"),
            ("lines.1.count", "2"),
            (".repeated", "2"),
        ],
    );
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    let document = app.get(place.trim_end_matches("?made"));
    assert_eq!(
        document.json(),
        json!({"lines": [{"text": "Paper"}, {"text": "Ink", "count": 2}]})
    );
    assert!(
        app.get_as(&place, HTML)
            .text()
            .contains("Here is your code.")
    );
}

/// The shipped profile with a form that is open so.
pub fn opened(open: &str) -> String {
    assert!(SIGN_IN.contains("open = \"local\""));
    SIGN_IN.replace("open = \"local\"", &format!("open = \"{open}\""))
}

/// The picture in a page.
fn picture(page: &Answer) -> Vec<u8> {
    let (_, rest) = page.text().split_once("data:image/png;base64,").unwrap();
    let (picture, _) = rest.split_once('"').unwrap();
    STANDARD.decode(picture).unwrap()
}

/// How many pixels of a PNG have the red of the logo.
fn red_pixels(bytes: &[u8]) -> usize {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let step = frame.color_type.samples();
    let red = |pixel: &&[u8]| pixel.len() >= 3 && pixel[0] > 150 && pixel[1] < 60 && pixel[2] < 80;
    pixels.chunks_exact(step).filter(red).count()
}

#[test]
fn the_code_that_a_form_makes_has_the_logo_of_the_venue() {
    let sign_in = format!("{}\n[style]\nlogo = \"logo.png\"\n", opened("open"));
    let logo = crate::styles::disc(64);
    let files = [
        ("sign-in.toml".to_owned(), sign_in.as_bytes()),
        ("logo.png".to_owned(), &logo),
    ];
    let (app, _folder) = with_files(&files, &[]);
    let (plain, _plain_folder) = venue();
    for (app, has_logo) in [(&app, true), (&plain, false)] {
        let sent = app.submit("/f/sign-in", &VISITOR);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let place = sent.header("location").unwrap().to_owned();
        let drawn = picture(&app.get_as(&place, HTML));
        let read = qrseal::qr::read(&drawn).unwrap();
        let path = place.trim_end_matches("?made");
        assert!(read.ends_with(path), "{read} {path}");
        assert_eq!(red_pixels(&drawn) > 100, has_logo);
    }
}

#[test]
fn a_code_that_cannot_be_drawn_as_its_profile_says_is_shown_plain() {
    let sign_in = format!("{}\n[style]\nlogo = \"logo.png\"\n", opened("open"));
    let wish = WISH.replace("title =", "style = { logo = \"logo.png\" }\ntitle =");
    let logo = crate::styles::disc(64);
    let files = [
        ("sign-in.toml".to_owned(), sign_in.as_bytes()),
        ("wish.toml".to_owned(), wish.as_bytes()),
        ("logo.png".to_owned(), &logo),
    ];
    // No picture with a logo is small enough.
    let small = [
        ("LIMITS__MAX_ANONYMOUS_STYLED_PIXELS", "65536"),
        ("LIMITS__STYLED_PIXELS_PER_MINUTE", "65536"),
    ];
    let (app, _folder) = with_files(&files, &small);
    let _key = app.api_key("issue");
    for (path, fields) in [
        ("/f/sign-in", &VISITOR[..]),
        ("/f/wish", &[("text", "canary")][..]),
    ] {
        let sent = app.submit(path, fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let made = app.get_as(sent.header("location").unwrap(), HTML);
        assert_eq!(made.status, 200, "{}", made.text());
        for part in [
            "Here is your code.",
            "<svg",
            "data:image/svg+xml;base64,",
            "data-print",
        ] {
            assert!(made.text().contains(part), "{part} in {}", made.text());
        }
    }
}

#[test]
fn a_code_with_limited_opens_is_given_to_whoever_made_it_and_not_opened_by_that() {
    let once = WISH.replace(
        "title =",
        "policy = { expires_in = { default = \"1d\" }, max_opens = { default = 1 } }\ntitle =",
    );
    let (app, _folder) = with_profiles(&[("wish", &once)], &[]);
    let sent = app.submit("/f/wish", &[("text", "canary")]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").unwrap().to_owned();
    let path = place.trim_end_matches("?made");
    for _ in 0..2 {
        let made = app.get_as(&place, HTML);
        assert_eq!(made.status, 200);
        for part in [
            "Here is your code.",
            "download=\"qr-",
            "data-print",
            "1 of 1",
        ] {
            assert!(made.text().contains(part), "{part} in {}", made.text());
        }
        assert!(!made.text().contains("canary"));
        let read = qrseal::qr::read(&picture(&made)).unwrap();
        assert!(read.ends_with(path), "{read} {path}");
    }
    let scanned = app.get_as(path, HTML);
    assert!(!scanned.text().contains("Here is your code."));
    let opened = app.open(path.trim_start_matches('/'), None);
    assert!(opened.text().contains("canary"), "{}", opened.text());
}

#[test]
fn a_form_is_for_whom_it_is_open() {
    // Whoever asks: nobody known while there is no key, nobody known while there is one, somebody who has signed in.
    for (open, expected) in [
        ("off", [404, 404, 404]),
        ("local", [200, 401, 200]),
        ("accounts", [401, 401, 200]),
        ("open", [200, 200, 200]),
    ] {
        let (app, _folder) = with_profiles(&[("sign-in", &opened(open))], &[]);
        let mut found = vec![app.get_as("/f/sign-in", HTML).status];
        let (cookie, _) = crate::accounts::person(&app, "ana", Role::Issuer);
        found.push(app.get_as("/f/sign-in", HTML).status);
        found.push(crate::accounts::get(&app, &cookie, "/f/sign-in").status);
        assert_eq!(found, expected, "{open}");
        let sent = crate::accounts::post(&app, &cookie, "/f/sign-in", &VISITOR);
        let made = if open == "off" { 404 } else { 303 };
        assert_eq!(sent.status, made, "{open}: {}", sent.text());
    }
}

#[test]
fn where_a_form_is_sent_too_often_it_says_so_and_keeps_what_was_typed() {
    let (app, _folder) = with_profiles(
        &[("sign-in", &opened("open"))],
        &[("LIMITS__ISSUES_PER_MINUTE", "1")],
    );
    assert_eq!(app.submit("/f/sign-in", &VISITOR).status, 303);
    let refused = app.submit("/f/sign-in", &VISITOR);
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    for part in ["That is more than one place", "value=\"Grace\"", "checked"] {
        assert!(
            refused.text().contains(part),
            "{part} in {}",
            refused.text()
        );
    }
}

#[test]
fn members_may_be_called_as_the_forms_own_fields_seem_to_be() {
    const SHOP: &str = r#"
number = 61
title = "Shop"
[schema]
type = "object"
required = ["website"]
[schema.properties]
website = { type = "string", format = "uri", maxLength = 100 }
more = { type = "string", maxLength = 20 }
repeated = { type = "integer" }
lang = { type = "string", maxLength = 2 }
[form]
open = "local"
"#;
    let (app, _folder) = with_profiles(&[("shop", SHOP)], &[]);
    let fields = [
        ("website", "https://shop.example/"),
        ("more", "tea"),
        ("repeated", "3"),
        ("lang", "de"),
    ];
    let sent = app.submit("/f/shop", &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent
        .header("location")
        .unwrap()
        .trim_end_matches("?made")
        .to_owned();
    assert_eq!(
        app.get(&place).json(),
        json!({"website": "https://shop.example/", "more": "tea", "repeated": 3, "lang": "de"})
    );
    let wrong = app.submit("/f/shop", &[("website", "tea"), ("repeated", "1,5")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("id=\"f2-wrong\""), "{}", wrong.text());
}
