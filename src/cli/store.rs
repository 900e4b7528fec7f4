//! `qrseal store`

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Subcommand;

use super::Failure;
use crate::random;
use crate::store::{self, CopiedTable, CopyProgress, CopyStep, CopyStore, TableDigest};

/// Copy a store to another place, or retire one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example, moving to PostgreSQL, with all servers stopped:\n  \
                  qrseal store copy --from sqlite://data/qrseal.db --to postgres://qrseal@db.example.com/qrseal --retire-source"
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Copy a store, and prove the copy; stop the servers of both first. Run again, it goes on where it was interrupted.
    #[command(
        after_help = "Example:\n  qrseal store copy --from sqlite://data/qrseal.db --to postgres://qrseal@db.example.com/qrseal\n\n\
                      Until the copy is proven no server starts with it. Never serve both: a code could be opened once on each; \
                      --retire-source sees to that. A password need not stand in a URL: PGPASSWORD and PGPASSFILE are read."
    )]
    Copy {
        /// The store that is copied: sqlite:// or postgres://.
        #[arg(long, value_name = "URL")]
        from: String,
        /// Where to: an empty database, a file that does not exist yet, or a copy that was not finished.
        #[arg(long, value_name = "URL")]
        to: String,
        /// Once the copy is proven, let no server use the store that was copied any more.
        #[arg(long)]
        retire_source: bool,
    },
    /// Let no server use a store any more, because it was moved.
    #[command(after_help = "Example:\n  qrseal store retire sqlite://data/qrseal.db")]
    Retire {
        /// The store: sqlite:// or postgres://.
        url: String,
        /// Take it back. Codes that were opened elsewhere since then will open again.
        #[arg(long)]
        undo: bool,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.verb {
        Verb::Copy {
            from,
            to,
            retire_source,
        } => {
            for (option, url) in [("--from", from), ("--to", to)] {
                if !store::is_url(url) {
                    return Ok(no_store(option));
                }
            }
            copy(CopyStore {
                from,
                to,
                retire_source: *retire_source,
                owner: i64::from_be_bytes(*random::bytes()?),
            })
        }
        Verb::Retire { url, .. } if !store::is_url(url) => Ok(no_store("URL")),
        Verb::Retire { url, undo } => {
            let changed = store::retire(url, !undo)?;
            println!(
                "{} {} {}.",
                store::name(url),
                if changed { "is" } else { "was" },
                if *undo { "in use" } else { "retired" }
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Wrong usage. The text is not repeated: it may hold a password.
fn no_store(option: &str) -> ExitCode {
    eprintln!(
        "qrseal: {option} must be like sqlite://data/qrseal.db or postgres://user:password@host:5432/database"
    );
    ExitCode::from(2)
}

fn copy(request: CopyStore<'_>) -> Result<ExitCode, Failure> {
    let (from, to) = (store::name(request.from), store::name(request.to));
    let mut shown = Shown::new();
    let copied = store::copy(request, |progress| shown.show(progress));
    shown.end();
    let tables = copied?;
    print!("{}", table(&tables));
    if tables.iter().all(CopiedTable::is_verified) {
        println!("{to} is a whole copy of {from}.");
        match request.retire_source {
            true => println!("No server starts with {from} any more."),
            false => println!(
                "Serve only one of them, or a code could be opened once on each. `qrseal store retire` on the other lets no \
                 server use it."
            ),
        }
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "qrseal: {to} does not hold what {from} does: stop the servers of both and whatever writes into them, and copy again"
    );
    Ok(ExitCode::FAILURE)
}

/// What both sides hold, two lines a table.
fn table(tables: &[CopiedTable]) -> String {
    let mut text = format!(
        "{:<14} {:>12}  {:<64}\n",
        "table", "rows", "SHA-256 of all rows"
    );
    for table in tables {
        let end = match table.is_verified() {
            true => "equal",
            false => "DIFFERENT",
        };
        for (name, side, end) in [(table.name, &table.from, "from"), ("", &table.to, end)] {
            let TableDigest { rows, sha256 } = side;
            let sha256 = crate::hex::hex(sha256);
            writeln!(text, "{name:<14} {rows:>12}  {sha256}  {end}").expect("a string takes all");
        }
    }
    text
}

/// Progress on standard error: one line that is written over on a terminal, else a line for each table and now and then.
struct Shown {
    terminal: bool,
    last: Option<(CopyProgress, Instant)>,
}

impl Shown {
    fn new() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            last: None,
        }
    }

    fn show(&mut self, progress: CopyProgress) {
        let every = match self.terminal {
            true => Duration::from_millis(100),
            false => Duration::from_secs(5),
        };
        let due = self.last.is_none_or(|(last, at)| {
            (last.step, last.table) != (progress.step, progress.table) || at.elapsed() >= every
        });
        if !due {
            return;
        }
        self.last = Some((progress, Instant::now()));
        let line = line(progress);
        match self.terminal {
            // Back to the beginning, and what is longer is erased.
            true => eprint!("\r{line}\x1b[K"),
            false => eprintln!("{line}"),
        }
        let _unseen = std::io::stderr().flush();
    }

    /// Leaves the terminal's line empty for what comes next.
    fn end(&self) {
        if self.terminal && self.last.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

fn line(progress: CopyProgress) -> String {
    let CopyProgress {
        step,
        table,
        rows,
        of,
        written,
    } = progress;
    match step {
        CopyStep::Copying => format!("copying {table}: {rows} of {of} rows, {written} written"),
        CopyStep::Verifying => format!("verifying {table}: {rows} of {of} rows"),
    }
}
