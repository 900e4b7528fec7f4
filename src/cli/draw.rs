//! `qrseal draw`

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use super::Failure;
use super::input::read;
use super::options::Flags;
use super::output::{Output, drawn, look};
use crate::config::Config;
use crate::drawing::content::Content;
use crate::drawing::{PictureFormat, StyleRequest};
use crate::qr::{Level, LevelChoice, Symbol};

/// A content file larger than this is not read: it would fit no symbol.
const MAX_CONTENT_BYTES: u64 = 64 << 10;

/// Draw a plain QR code.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal draw https://example.com/menu --module-shape rounded --finder-shape circle -o menu.svg\n  \
                  qrseal draw --content wifi.json --caption 'Guests' -o wifi.png\n\n\
                  A content file holds one of wifi, vcard, mecard, epc_payment, geo, sms, mailto and event:\n  \
                  {\"wifi\": {\"ssid\": \"Guests\", \"password\": \"correct horse\"}}\n\n\
                  What has shapes, a logo or a caption is read back before it is written; one that scanners could not read is refused."
)]
pub struct Arguments {
    /// What the code says; standard input if it is `-`.
    #[arg(required_unless_present = "content", conflicts_with = "content")]
    text: Option<String>,
    /// JSON file with a typed content in place of a text.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// File to write the picture to; its ending (.png, .svg, .pdf, .txt) chooses the form.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// png, svg, pdf or txt.
    #[arg(long)]
    format: Option<PictureFormat>,
    #[command(flatten)]
    style: Flags<StyleRequest>,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (text, only) = text(arguments)?;
    let look = look(&arguments.style, config, None, LevelChoice::Auto, only)?;
    let output = Output {
        file: arguments.output.as_deref(),
        format: arguments.format,
    };
    let format = output.format()?;
    let symbol = Symbol::encode(&text, look.level)?;
    let drawn = drawn(look, &text, &symbol)?;
    output.write(&output.picture(&drawn, format, "QR code")?)?;
    let symbol = drawn.symbol();
    eprintln!(
        "version {}, {} modules a side, level {}",
        symbol.version(),
        symbol.modules(),
        symbol.level()
    );
    Ok(ExitCode::SUCCESS)
}

/// The text, and the only level that it may have, if there is one.
fn text(arguments: &Arguments) -> Result<(String, Option<Level>), Failure> {
    if let Some(path) = &arguments.content {
        let json = read(path, MAX_CONTENT_BYTES)?;
        let content: Content = serde_json::from_slice(&json)
            .map_err(|error| format!("{} is no content: {error}", path.display()))?;
        return Ok((content.to_text()?, content.only_level()));
    }
    let text = match arguments.text.as_deref() {
        Some("-") | None => {
            let mut text = String::new();
            std::io::stdin()
                .take(MAX_CONTENT_BYTES)
                .read_to_string(&mut text)
                .map_err(|error| format!("cannot read the text on standard input: {error}"))?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
        Some(text) => text.to_owned(),
    };
    if text.is_empty() {
        return Err("there is nothing to draw: the text is empty".into());
    }
    Ok((text, None))
}
