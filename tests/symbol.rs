//! Symbols and their pictures against other implementations: the `qrcode`
//! crate for modules, a search over every division for segments, the `image`
//! crate for pixels, zlib for sizes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in tests a panic is the failure"
)]

use std::io::Write as _;

use image::GenericImageView as _;
use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::{EcLevel, QrCode, Version};
use qrseal::qr::{
    Capacity, Colours, Level, LevelChoice, Light, ModuleSize, PictureError, QuietZone, ReadError,
    Scale, Style, Symbol, png, read, svg, terminal, text,
};

/// The same numbers on every run.
struct Seeded(u64);

impl Seeded {
    /// The generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(alphabet[self.below(alphabet.len())]))
            .collect()
    }
}

fn ec_level(level: Level) -> EcLevel {
    match level {
        Level::Low => EcLevel::L,
        Level::Medium => EcLevel::M,
        Level::Quartile => EcLevel::Q,
        Level::High => EcLevel::H,
    }
}

fn data_bits(version: u8, level: Level) -> usize {
    Bits::new(Version::Normal(i16::from(version)))
        .max_len(ec_level(level))
        .unwrap()
}

fn style(scale: u64, quiet_zone: u64) -> Style {
    Style {
        scale: Scale::try_from(scale).unwrap(),
        quiet_zone: QuietZone::try_from(quiet_zone).unwrap(),
        ..Style::default()
    }
}

const DIGITS: &[u8] = b"0123456789";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// One mode a text, so that both sides have the same segments.
fn assert_same_modules(mode: usize, text: &str, level: Level) {
    let ours = Symbol::encode(text, level).unwrap();
    let mut bits = Bits::new(Version::Normal(i16::from(ours.version())));
    match mode {
        0 => bits.push_numeric_data(text.as_bytes()).unwrap(),
        1 => bits.push_alphanumeric_data(text.as_bytes()).unwrap(),
        _ => bits.push_byte_data(text.as_bytes()).unwrap(),
    }
    bits.push_terminator(ec_level(level)).unwrap();
    let theirs = QrCode::with_bits(bits, ec_level(level)).unwrap();
    assert_eq!(theirs.width(), ours.modules());
    for (index, colour) in theirs.to_colors().into_iter().enumerate() {
        let (x, y) = (index % ours.modules(), index / ours.modules());
        assert_eq!(
            ours.is_dark(x, y),
            colour == qrcode::Color::Dark,
            "{text:?} at {level}: column {x}, row {y}"
        );
    }
}

#[test]
fn modules_are_those_of_the_qrcode_crate_at_every_version_and_level() {
    let mut random = Seeded(1);
    let mut compared = 0;
    for version in 1..=40_u8 {
        // Small ones often, large ones seldom: the crate takes a millisecond
        // and more for each of them.
        let rounds = match version {
            1..=4 => 150,
            5..=9 => 90,
            10..=20 => 20,
            _ => 3,
        };
        for level in Level::ALL {
            let capacity = data_bits(version, level);
            for round in 0..rounds {
                let mode = round % 3;
                // As many characters as just fit, or a few less.
                let available = capacity - 4 - [14, 13, 16][mode];
                let most = match mode {
                    0 => available * 3 / 10,
                    1 => available * 2 / 11,
                    _ => available / 8,
                };
                let length = most - random.below(4).min(most);
                let alphabet: &[u8] = match mode {
                    0 => DIGITS,
                    1 => &ALPHANUMERIC[10..],
                    _ => b"abcdefghijklmnopqrstuvwxyz{}\"_",
                };
                assert_same_modules(mode, &random.text(alphabet, length.max(1)), level);
                compared += 1;
            }
        }
    }
    assert!(compared >= 5_000, "{compared}");
}

