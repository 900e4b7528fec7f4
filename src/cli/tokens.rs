//! `qrseal tokens`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::pin::first_line;
use super::time::parse_time;
use super::{Failure, page, seal, setup};
use crate::audit::By;
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::cursor::{Cursor, USUAL_ROWS};
use crate::issuing::{Note, SealOptions, StoredRoom};
use crate::keys;
use crate::link::{bare, token_text};
use crate::long::LongWork;
use crate::opening::{ClientNetwork, Opener, ReviseToken, reset_pin, revise};
use crate::payload::{MAX_STORED_BYTES, minify_up_to};
use crate::pins::PinHashers;
use crate::principal::Principal;
use crate::receipts::{ListReceipts, Receipt, ReceiptAnswer, erase_opens, list, show};
use crate::revoking::{self, Reason, RevocationList, RevokeToken, expiry_of, revoke};
use crate::store::{Erased, ReceiptState, Store};
use crate::token::{
    Keyring, OpenError, ParsedStoredToken, ParsedToken, TokenId, TypedPin, UnixTime,
};

/// Show, list and revoke tokens.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal tokens revoke 404142434445464748494a4b --reason 'wrong amount'\n\n\
                  The ledger meets a token when it is first opened (if it is limited), when its PIN is tried, and when it is \
                  revoked; nothing is stored when one is issued."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show what the ledger knows of a token.
    #[command(after_help = "Example:\n  qrseal tokens show 404142434445464748494a4b")]
    Show {
        /// The token's id.
        id: TokenId,
        /// As JSON, as the API gives it.
        #[arg(long)]
        json: bool,
    },
    /// List what the ledger knows, the newest activity first.
    #[command(
        after_help = "Example:\n  qrseal tokens list --state used_up --since 2026-11-20T00:00:00Z"
    )]
    List {
        /// Only `active`, `used_up`, `expired`, `revoked` or `pin_locked` ones.
        #[arg(long)]
        state: Option<ReceiptState>,
        /// Only with activity at or after this time.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        since: Option<UnixTime>,
        /// Only with activity before this time.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        until: Option<UnixTime>,
        /// Only those whose note has this text in it, letter by letter.
        #[arg(long, value_name = "TEXT")]
        note: Option<Note>,
        /// How many, 1 to 1000.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// Go on where the list before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
    },
    /// Revoke a token, plain ones too; running servers on the same store know within two seconds.
    #[command(
        after_help = "Example:\n  qrseal tokens revoke 404142434445464748494a4b --reason lost\n\n\
                      Given the token itself or its link, the revocation is kept until the token's expiry, else for ever."
    )]
    Revoke {
        /// The token's id, the token itself in either text form, or its link.
        token: String,
        /// Why: at most 200 characters.
        #[arg(long)]
        reason: Option<Reason>,
    },
    /// Delete a token: the same as revoking it without a reason. The document of a stored code goes with it.
    #[command(after_help = "Example:\n  qrseal tokens delete 404142434445464748494a4b")]
    Delete {
        /// The token's id, the token itself in either text form, or its link.
        token: String,
    },
    /// Replace the document of a stored code; whoever scans it next sees the new one.
    #[command(
        after_help = "Example:\n  qrseal tokens replace https://QR.EXAMPLE.COM/7123... menu.json\n  \
                      qrseal tokens replace 7123... menu.json --if-revision 2"
    )]
    Replace {
        /// The token in either text form, or its link.
        token: String,
        /// The document; standard input if it is not given or `-`.
        file: Option<PathBuf>,
        /// File whose first line is the code's PIN; standard input if it is `-`.
        #[arg(long, value_name = "FILE")]
        pin_file: Option<PathBuf>,
        /// Only if this revision is there.
        #[arg(long, value_name = "N")]
        if_revision: Option<u32>,
    },
    /// Forget all wrong tries at a token's PIN, and all locks.
    #[command(after_help = "Example:\n  qrseal tokens reset-pin 404142434445464748494a4b")]
    ResetPin {
        /// The token's id.
        id: TokenId,
    },
    /// Erase what the ledger tells about a token's opens; the count stays.
    #[command(after_help = "Example:\n  qrseal tokens erase-opens 404142434445464748494a4b")]
    EraseOpens {
        /// The token's id.
        id: TokenId,
    },
}

pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    setup::wait_for(execute(config, &keyring, &*store, arguments.verb))?;
    Ok(ExitCode::SUCCESS)
}

async fn execute(
    config: &Config,
    keyring: &Keyring,
    store: &dyn Store,
    verb: Verb,
) -> Result<(), Failure> {
    let now = clock::now();
    match verb {
        Verb::Show { id, json } => {
            let receipt = show(store, id, now).await?.ok_or_else(|| unknown(id))?;
            match json {
                true => println!(
                    "{}",
                    serde_json::to_string_pretty(&ReceiptAnswer::whole(&receipt))?
                ),
                false => print!("{}", lines(&receipt)),
            }
        }
        Verb::List {
            state,
            since,
            until,
            note,
            limit,
            cursor,
        } => {
            let request = ListReceipts {
                state,
                since,
                until,
                note,
                made_by: None,
                cursor,
                limit,
            };
            let page = list(store, request, now).await?;
            for receipt in &page.receipts {
                println!("{}", line(receipt));
            }
            if let Some(next) = page.next {
                eprintln!("There are more: --cursor {next}");
            }
        }
        Verb::Revoke { token, reason } => {
            let text_is_id = token.parse::<TokenId>().is_ok();
            let (id, expires_at) = named(keyring, &token, now)?;
            let request = RevokeToken {
                id,
                reason,
                by_holder: false,
                expires_at,
            };
            // An id alone says nothing about whether it was typed right.
            let unseen = text_is_id && show(store, id, now).await?.is_none();
            let done = revoke(
                store,
                &RevocationList::default(),
                request,
                By::fresh(Principal::Cli, keyring)?,
                now,
            )
            .await?;
            println!("Token {id} is revoked since {}.", rfc3339(done.at));
            if unseen {
                println!(
                    "The ledger had never met this id, which is usual for a code that nobody limited: check that it is right."
                );
            }
        }
        Verb::Delete { token } => delete(keyring, store, &token).await?,
        Verb::Replace {
            token,
            file,
            pin_file,
            if_revision,
        } => {
            let asked = Replacement {
                token,
                file,
                pin_file,
                if_revision,
            };
            replace(config, keyring, store, asked).await?;
        }
        Verb::ResetPin { id } => {
            match reset_pin(store, id, By::fresh(Principal::Cli, keyring)?, now).await? {
                true => println!("The PIN of token {id} can be tried again."),
                false => return Err(unknown(id)),
            }
        }
        Verb::EraseOpens { id } => {
            match erase_opens(store, id, By::fresh(Principal::Cli, keyring)?, now).await? {
                Erased::Done => println!("When token {id} was opened is forgotten."),
                Erased::Unknown => return Err(unknown(id)),
            }
        }
    }
    Ok(())
}

/// A new document for a stored code.
struct Replacement {
    token: String,
    file: Option<PathBuf>,
    pin_file: Option<PathBuf>,
    if_revision: Option<u32>,
}

async fn replace(
    config: &Config,
    keyring: &Keyring,
    store: &dyn Store,
    asked: Replacement,
) -> Result<(), Failure> {
    let now = clock::now();
    let token = token_text(&asked.token).unwrap_or_else(|| bare(&asked.token).to_owned());
    let (id, _) = named(keyring, &token, now)?;
    let most = config.limits.largest_body_bytes();
    let document = minify_up_to(&seal::read(asked.file.as_deref(), most)?, MAX_STORED_BYTES)?;
    let pin = asked.pin_file.map(|file| first_line(&file)).transpose()?;
    let pin = pin.map(|pin| TypedPin::parse(&pin)).transpose();
    let pin = pin.map_err(|refused| format!("the PIN {refused}"))?;
    let hashers = PinHashers::one();
    let room = StoredRoom::new(config.limits.stored_bytes);
    room.look(store).await?;
    let opener = Opener {
        keyring,
        store,
        revocations: &RevocationList::empty(),
        pins: &hashers,
        long: &LongWork::one(),
    };
    let profiles = setup::profiles(config, true)?.registry();
    let wanted = ReviseToken {
        id,
        token: &token,
        document: &document,
        packing: config.payload.packing(&SealOptions::default()),
        profiles: &profiles,
        pin: pin.as_ref(),
        network: ClientNetwork::CommandLine,
        of_revision: asked.if_revision,
        by: Principal::Cli,
        only_of: None,
        now,
    };
    let revised = revise(opener, &room, wanted).await?;
    println!("Token {id} has revision {} now.", revised.revision);
    Ok(())
}

