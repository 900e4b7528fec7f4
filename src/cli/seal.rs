//! `qrseal seal`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{Output, StyleArguments, drawn};
use super::pin::first_line;
use super::{Failure, setup};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::drawing::{Drawn, PictureFormat};
use crate::issuing::{
    Effort, FreshToken, IssueToken, IssuedToken, Issuer, MaxOpens, Packing, Storage, fits_inline,
    issue, issue_stored, pin_salt_of_stored,
};
use crate::link::Links;
use crate::payload::minify;
use crate::principal::Principal;
use crate::random;
use crate::store;
use crate::token::{ExpiresIn, Nonce, Pin, PinHash, StoredToken, pin_salt};

/// Seal a JSON document.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qrseal seal --terminal < invoice.json\n  \
                  qrseal seal invoice.json --expires-in 30d --output invoice.svg\n  \
                  qrseal seal payslip.json --expires-in 2h --max-opens 1 --pin-auto -o payslip.png\n  \
                  qrseal seal payslip.json --expires-in 2w --pin-auto -o payslip.png --json\n\n\
                  The link of the code is written to standard error; with --json, it and a PIN that was made go to standard \
                  output only.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Arguments {
    /// The document; standard input if it is not given or `-`.
    file: Option<PathBuf>,
    /// Draw the symbol in the terminal.
    #[arg(long, conflicts_with_all = ["output", "format"])]
    terminal: bool,
    /// File to write the symbol to; its ending (.png, .svg, .txt) chooses the form.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// png, svg or txt.
    #[arg(long)]
    format: Option<PictureFormat>,
    /// Write what is known about the code to standard output as JSON: id, link, PIN if one was made, end, QR code. The
    /// picture is written only with --output.
    #[arg(long, conflicts_with = "terminal")]
    json: bool,
    /// How long the code opens: seconds, or a number with m, h, d, w or y (60 s to 10 y). Not given: for ever.
    #[arg(long, value_name = "TIME")]
    expires_in: Option<ExpiresIn>,
    /// How often the code opens, 1 to 1000000. Not given: any number of times.
    #[arg(long, value_name = "N", value_parser = parse_max_opens, requires = "expires_in")]
    max_opens: Option<MaxOpens>,
    /// File whose first line is a PIN of 4 to 64 characters, which the code then takes; standard input if it is `-`.
    #[arg(long, value_name = "FILE", requires = "expires_in")]
    pin_file: Option<PathBuf>,
    /// Make a PIN of six digits; it is written to standard error, once, or into what --json writes.
    #[arg(long, requires = "expires_in", conflicts_with = "pin_file")]
    pin_auto: bool,
    /// Where the document is to be: inline (in the code), stored (encrypted in the store: the smallest code), or auto
    /// (inline while the code is small).
    #[arg(long, value_name = "WHERE", value_parser = str::parse::<Storage>, default_value = "inline")]
    storage: Storage,
    /// Do not pack the document, so that the token's length tells nothing more about it.
    #[arg(long)]
    raw: bool,
    /// How hard to try for a smaller symbol: fast, best or smallest. Not given: as configured.
    #[arg(long, value_name = "EFFORT", value_parser = parse_effort, conflicts_with = "raw")]
    effort: Option<Effort>,
    #[command(flatten)]
    style: StyleArguments,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.pin_file.as_deref() == Some(Path::new("-"))
        && arguments
            .file
            .as_deref()
            .is_none_or(|file| file == Path::new("-"))
    {
        return Err("the document and the PIN cannot both come from standard input".into());
    }
    if arguments.json && arguments.format.is_some() && arguments.output.is_none() {
        return Err("with --json a picture needs a file: give --output".into());
    }
    let document = minify(&read(
        arguments.file.as_deref(),
        config.limits.max_body_bytes,
    )?)?;
    let look = arguments.style.look(config, config.symbol.ecl, None)?;
    let (keyring, made) = setup::keyring(config)?;
    if made {
        eprintln!(
            "A keyring was made: {}. Back this up; without it every code is dead.",
            config.keys.file.display()
        );
    }
    let public_url = config.public_url();
    let links = Links::new(&public_url, config.link.form, config.link.uppercase_scheme);
    let issuer = Issuer {
        keyring: &keyring,
        links: &links,
    };
    let request = IssueToken {
        document,
        expires_in: arguments.expires_in,
        max_opens: arguments.max_opens,
        packing: match (arguments.raw, arguments.effort) {
            (true, _) => Packing::Raw,
            (false, Some(effort)) => Packing::Packed(effort),
            (false, None) => config.payload.packing(),
        },
        level: look.level,
    };
    let pin = pin(arguments)?;
    let inline = match arguments.storage {
        Storage::Inline => true,
        Storage::Stored => false,
        Storage::Auto => fits_inline(issuer, &request, pin.is_some()),
    };
    let sealed = match inline {
        true => seal_inline(issuer, &request, pin.as_ref())?,
        false => store(config, issuer, &request, pin.as_ref())?,
    };
    let drawn = drawn(look, &sealed.link, &sealed.symbol)?;
    write(&drawn, arguments)?;
    let made = pin.filter(|_| arguments.pin_auto);
    if arguments.json {
        println!("{:#}", answer(&sealed, &drawn, made.as_ref()));
    } else {
        if let Some(pin) = made {
            eprintln!(
                "PIN {} (secret, shown only now; give it to the holder apart from the code)",
                pin.as_str()
            );
        }
        eprintln!("{}", sealed.link);
    }
    if config.phone_cannot_reach() {
        eprintln!(
            "A phone cannot reach this link: set server.public_url to the address at which phones reach the server."
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn seal_inline(
    issuer: Issuer<'_>,
    request: &IssueToken,
    pin: Option<&Pin>,
) -> Result<IssuedToken, Failure> {
    let (nonce, now) = (Nonce::from(*random::bytes()?), clock::now());
    let hash = match pin {
        Some(pin) => {
            let salt = pin_salt(issuer.keyring, &nonce, now)?;
            Some(PinHash::derive(pin, salt)?)
        }
        None => None,
    };
    Ok(issue(issuer, request, hash.as_ref(), nonce, now)?)
}

/// Puts the document into the store; the code is shown only after that.
fn store(
    config: &Config,
    issuer: Issuer<'_>,
    request: &IssueToken,
    pin: Option<&Pin>,
) -> Result<IssuedToken, Failure> {
    let store = store::connect(&config.store_url(), config.store.migrate)?;
    let now = clock::now();
    let fresh = FreshToken {
        token: StoredToken::new(issuer.keyring, *random::bytes()?),
        nonce: Nonce::from(*random::bytes()?),
    };
    let hash = match pin {
        Some(pin) => {
            let salt = pin_salt_of_stored(issuer.keyring, &fresh, now)?;
            Some(PinHash::derive(pin, salt)?)
        }
        None => None,
    };
    let ready = issue_stored(issuer, request, hash.as_ref(), fresh, now)?;
    setup::wait_for(store.add_record(ready.new_record(Principal::Cli, None)))?;
    Ok(ready.issued)
}

/// The PIN that the code is to take.
fn pin(arguments: &Arguments) -> Result<Option<Pin>, Failure> {
    if arguments.pin_auto {
        let mut random = Zeroizing::new([0; Pin::RANDOM_BYTES]);
        random::fill(random.as_mut_slice())?;
        let drawn =
            Pin::generate(&random).ok_or("the operating system's random numbers are not random")?;
        return Ok(Some(drawn));
    }
    let Some(file) = &arguments.pin_file else {
        return Ok(None);
    };
    let pin = Pin::parse(&first_line(file)?).map_err(|error| format!("the PIN {error}"))?;
    Ok(Some(pin))
}

fn parse_effort(text: &str) -> Result<Effort, &'static str> {
    match text {
        "fast" => Ok(Effort::Fast),
        "best" => Ok(Effort::Best),
        "smallest" => Ok(Effort::Smallest),
        _ => Err("must be fast, best or smallest"),
    }
}

fn parse_max_opens(text: &str) -> Result<MaxOpens, String> {
    let opens: u64 = text.parse().unwrap_or(0);
    MaxOpens::try_from(opens).map_err(|error| error.to_string())
}

fn read(file: Option<&Path>, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most)?.saturating_add(1);
    match file {
        Some(path) if path.as_os_str() != "-" => File::open(path)
            .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?,
        _ => std::io::stdin().take(limit).read_to_end(&mut bytes)?,
    };
    if bytes.len() > most {
        return Err(format!("the document is larger than {most} bytes").into());
    }
    Ok(bytes)
}

/// What is known about the code, with the names of the API's answer.
fn answer(issued: &IssuedToken, drawn: &Drawn<'_>, pin: Option<&Pin>) -> Value {
    let symbol = drawn.symbol();
    let mut answer = json!({
        "id": issued.token.id().to_string(),
        "link": issued.link,
        "expires_at": issued.token.expires_at().map(rfc3339),
        "qr": {
            "version": symbol.version(),
            "modules": symbol.modules(),
            "ecl": symbol.level().as_str(),
        },
    });
    if let Some(pin) = pin {
        answer["pin"] = pin.as_str().into();
    }
    answer
}

fn write(drawn: &Drawn<'_>, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.json && arguments.output.is_none() {
        return Ok(());
    }
    let output = Output {
        file: arguments.output.as_deref(),
        format: arguments
            .format
            .or(arguments.terminal.then_some(PictureFormat::Text)),
    };
    let format = output.format()?;
    output.write(&output.picture(drawn, format, "QR code of a sealed document")?)
}
