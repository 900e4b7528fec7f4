//! `qrseal seal`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::options::Flags;
use super::output::{Output, drawn, look};
use super::pin::first_line;
use super::{Failure, setup};
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::config::Config;
use crate::drawing::{Drawn, PictureFormat, StyleRequest};
use crate::issuing::{
    CodecChoice, IssueToken, Issuer, Kept, Packed, SealOptions, SealRequest, Sealed, Sealer,
    Storage, StoredRoom, TokenKind, WantedPin, fits_inline, seal,
};
use crate::limits::DailyQuota;
use crate::link::Links;
use crate::payload::{Document, minify_up_to};
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::profiles::{NotAdmitted, Profile, Way};
use crate::store;
use crate::token::Pin;

/// Seal a JSON document.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qrseal seal --terminal < invoice.json\n  \
                  qrseal seal invoice.json --expires-in 30d --output invoice.svg\n  \
                  qrseal seal payslip.json --expires-in 2h --max-opens 1 --pin-auto -o payslip.png\n  \
                  qrseal seal payslip.json --expires-in 2w --pin-auto -o payslip.png --json\n\n\
                  The link of the code is written to standard error; with --json, it and a PIN that was made go to standard \
                  output only.")]
pub struct Arguments {
    /// The document; standard input if it is not given or `-`.
    file: Option<PathBuf>,
    /// Draw the symbol in the terminal.
    #[arg(long, conflicts_with_all = ["output", "format"])]
    terminal: bool,
    /// File to write the symbol to; its ending (.png, .svg, .pdf, .txt) chooses the form.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// png, svg, pdf or txt.
    #[arg(long)]
    format: Option<PictureFormat>,
    /// Write what is known about the code to standard output as JSON: id, link, PIN if one was made, end, QR code. The
    /// picture is written only with --output.
    #[arg(long, conflicts_with = "terminal")]
    json: bool,
    /// File whose first line is a PIN of 4 to 64 characters, which the code then takes; standard input if it is `-`.
    #[arg(
        long,
        value_name = "FILE",
        requires = "expires_in",
        conflicts_with = "pin_auto"
    )]
    pin_file: Option<PathBuf>,
    /// Do not pack the document, so that the token's length tells nothing more about it.
    #[arg(long, conflicts_with = "effort")]
    raw: bool,
    #[command(flatten)]
    seal: Flags<SealOptions>,
    #[command(flatten)]
    style: Flags<StyleRequest>,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut options = options_of(arguments)?;
    if let Some(file) = &arguments.pin_file {
        let pin = Pin::parse(&first_line(file)?).map_err(|error| format!("the PIN {error}"))?;
        options.pin = Some(WantedPin::Given(pin));
    }
    let profile = profile(config, &mut options)?;
    let style = profile.as_ref().map(|profile| &profile.style);
    let look = look(&arguments.style, config, style, config.symbol.ecl, None)?;
    let most_bytes = match options.is_inline() {
        true => config.limits.max_body_bytes,
        false => config.limits.largest_body_bytes(),
    };
    let document = minify_up_to(
        &read(arguments.file.as_deref(), most_bytes)?,
        options.max_document_bytes(),
    )?;
    let (keyring, made) = setup::keyring(config)?;
    if made {
        eprintln!(
            "A keyring was made: {}. Back this up; without it every code is dead.",
            config.keys.file.display()
        );
    }
    let kind = kind(profile.as_deref(), &document)?;
    let public_url = config.public_url();
    let links = Links::new(&public_url, config.link.form, config.link.uppercase_scheme);
    let issuer = Issuer {
        keyring: &keyring,
        links: &links,
    };
    let request = IssueToken {
        document,
        expires_in: config
            .issuing
            .longest_life
            .of(options.expires_in)
            .map_err(|error| format!("--expires-in {error}"))?,
        max_opens: options.max_opens,
        kind,
        packing: config.payload.packing(&options),
        packed: Packed::default(),
        level: look.level,
    };
    let long = setup::long_work(config)?;
    let storage = options.storage.unwrap_or_default();
    setup::wait_for(request.pack_if_long(storage, &long))?;
    let stored = match storage {
        Storage::Inline => false,
        Storage::Stored => true,
        Storage::Auto => !fits_inline(
            issuer,
            &request,
            options.pin.is_some(),
            config.symbol.max_inline_version,
        ),
    };
    // Only who puts something into the store makes one.
    let store = (stored || options.remember || options.note.is_some())
        .then(|| store::connect(&config.store_url(), config.store.migrate))
        .transpose()?;
    let room = StoredRoom::new(config.limits.stored_bytes);
    if let Some(store) = &store {
        setup::wait_for(room.look(&**store))?;
    }
    let sealer = Sealer {
        issuer,
        store: store.as_deref(),
        pins: &PinHashers::one(),
        long: &long,
        quota: DailyQuota::default(),
        room: &room,
        max_inline_version: config.symbol.max_inline_version,
    };
    let wanted = SealRequest {
        token: &request,
        kept: Kept::Document,
        storage: if stored {
            Storage::Stored
        } else {
            Storage::Inline
        },
        pin: options.pin.as_ref(),
        made_by: Principal::Cli,
        note: options.note.as_ref(),
        remember: options.remember,
        share: None,
        charge: None,
        idempotent: None,
    };
    let answer = setup::wait_for(seal(&sealer, &wanted, async |sealed| {
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

/// The profile that is asked for, which has then said what was left open.
fn profile(config: &Config, options: &mut SealOptions) -> Result<Option<Arc<Profile>>, Failure> {
    let Some(name) = &options.profile else {
        return Ok(None);
    };
    let profiles = setup::profiles(config, true)?.registry();
    let profile = profiles.find(name).map(Arc::clone);
    let profile = profile
        .ok_or_else(|| format!("there is no profile {name}: GET /api/profiles lists them"))?;
    profile
        .policy
        .apply(options, config.issuing.longest_life)
        .map_err(|wrong| {
            let wrong = wrong
                .into_iter()
                .map(|(name, detail)| format!("--{}: {detail}", name.replace('_', "-")));
            wrong.collect::<Vec<_>>().join("; ")
        })?;
    Ok(Some(profile))
}

/// What kind of document the profile makes of it, if it is one.
fn kind(profile: Option<&Profile>, document: &Document) -> Result<TokenKind, Failure> {
    let Some(profile) = profile else {
        return Ok(TokenKind::default());
    };
    let admitted = profile.admit(Principal::Cli, Way::Request, document);
    admitted.map_err(|why| refused(&why))?;
    Ok(TokenKind {
        profile: Some(profile.number),
        staff_only: profile.policy.staff_only,
    })
}

/// Why the document is not one of its profile, a line for each reason.
fn refused(why: &NotAdmitted) -> String {
    match why {
        NotAdmitted::NotForYou(_) => why.to_string(),
        NotAdmitted::Document(faults) => {
            let lines = faults.iter().map(|fault| {
                format!(
                    "\n  {} ({}): {}",
                    fault.pointer, fault.keyword, fault.detail
                )
            });
            format!("{why}:{}", lines.collect::<String>())
        }
    }
}

/// What the arguments ask of sealing, all but the PIN, which is in a file.
fn options_of(arguments: &Arguments) -> Result<SealOptions, Failure> {
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
    let mut options = arguments.seal.read()?;
    if arguments.raw {
        options.codec = Some(CodecChoice::Raw);
    }
    Ok(options)
}

pub(super) fn read(file: Option<&Path>, most: usize) -> Result<Vec<u8>, Failure> {
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
