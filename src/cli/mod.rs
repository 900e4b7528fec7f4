//! The command line.
//!
//! Belongs here: arguments, files and terminals, exit codes. Does not belong here: any rule; commands call the same
//! verbs as HTTP does. Exit codes: 0 done, 1 failed, 2 wrong usage.

mod accounts;
mod api_keys;
mod audit;
mod backup;
mod batch;
mod check;
mod check_ins;
mod completions;
mod config;
mod draw;
mod events;
mod healthcheck;
mod input;
mod keys;
mod lan;
mod links;
mod lists;
mod messages;
mod open;
mod openapi;
mod options;
mod output;
mod page;
mod pin;
mod profiles;
mod read;
mod seal;
mod serve;
mod setup;
mod store;
mod time;
mod tokens;
mod visits;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// Seals a JSON document into a QR code, and opens it when a phone scans the code.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example:\n  qrseal                                     serve on http://127.0.0.1:8080\n  \
                  qrseal seal --terminal < invoice.json      draw a symbol in the terminal\n  \
                  qrseal open picture.png                    read it back\n\n\
                  Settings: every key, with its default, is in config/qrseal.toml. QRSEAL_<SECTION>__<KEY> overrides one."
)]
struct Arguments {
    /// Configuration file; its values override the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP until SIGTERM (what happens without a command).
    Serve(serve::Arguments),
    /// Seal a JSON document; the symbol goes to a file, to standard output or to the terminal.
    Seal(seal::Arguments),
    /// Make many codes at once, of a table or of lines of JSON.
    Batch(Box<batch::Arguments>),
    /// Open a link, a token or a picture of a symbol, and print the document.
    Open(open::Arguments),
    /// Print what every QR code in pictures says; opens nothing.
    Read(read::Arguments),
    /// Draw a plain QR code of any text, in a style.
    Draw(draw::Arguments),
    /// Make and rotate the keys that tokens are sealed with.
    Keys(keys::Arguments),
    /// Make, list and change the accounts of people who sign in.
    Accounts(accounts::Arguments),
    /// Make, list and disable API keys.
    ApiKeys(api_keys::Arguments),
    /// Make, list and change dynamic links: codes that lead elsewhere.
    Links(Box<links::Arguments>),
    /// Make, list and change check-in lists, at which staff scan codes.
    Lists(lists::Arguments),
    /// Look at what happened at check-in lists, export it, and undo check-ins.
    CheckIns(check_ins::Arguments),
    /// Say who was at a check-in list, erase visits, and put them under another key.
    Visits(visits::Arguments),
    /// List, check and begin profiles: kinds of documents; add samples.
    Profiles(profiles::Arguments),
    /// Show, list and revoke tokens that the ledger knows.
    Tokens(tokens::Arguments),
    /// List and dismiss what readers of visitors' messages reported.
    Messages(messages::Arguments),
    /// Show, export and verify the audit log: who did what when.
    Audit(audit::Arguments),
    /// Write a backup: store, configuration and, if it is encrypted, the keyring, in one file.
    Backup(backup::BackupArguments),
    /// Restore a backup into an empty store, or open again what that closed.
    Restore(backup::RestoreArguments),
    /// List the events that wait to be delivered, or deliver them again.
    Events(events::Arguments),
    /// Copy a store to another place, or retire one.
    Store(store::Arguments),
    /// Print the OpenAPI description.
    #[command(after_help = "Example:\n  qrseal openapi > openapi.json")]
    Openapi,
    /// Say what is wrong with this installation.
    #[command(after_help = "Example:\n  qrseal --config /etc/qrseal.toml check")]
    Check,
    /// Ask the running server whether it is ready; for a container's health check.
    #[command(after_help = "Example:\n  QRSEAL_SERVER__LISTEN=0.0.0.0:8080 qrseal healthcheck")]
    Healthcheck,
    /// Print the settings in force, and where each is from.
    Config(config::Arguments),
    /// Print what makes a shell complete this program's commands and options.
    Completions(completions::CompletionsArguments),
    /// Print the manual page of this program or of one of its commands.
    Man(completions::ManArguments),
}

/// A failure, in words for standard error.
type Failure = Box<dyn std::error::Error>;

/// Runs the program with the arguments and environment of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("qrseal: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<ExitCode, Failure> {
    let command = arguments
        .command
        .unwrap_or(Command::Serve(serve::Arguments::default()));
    let file = arguments.config.as_deref();
    // Read only by what needs it: a fault in it keeps nothing else from working.
    let config = || setup::configuration(file);
    match command {
        Command::Serve(arguments) => serve::run(config()?, &arguments),
        Command::Seal(arguments) => seal::run(&config()?, &arguments),
        Command::Batch(arguments) => batch::run(&config()?, &arguments),
        Command::Open(arguments) => open::run(&config()?, &arguments),
        Command::Read(arguments) => read::run(&arguments),
        Command::Draw(arguments) => draw::run(&config()?, &arguments),
        Command::Keys(arguments) => keys::run(&config()?, &arguments),
        Command::Accounts(arguments) => accounts::run(&config()?, arguments),
        Command::ApiKeys(arguments) => api_keys::run(&config()?, arguments),
        Command::Links(arguments) => links::run(&config()?, *arguments),
        Command::Lists(arguments) => lists::run(&config()?, arguments),
        Command::CheckIns(arguments) => check_ins::run(&config()?, arguments),
        Command::Visits(arguments) => visits::run(&config()?, arguments),
        Command::Profiles(arguments) => profiles::run(&config()?, &arguments),
        Command::Tokens(arguments) => tokens::run(&config()?, arguments),
        Command::Messages(arguments) => messages::run(&config()?, &arguments),
        Command::Audit(arguments) => audit::run(&config()?, arguments),
        Command::Backup(arguments) => backup::write(&config()?, file, &arguments),
        Command::Restore(arguments) => backup::restore(&config()?, &arguments),
        Command::Events(arguments) => events::run(&config()?, &arguments),
        Command::Store(arguments) => store::run(&arguments),
        Command::Openapi => openapi::run(),
        Command::Check => Ok(check::run(&config()?)),
        Command::Healthcheck => healthcheck::run(&config()?),
        Command::Config(arguments) => config::run(file, &arguments),
        Command::Completions(arguments) => {
            completions::completions(&mut Arguments::command(), &arguments)
        }
        Command::Man(arguments) => completions::man(&mut Arguments::command(), &arguments),
    }
}
