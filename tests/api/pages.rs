//! The page at `/` and what stands beside it.

use qrseal::store::Role;
use qrseal::token::Claims;

use crate::accounts::{get, person};
use crate::app::TestApp;

#[test]
fn the_start_page_seals_without_script() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<form"));
    assert!(page.text().contains("/swagger-ui/"));
    let sealed = app.post_form(
        "/",
        &[
            ("payload", "{\"total\": 12.50}"),
            ("expires_in", "3600"),
            ("ecl", "Q"),
        ],
    );
    assert_eq!(sealed.status, 201);
    assert!(sealed.text().contains("data:image/png;base64,"));
    assert!(sealed.text().contains("data:image/svg+xml;base64,"));
    let digits: String = sealed
        .text()
        .split(&format!(
            "http://{}/",
            app.app.config.public_url().authority()
        ))
        .filter_map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next())
        .find(|digits| digits.len() > 60)
        .expect("the link is in the page")
        .to_owned();
    assert_eq!(app.get(&format!("/{digits}")).text(), "{\"total\":12.50}");
}

#[test]
fn a_mistake_stays_beside_its_field() {
    let app = TestApp::start();
    let page = app.post_form("/", &[("payload", "{\"total\": }"), ("ecl", "M")]);
    assert_eq!(page.status, 400);
    assert!(page.text().contains("line 1, column 11"), "{}", page.text());
    assert!(
        page.text().contains("{&quot;total&quot;: }")
            || page.text().contains("{&#34;total&#34;: }")
    );
    assert_eq!(
        app.post_form("/", &[("payload", "1"), ("ecl", "X")]).status,
        422
    );
    assert_eq!(
        app.post_form("/", &[("payload", "1"), ("expires_in", "5")])
            .status,
        422
    );
}

#[test]
fn a_form_of_another_site_is_refused() {
    let app = TestApp::start();
    let form = ("content-type", "application/x-www-form-urlencoded");
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        app.send("POST", "/", &[form, header], b"payload=1")
            .problem(403, "cross_site");
    }
    let own = format!("http://{}", app.app.config.public_url().authority());
    for header in [
        ("sec-fetch-site", "same-origin"),
        ("origin", "null"),
        ("origin", own.as_str()),
    ] {
        assert_eq!(
            app.send("POST", "/", &[form, header], b"payload=1").status,
            201,
            "{header:?}"
        );
    }
}

#[test]
fn every_problem_has_a_page_and_its_type_leads_there() {
    let app = TestApp::start();
    let index = app.get("/problems");
    assert_eq!(index.status, 200);
    for code in qrseal::http::ProblemCode::ALL {
        let page = app.get(&format!("/problems/{}", code.as_str()));
        assert_eq!(page.status, 200);
        assert!(page.text().contains(code.as_str()));
        assert!(index.text().contains(code.as_str()));
    }
}

#[test]
fn assets_are_cached_and_the_rest_is_not() {
    let app = TestApp::start();
    let page = app.get_as("/", "text/html");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for asset in qrseal::http::pages::assets() {
        let path = format!("{}?{}", asset.path, asset.version());
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{}", asset.path);
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        let etag = answer.header("etag").unwrap();
        assert_eq!(
            app.send("GET", &path, &[("if-none-match", etag)], b"")
                .status,
            304
        );
    }
    assert_eq!(app.get("/favicon.ico").status, 200);
    assert!(app.get("/robots.txt").text().contains("Disallow: /"));
}

/// A form as a browser sends it when it has a file in it.
fn multipart(fields: &[(&str, &str)], logo: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--b0undary\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--b0undary\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\ncontent-type: image/png\r\n\r\n");
    body.extend_from_slice(logo);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    body
}

const MULTIPART: [(&str, &str); 1] = [("content-type", "multipart/form-data; boundary=b0undary")];

