//! `qrseal visits`

use std::process::ExitCode;

use clap::Subcommand;

use super::time::parse_time;
use super::{Failure, setup};
use crate::audit::By;
use crate::clock;
use crate::config::Config;
use crate::desk::{
    AskPresence, DeskRight, PresenceReason, erase, find_check_in, presence, presence_csv,
    reseal_visits,
};
use crate::keys;
use crate::principal::Principal;
use crate::store::{ErasedOf, ListId};
use crate::token::UnixTime;

/// Say who was at a check-in list, erase visits, and put them under another key.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal visits presence ID --from 2026-11-27T12:00:00Z --until 2026-11-27T13:00:00Z --reason 'case 4711' > there.csv\n  \
                  qrseal visits erase CHECK-IN\n  qrseal visits reseal"
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say who was there, as CSV; who asked and why is in the audit log.
    Presence {
        /// The list's id.
        list: ListId,
        /// Whoever was there after this time.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        from: UnixTime,
        /// Whoever was there before this time.
        #[arg(long, value_name = "TIME", value_parser = parse_time)]
        until: UnixTime,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: PresenceReason,
        /// JSON, as `POST /api/lists/{id}/presence`.
        #[arg(long)]
        json: bool,
    },
    /// Erase what is kept of a visitor's document: of the code of this check-in, at its list.
    Erase {
        /// The id of the check-in.
        id: String,
    },
    /// Put visits under the primary key that are under another, before that one is destroyed.
    Reseal,
}

/// Runs the command.
pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    let right = DeskRight {
        principal: Principal::Cli,
        every_list: true,
        pass_of: None,
    };
    setup::wait_for(async {
        let by = By::fresh(Principal::Cli, &keyring)?;
        let now = clock::now();
        match arguments.verb {
            Verb::Presence {
                list,
                from,
                until,
                reason,
                json,
            } => {
                let asked = AskPresence {
                    list,
                    from,
                    until,
                    reason,
                    now,
                };
                let profiles = setup::desk_profiles(config)?;
                let (answer, list) =
                    presence(&*store, &keyring, &profiles, asked, right, by).await?;
                match json {
                    true => println!("{}", serde_json::to_string_pretty(&answer)?),
                    false => print!("{}", presence_csv(&answer, &list)),
                }
            }
            Verb::Erase { id } => {
                let row = find_check_in(&*store, &id, Principal::Cli).await?;
                let row = row.ok_or_else(|| format!("there is no check-in {id}"))?;
                let of = row.token.map_or(ErasedOf::Entry(row.id), ErasedOf::Token);
                let erased = erase(&*store, row.list, of, right, by, now).await?;
                eprintln!("Visits that were erased: {erased}.");
            }
            Verb::Reseal => {
                let done = reseal_visits(&*store, &keyring, |done| {
                    eprintln!("{} visits are under the primary key now", done.moved);
                })
                .await?;
                eprintln!("Done: {} visits.", done.moved);
                if done.unreadable > 0 {
                    return Err(format!(
                        "{} visits do not open: their key was destroyed, or they were changed",
                        done.unreadable
                    )
                    .into());
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
