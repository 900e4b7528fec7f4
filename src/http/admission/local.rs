//! Requests from this machine alone, which need no API key while there is none.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HOST};

use crate::config::is_loopback_name;

/// Whether a request shows no sign of coming from elsewhere. A `Host` that is no loopback means that a name was pointed
/// here (DNS rebinding); a forwarding header means that a proxy stands in front.
pub(super) fn is_local(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let forwarded = headers.contains_key(FORWARDED)
        || headers
            .keys()
            .any(|name| name.as_str().starts_with("x-forwarded-"));
    let mut hosts = headers.get_all(HOST);
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        _ => return false,
    };
    !forwarded && is_loopback_host(host)
}

/// Whether the value of a `Host` header, with or without port, is this machine's own.
fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if port.is_empty() || is_port(port) => address,
            _ => return false,
        },
        None => match host.find(':') {
            Some(colon) if is_port(&host[colon..]) => &host[..colon],
            Some(_) => return false,
            None => host,
        },
    };
    match name.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => is_loopback_name(name),
    }
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_loopback_host;

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
            ("localhost:", false),
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
}