#[test]
fn a_link_is_one_byte_one_alphanumeric_and_one_numeric_segment() {
    // Mode indicators 4 bits each, count fields of versions 1 to 9.
    let bits = (4 + 8 + 5 * 8) + (4 + 9 + 11 * 22 / 2) + (4 + 10 + 10 * 120 / 3);
    let link = format!("https://QR.EXAMPLE.COM:8080/{}", "0123456789".repeat(12));
    let link = link.replacen(
        "https://QR.EXAMPLE.COM:8080/",
        "https://QR.EXAMPLE.COM:808/",
        1,
    );
    assert_eq!(link.len(), 5 + 22 + 120);
    let symbol = Symbol::encode(&link, Level::Medium).unwrap();
    let smallest = (1..=40)
        .find(|&version| bits <= data_bits(version, Level::Medium))
        .unwrap();
    assert_eq!(symbol.version(), smallest);
}

/// Bits of the best division, found by trying every mode for every character.
fn fewest_bits(text: &str, header: [usize; 3]) -> usize {
    let allowed = |byte: u8| match byte {
        _ if DIGITS.contains(&byte) => 0,
        _ if ALPHANUMERIC.contains(&byte) => 1,
        _ => 2,
    };
    let cost = |mode: usize, length: usize| match mode {
        0 => (10 * length).div_ceil(3),
        1 => (11 * length).div_ceil(2),
        _ => 8 * length,
    };
    let bytes = text.as_bytes();
    // best[i]: the first i characters.
    let mut best = vec![usize::MAX; bytes.len() + 1];
    best[0] = 0;
    for end in 1..=bytes.len() {
        for (mode, header) in header.into_iter().enumerate() {
            for start in (0..end).rev() {
                if allowed(bytes[start]) > mode {
                    break;
                }
                best[end] = best[end].min(best[start] + header + cost(mode, end - start));
            }
        }
    }
    best[bytes.len()] + if text.is_ascii() { 0 } else { 12 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_division_into_segments_needs_fewer_bits(text in "([0-9]{1,12}|[A-Z0-9 $%*+./:-]{1,9}|[a-z]{1,4}|[a-zA-Z0-9é日]{1,8}){1,12}") {
        let bits = |class: usize| fewest_bits(&text, [[14, 13, 12], [16, 15, 20], [18, 17, 20]][class]);
        for level in Level::ALL {
            let classes = [(1..=9_u8, bits(0)), (10..=26, bits(1)), (27..=40, bits(2))];
            let smallest = classes
                .into_iter()
                .find_map(|(mut versions, bits)| versions.find(|&version| bits <= data_bits(version, level)));
            prop_assert_eq!(Symbol::encode(&text, level).unwrap().version(), smallest.unwrap());
        }
    }
}

#[test]
fn what_just_fits_fits_and_one_more_does_not() {
    for (longest, available_bits) in [
        ("7".repeat(7_089), 23_648),
        ("A".repeat(4_296), 23_648),
        ("a".repeat(2_953), 23_648),
    ] {
        assert_eq!(Symbol::encode(&longest, Level::Low).unwrap().version(), 40);
        assert_eq!(
            Symbol::encode(&longest, LevelChoice::Auto).unwrap().level(),
            Level::Low
        );
        let longer = format!("{longest}{}", &longest[..1]);
        for choice in [LevelChoice::Exactly(Level::Low), LevelChoice::Auto] {
            let error = Symbol::encode(&longer, choice).unwrap_err();
            assert!(error.needed_bits > available_bits);
            assert_eq!(
                error,
                Capacity {
                    needed_bits: error.needed_bits,
                    available_bits,
                    level: Level::Low
                }
            );
        }
    }
    let error = Symbol::encode(&"a".repeat(2_332), Level::Medium).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it needs 18676 bits, and the largest QR code holds 18672 at error correction level M: level L holds 23648"
    );
}

