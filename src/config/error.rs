//! Why a configuration was not accepted.

use std::path::PathBuf;

/// Why a configuration was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the configuration file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is larger than any configuration.
    #[error("the configuration file {0} is larger than 1 MiB")]
    TooLarge(PathBuf),
    /// The file is not TOML.
    #[error("the configuration file {path} is not valid TOML: {message}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// A key of the file is unknown, or its value has the wrong type.
    #[error("{place}: {message}")]
    Key {
        /// The file or environment variable that holds it.
        place: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A value is out of its range.
    #[error("{0}")]
    Value(String),
}
