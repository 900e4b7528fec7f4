//! The command line as a person or a script uses it: output, errors, exit codes.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "cli/audit.rs"]
mod audit;
#[path = "cli/backup.rs"]
mod backup;
#[path = "cli/batch.rs"]
mod batch;
#[path = "cli/batch_refused.rs"]
mod batch_refused;
#[path = "cli/batch_resumed.rs"]
mod batch_resumed;
#[path = "cli/desk.rs"]
mod desk;
mod fixture;
#[path = "cli/issuer.rs"]
mod issuer;
#[path = "cli/links.rs"]
mod links;
#[path = "cli/operator.rs"]
mod operator;
#[path = "cli/pictures.rs"]
mod pictures;
#[path = "cli/planted.rs"]
mod planted;
#[path = "cli/profiles.rs"]
mod profiles;

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use fixture::{new_folder, qrseal};

const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;

/// Runs `qrseal` with these arguments in `folder`, with `input` on standard input.
fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = qrseal()
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that fails early does not read its input.
    let _unread = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn a_document_is_sealed_into_a_picture_and_read_back_from_it() {
    let folder = new_folder();
    let sealed = run(
        folder.path(),
        &["seal", "--output", "code.png"],
        INVOICE.as_bytes(),
    );
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    assert!(
        err(&sealed).contains("Back this up"),
        "the first use makes a keyring and says so"
    );
    let opened = run(folder.path(), &["open", "code.png"], b"");
    assert_eq!(opened.status.code(), Some(0), "{}", err(&opened));
    assert_eq!(out(&opened), format!("{INVOICE}\n"));
    assert!(err(&opened).starts_with("token "));
}

#[test]
fn a_link_a_token_and_standard_input_are_opened_too() {
    let folder = new_folder();
    let sealed = run(
        folder.path(),
        &["seal", "--format", "svg"],
        INVOICE.as_bytes(),
    );
    assert!(out(&sealed).starts_with("<svg"));
    let link = err(&sealed)
        .lines()
        .find(|line| line.starts_with("http"))
        .unwrap()
        .to_owned();
    let digits = link.rsplit('/').next().unwrap();
    for (what, input) in [(link.as_str(), ""), (digits, ""), ("-", link.as_str())] {
        let opened = run(folder.path(), &["open", what], input.as_bytes());
        assert_eq!(
            out(&opened),
            format!("{INVOICE}\n"),
            "{what}: {}",
            err(&opened)
        );
    }
    let query = format!("https://other.example/api/decrypt/qrcode-details?ctext={digits}&utm=1");
    assert_eq!(
        out(&run(folder.path(), &["open", &query], b"")),
        format!("{INVOICE}\n")
    );
}

#[test]
fn the_terminal_gets_half_blocks_and_a_pipe_a_png() {
    let folder = new_folder();
    let terminal = run(folder.path(), &["seal", "--terminal"], INVOICE.as_bytes());
    assert!(out(&terminal).contains('▀') || out(&terminal).contains('▄'));
    assert!(
        !out(&terminal).contains('\x1b'),
        "no colours where there is no terminal"
    );
    let piped = run(folder.path(), &["seal"], INVOICE.as_bytes());
    assert!(piped.stdout.starts_with(b"\x89PNG"));
    let again = run(folder.path(), &["open", "-"], &piped.stdout);
    assert_eq!(out(&again), format!("{INVOICE}\n"), "{}", err(&again));
}

#[test]
fn options_shape_the_symbol() {
    let folder = new_folder();
    std::fs::write(folder.path().join("invoice.json"), INVOICE).unwrap();
    let arguments = [
        "seal",
        "invoice.json",
        "-o",
        "code.png",
        "--ecl",
        "H",
        "--scale",
        "3",
        "--quiet-zone",
        "5",
        "--dark",
        "#102030",
        "--light",
        "transparent",
        "--expires-in",
        "2h",
    ];
    let sealed = run(folder.path(), &arguments, b"");
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let opened = run(folder.path(), &["open", "code.png"], b"");
    assert!(err(&opened).contains("opens until"), "{}", err(&opened));
}

