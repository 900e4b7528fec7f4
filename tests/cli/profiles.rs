//! `qrseal profiles`, and `qrseal seal --profile`.

use crate::fixture::new_folder;
use crate::{err, out, run};

#[test]
fn a_profile_begins_as_a_file_that_is_checked_listed_and_sealed_with() {
    let folder = new_folder();
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    std::fs::write(
        folder.path().join("qrseal.toml"),
        "[profiles]\nfolder = \"profiles\"\n",
    )
    .unwrap();
    let qrseal = |arguments: &[&str], input: &str| {
        let mut all = vec!["--config", "qrseal.toml"];
        all.extend(arguments);
        run(folder.path(), &all, input.as_bytes())
    };
    let made = qrseal(&["profiles", "new", "badge"], "");
    assert_eq!(out(&made).trim(), "profiles/badge.toml", "{}", err(&made));
    let again = qrseal(&["profiles", "new", "badge"], "");
    assert_eq!(again.status.code(), Some(1));
    let checked = qrseal(&["profiles", "check"], "");
    assert_eq!(
        (checked.status.code(), out(&checked)),
        (Some(0), "7 profiles, nothing wrong\n")
    );
    let listed = qrseal(&["profiles", "list"], "");
    assert!(
        out(&listed)
            .lines()
            .any(|line| line.starts_with("badge") && line.contains(" 32 ")),
        "{}",
        out(&listed)
    );

    let sealed = qrseal(
        &["seal", "--profile", "badge", "--json"],
        r#"{"name":"Grace"}"#,
    );
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let wrong = qrseal(&["seal", "--profile", "badge", "--json"], r#"{"name":42}"#);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        err(&wrong).contains("/name (type): must be of type string") && !err(&wrong).contains("42"),
        "{}",
        err(&wrong)
    );
    let longer = qrseal(
        &["seal", "--profile", "badge", "--expires-in", "10y"],
        r#"{"name":"Grace"}"#,
    );
    assert_eq!(longer.status.code(), Some(0), "{}", err(&longer));
    let unknown = qrseal(&["seal", "--profile", "none"], "{}");
    assert!(
        err(&unknown).contains("there is no profile none"),
        "{}",
        err(&unknown)
    );

    let file = folder.path().join("profiles/badge.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("format = \"date\"\n", "format = \"day\"\n"),
    )
    .unwrap();
    let checked = qrseal(&["profiles", "check"], "");
    assert_eq!(checked.status.code(), Some(1));
    let line = 1 + text
        .lines()
        .position(|line| line == "format = \"date\"")
        .unwrap();
    assert!(
        err(&checked).contains(&format!("profile badge, line {line}: format must be")),
        "{}",
        err(&checked)
    );
}

