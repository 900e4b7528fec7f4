//! `qrseal links`

mod create;
mod set;
mod told;

use std::process::ExitCode;

use clap::Subcommand;

use self::create::{Create, create};
use self::set::{Set, set};
use self::told::{line, table, tell, unknown};
use super::time::parse_time;
use super::{Failure, page, setup};
use crate::audit::By;
use crate::config::{Config, Issuing};
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::issuing::Note;
use crate::links::block_lists::BlockLists;
use crate::links::{
    LinkAnswer, LinkPolicy, LinksAnswer, ListLinks, ShowScans, Step, list, report, show,
};
use crate::principal::Principal;
use crate::revoking::{RevocationList, RevokeToken, revoke};
use crate::store::{LinkState, ScansOf, Store};
use crate::token::{Keyring, TokenId, UnixTime};
use crate::{clock, keys};

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
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
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
        limit: MOST_ROWS,
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
