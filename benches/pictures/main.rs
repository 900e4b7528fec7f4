//! How many pictures of a fixed set are read, by kind.
//!
//!     cargo bench --bench pictures                       the shares, and the slowest picture
//!     cargo bench --bench pictures -- --write FOLDER     the pictures as PNG, with what each says in texts.json

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that fails has nothing to measure"
)]

mod kinds;

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use kinds::{Kind, Picture};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().position(|argument| argument == "--write") {
        Some(at) => write(Path::new(&arguments[at + 1])),
        None => measure(),
    }
}

fn file(picture: &Picture) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture
        .pixels
        .write_to(&mut file, image::ImageFormat::Png)
        .unwrap();
    file.into_inner()
}

fn write(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut texts = serde_json::Map::new();
    for picture in kinds::all() {
        let name = format!("{}.png", picture.name);
        std::fs::write(folder.join(&name), file(&picture)).unwrap();
        texts.insert(name, picture.text.into());
    }
    let texts = serde_json::Value::from(texts).to_string();
    std::fs::write(folder.join("texts.json"), texts).unwrap();
}

fn measure() {
    let mut slowest = (Duration::ZERO, String::new());
    let mut total = 0;
    let mut read = [0; Kind::ALL.len()];
    for picture in kinds::all() {
        let file = file(&picture);
        let started = Instant::now();
        let text = qrseal::qr::read(&file);
        let took = started.elapsed();
        if took > slowest.0 {
            slowest = (took, picture.name.clone());
        }
        if text.as_deref() == Ok(&picture.text) {
            read[picture.kind as usize] += 1;
            total += 1;
        }
    }
    for kind in Kind::ALL {
        println!("{kind:?}: {} of {}", read[kind as usize], Kind::PICTURES);
    }
    println!(
        "all: {total} of {}",
        Kind::PICTURES * Kind::ALL.len() as u64
    );
    println!("slowest: {} in {:?}", slowest.1, slowest.0);
}
