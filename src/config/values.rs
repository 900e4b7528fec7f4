//! How single values are read: a text or a number becomes what it means, or the message says what it must be.
//!
//! A message follows the name of its key: `server.workers must be from 0 to 1024, not 1025`.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};
use url::Url;

use super::origins::Origins;
use super::proxies::TrustedProxies;
use crate::issuing::LongestLife;
use crate::store::Role;
use crate::targets::TrustedHosts;
use crate::token::ExpiresIn;

/// A whole number from `MIN` to `MAX`.
pub(super) fn count<'de, const MIN: i64, const MAX: i64, D: Deserializer<'de>>(
    value: D,
) -> Result<usize, D::Error> {
    let number = i64::deserialize(value)?;
    usize::try_from(number)
        .ok()
        .filter(|_| (MIN..=MAX).contains(&number))
        .ok_or_else(|| D::Error::custom(format!("must be from {MIN} to {MAX}, not {number}")))
}

/// A version of a symbol.
pub(super) fn version<'de, D: Deserializer<'de>>(value: D) -> Result<u8, D::Error> {
    let number = i64::deserialize(value)?;
    u8::try_from(number)
        .ok()
        .filter(|version| (1..=40).contains(version))
        .ok_or_else(|| D::Error::custom(format!("must be from 1 to 40, not {number}")))
}

/// Seconds from `MIN` to `MAX`.
pub(super) fn seconds<'de, const MIN: i64, const MAX: i64, D: Deserializer<'de>>(
    value: D,
) -> Result<Duration, D::Error> {
    let number = i64::deserialize(value)?;
    u64::try_from(number)
        .ok()
        .filter(|_| (MIN..=MAX).contains(&number))
        .map(Duration::from_secs)
        .ok_or_else(|| {
            D::Error::custom(format!("must be from {MIN} to {MAX} seconds, not {number}"))
        })
}

/// A rate a minute; 0 for no limit. The arithmetic knows no finer one than a nanosecond.
pub(super) fn rate<'de, D: Deserializer<'de>>(value: D) -> Result<u32, D::Error> {
    u32::try_from(i64::deserialize(value)?)
        .ok()
        .filter(|number| *number <= 1_000_000_000)
        .ok_or_else(|| D::Error::custom("must be from 0 to 1000000000, 0 for no limit"))
}

/// A quota of a day; none for 0.
pub(super) fn quota<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    match u64::try_from(i64::deserialize(value)?) {
        Ok(0) => Ok(None),
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(D::Error::custom("must be 0, for no quota, or more")),
    }
}

/// What the type itself reads from text, with its message.
pub(super) fn text<'de, T: std::str::FromStr<Err: Display>, D: Deserializer<'de>>(
    value: D,
) -> Result<T, D::Error> {
    String::deserialize(value)?
        .parse()
        .map_err(D::Error::custom)
}

pub(super) fn listen<'de, D: Deserializer<'de>>(value: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(value)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "must be an address with a port such as 127.0.0.1:8080 or [::1]:8080, not `{text}`"
        ))
    })
}

/// An address that only this machine or its own network reaches, or none.
pub(super) fn private_listen<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(value)?;
    if text.is_empty() {
        return Ok(None);
    }
    let address: SocketAddr = text.parse().map_err(|_| {
        D::Error::custom(format!(
            "must be an address with a port such as 127.0.0.1:9464 or 10.0.0.7:9464, not `{text}`"
        ))
    })?;
    let is_private = match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    if !is_private {
        return Err(D::Error::custom(format!(
            "must be a loopback or private address, not `{text}`, where anybody may read how the server is used: name the \
             one that Prometheus reaches, or let it ask /metrics on server.listen with an API key whose scope is read"
        )));
    }
    Ok(Some(address))
}

pub(super) fn trusted_proxies<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<TrustedProxies, D::Error> {
    let networks = Vec::<String>::deserialize(value)?;
    TrustedProxies::parse(networks.iter().map(String::as_str)).map_err(D::Error::custom)
}

pub(super) fn origins<'de, D: Deserializer<'de>>(value: D) -> Result<Origins, D::Error> {
    let origins = Vec::<String>::deserialize(value)?;
    Origins::parse(origins.iter().map(String::as_str)).map_err(D::Error::custom)
}

