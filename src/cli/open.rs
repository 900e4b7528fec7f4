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
    Attempt, ClientNetwork, FirstLook, FoundLink, Looked, OpenId, OpenedDocument, Opener,
    OpeningError, StatefulToken, look, look_in_store, open, pass, unpack_long,
};
use crate::pins::PinHashers;
use crate::qr;
use crate::random;
use crate::revoking::{self, RevocationList};
use crate::store::{self, LockedUntil, Store};
use crate::token::{ParsedToken, TypedPin};

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
    let keyring = keys::load(&config.keys.keyring())?;
    if arguments.what == "-" && arguments.pin_file.as_deref() == Some(Path::new("-")) {
        return Err("the code and the PIN cannot both come from standard input".into());
    }
    let texts = found_in(&arguments.what)?;
    // Only a store that exists can know of a revocation; none is made to open a plain token.
    let revocations = match store::exists(&config.store_url())? {
        true => revocations(&*connect(config)?)?,
        false => RevocationList::empty(),
    };
    let token = ours(&texts, |token| {
        let looked = look(token, &keyring, &revocations, clock::now());
        !matches!(looked, Err(OpeningError::NotRecognised))
    })?;
    let long = setup::long_work(config)?;
    let looked = match look(&token, &keyring, &revocations, clock::now()).map_err(words)? {
        FirstLook::Done(looked) => looked,
        FirstLook::Long(document) => {
            setup::wait_for(unpack_long(document, &long)).map_err(words)?
        }
        FirstLook::Stored(token) => {
            let store = connect(config)?;
            let look = look_in_store(&token, &keyring, &*store, &long, clock::now());
            setup::wait_for(look).map_err(words)?
        }
    };
    let document = match looked {
        Looked::Plain(document) => document,
        Looked::Link(link) => return leads_to(&link),
        Looked::ForStaff(staff) => return Err(words(OpeningError::StaffOnly { id: staff.id() })),
        Looked::Held(held) => {
            let store = connect(config)?;
            let hashers = PinHashers::one();
            let opener = Opener {
                keyring: &keyring,
                store: &*store,
                revocations: &revocations,
                pins: &hashers,
                long: &long,
            };
            let attempt = attempt(&held, opener, arguments)?;
            if let Some(link) = held.link() {
                setup::wait_for(pass(&held, opener, &attempt)).map_err(words)?;
                return leads_to(link);
            }
            setup::wait_for(open(&held, opener, &attempt)).map_err(words)?
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

/// What a link says, without going there.
fn leads_to(link: &FoundLink) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(link.opened().body())?;
    out.write_all(b"\n")?;
    eprintln!("link {}: see `qrseal links show {0}`", link.id());
    Ok(ExitCode::SUCCESS)
}

/// Asks for what is missing to open the token as a phone would.
fn attempt(
    held: &StatefulToken,
    opener: Opener<'_>,
    arguments: &Arguments,
) -> Result<Attempt, Failure> {
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
    Ok(Attempt {
        open_id: OpenId::from_random(*random::bytes()?),
        pin,
        network: ClientNetwork::CommandLine,
        suspected_bot: false,
        now: clock::now(),
    })
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

/// What is to be opened: given, in a file, or read from a picture, which may have several codes.
fn found_in(what: &str) -> Result<Vec<String>, Failure> {
    let path = Path::new(what);
    let mut bytes = Vec::new();
    if what == "-" {
        std::io::stdin()
            .take(MAX_PICTURE_BYTES)
            .read_to_end(&mut bytes)?;
    } else if path.is_dir() {
        return Err(format!("{what} is a directory; name a file in it").into());
    } else if path.exists() {
        File::open(path)
            .and_then(|file| file.take(MAX_PICTURE_BYTES).read_to_end(&mut bytes))
            .map_err(|error| format!("cannot read {what}: {error}"))?;
    } else if token_of(what).is_none() {
        return Err(format!("{what} is no file, no link to a code and no token").into());
    } else {
        return Ok(vec![what.to_owned()]);
    }
    let file = match what {
        "-" => "standard input",
        file => file,
    };
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => Err(format!("{file} is empty").into()),
        Ok(text) if token_of(&text).is_some() => Ok(vec![text]),
        Ok(text) if text.trim_start().starts_with('<') && text.contains("<svg") => Err(format!(
            "{file} is an SVG, which is not read back; draw or export it as PNG"
        )
        .into()),
        Ok(_) => Err(format!("{file} holds text that is no link to a code and no token").into()),
        Err(error) => {
            let codes =
                qr::read_all(error.as_bytes()).map_err(|error| format!("{file}: {error}"))?;
            Ok(codes.into_iter().map(|code| code.text).collect())
        }
    }
}

/// The text of a token, if this could be one or a link to one.
fn token_of(text: &str) -> Option<String> {
    token_text(text).or_else(|| {
        let token = bare(text);
        ParsedToken::parse(token).is_ok().then(|| token.to_owned())
    })
}

/// The one that is ours of the texts in a picture.
fn ours(texts: &[String], is_ours: impl Fn(&str) -> bool) -> Result<String, Failure> {
    let tokens: Vec<String> = texts
        .iter()
        .filter_map(|text| token_of(text))
        .filter(|token| is_ours(token))
        .collect();
    match (&tokens[..], texts) {
        ([token], _) => Ok(token.clone()),
        // Whether a single one is recognised is said by what opens it.
        ([], [text]) => token_of(text).ok_or_else(|| {
            let said: String = text.chars().take(200).collect();
            format!(
                "the QR code was not made here; it says: {}",
                said.escape_debug()
            )
            .into()
        }),
        _ => Err(format!("there are {} QR codes; crop it to one", texts.len()).into()),
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
