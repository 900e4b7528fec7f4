//! The settings as types that cannot be out of range.
//!
//! Belongs here: all of them together, and small sections. Does not belong here: a section of more than a few lines, which has a
//! file of its own beside this one.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;
use url::{Host, Url};

use super::accounts::AccountsSettings;
use super::events::EventsSettings;
use super::keys::KeysSettings;
use super::limits::LimitsSettings;
use super::links::LinksSettings;
use super::pages::{PageSettings, PagesSettings};
use super::server::ServerSettings;
use super::style::{self, Styles};
use super::values;
use crate::drawing::StyleRequest;
use crate::issuing::{CodecChoice, Effort, LongestLife, Packing, SealOptions};
use crate::link::LinkForm;
use crate::qr::{LevelChoice, QuietZone, Scale};
use crate::token::UnixTime;

/// Everything that can be set, with the names of `config/qrseal.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[server]`
    pub server: ServerSettings,
    /// `[keys]`
    pub keys: KeysSettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[auth]`
    pub auth: AuthSettings,
    /// `[issuing]`
    pub issuing: IssuingSettings,
    /// `[accounts]`
    pub accounts: AccountsSettings,
    /// `[link]`
    pub link: LinkSettings,
    /// `[links]`
    pub links: LinksSettings,
    /// `[payload]`
    pub payload: PayloadSettings,
    /// `[symbol]`
    pub symbol: SymbolSettings,
    /// `[style.NAME]`
    #[serde(rename = "style", default, deserialize_with = "style::read")]
    pub styles: Styles,
    /// `[batch]`
    pub batch: BatchSettings,
    /// `[sheet.NAME]`
    #[cfg(feature = "server")]
    #[serde(rename = "sheet", default, deserialize_with = "super::sheets::read")]
    pub sheets: super::sheets::Sheets,
    /// `[docs]`
    pub docs: DocsSettings,
    /// `[page]`
    pub page: PageSettings,
    /// `[pages]`
    pub pages: PagesSettings,
    /// `[profiles]`
    pub profiles: ProfilesSettings,
    /// `[pin]`
    pub pin: PinSettings,
    /// `[limits]`
    pub limits: LimitsSettings,
    /// `[audit]`
    pub audit: AuditSettings,
    /// `[events]`
    pub events: EventsSettings,
    /// `[log]`
    pub log: LogSettings,
    /// `[metrics]`
    pub metrics: MetricsSettings,
}

/// Many codes at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchSettings {
    /// TrueType fonts for lines on labels, of what the embedded one does not have.
    pub fonts: Vec<PathBuf>,
}

/// Where Prometheus asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsSettings {
    /// Address and port of a listener for metrics alone, loopback or private; `None`: there is none.
    #[serde(deserialize_with = "values::private_listen")]
    pub listen: Option<SocketAddr>,
}

/// What is told of the interface.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocsSettings {
    /// Whether Swagger UI and the OpenAPI description are served.
    pub swagger: bool,
}

/// Where state lives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// `sqlite://...` or `postgres://...`, if it is set.
    #[serde(deserialize_with = "values::store_url")]
    pub url: Option<String>,
    /// Whether a start brings the schema up to date.
    pub migrate: bool,
}

/// Who may do what.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// What may be issued.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuingSettings {
    /// How long codes open at most.
    #[serde(rename = "max_expires_in", deserialize_with = "values::longest_life")]
    pub longest_life: LongestLife,
}

/// The shape of links.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSettings {
    /// Digits in the path, or base64url in the query.
    pub form: LinkForm,
    /// Whether the scheme is written in capitals.
    pub uppercase_scheme: bool,
}

/// How payloads are packed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayloadSettings {
    /// The codecs that may be used when a request names none.
    pub codec: CodecChoice,
    /// How hard to try for a smaller symbol.
    pub effort: Effort,
}

impl PayloadSettings {
    /// How a payload may be packed, with what is configured where nothing is asked.
    #[must_use]
    pub fn packing(&self, asked: &SealOptions) -> Packing {
        asked.packing(self.codec, self.effort)
    }
}

