//! Styled symbols before decoders that are not ours: every combination is read by zbar and `ZXing`; what `OpenCV` makes of
//! plain and styled symbols is written down. And libqrencode, as a second encoder, makes no smaller symbol.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrseal::qr::{Level, Symbol};
use serde_json::{Value, json};

use crate::fixture::Server;
use crate::symbols::{Pictures, png_side};
use crate::tools;

const SHAPES: [&str; 3] = ["square", "rounded", "dots"];
const FINDERS: [&str; 3] = ["square", "rounded", "circle"];
const SCALES: [u8; 4] = [4, 5, 6, 8];
const SHARES: [u8; 3] = [20, 15, 22];
const COLOURS: [(&str, &str); 4] = [
    ("#000000", "#ffffff"),
    ("#123c7a", "#fdf6e3"),
    ("#7a1020", "transparent"),
    ("#1b5e20", "#c8e6c9"),
];

/// A link that needs this version at level M.
fn link(version: u8) -> String {
    (0..6_000)
        .step_by(8)
        .map(|digits| {
            let digits: String = "31415926535".chars().cycle().take(digits).collect();
            format!("https://QR.EXAMPLE.COM/{digits}")
        })
        .find(|link| {
            Symbol::encode(link, Level::Medium).is_ok_and(|symbol| symbol.version() == version)
        })
        .expect("some length needs this version")
}

/// A disc, a picture without transparency, and a wide one.
fn logos() -> Vec<String> {
    let disc = image::RgbaImage::from_fn(96, 96, |x, y| {
        let inside = (f64::from(x) - 47.5).hypot(f64::from(y) - 47.5) < 47.0;
        image::Rgba(if inside { [190, 20, 40, 255] } else { [0; 4] })
    });
    let full = image::RgbaImage::from_pixel(40, 40, image::Rgba([20, 90, 60, 255]));
    let wide = image::RgbaImage::from_pixel(120, 48, image::Rgba([240, 160, 0, 255]));
    [disc, full, wide]
        .into_iter()
        .map(|picture| {
            let mut bytes = std::io::Cursor::new(Vec::new());
            picture
                .write_to(&mut bytes, image::ImageFormat::Png)
                .expect("memory takes any picture");
            STANDARD.encode(bytes.into_inner())
        })
        .collect()
}

/// Every shape with every finder, with and without logo and caption, in turn in each of the colours and versions.
fn combinations() -> Vec<(String, Value)> {
    let logos = logos();
    let mut all = Vec::new();
    for (modules, finders) in SHAPES
        .into_iter()
        .flat_map(|modules| FINDERS.map(|finders| (modules, finders)))
    {
        for (with_logo, with_caption) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            // A logo raises the level and with it the version, which is at most 25.
            let versions: &[u8] = match with_logo {
                true => &[3, 5, 8, 12, 15, 20],
                false => &[3, 6, 9, 13, 18, 22, 25],
            };
            for round in 0..2 {
                let index = all.len() + round;
                let (dark, light) = COLOURS[index % COLOURS.len()];
                let mut options = json!({
                    "value": link(versions[index % versions.len()]), "module_shape": modules, "finder_shape": finders,
                    "dark": dark, "light": light, "scale": SCALES[index % SCALES.len()],
                });
                if with_logo {
                    options["logo"] = logos[index % logos.len()].as_str().into();
                    options["logo_share"] = SHARES[index % SHARES.len()].into();
                }
                if with_caption {
                    options["caption"] = "Größe 42, Seat 12C".into();
                }
                let name = format!(
                    "{:02}-{modules}-{finders}-{with_logo}-{with_caption}",
                    all.len()
                );
                all.push((name, options));
            }
        }
    }
    all
}

