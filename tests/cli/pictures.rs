//! Pictures as people have them: several codes in one, codes of others, and what only looks like a code.

use std::path::Path;

use super::{err, out, run};

fn picture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    path.join(name).display().to_string()
}

#[test]
fn a_picture_that_makes_a_library_panic_has_no_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = picture("finder-like.png");
    for command in ["read", "open"] {
        run(folder.path(), &["keys", "init"], b"");
        let output = run(folder.path(), &[command, &path], b"");
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(err(&output).contains("QR code"), "{}", err(&output));
        assert!(!err(&output).contains("panicked"), "{}", err(&output));
    }
}

#[test]
fn every_code_of_a_picture_is_read_and_none_is_opened_by_chance() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["keys", "init"], b"");
    let path = picture("four-in-a-square.png");
    let read = run(folder.path(), &["read", "--json", &path], b"");
    assert_eq!(read.status.code(), Some(0), "{}", err(&read));
    assert_eq!(out(&read).lines().count(), 4, "{}", out(&read));
    let opened = run(folder.path(), &["open", "--count", &path], b"");
    assert_eq!(opened.status.code(), Some(1));
    assert!(
        err(&opened).contains("there are 4 QR codes; crop it to one"),
        "{}",
        err(&opened)
    );
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["keys", "init"], b"");
    run(
        at,
        &["draw", "https://example.com/menu", "-o", "foreign.png"],
        b"",
    );
    run(at, &["draw", "x", "-o", "code.svg"], b"");
    std::fs::write(at.join("empty.png"), b"").unwrap();
    for (what, said) in [
        ("missing.png", "no file"),
        (".", "is a directory"),
        ("empty.png", "is empty"),
        ("code.svg", "is an SVG"),
        ("foreign.png", "it says: https://example.com/menu"),
    ] {
        let output = run(at, &["open", what], b"");
        assert_eq!(output.status.code(), Some(1), "{what}");
        assert!(err(&output).contains(said), "{what}: {}", err(&output));
    }
}

#[test]
fn an_empty_text_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, input) in [(["draw", ""], ""), (["draw", "-"], "\n")] {
        let output = run(folder.path(), &arguments, input.as_bytes());
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains("empty"), "{}", err(&output));
    }
}