#[test]
fn a_plain_code_is_drawn_in_a_style_and_read_back() {
    let folder = new_folder();
    let text = "https://example.com/menu?table=4";
    for (style, file) in [
        (
            &["--module-shape", "rounded", "--finder-shape", "circle"][..],
            "a.png",
        ),
        (
            &[
                "--module-shape",
                "dots",
                "--caption",
                "Table 4",
                "--dark",
                "#104030",
            ],
            "b.png",
        ),
        (&["--ecl", "H", "--light", "transparent"], "c.png"),
    ] {
        let mut arguments = vec!["draw", text, "-o", file];
        arguments.extend(style);
        let drawn = run(folder.path(), &arguments, b"");
        assert_eq!(drawn.status.code(), Some(0), "{}", err(&drawn));
        assert!(err(&drawn).contains("level"), "{}", err(&drawn));
        let picture = std::fs::read(folder.path().join(file)).unwrap();
        assert_eq!(qrseal::qr::read(&picture).unwrap(), text, "{style:?}");
    }
    let svg = run(folder.path(), &["draw", text, "--format", "svg"], b"");
    assert!(out(&svg).starts_with("<svg"));
    let printed = run(
        folder.path(),
        &["draw", "x", "--format", "svg", "--module-mm", "0.3"],
        b"",
    );
    // Version 1 has 21 modules, and 4 of quiet zone on each side.
    assert!(
        out(&printed).contains("width=\"8.7mm\""),
        "{}",
        out(&printed)
    );
    assert!(
        err(&printed).contains("0.4 mm or more"),
        "{}",
        err(&printed)
    );
}

#[test]
fn a_typed_content_is_written_as_phones_expect_it() {
    let folder = new_folder();
    let wifi = r#"{"wifi": {"ssid": "Guests; 2", "password": "correct horse"}}"#;
    std::fs::write(folder.path().join("wifi.json"), wifi).unwrap();
    let drawn = run(
        folder.path(),
        &["draw", "--content", "wifi.json", "-o", "wifi.png"],
        b"",
    );
    assert_eq!(drawn.status.code(), Some(0), "{}", err(&drawn));
    let picture = std::fs::read(folder.path().join("wifi.png")).unwrap();
    assert_eq!(
        qrseal::qr::read(&picture).unwrap(),
        "WIFI:T:WPA;S:Guests\\; 2;P:correct horse;;"
    );
    for (content, words) in [
        (
            r#"{"wifi": {"ssid": "x", "password": "short"}}"#,
            "password must be",
        ),
        (r#"{"fax": {}}"#, "is no content"),
        ("{", "is no content"),
    ] {
        std::fs::write(folder.path().join("bad.json"), content).unwrap();
        let refused = run(folder.path(), &["draw", "--content", "bad.json"], b"");
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains(words), "{}", err(&refused));
    }
}

