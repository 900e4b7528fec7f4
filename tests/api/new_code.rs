//! The form of a new code at `/`: its profile, and a PIN of one's own.

use qrseal::store::Role;

use crate::accounts::{get, person};
use crate::app::{Answer, TestApp};

/// The text that follows `before` in a page, up to the next tag.
fn text_after(page: &Answer, before: &str) -> String {
    let (_, after) = page.text().split_once(before).expect("it is in the page");
    after.split('<').next().unwrap_or_default().to_owned()
}

#[test]
fn the_start_page_takes_a_pin_of_ones_own_and_no_page_has_it_again() {
    let app = TestApp::start();
    let pin = "tea at &half past six";
    let form = [("payload", "{\"total\": }"), ("pin", pin)];
    let wrong = app.post_form("/", &form);
    assert_eq!(wrong.status, 400);
    assert!(!wrong.text().contains("half past six"), "{}", wrong.text());
    // The document was mended and the PIN forgotten: that makes no code without one.
    let form = [("payload", "1"), ("pin", ""), ("pin_again", "1")];
    let forgotten = app.post_form("/", &form);
    assert_eq!(forgotten.status, 422);
    for part in [
        "id=\"pin-error\"",
        "Type the PIN again",
        "name=\"pin_again\"",
    ] {
        assert!(forgotten.text().contains(part), "{}", forgotten.text());
    }
    let form = [("payload", "[7]"), ("pin", pin), ("pin_again", "1")];
    let sealed = app.post_form("/", &form);
    assert_eq!(sealed.status, 201, "{}", sealed.text());
    for part in ["half past six", "id=\"pin-made\""] {
        assert!(!sealed.text().contains(part), "{}", sealed.text());
    }
    for part in [
        "$QRSEAL_PIN",
        ">Make another like it</a>",
        "\n[7]</textarea>",
    ] {
        assert!(sealed.text().contains(part), "{part} in {}", sealed.text());
    }
    let link = text_after(&sealed, "<code id=\"link\">");
    let digits = link.rsplit('/').next().unwrap_or_default();
    assert_eq!(app.open(digits, Some("493817")).status, 403);
    assert_eq!(app.open(digits, Some(pin)).text(), "[7]");
}

