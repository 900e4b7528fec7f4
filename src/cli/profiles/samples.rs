//! `qrseal profiles samples`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Subcommand;
use serde_json::{Value, json};

use crate::audit::{Verb, What};
use crate::cli::{Failure, input, setup};
use crate::clock;
use crate::config::Config;
use crate::keys::{self, Lacking};
use crate::payload::minify;
use crate::profiles::{ProfileName, Registry, add_samples};
use crate::samples::{
    self, AddSamples, KnownSamples, SampleSet, SampleSets, SamplesError, told_sets,
};
use crate::store;

/// The most bytes of a file with a sample, white space included.
const MAX_FILE_BYTES: u64 = 1 << 16;
/// The time between two looks at what servers say.
const EVERY: Duration = Duration::from_millis(500);

/// Samples of a profile: made-up documents, by which its smallest codes become smaller still.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal profiles samples add invoice one.json two.json\n  qrseal profiles samples use 1\n\n\
                  Write them yourself: never a holder's document. A set is for ever: without its file, beside the keyring, no code that was \
                  made after it opens. See docs/profiles.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add 1 to 8 documents of a profile as a set, for ever; nothing is made after it before it is used.
    #[command(after_help = "Example:\n  qrseal profiles samples add invoice one.json two.json")]
    Add {
        /// The profile, which every document must fit.
        profile: ProfileName,
        /// Files with one document each, of at most 2,048 bytes without white space; one or two are mostly enough.
        #[arg(required = true, num_args = 1..=samples::MAX_DOCUMENTS, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Take out the piece of a line at the end of the file of samples, which an interrupted command left behind.
        #[arg(long)]
        mend: bool,
        /// Sets that the audit log tells of and that the file lacks are lost for ever: take a number that none of them had.
        #[arg(long)]
        lost: bool,
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// List every set: its profile, and whether new codes are made after it.
    #[command(after_help = "Example:\n  qrseal profiles samples list --json")]
    List {
        /// Write JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make new codes of its profile after this set, once every server of the store has said that it has it.
    #[command(after_help = "Example:\n  qrseal profiles samples use 1")]
    Use {
        /// The number of the set.
        #[arg(value_parser = clap::value_parser!(u8).range(1..))]
        number: u8,
        /// Seconds to wait for servers that do not have the set yet, 0 to 86400.
        #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
        wait: u64,
        /// Do not ask which servers have it: those that lack it open none of the codes.
        #[arg(long)]
        yes: bool,
    },
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Add {
            profile,
            files,
            mend,
            lost,
            json,
        } => add(config, profile, files, (*mend, *lost), *json),
        Command::List { json } => list(config, *json),
        &Command::Use { number, wait, yes } => use_set(config, number, wait, yes),
    }
}

