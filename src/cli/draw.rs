//! `qrseal draw`

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Failure;
use super::output::{Output, StyleArguments};
use crate::config::Config;
use crate::drawing::PictureFormat;
use crate::drawing::content::Content;
use crate::qr::{
    Caption, Design, FinderShape, LevelChoice, Logo, LogoShare, ModuleShape, ModuleSize, Style,
    StyledSymbol, terminal,
};

/// A logo file larger than this is not read.
const MAX_LOGO_BYTES: u64 = 8 << 20;

/// A content file larger than this is not read: it would fit no symbol.
const MAX_CONTENT_BYTES: u64 = 64 << 10;

/// Draw a plain QR code.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal draw https://example.com/menu --modules rounded --finders circle -o menu.svg\n  \
                  qrseal draw --content wifi.json --caption 'Guests' -o wifi.png\n\n\
                  A content file holds one of wifi, vcard, mecard, epc_payment, geo, sms, mailto and event:\n  \
                  {\"wifi\": {\"ssid\": \"Guests\", \"password\": \"correct horse\"}}\n\n\
                  Every picture is read back before it is written; one that scanners could not read is refused."
)]
pub struct Arguments {
    /// What the code says; standard input if it is `-`.
    #[arg(required_unless_present = "content", conflicts_with = "content")]
    text: Option<String>,
    /// JSON file with a typed content in place of a text.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// File to write the picture to; its ending (.png, .svg, .txt) chooses the form.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// png, svg or txt.
    #[arg(long)]
    format: Option<PictureFormat>,
    /// Error correction level: L, M, Q, H, or auto: as high as a logo needs or the same size has room for.
    #[arg(long, default_value = "auto")]
    ecl: LevelChoice,
    #[command(flatten)]
    style: StyleArguments,
    /// Width of a module in print, in millimetres: SVG gets its size in mm, PNG its resolution.
    #[arg(long, value_name = "MM", value_parser = parse_module_size)]
    module_mm: Option<ModuleSize>,
    /// Shape of modules: square, rounded or dots.
    #[arg(long, value_name = "SHAPE", default_value = "square")]
    modules: ModuleShape,
    /// Shape of the three finders: square, rounded or circle.
    #[arg(long, value_name = "SHAPE", default_value = "square")]
    finders: FinderShape,
    /// PNG or JPEG file to put into the middle.
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// Width of the logo in percent of the symbol's, 5 to 30.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, requires = "logo")]
    logo_percent: u64,
    /// A line below the symbol, at most 32 characters.
    #[arg(long)]
    caption: Option<Caption>,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let text = text(arguments)?;
    let design = design(config, arguments)?;
    let style = design.style;
    let output = Output {
        file: arguments.output.as_deref(),
        format: arguments.format,
    };
    let format = output.format()?;
    let drawn = StyledSymbol::encode(&text, arguments.ecl, design)?;
    let picture = match format {
        PictureFormat::Png => drawn.png(),
        PictureFormat::Svg => drawn.svg("QR code").into_bytes(),
        PictureFormat::Text => terminal(drawn.symbol(), &style).into_bytes(),
    };
    output.write(&picture)?;
    let symbol = drawn.symbol();
    if let Some(size) = style.module_size
        && size.is_small()
    {
        eprintln!(
            "{} mm a module is small: at arm's length phones want {} mm or more",
            size.mm(),
            ModuleSize::ARMS_LENGTH.mm()
        );
    }
    eprintln!(
        "version {}, {} modules a side, level {}",
        symbol.version(),
        symbol.modules(),
        symbol.level()
    );
    Ok(ExitCode::SUCCESS)
}

fn text(arguments: &Arguments) -> Result<String, Failure> {
    if let Some(path) = &arguments.content {
        let json = read(path, MAX_CONTENT_BYTES)?;
        let content: Content = serde_json::from_slice(&json)
            .map_err(|error| format!("{} is no content: {error}", path.display()))?;
        return Ok(content.to_text()?);
    }
    match arguments.text.as_deref() {
        Some("-") | None => {
            let mut text = String::new();
            std::io::stdin()
                .take(MAX_CONTENT_BYTES)
                .read_to_string(&mut text)?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        Some(text) => Ok(text.to_owned()),
    }
}

fn design(config: &Config, arguments: &Arguments) -> Result<Design, Failure> {
    let logo = match &arguments.logo {
        Some(path) => {
            let share = LogoShare::try_from(arguments.logo_percent)?;
            Some(Logo::decode(&read(path, MAX_LOGO_BYTES)?, share)?)
        }
        None => None,
    };
    Ok(Design {
        style: Style {
            module_size: arguments.module_mm,
            ..arguments.style.style(config)?
        },
        modules: arguments.modules,
        finders: arguments.finders,
        logo,
        caption: arguments.caption.clone(),
    })
}

/// The file, if it has at most this many bytes.
fn read(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= most => Ok(bytes),
        _ => Err(format!("{} is larger than {most} bytes", path.display()).into()),
    }
}

fn parse_module_size(text: &str) -> Result<ModuleSize, String> {
    let mm: f64 = text
        .parse()
        .map_err(|_| "must be a number of millimetres")?;
    ModuleSize::from_mm(mm).map_err(|error| error.to_string())
}
