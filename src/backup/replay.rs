//! What an exported audit log knows that a backup does not: it is done again.

use std::str::FromStr as _;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::BackupError;
use crate::audit::{By, Verb, What, record};
use crate::clock;
use crate::links::{self, ChangeLink, LinkChanger, LinkEdits};
use crate::principal::Principal;
use crate::revoking::{self, RevocationList};
use crate::store::{
    AccountChange, AccountId, ApiKeyId, ChangeAccount, ChangedAccount, Erased, Store,
};
use crate::token::{TokenId, UnixTime};

/// A row of `qrseal audit export`, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Line {
    happened_at: String,
    verb: String,
    what: String,
    what_id: String,
    details: Option<Map<String, Value>>,
}

/// What was done again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Codes that were revoked or deleted.
    pub ended: u64,
    /// Receipts whose opens were erased.
    pub erased: u64,
    /// API keys that were disabled.
    pub api_keys: u64,
    /// Accounts that were disabled or enabled.
    pub accounts: u64,
    /// Links that lead elsewhere.
    pub targets: u64,
    /// What could not be done again, in words.
    pub not: Vec<String>,
}

/// The most lines about what could not be done again that are kept.
const MOST_WORDS: usize = 1000;

/// Does again what happened since the backup was made, as an export of the audit log tells it: line by line, in its order.
/// `log` must come from the operator: nothing proves it.
///
/// # Errors
///
/// What the store says. The same can be done again from the beginning.
pub async fn replay(
    store: &dyn Store,
    changer: LinkChanger<'_>,
    lines: impl Iterator<Item = std::io::Result<String>>,
    since: UnixTime,
) -> Result<Replayed, BackupError> {
    let mut done = Replayed::default();
    for (number, line) in (1_u64..).zip(lines) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let read: Option<(Line, UnixTime)> = serde_json::from_str::<Line>(&line)
            .ok()
            .and_then(|line| clock::parse_rfc3339(&line.happened_at).map(|at| (line, at)));
        let Some((row, at)) = read else {
            done.tell(format!("line {number} is no row of an export"));
            continue;
        };
        // A second says little: what is done twice does no harm.
        if at >= since {
            again(&mut done, store, changer, &row).await?;
        }
    }
    Ok(done)
}

impl Replayed {
    fn tell(&mut self, words: String) {
        if self.not.len() < MOST_WORDS {
            self.not.push(words);
        }
    }
}

async fn again(
    done: &mut Replayed,
    store: &dyn Store,
    changer: LinkChanger<'_>,
    row: &Line,
) -> Result<(), BackupError> {
    let now = clock::now();
    let by = || By::fresh(Principal::Cli, changer.keyring);
    let what = format!("{} {}", row.what, row.what_id);
    let number = || row.what_id.parse::<u64>().ok();
    let token = || TokenId::from_str(&row.what_id).ok();
    match (row.verb.as_str(), row.what.as_str()) {
        ("revoke" | "delete", "token") => {
            if let Some(id) = token() {
                let expires_at = row.text("expires_at").and_then(clock::parse_rfc3339);
                // Not in memory of anybody yet.
                let list = RevocationList::empty();
                revoking::delete(store, &list, id, expires_at, by()?, now).await?;
                done.ended += 1;
                return Ok(());
            }
        }
        ("erase_opens", "token") => {
            if let Some(id) = token() {
                let audit = record(
                    by()?,
                    Verb::EraseOpens,
                    What::Token(id),
                    &Value::Object(Map::new()),
                    now,
                );
                if store.erase_opens(id, now, audit).await? == Erased::Done {
                    done.erased += 1;
                }
                return Ok(());
            }
        }
        ("disable", "api_key") => {
            if let Some(id) = number().map(ApiKeyId) {
                let audit = record(
                    by()?,
                    Verb::Disable,
                    What::ApiKey(id),
                    &Value::Object(Map::new()),
                    now,
                );
                match store.disable_api_key(id, now, audit).await? {
                    true => done.api_keys += 1,
                    false => done.tell(format!(
                        "{what} was made after the backup, so it is good no more anyway"
                    )),
                }
                return Ok(());
            }
        }
        ("disable" | "enable", "account") => {
            if let Some(id) = number().map(AccountId) {
                let (change, verb) = match row.verb.as_str() {
                    "disable" => (AccountChange::Disable, Verb::Disable),
                    _ => (AccountChange::Enable, Verb::Enable),
                };
                let change = ChangeAccount {
                    id,
                    change,
                    if_revision: None,
                    now,
                };
                let audit = record(
                    by()?,
                    verb,
                    What::Account(id),
                    &Value::Object(Map::new()),
                    now,
                );
                match store.change_account(change, audit).await? {
                    ChangedAccount::Done(_) => done.accounts += 1,
                    ChangedAccount::LastAdmin => {
                        done.tell(format!("{what} is the last admin here, and stays enabled: make another, and disable it"));
                    }
                    _ => done.tell(format!("{what} was made after the backup: it is gone")),
                }
                return Ok(());
            }
        }
        ("change", "token") => {
            let target = token()
                .zip(row.text("sealed_target"))
                .and_then(|(id, sealed)| {
                    links::open_target(changer.keyring, &id, sealed).map(|target| (id, target))
                });
            if let Some((id, target)) = target {
                let edits = LinkEdits {
                    target: Some(target),
                    ..LinkEdits::default()
                };
                let asked = ChangeLink {
                    id,
                    edits: &edits,
                    of_edition: None,
                    by: Principal::Cli,
                    only_of: None,
                    now,
                };
                match links::change(changer, asked).await {
                    Ok(_) => done.targets += 1,
                    Err(error) => done.tell(format!(
                        "{what} leads where it led when the backup was made: {error}"
                    )),
                }
                return Ok(());
            }
        }
        // What these change is not in a store, or began anew.
        ("sign_in" | "sign_out" | "recover" | "dismiss" | "restore" | "reopen", _) | (_, "key") => {
            return Ok(());
        }
        _ => {}
    }
    done.tell(format!("{} of {what} at {}", row.verb, row.happened_at));
    Ok(())
}

impl Line {
    fn text(&self, name: &str) -> Option<&str> {
        self.details.as_ref()?.get(name)?.as_str()
    }
}
