//! The configuration: what can be set, and where a value comes from.
//!
//! Belongs here: the typed settings, their ranges, and the order in which the embedded defaults, a file and the
//! environment override each other. Does not belong here: what a setting does.

mod accounts;
mod error;
mod events;
mod limits;
mod links;
mod load;
mod origins;
mod prove;
mod proxies;
mod settings;
#[cfg(feature = "server")]
mod sheets;
mod style;
mod tls;
mod values;

pub use accounts::AccountsSettings;
pub use error::ConfigError;
pub use events::EventsSettings;
pub use limits::LimitsSettings;
pub use links::LinksSettings;
pub use load::{DEFAULTS, Setting, load, settings};
pub use origins::{Origins, OriginsError};
pub use proxies::{ForwardedHeader, TrustedProxies, TrustedProxiesError};
pub(crate) use settings::is_loopback_name;
pub use settings::{
    AuthSettings, BatchSettings, Config, DocsSettings, Issuing, IssuingSettings, KeysSettings,
    LinkSettings, LogFormat, LogSettings, MessagePages, MetricsSettings, PageSettings,
    PagesSettings, PayloadSettings, PinSettings, ProfilesSettings, ServerSettings, StoreSettings,
    SymbolSettings,
};
pub use style::Styles;
pub use tls::{CertificateFiles, TlsSettings};