fn add(
    config: &Config,
    name: &ProfileName,
    files: &[PathBuf],
    (mend, lost): (bool, bool),
    as_json: bool,
) -> Result<ExitCode, Failure> {
    // Its codes need the keyring, and who restores one finds the other beside it.
    let keyring = keys::load(&config.keys.keyring())?;
    let registry = setup::profiles(config, true)?.registry();
    let profile = registry
        .find(name.as_str())
        .ok_or_else(|| format!("there is no profile {name}: see qrseal profiles list"))?;
    let documents = files.iter().map(|file| {
        minify(&input::read(file, MAX_FILE_BYTES)?)
            .map_err(|error| Failure::from(format!("{}: {error}", file.display())))
    });
    let wanted = AddSamples {
        profile: profile.number,
        documents: documents.collect::<Result<Vec<_>, _>>()?,
        mend,
        told: setup::told_samples(config, &keyring)?,
        lost,
    };
    let added = add_samples(profile, wanted, &config.keys.file)?;
    let (set, file) = (added.set, samples::path_beside(&config.keys.file));
    tell(config, &set, false);
    if as_json {
        let in_use = known(config)?.uses(&set);
        println!("{:#}", described(&set, &registry, in_use));
        return Ok(ExitCode::SUCCESS);
    }
    let number = set.number();
    match added.before {
        true => println!("These documents are sample set {number} of the profile {name} already."),
        false => println!(
            "Sample set {number} of the profile {name} was added to {}. Back this file up with the keyring, and copy it to servers \
             that have a keyring file of their own. Next: qrseal profiles samples use {number}",
            file.display()
        ),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(config: &Config, as_json: bool) -> Result<ExitCode, Failure> {
    let registry = setup::profiles(config, false)?.registry();
    let sets = known(config)?;
    if sets.is_cut() {
        eprintln!(
            "qrseal: {}; what is behind its last good line is not used",
            SamplesError::Cut(samples::path_beside(&config.keys.file))
        );
    }
    if as_json {
        let all = sets.all();
        let all: Vec<_> = all
            .map(|set| described(set, &registry, sets.uses(set)))
            .collect();
        println!("{:#}", json!({ "sample_sets": all }));
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{:>6}  {:<20} {:>9} {:>6}  {:<6}  SHA-256",
        "NUMBER", "PROFILE", "DOCUMENTS", "BYTES", "IN USE"
    );
    for set in sets.all() {
        println!(
            "{:>6}  {:<20} {:>9} {:>6}  {:<6}  {}",
            set.number(),
            profile_of(set, &registry).unwrap_or_else(|| set.profile().value().to_string()),
            set.documents().len(),
            bytes_of(set),
            if sets.uses(set) { "yes" } else { "no" },
            set.sha256(),
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn use_set(config: &Config, number: u8, wait: u64, yes: bool) -> Result<ExitCode, Failure> {
    let sets = known(config)?;
    let set = sets.numbered(number).ok_or(SamplesError::Unknown(number))?;
    if !yes {
        let Some(lacking) = wait_for_servers(config, set, wait)? else {
            return Err(format!(
                "nothing is made after sample set {number} yet: the store {} does not exist, so no server can be asked whether it has the \
                 set. Run this with the store of your servers (store.url), or with --yes if there is no server, or all have it",
                store::name(&config.store_url())
            )
            .into());
        };
        if !lacking.is_empty() {
            return Err(format!(
                "nothing is made after sample set {number} yet, because these servers did not say that they have it: {}. Copy {} to \
                 those that have a file of their own, and start those that are down; then run this again. With --yes they are not \
                 asked, and those that lack the set open none of the codes",
                listed(&lacking),
                samples::path_beside(&config.keys.file).display()
            )
            .into());
        }
    }
    let promoted = samples::append_use(&config.keys.file, set)?;
    tell(config, set, promoted);
    let registry = setup::profiles(config, false)?.registry();
    println!(
        "Codes of the profile {} with effort=smallest are made after sample set {number} from now on.",
        profile_of(set, &registry).unwrap_or_else(|| set.profile().value().to_string())
    );
    Ok(ExitCode::SUCCESS)
}

/// Waits until no server lacks the set, or the time is over. `None`: there is no store that knows of servers.
fn wait_for_servers(
    config: &Config,
    set: &SampleSet,
    wait: u64,
) -> Result<Option<Vec<Lacking>>, Failure> {
    let url = config.store_url();
    if !store::exists(&url)? {
        return Ok(None);
    }
    let store = store::connect(&url, false)?;
    let until = Instant::now() + Duration::from_secs(wait);
    let mut told = false;
    loop {
        let wanted = Some(set.fingerprint());
        let looked = keys::lacking_fingerprint(&*store, wanted, &[], clock::now());
        let lacking = setup::wait_for(looked)?;
        if lacking.is_empty() || Instant::now() >= until {
            return Ok(Some(lacking));
        }
        if !told {
            eprintln!("Waiting for {}", listed(&lacking));
            told = true;
        }
        std::thread::sleep(EVERY);
    }
}

/// Writes into the audit log that a set was added, unless it tells of it already, and whether it was `promoted`. It is done,
/// whether the log can be reached or not.
fn tell(config: &Config, set: &SampleSet, promoted: bool) {
    let number = set.number();
    let told = || -> Result<(), Failure> {
        let url = config.store_url();
        if !store::exists(&url)? {
            eprintln!(
                "qrseal: the audit log does not tell of sample set {number}, because the store {} does not exist yet: when it does, run \
                 this again, or nobody notices if the set is lost",
                store::name(&url)
            );
            return Ok(());
        }
        let store = store::connect(&url, false)?;
        let keyring = keys::load(&config.keys.keyring())?;
        let details = json!({ "profile": set.profile().value(), "sha256": set.sha256() });
        let tell = |verb| setup::tell(&*store, &keyring, verb, What::Samples(number), &details);
        let sets = setup::wait_for(told_sets(&*store, &keyring))?;
        if !sets.iter().any(|told| told.is(set)) {
            tell(Verb::Add)?;
        }
        if promoted {
            tell(Verb::Promote)?;
        }
        Ok(())
    };
    if let Err(error) = told() {
        eprintln!("qrseal: this is not in the audit log: {error}");
    }
}

fn listed(lacking: &[Lacking]) -> String {
    let names = lacking.iter().map(|one| match one.silent_secs {
        None => format!("{} (it answers, and does not have the set)", one.name),
        Some(secs) => format!("{} (it has not been heard of for {secs} s)", one.name),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn known(config: &Config) -> Result<std::sync::Arc<SampleSets>, Failure> {
    Ok(KnownSamples::beside(&config.keys.file)?.sets())
}

fn profile_of(set: &SampleSet, registry: &Registry) -> Option<String> {
    let profile = registry.numbered(set.profile())?;
    Some(profile.name.to_string())
}

fn bytes_of(set: &SampleSet) -> usize {
    let documents = set.documents().iter();
    documents.map(|document| document.as_bytes().len()).sum()
}

/// A set, for programs.
fn described(set: &SampleSet, registry: &Registry, in_use: bool) -> Value {
    json!({
        "number": set.number(),
        "profile": profile_of(set, registry),
        "profile_number": set.profile().value(),
        "documents": set.documents().len(),
        "bytes": bytes_of(set),
        "sha256": set.sha256(),
        "in_use": in_use,
    })
}
