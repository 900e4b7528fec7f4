//! `qrseal links set`

use super::Set;
use crate::cli::Failure;
use crate::cli::pin::first_line;
use crate::clock;
use crate::config::Config;
use crate::issuing::{Note, StoredRoom};
use crate::links::{ChangeLink, LinkChanger, LinkEdits, LinkPolicy, OwnedLink, change};
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::store::Store;
use crate::token::{ExpiresIn, Keyring, Pin};

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
