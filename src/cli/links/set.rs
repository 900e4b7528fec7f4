//! `qrseal links set`

use std::path::PathBuf;

use super::create::parse_rule;
use crate::cli::Failure;
use crate::cli::pin::first_line;
use crate::clock;
use crate::config::Config;
use crate::issuing::{Note, StoredRoom};
use crate::links::{
    ChangeLink, Interstitial, LinkChanger, LinkEdits, LinkPolicy, OwnedLink, WrittenRule, change,
};
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::store::Store;
use crate::token::{ExpiresIn, Keyring, Pin, TokenId};

/// Change a link.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal links set ID --target https://shop.example/winter-menu\n  \
                  qrseal links set ID --expires-in never --note 'table 8'\n  qrseal links set ID --disable"
)]
#[group(id = "SetLink")]
pub(super) struct Set {
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

pub(super) async fn set(
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
