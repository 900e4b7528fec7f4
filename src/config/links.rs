//! The section `[links]`.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::values;
use crate::targets::{TargetRules, TrustedHosts};
use crate::token::UnixTime;

const DAY_SECS: u64 = 24 * 60 * 60;

/// Where dynamic links may lead, and what is kept of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinksSettings {
    /// Whether targets may be `http`.
    pub allow_http: bool,
    /// Whether targets may be IP addresses and names of private networks.
    pub allow_private: bool,
    /// Hosts to which links lead without being shown first, where anybody may make links.
    #[serde(deserialize_with = "values::trusted_hosts")]
    pub trusted_hosts: TrustedHosts,
    /// Files with hosts to which no link leads.
    #[serde(deserialize_with = "values::files")]
    pub block_lists: Vec<PathBuf>,
    /// Days for which an expired link may get a new end, 0 to 3,650.
    #[serde(deserialize_with = "values::count::<0, 3_650, _>")]
    pub keep_expired_days: usize,
    /// Days for which counts of scans are kept, 1 to 3,650.
    #[serde(deserialize_with = "values::count::<1, 3_650, _>")]
    pub scans_days: usize,
}

impl LinksSettings {
    /// What targets may be, of the server whose links begin with this.
    #[must_use]
    pub fn target_rules(&self, public_url: &Url) -> TargetRules {
        TargetRules::of(public_url, self.allow_http, self.allow_private)
    }

    /// Seconds for which an expired link may get a new end.
    #[must_use]
    pub fn keep_expired_secs(&self) -> u64 {
        secs(self.keep_expired_days)
    }

    /// Counts of hours from before this time are to go.
    #[must_use]
    pub fn scans_kept_since(&self, now: UnixTime) -> UnixTime {
        UnixTime::from_secs(now.as_secs().saturating_sub(secs(self.scans_days)))
    }
}

fn secs(days: usize) -> u64 {
    u64::try_from(days)
        .unwrap_or(u64::MAX)
        .saturating_mul(DAY_SECS)
}