#[test]
fn the_start_page_tries_a_style_and_says_what_became_of_it() {
    let app = TestApp::start();
    let logo = crate::styles::disc(48);
    let style = [
        ("payload", "{\"seat\":\"12C\"}"),
        ("module_shape", "dots"),
        ("finder_shape", "circle"),
        ("dark", "#123c7a"),
        ("light", "#ffffff"),
        ("caption", "Seat 12C"),
        ("logo_share", "18"),
    ];
    let page = app.send("POST", "/", &MULTIPART, &multipart(&style, &logo));
    assert_eq!(page.status, 201, "{}", page.text());
    for part in [
        "was read back",
        "rom aside and in poor light",
        "contrast ratio of its colours is 10.",
        "name=\"kept_logo\"",
        "/api/tokens",
        "mm wide on",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let picture = |page: &crate::app::Answer| {
        let (_, after) = page
            .text()
            .split_once("src=\"data:image/png;base64,")
            .expect("a picture");
        let text = after.split_once('"').expect("its end").0;
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64")
    };
    let read = qrseal::qr::read(&picture(&page)).expect("the picture is read");
    assert!(page.text().contains(&read));

    // The page keeps the logo, and no file is chosen the second time.
    let kept = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &logo);
    let mut again = style.to_vec();
    again.push(("kept_logo", &kept));
    let page = app.send("POST", "/", &MULTIPART, &multipart(&again, b""));
    assert_eq!(page.status, 201);
    assert!(page.text().contains("name=\"kept_logo\""));
    again.push(("remove_logo", "1"));
    let page = app.send("POST", "/", &MULTIPART, &multipart(&again, b""));
    assert!(page.status == 201 && !page.text().contains("name=\"kept_logo\""));
}

#[test]
fn a_style_that_would_not_scan_is_refused_beside_its_fields() {
    let app = TestApp::start();
    let (large, endless) = (vec![0; 300_000], vec![b'x'; 2_000_000]);
    for (field, value, logo, words) in [
        (
            "dark",
            "#aaaaaa",
            &b""[..],
            "contrast ratio of dark to light is 2.32",
        ),
        ("caption", "日本", b"", "Latin, Greek and Cyrillic letters"),
        ("logo_share", "50", b"", "5 to 30"),
    ] {
        let form = [("payload", "1"), (field, value)];
        let page = app.send("POST", "/", &MULTIPART, &multipart(&form, logo));
        assert_eq!(page.status, 422, "{}", page.text());
        assert!(
            page.text().contains("id=\"style-error\""),
            "{}",
            page.text()
        );
        assert!(page.text().contains(words), "{words} in {}", page.text());
    }
    for (logo, words) in [
        (&b"<svg/>"[..], "neither a PNG nor a JPEG"),
        (&large, "The logo has 293 KiB, and may have 256 KiB."),
    ] {
        let form = [("payload", "{\"kept\":1}"), ("caption", "Kept")];
        let page = app.send("POST", "/", &MULTIPART, &multipart(&form, logo));
        assert_eq!(page.status, 422, "{}", page.text());
        for part in ["id=\"logo-error\"", words, "kept&#34;:1", "value=\"Kept\""] {
            assert!(page.text().contains(part), "{part} in {}", page.text());
        }
    }
    for wrong in [&b""[..], b"--b0undary", b"--other\r\n\r\n", &endless] {
        let status = app.send("POST", "/", &MULTIPART, wrong).status;
        assert!(status == 422 || status == 413, "{status}");
    }
}