#[test]
fn auto_is_the_highest_level_that_costs_no_area() {
    let mut random = Seeded(2);
    for _ in 0..200 {
        let length = 1 + random.below(1_200);
        let text = random.text(b"abc", length);
        let auto = Symbol::encode(&text, LevelChoice::Auto).unwrap();
        assert_eq!(
            auto.version(),
            Symbol::encode(&text, Level::Medium).unwrap().version()
        );
        assert_eq!(
            auto.version(),
            Symbol::encode(&text, auto.level()).unwrap().version()
        );
        if auto.level() < Level::High {
            let next = Level::ALL[Level::ALL
                .iter()
                .position(|&level| level == auto.level())
                .unwrap()
                + 1];
            assert!(Symbol::encode(&text, next).unwrap().version() > auto.version());
        }
    }
}

/// Every pixel of a picture is that of its module.
fn assert_pixels(symbol: &Symbol, style: &Style) {
    let picture = png(symbol, style).unwrap();
    let decoded = image::load_from_memory_with_format(&picture, image::ImageFormat::Png).unwrap();
    let (scale, margin) = (usize::from(style.scale.px()), style.quiet_zone.modules());
    let side = (symbol.modules() + 2 * margin) * scale;
    let expected_side = u32::try_from(side).unwrap();
    assert_eq!(decoded.dimensions(), (expected_side, expected_side));
    let pixel = |colour: qrseal::qr::Colour, alpha| {
        let [r, g, b] = colour.to_rgb();
        image::Rgba([r, g, b, alpha])
    };
    let dark = pixel(style.colours.dark(), 255);
    let light = match style.colours.light() {
        Light::Colour(light) => pixel(light, 255),
        Light::Transparent => image::Rgba([255, 255, 255, 0]),
    };
    for (x, y, actual) in decoded.to_rgba8().enumerate_pixels() {
        let module = |px: u32| (usize::try_from(px).unwrap() / scale).checked_sub(margin);
        let is_dark = module(x)
            .zip(module(y))
            .is_some_and(|(x, y)| symbol.is_dark(x, y));
        assert_eq!(
            *actual,
            if is_dark { dark } else { light },
            "pixel {x}, {y} of {style:?}"
        );
    }
}

#[test]
fn png_pixels_are_the_modules_at_every_scale_and_quiet_zone() {
    let mut random = Seeded(3);
    for scale in 1..=64 {
        let longest = if scale < 40 { 200 } else { 20 };
        let length = 1 + random.below(longest);
        let text = random.text(b"abcdefgh", length);
        let symbol = Symbol::encode(&text, Level::Medium).unwrap();
        assert_pixels(&symbol, &style(scale, scale % 17));
    }
    for length in 1..60 {
        // The smallest pictures have a block of their own kind.
        let symbol = Symbol::encode(&random.text(DIGITS, length), Level::Low).unwrap();
        assert_pixels(&symbol, &style(1, 0));
        assert_pixels(&symbol, &style(2, 1));
    }
    for length in [400, 900, 2_000] {
        let symbol = Symbol::encode(&random.text(b"abcdefgh", length), Level::Low).unwrap();
        for scale in [1, 3, 8, 9] {
            assert_pixels(&symbol, &style(scale, 4));
        }
    }
}

#[test]
fn png_has_the_colours_that_were_asked_for() {
    let symbol = Symbol::encode("https://QR.EXAMPLE/0123456789", Level::Medium).unwrap();
    for (dark, light) in [
        ("#000000", "#ffffff"),
        ("#102040", "#fff8e0"),
        ("#c00000", "transparent"),
        ("#000000", "transparent"),
    ] {
        let colours = Colours::new(dark.parse().unwrap(), light.parse().unwrap()).unwrap();
        for scale in [1, 7, 8, 13] {
            assert_pixels(
                &symbol,
                &Style {
                    colours,
                    ..style(scale, 4)
                },
            );
        }
    }
}