#[test]
fn what_is_wrong_is_said_and_the_exit_code_tells_failure_from_wrong_usage() {
    let folder = new_folder();
    run(folder.path(), &["keys", "init"], b"");
    for (arguments, input, code, words) in [
        (&["seal"][..], "{\"a\":1,\"a\":2}", 1, "line 1, column 8"),
        (&["seal", "missing.json"], "", 1, "cannot read missing.json"),
        (
            &["seal", "--output", "code.gif"],
            "1",
            1,
            ".png, .svg, .pdf or .txt",
        ),
        (&["seal", "--dark", "#ffffff"], "1", 1, "contrast"),
        (
            &["seal", "--expires-in", "5s"],
            "1",
            2,
            "1 minute to 10 years",
        ),
        (
            &["seal", "--expires-in", "2h", "--pin-file", "-"],
            "1",
            1,
            "cannot both come from standard input",
        ),
        (&["seal", "--json", "--format", "svg"], "1", 1, "--output"),
        (&["seal", "--scale", "65"], "1", 2, "from 1 to 64"),
        (&["seal", "--ecl", "X"], "1", 2, "L, M, Q, H or auto"),
        (
            &["seal", "--terminal", "--output", "x.png"],
            "1",
            2,
            "cannot be used with",
        ),
        (&["draw"], "", 2, "required"),
        (
            &["draw", "x", "--module-shape", "stars"],
            "",
            2,
            "square, rounded or dots",
        ),
        (
            &["draw", "x", "--module-shape", "dots", "--scale", "2"],
            "",
            1,
            "scale 4",
        ),
        (
            &["draw", "x", "--logo", "missing.png"],
            "",
            1,
            "cannot read missing.png",
        ),
        (&["draw", "x", "--caption", "日本"], "", 2, "Latin"),
        (
            &["draw", "x", "--style", "brand"],
            "",
            1,
            "no style named brand",
        ),
        (&["draw", "x", "--logo-share", "31"], "", 2, "from 5 to 30"),
        (&["draw", "x", "--width-mm", "2"], "", 1, "0.1 to 50 mm"),
        (&["open", "0123456789"], "", 1, "no token"),
        (&["open", "https://example.com/nothing"], "", 1, "no token"),
        (&["open", "-"], "\u{fffd}", 1, "no token"),
        (&["keys", "promote", "7"], "", 1, "7"),
        (&["keys", "promote", "32"], "", 2, "0 to 31"),
        (&["keys", "disable", "0"], "", 1, "promote"),
        (&["keys", "init"], "", 1, "exists"),
        (&["nonsense"], "", 2, "unrecognized subcommand"),
        (
            &["--config", "missing.toml", "check"],
            "",
            1,
            "missing.toml",
        ),
    ] {
        let output = run(folder.path(), arguments, input.as_bytes());
        let text = format!("{}{}", out(&output), err(&output));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(words), "{arguments:?}: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}

#[test]
fn a_picture_without_a_symbol_is_said_to_have_none() {
    let folder = new_folder();
    run(folder.path(), &["keys", "init"], b"");
    image::GrayImage::from_pixel(64, 64, image::Luma([255]))
        .save(folder.path().join("white.png"))
        .unwrap();
    let output = run(folder.path(), &["open", "white.png"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("no QR code found"),
        "{}",
        err(&output)
    );
    std::fs::write(
        folder.path().join("broken.png"),
        b"\x89PNG\r\n\x1a\n\xff\xff",
    )
    .unwrap();
    let output = run(folder.path(), &["open", "broken.png"], b"");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
}

#[test]
fn keys_are_rotated_and_tokens_of_a_disabled_key_say_so() {
    let folder = new_folder();
    let at = folder.path();
    run(at, &["seal", "-o", "old.png"], b"[1]");
    assert!(out(&run(at, &["keys", "add"], b"")).contains("qrseal keys promote 1"));
    run(at, &["keys", "promote", "1"], b"");
    run(at, &["seal", "-o", "new.png"], b"[2]");
    assert_eq!(out(&run(at, &["open", "old.png"], b"")), "[1]\n");
    assert_eq!(out(&run(at, &["open", "new.png"], b"")), "[2]\n");
    let list = run(at, &["keys", "list"], b"");
    assert_eq!(out(&list).lines().count(), 2);
    assert!(out(&list).lines().next().unwrap().contains("enabled"));
    let refused = run(at, &["keys", "destroy", "0", "--yes"], b"");
    assert!(
        err(&refused).contains("disable it first"),
        "{}",
        err(&refused)
    );
    run(at, &["keys", "disable", "0"], b"");
    let refused = run(at, &["open", "old.png"], b"");
    assert!(err(&refused).contains("disabled"), "{}", err(&refused));
    let unasked = run(at, &["keys", "destroy", "0"], b"y\n");
    assert_eq!(unasked.status.code(), Some(1));
    assert!(err(&unasked).contains("--yes"), "{}", err(&unasked));
    run(at, &["keys", "destroy", "0", "--yes"], b"");
    let refused = run(at, &["open", "old.png"], b"");
    assert!(
        err(&refused).contains("not recognised"),
        "{}",
        err(&refused)
    );
}

#[test]
fn check_says_what_is_wrong_and_what_to_do() {
    let folder = new_folder();
    let fresh = run(folder.path(), &["check"], b"");
    assert_eq!(fresh.status.code(), Some(0));
    assert!(out(&fresh).contains("does not exist yet"));
    assert!(out(&fresh).contains("server.public_url"), "{}", out(&fresh));
    std::fs::write(
        folder.path().join("public.toml"),
        "[server]\npublic_url = \"https://qr.example.com\"\n",
    )
    .unwrap();
    let public = run(folder.path(), &["--config", "public.toml", "check"], b"");
    assert_eq!(public.status.code(), Some(1));
    assert!(
        out(&public).contains("qrseal keys init"),
        "{}",
        out(&public)
    );
    assert!(out(&public).contains("auth.issuing"), "{}", out(&public));
}

#[test]
fn the_description_and_the_help_come_without_a_keyring() {
    let folder = new_folder();
    let description = run(folder.path(), &["openapi"], b"");
    assert_eq!(out(&description), include_str!("../openapi/openapi.json"));
    for command in [
        &[][..],
        &["serve"],
        &["seal"],
        &["open"],
        &["draw"],
        &["keys"],
        &["keys", "promote"],
        &["store"],
        &["store", "copy"],
        &["store", "retire"],
        &["openapi"],
        &["check"],
        &["config"],
        &["completions"],
        &["man"],
    ] {
        let mut arguments = command.to_vec();
        arguments.push("--help");
        let help = run(folder.path(), &arguments, b"");
        assert_eq!(help.status.code(), Some(0));
        assert!(out(&help).contains("Example"), "{command:?} has no example");
    }
    assert!(
        std::fs::read_dir(folder.path()).unwrap().next().is_none(),
        "nothing was written"
    );
}

#[test]
fn opening_a_limited_code_counts_and_is_never_done_by_the_way() {
    let folder = new_folder();
    let seal = [
        "seal",
        "--max-opens",
        "2",
        "--expires-in",
        "2h",
        "--output",
        "code.png",
    ];
    let sealed = run(folder.path(), &seal, INVOICE.as_bytes());
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let asked = run(folder.path(), &["open", "code.png"], b"y\n");
    assert_eq!(asked.status.code(), Some(1));
    assert!(
        err(&asked).contains("this code opens 2 more times"),
        "{}",
        err(&asked)
    );
    assert!(err(&asked).contains("--count") && out(&asked).is_empty());
    for left in ["opens left: 1", "opens left: 0"] {
        let opened = run(folder.path(), &["open", "code.png", "--count"], b"");
        assert_eq!(out(&opened), format!("{INVOICE}\n"), "{}", err(&opened));
        assert!(err(&opened).contains(left), "{}", err(&opened));
    }
    let used = run(folder.path(), &["open", "code.png", "--count"], b"");
    assert_eq!(used.status.code(), Some(1));
    assert!(
        err(&used).contains("used up; it was last opened at 20"),
        "{}",
        err(&used)
    );
}

#[test]
fn a_code_with_a_pin_takes_it_from_a_file() {
    let folder = new_folder();
    std::fs::write(folder.path().join("pin.txt"), "tea at five\n").unwrap();
    std::fs::write(folder.path().join("wrong.txt"), "tea at six\n").unwrap();
    let seal = [
        "seal",
        "--pin-file",
        "pin.txt",
        "--expires-in",
        "2h",
        "--output",
        "code.png",
    ];
    let sealed = run(folder.path(), &seal, INVOICE.as_bytes());
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let none = run(folder.path(), &["open", "code.png"], b"tea at five\n");
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("--pin-file"), "{}", err(&none));
    for left in [4, 3] {
        let wrong = run(
            folder.path(),
            &["open", "code.png", "--pin-file", "wrong.txt"],
            b"",
        );
        assert_eq!(wrong.status.code(), Some(1));
        assert!(
            err(&wrong).contains(&format!("tries left: {left}")),
            "{}",
            err(&wrong)
        );
        assert!(out(&wrong).is_empty());
    }
    let opened = run(
        folder.path(),
        &["open", "code.png", "--pin-file", "pin.txt"],
        b"",
    );
    assert_eq!(out(&opened), format!("{INVOICE}\n"), "{}", err(&opened));
}

#[test]
fn a_plain_code_is_opened_without_making_a_database() {
    let folder = new_folder();
    let sealed = run(
        folder.path(),
        &["seal", "--output", "code.png"],
        INVOICE.as_bytes(),
    );
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let opened = run(folder.path(), &["open", "code.png"], b"");
    assert_eq!(opened.status.code(), Some(0), "{}", err(&opened));
    let mut names: Vec<_> = std::fs::read_dir(folder.path().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(
        names.iter().all(|name| name.starts_with("keyring")),
        "{names:?}"
    );
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_utf_8_are_refused_and_not_changed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let folder = new_folder();
    let latin = OsStr::from_bytes(b"caf\xe9");
    for arguments in [[OsStr::new("draw"), latin], [OsStr::new("open"), latin]] {
        let output = qrseal()
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains("UTF-8"), "{}", err(&output));
    }
    let piped = run(folder.path(), &["draw", "-"], b"caf\xe9");
    assert_eq!(piped.status.code(), Some(1));
    assert!(err(&piped).contains("UTF-8"), "{}", err(&piped));
    let sealed = run(folder.path(), &["seal"], b"{\"a\":\"caf\xe9\"}");
    assert_eq!(sealed.status.code(), Some(1), "{}", err(&sealed));
}