async fn delete(keyring: &Keyring, store: &dyn Store, token: &str) -> Result<(), Failure> {
    let now = clock::now();
    let (id, expires_at) = named(keyring, token, now)?;
    let by = By::fresh(Principal::Cli, keyring)?;
    let done = revoking::delete(store, &RevocationList::default(), id, expires_at, by, now).await?;
    println!("Token {id} is gone since {}.", rfc3339(done.at));
    Ok(())
}

/// The token that is meant, and its expiry if it was shown itself.
fn named(
    keyring: &Keyring,
    text: &str,
    now: UnixTime,
) -> Result<(TokenId, Option<UnixTime>), Failure> {
    if let Ok(id) = text.parse() {
        return Ok((id, None));
    }
    let text = token_text(text).unwrap_or_else(|| bare(text).to_owned());
    let strange = |_| "this is neither a token's id nor a token of this keyring";
    let id = match ParsedStoredToken::parse(&text) {
        Ok(stored) => match stored.recognise(keyring) {
            Ok(token) => token.id(),
            Err(OpenError::KeyRetired { id }) => id,
            Err(_) => return Err("this is neither a token's id nor a token of this keyring".into()),
        },
        Err(_) => ParsedToken::parse(&text).map_err(strange)?.id(),
    };
    let expires_at = expiry_of(&text, id, keyring, now)
        .map_err(|_| "this is neither a token's id nor a token of this keyring")?;
    Ok((id, expires_at))
}

fn unknown(id: TokenId) -> Failure {
    format!("the ledger never met token {id}").into()
}

fn line(receipt: &Receipt) -> String {
    let entry = &receipt.entry;
    format!(
        "{}  {:<10}  {}  updated_at {}{}",
        entry.id,
        receipt.state.as_str(),
        opens(receipt),
        rfc3339(entry.updated_at),
        entry
            .note
            .as_ref()
            .map_or(String::new(), |note| format!("  {note}"))
    )
}

fn opens(receipt: &Receipt) -> String {
    match receipt.entry.max_opens {
        Some(most) => format!("opens {} of {most}", receipt.entry.opens),
        None => format!("opens {}", receipt.entry.opens),
    }
}

fn lines(receipt: &Receipt) -> String {
    let entry = &receipt.entry;
    let mut lines = vec![
        format!("token {}", entry.id),
        format!("state {}", receipt.state.as_str()),
        opens(receipt),
    ];
    lines.extend(entry.note.iter().map(|note| format!("note {note}")));
    lines.extend(entry.made_by.map(|by| format!("made by {by}")));
    lines.extend(entry.record.map(|record| {
        let (revision, bytes) = (record.revision, record.bytes);
        format!("stored, revision {revision}, {bytes} bytes")
    }));
    let mut time = |name: &str, at: Option<UnixTime>| {
        lines.extend(at.map(|at| format!("{name} {}", rfc3339(at))));
    };
    time("issued_at", entry.issued_at);
    time("expires_at", entry.expires_at);
    for at in receipt.opens_by(false) {
        time("opened_at", Some(at));
    }
    for at in receipt.opens_by(true) {
        time("suspected_bot_opened_at", Some(at));
    }
    if entry.pin_wrong > 0 {
        lines.push(format!("wrong PINs {}", entry.pin_wrong));
    }
    if let Some(revocation) = &entry.revoked {
        let by = if revocation.by_holder {
            " by its holder"
        } else {
            ""
        };
        let why = revocation.reason.as_deref().unwrap_or("no reason given");
        lines.push(format!("revoked_at {}{by}: {why}", rfc3339(revocation.at)));
    }
    lines.push(format!("updated_at {}\n", rfc3339(entry.updated_at)));
    lines.join("\n")
}
