//! What an exported audit log knows that a backup does not: it is done again.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::BackupError;
use crate::audit::{By, Verb, What, record};
use crate::clock;
use crate::desk::{self, Changing, DeskRight};
use crate::links::{self, ChangeLink, LinkChanger, LinkEdits};
use crate::principal::Principal;
use crate::random::NoRandomNumbers;
use crate::revoking::{self, RevocationList};
use crate::store::{
    AccountChange, AccountId, ApiKeyId, ChangeAccount, ChangedAccount, Erased, ErasedOf, ListId,
    Store,
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
    /// The time of the newest row.
    pub newest: Option<UnixTime>,
    /// Codes that were revoked or deleted.
    pub ended: u64,
    /// Receipts whose opens were erased.
    pub erased: u64,
    /// Visits that were erased.
    pub visits: u64,
    /// Check-in lists that were deleted.
    pub lists: u64,
    /// API keys that were disabled.
    pub api_keys: u64,
    /// Accounts that were disabled or enabled.
    pub accounts: u64,
    /// Links that lead elsewhere, or were switched off or on.
    pub targets: u64,
    /// Stored documents and links that were made, which nothing brings back.
    pub lost: u64,
    /// What could not be done again, in words.
    pub not: Vec<String>,
    /// How much more could not.
    pub not_told: u64,
}

/// The most lines about what could not be done again that are kept.
const MOST_WORDS: usize = 1000;

/// How long before a backup what is done again begins: a row has the time at which it was asked for, by the clock of the server
/// that was asked, and may be in the store later.
const OVERLAP_SECS: u64 = 60 * 60;

/// How far the time of a row may be ahead of this machine's clock to say anything of the time.
const FUTURE_SECS: u64 = 60 * 60;

/// Does again what happened since the backup was made and in the hour before, as an export of the audit log tells it: line by
/// line, in its order. What the backup holds of that hour is the same after it was done twice. `log` must come from the operator:
/// nothing proves it.
///
/// # Errors
///
/// What the store says. The same can be done again from the beginning.
pub async fn replay(
    store: &dyn Store,
    changer: LinkChanger<'_>,
    lines: impl Iterator<Item = std::io::Result<String>>,
    made_at: UnixTime,
) -> Result<Replayed, BackupError> {
    let most = clock::now().plus_secs(FUTURE_SECS);
    let since = UnixTime::from_secs(made_at.as_secs().saturating_sub(OVERLAP_SECS));
    let mut again = Again {
        store,
        changer,
        done: Replayed::default(),
    };
    for (number, line) in (1_u64..).zip(lines) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let read: Option<(Line, UnixTime)> = serde_json::from_str::<Line>(&line)
            .ok()
            .and_then(|line| clock::parse_rfc3339(&line.happened_at).map(|at| (line, at)));
        let Some((row, at)) = read else {
            let words = format!("line {number} is no row of an export");
            again.done.tell(words);
            continue;
        };
        if at > most {
            let words = format!("line {number} is of {}, in the future", row.happened_at);
            again.done.tell(words);
        } else {
            again.done.newest = again.done.newest.max(Some(at));
        }
        // What was made before it is in it, or was lost long before.
        let kept = row.verb == "issue" && at < made_at;
        if at >= since && !kept {
            again.row(&row).await?;
        }
    }
    Ok(again.done)
}

impl Replayed {
    fn tell(&mut self, words: String) {
        match self.not.len() < MOST_WORDS {
            true => self.not.push(words),
            false => self.not_told += 1,
        }
    }
}

/// Doing it.
struct Again<'a> {
    store: &'a dyn Store,
    changer: LinkChanger<'a>,
    done: Replayed,
}

/// Whether a row was understood.
type Understood = Result<bool, BackupError>;

impl<'a> Again<'a> {
    async fn row(&mut self, row: &Line) -> Result<(), BackupError> {
        let understood = match (row.verb.as_str(), row.what.as_str()) {
            ("revoke" | "delete", "token") => self.end(row).await?,
            ("erase_opens", "token") => self.erase_opens(row).await?,
            ("erase_visit", "check_in" | "list") => self.erase_visit(row).await?,
            ("delete", "list") => self.delete_list(row).await?,
            ("disable", "api_key") => self.disable_api_key(row).await?,
            ("disable" | "enable", "account") => self.change_account(row).await?,
            ("change", "token") => self.lead(row).await?,
            ("recover" | "set_password" | "change", "account") => {
                self.done.tell(format!(
                    "{} of {} at {}: its role, password and second factor are those of the backup; qrseal accounts recover \
                     takes a password away",
                    row.verb,
                    row.name(),
                    row.happened_at
                ));
                true
            }
            ("issue", _) => {
                self.done.lost += 1;
                true
            }
            // What these change is not in a store, began anew, or changed nothing; passes are gone.
            (
                "sign_in" | "sign_out" | "dismiss" | "presence" | "roll_call" | "restore"
                | "reopen",
                _,
            )
            | (_, "key" | "pass") => true,
            _ => false,
        };
        if !understood {
            let what = row.name();
            let words = format!("{} of {what} at {}", row.verb, row.happened_at);
            self.done.tell(words);
        }
        Ok(())
    }