/// The value of the field `name` in a page.
fn field(page: &crate::app::Answer, name: &str) -> String {
    let (_, after) = page
        .text()
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect("the field");
    after.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn loading_the_answer_again_seals_nothing_again() {
    let app = TestApp::start();
    let id = field(&app.get_as("/", "text/html"), "form_id");
    let link = |form_id: &str, payload| {
        let sealed = app.post_form("/", &[("form_id", form_id), ("payload", payload)]);
        assert_eq!(sealed.status, 201, "{}", sealed.text());
        assert_ne!(
            field(&sealed, "form_id"),
            form_id,
            "the next form is another"
        );
        let (_, after) = sealed.text().split_once("<code id=\"link\">").unwrap();
        after.split('<').next().unwrap().to_owned()
    };
    let first = link(&id, "[1]");
    assert_eq!(link(&id, "[1]"), first);
    assert_ne!(link(&id, "[2]"), first, "whoever goes back may change it");
    let next = field(&app.get_as("/", "text/html"), "form_id");
    assert_ne!(link(&next, "[1]"), first);
}

#[test]
fn a_form_that_is_too_large_keeps_what_was_typed() {
    let app = TestApp::start();
    let kept = crate::styles::disc(48);
    let kept = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &kept);
    let form = [("payload", "{\"kept\":1}"), ("kept_logo", &kept)];
    let photograph = vec![7; 5 * 1024 * 1024];
    let page = app.send("POST", "/", &MULTIPART, &multipart(&form, &photograph));
    assert_eq!(page.status, 422);
    for part in [
        "id=\"logo-error\"",
        "The logo has 5121 KiB, and may have 256 KiB.",
        "kept&#34;:1",
        &format!("name=\"kept_logo\" value=\"{kept}\""),
    ] {
        assert!(page.text().contains(part), "{part}");
    }

    let long = format!("\"{}\"", "né".repeat(1_000_000));
    let page = app.send(
        "POST",
        "/",
        &MULTIPART,
        &multipart(&[("payload", &long)], b""),
    );
    assert_eq!(page.status, 413);
    for part in ["id=\"payload-error\"", "is its beginning", "\n&#34;nénéné"] {
        assert!(page.text().contains(part), "{part}");
    }

    let endless = vec![7; 40 * 1024 * 1024];
    let endless = app.send("POST", "/", &MULTIPART, &multipart(&form, &endless));
    endless.problem(413, "payload_too_large");
}

#[test]
fn a_long_document_goes_to_the_server_when_the_form_says_so() {
    let app = TestApp::start();
    let long = format!("{{\"text\":\"{}\"}}", "long ".repeat(30_000));
    let page = app.post_form("/", &[("payload", &long)]);
    assert_eq!(page.status, 413, "{}", page.text());
    let page = app.post_form("/", &[("payload", &long), ("storage", "stored")]);
    assert_eq!(page.status, 201);
    assert!(page.text().contains("on this server, encrypted</dd>"));
    assert!(page.text().contains("after 30 days</option>"));
    assert!(page.text().contains("storage=stored"));
}

#[test]
fn an_api_key_that_is_typed_is_for_once() {
    let app = TestApp::start();
    let key = app.api_key("issue");
    let form = [("payload", "{\"kept\":1}"), ("api_key", key.as_str())];
    for (form, status, words) in [
        (&form[..1], 401, "type yours here"),
        (
            &[form[0], ("api_key", "qrs_x")],
            401,
            "no API key of this server",
        ),
        (&form[..], 201, "Your QR code"),
    ] {
        let page = app.post_form("/", form);
        assert_eq!(page.status, status, "{}", page.text());
        for part in [words, "kept&#34;:1", "name=\"api_key\""] {
            assert!(page.text().contains(part), "{part} in {}", page.text());
        }
        assert!(!page.text().contains(&*key));
    }
    let read = app.api_key("read");
    let page = app.post_form("/", &[form[0], ("api_key", read.as_str())]);
    assert!(page.status == 403 && page.text().contains("id=\"api_key-error\""));
}

#[test]
fn the_start_page_says_to_whoever_signed_in_whether_their_account_makes_codes_here() {
    let makes = "what you make here stands in the <a href=\"/console\">console</a>";
    let makes_none = "your account does not make codes here. <a href=\"/console\">To the console";
    let open = [("AUTH__ISSUING", "open")];
    for (settings, role, words, others) in [
        (&[][..], Role::Issuer, makes, makes_none),
        (&[], Role::Scanner, makes_none, makes),
        (&open, Role::Scanner, makes, makes_none),
    ] {
        let app = TestApp::with(settings);
        let (ana, _) = person(&app, "ana", role);
        let page = get(&app, &ana, "/");
        assert!(page.text().contains(words), "{role}: {}", page.text());
        assert!(!page.text().contains(others), "{role}: {}", page.text());
        let closed = "only for people who sign in and for those who have an API key";
        assert_eq!(page.text().contains(closed), words == makes_none, "{role}");
    }
}

