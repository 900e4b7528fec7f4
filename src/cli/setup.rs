//! What every command needs first: the configuration, and the keyring with the rule of when one is made.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Failure;
use crate::audit::{self, By, Verb, What};
use crate::clock;
use crate::config::{self, Config, ConfigError, Issuing, Setting};
use crate::desk::DeskProfiles;
use crate::keys::{self, KeysError};
use crate::language::Language;
use crate::long::LongWork;
use crate::principal::Principal;
use crate::profiles::Profiles;
use crate::random;
use crate::samples::{KnownSamples, ToldSet, told_sets};
use crate::store::{self, AccountRecord, ApiKeyRecord, Scope, Store, StoreError};
use crate::token::{Keyring, Slot, UnixTime};

/// The configuration of this process.
pub fn configuration(file: Option<&Path>) -> Result<Config, ConfigError> {
    config::load(file, environment()?)
}

/// The same, setting by setting.
pub fn settings(file: Option<&Path>) -> Result<Vec<Setting>, ConfigError> {
    config::settings(file, environment()?)
}

/// The variables of this process that are Unicode. Of ours all have to be.
fn environment() -> Result<Vec<(String, String)>, ConfigError> {
    let mut environment = Vec::new();
    for (name, value) in std::env::vars_os() {
        // A name that is not Unicode cannot be one of ours.
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => environment.push((name, value)),
            Err(_) if name.starts_with("QRSEAL_") => {
                return Err(ConfigError::Key {
                    place: format!("environment variable {name}"),
                    message: "must be UTF-8".to_owned(),
                });
            }
            Err(_) => {}
        }
    }
    Ok(environment)
}

/// Waits for what a store answers.
pub fn wait_for<T>(answer: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread can have a runtime")
        .block_on(answer)
}

/// The keyring, and whether it was made just now. It is made only where nothing but this machine can be reached:
/// anywhere else a keyring that is missing is a mistake, and a new one would make every code dead.
pub fn keyring(config: &Config) -> Result<(Keyring, bool), Failure> {
    match keys::load(&config.keys.keyring()) {
        Ok(keyring) => Ok((keyring, false)),
        Err(KeysError::Missing { .. }) if config.is_local() => Ok((new_keyring(config)?, true)),
        Err(error) => Err(error.into()),
    }
}

/// A new keyring where there is none.
pub fn new_keyring(config: &Config) -> Result<Keyring, Failure> {
    no_store_without_keyring(config)?;
    Ok(keys::init(
        &config.keys.keyring(),
        &mut random::fill,
        clock::now(),
    )?)
}

/// Refuses a store file that lies where the keyring is gone: its codes were sealed with that keyring, and a new one would
/// make them dead while the store still speaks of them. A database server may be there before the first keyring.
pub fn no_store_without_keyring(config: &Config) -> Result<(), Failure> {
    let (file, url) = (&config.keys.file, config.store_url());
    if file.exists() || !url.starts_with("sqlite://") || !store::exists(&url)? {
        return Ok(());
    }
    Err(format!(
        "the store {url} is there, but its keyring {} is missing: restore the keyring from the backup (keys.file says where \
         it is looked for); to begin anew, move the store away first",
        file.display()
    )
    .into())
}

/// The profiles of this installation, as a desk knows them; the command line is in English.
pub fn desk_profiles(config: &Config) -> Result<DeskProfiles, Failure> {
    Ok(DeskProfiles {
        registry: profiles(config, false)?.registry(),
        language: Language::English,
    })
}

/// The profiles of this installation. Where they are `noted`, so are their numbers, as before anything is sealed with one.
pub fn profiles(config: &Config, noted: bool) -> Result<Profiles, Failure> {
    let folder = config.profiles.folder.as_deref();
    Ok(Profiles::open(
        folder,
        &config.keys.file,
        config.profiles.numbers.as_deref(),
        &config.styles,
        noted,
    )?)
}

/// The sets of samples that were ever added, as far as the audit log tells; without a store nothing does.
pub fn told_samples(config: &Config, keyring: &Keyring) -> Result<Vec<ToldSet>, Failure> {
    let url = config.store_url();
    if !store::exists(&url)? {
        return Ok(Vec::new());
    }
    let store = store::connect(&url, false)?;
    Ok(wait_for(told_sets(&*store, keyring))?)
}

/// Where this command packs and unpacks long documents, with the samples of this installation.
pub fn long_work(config: &Config) -> Result<LongWork, Failure> {
    Ok(LongWork::one().with_samples(KnownSamples::beside(&config.keys.file)?))
}

/// The store, made and brought up to date as the configuration allows. Never without a keyring: where one may be made, it
/// is made first.
pub fn store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    let (keyring, made) = keyring(config)?;
    if made {
        eprintln!(
            "A keyring was made: {}. Back this up; without it every code is dead.",
            config.keys.file.display()
        );
    }
    let store = store::connect(&config.store_url(), config.store.migrate)?;
    if made {
        tell_key(&*store, &keyring, Verb::Add, keyring.primary().slot())?;
    }
    Ok(store)
}

