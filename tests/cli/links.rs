//! Dynamic links from the command line.

use serde_json::Value;

use super::{err, new_folder, out, run};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_link_is_made_changed_listed_and_ended() {
    let folder = new_folder();
    let links = |arguments: &[&str]| run(folder.path(), &[&["links"], arguments].concat(), b"");
    let made = links(&[
        "create",
        "https://shop.example/menu",
        "--rule",
        r#"{"device": "ios", "target": "https://apps.example/"}"#,
        "--note",
        "table 7",
        "--output",
        "menu.png",
        "--json",
    ]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let made = json(out(&made));
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["rules"][0]["device"], "ios");
    let read = run(folder.path(), &["read", "menu.png"], b"");
    assert_eq!(out(&read).trim(), made["link"].as_str().unwrap());
    let opened = run(folder.path(), &["open", "menu.png"], b"");
    assert_eq!(json(out(&opened))["target"], "https://shop.example/menu");

    let set = links(&[
        "set",
        id,
        "--target",
        "https://shop.example/winter",
        "--disable",
    ]);
    assert!(
        out(&set).contains("https://shop.example/winter"),
        "{}",
        err(&set)
    );
    let late = links(&["set", id, "--if-revision", "1", "--enable"]);
    assert_eq!(late.status.code(), Some(1));
    assert!(err(&late).contains("changed meanwhile"), "{}", err(&late));
    let listed = links(&["list", "--state", "disabled", "--note", "table"]);
    assert_eq!(
        out(&listed),
        format!("{id}  disabled  https://shop.example/winter  (table 7)\n")
    );
    let shown = json(out(&links(&["show", id, "--json"])));
    assert_eq!(
        (&shown["revision"], &shown["made_by"]),
        (&2.into(), &"cli".into())
    );
    let scans = links(&["scans", id]);
    assert!(out(&scans).contains("total"), "{}", err(&scans));

    assert_eq!(links(&["end", id]).status.code(), Some(0));
    assert!(out(&links(&["show", id])).contains("revoked"));
    let dead = links(&["set", id, "--enable"]);
    assert_eq!(dead.status.code(), Some(1), "{}", out(&dead));
    let unknown = links(&["show", "0123456789abcdef01234567"]);
    assert!(err(&unknown).contains("no link"));
}

#[test]
fn what_a_link_may_not_lead_to_is_said_with_its_place() {
    let folder = new_folder();
    for (target, why) in [
        (
            "https://paypal.com@evil.example",
            "/target must not have a user name",
        ),
        ("https://10.0.0.1", "IP address"),
        ("shop.example", "must begin with https://"),
    ] {
        let refused = run(folder.path(), &["links", "create", target], b"");
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains(why), "{}", err(&refused));
    }
    let warned = ["links", "create", "https://p\u{430}ypal.com", "-o", "x.png"];
    let warned = run(folder.path(), &warned, b"");
    assert!(
        err(&warned).contains("looks like paypal.com"),
        "{}",
        err(&warned)
    );
}

#[test]
fn check_names_every_live_link_that_todays_lists_would_stop() {
    let folder = new_folder();
    let list = folder.path().join("list.txt");
    std::fs::write(&list, "evil.example\n").unwrap();
    let settings = format!("[links]\nblock_lists = [\"{}\"]\n", list.display());
    std::fs::write(folder.path().join("qrseal.toml"), settings).unwrap();
    let links = |arguments: &[&str]| {
        let all = [&["--config", "qrseal.toml", "links"], arguments].concat();
        run(folder.path(), &all, b"")
    };
    let made = links(&["create", "https://shop.example/", "--json"]);
    let id = json(out(&made))["id"].as_str().unwrap().to_owned();
    let fine = links(&["check"]);
    assert_eq!(
        (fine.status.code(), out(&fine)),
        (Some(0), ""),
        "{}",
        err(&fine)
    );
    std::fs::write(&list, "evil.example\nshop.example\n").unwrap();
    let found = links(&["check"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(out(&found).contains(&id) && out(&found).contains("list.txt"));
    let refused = links(&["create", "https://www.shop.example/"]);
    assert!(err(&refused).contains("list.txt"), "{}", err(&refused));
    std::fs::write(&list, "").unwrap();
    let broken = links(&["check"]);
    assert!(err(&broken).contains("is empty"), "{}", err(&broken));
}