#[test]
fn png_tells_its_printed_size_when_asked() {
    let symbol = Symbol::encode("1", Level::Medium).unwrap();
    let module_size = Some(ModuleSize::from_mm(0.5).unwrap());
    let picture = png(
        &symbol,
        &Style {
            module_size,
            ..Style::default()
        },
    )
    .unwrap();
    let decoder = png::Decoder::new(std::io::Cursor::new(&picture));
    let reader = decoder.read_info().unwrap();
    let dimensions = reader.info().pixel_dims.unwrap();
    assert_eq!(
        (dimensions.xppu, dimensions.yppu, dimensions.unit),
        (16_000, 16_000, png::Unit::Meter)
    );
}

#[test]
fn a_picture_that_is_too_large_is_told_what_fits() {
    let symbol = Symbol::encode(&"7".repeat(7_089), Level::Low).unwrap();
    assert!(png(&symbol, &style(22, 4)).is_ok());
    let error = png(&symbol, &style(23, 4)).unwrap_err();
    assert_eq!(
        (error.side_px, error.max_px, error.fitting_scale),
        (4_255, 4_096, 22)
    );
    assert_eq!(
        error.to_string(),
        "the picture would be 4255 pixels a side, and 4096 is the most; scale 22 or less fits"
    );
}

/// What zlib makes of the same rows, each with its filter byte 0.
fn zlib_bytes(symbol: &Symbol, style: &Style) -> usize {
    let (scale, margin) = (usize::from(style.scale.px()), style.quiet_zone.modules());
    let modules = symbol.modules() + 2 * margin;
    let mut rows = Vec::new();
    for y in 0..modules {
        let mut row = vec![0; 1 + (modules * scale).div_ceil(8)];
        row[1..].fill(0xff);
        for x in 0..modules {
            if x.checked_sub(margin)
                .zip(y.checked_sub(margin))
                .is_some_and(|(x, y)| symbol.is_dark(x, y))
            {
                for px in x * scale..(x + 1) * scale {
                    row[1 + px / 8] &= !(0x80 >> (px % 8));
                }
            }
        }
        rows.extend(row.repeat(scale));
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&rows).unwrap();
    encoder.finish().unwrap().len()
}

fn idat_bytes(picture: &[u8]) -> usize {
    let name = picture
        .windows(4)
        .position(|window| window == b"IDAT")
        .unwrap();
    usize::try_from(u32::from_be_bytes(
        picture[name - 4..name].try_into().unwrap(),
    ))
    .unwrap()
}

#[test]
fn png_data_is_at_most_a_quarter_larger_than_that_of_zlib_at_its_best() {
    let mut random = Seeded(4);
    for digits in [10, 120, 400, 900, 2_000, 4_000, 7_000] {
        let level = if digits == 7_000 {
            Level::Low
        } else {
            Level::Medium
        };
        let symbol = Symbol::encode(&random.text(DIGITS, digits), level).unwrap();
        for scale in 1..=16 {
            let style = style(scale, 4);
            let ours = idat_bytes(&png(&symbol, &style).unwrap());
            let best = zlib_bytes(&symbol, &style);
            assert!(
                ours * 100 <= best * 125,
                "version {}, scale {scale}: {ours} against {best}",
                symbol.version()
            );
        }
    }
}