/// What a start and `check` say of a keyring file without a key-encryption key.
pub const PLAIN_KEYRING: &str = "the keyring file is not encrypted: whoever gets a copy of it reads and forges every code; keys.kek_file or keys.kek_command \
     and `qrseal keys encrypt` change that (docs/keys.md)";

/// Whose turn it is to link the audit log, where commands follow one another: they need not wait for each other.
const OPERATOR: &[u8; 12] = b"command line";

/// Writes into the audit log what is done to a key of the keyring. The chain then ends under the key that seals now; the slot
/// of that end is answered, if something was linked.
pub fn tell_key(
    store: &dyn Store,
    keyring: &Keyring,
    verb: Verb,
    slot: Slot,
) -> Result<Option<Slot>, Failure> {
    tell(store, keyring, verb, What::Key(slot), &json!({}))
}

/// The same of anything.
pub fn tell(
    store: &dyn Store,
    keyring: &Keyring,
    verb: Verb,
    what: What,
    details: &Value,
) -> Result<Option<Slot>, Failure> {
    let (by, now) = (By::fresh(Principal::Cli, keyring)?, clock::now());
    let row = audit::record(by, verb, what, details, now);
    wait_for(async {
        store.add_audit_row(row).await?;
        audit::link(store, keyring, *OPERATOR, now).await?;
        Ok(store.audit_ends().await?.map(|ends| ends.slot))
    })
}

/// Who can issue, as far as API keys and accounts decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Issuers {
    /// Whether a key or an account was ever made.
    pub any: bool,
    /// Keys that are neither disabled nor expired.
    pub keys: usize,
    /// Of these, those with the scope `issue`.
    pub issuing_keys: usize,
    /// Accounts that are not disabled, with a password or a code to set one.
    pub accounts: usize,
    /// Of these, those whose role may issue.
    pub issuing_accounts: usize,
}

impl Issuers {
    /// Counts those that the store knows.
    pub async fn of(store: &dyn Store, now: UnixTime) -> Result<Self, StoreError> {
        let (keys, accounts) = (store.api_keys().await?, store.accounts().await?);
        Ok(Self::counted(&keys, &accounts, now))
    }

    fn counted(keys: &[ApiKeyRecord], accounts: &[AccountRecord], now: UnixTime) -> Self {
        let is_good = |key: &&ApiKeyRecord| {
            key.disabled_at.is_none() && key.expires_at.is_none_or(|at| now < at)
        };
        let keys_in_use = || keys.iter().filter(is_good);
        let can_sign_in = |account: &&AccountRecord| {
            account.disabled_at.is_none()
                && (account.password.is_some()
                    || account.recovery_ends_at.is_some_and(|at| now < at))
        };
        let people = || accounts.iter().filter(can_sign_in);
        Self {
            any: !keys.is_empty() || !accounts.is_empty(),
            keys: keys_in_use().count(),
            issuing_keys: keys_in_use()
                .filter(|key| key.scopes.contains(Scope::Issue))
                .count(),
            accounts: people().count(),
            issuing_accounts: people()
                .filter(|account| account.role.may(Scope::Issue))
                .count(),
        }
    }

    /// Whether requests may issue without a key or an account, by this configuration.
    pub fn are_not_asked_for(self, config: &Config) -> bool {
        config.auth.issuing == Issuing::Open || config.is_local() && !self.any
    }

    /// That nobody can issue, in words that say what to do.
    pub fn problem(self, config: &Config) -> Option<&'static str> {
        let nobody = self.issuing_keys + self.issuing_accounts == 0;
        (!self.are_not_asked_for(config) && nobody).then_some(
            "nobody can issue: every API key is disabled, expired or without the scope issue, and no account that may can be \
             signed in to; make one (qrseal api-keys create --name shop --scope issue,read:all,revoke:all, or qrseal accounts create \
             ana --role admin)",
        )
    }
}

/// What stands against serving with this configuration, in words that say what to do. `any_issuer`: whether an API key or an
/// account was ever made.
pub fn exposure_problem(config: &Config, any_issuer: bool) -> Option<String> {
    let closed = !config.is_local() && config.auth.issuing == Issuing::Local && !any_issuer;
    closed.then(|| {
        "this server can be reached from other machines, and nobody could issue: make an API key (qrseal api-keys \
         create --name shop --scope issue,read:all,revoke:all) or an account (qrseal accounts create ana --role admin), or set \
         auth.issuing = \"open\" (QRSEAL_AUTH__ISSUING=open) to let anyone who reaches it issue, and keep it behind something \
         that decides who does"
            .to_owned()
    })
}
