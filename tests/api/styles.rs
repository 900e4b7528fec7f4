//! Shapes, captions, logos and sizes in print.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

const PAYLOAD: &str = "/api/qrcode/encrypted-payload";

/// A PNG of a red disc on nothing.
pub fn disc(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Rgba);
    let half = f64::from(side) / 2.0;
    let pixels: Vec<u8> = (0..side * side)
        .flat_map(|index| {
            let (x, y) = (f64::from(index % side), f64::from(index / side));
            let inside = (x - half).hypot(y - half) < half;
            if inside { [190, 20, 40, 255] } else { [0; 4] }
        })
        .collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("the pixels");
    writer.finish().expect("an end");
    bytes
}

fn with_style(app: &TestApp, style: &Value) -> Answer {
    let body = json!({"payload": {"seat": "12C"}, "format": "png", "style": style});
    app.post_json("/api/tokens", body.to_string())
}

fn code(app: &TestApp, options: &Value) -> Answer {
    let mut body = json!({"value": "https://example.com/menu?table=12"});
    for (name, value) in options.as_object().expect("options") {
        body[name] = value.clone();
    }
    app.post_json("/api/qrcode", body.to_string())
}

#[test]
fn shapes_logo_and_caption_are_drawn_on_every_route_and_read_back() {
    let app = TestApp::start();
    let logo = STANDARD.encode(disc(64));
    let style = json!({"module_shape": "dots", "finder_shape": "circle", "caption": "Seat 12C", "logo": logo,
        "logo_share": 18, "dark": "#123c7a", "scale": 6});
    let sealed = with_style(&app, &style);
    assert_eq!(
        sealed.status,
        201,
        "{}",
        String::from_utf8_lossy(&sealed.body)
    );
    let text = qrseal::qr::read(&sealed.body).expect("the picture is read");
    assert_eq!(Some(text.as_str()), sealed.header("location"));
    let drawn = code(&app, &style);
    assert_eq!(
        qrseal::qr::read(&drawn.body).as_deref(),
        Ok("https://example.com/menu?table=12")
    );

    let query = "module_shape=rounded&finder_shape=rounded&caption=Table+12&light=transparent";
    let sealed = app.post_json(&format!("{PAYLOAD}?{query}"), r#"{"seat":"12C"}"#);
    assert_eq!(
        qrseal::qr::read(&sealed.body).ok().as_deref(),
        sealed.header("location")
    );
    let drawn = app.get(&format!("/generate_qr?data=https://example.com/&{query}"));
    assert_eq!(
        qrseal::qr::read(&drawn.body).as_deref(),
        Ok("https://example.com/")
    );
    let drawing = app.get(&format!("/generate_qr?data=x&{query}&format=svg"));
    assert!(drawing.text().contains("below it: Table 12</desc>"));
    let terminal = app.get(&format!("/generate_qr?data=x&{query}&format=txt"));
    assert!(terminal.text().contains('█'));
}

#[test]
fn the_level_of_a_plain_code_is_chosen_and_told() {
    let app = TestApp::start();
    let level = |options: Value| {
        let mut options = options;
        options["format"] = "json".into();
        code(&app, &options).json()["qr"]["ecl"].clone()
    };
    // 33 characters in version 3 have room for level M and no more.
    assert_eq!(level(json!({})), "M");
    assert_eq!(level(json!({"ecl": "L"})), "L");
    let short = app.get("/generate_qr?data=1&format=json").json();
    assert_eq!(
        (&short["qr"]["ecl"], &short["qr"]["version"]),
        (&json!("H"), &json!(1))
    );
    // A logo raises it, for tokens too, whose level is M otherwise.
    let logo = STANDARD.encode(disc(32));
    assert_eq!(level(json!({"logo": logo, "logo_share": 22})), "H");
    let envelope = json!({"payload": 1, "style": {"logo": logo, "logo_share": 25}});
    let issued = app.post_json("/api/tokens", envelope.to_string()).json();
    assert_ne!(issued["qr"]["ecl"], "M", "{issued}");
    let plain = app.post_json("/api/tokens", r#"{"payload":1}"#).json();
    assert_eq!(plain["qr"]["ecl"], "M");
}

#[test]
fn sizes_in_print_are_in_the_picture_and_small_ones_are_warned_of() {
    let app = TestApp::start();
    let told = |options: Value| {
        let mut options = options;
        options["format"] = "json".into();
        code(&app, &options).json()["qr"].clone()
    };
    // Version 3 with its quiet zone is 37 modules.
    let open = told(json!({}));
    assert_eq!(
        (&open["smallest_mm"], &open["width_mm"], &open["warning"]),
        (&json!(14.8), &Value::Null, &Value::Null)
    );
    let large = told(json!({"module_mm": 0.5}));
    assert_eq!(
        (&large["width_mm"], &large["warning"]),
        (&json!(18.5), &Value::Null)
    );
    for small in [
        json!({"width_mm": 11.1}),
        json!({"module_mm": 0.3, "caption": "Small"}),
    ] {
        let small = told(small);
        assert_eq!(small["width_mm"], 11.1);
        let warning = small["warning"].as_str().expect("a warning");
        assert!(
            warning.contains("0.3 mm") && warning.contains("14.8 mm"),
            "{warning}"
        );
    }
    for options in [
        "module_mm=0.5",
        "width_mm=18.5",
        "width_mm=18.5&module_shape=rounded",
    ] {
        let path = format!("/generate_qr?data=https://example.com/menu?table=12&{options}");
        let drawing = app.get(&format!("{path}&format=svg"));
        assert!(
            drawing.text().contains("width=\"18.5mm\""),
            "{options}: {}",
            drawing.text()
        );
        let picture = app.get(&path);
        let decoder = png::Decoder::new(std::io::Cursor::new(&picture.body));
        let reader = decoder.read_info().expect("a PNG");
        let size = reader.info().pixel_dims.expect("its size in print");
        assert_eq!((size.xppu, size.unit), (16_000, png::Unit::Meter));
    }
}

#[test]
fn a_style_that_would_not_scan_is_refused_with_the_number_and_what_passes() {
    let app = TestApp::start();
    let logo = STANDARD.encode(disc(32));
    for (style, check, found, passes) in [
        (
            json!({"dark": "#999999"}),
            "contrast",
            json!(2.84),
            json!(3.0),
        ),
        (
            json!({"dark": "#ffffff", "light": "#000000"}),
            "inverted",
            Value::Null,
            Value::Null,
        ),
        (
            json!({"caption": "x", "quiet_zone": 3}),
            "quiet_zone",
            json!(3),
            json!(4),
        ),
        (
            json!({"module_shape": "dots", "scale": 2}),
            "scale",
            json!(2),
            json!(4),
        ),
        (
            json!({"logo": logo, "logo_share": 30, "ecl": "L"}),
            "logo_share",
            json!(30),
            Value::Null,
        ),
    ] {
        for problem in [with_style(&app, &style), code(&app, &style)] {
            let problem = problem.problem(422, "style_unscannable");
            assert_eq!(problem["check"], check, "{problem}");
            assert_eq!(problem["found"], found, "{problem}");
            if check != "logo_share" {
                assert_eq!(problem["passes"], passes, "{problem}");
            }
        }
    }
    let long = json!({"value": "1".repeat(3_000), "ecl": "M", "module_shape": "rounded"});
    let problem = app
        .post_json("/api/qrcode", long.to_string())
        .problem(422, "style_unscannable");
    assert_eq!(
        (&problem["check"], &problem["passes"]),
        (&json!("version"), &json!(25))
    );
    // What the refusal says would pass does pass.
    let refused = code(&app, &json!({"logo": logo, "logo_share": 30, "ecl": "M"}))
        .problem(422, "style_unscannable");
    let fitting = &refused["passes"];
    assert!(fitting.is_u64(), "{refused}");
    assert_eq!(
        code(
            &app,
            &json!({"logo": logo, "logo_share": fitting, "ecl": "M"})
        )
        .status,
        200
    );
}

#[test]
fn wrong_options_of_a_style_are_named_where_they_stand() {
    let app = TestApp::start();
    let huge = STANDARD.encode(vec![0; 262_145]);
    for (name, value) in [
        ("module_shape", json!("stars")),
        ("finder_shape", json!("dots")),
        ("caption", json!("")),
        ("caption", json!("日本")),
        ("caption", json!("x".repeat(33))),
        ("logo", json!("not base64")),
        ("logo", json!("")),
        ("logo", json!(7)),
        ("logo", json!("https://example.com/logo.png")),
        (
            "logo",
            json!(STANDARD.encode("<svg xmlns='http://www.w3.org/2000/svg'/>")),
        ),
        ("logo", json!(STANDARD.encode(&disc(64)[..100]))),
        ("logo", json!(huge)),
        ("logo_share", json!(4)),
        ("logo_share", json!(31)),
        ("module_mm", json!(0.09)),
        ("module_mm", json!("0.5")),
        ("module_mm", json!(51)),
        ("width_mm", json!(0)),
        ("width_mm", json!(2)),
        ("width_mm", json!(1e300)),
        ("shape", json!("dots")),
    ] {
        let problem = with_style(&app, &json!({ name: value })).problem(422, "validation");
        assert_eq!(
            problem["errors"][0]["pointer"],
            format!("/style/{name}"),
            "{name}"
        );
        let problem = code(&app, &json!({ name: value })).problem(422, "validation");
        assert_eq!(
            problem["errors"][0]["pointer"],
            format!("/{name}"),
            "{name}"
        );
    }
    for query in [
        "logo=iVBORw0KGgo=",
        "module_shape=Dots",
        "module_mm=1e0",
        "module_mm=-1",
        "module_mm=0.5&width_mm=20",
        "module_mm=0.5&module_mm=0.5",
        "caption=a&caption=b",
    ] {
        app.get(&format!("/generate_qr?data=x&{query}"))
            .problem(422, "validation");
    }
}

#[test]
fn a_logo_has_room_beside_a_document_and_a_document_has_no_more_room_for_it() {
    let app = TestApp::with(&[("LIMITS__MAX_BODY_BYTES", "70000")]);
    let mut large = disc(64);
    // Bytes after the end of a PNG are not looked at.
    large.resize(262_144, 0);
    let style = json!({"logo": STANDARD.encode(&large)});
    assert_eq!(with_style(&app, &style).status, 201);
    let spaced = |spaces: usize| {
        let body = json!({"payload": 1, "style": style}).to_string();
        format!("{}{body}", " ".repeat(spaces))
    };
    assert_eq!(app.post_json("/api/tokens", spaced(69_000)).status, 201);
    app.post_json("/api/tokens", spaced(70_000))
        .problem(413, "payload_too_large");
    app.post_json("/api/tokens", spaced(500_000))
        .problem(413, "payload_too_large");

    let without = TestApp::with(&[("LIMITS__MAX_LOGO_BYTES", "0")]);
    let problem =
        with_style(&without, &json!({"logo": STANDARD.encode(disc(8))})).problem(422, "validation");
    assert!(problem["detail"].as_str().unwrap().contains("switched off"));
}

#[test]
fn a_named_style_is_taken_from_the_configuration_and_the_request_comes_before_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("logo.png");
    std::fs::write(&file, disc(40)).expect("writable");
    let app = TestApp::with_file(&format!(
        "[style.brand]\ndark = \"#123c7a\"\nmodule_shape = \"dots\"\nlogo = \"{}\"\ncaption = \"Brand\"\nscale = 5",
        file.display()
    ));
    let svg = |answer: Answer| {
        assert!(
            answer.status < 300,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.text().to_owned()
    };
    let payload = r#"{"seat":"12C"}"#;
    let envelope = |style: Value| {
        let body = json!({"payload": 1, "format": "svg", "style": style});
        app.post_json("/api/tokens", body.to_string())
    };
    for drawing in [
        svg(app.post_json(&format!("{PAYLOAD}?style=brand&format=svg"), payload)),
        svg(app.get("/generate_qr?data=x&style=brand&format=svg&logo_share=15")),
        svg(code(&app, &json!({"style": "brand", "format": "svg"}))),
        svg(envelope(json!("brand"))),
        svg(envelope(json!({"name": "brand", "scale": 6}))),
    ] {
        assert!(
            drawing.contains("below it: Brand</desc>") && drawing.contains("#123c7a"),
            "{drawing}"
        );
        assert!(
            drawing.contains("stroke-linecap") && drawing.contains("data:image/png"),
            "{drawing}"
        );
    }
    let own = svg(envelope(
        json!({"name": "brand", "dark": "#000000", "caption": "Mine"}),
    ));
    assert!(
        own.contains("below it: Mine</desc>")
            && own.contains("#000000")
            && !own.contains("#123c7a")
    );

    for (problem, pointer) in [
        (envelope(json!("other")), "/style"),
        (envelope(json!({"name": "other"})), "/style/name"),
        (envelope(json!({"style": "brand"})), "/style/style"),
        (envelope(json!(7)), "/style"),
        (code(&app, &json!({"style": "other"})), "/style"),
        (code(&app, &json!({"style": {"name": "brand"}})), "/style"),
        (app.get("/generate_qr?data=x&style="), "/style"),
    ] {
        let problem = problem.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}

#[test]
fn when_the_queue_of_styled_symbols_is_full_the_rest_is_answered() {
    let app = TestApp::with(&[("SERVER__STYLE_THREADS", "1"), ("SERVER__STYLE_QUEUE", "0")]);
    let busy = AtomicFlag::default();
    let (app, busy) = (&app, &busy);
    std::thread::scope(|scope| {
        let draw = move || app.get("/generate_qr?data=x&caption=Busy&scale=64");
        for _ in 0..3 {
            scope.spawn(move || {
                for answer in std::iter::repeat_with(draw).take(200) {
                    if answer.status == 503 {
                        answer.problem(503, "temporarily_unavailable");
                        assert_eq!(answer.header("retry-after"), Some("1"));
                        busy.set();
                    } else {
                        assert_eq!(answer.status, 200);
                    }
                    if busy.is_set() {
                        break;
                    }
                }
            });
        }
        // Plain symbols do not wait for it.
        assert_eq!(app.get("/generate_qr?data=x").status, 200);
    });
    assert!(busy.is_set(), "two of three met no full queue");
}

#[derive(Default)]
struct AtomicFlag(std::sync::atomic::AtomicBool);

impl AtomicFlag {
    fn set(&self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}
