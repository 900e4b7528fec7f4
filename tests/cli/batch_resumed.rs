//! Batches that were interrupted, and go on with `--resume`.
#![allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::batch::{batch, results};
use super::{err, new_folder, out, run};
use crate::fixture::qrseal;

/// Starts a batch, ends it by `kill -9` when so many rows have results, and returns how many there are.
fn killed(folder: &Path, arguments: &[&str], rows: usize) -> usize {
    let mut child = qrseal()
        .args(arguments)
        .current_dir(folder)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let results = folder.join("out.csv");
    let count = || {
        fs::read(&results).map_or(0, |bytes| {
            bytes.iter().filter(|byte| **byte == b'\n').count()
        })
    };
    while count() <= rows && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    count().saturating_sub(1)
}

#[test]
fn what_was_killed_goes_on_and_nothing_is_twice_or_missing() {
    let folder = new_folder();
    let folder = folder.path();
    // `tests/torture` asks for more.
    let full = std::env::var("TORTURE").is_ok_and(|size| size == "full");
    let (rows, some) = if full { (10_000, 2_000) } else { (400, 40) };
    let mut table = "target,No\n".to_owned();
    for row in 1..=rows {
        table.push_str(&format!("https://shop.example/{row},{row}\n"));
    }
    fs::write(folder.join("rows.csv"), &table).unwrap();
    let command = [
        "batch",
        "rows.csv",
        "--kind",
        "link",
        "--name",
        "{{No}}.png",
        "--jobs",
        "2",
        "-o",
        "out.zip",
    ];
    let resume = [&command[..], &["--resume"]].concat();
    let first = killed(folder, &command, some);
    assert!((some..rows).contains(&first), "{first}");
    assert!(
        !folder.join("out.zip").exists(),
        "what is not whole has another name"
    );
    let again = run(folder, &command, b"");
    assert!(
        err(&again).contains("go on with it with --resume"),
        "{}",
        err(&again)
    );
    let other = run(folder, &[&resume[..], &["--ecl", "H"]].concat(), b"");
    assert!(
        err(&other).contains("resume with the options of the first run"),
        "{}",
        err(&other)
    );
    let held = fs::File::open(folder.join("out.csv.run")).unwrap();
    held.lock().unwrap();
    let beside = run(folder, &resume, b"");
    assert!(
        err(&beside).contains("another command is at the run out.csv.run"),
        "{}",
        err(&beside)
    );
    drop(held);
    let second = killed(folder, &resume, first + some);
    assert!((first + 1..rows).contains(&second), "{second}");

    // Half a row at the end is none.
    let mut results_text = fs::read(folder.join("out.csv")).unwrap();
    results_text.extend_from_slice(b"10001,10002,abc");
    fs::write(folder.join("out.csv"), results_text).unwrap();
    // Other rows are not gone on with.
    fs::write(folder.join("rows.csv"), table.replace("/7,", "/8,")).unwrap();
    let changed = run(folder, &resume, b"");
    assert!(
        err(&changed).contains("row 7 is not the row of which results were recorded"),
        "{}",
        err(&changed)
    );
    fs::write(folder.join("rows.csv"), &table).unwrap();

    let done = run(folder, &resume, b"");
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let results = results(folder, "out.csv");
    let numbers: Vec<usize> = results.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=rows).collect::<Vec<_>>());
    let mut archive =
        zip::ZipArchive::new(fs::File::open(folder.join("out.zip")).unwrap()).unwrap();
    assert_eq!(archive.len(), rows);
    // The store has exactly the links of the results.
    let mut ids: Vec<&str> = results.iter().map(|row| &row[2]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rows);
    let mut listed = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut asked = vec!["links", "list", "--json", "--limit", "200"];
        if let Some(cursor) = &cursor {
            asked.extend(["--cursor", cursor]);
        }
        let page: serde_json::Value = serde_json::from_str(out(&run(folder, &asked, b""))).unwrap();
        listed.extend(
            page["links"]
                .as_array()
                .unwrap()
                .iter()
                .map(|link| link["id"].as_str().unwrap().to_owned()),
        );
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    listed.sort_unstable();
    assert_eq!(listed, ids);
    println!(
        "batch: {rows} links killed after {first} and {second} results and gone on with: nothing twice, nothing missing"
    );
    // The picture of a row that was drawn again is that of its link.
    for place in [0, first, second, rows - 1] {
        let mut picture = Vec::new();
        archive
            .by_name(&format!("{}.png", place + 1))
            .unwrap()
            .read_to_end(&mut picture)
            .unwrap();
        fs::write(folder.join("one.png"), picture).unwrap();
        let read = run(folder, &["read", "one.png"], b"");
        assert!(out(&read).contains(&results[place][3]), "{}", out(&read));
    }
    let over = run(folder, &resume, b"");
    assert!(
        err(&over).contains("there is no run to go on with"),
        "{}",
        err(&over)
    );
}

#[test]
fn a_picture_that_was_there_before_the_run_is_left_alone_when_it_is_resumed() {
    let folder = new_folder();
    let folder = folder.path();
    let theirs = folder.join("out/00002.png");
    fs::create_dir(folder.join("out")).unwrap();
    fs::write(&theirs, "theirs").unwrap();
    let hour = std::time::Duration::from_secs(3_600);
    let before = fs::metadata(&theirs).unwrap().modified().unwrap() - hour;
    let file = fs::File::options().write(true).open(&theirs).unwrap();
    file.set_modified(before).unwrap();
    let asked = |further: &[&str]| {
        let all = [&["-o", "out/", "--jobs", "1"][..], further].concat();
        batch(folder, b"a\n1\n2\n3\n", &all)
    };
    for further in [&[][..], &["--resume"]] {
        let stopped = asked(further);
        assert_eq!(stopped.status.code(), Some(1));
        let told = "00002.png is there already: move it away";
        assert!(err(&stopped).contains(told), "{}", err(&stopped));
        assert_eq!(fs::read(&theirs).unwrap(), b"theirs");
    }
    fs::rename(&theirs, folder.join("theirs.png")).unwrap();
    let done = asked(&["--resume"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert_eq!(results(folder, "out/results.csv").len(), 3);
    assert!(fs::read(&theirs).unwrap().starts_with(b"\x89PNG"));
}
