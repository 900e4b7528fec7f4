//! `qrseal audit`

use std::io::{BufRead as _, BufReader, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Subcommand;

use super::time::parse_time;
use super::{Failure, page, setup};
use crate::audit::{self, Entry, Head, ListAudit, Verb as Done, Verified, What};
use crate::config::Config;
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};
use crate::keys;
use crate::principal::Principal;
use crate::store::Store;
use crate::token::{Keyring, UnixTime};

/// Show, export and verify the audit log: who did what when.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal audit show --by key:3\n  qrseal audit verify --head heads.txt\n\n\
                  See docs/audit.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show rows, the newest first.
    #[command(
        after_help = "Example:\n  qrseal audit show --since 2026-11-20T00:00:00Z --verb revoke\n  \
                      qrseal audit show --what token --id 404142434445464748494a4b"
    )]
    Show {
        #[command(flatten)]
        wanted: Wanted,
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
    /// Write all rows to standard output, the oldest first, one JSON object a line.
    #[command(
        after_help = "Example:\n  qrseal audit export --since 2026-11-01T00:00:00Z > november.ndjson"
    )]
    Export {
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Look whether rows were changed or taken out; exit code 1 if so.
    #[command(
        after_help = "Example:\n  qrseal audit verify\n  journalctl -u qrseal | grep 'audit head' > heads.txt\n  \
                      qrseal audit verify --head heads.txt\n\n\
                      The server writes the head of the chain into its log every hour, and this command prints it. Kept on \
                      another machine, a head shows even what somebody with the keyring changed before it."
    )]
    Verify {
        /// A file with heads that were kept: lines of the server's log, or what this command printed before; - for standard
        /// input. Other lines are passed over.
        #[arg(long, value_name = "FILE")]
        head: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Which rows.
#[derive(Debug, clap::Args)]
struct Wanted {
    /// Only of this time and later.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<UnixTime>,
    /// Only of before this time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<UnixTime>,
    /// Only by this principal: key:N, account:N, pass:N, local, anonymous or cli.
    #[arg(long, value_name = "PRINCIPAL")]
    by: Option<Principal>,
    /// Only with this verb, such as issue, revoke or create.
    #[arg(long)]
    verb: Option<Done>,
    /// Only about a token, an `api_key` or a key of the keyring.
    #[arg(long, value_name = "KIND", value_parser = What::KINDS)]
    what: Option<String>,
    /// Only about the one with this id, number or slot.
    #[arg(long)]
    id: Option<String>,
}

impl Wanted {
    fn list(self) -> ListAudit {
        ListAudit {
            since: self.since,
            until: self.until,
            principal: self.by,
            verb: self.verb,
            what: self.what.and_then(|word| What::kind_of(&word)),
            what_id: self.id,
            ..ListAudit::default()
        }
    }
}

pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    setup::wait_for(execute(&keyring, &*store, arguments.verb))
}

