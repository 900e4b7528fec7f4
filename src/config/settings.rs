//! The settings as types that cannot be out of range.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::{Host, Url};

use super::file::File;
use super::proxies::{ForwardedHeader, TrustedProxies};
use super::style::Styles;
use crate::drawing::StyleRequest;
use crate::issuing::Packing;
use crate::limits::{DailyQuota, PerMinute};
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
    /// `[style.NAME]`
    pub styles: Styles,
    /// `[page]`
    pub page: PageSettings,
    /// `[pin]`
    pub pin: PinSettings,
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
    /// The proxies whose word about a client's address counts.
    pub trusted_proxies: TrustedProxies,
    /// The header in which they report it.
    pub forwarded_header: ForwardedHeader,
    /// Threads, 0 for one a core, at most 1,024.
    pub workers: usize,
    /// Connections open at once, 1 to 1,000,000.
    pub max_connections: usize,
    /// Requests in progress at once, of all kinds, 1 to 1,000,000.
    pub max_requests: usize,
    /// Threads that draw styled symbols, 0 for one a core, at most 1,024.
    pub style_threads: usize,
    /// Styled symbols that wait for one of these threads, 0 to 10,000.
    pub style_queue: usize,
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
    /// Whether a start brings the schema up to date.
    pub migrate: bool,
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
    /// Error correction level of tokens without a logo.
    pub ecl: LevelChoice,
    /// Pixels a module side.
    pub scale: Scale,
    /// Light modules around the symbol.
    pub quiet_zone: QuietZone,
}

impl SymbolSettings {
    /// What a symbol looks like when nothing else says so. Its level is not among it: plain codes have another default.
    #[must_use]
    pub fn looks(&self) -> StyleRequest {
        StyleRequest {
            scale: Some(self.scale),
            quiet_zone: Some(self.quiet_zone),
            ..StyleRequest::default()
        }
    }
}

/// What the phone shows.
#[derive(Debug, Clone)]
pub struct PageSettings {
    /// The issuer's name, if it is set; at most 100 characters.
    pub issuer: Option<String>,
}

/// How PINs are hashed.
#[derive(Debug, Clone)]
pub struct PinSettings {
    /// Hashes at once, 1 to 64, each with 64 MiB.
    pub hashes_at_once: usize,
    /// PINs that may wait, 0 to 1,000.
    pub queue: usize,
}

/// Limits.
#[derive(Debug, Clone)]
pub struct LimitsSettings {
    /// Rates of each client or API key, all without limit if they are off.
    pub per_minute: PerMinute,
    /// Quotas of a UTC day, none if they are off.
    pub daily: DailyQuota,
    /// Bytes of a request body, without the logo in it.
    pub max_body_bytes: usize,
    /// Bytes of a logo in a request, 0 for none, at most 1 MiB.
    pub max_logo_bytes: usize,
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
                .expect("a socket address makes a URL")
        })
    }

    /// Where state lives: `store.url`, or `qrseal.db` beside the keyring.
    #[must_use]
    pub fn store_url(&self) -> String {
        self.store.url.clone().unwrap_or_else(|| {
            let file = self.keys.file.with_file_name("qrseal.db");
            format!("sqlite://{}", file.display())
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
