//! Documents of a kind: schema, policy, who may, and what is told of them.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const SEAL: &str = "/api/qrcode/encrypted-payload";

/// A server with a folder in which these profiles are.
pub fn with_profiles(
    files: &[(&str, &str)],
    settings: &[(&str, &str)],
) -> (TestApp, tempfile::TempDir) {
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (format!("{name}.toml"), text.as_bytes()))
        .collect();
    with_files(&files, settings)
}

/// A server with a folder of profiles in which these files are.
pub fn with_files(
    files: &[(String, &[u8])],
    settings: &[(&str, &str)],
) -> (TestApp, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let path = folder.path().to_str().unwrap().to_owned();
    let keys = folder.path().join(".keys/keyring.json");
    std::fs::create_dir(folder.path().join(".keys")).unwrap();
    let mut all = vec![
        ("PROFILES__FOLDER", path.as_str()),
        ("KEYS__FILE", keys.to_str().unwrap()),
    ];
    all.extend(settings);
    (TestApp::with(&all), folder)
}

fn errors(answer: &Answer) -> Value {
    answer.problem(422, "validation");
    answer.json()["errors"].clone()
}

#[test]
fn a_document_is_held_against_its_profile_and_a_fault_says_where_and_which_keyword_and_no_value() {
    let app = TestApp::start();
    let wrong = r#"{"id":"INV-1","amount":"twelve"}"#;
    let answer = app.post_json(&format!("{SEAL}?profile=invoice"), wrong);
    let expected =
        json!([{"pointer": "/amount", "keyword": "type", "detail": "must be of type number"}]);
    assert_eq!(errors(&answer), expected);
    assert!(!answer.text().contains("twelve"));
    let envelope = format!(r#"{{"payload":{wrong},"profile":"invoice"}}"#);
    let answer = app.post_json("/api/tokens", envelope);
    assert_eq!(errors(&answer)[0]["pointer"], "/payload/amount");
    let right = r#"{"id":"INV-1","amount":12}"#;
    assert_eq!(
        app.post_json(&format!("{SEAL}?profile=invoice"), right)
            .status,
        201
    );
    assert_eq!(
        app.post_json(SEAL, wrong).status,
        201,
        "without a profile anything goes"
    );
}

#[test]
fn a_code_gets_what_the_policy_says_and_what_exceeds_it_is_refused() {
    let app = TestApp::start();
    let issue = |body: Value| app.post_json("/api/tokens", body.to_string());
    let invoice = json!({"id": "INV-1", "amount": 12});
    let answer = issue(json!({"payload": invoice, "profile": "invoice"})).json();
    let (from, to) = (
        answer["issued_at"].as_str().unwrap(),
        answer["expires_at"].as_str().unwrap(),
    );
    assert_eq!(
        to[..4].parse::<u32>().unwrap(),
        from[..4].parse::<u32>().unwrap() + 1
    );
    let sign_in = json!({"name": "Ana", "phone": "112"});
    for (body, pointer) in [
        (json!({"payload": invoice, "profile": "none"}), "/profile"),
        (json!({"payload": invoice, "profile": "No"}), "/profile"),
        (
            json!({"payload": sign_in, "profile": "sign-in", "max_opens": 1}),
            "/max_opens",
        ),
        (
            json!({"payload": sign_in, "profile": "sign-in", "expires_in": "1y"}),
            "/expires_in",
        ),
        (
            json!({"payload": sign_in, "profile": "sign-in", "pin": "493817"}),
            "/pin",
        ),
    ] {
        assert_eq!(
            errors(&issue(body.clone()))[0]["pointer"],
            pointer,
            "{body}"
        );
    }
    // What takes an end gets the profile's.
    let once = json!({"payload": invoice, "profile": "invoice", "max_opens": 1});
    assert_eq!(issue(once).status, 201);
}

#[test]
fn a_profile_that_a_caller_may_not_issue_is_forbidden() {
    const CLOSED: &str =
        "number = 50\ntitle = \"Badge\"\nissue = [\"accounts\"]\nschema = { type = \"object\" }\n";
    const PUBLIC: &str =
        "number = 51\ntitle = \"Wish\"\nissue = [\"anyone\"]\nschema = { type = \"object\" }\n";
    let (app, _folder) = with_profiles(
        &[("badge", CLOSED), ("wish", PUBLIC)],
        &[("AUTH__ISSUING", "open")],
    );
    let key = format!("Bearer {}", app.api_key("issue"));
    let issue = |profile: &str, key: Option<&str>| {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("authorization", key)));
        app.send(
            "POST",
            &format!("{SEAL}?profile={profile}"),
            &headers,
            br#"{"id":"1","amount":1}"#,
        )
    };
    issue("badge", Some(&key)).problem(403, "forbidden");
    issue("invoice", None).problem(403, "forbidden");
    assert_eq!(issue("invoice", Some(&key)).status, 201);
    assert_eq!(issue("wish", None).status, 201);
    assert_eq!(issue("wish", Some(&key)).status, 201);
}

