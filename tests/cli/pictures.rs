//! Pictures as people have them: several codes in one, codes of others, and what only looks like a code.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, QrSegmentMode};
use serde_json::Value;

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

/// A picture of a code of somebody else: eight pixels a module.
fn draw(path: &Path, segments: &[QrSegment]) {
    const SCALE: usize = 8;
    const QUIET: i32 = 4;
    let code = QrCode::encode_segments(segments, QrCodeEcc::Medium).unwrap();
    let side = code.size() + 2 * QUIET;
    let mut pixels = Vec::new();
    for y in 0..side {
        let row: Vec<u8> = (0..side)
            .flat_map(|x| {
                [if code.get_module(x - QUIET, y - QUIET) {
                    0
                } else {
                    255
                }; SCALE]
            })
            .collect();
        pixels.extend(row.repeat(SCALE));
    }
    let side = u32::try_from(side).unwrap() * 8;
    let mut png = png::Encoder::new(std::fs::File::create(path).unwrap(), side, side);
    png.set_color(png::ColorType::Grayscale);
    png.write_header()
        .unwrap()
        .write_image_data(&pixels)
        .unwrap();
}

/// Characters of JIS X 0208, in the 13 bits that the Kanji mode has for each.
fn kanji(shift_jis: &[u16]) -> QrSegment {
    let bits = shift_jis.iter().flat_map(|code| {
        let code = code - if *code < 0xe040 { 0x8140 } else { 0xc140 };
        let value = (code >> 8) * 0xc0 + (code & 0xff);
        (0..13).rev().map(move |bit| value >> bit & 1 == 1)
    });
    QrSegment::new(QrSegmentMode::Kanji, shift_jis.len(), bits.collect())
}

#[test]
fn codes_that_are_not_utf_8_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let latin = b"Caf\xe9 M\xfcller, 5 \xa3, ma\xf1ana";
    let binary: Vec<u8> = (0..=255).rev().collect();
    for (name, segment, text, bytes) in [
        (
            "latin-1.png",
            QrSegment::make_bytes(latin),
            Some("Caf\u{e9} M\u{fc}ller, 5 \u{a3}, ma\u{f1}ana"),
            Some(&latin[..]),
        ),
        (
            "kanji.png",
            kanji(&[0x935f, 0xe4aa]),
            Some("\u{70b9}\u{8317}"),
            None,
        ),
        (
            "binary.png",
            QrSegment::make_bytes(&binary),
            None,
            Some(&*binary),
        ),
        (
            "utf-8.png",
            QrSegment::make_bytes("\u{20ac} 5".as_bytes()),
            Some("\u{20ac} 5"),
            None,
        ),
    ] {
        draw(&at.join(name), &[segment]);
        let read = run(at, &["read", "--json", name], b"");
        assert_eq!(read.status.code(), Some(0), "{name}: {}", err(&read));
        let code: Value = serde_json::from_str(out(&read)).unwrap();
        let held = code["bytes"]
            .as_str()
            .map(|bytes| STANDARD.decode(bytes).unwrap());
        if let Some(bytes) = bytes {
            assert_eq!(held.as_deref(), Some(bytes), "{name}");
        }
        if let Some(text) = text {
            assert_eq!(code["text"], text, "{name}");
            let plain = run(at, &["read", name], b"");
            assert_eq!(out(&plain), format!("{text}\n"), "{name}");
        }
        // None of them is a code of ours, and none is opened.
        run(at, &["keys", "init"], b"");
        let opened = run(at, &["open", name], b"");
        assert_eq!(opened.status.code(), Some(1), "{name}");
        assert!(err(&opened).contains("it says"), "{name}: {}", err(&opened));
    }
}
