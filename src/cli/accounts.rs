//! `qrseal accounts`

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{Failure, setup};
use crate::accounts::{
    AccountName, Changed, CreateAccount, DisplayName, RecoveryCode, create, describe, disable,
    enable, hand_over, recover,
};
use crate::audit::By;
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::keys;
use crate::principal::Principal;
use crate::random;
use crate::store::{AccountRecord, ChangedAccount, FindAccount, Role, Store};
use crate::token::{Keyring, UnixTime};

/// Make, list and change the accounts of people who sign in.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal accounts create ana --role admin\n\nThe first account or API key ends issuing \
                  without one. See docs/accounts.md."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make an account; the code with which its password is set is written to standard output, once.
    #[command(
        after_help = "Example:\n  qrseal accounts create ana --role admin --display-name 'Ana Lima'"
    )]
    Create {
        /// With which the person signs in: 3 to 64 letters, digits, dots, hyphens, underscores and @.
        name: AccountName,
        /// What it may do: admin everything; issuer makes codes and sees its own; manager sees what all made; scanner scans at a
        /// desk.
        #[arg(long)]
        role: Role,
        /// What others read, 1 to 100 characters. Not given: the name.
        #[arg(long, value_name = "TEXT")]
        display_name: Option<DisplayName>,
    },
    /// List the accounts.
    #[command(after_help = "Example:\n  qrseal accounts list --json")]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a new code with which a password is set, and sign the person out everywhere. The password before is gone.
    #[command(after_help = "Example:\n  qrseal accounts recover ana --reset-totp")]
    Recover {
        /// The account's name.
        name: AccountName,
        /// Take the second factor away, too: the phone and the backup codes are lost.
        #[arg(long)]
        reset_totp: bool,
    },
    /// Let the person sign in no more, and sign them out everywhere.
    #[command(after_help = "Example:\n  qrseal accounts disable ana")]
    Disable {
        /// The account's name.
        name: AccountName,
    },
    /// Let the person sign in again.
    #[command(after_help = "Example:\n  qrseal accounts enable ana")]
    Enable {
        /// The account's name.
        name: AccountName,
    },
    /// Make the codes, links, API keys and check-in lists of one account another's, and its work at lists.
    #[command(after_help = "Example:\n  qrseal accounts hand-over ben ana")]
    HandOver {
        /// The name of the account whose they were.
        from: AccountName,
        /// The name of the account whose they are from now on.
        to: AccountName,
    },
    /// Change what an account may do, and sign the person out everywhere.
    #[command(after_help = "Example:\n  qrseal accounts role ben manager")]
    Role {
        /// The account's name.
        name: AccountName,
        /// admin, issuer, manager or scanner.
        role: Role,
    },
}

pub fn run(config: &Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    setup::wait_for(execute(config, &keyring, &*store, arguments.verb))?;
    Ok(ExitCode::SUCCESS)
}

async fn execute(
    config: &Config,
    keyring: &Keyring,
    store: &dyn Store,
    verb: Verb,
) -> Result<(), Failure> {
    let now = clock::now();
    let by = By::fresh(Principal::Cli, keyring)?;
    match verb {
        Verb::Create {
            name,
            role,
            display_name,
        } => {
            let code = RecoveryCode::from_random(&*random::bytes()?);
            let request = CreateAccount {
                name,
                display_name,
                role,
            };
            let account = create(store, request, &code, by, now).await?;
            show(config, &account, &code);
        }
        Verb::List { json } => {
            let accounts = store.accounts().await?;
            match json {
                true => println!("{}", listed(&accounts, now)),
                false => {
                    for account in &accounts {
                        println!("{}", line(account, now));
                    }
                }
            }
        }
        Verb::Recover { name, reset_totp } => {
            let code = RecoveryCode::from_random(&*random::bytes()?);
            let which = which(store, &name, now).await?;
            let account = done(&name, recover(store, which, &code, reset_totp, by).await?)?;
            show(config, &account, &code);
            if account.disabled_at.is_some() {
                eprintln!("The account is disabled: qrseal accounts enable {name}");
            }
        }
        Verb::Disable { name } => {
            let which = which(store, &name, now).await?;
            done(&name, disable(store, which, by).await?)?;
            println!("Account {} is disabled.", which.id.0);
        }
        Verb::Enable { name } => {
            let which = which(store, &name, now).await?;
            done(&name, enable(store, which, by).await?)?;
            println!("Account {} is enabled.", which.id.0);
        }
        Verb::HandOver { from, to } => {
            let [of, into] = [
                find(store, &from, now).await?.id,
                find(store, &to, now).await?.id,
            ];
            let handed = hand_over(store, of, into, by, now).await?;
            println!(
                "{} codes and links, {} API keys and {} check-in lists that {from} made or worked at are {to}'s.",
                handed.codes, handed.api_keys, handed.lists
            );
        }
        Verb::Role { name, role } => {
            let account = find(store, &name, now).await?;
            let which = Changed {
                id: account.id,
                if_revision: None,
                now,
            };
            let shown: DisplayName = account.display_name.parse()?;
            let account = done(&name, describe(store, which, role, &shown, by).await?)?;
            println!("Account {}, {name}: {}.", account.id.0, account.role);
        }
    }
    Ok(())
}

