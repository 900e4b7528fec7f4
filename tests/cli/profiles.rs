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
