//! `qrseal links create`

use std::path::PathBuf;
use std::process::ExitCode;

use super::told::unknown;
use crate::cli::options::Flags;
use crate::cli::output::{Output, drawn, look};
use crate::cli::pin::first_line;
use crate::cli::{Failure, setup};
use crate::clock;
use crate::config::Config;
use crate::drawing::{PictureFormat, StyleRequest};
use crate::issuing::{
    IssueToken, Issuer, Kept, MaxOpens, Note, Packed, Packing, SealRequest, Sealer, Storage,
    StoredRoom, TokenKind, WantedPin, seal,
};
use crate::limits::DailyQuota;
use crate::link::Links;
use crate::links::{
    Interstitial, LinkAnswer, LinkContent, LinkPolicy, WrittenLink, WrittenRule, show, warning,
};
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::token::{ExpiresIn, Pin};

/// Make a code that leads elsewhere.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal links create https://shop.example/menu --note 'table 7' -o menu.svg\n  \
                  qrseal links create https://shop.example --rule '{\"device\": \"ios\", \"target\": \"https://apps.example\"}' -o app.png\n  \
                  qrseal links create https://pay.example/4711 --max-opens 1 --expires-in 2d -o pay.png"
)]
pub(super) struct Create {
    /// Where it leads.
    target: String,
    /// Where it leads once it has expired.
    #[arg(long, value_name = "URL")]
    fallback: Option<String>,
    /// Where it leads under a condition, as JSON; may be given again.
    #[arg(long = "rule", value_name = "JSON", value_parser = parse_rule)]
    rules: Vec<WrittenRule>,
    /// `always`: a page shows the address first. `auto`: only where it is needed.
    #[arg(long)]
    interstitial: Option<Interstitial>,
    /// Add the query of a scan to the target's.
    #[arg(long)]
    forward_query: bool,
    /// The time before which it leads nowhere.
    #[arg(long, value_name = "TIME")]
    not_before: Option<String>,
    /// How long it leads anywhere: seconds, or a number with m, h, d, w or y.
    #[arg(long, value_name = "TIME")]
    expires_in: Option<ExpiresIn>,
    /// How often it opens.
    #[arg(long, value_name = "N", requires = "expires_in")]
    max_opens: Option<u64>,
    /// Make a PIN, which is told once.
    #[arg(long, requires = "expires_in")]
    pin_auto: bool,
    /// File whose first line is the PIN that it takes; standard input if it is `-`.
    #[arg(
        long,
        value_name = "FILE",
        requires = "expires_in",
        conflicts_with = "pin_auto"
    )]
    pin_file: Option<PathBuf>,
    /// A text in clear by which you find it again.
    #[arg(long, value_name = "TEXT")]
    note: Option<Note>,
    /// File to write the symbol to; its ending (.png, .svg, .pdf, .txt) chooses the form.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// png, svg, pdf or txt.
    #[arg(long)]
    format: Option<PictureFormat>,
    /// Write what is known about the link to standard output as JSON; the picture is written only with --output.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    style: Flags<StyleRequest>,
}

/// A rule as its JSON.
pub(super) fn parse_rule(text: &str) -> Result<WrittenRule, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

pub(super) fn create(
    config: &Config,
    policy: &LinkPolicy,
    asked: &Create,
) -> Result<ExitCode, Failure> {
    let written = WrittenLink {
        target: asked.target.clone(),
        fallback: asked.fallback.clone(),
        rules: asked.rules.clone(),
        interstitial: asked.interstitial.unwrap_or_default(),
        forward_query: asked.forward_query,
        not_before: asked.not_before.clone(),
    };
    let content = LinkContent::read(&written, &policy.rules)?;
    content.check(policy)?;
    let look = look(&asked.style, config, None, config.symbol.ecl, None)?;
    let pin = pin_of(asked)?;
    let (keyring, made) = setup::keyring(config)?;
    if made {
        eprintln!(
            "A keyring was made: {}. Back this up; without it every code is dead.",
            config.keys.file.display()
        );
    }
    let store = setup::store(config)?;
    let room = StoredRoom::new(config.limits.stored_bytes);
    setup::wait_for(room.look(&*store))?;
    let links = Links::new(
        &config.public_url(),
        config.link.form,
        config.link.uppercase_scheme,
    );
    let sealer = Sealer {
        issuer: Issuer {
            keyring: &keyring,
            links: &links,
        },
        store: Some(&*store),
        pins: &PinHashers::one(),
        long: &LongWork::one(),
        quota: DailyQuota::default(),
        room: &room,
        max_inline_version: config.symbol.max_inline_version,
    };
    let token = IssueToken {
        document: content.document()?,
        expires_in: config
            .issuing
            .longest_life
            .of(asked.expires_in)
            .map_err(|error| format!("--expires-in {error}"))?,
        max_opens: max_opens(asked)?,
        kind: TokenKind::default(),
        packing: Packing::Raw,
        packed: Packed::default(),
        level: look.level,
    };
    let wanted = SealRequest {
        token: &token,
        storage: Storage::Stored,
        kept: Kept::Link {
            expired_secs: policy.keep_expired_secs,
        },
        pin: pin.as_ref(),
        made_by: Principal::Cli,
        note: asked.note.as_ref(),
        remember: false,
        share: None,
        charge: None,
        idempotent: None,
    };
    let output = Output {
        file: asked.output.as_deref(),
        format: asked.format,
    };
    let (picture, link, id, pin) = setup::wait_for(seal(&sealer, &wanted, async |sealed| {
        let issued = &sealed.issued;
        let drawn = drawn(look.clone(), &issued.link, &issued.symbol)?;
        let picture = match asked.json && asked.output.is_none() {
            true => None,
            false => Some(output.picture(&drawn, output.format()?, "QR code of a link")?),
        };
        let (link, id) = (issued.link.clone(), issued.token.id());
        Ok::<_, Failure>((picture, link, id, sealed.pin.clone()))
    }))?;
    if let Some(picture) = picture {
        output.write(&picture)?;
    }
    if asked.json {
        let shown = show(&*store, &keyring, policy, id, clock::now());
        let shown = setup::wait_for(shown)?.ok_or_else(|| unknown(id))?;
        let mut known = serde_json::to_value(LinkAnswer::from(shown))?;
        known["link"] = link.into();
        if let Some(pin) = &pin {
            known["pin"] = pin.as_str().into();
        }
        println!("{known:#}");
        return Ok(ExitCode::SUCCESS);
    }
    tell_made(&content, pin.as_ref());
    eprintln!("{id}\n{link}");
    Ok(ExitCode::SUCCESS)
}

fn tell_made(content: &LinkContent, pin: Option<&Pin>) {
    if let Some(pin) = pin {
        eprintln!(
            "PIN {} (secret, shown only now; give it to the holder apart from the code)",
            pin.as_str()
        );
    }
    if let Some(warning) = warning(content) {
        eprintln!("{warning}");
    }
}

/// The PIN that a new link is to have.
fn pin_of(asked: &Create) -> Result<Option<WantedPin>, Failure> {
    let Some(file) = &asked.pin_file else {
        return Ok(asked.pin_auto.then_some(WantedPin::Generated));
    };
    let pin = Pin::parse(&first_line(file)?).map_err(|error| format!("the PIN {error}"))?;
    Ok(Some(WantedPin::Given(pin)))
}

fn max_opens(asked: &Create) -> Result<Option<MaxOpens>, Failure> {
    let most = asked.max_opens.map(MaxOpens::try_from).transpose();
    most.map_err(|error| format!("--max-opens {error}").into())
}
