//! Check-in lists from the command line.

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
