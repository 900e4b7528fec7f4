//! `qrseal events`

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{Failure, page, setup};
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::cursor::USUAL_ROWS;
use crate::events;
use crate::store::WaitingEvent;
use crate::token::TokenId;

/// List the events that wait to be delivered, or deliver them again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal events list\n  qrseal events redeliver\n\nSee docs/events.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what waits, and what was given up, the oldest first.
    #[command(
        after_help = "Example:\n  qrseal events list --limit 20\n  qrseal events list --json"
    )]
    List {
        /// How many at most, 1 to 1000.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Try at once to deliver what waits, and what was given up after three days.
    #[command(
        after_help = "Example:\n  qrseal events redeliver\n  qrseal events redeliver 404142434445464748494a4b"
    )]
    Redeliver {
        /// Only of this token.
        token: Option<TokenId>,
    },
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    match arguments.verb {
        Verb::List { limit, json } => {
            for event in setup::wait_for(store.waiting_events(limit))? {
                println!("{}", shown(config, &event, json));
            }
        }
        Verb::Redeliver { token } => {
            let again = setup::wait_for(store.redeliver_events(token, clock::now()))?;
            println!(
                "{again} events are delivered again; a running server does so within a second."
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(config: &Config, event: &WaitingEvent, as_json: bool) -> String {
    let mut targets = config.events.targets.iter();
    let receiver = targets
        .find(|target| target.id() == event.key.target)
        .map_or_else(|| "(not configured here)".to_owned(), ToString::to_string);
    let state = match event.given_up {
        true => "given_up",
        false => "waiting",
    };
    let message = events::message(event);
    if as_json {
        return json!({
            "id": message.id,
            "type": event.key.kind.as_str(),
            "token_id": event.key.token_id.to_string(),
            "happened_at": rfc3339(event.happened_at),
            "receiver": receiver,
            "state": state,
            "tries": event.tries,
            "next_at": (!event.given_up).then(|| rfc3339(event.next_at)),
        })
        .to_string();
    }
    format!(
        "{}  {:<14} {}  {receiver}  {state} after {} tries",
        rfc3339(event.happened_at),
        event.key.kind.as_str(),
        event.key.token_id,
        event.tries
    )
}