async fn find(
    store: &dyn Store,
    name: &AccountName,
    now: UnixTime,
) -> Result<AccountRecord, Failure> {
    let found = store.account(FindAccount::Name(name.folded()), now).await?;
    found.ok_or_else(|| format!("no account is called {name}").into())
}

async fn which(store: &dyn Store, name: &AccountName, now: UnixTime) -> Result<Changed, Failure> {
    Ok(Changed {
        id: find(store, name, now).await?.id,
        if_revision: None,
        now,
    })
}

fn done(name: &AccountName, changed: ChangedAccount) -> Result<AccountRecord, Failure> {
    match changed {
        ChangedAccount::Done(account) => Ok(account),
        ChangedAccount::LastAdmin => Err(format!(
            "{name} is the last admin: make another first (qrseal accounts create NAME --role admin)"
        )
        .into()),
        ChangedAccount::Conflict(_) | ChangedAccount::Unknown => {
            Err(format!("no account is called {name}").into())
        }
    }
}

/// The code goes to standard output alone, what to do with it beside it.
fn show(config: &Config, account: &AccountRecord, code: &RecoveryCode) {
    println!("{}", code.reveal().as_str());
    let public_url = config.public_url();
    let name = url::form_urlencoded::byte_serialize(account.name.as_bytes()).collect::<String>();
    eprintln!(
        "Account {}, {}, {}. Open {}/sign-in/recover?name={name} and set a password with this code{}. It is shown only now, and \
         good once.",
        account.id.0,
        account.name,
        account.role,
        public_url.as_str().trim_end_matches('/'),
        match account.recovery_ends_at {
            Some(at) => format!(" before {}", rfc3339(at)),
            None => String::new(),
        }
    );
}

fn state(account: &AccountRecord, now: UnixTime) -> &'static str {
    let may_recover = account.recovery_ends_at.is_some_and(|at| now < at);
    match (&account.disabled_at, &account.password, may_recover) {
        (Some(_), ..) => "disabled",
        (None, Some(_), _) => "active",
        (None, None, true) => "waits for its password",
        (None, None, false) => "its recovery code has expired",
    }
}

fn line(account: &AccountRecord, now: UnixTime) -> String {
    format!(
        "{:>3}  {}  {}  {}  created_at {}  {}{}",
        account.id.0,
        account.name,
        account.role,
        state(account, now),
        rfc3339(account.created_at),
        match account.last_signed_in_at {
            Some(at) => format!("last_signed_in_at {}", rfc3339(at)),
            None => "never signed in".to_owned(),
        },
        match account.second_factor_at {
            Some(_) => "  second factor",
            None => "",
        }
    )
}

fn listed(accounts: &[AccountRecord], now: UnixTime) -> serde_json::Value {
    let one = |account: &AccountRecord| {
        json!({
            "id": account.id.0,
            "name": account.name,
            "display_name": account.display_name,
            "role": account.role.as_str(),
            "state": state(account, now),
            "created_at": rfc3339(account.created_at),
            "disabled_at": account.disabled_at.map(rfc3339),
            "last_signed_in_at": account.last_signed_in_at.map(rfc3339),
            "second_factor_at": account.second_factor_at.map(rfc3339),
        })
    };
    accounts.iter().map(one).collect()
}
