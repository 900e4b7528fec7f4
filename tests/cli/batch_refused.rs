//! Rows and options of batches that are refused, and what is said then.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::fs;

use super::batch::{batch, mode};
use super::{err, new_folder};

#[test]
fn every_bad_input_says_what_to_do() {
    let folder = new_folder();
    let folder = folder.path();
    for (number, (table, arguments, code, told)) in [
        (
            "a;b\n1;2\n",
            &["--map", "id=No"][..],
            1,
            "there is no column \"No\"; there are \"a\", \"b\"",
        ),
        (
            "a;b\n1;2\n",
            &["--map", "id=a", "--map", "id=b"],
            1,
            "\"id\" is filled twice",
        ),
        (
            "a;a\n1;2\n",
            &["--map", "id=a"],
            1,
            "two columns are named \"a\"",
        ),
        ("a;b\n1;2\n", &["--map", "id"], 2, "FIELD=COLUMN"),
        (
            "a;b\n1;2\n",
            &["--name", "{{c}}.png"],
            1,
            "{{c}} is no field and no column; there are \"a\", \"b\"",
        ),
        (
            "a;b\n1;2\n",
            &["--name", "x/{{a}}.png"],
            1,
            "without / and \\",
        ),
        ("a;b\n1;2\n", &["--name", "{{a"], 2, "never closed"),
        (
            "a;b\n1;2\n",
            &["--note", "{{a"],
            1,
            "note: {{ is never closed",
        ),
        (
            "a;b\n1;2\n",
            &["--name", "{{pin}}.png"],
            1,
            "is for captions and lines",
        ),
        ("", &[], 1, "there are no rows"),
        (
            "a;b\n1;\"2\n3;4\n",
            &[],
            1,
            "row 1: has a quote that is never closed",
        ),
        (
            "a;b\n1;2\n3;4\n",
            &["--name", "x.png"],
            1,
            "row 2: name: row 1 has the file name",
        ),
        ("a;b\n1;2\n", &["--encoding", "klingon"], 2, "windows-1252"),
        ("a;b\n1;2\n", &["--skip", "3"], 2, "takes sheet or page"),
        ("a;b\n1;2\n", &["--line", "{{a}}"], 1, "--sheet or --page"),
        ("a;b\n1;2\n", &["--max-opens", "1"], 2, "expires-in"),
        (
            "a;b\n1;2\n",
            &["--kind", "link"],
            1,
            "there is no column \"target\"",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let output = format!("out{number}.zip");
        let failed = batch(
            folder,
            table.as_bytes(),
            &[arguments, &["-o", &output]].concat(),
        );
        assert_eq!(
            failed.status.code(),
            Some(code),
            "{arguments:?}: {}",
            err(&failed)
        );
        assert!(
            err(&failed).contains(told),
            "{arguments:?}: {}",
            err(&failed)
        );
    }
    let one = batch(folder, b"a\n1\n", &["-o", "one.png"]);
    assert!(err(&one).contains("a ZIP file, a folder/"), "{}", err(&one));
    assert!(
        !folder.join("one.csv.run").exists(),
        "what never began is not to be gone on with"
    );
}

#[test]
fn names_stay_in_their_folder_and_the_other_rows_are_there() {
    let folder = new_folder();
    let folder = folder.path();
    let long = "x".repeat(2 << 20);
    let table = format!(
        "No,Text\n../../evil,a\n/etc/passwd,b\n.hidden,c\nlong,{long}\n=SUM(A1),d\n{},e\n",
        "n".repeat(4_097)
    );
    let made = batch(
        folder,
        table.as_bytes(),
        &["--map", "text=Text", "--name", "{{No}}", "-o", "out/"],
    );
    assert_eq!(made.status.code(), Some(1), "{}", err(&made));
    assert!(
        err(&made).contains("row 4: has more than 1048576 bytes")
            && err(&made).contains("row 6: name: has more than 4096 bytes"),
        "{}",
        err(&made)
    );
    let mut names: Vec<String> = fs::read_dir(folder.join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "=SUM(A1).png",
            "etc-passwd.png",
            "evil.png",
            "hidden.png",
            "results.csv"
        ]
    );
    let results = fs::read_to_string(folder.join("out/results.csv")).unwrap();
    assert!(
        results.contains("'=SUM(A1).png"),
        "no cell is a formula: {results}"
    );
    assert_eq!(mode(&folder.join("out/evil.png")), 0o600);
}