#[test]
fn a_pin_of_ones_own_is_held_to_what_every_pin_is() {
    let app = TestApp::start();
    for (others, words) in [
        (&[("pin", "123456")][..], ""),
        (&[("pin", "abc")], "4 to 64"),
        (
            &[("pin", "tea at six"), ("pin_auto", "1")],
            "Either a PIN is made, or you choose one",
        ),
    ] {
        let form = [&[("payload", "1")], others].concat();
        let page = app.post_form("/", &form);
        assert_eq!(page.status, 422, "{others:?}");
        assert!(page.text().contains("id=\"pin-error\""), "{}", page.text());
        assert!(page.text().contains(words), "{words} in {}", page.text());
        assert!(!page.text().contains("tea at six"), "{}", page.text());
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_what_was_typed_is_still_there() {
    let app = TestApp::start();
    let form = [
        ("payload", "{\"kept\":1}"),
        ("profile", "invoice"),
        ("max_opens", "0"),
        ("pin", "abc"),
        ("caption", "Far too long to stand below a QR code"),
        ("dark", "#fefefe"),
    ];
    let page = app.post_form("/", &form);
    assert_eq!(page.status, 422);
    for part in [
        "id=\"max_opens-error\"",
        "name=\"max_opens\" min=\"1\" max=\"65535\" inputmode=\"numeric\" value=\"0\"",
        "id=\"pin-error\"",
        "name=\"pin_again\" value=\"1\" checked",
        "id=\"style-error\"",
        "Caption: ",
        "value=\"Far too long to stand below a QR code\"",
        "value=\"#fefefe\"",
        "<option value=\"invoice\" selected>",
        "kept&#34;:1",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert!(!page.text().contains("payload-error"), "{}", page.text());
}

#[test]
fn the_start_page_makes_codes_of_a_profile_and_says_where_a_document_is_none() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    let offered =
        "<option value=\"\">none</option>\n<option value=\"invoice\">Invoice (invoice)</option>";
    assert!(page.text().contains(offered), "{}", page.text());
    let wrong = [
        ("payload", "{\"amount\": \"twelve\", \"note\": 1}"),
        ("profile", "invoice"),
    ];
    let page = app.post_form("/", &wrong);
    assert_eq!(page.status, 422);
    for part in [
        "id=\"payload-error\"",
        "not one of the profile that was chosen",
        "<code>/amount</code>: ",
        "<code>/id</code>: missing",
        "<option value=\"invoice\" selected>",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    // A limit takes an end: the profile has one.
    let form = [
        ("payload", "{\"id\": \"INV-7\", \"amount\": 12.5}"),
        ("profile", "invoice"),
        ("storage", "inline"),
        ("max_opens", "2"),
    ];
    let sealed = app.post_form("/", &form);
    assert_eq!(sealed.status, 201, "{}", sealed.text());
    for part in [
        "<option value=\"invoice\" selected>",
        "?max_opens=2&#38;profile=invoice",
        "href=\"data:application/pdf;base64,JVBERi",
    ] {
        assert!(sealed.text().contains(part), "{part} in {}", sealed.text());
    }
    let link = text_after(&sealed, "<code id=\"link\">");
    let digits = link.rsplit('/').next().unwrap_or_default().to_owned();
    let shown = app.get_as(&format!("/{digits}"), "text/html");
    assert!(shown.text().contains("2 more times"), "{}", shown.text());

    for (profile, more, field) in [
        ("no-such", ("note", ""), "profile-error"),
        ("ticket", ("pin", "tea at six"), "pin-error"),
        ("ticket", ("max_opens", "1"), "max_opens-error"),
    ] {
        let page = app.post_form("/", &[("payload", "{}"), ("profile", profile), more]);
        assert_eq!(page.status, 422, "{profile}");
        assert!(
            page.text().contains(&format!("id=\"{field}\"")),
            "{}",
            page.text()
        );
    }
}

#[test]
fn the_form_offers_the_profiles_that_whoever_asks_may_issue() {
    let offers = "name=\"profile\"";
    // Anybody may issue here, but under none of the shipped profiles.
    let open = TestApp::with(&[("AUTH__ISSUING", "open")]);
    let page = open.get_as("/", "text/html");
    assert!(!page.text().contains(offers), "{}", page.text());
    let form = [
        ("payload", "{\"id\": \"A\", \"amount\": 1}"),
        ("profile", "invoice"),
    ];
    let refused = open.post_form("/", &form);
    assert_eq!(refused.status, 403);
    let words = "The profile invoice is not for whoever asks";
    assert!(
        refused.text().contains("id=\"profile-error\""),
        "{}",
        refused.text()
    );
    assert!(refused.text().contains(words), "{}", refused.text());
    // Who signs in may; a stranger, who needs a key, types the name, and is told of none.
    let app = TestApp::start();
    let (ana, _) = person(&app, "ana", Role::Issuer);
    let page = get(&app, &ana, "/");
    let option = "<option value=\"invoice\">";
    assert!(page.text().contains(option), "{}", page.text());
    let page = app.get_as("/", "text/html");
    let field = "<input id=\"profile\" name=\"profile\"";
    assert!(page.text().contains(field), "{}", page.text());
    assert!(!page.text().contains("(invoice)"), "{}", page.text());
    for name in ["invoice", "no-such"] {
        let form = [("payload", "{}"), ("profile", name), ("preview", "1")];
        let preview = app.post_form("/", &form);
        assert_eq!(preview.status, 200, "{name}");
        assert!(!preview.text().contains("profile-error"), "{name}");
    }
}
