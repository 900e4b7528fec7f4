//! `qrseal links`

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::options::Flags;
use super::output::{Output, drawn, look};
use super::pin::first_line;
use super::time::parse_time;
use super::{Failure, setup};
use crate::audit::By;
use crate::clock;
use crate::config::{Config, Issuing};
use crate::cursor::Cursor;
use crate::drawing::{PictureFormat, StyleRequest};
use crate::issuing::{
    IssueToken, Issuer, Kept, MaxOpens, Note, Packed, Packing, SealRequest, Sealer, Storage,
    StoredRoom, TokenKind, WantedPin, seal,
};
use crate::keys;
use crate::limits::DailyQuota;
use crate::link::Links;
use crate::links::block_lists::BlockLists;
use crate::links::{
    ChangeLink, Interstitial, LinkAnswer, LinkChanger, LinkContent, LinkEdits, LinkPolicy,
    LinksAnswer, ListLinks, OwnedLink, ScanReport, ShowScans, Step, WrittenLink, WrittenRule,
    change, list, report, show, warning,
};
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::revoking::{RevocationList, RevokeToken, revoke};
use crate::store::{LinkState, ScansOf, Store};
use crate::token::{ExpiresIn, Keyring, Pin, TokenId, UnixTime};

/// Make, list and change dynamic links.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal links create https://shop.example/menu --note 'table 7' -o menu.svg\n  \
                  qrseal links set ID --target https://shop.example/winter-menu\n  qrseal links check\n\n\
                  Running servers on the same store take up a change within two seconds."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a code that leads elsewhere.
    Create(Box<Create>),
    /// List links, the newest first.
    #[command(after_help = "Example:\n  qrseal links list --state active --note 'table 7'")]
    List {
        /// Only `active`, `disabled`, `expired`, `used_up` or `revoked` ones.
        #[arg(long)]
        state: Option<LinkState>,
        /// Only those whose note has this text in it, letter by letter.
        #[arg(long, value_name = "TEXT")]
        note: Option<Note>,
        /// How many, 1 to 1000.
        #[arg(long, default_value_t = ListLinks::DEFAULT_LIMIT, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Go on where the list before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
        /// As JSON, as the API gives it.
        #[arg(long)]
        json: bool,
    },
    /// Show a link.
    #[command(after_help = "Example:\n  qrseal links show 404142434445464748494a4b")]
    Show {
        /// The link's id.
        id: TokenId,
        /// As JSON, as the API gives it.
        #[arg(long)]
        json: bool,
    },
    /// Change a link.
    Set(Box<Set>),
    /// End a link for ever.
    #[command(after_help = "Example:\n  qrseal links end 404142434445464748494a4b")]
    End {
        /// The link's id.
        id: TokenId,
    },
    /// Name every live link that today's block lists and settings would stop.
    #[command(
        after_help = "Example:\n  qrseal links check\n\nThe exit code is 1 if there are any."
    )]
    Check {
        /// As JSON, as the API gives links.
        #[arg(long)]
        json: bool,
    },
    /// Show how often links were scanned.
    #[command(
        after_help = "Example:\n  qrseal links scans 404142434445464748494a4b --by hour\n  \
                      qrseal links scans --note poster --csv"
    )]
    Scans {
        /// The link's id.
        #[arg(required_unless_present = "note", conflicts_with = "note")]
        id: Option<TokenId>,
        /// All links whose note has this text in it.
        #[arg(long, value_name = "TEXT")]
        note: Option<Note>,
        /// `hour` or `day`.
        #[arg(long, default_value_t = Step::Day)]
        by: Step,
        /// From this time on; 30 days ago if it is not given.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        from: Option<UnixTime>,
        /// To this time; now if it is not given.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        to: Option<UnixTime>,
        /// As CSV.
        #[arg(long)]
        csv: bool,
    },
}

/// Make a code that leads elsewhere.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal links create https://shop.example/menu --note 'table 7' -o menu.svg\n  \
                  qrseal links create https://shop.example --rule '{\"device\": \"ios\", \"target\": \"https://apps.example\"}' -o app.png\n  \
                  qrseal links create https://pay.example/4711 --max-opens 1 --expires-in 2d -o pay.png"
)]
struct Create {
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

/// Change a link.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal links set ID --target https://shop.example/winter-menu\n  \
                  qrseal links set ID --expires-in never --note 'table 8'\n  qrseal links set ID --disable"
)]
#[group(id = "SetLink")]
struct Set {
    /// The link's id.
    id: TokenId,
    /// Where it leads.
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Where it leads once it has expired; `none` for nowhere.
    #[arg(long, value_name = "URL")]
    fallback: Option<String>,
    /// All its rules anew, as JSON; may be given again.
    #[arg(long = "rule", value_name = "JSON", value_parser = parse_rule, conflicts_with = "no_rules")]
    rules: Vec<WrittenRule>,
    /// Take its rules away.
    #[arg(long)]
    no_rules: bool,
    /// `always` or `auto`.
    #[arg(long)]
    interstitial: Option<Interstitial>,
    /// Whether the query of a scan is added to the target's.
    #[arg(long, value_name = "true|false")]
    forward_query: Option<bool>,
    /// The time before which it leads nowhere; `none` for at once.
    #[arg(long, value_name = "TIME")]
    not_before: Option<String>,
    /// How long from now it leads anywhere; `never` for no end.
    #[arg(long, value_name = "TIME")]
    expires_in: Option<String>,
    /// The note by which you find it; empty for none.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Switch it off until --enable.
    #[arg(long, conflicts_with = "enable")]
    disable: bool,
    /// Switch it on again.
    #[arg(long)]
    enable: bool,
    /// File whose first line is the PIN of a link that has one; it is its PIN from now on.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// Only if this revision is there.
    #[arg(long, value_name = "N")]
    if_revision: Option<u32>,
}

