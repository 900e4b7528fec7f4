//! `Forwarded` (RFC 7239) and `X-Forwarded-For`, read from the right.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};

use crate::config::ForwardedHeader;

/// The header's name.
pub(super) const fn name(header: ForwardedHeader) -> HeaderName {
    match header {
        ForwardedHeader::Forwarded => FORWARDED,
        ForwardedHeader::XForwardedFor => X_FORWARDED_FOR,
    }
}

/// The hops of all lines of the header, the last first: the address of each, or `None` for one that names none.
pub(super) fn from_the_right(
    headers: &HeaderMap,
    header: ForwardedHeader,
) -> impl Iterator<Item = Option<IpAddr>> {
    let lines: Vec<&str> = headers
        .get_all(name(header))
        // A line that is not ASCII text is one hop that names no address.
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    lines.into_iter().rev().flat_map(move |line| {
        let hops: Vec<&str> = match header {
            ForwardedHeader::Forwarded => split_unquoted(line, b','),
            ForwardedHeader::XForwardedFor => line.split(',').collect(),
        };
        hops.into_iter().rev().map(move |hop| match header {
            ForwardedHeader::Forwarded => forwarded_for(hop),
            ForwardedHeader::XForwardedFor => node(hop.trim()),
        })
    })
}

/// The `for` of one element of `Forwarded`, if it has exactly one.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in split_unquoted(element, b';') {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        if name.trim().eq_ignore_ascii_case("for") {
            if found.is_some() {
                return None;
            }
            found = Some(unquote(value.trim())?);
        }
    }
    node(&found?)
}

/// Splits at `separator` where it is not inside a quoted string (RFC 9110, 5.6.4). A quote that does not end swallows the
/// rest, which then names no address.
fn split_unquoted(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A token as it is, or a quoted string without its quotes and escapes.
fn unquote(value: &str) -> Option<String> {
    let Some(rest) = value.strip_prefix('"') else {
        return Some(value.to_owned());
    };
    let inside = rest.strip_suffix('"')?;
    let mut text = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        text.push(if char == '\\' { chars.next()? } else { char });
    }
    Some(text)
}

/// An address, with or without a port; an IPv6 address may stand in brackets.
fn node(text: &str) -> Option<IpAddr> {
    let unbracketed = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    unbracketed
        .parse::<IpAddr>()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
        .map(|address| address.to_canonical())
}
