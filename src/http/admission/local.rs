//! Requests from this machine alone, which need no API key while there is none, and are told how the server is.

use std::net::IpAddr;

use actix_http::RequestHead;
use actix_web::HttpRequest;
use actix_web::http::Version;
use actix_web::http::header::HeaderMap;

use crate::config::is_loopback_name;
use crate::http::host;
use crate::http::state::App;

/// Header names that proxies add and clients do not; those that begin with `x-forwarded-` are signs, too.
const PROXY_SIGNS: [&str; 16] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-host",
    "x-original-forwarded-for",
    "x-envoy-external-address",
    "x-azure-clientip",
    "cf-connecting-ip",
    "cf-ray",
    "true-client-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "cdn-loop",
    "x-request-start",
];

/// Whether a request shows no sign of coming from elsewhere. A host that is no loopback means that a name was pointed here
/// (DNS rebinding); a header of a proxy, or a version of HTTP that only proxies still speak, means that one stands in front.
/// HTTP/2 is spoken over this server's own TLS alone.
pub(super) fn is_local(head: &RequestHead) -> bool {
    let mut hosts = host::named(head).peekable();
    is_direct(head) && hosts.peek().is_some() && hosts.all(is_loopback_host)
}

/// Whether a request is from this machine, or from a trusted proxy that asks for itself.
pub(super) fn is_from_within(request: &HttpRequest) -> bool {
    let Some(peer) = request.peer_addr() else {
        return false;
    };
    let peer = peer.ip().to_canonical();
    let trusted = &App::of(request).config.server.trusted_proxies;
    let head = request.head();
    peer.is_loopback() && is_local(head) || trusted.contains(peer) && is_direct(head)
}

fn is_direct(head: &RequestHead) -> bool {
    matches!(head.version, Version::HTTP_11 | Version::HTTP_2)
        && !came_through_a_proxy(&head.headers)
}

fn came_through_a_proxy(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded-") || PROXY_SIGNS.contains(&name)
    })
}

/// Whether the value of a `Host` header, with or without port, is this machine's own.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let Some((name, _)) = host::split(host) else {
        return false;
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => is_loopback_name(name),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_loopback_names_and_addresses_are_local() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("a.localhost:1", true),
            ("127.0.0.1", true),
            ("127.9.9.9:65535", true),
            ("[::1]", true),
            ("[::1]:8080", true),
            ("::1", false),
            ("[::1", false),
            ("[::1]8080", false),
            ("localhost:99999", false),
            ("localhost:80:80", false),
            ("localhost.example.com", false),
            ("127.0.0.1.example.com", false),
            ("10.0.0.1", false),
            ("qr.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_loopback_host(host), expected, "{host}");
        }
    }

    #[test]
    fn a_sign_of_a_proxy_and_a_host_of_others_in_either_place_are_not_local() {
        let local = |uri: &str, version, header: (&str, &str)| {
            let request = TestRequest::with_uri(uri)
                .version(version)
                .insert_header(("host", "127.0.0.1:8080"))
                .insert_header(header)
                .to_http_request();
            is_local(request.head())
        };
        let plain = ("accept", "*/*");
        assert!(local("/", Version::HTTP_11, plain));
        assert!(local("http://localhost/", Version::HTTP_11, plain));
        assert!(!local("/", Version::HTTP_10, plain));
        assert!(!local("http://evil.example/", Version::HTTP_11, plain));
        assert!(!local("/", Version::HTTP_11, ("x-forwarded-port", "443")));
        for name in PROXY_SIGNS {
            assert!(!local("/", Version::HTTP_11, (name, "1.1 p")), "{name}");
        }
    }
}
