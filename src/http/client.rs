//! Where a request comes from: the address of the client, also behind proxies.
//!
//! Belongs here: whom to believe about addresses, and the two headers that tell them. Does not belong here: what an
//! address is used for. Addresses are never logged and never stored.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

use super::forwarded;
use super::state::App;
use crate::config::{ForwardedHeader, TrustedProxies};
use crate::network::ClientNetwork;

/// The network that an address belongs to: the /24 of an IPv4 address, the /64 of an IPv6 address. One client has all of
/// its addresses, so that what is counted by client is counted by this. The address itself is in it no more.
#[must_use]
pub fn network(address: IpAddr) -> IpNet {
    let bits = match address.to_canonical() {
        IpAddr::V4(_) => 24,
        IpAddr::V6(_) => 64,
    };
    IpNet::new(address.to_canonical(), bits)
        .expect("24 and 64 are lengths of a prefix")
        .trunc()
}

/// The address of the client behind `request`, by the configuration of this server.
#[must_use]
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    address_behind(App::of(request), request.peer_addr(), request.headers())
}

/// Where the client behind `request` comes from, as coarsely as locks need it.
#[must_use]
pub fn origin(request: &HttpRequest) -> ClientNetwork {
    address(request).map_or(ClientNetwork::Unknown, |address| {
        ClientNetwork::Net(network(address))
    })
}

/// The address of the client behind a connection from `peer`, on which these headers came.
#[must_use]
pub fn address_behind(app: &App, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let server = &app.config.server;
    Some(client_address(
        peer?.ip(),
        headers,
        server.forwarded_header,
        &server.trusted_proxies,
    ))
}

/// More hops than any chain of honest proxies has; what is beyond them is not looked at.
const MAX_HOPS: usize = 32;

