//! `qrseal api-keys`

use std::process::ExitCode;

use clap::Subcommand;
use zeroize::Zeroizing;

use super::{Failure, setup};
use crate::api_keys::{ApiKey, CreateApiKey, KeyName, create, disable};
use crate::audit::By;
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::keys;
use crate::principal::Principal;
use crate::random;
use crate::store::{ApiKeyId, ApiKeyRecord, Scopes, Store};
use crate::token::{ExpiresIn, Keyring, UnixTime};

/// Make, list and disable API keys.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal api-keys create --name shop --scope issue,read:all,revoke:all --expires-in 90d\n\n\
                  Running servers on the same store take up a change within two seconds."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a key; it is written to standard output, once.
    #[command(after_help = "Example:\n  qrseal api-keys create --name shop --scope issue,read")]
    Create {
        /// What to call it: 1 to 64 characters, new among keys that are not disabled.
        #[arg(long)]
        name: KeyName,
        /// What it may do: issue, read, revoke (what it made), read:all, revoke:all (everything), audit, separated by commas.
        #[arg(long, value_name = "SCOPES")]
        scope: Scopes,
        /// How long it is good for: seconds, or a number with m, h, d, w or y. Not given: until it is disabled.
        #[arg(long, value_name = "TIME")]
        expires_in: Option<ExpiresIn>,
    },
    /// List the keys, without their secrets.
    #[command(after_help = "Example:\n  qrseal api-keys list")]
    List,
    /// Refuse a key from now on.
    #[command(after_help = "Example:\n  qrseal api-keys disable shop\n  qrseal api-keys disable 1")]
    Disable {
        /// The key's number or name.
        key: String,
    },
}

pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    setup::wait_for(execute(&keyring, &*store, arguments.verb))?;
    Ok(ExitCode::SUCCESS)
}

async fn execute(keyring: &Keyring, store: &dyn Store, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::Create {
            name,
            scope,
            expires_in,
        } => {
            let mut random = Zeroizing::new([0; 32]);
            random::fill(random.as_mut_slice())?;
            let key = ApiKey::from_random(&random);
            let request = CreateApiKey {
                name,
                scopes: scope,
                expires_in,
            };
            let record = create(
                store,
                request,
                &key,
                By::fresh(Principal::Cli, keyring)?,
                clock::now(),
            )
            .await?;
            println!("{}", key.reveal());
            eprintln!(
                "API key {}, {}, for {}{}. It is shown only now.",
                record.id.0,
                record.name,
                record.scopes,
                match record.expires_at {
                    Some(at) => format!(", until {}", rfc3339(at)),
                    None => String::new(),
                }
            );
        }
        Verb::List => {
            let now = clock::now();
            for record in store.api_keys().await? {
                println!("{}", line(&record, now));
            }
        }
        Verb::Disable { key } => {
            let id = find(store, &key).await?;
            if !disable(store, id, By::fresh(Principal::Cli, keyring)?, clock::now()).await? {
                return Err(format!("there is no API key {key}").into());
            }
            println!("API key {} is disabled.", id.0);
        }
    }
    Ok(())
}

/// The number of the key that is meant: a number itself, or the name of a key that is not disabled.
async fn find(store: &dyn Store, key: &str) -> Result<ApiKeyId, Failure> {
    if let Ok(number) = key.parse() {
        return Ok(ApiKeyId(number));
    }
    store
        .api_keys()
        .await?
        .into_iter()
        .find(|record| record.disabled_at.is_none() && record.name == key)
        .map(|record| record.id)
        .ok_or_else(|| format!("no API key in use is called {key}").into())
}

fn line(record: &ApiKeyRecord, now: UnixTime) -> String {
    let state = match (record.disabled_at, record.expires_at) {
        (Some(at), _) => format!("disabled_at {}", rfc3339(at)),
        (None, Some(at)) => {
            let expired = if now >= at { "expired, " } else { "" };
            format!("{expired}expires_at {}", rfc3339(at))
        }
        (None, None) => "does not expire".to_owned(),
    };
    format!(
        "{:>3}  {}  {}  created_at {}  {state}  {}",
        record.id.0,
        record.name,
        record.scopes,
        rfc3339(record.created_at),
        match record.last_used_at {
            Some(at) => format!("last_used_at {}", rfc3339(at)),
            None => "never used".to_owned(),
        }
    )
}
