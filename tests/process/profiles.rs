//! Profiles that change under a running server.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::fixture::{Server, eventually, new_folder};

const SEAL: &str = "/api/qrcode/encrypted-payload?profile=badge";

/// A server with a folder of profiles, which is empty yet.
fn with_folder(settings: &[(&str, &str)]) -> (Server, PathBuf) {
    let folder = new_folder();
    let profiles = folder.path().join("profiles");
    fs::create_dir(&profiles).expect("a folder can be made");
    let path = profiles.to_str().expect("UTF-8").to_owned();
    let settings = [&[("QRSEAL_PROFILES__FOLDER", path.as_str())], settings].concat();
    (Server::start_in(folder, &settings), profiles)
}

/// A profile with this title, whose documents have this member.
fn badge(title: &str, member: &str) -> String {
    format!(
        "number = 40\ntitle = \"{title}\"\nschema = {{ type = \"object\", required = [\"{member}\"] }}\n"
    )
}

/// Ends what looks at it, however the test ends.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits until the profile has this title; `None`: until there is none.
fn in_force(server: &Server, title: Option<&str>) {
    eventually("the profile is in force", || {
        let found = server.get("/api/profiles/badge", None);
        let told = match found.status {
            200 => found.json()["titles"]["en"].as_str().map(str::to_owned),
            _ => None,
        };
        (told.as_deref() == title).then_some(())
    });
}

#[test]
fn a_new_profile_is_one_file_and_a_wrong_one_is_told_with_line_and_reason_while_the_old_one_goes_on()
 {
    let (server, folder) = with_folder(&[]);
    let file = folder.join("badge.toml");
    let seal = |document: &str| server.post_json(SEAL, document).status;
    assert_eq!(seal(r#"{"a":1}"#), 422, "there is none yet");
    fs::write(&file, badge("Badge", "a")).expect("it can be written");
    in_force(&server, Some("Badge"));
    assert_eq!((seal(r#"{"a":1}"#), seal(r#"{"b":1}"#)), (201, 422));

    fs::write(
        &file,
        badge("Broken", "a").replace("\"object\"", "\"objekt\""),
    )
    .expect("it can be written");
    server.wait_for_log(&["profile badge, line 3", "could not be reloaded"]);
    assert_eq!((seal(r#"{"a":1}"#), seal(r#"{"b":1}"#)), (201, 422));
    in_force(&server, Some("Badge"));

    // Its number stays its own, even when it is gone.
    fs::remove_file(&file).expect("it can be removed");
    in_force(&server, None);
    fs::write(folder.join("pass.toml"), badge("Pass", "a")).expect("it can be written");
    server.wait_for_log(&["profile pass", "the number 40 was the profile badge's"]);
    assert_eq!(server.get("/api/profiles/pass", None).status, 404);
}

#[test]
fn while_a_profile_changes_under_load_every_document_is_held_against_one_of_its_versions() {
    let much = "1000000000";
    let (server, folder) = with_folder(&[
        ("QRSEAL_LIMITS__ISSUES_PER_MINUTE", much),
        ("QRSEAL_LIMITS__ISSUE_BYTES_PER_MINUTE", much),
    ]);
    let file = folder.join("badge.toml");
    fs::write(&file, badge("One", "a")).expect("it can be written");
    in_force(&server, Some("One"));
    let (is_over, sealed) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    // Fits each version; and none.
                    let fits = server.post_json(SEAL, r#"{"a":1,"b":1}"#);
                    assert_eq!(fits.status, 201, "{}", fits.text());
                    let none = server.post_json(SEAL, r#"{"c":1}"#);
                    assert_eq!(none.status, 422, "{}", none.text());
                    sealed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let _end = Over(&is_over);
        for (title, member) in [("Two", "b"), ("Three", "a")] {
            // Written in two parts, as by an editor that is slow.
            let text = badge(title, member);
            fs::write(&file, &text[..text.len() / 2]).expect("it can be written");
            fs::write(&file, &text).expect("it can be written");
            in_force(&server, Some(title));
            let before = sealed.load(Ordering::Relaxed);
            eventually("documents are sealed under it", || {
                (sealed.load(Ordering::Relaxed) > before + 2).then_some(())
            });
        }
    });
}

#[test]
fn samples_are_used_once_the_server_has_said_that_it_has_them_and_an_append_that_was_torn_stops_nothing()
 {
    let document = r#"{"id":"INV-2026-0042","amount":1234.50,"seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"}}"#;
    let mut server = Server::start_with(&[("QRSEAL_KEYS__RELOAD_SECONDS", "1")]);
    fs::write(
        server.folder().join("one.json"),
        document.replace("0042", "0001"),
    )
    .expect("it can be written");
    let issue = || {
        let answer = server.post_json(
            "/api/qrcode/encrypted-payload?format=json&profile=invoice&effort=smallest",
            document,
        );
        assert_eq!(answer.status, 201, "{}", answer.text());
        let answer = answer.json();
        let link = answer["link"].as_str().expect("a link").to_owned();
        let bytes = answer["sealed_bytes"].as_u64().expect("a number");
        (server.digits_of(&link), bytes)
    };
    let before = issue().1;
    server.command("profiles", &["samples", "add", "invoice", "one.json"]);
    // It waits for the server.
    server.command("profiles", &["samples", "use", "1"]);
    let told = server.command("audit", &["show", "--what", "samples"]);
    assert!(told.contains("add") && told.contains("promote"), "{told}");
    let digits = eventually("the samples are in use", || {
        let (digits, bytes) = issue();
        (bytes < before).then_some(digits)
    });
    let open = || server.get(&format!("/{digits}"), None).text().to_owned();
    assert_eq!(open(), document);

    let file = server.keyring().with_extension("samples");
    let whole = fs::read(&file).expect("it is there");
    fs::write(&file, [&whole[..], b"{\"set\":{\"number\":2"].concat()).expect("it can be written");
    server.wait_for_log(&["the file of samples ends within a line"]);
    assert_eq!(open(), document);
    // What was read is not given up.
    fs::remove_file(&file).expect("it can be removed");
    server.wait_for_log(&["the samples could not be reloaded"]);
    assert_eq!(open(), document);
    assert!(issue().1 < before);
    server.kill();
    server.start_again();
    server.wait_for_log(&["a sample set that the audit log tells of is missing here"]);
}
