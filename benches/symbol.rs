//! A symbol from a link, and a picture from a symbol, beside other crates.
//!
//! `benches/README.md` has the commands, and those that count instructions.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that fails has nothing to measure"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use qrseal::qr::{Level, Style, Symbol, png, svg};

/// Digits after the host that make versions 4, 9, 16 and 26 at level M.
const LINKS: [(u8, usize); 4] = [(4, 100), (9, 370), (16, 1_000), (26, 2_450)];

fn link(digits: usize) -> String {
    let digits: String = (0..digits)
        .map(|index| char::from(b"3141592653589793238462643383279502884197"[index * 7 % 40]))
        .collect();
    format!("https://QR.EXAMPLE.COM/{digits}")
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    for (version, digits) in LINKS {
        let link = link(digits);
        assert_eq!(
            Symbol::encode(&link, Level::Medium).unwrap().version(),
            version
        );
        group.bench_with_input(
            BenchmarkId::new("qrseal", version),
            &link,
            |bencher, link| {
                bencher.iter(|| Symbol::encode(black_box(link), Level::Medium).unwrap());
            },
        );
        group.bench_with_input(
            BenchmarkId::new("qrcode", version),
            &link,
            |bencher, link| {
                bencher.iter(|| {
                    qrcode::QrCode::with_error_correction_level(black_box(link), qrcode::EcLevel::M)
                        .unwrap()
                });
            },
        );
        // These two put a whole text into one segment: the longest link does not fit.
        let fast_qr = |link: &str| fast_qr::QRBuilder::new(link).ecl(fast_qr::ECL::M).build();
        if fast_qr(&link).is_ok() {
            group.bench_with_input(
                BenchmarkId::new("fast_qr", version),
                &link,
                |bencher, link| {
                    bencher.iter(|| fast_qr(black_box(link)).unwrap());
                },
            );
        }
        let qrcodegen = |link: &str| {
            qrcodegen::QrCode::encode_segments_advanced(
                &qrcodegen::QrSegment::make_segments(link),
                qrcodegen::QrCodeEcc::Medium,
                qrcodegen::Version::MIN,
                qrcodegen::Version::MAX,
                None,
                false,
            )
        };
        if qrcodegen(&link).is_ok() {
            group.bench_with_input(
                BenchmarkId::new("qrcodegen", version),
                &link,
                |bencher, link| {
                    bencher.iter(|| qrcodegen(black_box(link)).unwrap());
                },
            );
        }
    }
    group.finish();
}

/// The pixels of a picture, one byte each.
fn grey(symbol: &Symbol, style: &Style) -> image::GrayImage {
    let (scale, margin) = (u32::from(style.scale.px()), style.quiet_zone.modules());
    let side = u32::try_from(style.modules(symbol)).unwrap() * scale;
    image::GrayImage::from_fn(side, side, |x, y| {
        let module = |px: u32| usize::try_from(px / scale).unwrap().checked_sub(margin);
        let dark = module(x)
            .zip(module(y))
            .is_some_and(|(x, y)| symbol.is_dark(x, y));
        image::Luma([if dark { 0 } else { 255 }])
    })
}

/// The same, one bit each.
fn bits(picture: &image::GrayImage) -> Vec<u8> {
    let width = usize::try_from(picture.width()).unwrap();
    let row = |row: &[u8]| -> Vec<u8> {
        row.chunks(8)
            .map(|pixels| {
                pixels
                    .iter()
                    .enumerate()
                    .fold(0xff, |byte, (index, &grey)| {
                        if grey == 0 {
                            byte & !(0x80 >> index)
                        } else {
                            byte
                        }
                    })
            })
            .collect()
    };
    picture.as_raw().chunks_exact(width).flat_map(row).collect()
}

fn draw(criterion: &mut Criterion) {
    let style = Style::default();
    let mut group = criterion.benchmark_group("draw");
    for (version, digits) in LINKS {
        let symbol = Symbol::encode(&link(digits), Level::Medium).unwrap();
        let picture = grey(&symbol, &style);
        let packed = bits(&picture);
        group.bench_with_input(
            BenchmarkId::new("qrseal png", version),
            &symbol,
            |bencher, symbol| {
                bencher.iter(|| png(black_box(symbol), &style).unwrap());
            },
        );
        group.bench_with_input(
            BenchmarkId::new("image png, 8 bit", version),
            &picture,
            |bencher, picture| {
                bencher.iter(|| {
                    let mut out = std::io::Cursor::new(Vec::new());
                    black_box(picture)
                        .write_to(&mut out, image::ImageFormat::Png)
                        .unwrap();
                    out.into_inner()
                });
            },
        );
        group.bench_with_input(
            BenchmarkId::new("png 1 bit", version),
            &packed,
            |bencher, packed| {
                bencher.iter(|| {
                    let mut out = Vec::new();
                    let mut encoder =
                        png::Encoder::new(&mut out, picture.width(), picture.height());
                    encoder.set_color(png::ColorType::Grayscale);
                    encoder.set_depth(png::BitDepth::One);
                    // As `image` does.
                    encoder.set_compression(png::Compression::Fast);
                    encoder
                        .write_header()
                        .unwrap()
                        .write_image_data(black_box(packed))
                        .unwrap();
                    out
                });
            },
        );
        group.bench_with_input(
            BenchmarkId::new("qrseal svg", version),
            &symbol,
            |bencher, symbol| {
                bencher.iter(|| svg(black_box(symbol), &style, "A link"));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, encode, draw);
criterion_main!(benches);
