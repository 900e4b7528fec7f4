//! `qrseal open`

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use super::{Failure, setup};
use crate::config::Config;
use crate::http::rfc3339;
use crate::keys;
use crate::link::token_text;
use crate::opening::{OpeningError, open};
use crate::qr;

/// A picture file larger than this is not read.
const MAX_PICTURE_BYTES: u64 = 32 << 20;

/// Open a link, a token or a picture.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal open picture.png\n  qrseal open https://QR.EXAMPLE.COM/1084056857...\n\n\
                  The document is written to standard output, what is known about it to standard error."
)]
pub struct Arguments {
    /// A link, a token in either text form, a PNG or JPEG file with a symbol, or `-` for one of them on standard input.
    what: String,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let keyring = keys::load(&config.keys.file)?;
    let text = text_of(&arguments.what)?;
    let token = token_text(&text).unwrap_or_else(|| text.trim().to_owned());
    let opened = open(&token, &keyring, setup::now()).map_err(words)?;
    let mut out = std::io::stdout().lock();
    out.write_all(opened.payload.as_bytes())?;
    out.write_all(b"\n")?;
    match opened.expires_at {
        Some(at) => eprintln!(
            "token {}, issued {}, opens until {}",
            opened.id,
            rfc3339(opened.issued_at),
            rfc3339(at)
        ),
        None => eprintln!("token {}, issued {}", opened.id, rfc3339(opened.issued_at)),
    }
    Ok(ExitCode::SUCCESS)
}

/// The link or token: given, or read from a picture.
fn text_of(what: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    if what == "-" {
        std::io::stdin()
            .take(MAX_PICTURE_BYTES)
            .read_to_end(&mut bytes)?;
    } else if Path::new(what).is_file() {
        File::open(what)
            .and_then(|file| file.take(MAX_PICTURE_BYTES).read_to_end(&mut bytes))
            .map_err(|error| format!("cannot read {what}: {error}"))?;
    } else {
        return Ok(what.to_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => Ok(qr::read(error.as_bytes())?),
    }
}

fn words(error: OpeningError) -> Failure {
    match error {
        OpeningError::NotRecognised => {
            "the token is not recognised: it is not of this keyring, is cut off, or was changed"
                .into()
        }
        OpeningError::Expired { at, .. } => format!("the token expired at {}", rfc3339(at)).into(),
        OpeningError::KeyRetired { .. } => {
            "the token's key is disabled: `qrseal keys list` shows which keys are".into()
        }
        other => other.to_string().into(),
    }
}
