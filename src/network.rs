//! Where a client comes from, as coarsely as locks need it.
//!
//! Belongs here: networks and their one text of bytes. Does not belong here: how an address is found (`http::client`), and what
//! is locked.

use std::net::IpAddr;

use ipnet::IpNet;

/// A client's network. The store gets only a keyed digest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientNetwork {
    /// The network of an address: an IPv4 /24, an IPv6 /64.
    Net(IpNet),
    /// The command line, on the server's own machine.
    CommandLine,
    /// A connection without an address.
    Unknown,
}

impl ClientNetwork {
    /// Different for every network; the bits of an address that are not its network's are not looked at.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Net(network) => {
                let mut bytes = vec![network.prefix_len()];
                match network.network() {
                    IpAddr::V4(address) => bytes.extend(address.octets()),
                    IpAddr::V6(address) => bytes.extend(address.octets()),
                }
                bytes
            }
            Self::CommandLine => vec![1],
            Self::Unknown => vec![0],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let bytes = |text: &str| ClientNetwork::Net(text.parse().unwrap()).to_bytes();
        assert_eq!(bytes("192.0.2.1/24"), bytes("192.0.2.255/24"));
        assert_ne!(bytes("192.0.2.1/24"), bytes("192.0.3.1/24"));
        assert_eq!(bytes("2001:db8:1:2::1/64"), bytes("2001:db8:1:2:f::9/64"));
        assert_ne!(bytes("2001:db8:1:2::1/64"), bytes("2001:db8:1:3::1/64"));
        assert_ne!(
            ClientNetwork::CommandLine.to_bytes(),
            ClientNetwork::Unknown.to_bytes()
        );
    }
}
