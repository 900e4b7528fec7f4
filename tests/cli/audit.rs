//! Who did what, as an operator reads it.

use serde_json::Value;

use super::{err, new_folder, out, run};

const ID: &str = "404142434445464748494a4b";

#[test]
fn what_an_operator_does_is_shown_exported_and_verified() {
    let folder = new_folder();
    let at = folder.path();
    let done = |arguments: &[&str]| {
        let ended = run(at, arguments, b"");
        assert_eq!(
            ended.status.code(),
            Some(0),
            "{arguments:?}: {}",
            err(&ended)
        );
        out(&ended).to_owned()
    };
    done(&[
        "api-keys",
        "create",
        "--name",
        "shop",
        "--scope",
        "issue,audit",
    ]);
    done(&["tokens", "revoke", ID, "--reason", "lost"]);
    done(&["api-keys", "disable", "shop"]);
    let shown = done(&["audit", "show", "--verb", "revoke"]);
    let expected = format!("token {ID}  reason=\"lost\"  by_holder=false\n");
    assert!(shown.ends_with(&expected), "{shown}");
    done(&["keys", "add"]);
    done(&["keys", "promote", "1"]);
    done(&["keys", "disable", "0"]);
    done(&["keys", "destroy", "0", "--yes"]);

    let mut told: Vec<_> = done(&["audit", "export"])
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            assert_eq!(text("principal"), "cli");
            format!("{} {} {}", text("verb"), text("what"), text("what_id"))
        })
        .collect();
    told.sort();
    let expected = [
        "add key 0".to_owned(),
        "add key 1".to_owned(),
        "create api_key 1".to_owned(),
        "destroy key 0".to_owned(),
        "disable api_key 1".to_owned(),
        "disable key 0".to_owned(),
        "promote key 1".to_owned(),
        format!("revoke token {ID}"),
    ];
    assert_eq!(told, expected);

    let first = done(&["audit", "verify"]);
    assert!(first.starts_with("8 rows fit\n"), "{first}");
    std::fs::write(at.join("heads.txt"), &first).unwrap();
    let again = done(&["audit", "verify", "--head", "heads.txt", "--json"]);
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(
        (&again["heads_compared"], &again["misfit"]),
        (&1.into(), &Value::Null)
    );
    std::fs::write(at.join("none.txt"), "nothing").unwrap();
    let refused = run(at, &["audit", "verify", "--head", "none.txt"], b"");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("has no head"), "{}", err(&refused));
    let other = first.replace("audit head number=8 link=", "audit head number=7 link=");
    let refused = run(at, &["audit", "verify", "--head", "-"], other.as_bytes());
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        out(&refused).contains("TAMPERED WITH: row 7"),
        "{}",
        out(&refused)
    );
}
