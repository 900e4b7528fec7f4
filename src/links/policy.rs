//! What an installation lets links be.

use super::block_lists::BlockLists;
use crate::issuing::LongestLife;
use crate::targets::{Target, TargetRules, TrustedHosts};

/// What an installation lets links be.
#[derive(Default)]
pub struct LinkPolicy {
    /// What targets may be.
    pub rules: TargetRules,
    /// Hosts to which links lead without being shown first.
    pub trusted: TrustedHosts,
    /// Whether other hosts are shown first: where anybody may make links.
    pub shows_untrusted: bool,
    /// Hosts to which no link leads.
    pub lists: BlockLists,
    /// Seconds for which the record of an expired link is kept.
    pub keep_expired_secs: u64,
    /// How long after it was made a link ends at the latest.
    pub longest_life: LongestLife,
}

impl LinkPolicy {
    /// The name of the list that blocks a target, without its folder.
    #[must_use]
    pub fn blocks(&self, target: &Target) -> Option<String> {
        let list = self.lists.blocks(target.host())?;
        let name = list.file_name().unwrap_or(list.as_os_str());
        Some(name.to_string_lossy().into_owned())
    }
}
