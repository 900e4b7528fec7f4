//! The desk before a camera: codes that are turned, blurred, dark or drawn in dots. `tests/tools/browser.mjs` looks.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels and shades of grey"
)]

use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use crate::fixture::Server;
use crate::independent::seal;
use crate::tools;

/// Width and height of the camera's picture.
const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// How a code stands before the camera.
#[derive(Clone, Copy)]
struct Held {
    /// Degrees.
    turned: f64,
    /// How many pixels around each are mixed into it.
    blurred: usize,
    /// The share of light that is there.
    light: f64,
    /// The share of its size.
    size: f64,
    style: Style,
}

/// How it is drawn.
#[derive(Clone, Copy)]
enum Style {
    Plain,
    Dots,
    Coloured,
}

#[test]
fn staff_scan_codes_with_a_camera_however_they_are_held() {
    let server = Server::start();
    let list = server.command(
        "lists",
        &[
            "create",
            "Gala",
            "--accept",
            "ticket",
            "--set",
            "exits=on",
            "--set",
            "gates=[\"north\",\"south\"]",
        ],
    );
    let list = list.trim();
    let ticket = |number: usize| {
        let document = format!(r#"{{"name":"Guest {number}"}}"#);
        seal(
            &server,
            &document,
            &["--expiry-minutes", "600", "--profile", "4"],
        )
    };
    // Each turned otherwise, up to 30 degrees from upright or on a side, and each fault in turn, alone and with another.
    let held: Vec<Held> = (0..30)
        .map(|number| Held {
            turned: f64::from(number % 4 * 90 + number * 7 % 61 - 30),
            blurred: usize::from(number % 5 == 1),
            light: [1.0, 0.6, 1.0, 0.45][number as usize % 4],
            size: [1.0, 0.9, 0.8][number as usize % 3],
            style: match number % 5 {
                1 => Style::Plain,
                _ => [Style::Plain, Style::Dots, Style::Coloured][number as usize / 2 % 3],
            },
        })
        .collect();
    let film = server.folder().join("camera.y4m");
    let codes: Vec<_> = (0..held.len()).map(ticket).collect();
    write_film(
        &film,
        codes
            .iter()
            .zip(&held)
            .map(|(digits, held)| picture(&server, &server.url(&format!("/{digits}")), held)),
    );
    let code = server.command("accounts", &["create", "camera", "--role", "manager"]);
    tools::browser(
        "desk-camera",
        &json!({
            "base": server.url(""),
            "film": film,
            "codes": held.len(),
            "list": list,
            "person": {"name": "camera", "code": code.trim_end()},
        }),
    );
}

/// A code before the camera, as shades of grey.
fn picture(server: &Server, link: &str, held: &Held) -> Vec<u8> {
    let mut asked = json!({"value": link, "scale": 8, "quiet_zone": 6});
    match held.style {
        Style::Plain => {}
        Style::Dots => {
            asked["module_shape"] = json!("dots");
            asked["ecl"] = json!("Q");
        }
        Style::Coloured => {
            asked["module_shape"] = json!("rounded");
            asked["dark"] = json!("#123a7a");
            asked["light"] = json!("#fff4d6");
        }
    }
    let drawn = server.post_json("/api/qrcode?format=png", asked.to_string());
    assert_eq!(drawn.status, 200, "{}", drawn.text());
    let drawn = image::load_from_memory(&drawn.body)
        .expect("a PNG")
        .into_luma8();
    let (sin, cos) = held.turned.to_radians().sin_cos();
    let side = f64::from(drawn.width());
    // From the corners of the picture to those of the code.
    // All of it is before the camera, however it is turned.
    let largest = HEIGHT as f64 / (sin.abs() + cos.abs());
    let scale = side / (430.0 * held.size).min(largest);
    let light = |x: usize, y: usize| {
        let (dx, dy) = (
            x as f64 - WIDTH as f64 / 2.0,
            y as f64 - HEIGHT as f64 / 2.0,
        );
        let from = (
            (dx * cos + dy * sin) * scale + side / 2.0,
            (dy * cos - dx * sin) * scale + side / 2.0,
        );
        let within = |at: f64| (0.0..side).contains(&at);
        match within(from.0) && within(from.1) {
            true => f64::from(drawn.get_pixel(from.0 as u32, from.1 as u32).0[0]),
            // A hand, or a wall.
            false => 150.0,
        }
    };
    let sharp: Vec<f64> = (0..WIDTH * HEIGHT)
        .map(|at| light(at % WIDTH, at / WIDTH))
        .collect();
    let around = held.blurred;
    (0..WIDTH * HEIGHT)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let (mut sum, mut count) = (0.0, 0.0);
            for row in y.saturating_sub(around)..=(y + around).min(HEIGHT - 1) {
                for column in x.saturating_sub(around)..=(x + around).min(WIDTH - 1) {
                    sum += sharp[row * WIDTH + column];
                    count += 1.0;
                }
            }
            (sum / count * held.light) as u8
        })
        .collect()
}

/// Each picture for one and a half seconds, again and again.
fn write_film(path: &Path, pictures: impl Iterator<Item = Vec<u8>>) {
    let mut film = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let head = format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F4:1 Ip A1:1 C420jpeg\n");
    film.write_all(head.as_bytes()).expect("room");
    let grey = vec![128; WIDTH * HEIGHT / 2];
    for picture in pictures {
        for _ in 0..6 {
            film.write_all(b"FRAME\n").expect("room");
            film.write_all(&picture).expect("room");
            film.write_all(&grey).expect("room");
        }
    }
    film.flush().expect("room");
}
