//! What an operator or a script asks of the installation: settings, shells, a store without its keyring, who can issue.

use super::{INVOICE, err, new_folder, out, run};

#[test]
fn what_a_program_wants_to_know_of_a_sealed_code_is_one_json_answer() {
    let folder = new_folder();
    let seal = [
        "seal",
        "--json",
        "--expires-in",
        "2w",
        "--pin-auto",
        "--output",
        "code.png",
    ];
    let sealed = run(folder.path(), &seal, INVOICE.as_bytes());
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let answer: serde_json::Value = serde_json::from_str(out(&sealed)).unwrap();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    assert_eq!(text("id").len(), 24);
    assert!(text("link").starts_with("http://127.0.0.1:8080/"));
    assert!(text("expires_at").ends_with('Z'));
    assert!(
        answer["qr"]["version"]
            .as_u64()
            .is_some_and(|version| version > 1)
    );
    let pin = text("pin");
    assert!(
        pin.len() == 6 && !err(&sealed).contains(&pin),
        "{}",
        err(&sealed)
    );
    let opened = run(
        folder.path(),
        &["open", "code.png", "--pin-file", "-"],
        format!("{pin}\n").as_bytes(),
    );
    assert_eq!(out(&opened), format!("{INVOICE}\n"), "{}", err(&opened));
}

#[test]
fn shells_and_man_get_what_they_read() {
    let folder = new_folder();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(folder.path(), &["completions", shell], b"");
        assert_eq!(script.status.code(), Some(0), "{}", err(&script));
        assert!(out(&script).contains("pin-auto"), "{shell}");
    }
    assert_eq!(
        run(folder.path(), &["completions", "tcsh"], b"")
            .status
            .code(),
        Some(2)
    );
    for (arguments, words) in [
        (&["man"][..], "qrseal"),
        (&["man", "seal"], "pin"),
        (&["man", "keys", "promote"], "slot"),
    ] {
        let page = run(folder.path(), arguments, b"");
        assert!(
            out(&page).starts_with(".ie") || out(&page).contains(".TH"),
            "{}",
            out(&page)
        );
        assert!(out(&page).contains(words), "{arguments:?}");
    }
    let unknown = run(folder.path(), &["man", "nonsense"], b"");
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn the_settings_in_force_are_a_configuration_file_that_says_where_each_is_from() {
    let folder = new_folder();
    std::fs::write(folder.path().join("mine.toml"), "[server]\nworkers = 3\n").unwrap();
    let shown = run(folder.path(), &["--config", "mine.toml", "config"], b"");
    assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
    let workers = out(&shown).lines().find(|line| line.starts_with("workers"));
    assert!(
        workers
            .is_some_and(|line| line.starts_with("workers = 3") && line.ends_with("# mine.toml")),
        "{workers:?}"
    );
    std::fs::write(folder.path().join("again.toml"), out(&shown)).unwrap();
    let again = run(folder.path(), &["--config", "again.toml", "config"], b"");
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    let defaults = run(folder.path(), &["config", "--default"], b"");
    assert_eq!(out(&defaults), include_str!("../../config/qrseal.toml"));
}

#[test]
fn a_store_whose_keyring_is_gone_is_refused_and_no_new_one_is_made() {
    let folder = new_folder();
    let at = folder.path();
    let create = ["api-keys", "create", "--name", "shop", "--scope", "issue"];
    let made = run(at, &create, b"");
    assert!(err(&made).contains("Back this up"), "{}", err(&made));
    std::fs::remove_file(at.join("data/keyring.json")).unwrap();
    for arguments in [
        &["seal"][..],
        &["serve"],
        &["keys", "init"],
        &["check"],
        &["api-keys", "list"],
    ] {
        let refused = run(at, arguments, b"1");
        let said = format!("{}{}", out(&refused), err(&refused));
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("restore the keyring"),
            "{arguments:?}: {said}"
        );
    }
    assert!(!at.join("data/keyring.json").exists());
}

#[test]
fn check_says_when_nobody_can_issue() {
    let folder = new_folder();
    let at = folder.path();
    run(
        at,
        &["api-keys", "create", "--name", "reader", "--scope", "read"],
        b"",
    );
    let read_only = run(at, &["check"], b"");
    assert_eq!(read_only.status.code(), Some(1));
    assert!(
        out(&read_only).contains("nobody can issue"),
        "{}",
        out(&read_only)
    );
    run(
        at,
        &["api-keys", "create", "--name", "shop", "--scope", "issue"],
        b"",
    );
    let both = run(at, &["check"], b"");
    assert_eq!(both.status.code(), Some(0), "{}", out(&both));
    assert!(out(&both).contains("1 of them may issue"), "{}", out(&both));
}
