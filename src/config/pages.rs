//! `[page]` and `[pages]`

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::values;

/// What the phone shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSettings {
    /// The issuer's name, if it is set; at most 100 characters.
    #[serde(deserialize_with = "values::line::<100, _>")]
    pub issuer: Option<String>,
    /// Whom holders of a dead code can ask, if it is set; at most 200 characters.
    #[serde(deserialize_with = "values::line::<200, _>")]
    pub contact: Option<String>,
}

/// Which pages there are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesSettings {
    /// Who may write messages, if it is not whoever may issue.
    #[serde(deserialize_with = "message_pages")]
    pub message: Option<MessagePages>,
}

/// Who may write messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagePages {
    /// Nobody.
    Off,
    /// Requests to a loopback address that came through no proxy, and API keys.
    Local,
    /// People who have signed in, and API keys.
    Accounts,
    /// Anyone who reaches the server.
    Open,
}

fn message_pages<'de, D: Deserializer<'de>>(value: D) -> Result<Option<MessagePages>, D::Error> {
    match String::deserialize(value)?.as_str() {
        "" => Ok(None),
        "off" => Ok(Some(MessagePages::Off)),
        "local" => Ok(Some(MessagePages::Local)),
        "accounts" => Ok(Some(MessagePages::Accounts)),
        "open" => Ok(Some(MessagePages::Open)),
        _ => Err(D::Error::custom("must be off, local, accounts or open")),
    }
}
