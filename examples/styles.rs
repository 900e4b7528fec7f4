//! Writes pictures of styled symbols and a list of what each must read as, for
//! readers outside this process.
//!
//! `cargo run --release --example styles -- DIRECTORY` makes `NAME.png` and
//! `NAME.svg` in the directory, and `expected.tsv` with a line for each: name,
//! version, error correction level, text.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use image::{ExtendedColorType, ImageEncoder as _, Rgba, RgbaImage};
use qrseal::qr::{
    Colours, Design, FinderShape, Level, LevelChoice, Light, Logo, LogoShare, ModuleShape, Scale,
    Style, StyledSymbol, Symbol,
};

/// From small to the largest that tickets and invoices need.
const VERSIONS: [u8; 7] = [3, 5, 7, 9, 11, 13, 15];

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("name a directory")?;
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory)?;
    let mut expected = String::new();
    for version in VERSIONS {
        let text = text_of_version(version)?;
        for modules in ModuleShape::ALL {
            for finders in FinderShape::ALL {
                for with_logo in [false, true] {
                    let number = expected.lines().count();
                    let design = Design {
                        style: Style {
                            scale: Scale::try_from([6, 8, 10][number % 3])?,
                            colours: colours(number)?,
                            ..Style::default()
                        },
                        modules,
                        finders,
                        logo: if with_logo {
                            Some(Logo::decode(&logo()?, LogoShare::default())?)
                        } else {
                            None
                        },
                        caption: if number.is_multiple_of(2) {
                            Some(format!("No. {number}").parse()?)
                        } else {
                            None
                        },
                    };
                    let styled = StyledSymbol::encode(&text, LevelChoice::Auto, design)?;
                    let logo = if with_logo { "logo" } else { "plain" };
                    let name = format!("v{version:02}-{modules}-{finders}-{logo}");
                    std::fs::write(directory.join(format!("{name}.png")), styled.png())?;
                    std::fs::write(directory.join(format!("{name}.svg")), styled.svg(&name))?;
                    let symbol = styled.symbol();
                    writeln!(
                        expected,
                        "{name}\t{}\t{}\t{text}",
                        symbol.version(),
                        symbol.level()
                    )?;
                }
            }
        }
    }
    std::fs::write(directory.join("expected.tsv"), &expected)?;
    println!(
        "{} styles in {}",
        expected.lines().count(),
        directory.display()
    );
    Ok(())
}

/// A link that needs this version at level M.
fn text_of_version(version: u8) -> Result<String, Box<dyn Error>> {
    for digits in 0..2_000 {
        let digits: String = (0..digits)
            .map(|index| char::from(b"2718281828459045235360287471"[index % 28]))
            .collect();
        let text = format!("https://QR.EXAMPLE.COM/{digits}");
        if Symbol::encode(&text, Level::Medium)?.version() == version {
            return Ok(text);
        }
    }
    Err("no length makes that version".into())
}

fn colours(number: usize) -> Result<Colours, Box<dyn Error>> {
    // No shape always has the same colours.
    let (dark, light) = [
        ("#000000", "#ffffff"),
        ("#123c7a", "#fdf6e3"),
        ("#7a1020", "transparent"),
    ][(number + number / 6) % 3];
    Ok(Colours::new(dark.parse()?, light.parse::<Light>()?)?)
}

/// A disc on nothing.
fn logo() -> Result<Vec<u8>, Box<dyn Error>> {
    let disc = RgbaImage::from_fn(128, 128, |x, y| {
        let distance = (f64::from(x) - 63.5).hypot(f64::from(y) - 63.5);
        match distance {
            ..30.0 => Rgba([255, 220, 60, 255]),
            ..64.0 => Rgba([30, 110, 70, 255]),
            _ => Rgba([0, 0, 0, 0]),
        }
    });
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes).write_image(
        disc.as_raw(),
        128,
        128,
        ExtendedColorType::Rgba8,
    )?;
    Ok(bytes)
}