/// What a symbol looks like when a request does not say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolSettings {
    /// Error correction level of tokens without a logo.
    #[serde(deserialize_with = "values::text")]
    pub ecl: LevelChoice,
    /// Pixels of a module's side.
    pub scale: Scale,
    /// Light modules around the symbol.
    pub quiet_zone: QuietZone,
    /// The largest version with which `storage = "auto"` keeps a document in its token, 1 to 40.
    #[serde(deserialize_with = "values::version")]
    pub max_inline_version: u8,
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

/// What kinds of documents there are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilesSettings {
    /// The folder with the operator's own, if it is set.
    #[serde(deserialize_with = "values::optional_file")]
    pub folder: Option<PathBuf>,
    /// Where the numbers that they ever had are noted, if that is not beside the keyring.
    #[serde(deserialize_with = "values::optional_file")]
    pub numbers: Option<PathBuf>,
}

/// How PINs are hashed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSettings {
    /// Hashes at once, 1 to 64, each with 64 MiB.
    #[serde(deserialize_with = "values::count::<1, 64, _>")]
    pub hashes_at_once: usize,
    /// PINs that may wait, 0 to 1,000.
    #[serde(deserialize_with = "values::count::<0, 1_000, _>")]
    pub queue: usize,
}

/// How long the audit log is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// Days that a row is kept, 1 to 36,500.
    #[serde(deserialize_with = "values::count::<1, 36_500, _>")]
    pub days: usize,
}

impl AuditSettings {
    /// Rows from before this time are to go.
    #[must_use]
    pub fn kept_since(&self, now: UnixTime) -> UnixTime {
        const DAY_SECS: u64 = 24 * 60 * 60;
        let days = u64::try_from(self.days).unwrap_or(u64::MAX);
        UnixTime::from_secs(now.as_secs().saturating_sub(days.saturating_mul(DAY_SECS)))
    }
}

/// What is logged and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Text or JSON.
    pub format: LogFormat,
    /// Least severe level.
    #[serde(deserialize_with = "values::level")]
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
        let config: Self = serde_path_to_error::deserialize(table).map_err(|error| {
            let message = error.inner().message();
            match message {
                // Messages of ours go on where the name of the key ends; those of styles begin with their section.
                _ if message.starts_with("must ") => format!("{} {message}", error.path()),
                _ if message.starts_with("[style.") || message.starts_with("[sheet.") => {
                    message.to_owned()
                }
                _ => format!("{}: {message}", error.path()),
            }
        })?;
        config.limits.check()?;
        config.events.check()?;
        config.server.check_tls()?;
        if config.keys.kek_file.is_some() && !config.keys.kek_command.is_empty() {
            return Err(
                "keys.kek_file and keys.kek_command both say where the key-encryption key is: take one of them away"
                    .to_owned(),
            );
        }
        let largest = config.limits.largest_request_bytes();
        if config.server.request_memory_bytes < largest {
            return Err(format!(
                "server.request_memory_bytes must be at least {largest}, or the largest body that limits.max_body_bytes, \
                 limits.max_stored_bytes and limits.max_logo_bytes let in would never be taken"
            ));
        }
        Ok(config)
    }

    /// What links begin with: `server.public_url`, or the address that the server listens on.
    #[must_use]
    pub fn public_url(&self) -> Url {
        self.server.public_url.clone().unwrap_or_else(|| {
            Url::parse(&format!(
                "{}://{}/",
                self.server.scheme(),
                self.server.listen
            ))
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

    /// The name of the cookie that holds a session; none where nobody can sign in. Over HTTPS it is one that no other host
    /// sets; without, only this machine may be in between.
    #[must_use]
    pub fn session_cookie(&self) -> Option<&'static str> {
        let url = self.public_url();
        match url.scheme() {
            "https" => Some("__Host-qrseal"),
            _ => is_loopback(&url).then_some("qrseal-session"),
        }
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