async fn execute(keyring: &Keyring, store: &dyn Store, verb: Verb) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    match verb {
        Verb::Show {
            wanted,
            limit,
            cursor,
            json,
        } => {
            let request = ListAudit {
                cursor,
                limit,
                ..wanted.list()
            };
            let page = audit::list(store, keyring, request).await?;
            let next = page.next;
            if json {
                let answer = serde_json::to_string_pretty(&audit::AuditAnswer::from(page))?;
                writeln!(out, "{answer}")?;
            } else {
                for row in &page.rows {
                    writeln!(out, "{}", line(row))?;
                }
                if let Some(next) = next {
                    eprintln!("There are more: --cursor {next}");
                }
            }
        }
        Verb::Export { wanted } => {
            let mut request = ListAudit {
                limit: MOST_ROWS,
                oldest_first: true,
                ..wanted.list()
            };
            loop {
                let page = audit::list(store, keyring, request.clone()).await?;
                for row in &page.rows {
                    serde_json::to_writer(&mut out, row)?;
                    writeln!(out)?;
                }
                match page.next {
                    Some(next) => request.cursor = Some(next),
                    None => break,
                }
            }
            out.flush()?;
        }
        Verb::Verify { head, json } => {
            let heads = match &head {
                None => Vec::new(),
                Some(file) => heads(file)?,
            };
            let mut shown = Shown::default();
            let found =
                audit::verify(store, keyring, &heads, |rows, of| shown.show(rows, of)).await?;
            shown.end();
            match json {
                true => writeln!(out, "{}", serde_json::to_string(&found)?)?,
                false => write!(out, "{}", lines(&found))?,
            }
            return Ok(match found.misfit {
                None => ExitCode::SUCCESS,
                Some(_) => ExitCode::FAILURE,
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The heads in a file.
fn heads(file: &Path) -> Result<Vec<Head>, Failure> {
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", file.display());
    let input: Box<dyn std::io::Read> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(file).map_err(cannot)?),
    };
    let mut heads = Vec::new();
    for line in BufReader::new(input).split(b'\n') {
        heads.extend(Head::in_line(&String::from_utf8_lossy(
            &line.map_err(cannot)?,
        )));
    }
    match heads.is_empty() {
        true => Err(format!(
            "{} has no head: lines such as `audit head number=12 link=...`",
            file.display()
        )
        .into()),
        false => Ok(heads),
    }
}

fn line(row: &Entry) -> String {
    let details = match &row.details {
        Some(details) => {
            let said = details.iter().filter(|(_, value)| !value.is_null());
            let words: Vec<_> = said
                .map(|(name, value)| format!("  {name}={value}"))
                .collect();
            words.concat()
        }
        None if row.authentic.is_none() => "  (its key was destroyed)".to_owned(),
        None => "  (TAMPERED WITH: not written by this installation)".to_owned(),
    };
    format!(
        "{}  {:<10} {:<11} {} {}{details}",
        row.happened_at, row.principal, row.verb, row.what, row.what_id
    )
}

fn lines(found: &Verified) -> String {
    let mut lines = vec![format!("{} rows fit", found.linked)];
    let mut count = |number: u64, words: &str| {
        if number > 0 {
            lines.push(format!("{number} {words}"));
        }
    };
    count(
        found.unverifiable,
        "of them cannot be verified: their key was destroyed",
    );
    count(
        found.pruned,
        "older ones were taken out because of their age",
    );
    count(
        found.heads_compared,
        "heads that were kept stand where they stood",
    );
    count(
        found.heads_pruned,
        "heads that were kept are of rows that are gone because of their age",
    );
    if found.unlinked > 0 {
        lines.push(format!(
            "{} rows are not linked yet, the oldest of {}; a running server links them within ten seconds",
            found.unlinked,
            found.oldest_unlinked_at.as_deref().unwrap_or("an unknown time"),
        ));
    }
    if let Some(misfit) = &found.misfit {
        let place = match misfit.number {
            Some(number) => format!("row {number}"),
            None => "a row that is not linked yet".to_owned(),
        };
        let of = match (&misfit.id, &misfit.happened_at) {
            (Some(id), Some(at)) => format!(" (id {id}, of {at})"),
            _ => String::new(),
        };
        lines.push(format!("TAMPERED WITH: {place}{of}: {}", misfit.why));
    }
    lines.extend(found.head.as_ref().map(ToString::to_string));
    lines.push(String::new());
    lines.join("\n")
}

/// Progress on standard error, where that is a terminal.
#[derive(Default)]
struct Shown(Option<Instant>);

impl Shown {
    fn show(&mut self, rows: u64, of: u64) {
        let due = self
            .0
            .is_none_or(|at| at.elapsed() >= Duration::from_millis(200));
        if due && std::io::stderr().is_terminal() {
            self.0 = Some(Instant::now());
            eprint!("\r{rows} of {of} rows\x1b[K");
        }
    }

    fn end(&self) {
        if self.0.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
