//! The file as it is written, and how its values become settings within their ranges.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::proxies::{ForwardedHeader, TrustedProxies};
use super::settings::{
    AuthSettings, CodecSetting, Config, Issuing, KeysSettings, LimitsSettings, LinkSettings,
    LogFormat, LogSettings, PageSettings, PayloadSettings, PinSettings, ServerSettings,
    StoreSettings, SymbolSettings,
};
use super::style;
use crate::limits::{DailyQuota, PerMinute};
use crate::link::LinkForm;
use crate::payload::zstd1::Effort;
use crate::qr::{QuietZone, Scale};

/// The file as it is written, before its values are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    server: FileServer,
    keys: FileKeys,
    store: FileStore,
    auth: FileAuth,
    link: FileLink,
    payload: FilePayload,
    symbol: FileSymbol,
    #[serde(default)]
    style: BTreeMap<String, toml::Table>,
    page: FilePage,
    pin: FilePin,
    limits: FileLimits,
    log: FileLog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileServer {
    listen: String,
    public_url: String,
    trusted_proxies: Vec<String>,
    forwarded_header: ForwardedHeader,
    workers: i64,
    max_connections: i64,
    max_requests: i64,
    style_threads: i64,
    style_queue: i64,
    header_timeout_seconds: i64,
    body_timeout_seconds: i64,
    keep_alive_seconds: i64,
    shutdown_timeout_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKeys {
    file: String,
    reload_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStore {
    url: String,
    migrate: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAuth {
    issuing: Issuing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLink {
    form: LinkForm,
    uppercase_scheme: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePayload {
    codec: CodecSetting,
    effort: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSymbol {
    ecl: String,
    scale: i64,
    quiet_zone: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePage {
    issuer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePin {
    hashes_at_once: i64,
    queue: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLimits {
    enabled: bool,
    opens_per_minute: i64,
    unrecognised_per_minute: i64,
    pin_tries_per_minute: i64,
    drawings_per_minute: i64,
    issues_per_minute: i64,
    issue_bytes_per_minute: i64,
    issues_per_day: i64,
    issue_bytes_per_day: i64,
    max_body_bytes: i64,
    max_logo_bytes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLog {
    format: LogFormat,
    level: String,
    requests: bool,
}

impl File {
    pub(super) fn parse(self) -> Result<Config, String> {
        Ok(Config {
            server: self.server.parse()?,
            keys: KeysSettings {
                file: match self.keys.file.as_str() {
                    "" => return Err("keys.file must name a file".to_owned()),
                    path => PathBuf::from(path),
                },
                reload: seconds("keys.reload_seconds", self.keys.reload_seconds, 1, 3600)?,
            },
            store: StoreSettings {
                url: parse_store_url(&self.store.url)?,
                migrate: self.store.migrate,
            },
            auth: AuthSettings {
                issuing: self.auth.issuing,
            },
            link: LinkSettings {
                form: self.link.form,
                uppercase_scheme: self.link.uppercase_scheme,
            },
            payload: PayloadSettings {
                codec: self.payload.codec,
                effort: match self.payload.effort.as_str() {
                    "fast" => Effort::Fast,
                    "best" => Effort::Best,
                    _ => return Err("payload.effort must be fast or best".to_owned()),
                },
            },
            symbol: self.symbol.parse()?,
            styles: style::parse(self.style)?,
            page: PageSettings {
                issuer: parse_issuer(&self.page.issuer)?,
            },
            pin: PinSettings {
                hashes_at_once: count("pin.hashes_at_once", self.pin.hashes_at_once, 1, 64)?,
                queue: count("pin.queue", self.pin.queue, 0, 1_000)?,
            },
            limits: self.limits.parse()?,
            log: LogSettings {
                format: self.log.format,
                level: self.log.level.parse().map_err(|_| {
                    "log.level must be error, warn, info, debug or trace".to_owned()
                })?,
                requests: self.log.requests,
            },
        })
    }
}

impl FileLimits {
    fn parse(self) -> Result<LimitsSettings, String> {
        let max_body_bytes = count("limits.max_body_bytes", self.max_body_bytes, 1024, 16 << 20)?;
        let per_minute = PerMinute {
            opens: rate("limits.opens_per_minute", self.opens_per_minute)?,
            unrecognised: rate(
                "limits.unrecognised_per_minute",
                self.unrecognised_per_minute,
            )?,
            pin_tries: rate("limits.pin_tries_per_minute", self.pin_tries_per_minute)?,
            drawings: rate("limits.drawings_per_minute", self.drawings_per_minute)?,
            issues: rate("limits.issues_per_minute", self.issues_per_minute)?,
            issue_bytes: rate("limits.issue_bytes_per_minute", self.issue_bytes_per_minute)?,
        };
        let max_logo_bytes = count("limits.max_logo_bytes", self.max_logo_bytes, 0, 1 << 20)?;
        // A body with a logo in base64; rates of bytes are counted by the KiB.
        let largest = (max_body_bytes + max_logo_bytes.div_ceil(3) * 4).next_multiple_of(1024);
        if per_minute.issue_bytes != 0 && (per_minute.issue_bytes as usize) < largest {
            return Err(format!(
                "limits.issue_bytes_per_minute must be 0 or at least {largest}, or the largest body that limits.max_body_bytes \
                 and limits.max_logo_bytes let in would never be taken"
            ));
        }
        let daily = DailyQuota {
            issues: quota("limits.issues_per_day", self.issues_per_day)?,
            issue_bytes: quota("limits.issue_bytes_per_day", self.issue_bytes_per_day)?,
        };
        let (per_minute, daily) = match self.enabled {
            true => (per_minute, daily),
            false => (PerMinute::UNLIMITED, DailyQuota::default()),
        };
        Ok(LimitsSettings {
            per_minute,
            daily,
            max_body_bytes,
            max_logo_bytes,
        })
    }
}

/// A rate; the arithmetic knows no finer one than a nanosecond.
fn rate(key: &str, number: i64) -> Result<u32, String> {
    u32::try_from(number)
        .ok()
        .filter(|number| *number <= 1_000_000_000)
        .ok_or_else(|| format!("{key} must be from 0 to 1000000000, 0 for no limit"))
}

fn quota(key: &str, number: i64) -> Result<Option<u64>, String> {
    match u64::try_from(number) {
        Ok(0) => Ok(None),
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(format!("{key} must be 0, for no quota, or more")),
    }
}

impl FileServer {
    fn parse(self) -> Result<ServerSettings, String> {
        Ok(ServerSettings {
            listen: self.listen.parse().map_err(|_| {
                format!(
                    "server.listen must be an address with a port such as 127.0.0.1:8080 or [::1]:8080, not `{}`",
                    self.listen
                )
            })?,
            public_url: parse_public_url(&self.public_url)?,
            trusted_proxies: TrustedProxies::parse(self.trusted_proxies.iter().map(String::as_str))
                .map_err(|error| format!("server.trusted_proxies: {error}"))?,
            forwarded_header: self.forwarded_header,
            workers: count("server.workers", self.workers, 0, 1024)?,
            max_connections: count("server.max_connections", self.max_connections, 1, 1_000_000)?,
            max_requests: count("server.max_requests", self.max_requests, 1, 1_000_000)?,
            style_threads: count("server.style_threads", self.style_threads, 0, 1024)?,
            style_queue: count("server.style_queue", self.style_queue, 0, 10_000)?,
            header_timeout: seconds(
                "server.header_timeout_seconds",
                self.header_timeout_seconds,
                1,
                300,
            )?,
            body_timeout: seconds("server.body_timeout_seconds", self.body_timeout_seconds, 1, 300)?,
            keep_alive: seconds("server.keep_alive_seconds", self.keep_alive_seconds, 1, 300)?,
            shutdown_timeout: seconds(
                "server.shutdown_timeout_seconds",
                self.shutdown_timeout_seconds,
                0,
                300,
            )?,
        })
    }
}

impl FileSymbol {
    fn parse(self) -> Result<SymbolSettings, String> {
        let scale = count("symbol.scale", self.scale, 1, 64)?;
        let quiet_zone = count("symbol.quiet_zone", self.quiet_zone, 0, 16)?;
        Ok(SymbolSettings {
            ecl: self
                .ecl
                .parse()
                .map_err(|_| "symbol.ecl must be L, M, Q, H or auto".to_owned())?,
            scale: u64::try_from(scale)
                .ok()
                .and_then(|scale| Scale::try_from(scale).ok())
                .ok_or("symbol.scale must be from 1 to 64")?,
            quiet_zone: u64::try_from(quiet_zone)
                .ok()
                .and_then(|modules| QuietZone::try_from(modules).ok())
                .ok_or("symbol.quiet_zone must be from 0 to 16")?,
        })
    }
}

fn count(name: &str, value: i64, least: usize, most: usize) -> Result<usize, String> {
    usize::try_from(value)
        .ok()
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| format!("{name} must be from {least} to {most}, not {value}"))
}

fn seconds(name: &str, value: i64, least: u64, most: u64) -> Result<Duration, String> {
    u64::try_from(value)
        .ok()
        .filter(|value| (least..=most).contains(value))
        .map(Duration::from_secs)
        .ok_or_else(|| format!("{name} must be from {least} to {most} seconds, not {value}"))
}

fn parse_public_url(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |why: &str| {
        format!(
            "server.public_url must be like https://qr.example.com or https://example.com/codes: {why}"
        )
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
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

fn parse_store_url(text: &str) -> Result<Option<String>, String> {
    match text {
        "" => Ok(None),
        url if url.starts_with("sqlite://") || url.starts_with("postgres://") => {
            Ok(Some(url.to_owned()))
        }
        _ => Err("store.url must begin with sqlite:// or postgres://".to_owned()),
    }
}

fn parse_issuer(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.chars().count() > 100 || text.chars().any(char::is_control) {
        return Err("page.issuer must be at most 100 characters, without line breaks".to_owned());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
