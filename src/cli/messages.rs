//! `qrseal messages`

use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, page, setup};
use crate::audit::By;
use crate::clock;
use crate::config::Config;
use crate::cursor::{Cursor, USUAL_ROWS};
use crate::keys;
use crate::messages::{dismiss, reported};
use crate::principal::Principal;
use crate::token::TokenId;

/// See what visitors' messages were reported for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal messages reported\n  qrseal tokens delete 404142434445464748494a4b\n\n\
                  Nobody reads a message without its code, the operator neither: ask whoever reported it."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List messages that their readers reported, the latest report first. Deleted ones are not listed.
    #[command(after_help = "Example:\n  qrseal messages reported --json")]
    Reported {
        /// How many, 1 to 1000.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// Go on where the list before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
        /// As JSON, an object a line.
        #[arg(long)]
        json: bool,
    },
    /// Take a message off the list: there is nothing wrong with it.
    #[command(after_help = "Example:\n  qrseal messages dismiss 404142434445464748494a4b")]
    Dismiss {
        /// The token's id.
        id: TokenId,
    },
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let now = clock::now();
    match &arguments.verb {
        Verb::Reported {
            limit,
            cursor,
            json,
        } => {
            let (found, next) = setup::wait_for(reported(&*store, *cursor, *limit, now))?;
            for message in &found {
                if *json {
                    println!("{}", serde_json::to_string(message)?);
                    continue;
                }
                let times = match message.reports {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                };
                println!(
                    "{}  {:<10}  reported {times}, last {}: {}",
                    message.id,
                    message.state,
                    message.reported_at,
                    message.reasons.join(", ")
                );
            }
            if let Some(next) = next {
                eprintln!("There may be more: --cursor {next}");
            }
        }
        Verb::Dismiss { id } => {
            let keyring = keys::load(&config.keys.keyring())?;
            let by = By::fresh(Principal::Cli, &keyring)?;
            match setup::wait_for(dismiss(&*store, *id, by, now))? {
                true => println!("Message {id} is off the list."),
                false => return Err(format!("no message {id} was reported").into()),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
