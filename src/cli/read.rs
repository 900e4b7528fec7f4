//! `qrseal read`

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::{Failure, input};
use crate::qr::{self, Code};

/// A picture file larger than this is not read.
const MAX_PICTURE_BYTES: u64 = 32 << 20;

/// Print what every QR code in pictures says.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal read sheet.png\n  qrseal read --json photo.jpg label.png\n\n\
                  Any QR code is read, not only those made here; nothing is opened and nothing counts."
)]
pub struct Arguments {
    /// PNG or JPEG files.
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// One JSON object a code: file, text, bytes in base64 where they are not UTF-8, corners in pixels where they are known.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    let mut all_read = true;
    for path in &arguments.pictures {
        let file = path.display().to_string();
        let codes = input::read(path, MAX_PICTURE_BYTES)
            .and_then(|bytes| qr::read_all(&bytes).map_err(Failure::from));
        match codes {
            Ok(codes) => {
                for code in &codes {
                    match arguments.json {
                        true => writeln!(out, "{}", in_json(&file, code))?,
                        false => writeln!(out, "{}", code.text)?,
                    }
                }
            }
            Err(error) => {
                all_read = false;
                eprintln!("qrseal: {file}: {error}");
            }
        }
    }
    Ok(match all_read {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn in_json(file: &str, code: &Code) -> serde_json::Value {
    let mut object = json!({"file": file, "text": code.text});
    if let Some(bytes) = &code.bytes {
        object["bytes"] = BASE64_STANDARD.encode(bytes).into();
    }
    if !code.corners.is_empty() {
        let corners = code.corners.iter();
        object["corners"] = corners
            .map(|(x, y)| json!([x.round(), y.round()]))
            .collect::<Vec<_>>()
            .into();
    }
    object
}