#[test]
fn the_start_page_limits_a_code_and_makes_its_pin() {
    let app = TestApp::start();
    let id = field(&app.get_as("/", "text/html"), "form_id");
    let form = [
        ("form_id", id.as_str()),
        ("payload", "Meet me at five.\r\nBring \"tea\"."),
        ("as_text", "1"),
        ("max_opens", "2"),
        ("pin_auto", "1"),
    ];
    let sealed = app.post_form("/", &form);
    assert_eq!(sealed.status, 201, "{}", sealed.text());
    let text = |before: &str| {
        let (_, after) = sealed.text().split_once(before).expect("it is in the page");
        after.split('<').next().unwrap_or_default().to_owned()
    };
    let (pin, link) = (text("<code id=\"pin-made\">"), text("<code id=\"link\">"));
    let digits = link.rsplit('/').next().unwrap_or_default();
    let opened = app.open(digits, Some(&pin));
    assert_eq!(opened.text(), r#""Meet me at five.\nBring \"tea\".""#);
    assert_eq!(opened.header("qrseal-opens-left"), Some("1"));
    // The PIN is not kept, so that the same form is not answered again.
    let again = app.post_form("/", &form);
    assert_eq!(again.status, 409);
    assert!(again.text().contains("was sealed before") && !again.text().contains(&pin));
}

#[test]
fn what_is_no_json_may_have_been_meant_as_a_text() {
    let app = TestApp::start();
    let page = app.post_form("/", &[("payload", "Meet me at five.")]);
    assert_eq!(page.status, 400);
    assert!(page.text().contains("Seal it as text</button>"));
}

#[test]
fn a_style_is_shown_without_sealing_anything() {
    let app = TestApp::start();
    let page = app.post_form(
        "/",
        &[("payload", "{"), ("module_shape", "dots"), ("preview", "1")],
    );
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("src=\"data:image/png;base64,") && !text.contains("Your QR code"));
}

#[test]
fn a_dead_code_says_whom_to_ask() {
    let app = TestApp::with(&[("PAGE__CONTACT", "desk@shop.example")]);
    let page = app.get_as("/1", "text/html");
    assert!(page.text().contains("Whom to ask:"), "{}", page.text());
    assert!(page.text().contains("href=\"mailto:desk@shop.example\""));
}

#[test]
fn what_a_holder_reads_is_in_the_language_that_the_phone_asks_for() {
    let app = TestApp::start();
    let html = ("accept", "text/html");
    let digits = app.sealed("{\"seat\":\"12C\"}", &Claims::default(), crate::app::now());
    let in_german = |path: &str| {
        let german = ("accept-language", "de-AT,de;q=0.9,en;q=0.8");
        app.send("GET", path, &[html, german], b"")
    };
    for (path, words) in [
        (format!("/{digits}"), "Versiegeltes Dokument von"),
        ("/1".to_owned(), "Dieser Code wird nicht erkannt"),
        ("/no/such/page".to_owned(), "Nicht gefunden"),
    ] {
        let german = in_german(&path);
        assert_eq!(german.header("content-language"), Some("de"), "{path}");
        assert_eq!(german.header("vary"), Some("Accept, Accept-Language"));
        assert!(german.text().contains(words), "{}", german.text());
        assert!(german.text().contains("<html lang=\"de\" dir=\"ltr\">"));
        let other = app.send("GET", &path, &[html, ("accept-language", "sv")], b"");
        assert_eq!(other.header("content-language"), Some("en"), "{path}");
        assert!(other.text().contains("<html lang=\"en\" dir=\"ltr\">"));
    }
    // Programs get English, whatever they ask for.
    let german = ("accept-language", "de");
    let problem = app.send("GET", "/1", &[german], b"");
    assert!(problem.text().contains("This code is not recognised"));
    // The start page is for issuers.
    assert_eq!(in_german("/").header("content-language"), Some("en"));
}
