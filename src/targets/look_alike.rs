//! Hosts that look like others (UTS #39).

use unicode_security::{MixedScript as _, skeleton};

/// Why a host may be taken for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookAlike {
    /// One of its labels looks as if it was written in ASCII, and is not: the host that it looks like.
    Of(String),
    /// One of its labels mixes scripts that no language mixes.
    MixedScripts,
}

impl LookAlike {
    /// Looks at a host in Unicode.
    pub(super) fn find(host: &str) -> Option<Self> {
        if host.is_ascii() {
            return None;
        }
        let looks_ascii = |label: &&str| !label.is_ascii() && skeleton(label).all(|c| c.is_ascii());
        if host.split('.').any(|label| looks_ascii(&label)) {
            return Some(Self::Of(as_it_looks(host)));
        }
        let mixed = host.split('.').any(|label| !label.is_single_script());
        mixed.then_some(Self::MixedScripts)
    }
}

/// The host with each character that is not ASCII as the one it looks like.
fn as_it_looks(host: &str) -> String {
    let mut seen = String::with_capacity(host.len());
    for char in host.chars() {
        match char.is_ascii() {
            true => seen.push(char),
            false => seen.extend(skeleton(char.encode_utf8(&mut [0; 4]))),
        }
    }
    seen
}
