//! Which host a request means (RFC 9110, section 7.2; RFC 9112, section 3.2).
//!
//! Belongs here: whether what stands in `Host` and in the target can be a host. Does not belong here: which host is ours; links
//! and pages go by `server.public_url` alone.

use actix_http::RequestHead;
use actix_web::http::header::{HOST, HeaderValue};
use actix_web::http::uri::Authority;

/// The hosts that a request names: in its target, if that has one, and in `Host`. The one of the target counts; the other is
/// there for those who want to be careful.
pub fn named(head: &RequestHead) -> impl Iterator<Item = &str> {
    let target = head.uri.authority().map(Authority::as_str);
    let field = head.headers.get_all(HOST).map(text);
    target.into_iter().chain(field)
}

/// Whether the request names its host as HTTP wants it: anything else is malformed.
pub fn is_sound(head: &RequestHead) -> bool {
    let scheme = head.uri.scheme_str();
    matches!(scheme, None | Some("http" | "https"))
        // Without an authority in the target, `Host` may be empty (RFC 9110, section 7.2).
        && named(head).all(|host| host.is_empty() || split(host).is_some())
}

/// The host and the port of a `Host` field's value or an authority, if it is one: a name, an IPv4 address, or an address in
/// brackets, which stay; and digits.
pub fn split(host: &str) -> Option<(&str, Option<u16>)> {
    let end = match host.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => (host.bytes())
            .position(|byte| byte == b':')
            .unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(end);
    let sound = match name.strip_prefix('[') {
        Some(address) => address
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b']')),
        None => !name.is_empty() && name.bytes().all(is_of_a_name),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        Some("") => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        _ => return None,
    };
    sound.then_some((name, port))
}

/// Of a registered name (RFC 3986, section 3.2.2).
fn is_of_a_name(byte: u8) -> bool {
    // Every request has a host: by a table it costs nothing.
    const OF_A_NAME: [bool; 256] = {
        let mut table = [false; 256];
        let marks = b"-._~%!$&'()*+,;=";
        let mut byte = 0_u8;
        loop {
            table[byte as usize] = byte.is_ascii_alphanumeric();
            if byte == u8::MAX {
                break;
            }
            byte += 1;
        }
        let mut at = 0;
        while at < marks.len() {
            table[marks[at] as usize] = true;
            at += 1;
        }
        table
    };
    OF_A_NAME[usize::from(byte)]
}

/// What is no text is no host.
fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or(" ")
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for (host, expected) in [
            ("localhost", Some(("localhost", None))),
            ("qr.example.com:8080", Some(("qr.example.com", Some(8080)))),
            ("a:", Some(("a", None))),
            ("127.0.0.1:1", Some(("127.0.0.1", Some(1)))),
            ("[::1]:65535", Some(("[::1]", Some(65535)))),
            ("[::ffff:127.0.0.1]", Some(("[::ffff:127.0.0.1]", None))),
            (
                "xn--bcher-kva.example",
                Some(("xn--bcher-kva.example", None)),
            ),
            ("b%C3%BCcher.example", Some(("b%C3%BCcher.example", None))),
            ("", None),
            ("a b", None),
            ("u@a", None),
            ("a:99999x", None),
            ("a:99999", None),
            ("a:+1", None),
            ("a:1:2", None),
            ("a/b", None),
            ("a?b", None),
            ("[::1", None),
            ("[::1]x", None),
            ("[evil.example]", None),
            ("::1", None),
        ] {
            assert_eq!(split(host), expected, "{host}");
        }
    }
}
