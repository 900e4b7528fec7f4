//! Hosts to which a link may lead without being shown first.

use super::host::{is_or_below, normalised};

/// More names than any installation trusts.
pub const MAX_TRUSTED_HOSTS: usize = 1_024;

/// Names of hosts, each with everything below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedHosts(Vec<String>);

/// A text that is no name of a host.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrustedHostsError {
    /// Not a name.
    #[error(
        "`{0}` is no name of a host such as shop.example, which stands for everything below it, too"
    )]
    NoName(String),
    /// Too many.
    #[error("{MAX_TRUSTED_HOSTS} names are the most")]
    TooMany,
}

impl TrustedHosts {
    /// Reads names such as `shop.example`.
    ///
    /// # Errors
    /// [`TrustedHostsError`]
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, TrustedHostsError> {
        let names = names
            .into_iter()
            .map(|name| normalised(name).ok_or_else(|| TrustedHostsError::NoName(name.to_owned())))
            .collect::<Result<Vec<_>, _>>()?;
        match names.len() {
            0..=MAX_TRUSTED_HOSTS => Ok(Self(names)),
            _ => Err(TrustedHostsError::TooMany),
        }
    }

    /// Whether a host, written as targets write it, is one of them or below one: whole labels, so that `shop.example` does not
    /// stand for `my-shop.example`.
    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        self.0.iter().any(|name| is_or_below(host, name))
    }
}