/// Fills a path of `M m h v z` by counting crossings to the left of a module.
fn filled(svg: &str) -> Vec<(i64, i64, i64)> {
    let path = svg
        .rsplit(" d=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut edges = Vec::new();
    let (mut x, mut y, mut start) = (0_i64, 0_i64, (0, 0));
    let mut vertical = |x: i64, from: i64, to: i64| {
        for row in from.min(to)..from.max(to) {
            edges.push((x, row, (to - from).signum()));
        }
    };
    let mut rest = path;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..]
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(rest.len(), |end| end + 1);
        let text = rest[1..end].replace('-', " -");
        let numbers: Vec<i64> = text
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        match (command, &*numbers) {
            ('M', [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ('m', [by_x, by_y]) => (x, y) = (x + by_x, y + by_y),
            ('h', [by]) => x += by,
            ('v', [by]) => {
                vertical(x, y, y + by);
                y += by;
            }
            ('z', []) => {
                assert_eq!(
                    x, start.0,
                    "the side that closes a subpath is a vertical one"
                );
                vertical(x, y, start.1);
                (x, y) = start;
            }
            other => panic!("{other:?}"),
        }
        if matches!(command, 'M' | 'm') {
            start = (x, y);
        }
        rest = &rest[end..];
    }
    edges
}

#[test]
fn svg_fills_the_dark_modules_with_either_rule_and_few_bytes() {
    let mut random = Seeded(5);
    for digits in [8, 30, 100, 400, 1_000, 3_000, 7_089] {
        let symbol = Symbol::encode(&random.text(DIGITS, digits), Level::Low).unwrap();
        let drawing = svg(&symbol, &style(8, 2), "Title");
        let side = symbol.modules() + 4;
        let mut crossings = vec![vec![(0_i64, 0_u32); side + 1]; side];
        for (x, y, direction) in filled(&drawing) {
            let cell = &mut crossings[usize::try_from(y).unwrap()][usize::try_from(x).unwrap()];
            cell.0 += direction;
            cell.1 += 1;
        }
        for (y, row) in crossings.iter().enumerate() {
            let (mut winding, mut count) = (0, 0);
            for (x, cell) in row.iter().enumerate().take(side) {
                winding += cell.0;
                count += cell.1;
                let dark = x >= 2 && y >= 2 && symbol.is_dark(x - 2, y - 2);
                assert_eq!(
                    (winding != 0, count % 2 == 1),
                    (dark, dark),
                    "column {x}, row {y}"
                );
            }
        }
        let modules = symbol.modules() * symbol.modules();
        assert!(
            drawing.len() * 10 <= modules * 26 + 4_000,
            "{} bytes for {modules} modules",
            drawing.len()
        );
    }
}

#[test]
fn svg_has_a_title_that_cannot_break_out_a_size_and_no_ground_if_transparent() {
    let symbol = Symbol::encode("1", Level::Medium).unwrap();
    let drawing = svg(
        &symbol,
        &Style::default(),
        "Invoice <42> & \u{0}\"co\"</title>",
    );
    assert!(
        drawing.contains("<title>Invoice &lt;42&gt; &amp; \u{fffd}\"co\"&lt;/title&gt;</title>"),
        "{drawing}"
    );
    assert!(drawing.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="232" height="232" role="img""#));
    assert!(drawing.contains(r##"<path fill="#ffffff" d="M0 0h29v29H0z"/>"##));

    let colours = Colours::new("#123456".parse().unwrap(), Light::Transparent).unwrap();
    let module_size = Some(ModuleSize::from_mm(0.45).unwrap());
    let drawing = svg(
        &symbol,
        &Style {
            colours,
            module_size,
            ..Style::default()
        },
        "",
    );
    assert!(
        drawing.contains(r#"width="13.05mm" height="13.05mm""#),
        "{drawing}"
    );
    assert_eq!(drawing.matches("<path").count(), 1);
    assert!(drawing.contains(r##"fill="#123456""##));
}

#[test]
fn terminal_lines_are_half_blocks_of_the_modules_in_black_on_white() {
    let symbol = Symbol::encode("01234567", Level::Medium).unwrap();
    let style = style(8, 1);
    let plain = text(&symbol, &style);
    assert!(plain.ends_with('\n'));
    let lines: Vec<Vec<char>> = plain.lines().map(|line| line.chars().collect()).collect();
    assert_eq!((lines.len(), lines[0].len()), (12, 23));
    for (row, line) in lines.iter().enumerate() {
        for (column, char) in line.iter().enumerate() {
            let dark = |y: usize| column > 0 && y > 0 && symbol.is_dark(column - 1, y - 1);
            let expected = match (dark(2 * row), dark(2 * row + 1)) {
                (false, false) => ' ',
                (true, false) => '▀',
                (false, true) => '▄',
                (true, true) => '█',
            };
            assert_eq!(*char, expected);
        }
    }
    let coloured = terminal(&symbol, &style);
    assert!(coloured.ends_with('\n'));
    for (line, plain) in coloured.lines().zip(plain.lines()) {
        assert_eq!(line, format!("\x1b[38;5;16;48;5;231m{plain}\x1b[0m"));
    }
}

/// A picture file of grey pixels.
fn encoded(picture: &image::GrayImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const LINK: &str = "https://QR.EXAMPLE.COM/01234567890123456789012345678901234567890123456789";

fn drawn(text: &str, style: &Style) -> image::GrayImage {
    let picture = png(&Symbol::encode(text, Level::Medium).unwrap(), style).unwrap();
    image::load_from_memory(&picture).unwrap().into_luma8()
}

#[test]
fn a_picture_of_a_symbol_reads_back_in_every_size_and_kind() {
    for scale in [1, 2, 3, 8, 20, 64] {
        let picture = drawn(LINK, &style(scale, 4));
        assert_eq!(
            read(&encoded(&picture, image::ImageFormat::Png)),
            Ok(LINK.to_owned()),
            "scale {scale}"
        );
        if scale > 1 {
            assert_eq!(
                read(&encoded(&picture, image::ImageFormat::Jpeg)),
                Ok(LINK.to_owned()),
                "scale {scale}"
            );
        }
    }
}

#[test]
fn transparent_inverted_turned_and_closely_cropped_pictures_read_too() {
    let colours = Colours::new("#000000".parse().unwrap(), Light::Transparent).unwrap();
    let transparent = png(
        &Symbol::encode(LINK, Level::Medium).unwrap(),
        &Style {
            colours,
            ..Style::default()
        },
    );
    assert_eq!(read(&transparent.unwrap()), Ok(LINK.to_owned()));

    let plain = drawn(LINK, &Style::default());
    let mut inverted = plain.clone();
    image::imageops::invert(&mut inverted);
    let cropped = drawn(LINK, &style(8, 0));
    let turned = image::imageops::rotate90(&plain);
    for picture in [inverted, cropped, turned] {
        assert_eq!(
            read(&encoded(&picture, image::ImageFormat::Png)),
            Ok(LINK.to_owned())
        );
    }
}

#[test]
fn text_beyond_ascii_reads_back() {
    for text in [
        "héllo wörld",
        "日本語",
        "🎟️ 2026",
        "Ünï 0123456789012345678901234567890123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ é",
    ] {
        assert_eq!(
            read(&encoded(
                &drawn(text, &Style::default()),
                image::ImageFormat::Png
            )),
            Ok(text.to_owned())
        );
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    assert_eq!(
        read(b""),
        Err(ReadError::Picture(PictureError::UnknownFormat))
    );
    assert_eq!(
        read(b"GIF89a......................"),
        Err(ReadError::Picture(PictureError::UnknownFormat))
    );
    assert_eq!(
        read(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Err(ReadError::Picture(PictureError::UnknownFormat))
    );

    let plain = drawn(LINK, &Style::default());
    let file = encoded(&plain, image::ImageFormat::Png);
    for end in [8, 20, 40, file.len() / 2] {
        assert_eq!(
            read(&file[..end]),
            Err(ReadError::Picture(PictureError::Damaged)),
            "{end}"
        );
    }
    let jpeg = encoded(&plain, image::ImageFormat::Jpeg);
    assert_eq!(
        read(&jpeg[..20]),
        Err(ReadError::Picture(PictureError::Damaged))
    );

    let blank = image::GrayImage::from_pixel(300, 200, image::Luma([255]));
    assert_eq!(
        read(&encoded(&blank, image::ImageFormat::Png)),
        Err(ReadError::NotFound)
    );

    let mut covered = plain.clone();
    for y in 100..240 {
        for x in 80..250 {
            covered.put_pixel(x, y, image::Luma([255]));
        }
    }
    assert_eq!(
        read(&encoded(&covered, image::ImageFormat::Png)),
        Err(ReadError::Unreadable)
    );

    let other = drawn("another text", &Style::default());
    let mut both = image::GrayImage::from_pixel(
        plain.width() + other.width(),
        plain.height(),
        image::Luma([255]),
    );
    image::imageops::replace(&mut both, &plain, 0, 0);
    image::imageops::replace(&mut both, &other, i64::from(plain.width()), 0);
    assert_eq!(
        read(&encoded(&both, image::ImageFormat::Png)),
        Err(ReadError::Several { count: 2 })
    );
}

/// A PNG whose header claims a size.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&header);
    file.extend(crc32fast::hash(&header).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    file
}

#[test]
fn a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    for (width, height) in [
        (20_000, 20_000),
        (8_193, 1),
        (1, u32::MAX >> 1),
        (8_000, 8_000),
    ] {
        let Err(ReadError::Picture(PictureError::TooLarge { width: told, .. })) =
            read(&claiming(width, height))
        else {
            panic!("{width} by {height} was taken");
        };
        assert_eq!(told, width);
    }
    assert_eq!(
        read(&claiming(100, 100)),
        Err(ReadError::Picture(PictureError::Damaged))
    );
}

#[test]
fn svg_of_the_example_of_the_standard_is_as_it_was() {
    let expected = concat!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="232" height="232" role="img" "##,
        r##"shape-rendering="crispEdges"><title>Golden</title><desc>QR code, 21 by 21 modules</desc><path fi"##,
        r##"ll="#ffffff" d="M0 0h29v29H0z"/><path fill="#000000" d="M4 4h7v7h-7zm9 0h1v1h1v-1h2v2h-4v1h1v1h3"##,
        r##"v6h1v1h-1v-1h-1v1h-1v-1h-1v2h-1v2h1v-1h1v-1h1v1h1v-1h1v1h1v1h1v1h-1v1h1v2h1v3h-1v-1h-1v-1h1v-1h-"##,
        r##"1v-2h-2v2h1v1h-1v-1h-1v1h-2v-1h-1v1h-1v-4h1v-1h-1v-1h-5v-1h1v-1h1v1h4v-2h-1v1h-2v-1h-1v-1h-1v1h-"##,
        r##"1v1h-1v-1h1v-1h-1v-1h5v1h2v-1h-1v-6h1zm5 0h7v7h-7zm-12 2h3v3h-3zm14 0h3v3h-3zm-15 4h5v-5h-5zm9 0"##,
        r##"h1v1h1v-2h-2v-1h-1v4h1v1h1v1h1v-2h-1v-1h-1zm5 0h5v-5h-5zm-15 2h1v1h-1zm14 0h5v2h2v1h-2v1h-2v1h2v"##,
        r##"1h-2v-1h-1v-1h-1v-1h1v-1h-1v-1h-1zm-8 2h1v-1h-1zm3 0h1v-1h-1zm7 0h1v-1h-1zm-16 4h7v7h-7zm11 1h1v"##,
        r##"-1h-1zm2 0h1v-1h-1zm5 0h1v2h-2v-1h1zm2 0h1v1h-1zm-18 1h3v3h-3zm7 1h1v1h2v-2h-2v-1h-1zm9 1h1v1h1v"##,
        r##"1h-1v1h-1zm-17 2h5v-5h-5zm7 0h4v1h-4zm5 0h1v1h-1z"/></svg>"##,
        "\n"
    );
    let symbol = Symbol::encode("01234567", Level::Medium).unwrap();
    assert_eq!(svg(&symbol, &Style::default(), "Golden"), expected);
}
