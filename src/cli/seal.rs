//! `qrseal seal`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{Output, StyleArguments, drawn};
use super::pin::first_line;
use super::{Failure, setup};
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::config::Config;
use crate::drawing::{Drawn, PictureFormat};
use crate::issuing::{
    Effort, IssueToken, Issuer, MaxOpens, Packing, SealRequest, Sealed, Sealer, Storage,
    StoredRoom, WantedPin, fits_inline, seal,
};
use crate::limits::DailyQuota;
use crate::link::Links;
use crate::payload::{self, minify_up_to};
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::store;
use crate::token::{ExpiresIn, Pin};

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
    let (most_bytes, most) = match arguments.storage {
        Storage::Inline => (config.limits.max_body_bytes, payload::MAX_BYTES),
        Storage::Stored | Storage::Auto => (
            config.limits.largest_body_bytes(),
            payload::MAX_STORED_BYTES,
        ),
    };
    let document = minify_up_to(&read(arguments.file.as_deref(), most_bytes)?, most)?;
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
    let stored = match arguments.storage {
        Storage::Inline => false,
        Storage::Stored => true,
        Storage::Auto => !fits_inline(
            issuer,
            &request,
            pin.is_some(),
            config.symbol.max_inline_version,
        ),
    };
    // Only who puts something into the store makes one.
    let store = stored
        .then(|| store::connect(&config.store_url(), config.store.migrate))
        .transpose()?;
    let room = StoredRoom::new(config.limits.stored_bytes);
    if let Some(store) = &store {
        setup::wait_for(room.look(&**store))?;
    }
    let hashers = PinHashers::start(1, 0);
    let sealer = Sealer {
        issuer,
        store: store.as_deref(),
        pins: &hashers,
        quota: DailyQuota::default(),
        room: &room,
        max_inline_version: config.symbol.max_inline_version,
    };
    let wanted = SealRequest {
        token: &request,
        storage: if stored {
            Storage::Stored
        } else {
            Storage::Inline
        },
        pin: pin.as_ref(),
        made_by: Principal::Cli,
        share: None,
        charge: None,
        idempotent: None,
    };
    let answer = setup::wait_for(seal(sealer, wanted, async |sealed| {
        let issued = &sealed.issued;
        let drawn = drawn(look.clone(), &issued.link, &issued.symbol)?;
        Answer::new(sealed, &drawn, arguments)
    }))?;
    answer.write(arguments)?;
    if config.phone_cannot_reach() {
        eprintln!(
            "A phone cannot reach this link: set server.public_url to the address at which phones reach the server."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The PIN that the code is to take.
fn pin(arguments: &Arguments) -> Result<Option<WantedPin>, Failure> {
    if arguments.pin_auto {
        return Ok(Some(WantedPin::Generated));
    }
    let Some(file) = &arguments.pin_file else {
        return Ok(None);
    };
    let pin = Pin::parse(&first_line(file)?).map_err(|error| format!("the PIN {error}"))?;
    Ok(Some(WantedPin::Given(pin)))
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

/// What is told about the code, once the code is one that holds.
struct Answer {
    /// Not if only JSON was asked for.
    picture: Option<Vec<u8>>,
    known: Value,
    link: String,
    pin: Option<Pin>,
}

impl Answer {
    fn new(sealed: &Sealed, drawn: &Drawn<'_>, arguments: &Arguments) -> Result<Self, Failure> {
        let (issued, pin) = (&sealed.issued, sealed.pin.clone());
        let symbol = drawn.symbol();
        // With the names of the API's answer.
        let mut known = json!({
            "id": issued.token.id().to_string(),
            "link": issued.link,
            "expires_at": issued.token.expires_at().map(rfc3339),
            "qr": {
                "version": symbol.version(),
                "modules": symbol.modules(),
                "ecl": symbol.level().as_str(),
            },
        });
        if let Some(pin) = &pin {
            known["pin"] = pin.as_str().into();
        }
        let picture = if arguments.json && arguments.output.is_none() {
            None
        } else {
            let output = output(arguments);
            Some(output.picture(drawn, output.format()?, "QR code of a sealed document")?)
        };
        Ok(Self {
            picture,
            known,
            link: issued.link.clone(),
            pin,
        })
    }

    fn write(self, arguments: &Arguments) -> Result<(), Failure> {
        if let Some(picture) = &self.picture {
            output(arguments).write(picture)?;
        }
        if arguments.json {
            println!("{:#}", self.known);
            return Ok(());
        }
        if let Some(pin) = self.pin {
            eprintln!(
                "PIN {} (secret, shown only now; give it to the holder apart from the code)",
                pin.as_str()
            );
        }
        eprintln!("{}", self.link);
        Ok(())
    }
}

fn output(arguments: &Arguments) -> Output<'_> {
    Output {
        file: arguments.output.as_deref(),
        format: arguments
            .format
            .or(arguments.terminal.then_some(PictureFormat::Text)),
    }
}
