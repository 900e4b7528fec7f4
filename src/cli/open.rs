//! `qrseal open`

use std::fs::File;
use std::io::{IsTerminal as _, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::{Failure, pin, setup};
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::keys;
use crate::link::{bare, token_text};
use crate::opening::{
    Attempt, ClientNetwork, FirstLook, Looked, OpenId, OpenedDocument, Opener, OpeningError,
    StatefulToken, look, look_in_store, open,
};
use crate::pins::PinHashers;
use crate::qr;
use crate::random;
use crate::revoking::{self, RevocationList};
use crate::store::{self, LockedUntil, Store};
use crate::token::TypedPin;

/// A picture file larger than this is not read.
const MAX_PICTURE_BYTES: u64 = 32 << 20;

/// Open a link, a token or a picture.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal open picture.png\n  qrseal open https://QR.EXAMPLE.COM/1084056857...\n  \
                  qrseal open picture.png --count --pin-file pin.txt\n\n\
                  The document is written to standard output, what is known about it to standard error. Opening a code \
                  that is limited counts, as it does on a phone: on a terminal you are asked first, elsewhere say --count."
)]
pub struct Arguments {
    /// A link, a token in either text form, a PNG or JPEG file with a symbol, or `-` for one of them on standard input.
    what: String,
    /// Spend one of a limited code's opens without being asked.
    #[arg(long)]
    count: bool,
    /// File whose first line is the PIN, or `-` for standard input. Not given: you are asked for it on a terminal.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let keyring = keys::load(&config.keys.file)?;
    if arguments.what == "-" && arguments.pin_file.as_deref() == Some(Path::new("-")) {
        return Err("the code and the PIN cannot both come from standard input".into());
    }
    let text = text_of(&arguments.what)?;
    let token = token_text(&text).unwrap_or_else(|| bare(&text).to_owned());
    // Only a store that exists can know of a revocation; none is made to open a plain token.
    let revocations = match store::exists(&config.store_url())? {
        true => revocations(&*connect(config)?)?,
        false => RevocationList::empty(),
    };
    let looked = match look(&token, &keyring, &revocations, clock::now()).map_err(words)? {
        FirstLook::Done(looked) => looked,
        FirstLook::Stored(token) => {
            let store = connect(config)?;
            let look = look_in_store(&token, &keyring, &*store, clock::now());
            setup::wait_for(look).map_err(words)?
        }
    };
    let document = match looked {
        Looked::Plain(document) => document,
        Looked::Held(held) => {
            let store = connect(config)?;
            let hashers = PinHashers::start(1, 0);
            let opener = Opener {
                keyring: &keyring,
                store: &*store,
                revocations: &revocations,
                pins: &hashers,
            };
            open_held(&held, opener, arguments)?
        }
    };
    write(&document)?;
    Ok(ExitCode::SUCCESS)
}

fn connect(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    Ok(store::connect(&config.store_url(), config.store.migrate)?)
}

fn revocations(store: &dyn Store) -> Result<RevocationList, Failure> {
    let list = RevocationList::default();
    setup::wait_for(revoking::refresh(store, &list))?;
    Ok(list)
}

/// Asks for what is missing, then opens the token as a phone would.
fn open_held(
    held: &StatefulToken,
    opener: Opener<'_>,
    arguments: &Arguments,
) -> Result<OpenedDocument, Failure> {
    let left = setup::wait_for(held.opens_left(opener.store, clock::now())).map_err(words)?;
    if let Some(left) = left
        && !arguments.count
        && !agreed(held, left)?
    {
        return Err("nothing was opened".into());
    }
    let pin = match held.needs_pin() {
        true => Some(read_pin(arguments)?),
        false => None,
    };
    let attempt = Attempt {
        open_id: OpenId::from_random(*random::bytes()?),
        pin,
        network: ClientNetwork::CommandLine,
        suspected_bot: false,
        now: clock::now(),
    };
    setup::wait_for(open(held, opener, &attempt)).map_err(words)
}

/// Whether one of so many opens may be spent.
fn agreed(held: &StatefulToken, left: u64) -> Result<bool, Failure> {
    let opens = match left {
        1 => "once more".to_owned(),
        left => format!("{left} more times"),
    };
    let until = held.expires_at().map(rfc3339).unwrap_or_default();
    let known = format!("this code opens {opens}, until {until}");
    if !std::io::stdin().is_terminal() {
        return Err(format!("{known}; say --count to spend one of its opens").into());
    }
    eprint!("T{}. Spend one of its opens? [y/N] ", &known[1..]);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn read_pin(arguments: &Arguments) -> Result<TypedPin, Failure> {
    let text = match &arguments.pin_file {
        Some(file) => pin::first_line(file)?,
        None => pin::ask("PIN of this code: ")?
            .ok_or("this code has a PIN; say --pin-file FILE, or run it on a terminal")?,
    };
    TypedPin::parse(&text).map_err(|refused| format!("the PIN {refused}").into())
}

fn write(document: &OpenedDocument) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(document.payload().as_bytes())?;
    out.write_all(b"\n")?;
    let until = document
        .expires_at
        .map(|at| format!(", opens until {}", rfc3339(at)));
    let left = document
        .opens_left
        .map(|left| format!(", opens left: {left}"));
    eprintln!(
        "token {}, issued {}{}{}",
        document.id,
        rfc3339(document.issued_at),
        until.unwrap_or_default(),
        left.unwrap_or_default()
    );
    Ok(())
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
        OpeningError::UsedUp {
            last_opened_at: Some(at),
            ..
        } => format!(
            "the token is used up; it was last opened at {}",
            rfc3339(at)
        )
        .into(),
        OpeningError::Revoked(revocation) => {
            let who = match revocation.by_holder {
                true => "destroyed by its holder",
                false => "revoked",
            };
            let at = rfc3339(revocation.at);
            match revocation.reason {
                Some(reason) => format!("the token was {who} at {at}: {reason}").into(),
                None => format!("the token was {who} at {at}").into(),
            }
        }
        OpeningError::PinIncorrect { attempts_left, .. } => {
            format!("the PIN is wrong; tries left: {attempts_left}").into()
        }
        OpeningError::PinLocked { until, .. } => match until {
            LockedUntil::Time(at) => format!(
                "too many wrong PINs: none is taken here until {}",
                rfc3339(at)
            )
            .into(),
            LockedUntil::Reset => {
                "too many wrong PINs: none is taken until the issuer resets them".into()
            }
        },
        other => other.to_string().into(),
    }
}
