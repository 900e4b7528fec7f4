//! Names of hosts: how they are written, and those that lead into a private network.

use url::Host;

use super::TargetRefused;

/// Names that are known on one machine or in one network only, with everything below them: RFC 6761, 6762, 7686, 8375, ICANN's
/// `internal`, and those that routers and companies made up.
const PRIVATE: &[&str] = &[
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "workgroup",
];

/// Public names whose only use is to be the address of a private network, or any that is written in them.
const LEADING_HOME: &[&str] = &[
    "lacolhost.com",
    "localtest.me",
    "lvh.me",
    "nip.io",
    "sslip.io",
    "vcap.me",
    "xip.io",
];

/// The longest name, and the longest label of one (RFC 1035).
const MAX_NAME_CHARS: usize = 253;
const MAX_LABEL_CHARS: usize = 63;

/// A host as targets, lists and settings write it: lower case, punycode (UTS #46), without dots at its end. `None` if it is no
/// host.
#[must_use]
pub fn normalised(name: &str) -> Option<String> {
    let name = without_dots(name);
    if is_plain(name) {
        return Some(name.to_owned());
    }
    match Host::parse(name).ok()? {
        Host::Domain(name) => {
            let name = without_dots(&name);
            is_name(name).then(|| name.to_owned())
        }
        address => Some(address.to_string()),
    }
}

/// A name without dots at its end, which only say that it is complete.
pub(super) fn without_dots(name: &str) -> &str {
    name.trim_end_matches('.')
}

/// Whether a name stands for itself already, so that nothing has to be looked up in Unicode's tables.
fn is_plain(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    is_name(name)
        && name.bytes().all(|byte| !byte.is_ascii_uppercase())
        && last.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.contains("xn--")
}

/// Whether labels and name have a length and characters that names have.
fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_CHARS && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_CHARS).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether a public link may lead to this host.
pub(super) fn check(host: &Host<&str>, allow_private: bool) -> Result<(), TargetRefused> {
    let Host::Domain(name) = host else {
        return match allow_private {
            true => Ok(()),
            false => Err(TargetRefused::IpAddress),
        };
    };
    if !is_name(name) {
        return Err(TargetRefused::Host);
    }
    if allow_private {
        return Ok(());
    }
    if below(name, PRIVATE) || below(name, LEADING_HOME) {
        return Err(TargetRefused::PrivateName);
    }
    match name.contains('.') {
        true => Ok(()),
        false => Err(TargetRefused::SingleLabel),
    }
}

/// Whether a name is one of these or below one.
fn below(name: &str, parents: &[&str]) -> bool {
    parents.iter().any(|parent| is_or_below(name, parent))
}

/// Whether a name is `parent` or ends with its whole labels.
pub(super) fn is_or_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
