//! `qrseal check-ins`

use std::io::Write as _;
use std::process::ExitCode;

use clap::Subcommand;

use super::time::parse_time;
use super::{Failure, page, setup};
use crate::audit::By;
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::desk::{
    CSV_HEAD, CheckInAnswer, CheckInsAnswer, DeskRight, ListCheckIns, csv_line, find_list,
    list_check_ins, undo, zone_of,
};
use crate::keys;
use crate::principal::Principal;
use crate::store::{CheckInOutcome, ListId};
use crate::token::UnixTime;

/// Look at what happened at check-in lists, export it, and undo check-ins.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal check-ins list ID --since 2026-11-27T18:00:00Z\n  qrseal check-ins export ID > gala.csv\n  \
                  qrseal check-ins undo ID"
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List check-ins of a list, the latest first.
    List {
        #[command(flatten)]
        of: Of,
        /// How many.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// Where the page before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
        /// JSON, as `GET /api/lists/{id}/check-ins`.
        #[arg(long)]
        json: bool,
    },
    /// Write all check-ins of a list to standard output as CSV, the oldest first, with times of the list's place.
    Export(Of),
    /// Undo a check-in, however old: the latest of its code on its list.
    Undo {
        /// The id of its row.
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Of {
    /// The list's id.
    list: ListId,
    /// Only of this time and later.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<UnixTime>,
    /// Only of before this time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<UnixTime>,
    /// Only with this outcome, such as `let_in` or `already_redeemed`.
    #[arg(long)]
    outcome: Option<CheckInOutcome>,
}

impl Of {
    fn query(&self) -> ListCheckIns {
        ListCheckIns {
            since: self.since,
            until: self.until,
            outcome: self.outcome,
            ..ListCheckIns::default()
        }
    }
}

/// Runs the command.
pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    setup::wait_for(async {
        match arguments.verb {
            Verb::List {
                of,
                limit,
                cursor,
                json,
            } => {
                let asked = ListCheckIns {
                    cursor,
                    limit,
                    ..of.query()
                };
                let (rows, next) = list_check_ins(&*store, of.list, asked).await?;
                let next_cursor = next.map(|cursor| cursor.to_string());
                if json {
                    let answer = CheckInsAnswer {
                        check_ins: rows.into_iter().map(CheckInAnswer::from).collect(),
                        next_cursor,
                    };
                    println!("{}", serde_json::to_string_pretty(&answer)?);
                    return Ok(ExitCode::SUCCESS);
                }
                for row in rows {
                    let gate = row.gate.as_deref().unwrap_or("-");
                    let by = row
                        .made_by
                        .map_or("automatic".to_owned(), |by| by.to_string());
                    let undone = if row.undone_at.is_some() {
                        "  undone"
                    } else {
                        ""
                    };
                    println!(
                        "{}  {}  {:<5}  {:<20}  {gate}  {by}{undone}",
                        row.id,
                        rfc3339(row.happened_at),
                        row.kind.as_str(),
                        row.outcome.as_str()
                    );
                }
                if let Some(next) = next_cursor {
                    eprintln!("There are more: --cursor {next}");
                }
            }
            Verb::Export(of) => {
                let list = find_list(&*store, of.list).await?;
                let list = list.ok_or_else(|| format!("there is no list {}", of.list))?;
                let mut asked = ListCheckIns {
                    limit: MOST_ROWS,
                    oldest_first: true,
                    ..of.query()
                };
                let zone = zone_of(&list);
                let mut out = std::io::stdout().lock();
                out.write_all(CSV_HEAD.as_bytes())?;
                loop {
                    let (rows, next) = list_check_ins(&*store, of.list, asked.clone()).await?;
                    for row in &rows {
                        out.write_all(csv_line(row, &list, &zone).as_bytes())?;
                    }
                    asked.cursor = next;
                    if next.is_none() {
                        break;
                    }
                }
                out.flush()?;
            }
            Verb::Undo { id } => {
                let keyring = keys::load(&config.keys.keyring())?;
                let by = By::fresh(Principal::Cli, &keyring)?;
                let right = DeskRight {
                    principal: Principal::Cli,
                    every_list: true,
                    pass_of: None,
                };
                let (row, _) = undo(&*store, &id, right, true, by, clock::now()).await?;
                eprintln!("Check-in {} is undone.", row.id);
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