fn parse_rule(text: &str) -> Result<WrittenRule, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let policy = policy(config)?;
    if let Verb::Create(asked) = arguments.verb {
        return create(config, &policy, &asked);
    }
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    setup::wait_for(execute(config, &policy, &keyring, &*store, arguments.verb))
}

/// What links may be, as a server with this configuration sees it.
pub(super) fn policy(config: &Config) -> Result<LinkPolicy, Failure> {
    Ok(LinkPolicy {
        rules: config.links.target_rules(&config.public_url()),
        trusted: config.links.trusted_hosts.clone(),
        shows_untrusted: config.auth.issuing == Issuing::Open,
        lists: BlockLists::open(config.links.block_lists.clone())?,
        keep_expired_secs: config.links.keep_expired_secs(),
        longest_life: config.issuing.longest_life,
    })
}

fn create(config: &Config, policy: &LinkPolicy, asked: &Create) -> Result<ExitCode, Failure> {
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
    let (picture, link, id, pin) = setup::wait_for(seal(sealer, wanted, async |sealed| {
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

async fn execute(
    config: &Config,
    policy: &LinkPolicy,
    keyring: &Keyring,
    store: &dyn Store,
    verb: Verb,
) -> Result<ExitCode, Failure> {
    let now = clock::now();
    match verb {
        Verb::Create(_) => {}
        Verb::List {
            state,
            note,
            limit,
            cursor,
            json,
        } => {
            let request = ListLinks {
                state,
                note,
                made_by: None,
                cursor,
                limit,
            };
            let page = list(store, keyring, policy, request, now).await?;
            let next = page.next.map(|cursor| cursor.to_string());
            if json {
                let links = page.links.into_iter().map(LinkAnswer::from).collect();
                let next_cursor = next;
                let answer = LinksAnswer { links, next_cursor };
                println!("{}", serde_json::to_string_pretty(&answer)?);
                return Ok(ExitCode::SUCCESS);
            }
            for link in &page.links {
                println!("{}", line(link));
            }
            if let Some(next) = next {
                eprintln!("There are more: --cursor {next}");
            }
        }
        Verb::Show { id, json } => {
            let link = show(store, keyring, policy, id, now).await?;
            tell(link.ok_or_else(|| unknown(id))?, json)?;
        }
        Verb::Set(asked) => tell(set(config, policy, (keyring, store), &asked).await?, false)?,
        Verb::End { id } => {
            let link = show(store, keyring, policy, id, now).await?;
            let link = link.ok_or_else(|| unknown(id))?;
            let request = RevokeToken {
                id,
                reason: None,
                by_holder: false,
                expires_at: link.row.expires_at,
            };
            let by = By::fresh(Principal::Cli, keyring)?;
            revoke(store, &RevocationList::default(), request, by, now).await?;
            println!("Link {id} has ended.");
        }
        Verb::Check { json } => return check(policy, keyring, store, json).await,
        Verb::Scans {
            id,
            note,
            by,
            from,
            to,
            csv,
        } => {
            let of = match (id, note) {
                (Some(id), _) => {
                    let link = show(store, keyring, policy, id, now).await?;
                    link.ok_or_else(|| unknown(id))?;
                    ScansOf::Link(id)
                }
                (None, note) => ScansOf::Noted {
                    note: note.map(String::from),
                    made_by: None,
                },
            };
            let latest = ShowScans::latest(of, to.unwrap_or(now));
            let request = ShowScans {
                from: from.unwrap_or(latest.from),
                by,
                ..latest
            };
            if let Some((name, detail)) = request.fault() {
                return Err(format!("--{name} {detail}").into());
            }
            let report = report(store, request).await?;
            match csv {
                true => print!("{}", report.csv()),
                false => print!("{}", table(&report)),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(
    config: &Config,
    policy: &LinkPolicy,
    (keyring, store): (&Keyring, &dyn Store),
    asked: &Set,
) -> Result<OwnedLink, Failure> {
    let hashers = PinHashers::one();
    let room = StoredRoom::new(config.limits.stored_bytes);
    room.look(store).await?;
    let changer = LinkChanger {
        keyring,
        store,
        policy,
        pins: &hashers,
        room: &room,
        share_bytes: None,
    };
    let edits = edits(asked)?;
    let request = ChangeLink {
        id: asked.id,
        edits: &edits,
        of_edition: asked.if_revision,
        by: Principal::Cli,
        only_of: None,
        now: clock::now(),
    };
    Ok(change(changer, request).await?)
}

/// Looks at every link that leads somewhere, or will.
async fn check(
    policy: &LinkPolicy,
    keyring: &Keyring,
    store: &dyn Store,
    json: bool,
) -> Result<ExitCode, Failure> {
    let now = clock::now();
    let (mut looked, mut found) = (0_u64, Vec::new());
    let mut request = ListLinks {
        limit: ListLinks::MAX_LIMIT,
        ..ListLinks::default()
    };
    loop {
        let page = list(store, keyring, policy, request.clone(), now).await?;
        for link in page.links {
            if matches!(link.state, LinkState::Active | LinkState::Disabled) {
                looked += 1;
                if link.blocked.is_some() {
                    found.push(link);
                }
            }
        }
        request.cursor = page.next;
        if request.cursor.is_none() {
            break;
        }
    }
    let code = match found.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    };
    if json {
        let links: Vec<_> = found.into_iter().map(LinkAnswer::from).collect();
        println!("{}", serde_json::to_string_pretty(&links)?);
        return Ok(code);
    }
    for link in &found {
        println!("{}", line(link));
    }
    let stopped = found.len();
    eprintln!("{looked} links looked at, {stopped} would be stopped.");
    Ok(code)
}

fn edits(asked: &Set) -> Result<LinkEdits, Failure> {
    let none = |text: &String| (text != "none").then(|| text.clone());
    let pin = asked.pin_file.as_deref().map(first_line).transpose()?;
    let pin = pin.map(|pin| Pin::parse(&pin)).transpose();
    let note = asked.note.as_deref().map(|note| match note {
        "" => Ok(None),
        note => note.parse::<Note>().map(Some),
    });
    let expires_in = asked.expires_in.as_deref().map(|time| match time {
        "never" => Ok(None),
        time => time.parse::<ExpiresIn>().map(Some),
    });
    let edits = LinkEdits {
        target: asked.target.clone(),
        fallback: asked.fallback.as_ref().map(none),
        rules: (asked.no_rules || !asked.rules.is_empty()).then(|| asked.rules.clone()),
        interstitial: asked.interstitial,
        forward_query: asked.forward_query,
        not_before: asked.not_before.as_ref().map(none),
        expires_in: expires_in
            .transpose()
            .map_err(|error| format!("--expires-in {error}"))?,
        note: note
            .transpose()
            .map_err(|error| format!("--note {error}"))?,
        enabled: match (asked.enable, asked.disable) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        pin: pin.map_err(|error| format!("the PIN {error}"))?,
    };
    match edits.is_empty() {
        true => Err("there is nothing to change: see `qrseal links set --help`".into()),
        false => Ok(edits),
    }
}

fn tell(link: OwnedLink, json: bool) -> Result<(), Failure> {
    let answer = LinkAnswer::from(link);
    if json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(());
    }
    let value = serde_json::to_value(&answer)?;
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::Array(rules) if rules.is_empty() => {}
            serde_json::Value::String(text) => println!("{name:14} {text}"),
            value => println!("{name:14} {value}"),
        }
    }
    Ok(())
}

fn line(link: &OwnedLink) -> String {
    let target = link.written.as_ref().map_or("", |link| &link.target);
    let mut line = format!("{}  {:8}  {target}", link.row.id, link.state.as_str());
    if let Some(note) = &link.row.note {
        let _always = write!(line, "  ({note})");
    }
    if let Some(blocked) = &link.blocked {
        let _always = write!(line, "  STOPPED: {blocked}");
    }
    line
}

fn table(report: &ScanReport) -> String {
    let mut text = format!(
        "{:20} {:>9} {:>9} {:>9} {:>9} {:>9}\n",
        "", "ios", "android", "desktop", "other", "bots"
    );
    let steps = report.steps().into_iter();
    let rows = steps.map(|(at, counts)| (clock::rfc3339(at), counts));
    for (name, counts) in rows.chain([("total".to_owned(), report.total())]) {
        let _always = writeln!(
            text,
            "{name:20} {:>9} {:>9} {:>9} {:>9} {:>9}",
            counts.ios, counts.android, counts.desktop, counts.other, counts.bots
        );
    }
    text
}

fn unknown(id: TokenId) -> Failure {
    format!("there is no link {id}").into()
}
