//! The settings as types that cannot be out of range.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::{Host, Url};

use crate::issuing::Packing;
use crate::link::LinkForm;
use crate::payload::zstd1::Effort;
use crate::qr::{LevelChoice, QuietZone, Scale};

/// Everything that can be set, with the names of `config/qrseal.toml`.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[server]`
    pub server: ServerSettings,
    /// `[keys]`
    pub keys: KeysSettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[auth]`
    pub auth: AuthSettings,
    /// `[link]`
    pub link: LinkSettings,
    /// `[payload]`
    pub payload: PayloadSettings,
    /// `[symbol]`
    pub symbol: SymbolSettings,
    /// `[page]`
    pub page: PageSettings,
    /// `[limits]`
    pub limits: LimitsSettings,
    /// `[log]`
    pub log: LogSettings,
}

/// How the server listens and how long it waits.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address and port; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// What links begin with, if it is set.
    pub public_url: Option<Url>,
    /// Threads, 0 for one a core, at most 1,024.
    pub workers: usize,
    /// Connections open at once, 1 to 1,000,000.
    pub max_connections: usize,
    /// Requests in work at once, 1 to 1,000,000.
    pub max_requests: usize,
    /// Time to send line and headers, 1 to 300 s.
    pub header_timeout: Duration,
    /// Time to send a body, 1 to 300 s.
    pub body_timeout: Duration,
    /// Idle time of a connection, 1 to 300 s.
    pub keep_alive: Duration,
    /// Time to finish after SIGTERM, 0 to 300 s.
    pub shutdown_timeout: Duration,
}

/// Where the keyring is.
#[derive(Debug, Clone)]
pub struct KeysSettings {
    /// The keyring file.
    pub file: PathBuf,
    /// Time between looks for a change, 1 to 3,600 s.
    pub reload: Duration,
}

/// Where state lives.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite://...` or `postgres://...`, if it is set.
    pub url: Option<String>,
}

/// Who may do what.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// Who may issue.
    pub issuing: Issuing,
}

/// Who may issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Issuing {
    /// Requests to a loopback address that came through no proxy.
    Local,
    /// Anyone who reaches the server.
    Open,
}

/// The shape of links.
#[derive(Debug, Clone)]
pub struct LinkSettings {
    /// Digits in the path, or base64url in the query.
    pub form: LinkForm,
    /// Whether the scheme is written in capitals.
    pub uppercase_scheme: bool,
}

/// How payloads are packed.
#[derive(Debug, Clone)]
pub struct PayloadSettings {
    /// The codecs that may be used when a request names none.
    pub codec: CodecSetting,
    /// How hard to try for a smaller symbol.
    pub effort: Effort,
}

impl PayloadSettings {
    /// How a payload may be packed when a request does not say.
    #[must_use]
    pub fn packing(&self) -> Packing {
        match self.codec {
            CodecSetting::Auto => Packing::Smallest(self.effort),
            CodecSetting::Raw => Packing::Raw,
        }
    }
}

/// The codecs that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodecSetting {
    /// The smallest of what the codecs give.
    Auto,
    /// JSON text as it is: the length tells nothing about the content but its length.
    Raw,
}

/// What a symbol looks like when a request does not say.
#[derive(Debug, Clone)]
pub struct SymbolSettings {
    /// Error correction level.
    pub ecl: LevelChoice,
    /// Pixels a module side.
    pub scale: Scale,
    /// Light modules around the symbol.
    pub quiet_zone: QuietZone,
}

/// What the phone shows.
#[derive(Debug, Clone)]
pub struct PageSettings {
    /// The issuer's name, if it is set; at most 100 characters.
    pub issuer: Option<String>,
}

/// Limits.
#[derive(Debug, Clone)]
pub struct LimitsSettings {
    /// Rate limits and quotas on or off.
    pub enabled: bool,
    /// Bytes of a request body.
    pub max_body_bytes: usize,
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Text or JSON.
    pub format: LogFormat,
    /// Least severe level.
    pub level: tracing::Level,
    /// Whether each request gets a line.
    pub requests: bool,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Config {
    /// The settings of a complete table: every key of `config/qrseal.toml` is in it.
    pub(super) fn from_table(table: toml::Table) -> Result<Self, String> {
        let read: File = table.try_into().map_err(|error: toml::de::Error| {
            format!("the configuration is not valid: {}", error.message())
        })?;
        read.parse()
    }

    /// What links begin with: `server.public_url`, or the address that the server listens on.
    #[must_use]
    pub fn public_url(&self) -> Url {
        self.server.public_url.clone().unwrap_or_else(|| {
            Url::parse(&format!("http://{}/", self.server.listen))
                .expect("a socket address makes an URL")
        })
    }

    /// Whether the server can be reached from this machine only: it listens on a loopback address and
    /// `public_url` is a loopback too, or unset.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.server.listen.ip().is_loopback()
            && self.server.public_url.as_ref().is_none_or(is_loopback)
    }

    /// Whether links lead to an address that a phone cannot reach.
    #[must_use]
    pub fn phone_cannot_reach(&self) -> bool {
        let url = self.public_url();
        is_loopback(&url)
            || match url.host() {
                Some(Host::Ipv4(ip)) => ip.is_unspecified(),
                Some(Host::Ipv6(ip)) => ip.is_unspecified(),
                _ => false,
            }
    }

    /// The issuer's name as the phone shows it.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.page.issuer.clone().unwrap_or_else(|| {
            let url = self.public_url();
            let host = url.host_str().unwrap_or_default();
            match url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            }
        })
    }
}

/// Whether `url` names a loopback host.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_name(name),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// Whether a host name is `localhost` or below it (RFC 6761, section 6.3).
pub(crate) fn is_loopback_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// The file as it is written, before its values are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    server: FileServer,
    keys: FileKeys,
    store: FileStore,
    auth: FileAuth,
    link: FileLink,
    payload: FilePayload,
    symbol: FileSymbol,
    page: FilePage,
    limits: FileLimits,
    log: FileLog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileServer {
    listen: String,
    public_url: String,
    workers: i64,
    max_connections: i64,
    max_requests: i64,
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
struct FileLimits {
    enabled: bool,
    max_body_bytes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLog {
    format: LogFormat,
    level: String,
    requests: bool,
}

impl File {
    fn parse(self) -> Result<Config, String> {
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
            page: PageSettings {
                issuer: parse_issuer(&self.page.issuer)?,
            },
            limits: LimitsSettings {
                enabled: self.limits.enabled,
                max_body_bytes: count(
                    "limits.max_body_bytes",
                    self.limits.max_body_bytes,
                    1024,
                    16 << 20,
                )?,
            },
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
            workers: count("server.workers", self.workers, 0, 1024)?,
            max_connections: count("server.max_connections", self.max_connections, 1, 1_000_000)?,
            max_requests: count("server.max_requests", self.max_requests, 1, 1_000_000)?,
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