/// The address of the client, as far as it can be known.
///
/// `peer` is the other end of the connection. Only if it is a trusted proxy does the header that trusted proxies write
/// count, and only the part of it that trusted proxies wrote: its addresses are walked from the right, over those that are
/// trusted, to the first that is not. What stands left of that one may be anybody's invention. A hop that names no address
/// (`unknown`, an obfuscated name, anything malformed) ends the walk: the client is then the proxy that reported it.
#[must_use]
pub fn client_address(
    peer: IpAddr,
    headers: &HeaderMap,
    header: ForwardedHeader,
    trusted: &TrustedProxies,
) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(peer) {
        return peer;
    }
    let mut client = peer;
    for hop in forwarded::from_the_right(headers, header).take(MAX_HOPS) {
        let Some(address) = hop else { break };
        client = address;
        if !trusted.contains(address) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, header: ForwardedHeader, lines: &[(&str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let trusted =
            TrustedProxies::parse(["10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48"]).unwrap();
        client_address(peer.parse().unwrap(), &headers, header, &trusted).to_string()
    }

    #[test]
    fn the_client_is_the_first_address_from_the_right_that_is_no_proxy_of_ours() {
        use ForwardedHeader::XForwardedFor as X;
        const XFF: &str = "X-Forwarded-For";
        for (peer, lines, expected) in [
            // Nobody believes a client about itself.
            ("192.0.2.1", vec![(XFF, "198.51.100.1")], "192.0.2.1"),
            ("192.0.2.1", vec![], "192.0.2.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "198.51.100.1")], "198.51.100.1"),
            (
                "127.0.0.1",
                vec![(XFF, "198.51.100.1:4711")],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                vec![(XFF, "[2001:db8:2::7]:80")],
                "2001:db8:2::7",
            ),
            ("10.0.0.1", vec![(XFF, "2001:db8:2::7")], "2001:db8:2::7"),
            (
                "10.0.0.1",
                vec![(XFF, "::ffff:198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "::ffff:10.0.0.1",
                vec![(XFF, "198.51.100.1")],
                "198.51.100.1",
            ),
            // Invented addresses stand on the left.
            (
                "10.0.0.1",
                vec![(XFF, "203.0.113.9, 198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                vec![(XFF, "203.0.113.9"), (XFF, "198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                vec![(XFF, "203.0.113.9, 198.51.100.1, 10.2.3.4,127.0.0.1")],
                "198.51.100.1",
            ),
            // An invented address that looks like a proxy of ours leads to the real client all the same.
            (
                "10.0.0.1",
                vec![(XFF, "203.0.113.9, 10.9.9.9, 198.51.100.1")],
                "198.51.100.1",
            ),
            ("10.0.0.1", vec![(XFF, "10.9.9.9")], "10.9.9.9"),
            // What names no address ends the walk at the proxy that reported it.
            ("10.0.0.1", vec![(XFF, "198.51.100.1, unknown")], "10.0.0.1"),
            (
                "10.0.0.1",
                vec![(XFF, "198.51.100.1, nonsense, 10.2.3.4")],
                "10.2.3.4",
            ),
            ("10.0.0.1", vec![(XFF, "198.51.100.1,")], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "")], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "198.51.100.1:port")], "10.0.0.1"),
            // The other header is not read.
            (
                "10.0.0.1",
                vec![("Forwarded", "for=203.0.113.9")],
                "10.0.0.1",
            ),
        ] {
            assert_eq!(client(peer, X, &lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn the_standard_header_is_walked_in_the_same_way() {
        use ForwardedHeader::Forwarded as F;
        const FORWARDED: &str = "Forwarded";
        for (value, expected) in [
            ("for=198.51.100.1", "198.51.100.1"),
            (
                "For=\"198.51.100.1:4711\";proto=https;by=10.0.0.1",
                "198.51.100.1",
            ),
            ("proto=https; for=\"[2001:db8:2::7]:4711\"", "2001:db8:2::7"),
            (
                "for=203.0.113.9, for=198.51.100.1;host=\"a,b;for=1.1.1.1\", for=10.1.1.1",
                "198.51.100.1",
            ),
            ("for=198.51.100.1, for=_hidden", "10.0.0.1"),
            ("for=198.51.100.1, proto=https", "10.0.0.1"),
            ("for=198.51.100.1;for=203.0.113.9", "10.0.0.1"),
            ("for=\"198.51.100.1", "10.0.0.1"),
            ("for=\"\\198.51.100.1\"", "198.51.100.1"),
            (",", "10.0.0.1"),
        ] {
            assert_eq!(
                client("10.0.0.1", F, &[(FORWARDED, value)]),
                expected,
                "{value}"
            );
        }
        let other = [("X-Forwarded-For", "203.0.113.9")];
        assert_eq!(
            client("10.0.0.1", F, &other),
            "10.0.0.1",
            "the other header is not read"
        );
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        for (address, expected) in [
            ("198.51.100.7", "198.51.100.0/24"),
            ("::ffff:198.51.100.9", "198.51.100.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()).to_string(), expected);
        }
    }

    #[test]
    fn a_chain_without_end_is_cut() {
        let chain = vec!["10.1.1.1"; 5_000].join(",");
        let lines = [("X-Forwarded-For", &*format!("198.51.100.1,{chain}"))];
        assert_eq!(
            client("10.0.0.1", ForwardedHeader::XForwardedFor, &lines),
            "10.1.1.1"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_a_client_of_an_address_that_no_proxy_reported(value in "[ -~]{0,80}") {
            for header in [ForwardedHeader::Forwarded, ForwardedHeader::XForwardedFor] {
                let name = forwarded::name(header);
                let name = name.as_str();
                proptest::prop_assert_eq!(client("192.0.2.1", header, &[(name, &value)]), "192.0.2.1");
                let honest = match header {
                    ForwardedHeader::Forwarded => "for=198.51.100.1",
                    ForwardedHeader::XForwardedFor => "198.51.100.1",
                };
                let found = client("10.0.0.1", header, &[(name, &value), (name, honest)]);
                proptest::prop_assert_eq!(found, "198.51.100.1");
            }
        }
    }
}