    fn by(&self) -> Result<By<'a>, NoRandomNumbers> {
        By::fresh(Principal::Cli, self.changer.keyring)
    }

    async fn end(&mut self, row: &Line) -> Understood {
        let Some(id) = row.id::<TokenId>() else {
            return Ok(false);
        };
        let expires_at = row.text("expires_at").and_then(clock::parse_rfc3339);
        // Not in memory of anybody yet.
        let list = RevocationList::empty();
        revoking::delete(self.store, &list, id, expires_at, self.by()?, clock::now()).await?;
        self.done.ended += 1;
        Ok(true)
    }

    async fn erase_opens(&mut self, row: &Line) -> Understood {
        let Some(id) = row.id::<TokenId>() else {
            return Ok(false);
        };
        let now = clock::now();
        let audit = record(
            self.by()?,
            Verb::EraseOpens,
            What::Token(id),
            &json!({}),
            now,
        );
        if self.store.erase_opens(id, now, audit).await? == Erased::Done {
            self.done.erased += 1;
        }
        Ok(true)
    }

    async fn erase_visit(&mut self, row: &Line) -> Understood {
        let of_entry = row
            .id()
            .zip(
                row.text("list")
                    .and_then(|list| list.parse::<ListId>().ok()),
            )
            .map(|(entry, list)| (list, ErasedOf::Entry(entry)));
        let of_token = row
            .id::<ListId>()
            .zip(row.text("token").and_then(|token| token.parse().ok()))
            .map(|(list, token)| (list, ErasedOf::Token(token)));
        let wanted = match row.what.as_str() {
            "list" => of_token,
            _ => of_entry,
        };
        let Some((list, of)) = wanted else {
            return Ok(false);
        };
        match desk::erase(self.store, list, of, EVERYWHERE, self.by()?, clock::now()).await {
            Ok(visits) => self.done.visits += visits,
            // It was made after the backup, and is gone with all that it kept.
            Err(desk::VisitError::Unknown) => {}
            Err(desk::VisitError::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(false),
        }
        Ok(true)
    }

    async fn delete_list(&mut self, row: &Line) -> Understood {
        let Some(id) = row.id::<ListId>() else {
            return Ok(false);
        };
        let changing = Changing {
            id,
            if_revision: None,
            right: EVERYWHERE,
            now: clock::now(),
        };
        match desk::delete_list(self.store, changing, self.by()?).await {
            Ok(()) => self.done.lists += 1,
            Err(desk::ChangeError::Unknown) => {}
            Err(desk::ChangeError::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(false),
        }
        Ok(true)
    }

    async fn disable_api_key(&mut self, row: &Line) -> Understood {
        let Some(id) = row.number().map(ApiKeyId) else {
            return Ok(false);
        };
        let now = clock::now();
        let audit = record(self.by()?, Verb::Disable, What::ApiKey(id), &json!({}), now);
        match self.store.disable_api_key(id, now, audit).await? {
            true => self.done.api_keys += 1,
            false => self.done.tell(format!(
                "{} was made after the backup, so it is good no more anyway",
                row.name()
            )),
        }
        Ok(true)
    }

    async fn change_account(&mut self, row: &Line) -> Understood {
        let Some(id) = row.number().map(AccountId) else {
            return Ok(false);
        };
        let (change, verb) = match row.verb.as_str() {
            "disable" => (AccountChange::Disable, Verb::Disable),
            _ => (AccountChange::Enable, Verb::Enable),
        };
        let now = clock::now();
        let change = ChangeAccount {
            id,
            change,
            if_revision: None,
            now,
        };
        let audit = record(self.by()?, verb, What::Account(id), &json!({}), now);
        let what = row.name();
        match self.store.change_account(change, audit).await? {
            ChangedAccount::Done(_) => self.done.accounts += 1,
            ChangedAccount::LastAdmin => self.done.tell(format!(
                "{what} is the last admin here, and stays enabled: make another, and disable it"
            )),
            _ => self
                .done
                .tell(format!("{what} was made after the backup: it is gone")),
        }
        Ok(true)
    }

    /// Lets a link lead where it was led, or nowhere if it was switched off.
    async fn lead(&mut self, row: &Line) -> Understood {
        let Some(id) = row.id::<TokenId>() else {
            return Ok(false);
        };
        let keyring = self.changer.keyring;
        let sealed = row.text("sealed_target");
        let edits = LinkEdits {
            target: sealed.and_then(|sealed| links::open_target(keyring, &id, sealed)),
            enabled: row.flag("enabled"),
            ..LinkEdits::default()
        };
        // What else was changed, the log does not have.
        if edits.is_empty() || sealed.is_some() != edits.target.is_some() {
            return Ok(false);
        }
        let asked = ChangeLink {
            id,
            edits: &edits,
            of_edition: None,
            by: Principal::Cli,
            only_of: None,
            now: clock::now(),
        };
        match links::change(self.changer, asked).await {
            Ok(_) => self.done.targets += 1,
            Err(error) => self.done.tell(format!(
                "{} leads where it led when the backup was made: {error}",
                row.name()
            )),
        }
        Ok(true)
    }
}

/// Whoever restores may do at every list what was done there.
const EVERYWHERE: DeskRight = DeskRight {
    principal: Principal::Cli,
    every_list: true,
    pass_of: None,
};

impl Line {
    fn text(&self, name: &str) -> Option<&str> {
        self.details.as_ref()?.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.details.as_ref()?.get(name)?.as_bool()
    }

    fn id<T: FromStr>(&self) -> Option<T> {
        self.what_id.parse().ok()
    }

    fn number(&self) -> Option<u64> {
        self.id()
    }

    fn name(&self) -> String {
        format!("{} {}", self.what, self.what_id)
    }
}