#[test]
fn what_a_stored_code_shows_later_is_held_against_its_profile_too() {
    let app = TestApp::start();
    let envelope =
        r#"{"payload":{"id":"INV-1","amount":12},"profile":"invoice","storage":"stored"}"#;
    let made = app.post_json("/api/tokens", envelope).json();
    let put = |amount: &str| {
        let body = json!({
            "token": made["token"],
            "payload": {"id": "INV-1", "amount": serde_json::from_str::<Value>(amount).unwrap()},
        });
        let path = format!("/api/tokens/{}/payload", made["id"].as_str().unwrap());
        let headers = [("content-type", "application/json")];
        app.send("PUT", &path, &headers, body.to_string().as_bytes())
    };
    let wrong = errors(&put("\"twelve\""));
    assert_eq!(wrong[0]["pointer"], "/payload/amount");
    assert_eq!(wrong[0]["keyword"], "type");
    assert_eq!(put("13").status, 200);
}

#[test]
fn of_a_long_document_one_fault_is_told() {
    let app = TestApp::start();
    let lines = vec!["{}"; 10_000].join(",");
    let long = format!(r#"{{"id":"INV-1","amount":1,"lines":[{lines}]}}"#);
    let wrong = errors(&app.post_json(&format!("{SEAL}?profile=invoice&storage=stored"), &long));
    assert_eq!(wrong.as_array().unwrap().len(), 1, "{wrong}");
}

#[test]
fn profiles_are_listed_with_their_schema_and_a_sample_that_is_one() {
    let app = TestApp::start();
    let list = app.get("/api/profiles").json();
    let names: Vec<_> = list["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "invoice", "message", "parcel", "sign-in", "ticket", "voucher"
        ]
    );
    for name in names {
        let profile = app.get(&format!("/api/profiles/{name}")).json();
        let form = ["message", "sign-in"]
            .contains(&&*name)
            .then(|| format!("/f/{name}"));
        assert_eq!(profile["form"].as_str(), form.as_deref());
        assert_eq!(profile["schema"]["type"], "object", "{name}");
        let sealed = app.post_json(
            &format!("{SEAL}?profile={name}"),
            profile["sample"].to_string(),
        );
        assert_eq!(sealed.status, 201, "{name}: {}", sealed.text());
    }
    app.get("/api/profiles/none").problem(404, "not_found");
    app.get("/api/profiles/..%2f").problem(404, "not_found");
}

