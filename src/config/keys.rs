//! `[keys]`

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::values;
use crate::keys::{KekSource, KeyringFile};
use crate::token::ExpiresIn;

/// Where the keyring is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysSettings {
    /// The keyring file.
    #[serde(deserialize_with = "values::file")]
    pub file: PathBuf,
    /// The file with the key that the keyring file is encrypted under, if it is in one.
    #[serde(deserialize_with = "values::optional_file")]
    pub kek_file: Option<PathBuf>,
    /// The program that prints that key, and its arguments; empty: none does.
    #[serde(deserialize_with = "values::command")]
    pub kek_command: Vec<String>,
    /// Time between checks for a change, 1 to 3,600 s.
    #[serde(
        rename = "reload_seconds",
        deserialize_with = "values::seconds::<1, 3600, _>"
    )]
    pub reload: Duration,
    /// The age at which the key that seals is rotated, at least 90 days; `None`: by hand only.
    #[serde(deserialize_with = "values::rotate_every")]
    pub rotate_every: Option<ExpiresIn>,
}

impl KeysSettings {
    /// The keyring file, and what it is encrypted under.
    #[must_use]
    pub fn keyring(&self) -> KeyringFile {
        KeyringFile {
            path: self.file.clone(),
            kek: match (&self.kek_file, self.kek_command.as_slice()) {
                (Some(file), _) => KekSource::File(file.clone()),
                (None, []) => KekSource::None,
                (None, command) => KekSource::Command(command.to_vec()),
            },
        }
    }

    /// Whether the keyring file is plain.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.keyring().kek == KekSource::None
    }
}