#[test]
fn every_combination_of_shapes_colours_logo_and_caption_is_read_by_both_decoders() {
    let server = Server::start();
    let mut pictures = Pictures::new();
    for (name, options) in combinations() {
        let answer = server.post_json("/api/qrcode", options.to_string());
        assert_eq!(
            answer.status,
            200,
            "{name}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        let text = options["value"].as_str().expect("a text");
        pictures.add(&format!("{name}.png"), &answer.body, text);
    }
    assert!(pictures.expected.len() >= 60, "{}", pictures.expected.len());
    let report = seen_by_opencv(&pictures);
    pictures.are_read(1);
    report_opencv("styled", &report);
}

#[test]
fn the_svg_of_styled_symbols_is_read_as_chromium_shows_it() {
    let server = Server::start();
    let mut pictures = Pictures::new();
    let mut job = Vec::new();
    for (name, mut options) in combinations().into_iter().step_by(5) {
        // Without a caption, so that it is as high as it is wide.
        options["caption"] = Value::Null;
        options["format"] = "svg".into();
        options["scale"] = 6.into();
        let answer = server.post_json("/api/qrcode", options.to_string());
        assert_eq!(
            answer.status,
            200,
            "{name}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        let svg = pictures.path(&format!("{name}.svg"));
        fs::write(&svg, &answer.body).expect("the folder can be written");
        let png = pictures.path(&format!("{name}.png"));
        job.push(json!({
            "svg": tools::path_text(&svg), "png": tools::path_text(&png),
            "side": crate::symbols::side_of(answer.text())
        }));
        pictures
            .expected
            .push((png, options["value"].as_str().expect("a text").to_owned()));
    }
    tools::browser("rasterise", &json!({ "pictures": job }));
    pictures.are_read(1);
}

#[test]
fn what_opencv_reads_of_plain_symbols_is_written_down() {
    let server = Server::start();
    let mut pictures = Pictures::new();
    for version in (1..=40).step_by(3) {
        let body = json!({"value": link(version.max(2)), "ecl": "M", "scale": 6});
        let answer = server.post_json("/api/qrcode", body.to_string());
        assert_eq!(answer.status, 200);
        pictures.add(
            &format!("version-{version:02}.png"),
            &answer.body,
            &link(version.max(2)),
        );
    }
    let report = seen_by_opencv(&pictures);
    pictures.are_read(1);
    report_opencv("plain", &report);
    // It is a reader, not an oracle: it has to read most of them, or something is wrong with ours.
    let read = report.values().filter(|is_read| **is_read).count();
    assert!(
        2 * read > report.len(),
        "OpenCV reads {read} of {}",
        report.len()
    );
}

/// Whether `OpenCV` reads each picture to its text. Reading another text would be a fault of ours or of it.
fn seen_by_opencv(pictures: &Pictures) -> BTreeMap<String, bool> {
    let mut reader = tools::python("third_reader.py");
    reader.args(pictures.expected.iter().map(|(path, _)| path));
    let found: Value = serde_json::from_slice(&tools::run_well(&mut reader)).expect("JSON");
    pictures
        .expected
        .iter()
        .map(|(path, text)| {
            let name = path
                .file_stem()
                .expect("a file")
                .to_string_lossy()
                .into_owned();
            let said = found[tools::path_text(path)].as_str();
            assert!(
                said.is_none_or(|said| said == text),
                "OpenCV reads {said:?} of {name}"
            );
            (name, said.is_some())
        })
        .collect()
}

/// Writes what it read and what it missed to `tests/output/`.
fn report_opencv(what: &str, report: &BTreeMap<String, bool>) {
    let read = report.values().filter(|is_read| **is_read).count();
    let mut text = format!(
        "OpenCV reads {read} of {} {what} symbols. It misses:\n",
        report.len()
    );
    for (name, _) in report.iter().filter(|(_, is_read)| !**is_read) {
        let _ = writeln!(text, "  {name}");
    }
    println!("{text}");
    fs::create_dir_all(tools::output_folder()).expect("the folder can be made");
    fs::write(
        tools::output_folder().join(format!("opencv-{what}.txt")),
        text,
    )
    .expect("the folder can be written");
}

#[test]
fn libqrencode_makes_no_smaller_symbol_of_the_same_text() {
    let server = Server::start();
    let long = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abcdefghijklmnopqrstuvwxyz".repeat(8);
    let texts = [
        "1".to_owned(),
        "https://example.com/menu?table=12".to_owned(),
        "WIFI:T:WPA;S:Guests;P:correct horse;;".to_owned(),
        "ABC123456789012abc12345678ABCDEFGH".to_owned(),
        "TEL:+491234567890;a1b2c3d4e5f6;ABCDEF;000000000000000001".to_owned(),
        link(4),
        link(9),
        link(16),
        link(26),
        long,
    ];
    let folder = crate::fixture::new_folder();
    for text in &texts {
        for level in ["L", "M", "Q", "H"] {
            let file = folder.path().join("theirs.png");
            tools::run_well(
                std::process::Command::new("qrencode")
                    .args(["-l", level, "-s", "1", "-m", "0", "-o"])
                    .arg(&file)
                    .arg(text),
            );
            let theirs = png_side(&fs::read(&file).expect("it wrote a picture"));
            let body = json!({"value": text, "ecl": level, "scale": 1, "quiet_zone": 0});
            let answer = server.post_json("/api/qrcode", body.to_string());
            assert_eq!(answer.status, 200);
            let ours = png_side(&answer.body);
            assert!(
                ours <= theirs,
                "{ours} > {theirs} modules for {text} at {level}"
            );
        }
    }
}
