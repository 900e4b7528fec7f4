//! What every command needs first: the configuration, and the keyring with the rule of when one is made.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::TryRng as _;
use rand::rngs::SysRng;

use super::Failure;
use crate::config::{self, Config, ConfigError, Issuing};
use crate::keys::{self, KeysError};
use crate::store::{self, Store};
use crate::token::{Keyring, UnixTime};

/// The configuration of this process.
pub fn configuration(file: Option<&Path>) -> Result<Config, ConfigError> {
    // A variable that is not Unicode cannot be one of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    config::load(file, environment)
}

/// This machine's clock.
pub fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixTime::from_secs(since.map_or(0, |since| since.as_secs()))
}

/// Waits for what a store answers.
pub fn wait_for<T>(answer: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(answer)
}

/// Fills `bytes` from the operating system's random numbers.
pub fn entropy(bytes: &mut [u8]) -> Result<(), Failure> {
    SysRng
        .try_fill_bytes(bytes)
        .map_err(|error| format!("the operating system gave no random numbers: {error}").into())
}

/// The keyring, and whether it was made just now. It is made only where nothing but this machine can be reached:
/// anywhere else a keyring that is missing is a mistake, and a new one would make every code dead.
pub fn keyring(config: &Config) -> Result<(Keyring, bool), Failure> {
    match keys::load(&config.keys.file) {
        Ok(keyring) => Ok((keyring, false)),
        Err(KeysError::Missing { .. }) if config.is_local() => {
            let keyring = keys::init(&config.keys.file, &mut entropy, now())?;
            Ok((keyring, true))
        }
        Err(error) => Err(error.into()),
    }
}

/// The store, made and brought up to date as the configuration allows.
pub fn store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    Ok(store::connect(&config.store_url(), config.store.migrate)?)
}

/// What stands against serving with this configuration, in words that say what to do. `any_api_key`: whether one was ever
/// made.
pub fn exposure_problem(config: &Config, any_api_key: bool) -> Option<String> {
    let closed = !config.is_local() && config.auth.issuing == Issuing::Local && !any_api_key;
    closed.then(|| {
        "this server can be reached from other machines, and nobody could issue: make an API key (qrseal api-keys \
         create --name shop --scope issue,read,revoke), or set auth.issuing = \"open\" (QRSEAL_AUTH__ISSUING=open) to \
         let anyone who reaches it issue, and keep it behind something that decides who does"
            .to_owned()
    })
}
