//! The pages as a browser shows them: `tests/tools/browser.mjs` looks, on a phone's screen and a desktop's, light and dark,
//! with script and without. Screenshots are in `tests/output/`.

use qrseal::clock::rfc3339;
use serde_json::{Value, json};

use crate::fixture::{Server, new_folder};
use crate::independent::seal;
use crate::tools;

#[test]
fn a_token_page_fits_a_phone_whatever_the_document_is() {
    look("token-pages", &Server::start(), &json!({}));
}

#[test]
fn every_dead_end_says_in_plain_words_what_to_do_next() {
    let server = Server::start();
    let good = server.seal(r#"{"id":1}"#);
    let flipped = format!(
        "{}{}",
        &good[..good.len() - 1],
        if good.ends_with('0') { '1' } else { '0' }
    );
    // Two hours ago, for an hour; and one that was used.
    let expired = seal(
        &server,
        "{}",
        &["--minutes-ago", "120", "--expiry-minutes", "60"],
    );
    let used = seal(
        &server,
        "{}",
        &["--expiry-minutes", "60", "--max-opens", "1"],
    );
    let opened = server.post_json(&format!("/{used}"), r#"{"open_id":"sixteen-letters-"}"#);
    assert_eq!(opened.status, 200);
    let dead_end = |path: String, status: u16, words: &[&str]| -> Value {
        json!({ "path": path, "status": status, "words": words })
    };
    let mut dead_ends = json!({
        "not-recognised": dead_end(format!("/{flipped}"), 404, &[]),
        "one-digit": dead_end("/1".to_owned(), 404, &[]),
        "no-text": dead_end("/api/decrypt/qrcode-details".to_owned(), 404, &[]),
        "unknown-path": dead_end("/no/such/page".to_owned(), 404, &[]),
        "expired": dead_end(format!("/{expired}"), 410, &["expired"]),
        "used-up": dead_end(format!("/{used}"), 410, &["last opened on", "new one"]),
    });
    look("dead-ends", &server, &json!({ "dead_ends": dead_ends }));

    server.keys(&["add"]);
    server.keys(&["promote", "1"]);
    server.keys(&["disable", "0"]);
    server.signal("HUP");
    crate::fixture::eventually("the old key's token is refused", || {
        (server.get(&format!("/{good}"), None).status == 410).then_some(())
    });
    dead_ends = json!({ "key-retired": dead_end(format!("/{good}"), 410, &[]) });
    look("dead-ends", &server, &json!({ "dead_ends": dead_ends }));
}

#[test]
fn a_code_that_counts_or_has_a_pin_opens_with_one_button() {
    const DOCUMENT: &str = r#"{"ticket":"T-2026-0042","seat":"12C"}"#;
    let server = Server::start();
    let sealed = |options: &[&str]| {
        let options = [&["--expiry-minutes", "60"], options].concat();
        seal(&server, DOCUMENT, &options)
    };
    let held: Vec<Value> = ["phone", "dark", "no-script", "desktop"]
        .into_iter()
        .map(|mode| {
            let path = |options: &[&str]| format!("/{}", sealed(options));
            let query = sealed(&["--max-opens", "1"]);
            json!({
                "mode": mode,
                "once": path(&["--max-opens", "1"]),
                "query": format!("/api/decrypt/qrcode-details?ctext={query}&utm_source=mail"),
                "several": path(&["--max-opens", "3"]),
                "pin": {"path": path(&["--pin", "tea at five"]), "pin": "tea at five"},
                "locked": path(&["--max-opens", "2", "--pin", "493817"]),
                "shows": "T-2026-0042",
            })
        })
        .collect();
    look("held", &server, &json!({ "held": held }));
}

#[test]
fn the_start_page_seals_a_document_with_and_without_script() {
    look("home", &Server::start(), &json!({}));
}

#[test]
fn a_message_is_written_read_managed_and_reported_with_and_without_script() {
    let settings = [
        ("QRSEAL_PAGES__MESSAGE", "open"),
        ("QRSEAL_PAGE__ISSUER", "Tea & Co"),
    ];
    look("messages", &Server::start_with(&settings), &json!({}));
}

#[test]
fn documents_of_profiles_and_their_forms_are_for_people_of_every_language() {
    const LANGUAGES: [&str; 12] = [
        "en-GB", "ar", "ja-JP", "de-DE", "fr-FR", "es-ES", "it-IT", "pt-BR", "nl-NL", "pl-PL",
        "tr-TR", "zh-CN",
    ];
    let folder = new_folder();
    let profiles = folder.path().join("profiles");
    std::fs::create_dir(&profiles).expect("a folder can be made");
    for (name, text, style) in [
        (
            "sign-in.toml",
            include_str!("../../src/profiles/shipped/sign-in.toml"),
            "[style]\nlogo = \"logo.png\"\n",
        ),
        (
            "message.toml",
            include_str!("../../src/profiles/shipped/message.toml"),
            "",
        ),
    ] {
        let text = text.replace("open = \"local\"", "open = \"open\"");
        std::fs::write(profiles.join(name), format!("{text}\n{style}")).expect("it is written");
    }
    std::fs::write(profiles.join("logo.png"), red_square(64)).expect("it is written");
    let settings = [
        ("QRSEAL_PROFILES__FOLDER", tools::path_text(&profiles)),
        ("QRSEAL_LIMITS__ISSUES_PER_MINUTE", "1000000"),
        ("QRSEAL_LIMITS__OPENS_PER_MINUTE", "1000000"),
    ];
    let (documents, forms) = match std::env::var_os("TORTURE") {
        Some(size) if size == "full" => (&LANGUAGES[..], &LANGUAGES[..]),
        _ => (&LANGUAGES[..2], &LANGUAGES[..3]),
    };
    let job = json!({ "locales": documents, "form_locales": forms });
    look("profiles", &Server::start_in(folder, &settings), &job);
}

/// A logo: a red square, as a PNG.
fn red_square(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    let pixels = [190, 20, 40].repeat((side * side) as usize);
    writer.write_image_data(&pixels).expect("the pixels");
    writer.finish().expect("an end");
    bytes
}

#[test]
fn a_person_sets_a_password_and_finds_every_page_of_the_console() {
    let server = Server::start();
    let modes = ["phone", "dark", "desktop", "desktop-dark", "no-script"];
    // Whoever asks before there are accounts may issue.
    let visitors = modes.map(|_| {
        let visitor = r#"{"payload":{"name":"Ana Sousa","phone":"+49 30 1234567","email":"ana.sousa@a-rather-long-name.example.com"},
            "profile":"sign-in"}"#;
        let issued = server.post_json("/api/tokens", visitor);
        assert_eq!(issued.status, 201, "{}", issued.text());
        issued.json()["link"].clone()
    });
    // One for each look: a code is good once.
    let people: Vec<Value> = modes
        .into_iter()
        .zip(visitors)
        .map(|(name, visitor)| {
            let code = server.command("accounts", &["create", name, "--role", "admin"]);
            json!({"name": name, "code": code.trim_end(), "visitor": visitor})
        })
        .collect();
    look("console", &server, &json!({ "people": people }));
}

#[test]
fn a_newcomer_goes_from_a_recovery_code_to_a_colleague_on_a_phone_with_and_without_script() {
    let server = Server::start();
    let walks: Vec<Value> = ["phone", "no-script"]
        .into_iter()
        .map(|mode| {
            let name = format!("ana-{mode}");
            let code = server.command("accounts", &["create", &name, "--role", "admin"]);
            json!({"mode": mode, "name": name, "code": code.trim_end()})
        })
        .collect();
    look("first-day", &server, &json!({ "walks": walks }));
}

#[test]
fn at_the_desk_a_typed_code_is_let_in_once_with_and_without_script() {
    let server = Server::start();
    let list = server.command("lists", &["create", "Gala", "--accept", "ticket"]);
    let modes = ["phone", "dark", "desktop", "no-script"];
    // Whoever asks before there are accounts may issue.
    let tickets = modes.map(|_| {
        let ticket = r#"{"payload":{"event":"gala","name":"Ana Sousa"},"profile":"ticket"}"#;
        let issued = server.post_json("/api/tokens", ticket);
        assert_eq!(issued.status, 201, "{}", issued.text());
        issued.json()["link"].clone()
    });
    let people: Vec<Value> = modes
        .into_iter()
        .zip(tickets)
        .map(|(name, ticket)| {
            let code = server.command("accounts", &["create", name, "--role", "admin"]);
            json!({"name": name, "code": code.trim_end(), "ticket": ticket})
        })
        .collect();
    look(
        "desk",
        &server,
        &json!({ "people": people, "list": list.trim_end() }),
    );
}

/// A kind of document whose holders get a badge.
const VISIT: &str = r#"
number = 40
issue = ["keys", "accounts", "form"]
title = "Visit"

[schema]
type = "object"
additionalProperties = false

[schema.properties]
name = { type = "string" }
company = { type = "string" }

[badge]
width_mm = 86
height_mm = 54
fields = ["/name", "/company"]

[form]
open = "open"
"#;

#[test]
fn a_volunteers_phone_goes_from_a_pass_to_a_scan_a_badge_the_roll_call_and_a_code_of_its_own() {
    let folder = new_folder();
    let profiles = folder.path().join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    std::fs::write(profiles.join("visit.toml"), VISIT).unwrap();
    let profiles = profiles.to_str().unwrap().to_owned();
    let server = Server::start_in(folder, &[("QRSEAL_PROFILES__FOLDER", &profiles)]);
    let made = |path: &str, body: &Value| {
        let made = server.post_json(path, body.to_string());
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let list = made(
        "/api/lists",
        &json!({
            "name": "Friday", "accepts": [{"profile": "visit"}], "exits": "on", "store": "visit",
            "roll_call": "staff", "gates": ["north"], "accept_public": true,
        }),
    );
    let passes = format!("/api/lists/{}/passes", list["id"].as_str().unwrap());
    let until = rfc3339(qrseal::clock::now().plus_secs(3_600));
    let phones: Vec<Value> = ["phone", "dark", "no-script"]
        .into_iter()
        .map(|name| {
            let pass = made(&passes, &json!({"until": until, "note": name}));
            // Whoever comes in on one phone is inside when the next one calls the roll.
            let guest = format!("Ana of {name}");
            let document = json!({"name": guest, "company": "Example"});
            let code = made(
                "/api/tokens",
                &json!({"payload": document, "profile": "visit"}),
            );
            let link = pass["link"].as_str().unwrap();
            let path = &link[link.find("/desk/").unwrap()..];
            json!({"name": name, "path": path, "code": code["link"], "guest": guest})
        })
        .collect();
    look("desk-pass", &server, &json!({ "phones": phones }));
}

#[test]
fn swagger_ui_shows_the_description_and_tries_it_out() {
    look("swagger", &Server::start(), &json!({}));
}

fn look(area: &str, server: &Server, job: &Value) {
    let mut job = job.clone();
    job["base"] = server.url("").into();
    tools::browser(area, &job);
}
