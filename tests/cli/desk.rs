//! Check-in lists from the command line.

use std::fs;
use std::path::Path;

use qrseal::clock::rfc3339;
use serde_json::Value;

use super::{err, new_folder, out, run};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_pass_is_drawn_as_a_picture_listed_and_revoked() {
    let folder = new_folder();
    let lists = |arguments: &[&str]| run(folder.path(), &[&["lists"], arguments].concat(), b"");
    let made = lists(&["create", "Gala", "--accept", "ticket"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let list = out(&made).trim().to_owned();
    let until = rfc3339(qrseal::clock::now().plus_secs(7_200));
    let drawn = lists(&[
        "passes",
        "create",
        &list,
        "--until",
        &until,
        "--note",
        "north door",
        "-o",
        "pass.png",
    ]);
    assert_eq!(drawn.status.code(), Some(0), "{}", err(&drawn));
    let link = out(&drawn).trim();
    assert!(link.contains("/desk/pass/"), "{link}");
    let read = run(folder.path(), &["read", "pass.png"], b"");
    assert_eq!(out(&read).trim(), link, "{}", err(&read));
    let listed = json(out(&lists(&["passes", "list", &list, "--json"])));
    let pass = &listed["passes"][0];
    assert_eq!(
        (&pass["state"], &pass["made_by"]),
        (&"unused".into(), &"cli".into())
    );
    let number = pass["id"].to_string();
    let shown = lists(&["passes", "list", &list]);
    assert!(
        out(&shown).contains("unused") && out(&shown).contains("north door"),
        "{}",
        out(&shown)
    );
    assert!(!out(&shown).contains(link));
    assert_eq!(
        lists(&["passes", "revoke", &list, &number]).status.code(),
        Some(0)
    );
    let listed = json(out(&lists(&["passes", "list", &list, "--json"])));
    assert_eq!(listed["passes"][0]["state"], "revoked");
    let refused = lists(&["passes", "create", &list, "--until", "2020-01-01T00:00:00Z"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("31 days"), "{}", err(&refused));
    let unknown = lists(&["passes", "revoke", &list, "999"]);
    assert!(err(&unknown).contains("no such"), "{}", err(&unknown));
}

#[test]
fn a_pass_is_not_good_again_after_a_restoration_and_its_number_is_not_given_again() {
    let done = |folder: &Path, arguments: &[&str]| {
        let ran = run(folder, arguments, b"");
        assert_eq!(ran.status.code(), Some(0), "{arguments:?}: {}", err(&ran));
        out(&ran).trim().to_owned()
    };
    let (before, after) = (new_folder(), new_folder());
    let (before, after) = (before.path(), after.path());
    let list = done(before, &["lists", "create", "Gala", "--accept", "ticket"]);
    let until = rfc3339(qrseal::clock::now().plus_secs(7_200));
    let draw = [
        "lists", "passes", "create", &list, "--until", &until, "-o", "pass.png",
    ];
    done(before, &draw);
    done(before, &["backup", "-o", "kept"]);
    done(before, &["lists", "passes", "revoke", &list, "1"]);
    let log = done(before, &["audit", "export"]);
    fs::write(after.join("audit.ndjson"), log).unwrap();
    fs::create_dir(after.join("data")).unwrap();
    for name in ["kept", "data/keyring.json"] {
        fs::copy(before.join(name), after.join(name)).unwrap();
    }
    let restore = ["restore", "kept", "--audit", "audit.ndjson", "--no-wait"];
    let said = done(after, &restore);
    assert!(!said.contains("of pass 1"), "{said}");
    let passes = |folder| {
        let listed = done(folder, &["lists", "passes", "list", &list, "--json"]);
        json(&listed)["passes"].clone()
    };
    assert_eq!(passes(after), Value::Array(Vec::new()));
    done(after, &draw);
    assert_eq!(passes(after)[0]["id"], 1_002);
}
