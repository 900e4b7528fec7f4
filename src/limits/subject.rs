//! Who is counted.

use std::net::IpAddr;

use crate::store::{AccountId, ApiKeyId};

/// Whoever has a budget of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A client's IPv4 address.
    V4([u8; 4]),
    /// A client's IPv6 network, the first 64 bits: one client has all addresses of it.
    V6(u64),
    /// A client whose connection has no address.
    Unknown,
    /// The owner of an API key, wherever it is used from.
    ApiKey(ApiKeyId),
    /// A person who has signed in, wherever from.
    Account(AccountId),
    /// The server's own machine, where nobody needs an API key yet.
    Local,
}

impl Subject {
    /// The client at this address.
    #[must_use]
    pub fn client(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => Self::V4(address.octets()),
            Some(IpAddr::V6(address)) => Self::V6((address.to_bits() >> 64) as u64),
            None => Self::Unknown,
        }
    }

    /// Different for every subject.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::V4(address) => address.to_vec(),
            Self::V6(network) => network.to_be_bytes().to_vec(),
            Self::Unknown => vec![0],
            Self::ApiKey(id) => format!("API key {}", id.0).into_bytes(),
            Self::Account(id) => format!("account {}", id.0).into_bytes(),
            Self::Local => b"local".to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_an_ipv6_network() {
        let client = |text: &str| Subject::client(text.parse().ok());
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        assert_eq!(client("192.0.2.1"), client("::ffff:192.0.2.1"));
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:f:e:d:c"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
    }

    #[test]
    fn no_two_subjects_are_written_alike() {
        let subjects = [
            Subject::client("192.0.2.1".parse().ok()),
            Subject::client("2001:db8::1".parse().ok()),
            Subject::client(None),
            Subject::ApiKey(ApiKeyId(1)),
            Subject::ApiKey(ApiKeyId(11)),
            Subject::Account(AccountId(1)),
            Subject::Local,
        ];
        let written: HashSet<Vec<u8>> = subjects.into_iter().map(Subject::to_bytes).collect();
        assert_eq!(written.len(), subjects.len());
    }
}
