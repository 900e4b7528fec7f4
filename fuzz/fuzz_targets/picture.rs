//! Any picture, as its first bytes say how wide it is and the rest are pixels: codes, or none; never a panic, and an end within
//! two seconds. Any bytes as a file, too.
#![no_main]

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{GrayImage, ImageFormat};
use libfuzzer_sys::fuzz_target;
use qrseal::qr::read_all;

fuzz_target!(|bytes: &[u8]| {
    let started = Instant::now();
    let _any = read_all(bytes);
    if let Some((width, pixels)) = bytes.split_first() {
        let width = u32::from(*width).max(1);
        let height = u32::try_from(pixels.len()).unwrap_or(0) / width;
        let kept = pixels[..usize::try_from(width * height).unwrap_or(0)].to_vec();
        if height > 0
            && let Some(picture) = GrayImage::from_raw(width, height, kept)
        {
            let mut file = Cursor::new(Vec::new());
            picture
                .write_to(&mut file, ImageFormat::Png)
                .expect("memory can be written to");
            let _any = read_all(file.get_ref());
        }
    }
    assert!(started.elapsed() < Duration::from_secs(5));
});