pub(super) fn trusted_hosts<'de, D: Deserializer<'de>>(value: D) -> Result<TrustedHosts, D::Error> {
    let names = Vec::<String>::deserialize(value)?;
    TrustedHosts::parse(names.iter().map(String::as_str)).map_err(D::Error::custom)
}

pub(super) fn roles<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Role>, D::Error> {
    let words = Vec::<String>::deserialize(value)?;
    let roles = words.iter().map(|word| word.parse());
    roles
        .collect::<Result<_, _>>()
        .map_err(|_| D::Error::custom("must be of admin, issuer, manager and scanner"))
}

/// Files, none named twice.
pub(super) fn files<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<PathBuf>, D::Error> {
    let names = Vec::<String>::deserialize(value)?;
    if names.iter().any(String::is_empty) {
        return Err(D::Error::custom("must name files"));
    }
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    if unique.len() != names.len() {
        return Err(D::Error::custom("must name each file once"));
    }
    Ok(names.into_iter().map(PathBuf::from).collect())
}

pub(super) fn level<'de, D: Deserializer<'de>>(value: D) -> Result<tracing::Level, D::Error> {
    String::deserialize(value)?
        .parse()
        .map_err(|_| D::Error::custom("must be error, warn, info, debug or trace"))
}

pub(super) fn file<'de, D: Deserializer<'de>>(value: D) -> Result<PathBuf, D::Error> {
    match String::deserialize(value)?.as_str() {
        "" => Err(D::Error::custom("must name a file")),
        path => Ok(PathBuf::from(path)),
    }
}

/// A file, if one is named.
pub(super) fn optional_file<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<PathBuf>, D::Error> {
    let name = String::deserialize(value)?;
    Ok((!name.is_empty()).then(|| PathBuf::from(name)))
}

/// The age at which keys are rotated.
pub(super) fn rotate_every<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<ExpiresIn>, D::Error> {
    const LEAST_DAYS: u64 = 90;
    let time = optional_time(value)?;
    if time.is_some_and(|time| time.as_secs() < LEAST_DAYS * 24 * 60 * 60) {
        return Err(D::Error::custom(format!(
            "must be at least {LEAST_DAYS}d: there are 32 slots, and none is used twice"
        )));
    }
    Ok(time)
}

/// The longest life of what is issued.
pub(super) fn longest_life<'de, D: Deserializer<'de>>(value: D) -> Result<LongestLife, D::Error> {
    optional_time(value).map(LongestLife)
}

fn optional_time<'de, D: Deserializer<'de>>(value: D) -> Result<Option<ExpiresIn>, D::Error> {
    match String::deserialize(value)?.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            D::Error::custom(
                "must be a time such as 90d, 52w or 2y, from 60 seconds to ten years, or empty",
            )
        }),
    }
}

/// A program and its arguments, or nothing.
pub(super) fn command<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(value)?;
    if words.first().is_some_and(String::is_empty) || words.iter().any(|word| word.contains('\0')) {
        return Err(D::Error::custom(
            "must be a program and its arguments, such as [\"vault\", \"kv\", \"get\", \"-field=kek\", \"secret/qrseal\"]",
        ));
    }
    Ok(words)
}

pub(super) fn public_url<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(value)?;
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |why: &str| {
        D::Error::custom(format!(
            "must be like https://qr.example.com or https://example.com/codes: {why}"
        ))
    };
    let url = Url::parse(&text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("its scheme must be http or https"));
    }
    if !url.has_host() {
        return Err(wrong("it has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it must have no query and no fragment"));
    }
    if url.path().contains("//") || url.as_str().len() > 512 {
        return Err(wrong(
            "its path must have no empty part, and 512 bytes are the most",
        ));
    }
    Ok(Some(url))
}

pub(super) fn store_url<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(value)?;
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with("sqlite://") && !text.starts_with("postgres://") {
        return Err(D::Error::custom("must begin with sqlite:// or postgres://"));
    }
    Ok(Some(text))
}

/// A name without white space around it; none if it is empty.
pub(super) fn line<'de, const MOST: usize, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(value)?;
    let text = text.trim();
    if text.chars().count() > MOST || text.chars().any(char::is_control) {
        return Err(D::Error::custom(format!(
            "must be at most {MOST} characters, without line breaks"
        )));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