#[test]
fn a_new_profile_gets_no_number_that_another_had_and_a_shipped_one_can_be_taken_over() {
    let folder = new_folder();
    for name in ["profiles", "state"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let qrseal = |arguments: &[&str]| {
        let all = [&["--config", "qrseal.toml"], arguments].concat();
        run(folder.path(), &all, b"")
    };
    std::fs::write(folder.path().join("qrseal.toml"), "").unwrap();
    let nowhere = qrseal(&["profiles", "new", "badge"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(
        err(&nowhere).contains("profiles.folder"),
        "{}",
        err(&nowhere)
    );

    let settings = "[profiles]\nfolder = \"profiles\"\nnumbers = \"state/numbers\"\n";
    std::fs::write(folder.path().join("qrseal.toml"), settings).unwrap();
    std::fs::write(
        folder.path().join("state/numbers"),
        "32 gone\n33 gone-too\n",
    )
    .unwrap();
    assert_eq!(qrseal(&["profiles", "new", "No"]).status.code(), Some(2));
    for name in ["badge", "sign-in"] {
        let made = qrseal(&["profiles", "new", name]);
        assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    }
    let listed = qrseal(&["profiles", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(out(&listed)).unwrap();
    let told: Vec<_> = listed["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["number"].as_u64().unwrap(),
                one["form"].as_str(),
            )
        })
        .collect();
    for one in [
        ("badge", 34, None),
        ("invoice", 1, None),
        ("sign-in", 3, Some("/f/sign-in")),
    ] {
        assert!(told.contains(&one), "{one:?} in {told:?}");
    }
    assert_eq!(told.len(), 7);

    let badge = folder.path().join("profiles/badge.toml");
    let text = std::fs::read_to_string(&badge).unwrap();
    std::fs::write(&badge, text.replace("number = 34", "number = 33")).unwrap();
    let checked = qrseal(&["profiles", "check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        err(&checked).contains("profile badge: the number 33 was the profile gone-too's"),
        "{}",
        err(&checked)
    );
    // To look is to note nothing.
    let numbers = std::fs::read_to_string(folder.path().join("state/numbers")).unwrap();
    assert_eq!(numbers, "32 gone\n33 gone-too\n");
}

#[test]
fn a_form_that_nobody_could_send_is_refused_where_it_stands() {
    let folder = new_folder();
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    std::fs::write(
        folder.path().join("qrseal.toml"),
        "[profiles]\nfolder = \"profiles\"\n",
    )
    .unwrap();
    let schema = "[schema]\ntype = \"object\"\nproperties = { text = { type = \"string\" } }\n";
    for (head, form, told) in [
        (
            "issue = [\"keys\"]\n",
            "open = \"accounts\"\n",
            "nobody who signs in could send the form",
        ),
        (
            "",
            "open = \"local\"\nconsent = \"I agree.\"\n",
            "consent takes a boolean /consent",
        ),
    ] {
        let text = format!("number = 40\ntitle = \"Wish\"\n{head}{schema}[form]\n{form}");
        std::fs::write(folder.path().join("profiles/wish.toml"), text).unwrap();
        let checked = run(
            folder.path(),
            &["--config", "qrseal.toml", "profiles", "check"],
            b"",
        );
        assert_eq!(checked.status.code(), Some(1), "{form}");
        assert!(err(&checked).contains(told), "{}", err(&checked));
    }
}

#[test]
fn samples_are_added_listed_used_and_missed_where_their_file_is_not() {
    const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"}}"#;
    let folder = new_folder();
    let folder = folder.path();
    let samples = |arguments: &[&str]| {
        let all = [&["profiles", "samples"], arguments].concat();
        run(folder, &all, b"")
    };
    let json = |arguments: &[&str]| -> serde_json::Value {
        let answer = samples(arguments);
        assert_eq!(answer.status.code(), Some(0), "{}", err(&answer));
        serde_json::from_str(out(&answer)).unwrap()
    };
    let init = run(folder, &["keys", "init"], b"");
    assert_eq!(init.status.code(), Some(0), "{}", err(&init));
    let sample = r#"{ "id": "INV-2026-0001", "amount": 980.00, "seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"} }"#;
    std::fs::write(folder.join("one.json"), sample).unwrap();
    std::fs::write(folder.join("none.json"), r#"{"id":42}"#).unwrap();
    let refused = samples(&["add", "invoice", "one.json", "none.json"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("document 2: ") && err(&refused).contains("/id (type)"),
        "{}",
        err(&refused)
    );
    assert_eq!(samples(&["use", "0"]).status.code(), Some(2));
    let unknown = samples(&["use", "1"]);
    assert!(
        err(&unknown).contains("there is no sample set 1"),
        "{}",
        err(&unknown)
    );

    let added = json(&["add", "invoice", "one.json", "--json"]);
    assert_eq!(
        (&added["number"], &added["profile"], &added["in_use"]),
        (&1.into(), &"invoice".into(), &false.into())
    );
    let seal = || {
        let arguments = [
            "seal",
            "--profile",
            "invoice",
            "--effort",
            "smallest",
            "--format",
            "svg",
        ];
        let sealed = run(folder, &arguments, INVOICE.as_bytes());
        assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
        let link = err(&sealed).lines().find(|line| line.starts_with("http"));
        link.unwrap().to_owned()
    };
    let before = seal();
    // There is no store that knows of servers.
    let unasked = samples(&["use", "1"]);
    assert_eq!(unasked.status.code(), Some(1));
    assert!(err(&unasked).contains("--yes"), "{}", err(&unasked));
    let used = samples(&["use", "1", "--yes"]);
    assert!(
        out(&used).contains("invoice"),
        "{}{}",
        out(&used),
        err(&used)
    );
    assert_eq!(json(&["list", "--json"])["sample_sets"][0]["in_use"], true);
    let link = seal();
    assert!(link.len() < before.len());
    let open = || run(folder, &["open", &link], b"");
    assert_eq!(out(&open()).trim(), INVOICE);

    let file = folder.join("data/keyring.samples");
    let text = std::fs::read(&file).unwrap();
    std::fs::write(&file, [&text[..], b"{\"set\""].concat()).unwrap();
    assert_eq!(out(&open()).trim(), INVOICE);
    let listed = samples(&["list"]);
    assert!(
        out(&listed).contains("invoice") && err(&listed).contains("ends within a line"),
        "{}{}",
        out(&listed),
        err(&listed)
    );
    let checked = run(folder, &["check"], b"");
    assert_eq!(checked.status.code(), Some(1));
    assert!(out(&checked).contains("keyring.samples ends within a line"));
    std::fs::write(folder.join("two.json"), INVOICE).unwrap();
    let torn = samples(&["add", "invoice", "two.json"]);
    assert_eq!(torn.status.code(), Some(1));
    let mended = json(&["add", "invoice", "two.json", "--mend", "--json"]);
    assert_eq!(mended["number"], 2);

    std::fs::remove_file(&file).unwrap();
    let missing = open();
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        err(&missing).contains("sample set 1 is missing here"),
        "{}",
        err(&missing)
    );
}

#[test]
fn a_set_that_was_added_before_there_was_a_store_is_told_to_the_audit_log_afterwards() {
    for again in [&["add", "invoice", "one.json"][..], &["use", "1"]] {
        let folder = new_folder();
        let folder = folder.path();
        let done = |arguments: &[&str]| {
            let answer = run(folder, arguments, b"");
            assert_eq!(answer.status.code(), Some(0), "{}", err(&answer));
            err(&answer).to_owned()
        };
        let samples = |arguments: &[&str]| done(&[&["profiles", "samples"], arguments].concat());
        done(&["keys", "init"]);
        std::fs::write(folder.join("one.json"), r#"{"id":"INV-1","amount":1}"#).unwrap();
        let said = samples(&["add", "invoice", "one.json"]);
        assert!(said.contains("does not tell of sample set 1"), "{said}");
        done(&["api-keys", "create", "--name", "shop", "--scope", "issue"]);
        for _ in 0..2 {
            let said = samples(again);
            assert!(!said.contains("audit log"), "{said}");
        }
        let rows = out(&run(
            folder,
            &["audit", "show", "--verb", "add", "--what", "samples"],
            b"",
        ))
        .to_owned();
        assert_eq!(rows.matches("samples").count(), 1, "{rows}");
    }
}

#[test]
fn a_set_that_the_audit_log_tells_of_and_the_file_lacks_is_told_and_its_number_not_given_again() {
    let folder = new_folder();
    let folder = folder.path();
    let done = |arguments: &[&str]| {
        let answer = run(folder, arguments, b"");
        assert_eq!(answer.status.code(), Some(0), "{}", err(&answer));
        out(&answer).to_owned()
    };
    let samples = |arguments: &[&str]| {
        let all = [&["profiles", "samples"], arguments].concat();
        run(folder, &all, b"")
    };
    done(&["keys", "init"]);
    // With it a store is made.
    done(&["api-keys", "create", "--name", "shop", "--scope", "issue"]);
    for (name, number) in [("one.json", 1), ("two.json", 2)] {
        let text = format!("{{\"id\":\"INV-{number}\",\"amount\":1}}");
        std::fs::write(folder.join(name), text).unwrap();
    }
    let checked = || out(&run(folder, &["check"], b"")).to_owned();
    assert!(checked().contains("keyring.samples: none"), "{}", checked());
    let add = samples(&["add", "invoice", "one.json"]);
    assert_eq!(add.status.code(), Some(0), "{}", err(&add));
    // Every server has been asked: there is none.
    let used = samples(&["use", "1"]);
    assert_eq!(used.status.code(), Some(0), "{}", err(&used));
    assert!(
        checked().contains("keyring.samples: 1 set, 1 in use"),
        "{}",
        checked()
    );

    std::fs::remove_file(folder.join("data/keyring.samples")).unwrap();
    assert!(
        checked().contains("set 1, of which the audit log tells, is missing"),
        "{}",
        checked()
    );
    let refused = samples(&["add", "invoice", "two.json"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("lacks sample set 1"),
        "{}",
        err(&refused)
    );
    let added = samples(&["add", "invoice", "two.json", "--lost", "--json"]);
    let added: serde_json::Value = serde_json::from_str(out(&added)).unwrap();
    assert_eq!(added["number"], 2);
    assert!(checked().contains("set 1 is lost"), "{}", checked());
}
