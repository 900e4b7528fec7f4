//! `qrseal lists`

mod passes;

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Map, Value};

use super::{Failure, page, setup};
use crate::audit::By;
use crate::clock;
use crate::config::Config;
use crate::cursor::{Cursor, USUAL_ROWS};
use crate::desk::{
    Changing, CreateList, DeskProfiles, DeskRight, ListAnswer, ListEdits, ListsAnswer, change_list,
    counts_of, create_list, delete_list, find_list, list_lists, set_staff,
};
use crate::keys;
use crate::principal::Principal;
use crate::store::{ListId, ListRecord, Store};
use crate::token::Keyring;

/// Make, list, change and delete check-in lists, at which staff scan codes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal lists create Gala --accept ticket --set time_zone=Europe/Berlin --set exits=on --set max_inside=300\n  \
                  qrseal lists staff ID account:3 key:7\n  qrseal lists show ID"
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a list.
    #[command(
        after_help = "Example:\n  qrseal lists create Gala --accept ticket --set entries=once --set 'gates=[\"north\",\"south\"]'"
    )]
    Create {
        /// What people call it.
        name: String,
        /// A profile whose codes it takes; may be given again.
        #[arg(long = "accept", value_name = "PROFILE", required = true)]
        accepts: Vec<String>,
        #[command(flatten)]
        set: Set,
        /// Write it to standard output as JSON; else its id.
        #[arg(long)]
        json: bool,
    },
    /// List lists, the newest first.
    List {
        /// How many.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// Where the page before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
        /// JSON, as `GET /api/lists`.
        #[arg(long)]
        json: bool,
    },
    /// Show a list and what was counted at it, as JSON.
    Show {
        /// The list's id.
        id: ListId,
    },
    /// Change what a list asks.
    #[command(
        after_help = "Example:\n  qrseal lists set ID --set closes_at=2026-11-28T02:00 --set max_inside=null"
    )]
    Set {
        /// The list's id.
        id: ListId,
        #[command(flatten)]
        set: Set,
    },
    /// Give a list to staff, instead of those that it had.
    Staff {
        /// The list's id.
        id: ListId,
        /// `account:3` or `key:7`.
        staff: Vec<Principal>,
    },
    /// Draw, list and revoke passes, with which volunteers' phones are signed in to the desk.
    Passes(passes::Arguments),
    /// Delete a list with all that it remembers.
    Delete {
        /// The list's id.
        id: ListId,
    },
}

/// Members of a list.
#[derive(Debug, clap::Args)]
#[group(id = "SetList")]
struct Set {
    /// A member of a list as `POST /api/lists` has it; a value that is no JSON is a text. May be given again.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    members: Vec<String>,
}

impl Set {
    fn members(&self) -> Result<Map<String, Value>, Failure> {
        let mut members = Map::new();
        for given in &self.members {
            let (name, text) = given
                .split_once('=')
                .ok_or_else(|| format!("--set takes NAME=VALUE, not {given}"))?;
            let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
            if members.insert(name.to_owned(), value).is_some() {
                return Err(format!("--set {name} is given more than once").into());
            }
        }
        Ok(members)
    }
}

/// An operator works at every list.
const RIGHT: DeskRight = DeskRight {
    principal: Principal::Cli,
    every_list: true,
    pass_of: None,
};

/// Runs the command.
pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    if let Verb::Passes(arguments) = arguments.verb {
        return setup::wait_for(passes::execute(config, &keyring, &*store, arguments));
    }
    let profiles = setup::desk_profiles(config)?;
    setup::wait_for(execute(&keyring, &*store, &profiles, arguments.verb))
}

async fn execute(
    keyring: &Keyring,
    store: &dyn Store,
    profiles: &DeskProfiles,
    verb: Verb,
) -> Result<ExitCode, Failure> {
    let now = clock::now();
    let by = By::fresh(Principal::Cli, keyring)?;
    let changing = |id| Changing {
        id,
        if_revision: None,
        right: RIGHT,
        now,
    };
    match verb {
        Verb::Create {
            name,
            accepts,
            set,
            json,
        } => {
            let mut members = set.members()?;
            members.insert("name".to_owned(), name.into());
            let accepts = accepts
                .into_iter()
                .map(|profile| serde_json::json!({ "profile": profile }));
            members
                .entry("accepts")
                .or_insert_with(|| accepts.collect());
            let edits = ListEdits::read(members)?;
            let asked = CreateList {
                edits: &edits,
                request: None,
                now,
            };
            let (list, _) = create_list(store, profiles, keyring, asked, by).await?;
            match json {
                true => print(list)?,
                false => println!("{}", list.id),
            }
        }
        Verb::List {
            limit,
            cursor,
            json,
        } => {
            let (lists, next) = list_lists(store, None, false, cursor, limit).await?;
            let next_cursor = next.map(|cursor| cursor.to_string());
            if json {
                let lists = lists.into_iter().map(ListAnswer::of).collect();
                let answer = ListsAnswer { lists, next_cursor };
                println!("{}", serde_json::to_string_pretty(&answer)?);
                return Ok(ExitCode::SUCCESS);
            }
            for list in lists {
                println!("{}  {}", list.id, list.name);
            }
            if let Some(next) = next_cursor {
                eprintln!("There are more: --cursor {next}");
            }
        }
        Verb::Show { id } => {
            let list = find_list(store, id).await?.ok_or_else(|| unknown(id))?;
            let counts = counts_of(store, id).await?;
            let answer = ListAnswer::of(list).counted(counts);
            println!("{}", serde_json::to_string_pretty(&answer)?);
        }
        Verb::Set { id, set } => {
            let edits = ListEdits::read(set.members()?)?;
            if edits.is_empty() {
                return Err("nothing changes: see qrseal lists set --help".into());
            }
            print(change_list(store, profiles, changing(id), &edits, by).await?)?;
        }
        Verb::Staff { id, staff } => print(set_staff(store, changing(id), staff, by).await?)?,
        Verb::Passes(_) => return Err("passes have a command of their own".into()),
        Verb::Delete { id } => {
            delete_list(store, changing(id), by).await?;
            eprintln!("List {id} is deleted.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(list: ListRecord) -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(&ListAnswer::of(list))?);
    Ok(())
}

fn unknown(id: ListId) -> Failure {
    format!("there is no list {id}").into()
}
