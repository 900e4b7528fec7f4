//! `[server]`

use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::origins::Origins;
use super::proxies::{ForwardedHeader, TrustedProxies};
use super::tls::TlsSettings;
use super::values;

/// How the server listens and how long it waits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address and port; port 0 lets the system choose.
    #[serde(deserialize_with = "values::listen")]
    pub listen: SocketAddr,
    /// What links begin with, if it is set.
    #[serde(deserialize_with = "values::public_url")]
    pub public_url: Option<Url>,
    /// The proxies whose word about a client's address counts.
    #[serde(deserialize_with = "values::trusted_proxies")]
    pub trusted_proxies: TrustedProxies,
    /// The header in which they report it.
    pub forwarded_header: ForwardedHeader,
    /// The origins of web apps that may ask from a browser.
    #[serde(deserialize_with = "values::origins")]
    pub cors_origins: Origins,
    /// Threads, 0 for one a core, at most 1,024.
    #[serde(deserialize_with = "values::count::<0, 1024, _>")]
    pub workers: usize,
    /// Connections open at once, 1 to 1,000,000.
    #[serde(deserialize_with = "values::count::<1, 1_000_000, _>")]
    pub max_connections: usize,
    /// Of these, those of one client, 1 to 1,000,000.
    #[serde(deserialize_with = "values::count::<1, 1_000_000, _>")]
    pub max_connections_per_client: usize,
    /// Bytes of all requests that are being received or worked on, 1 MiB to 64 GiB.
    #[serde(deserialize_with = "values::count::<1_048_576, 68_719_476_736, _>")]
    pub request_memory_bytes: usize,
    /// Requests in progress at once, of all kinds, 1 to 1,000,000.
    #[serde(deserialize_with = "values::count::<1, 1_000_000, _>")]
    pub max_requests: usize,
    /// Threads that draw styled symbols, 0 for one a core, at most 1,024.
    #[serde(deserialize_with = "values::count::<0, 1024, _>")]
    pub style_threads: usize,
    /// Styled symbols that wait for one of these threads, 0 to 10,000.
    #[serde(deserialize_with = "values::count::<0, 10_000, _>")]
    pub style_queue: usize,
    /// Bytes of all styled symbols that are drawn at once, of which anonymous callers may take half; 160 MiB to 64 GiB.
    #[serde(deserialize_with = "values::count::<167_772_160, 68_719_476_736, _>")]
    pub style_memory_bytes: usize,
    /// Time to send line and headers, 1 to 300 s.
    #[serde(
        rename = "header_timeout_seconds",
        deserialize_with = "values::seconds::<1, 300, _>"
    )]
    pub header_timeout: Duration,
    /// Time to send a body, 1 to 300 s.
    #[serde(
        rename = "body_timeout_seconds",
        deserialize_with = "values::seconds::<1, 300, _>"
    )]
    pub body_timeout: Duration,
    /// Idle time of a connection, 1 to 300 s.
    #[serde(
        rename = "keep_alive_seconds",
        deserialize_with = "values::seconds::<1, 300, _>"
    )]
    pub keep_alive: Duration,
    /// Time to finish after SIGTERM, 0 to 300 s.
    #[serde(
        rename = "shutdown_timeout_seconds",
        deserialize_with = "values::seconds::<0, 300, _>"
    )]
    pub shutdown_timeout: Duration,
    /// `[server.tls]`
    pub tls: TlsSettings,
}

impl ServerSettings {
    /// What the server speaks where it listens: `https` with a certificate of its own, `http` without.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        match self.tls.files() {
            Some(_) => "https",
            None => "http",
        }
    }

    /// Refuses half a certificate, and links to where nothing would answer.
    pub(super) fn check_tls(&self) -> Result<(), String> {
        self.tls.check()?;
        match &self.public_url {
            Some(url) if self.tls.files().is_some() && url.scheme() != "https" => Err(format!(
                "server.public_url must begin with https://, not {url}: with server.tls.certificate this server speaks nothing else"
            )),
            _ => Ok(()),
        }
    }
}
