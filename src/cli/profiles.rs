//! `qrseal profiles`

mod samples;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{Failure, setup};
use crate::config::Config;
use crate::language::Language;
use crate::profiles::{self, Issuers, ProfileListAnswer, ProfileName};

/// List, check and begin profiles: kinds of documents; add samples.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal profiles list\n  qrseal profiles new badge\n  qrseal profiles check"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List every profile: its number, who may issue under it, its form.
    List {
        /// Write JSON, with the names of the API's answer.
        #[arg(long)]
        json: bool,
    },
    /// Read every profile of the folder and say what is wrong, with the line; exit code 1 if anything is.
    Check,
    /// Add made-up documents of a profile, by which its smallest codes become smaller still.
    Samples(samples::Arguments),
    /// Write a profile to begin with into the folder: one of its own, or a copy of the shipped one of this name.
    New {
        /// Its name: 1 to 32 small letters, digits and -, a letter first.
        name: ProfileName,
    },
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::List { json } => list(config, *json),
        Command::Check => check(config),
        Command::New { name } => new(config, name),
        Command::Samples(arguments) => samples::run(config, arguments),
    }
}

fn list(config: &Config, as_json: bool) -> Result<ExitCode, Failure> {
    let registry = setup::profiles(config, false)?.registry();
    if as_json {
        println!("{:#}", json!(ProfileListAnswer::of(&registry)));
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{:<20} {:>9}  {:<24} {:<28} FORM",
        "NAME", "NUMBER", "TITLE", "ISSUED BY"
    );
    for profile in registry.all() {
        let issuers = profile.issuers.iter().copied().map(Issuers::as_str);
        println!(
            "{:<20} {:>9}  {:<24} {:<28} {}",
            profile.name.as_str(),
            profile.number.value(),
            profile.title.of(Language::English),
            issuers.collect::<Vec<_>>().join(", "),
            profile
                .form
                .as_ref()
                .map_or("off", |form| form.open.as_str()),
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn check(config: &Config) -> Result<ExitCode, Failure> {
    let faults = profiles::faults(
        config.profiles.folder.as_deref(),
        &config.keys.file,
        config.profiles.numbers.as_deref(),
        &config.styles,
    )?;
    for fault in &faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let count = setup::profiles(config, false)?.registry().all().count();
    println!("{count} profiles, nothing wrong");
    Ok(ExitCode::SUCCESS)
}

fn new(config: &Config, name: &ProfileName) -> Result<ExitCode, Failure> {
    let folder = config.profiles.folder.as_ref().ok_or(
        "there is no folder for profiles: set profiles.folder, or QRSEAL_PROFILES__FOLDER",
    )?;
    let numbers = config.profiles.numbers.as_deref();
    let text = profiles::begun(name, folder, &config.keys.file, numbers)?;
    let file: PathBuf = folder.join(format!("{name}.toml"));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .and_then(|mut open| open.write_all(text.as_bytes()))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}
