//! The configuration: what can be set, and where a value comes from.
//!
//! Belongs here: the typed settings, their ranges, and the order in which the embedded defaults, a file and the
//! environment override each other. Does not belong here: what a setting does.

mod accounts;
mod environment;
mod error;
mod events;
mod keys;
mod limits;
mod links;
mod load;
mod origins;
mod pages;
mod prove;
mod proxies;
mod server;
mod settings;
#[cfg(feature = "server")]
mod sheets;
mod shown;
mod style;
mod tls;
mod values;

pub use accounts::AccountsSettings;
pub use error::ConfigError;
pub use events::EventsSettings;
pub use keys::KeysSettings;
pub use limits::LimitsSettings;
pub use links::LinksSettings;
pub use load::{DEFAULTS, load};
pub use origins::{Origins, OriginsError};
pub use pages::{MessagePages, PageSettings, PagesSettings};
pub use proxies::{ForwardedHeader, TrustedProxies, TrustedProxiesError};
pub use server::ServerSettings;
pub(crate) use settings::is_loopback_name;
pub use settings::{
    AuthSettings, BatchSettings, Config, DocsSettings, Issuing, IssuingSettings, LinkSettings,
    LogFormat, LogSettings, MetricsSettings, PayloadSettings, PinSettings, ProfilesSettings,
    StoreSettings, SymbolSettings,
};
pub use shown::{Setting, settings};
pub use style::Styles;
pub use tls::{CertificateFiles, TlsSettings};
