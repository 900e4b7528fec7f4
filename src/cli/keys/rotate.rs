//! `qrseal keys rotate`

use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::tell;
use crate::audit::Verb as Done;
use crate::cli::{Failure, setup};
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::keys::{self, Begun, Lacking};
use crate::random;
use crate::store::{self, Store};
use crate::token::Slot;

/// The time between two looks at what servers say.
const EVERY: Duration = Duration::from_millis(500);

/// Rotate the keys of all servers of a store.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal keys rotate\n  qrseal keys rotate --without web-3/10.0.0.3:8080    it was taken away for good\n\n\
                  Where servers have keyring files of their own, copy the file to them when the key was added, and again when it \
                  seals. Interrupted, or out of time, it goes on when it is run again. See docs/keys.md."
)]
pub struct Arguments {
    /// Seconds to wait for servers that do not have the new key yet, 0 to 86400.
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
    /// A server, as it is named, that is not waited for, because it does not come back; may be given several times.
    #[arg(long, value_name = "NAME")]
    without: Vec<String>,
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let file = config.keys.keyring();
    let url = config.store_url();
    let store = match store::exists(&url)? {
        true => Some(store::connect(&url, false)?),
        false => None,
    };
    let begun = keys::begin_rotation(&file, &mut random::fill, clock::now())?;
    let slot = begun.slot();
    match begun {
        Begun::Added(_) => {
            tell(config, Done::Add, slot);
            eprintln!("Slot {slot} was added. Back up {}.", file.path.display());
        }
        Begun::Pending(_) => eprintln!("Slot {slot} was added before: going on from there."),
    }
    let before = keys::load(&file)?.primary().slot();
    if let Some(store) = store {
        let lacking = wait(&*store, config, arguments, slot)?;
        if !lacking.is_empty() {
            return Err(format!(
                "nothing seals with slot {slot} yet, because these servers did not say that they have its key: {}. Copy {} to \
                 those that have a file of their own, start those that are down, or name those that do not come back with \
                 --without; then run this again",
                listed(&lacking),
                file.path.display()
            )
            .into());
        }
    }
    keys::promote(&file, &mut random::fill, slot)?;
    tell(config, Done::Promote, slot);
    println!("Slot {slot} seals new tokens.");
    println!("{}", end_of(config, before));
    Ok(ExitCode::SUCCESS)
}

/// Waits until no server lacks the key, or the time is over.
fn wait(
    store: &dyn Store,
    config: &Config,
    arguments: &Arguments,
    slot: Slot,
) -> Result<Vec<Lacking>, Failure> {
    let keyring = keys::load(&config.keys.keyring())?;
    let until = Instant::now() + Duration::from_secs(arguments.wait);
    let mut shown = Vec::new();
    loop {
        let looked = keys::lacking(store, &keyring, slot, &arguments.without, clock::now());
        let lacking = setup::wait_for(looked)?;
        let names: Vec<_> = lacking.iter().map(|one| one.name.clone()).collect();
        if !lacking.is_empty() && names != shown {
            eprintln!("Waiting for {}", listed(&lacking));
            shown = names;
        }
        if lacking.is_empty() || Instant::now() >= until {
            return Ok(lacking);
        }
        std::thread::sleep(EVERY);
    }
}

fn listed(lacking: &[Lacking]) -> String {
    let names: Vec<_> = lacking.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// When the key that sealed until now is not needed any more.
fn end_of(config: &Config, before: Slot) -> String {
    match config.issuing.longest_life.0 {
        Some(life) => format!(
            "If issuing.max_expires_in was set for as long as slot {before} sealed, its last code ends at {}: then qrseal keys \
             disable {before}",
            rfc3339(clock::now().plus_secs(life.as_secs()))
        ),
        None => format!(
            "Slot {before} goes on opening its codes. Some may have no end, because issuing.max_expires_in is not set: disabling \
             it would end them."
        ),
    }
}
