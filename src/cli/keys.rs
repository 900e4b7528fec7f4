//! `qrseal keys`

mod rotate;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, setup};
use crate::audit::Verb as Done;
use crate::clock;
use crate::config::Config;
use crate::desk::visits_under;
use crate::keys::{self, KekSource, KeyringFile};
use crate::random;
use crate::store;
use crate::token::{KeyState, Slot};

/// Make and rotate keys.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal keys rotate     a new key, on one server or many\n\n\
                  The same by hand: qrseal keys add, on several machines everywhere, and then qrseal keys promote 1. See docs/keys.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make the keyring with its first key.
    #[command(after_help = "Example:\n  qrseal keys init")]
    Init {
        /// Make a plain file, for a server that others reach: nothing but its mode keeps it secret.
        #[arg(long)]
        plain: bool,
    },
    /// List the keys, without their secrets.
    #[command(after_help = "Example:\n  qrseal keys list")]
    List,
    /// Add a key that opens tokens, ready to be promoted.
    #[command(after_help = "Example:\n  qrseal keys add")]
    Add,
    /// Seal new tokens with this key from now on; the one before goes on opening its tokens.
    #[command(after_help = "Example:\n  qrseal keys promote 1")]
    Promote {
        /// The key's slot, 0 to 31.
        #[arg(value_parser = parse_slot)]
        slot: Slot,
    },
    /// Add a key, wait until all servers of the store have it, and seal with it from then on.
    Rotate(rotate::Arguments),
    /// Open no token of this key any more; holders are told that it was retired.
    #[command(after_help = "Example:\n  qrseal keys disable 0")]
    Disable {
        /// The key's slot, 0 to 31.
        #[arg(value_parser = parse_slot)]
        slot: Slot,
    },
    /// Erase a disabled key's secret for ever; its tokens are not recognised any more.
    #[command(
        after_help = "Example:\n  qrseal keys disable 0\n  qrseal keys destroy 0\n\n\
                      On a terminal you are asked first, elsewhere say --yes."
    )]
    Destroy {
        /// The key's slot, 0 to 31.
        #[arg(value_parser = parse_slot)]
        slot: Slot,
        /// Do it without being asked.
        #[arg(long)]
        yes: bool,
        /// Do it though visits of check-in lists are under this key, which nobody reads then.
        #[arg(long)]
        yes_kill_visits: bool,
    },
    /// Encrypt the keyring file under the key-encryption key that the configuration names.
    #[command(
        after_help = "Example:\n  openssl rand -base64 32 > kek && chmod 600 kek\n  \
                            QRSEAL_KEYS__KEK_FILE=kek qrseal keys encrypt\n\n\
                            Keep that key elsewhere than the backups of the keyring: each is worth nothing without the other."
    )]
    Encrypt {
        /// The file with the key-encryption key that it is encrypted under so far, if that is to be another one.
        #[arg(long, value_name = "FILE")]
        old_kek_file: Option<PathBuf>,
    },
    /// Write the keyring file as a plain one again.
    #[command(after_help = "Example:\n  QRSEAL_KEYS__KEK_FILE=kek qrseal keys decrypt --plain")]
    Decrypt {
        /// Yes, plain: nothing but its mode keeps it secret from then on.
        #[arg(long, required = true)]
        plain: bool,
    },
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let file = &config.keys.keyring();
    let path = file.path.display();
    match &arguments.verb {
        Verb::Init { plain } => {
            setup::no_store_without_keyring(config)?;
            if config.keys.is_plain() && !config.is_local() && !plain {
                return Err(
                    "a server that others reach should have a keyring that is encrypted: say with keys.kek_file or \
                     keys.kek_command under what (docs/keys.md), or with --plain that only the file's mode keeps it secret"
                        .into(),
                );
            }
            keys::init(file, &mut random::fill, clock::now())?;
            println!("{path} was made. Back this up; without it every code is dead.");
            if !config.keys.is_plain() {
                println!(
                    "And the key that it is encrypted under, elsewhere: {}.",
                    file.kek
                );
            }
        }
        Verb::List => {
            for key in keys::list(file)? {
                println!("{key}");
            }
        }
        Verb::Add => {
            let slot = keys::add(file, &mut random::fill, clock::now())?;
            tell(config, Done::Add, slot);
            println!("Slot {slot} was added and opens tokens. Next: qrseal keys promote {slot}");
        }
        &Verb::Promote { slot } => {
            keys::promote(file, &mut random::fill, slot)?;
            tell(config, Done::Promote, slot);
            println!("Slot {slot} seals new tokens.");
        }
        Verb::Rotate(arguments) => return rotate::run(config, arguments),
        &Verb::Disable { slot } => {
            keys::disable(file, &mut random::fill, slot)?;
            tell(config, Done::Disable, slot);
            println!("Slot {slot} is disabled: its tokens are recognised, and none is opened.");
        }
        &Verb::Destroy {
            slot,
            yes,
            yes_kill_visits,
        } => {
            let visits = visits(config, slot)?;
            if visits > 0 && !yes_kill_visits {
                return Err(format!(
                    "{visits} visits of check-in lists are under the key of slot {slot}: put them under the primary one \
                     (qrseal visits reseal), or say --yes-kill-visits, and nobody reads them ever again"
                )
                .into());
            }
            if !yes && !agreed(file, slot)? {
                return Err("nothing was changed".into());
            }
            before_destroying(config, slot)?;
            keys::destroy(file, &mut random::fill, slot)?;
            println!("The secret of slot {slot} is gone: its tokens are not recognised any more.");
        }
        Verb::Encrypt { old_kek_file } => {
            let before = old_kek_file.clone().map(KekSource::File);
            match keys::encrypt(file, before.as_ref(), &mut random::fill)? {
                true => println!(
                    "{path} is encrypted. Back up what it is encrypted under, elsewhere than the keyring: {}. Plain copies and \
                     backups that were made before are as they were.",
                    file.kek
                ),
                false => println!("{path} was encrypted so already."),
            }
        }
        Verb::Decrypt { .. } => {
            keys::decrypt(file, &mut random::fill)?;
            println!(
                "{path} is plain. Next: take {} out of the configuration.",
                file.kek
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How many visits are under the key of this slot, where there is a store.
fn visits(config: &Config, slot: Slot) -> Result<u64, Failure> {
    let url = config.store_url();
    if !store::exists(&url)? {
        return Ok(0);
    }
    let store = store::connect(&url, false)?;
    Ok(setup::wait_for(visits_under(&*store, slot))?)
}

/// Writes into the audit log what was done. It is done, whether the log can be reached or not.
fn tell(config: &Config, verb: Done, slot: Slot) {
    if let Err(error) = told(config, verb, slot) {
        eprintln!("qrseal: this is not in the audit log: {error}");
    }
}

fn told(config: &Config, verb: Done, slot: Slot) -> Result<Option<Slot>, Failure> {
    let url = config.store_url();
    if !store::exists(&url)? {
        return Ok(None);
    }
    let store = store::connect(&url, false)?;
    setup::tell_key(&*store, &keys::load(&config.keys.keyring())?, verb, slot)
}

/// Writes into the audit log what is about to be done, and sees that its chain does not end under this key: that end could
/// never be told from another again. A key that cannot be destroyed is left to the keyring, which says why.
fn before_destroying(config: &Config, slot: Slot) -> Result<(), Failure> {
    if !is_disabled(&config.keys.keyring(), slot)? {
        return Ok(());
    }
    let end = told(config, Done::Destroy, slot).map_err(|error| {
        format!("the audit log cannot be told, so nothing was destroyed; the key stays disabled: {error}")
    })?;
    match end == Some(slot) {
        true => Err("the audit log still ends under this key, because another node links it: try again in ten seconds".into()),
        false => Ok(()),
    }
}

fn is_disabled(file: &KeyringFile, slot: Slot) -> Result<bool, Failure> {
    Ok(keys::list(file)?
        .iter()
        .any(|key| key.slot == slot && key.state == KeyState::Disabled))
}

/// Whether the secret in this slot may be erased. What cannot be erased is not asked about: the keyring says why.
fn agreed(file: &KeyringFile, slot: Slot) -> Result<bool, Failure> {
    if !is_disabled(file, slot)? {
        return Ok(true);
    }
    let question = format!(
        "This erases the secret of slot {slot} for ever: only a backup of the keyring brings it back."
    );
    if !std::io::stdin().is_terminal() {
        return Err(format!("{question} Say --yes to do it").into());
    }
    eprint!("{question} Erase it? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn parse_slot(text: &str) -> Result<Slot, String> {
    text.parse::<u8>()
        .ok()
        .and_then(|number| Slot::try_from(number).ok())
        .ok_or_else(|| "must be a whole number from 0 to 31".to_owned())
}