#[test]
fn the_profile_of_the_documentation_is_one_and_its_sample_fits() {
    let (_, rest) = include_str!("../../docs/profiles.md")
        .split_once("```toml\n")
        .unwrap();
    let (badge, _) = rest.split_once("```").unwrap();
    let (app, folder) = with_profiles(&[("badge", badge)], &[]);
    let profile = app.get("/api/profiles/badge").json();
    let seal = |document: &str| {
        app.post_json(&format!("{SEAL}?profile=badge"), document)
            .status
    };
    assert_eq!(seal(&profile["sample"].to_string()), 201);
    assert_eq!(seal(r#"{"name": "Grace Hopper"}"#), 422);
    let numbers = folder.path().join(".keys/profile-numbers");
    assert_eq!(std::fs::read_to_string(numbers).unwrap(), "40 badge\n");
}

#[test]
fn the_numbers_of_profiles_are_noted_where_the_setting_says() {
    const BADGE: &str = "number = 50\ntitle = \"Badge\"\nschema = { type = \"object\" }\n";
    let elsewhere = tempfile::tempdir().unwrap();
    let numbers = elsewhere.path().join("numbers");
    let setting = ("PROFILES__NUMBERS", numbers.to_str().unwrap());
    let (_app, folder) = with_profiles(&[("badge", BADGE)], &[setting]);
    assert_eq!(std::fs::read_to_string(&numbers).unwrap(), "50 badge\n");
    assert!(!folder.path().join(".keys/profile-numbers").exists());
}

#[test]
fn a_code_for_staff_shows_itself_at_the_desk_and_never_what_it_says() {
    let app = TestApp::start();
    let body = json!({"payload": {"name": "Canary", "phone": "112"}, "profile": "sign-in"});
    let answer = app.post_json("/api/tokens", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    let link = answer.json()["link"].as_str().unwrap().to_owned();
    let path = format!("/{}", link.rsplit('/').next().unwrap());
    let program = app.get(&path);
    program.problem(403, "forbidden");
    let page = app.get_as(&path, HTML);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Show this code at the desk") && page.text().contains("<svg"));
    let digits = path.trim_start_matches('/');
    let opened = app.open(digits, None);
    opened.problem(403, "forbidden");
    for answer in [program, page, opened] {
        assert!(!answer.text().contains("Canary"));
    }
}

#[test]
fn a_changed_profile_is_in_force_and_a_broken_one_stays_as_it_was() {
    const BADGE: &str =
        "number = 50\ntitle = \"Badge\"\nschema = { type = \"object\", required = [\"a\"] }\n";
    let (app, folder) = with_profiles(&[("badge", BADGE)], &[]);
    let seal = |document: &str| {
        app.post_json(&format!("{SEAL}?profile=badge"), document)
            .status
    };
    assert_eq!((seal(r#"{"a":1}"#), seal(r#"{"b":1}"#)), (201, 422));
    let file = folder.path().join("badge.toml");
    let write = |text: &str| {
        std::fs::write(&file, text).unwrap();
        // What the server's task does twice a second.
        app.app.profiles.look();
        app.app.profiles.look();
    };
    write(&BADGE.replace("\"a\"", "\"b\", \"c\""));
    assert_eq!((seal(r#"{"b":1,"c":1}"#), seal(r#"{"a":1}"#)), (201, 422));
    write("number = 50\ntitle = \"Badge\"\nschema = { type = \"objekt\" }\n");
    assert_eq!((seal(r#"{"b":1,"c":1}"#), seal(r#"{"a":1}"#)), (201, 422));
    std::fs::remove_file(&file).unwrap();
    app.app.profiles.look();
    app.app.profiles.look();
    assert_eq!(seal(r#"{"b":1,"c":1}"#), 422, "there is none of this name");
}

/// The path of a code of this document.
fn sealed_path(app: &TestApp, profile: &str, document: &Value) -> String {
    let body = json!({"payload": document, "profile": profile});
    let answer = app.post_json("/api/tokens", body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    let link = answer.json()["link"].as_str().unwrap().to_owned();
    format!("/{}", link.rsplit('/').next().unwrap())
}

#[test]
fn an_invoice_is_read_in_the_language_of_its_holder() {
    let app = TestApp::start();
    let invoice = json!({
        "id": "INV-<1>", "amount": 1234.5, "currency": "EUR", "due": "2026-12-31", "phone": "030 1234567",
        "lines": [{"text": "Paper", "quantity": 1200, "amount": 1000}], "extra": {"note": "rest"},
    });
    let path = sealed_path(&app, "invoice", &invoice);
    let page = |language: &str| {
        let answer = app.send(
            "GET",
            &path,
            &[("accept", HTML), ("accept-language", language)],
            b"",
        );
        assert_eq!(
            answer.header("content-language"),
            language.split('-').next()
        );
        answer.text().to_owned()
    };
    let german = page("de-DE");
    for part in [
        "<h1 dir=\"auto\">Rechnung</h1>",
        "Rechnungsnummer",
        "1.234,50\u{a0}€",
        "31. Dezember 2026",
        "Zahlbar bis",
        "1234.5 EUR",
        "href=\"tel:0301234567\"",
        "<h2>Posten</h2>",
        "1.200",
        "INV-&lt;1&gt;",
        "rest",
    ] {
        assert!(german.contains(part), "{part} in {german}");
    }
    assert!(
        !german.contains("<dt>Currency"),
        "it stands beside the amount"
    );
    let arabic = page("ar");
    for part in [
        "dir=\"rtl\"",
        "فاتورة",
        "\u{200f}1,234.50\u{a0}€",
        "31 ديسمبر 2026",
    ] {
        assert!(arabic.contains(part), "{part} in {arabic}");
    }
    let japanese = page("ja");
    for part in [
        "lang=\"ja\"",
        "請求書",
        "€1,234.50",
        "2026年12月31日",
        "支払期限",
    ] {
        assert!(japanese.contains(part), "{part} in {japanese}");
    }
    let chosen = app.send(
        "GET",
        &format!("{path}?lang=pl"),
        &[("accept", HTML), ("accept-language", "de")],
        b"",
    );
    assert!(chosen.text().contains("Faktura") && chosen.text().contains("href=\"?lang=ja\""));
    for (query, accepts, title) in [
        ("?lang=xx", "de", "Rechnung"),
        ("?lang=", "de", "Rechnung"),
        ("?lang=xx", "tlh, sv;q=0.5", "Invoice"),
        ("", ";q=,;", "Invoice"),
    ] {
        let headers = [("accept", HTML), ("accept-language", accepts)];
        let unknown = app.send("GET", &format!("{path}{query}"), &headers, b"");
        assert_eq!(unknown.status, 200);
        assert!(unknown.text().contains(title), "{query} {accepts}");
    }
}

#[test]
fn a_ticket_draws_its_code_and_a_hidden_rest_stays_away() {
    let app = TestApp::start();
    let ticket =
        json!({"event": "gala-2026", "category": "reduced", "starts": "2026-12-31T20:00:00+01:00"});
    let page = app.get_as(&sealed_path(&app, "ticket", &ticket), HTML);
    assert!(page.text().contains("class=\"show\"") && page.text().contains("Reduced"));
    let message = json!({"text": "https://example.org/"});
    let page = app.get_as(&sealed_path(&app, "message", &message), HTML);
    assert!(
        !page.text().contains("class=\"show\"") && page.text().contains("https://example.org/")
    );
}

#[test]
fn a_document_of_a_profile_that_is_not_known_here_opens_with_the_plain_page() {
    const BADGE: &str = "number = 50\ntitle = \"Badge\"\nschema = { type = \"object\" }\n";
    let (app, folder) = with_profiles(&[("badge", BADGE)], &[]);
    let path = sealed_path(&app, "badge", &json!({"a": 1}));
    assert!(
        app.get_as(&path, HTML)
            .text()
            .contains("<h1 dir=\"auto\">Badge</h1>")
    );
    std::fs::remove_file(folder.path().join("badge.toml")).unwrap();
    app.app.profiles.look();
    app.app.profiles.look();
    let page = app.get_as(&path, HTML);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Badge"));
    assert_eq!(app.get(&path).json(), json!({"a": 1}));
}

#[test]
fn the_description_that_is_served_has_each_profile_with_an_example() {
    const BADGE: &str =
        "number = 50\ntitle = \"Badge\"\nschema = { type = \"object\" }\nsample = { a = 1 }\n";
    let (app, folder) = with_profiles(&[("name-badge", BADGE)], &[]);
    let described = || app.get("/api-docs/openapi.json").json();
    let schemas = &described()["components"]["schemas"];
    assert_eq!(
        schemas["InvoiceDocument"]["examples"][0]["id"],
        "INV-2026-0042"
    );
    assert_eq!(schemas["NameBadgeDocument"]["examples"][0], json!({"a": 1}));
    std::fs::remove_file(folder.path().join("name-badge.toml")).unwrap();
    app.app.profiles.look();
    app.app.profiles.look();
    assert_eq!(
        described()["components"]["schemas"]["NameBadgeDocument"],
        Value::Null
    );
}
