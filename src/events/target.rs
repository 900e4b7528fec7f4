//! An address that is told of events. Only the configuration names one.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::store::TargetId;

/// Where events are sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Receiver(Url);

impl Receiver {
    /// The most bytes of an address.
    pub const MAX_BYTES: usize = 1024;

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// What the store calls it.
    #[must_use]
    pub fn id(&self) -> TargetId {
        let digest = Sha256::digest(self.0.as_str());
        TargetId(*digest.first_chunk().expect("32 bytes"))
    }
}

impl fmt::Display for Receiver {
    /// Scheme, host and port: path and query may be what lets somebody in, as in addresses that chats give out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.0.scheme())?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(match (self.0.path(), self.0.query()) {
            ("/", None) => "/",
            _ => "/***",
        })
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver({self})")
    }
}

impl FromStr for Receiver {
    type Err = ReceiverError;

    fn from_str(text: &str) -> Result<Self, ReceiverError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ReceiverError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| ReceiverError::NoAddress)?;
        let host = url.host().ok_or(ReceiverError::NoAddress)?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(ReceiverError::NoAddress);
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_near(&host) => Ok(Self(url)),
            "http" => Err(ReceiverError::InClear),
            _ => Err(ReceiverError::NoAddress),
        }
    }
}

/// Whether a host is this machine, or in its own network: by its address, or by a name that only such a network knows.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Host::Ipv6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_near(&Host::Ipv4(ip)),
            None => {
                IpAddr::V6(*ip).is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
            }
        },
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            !name.contains('.')
                || [".localhost", ".internal"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
    }
}

/// Why events are not sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiverError {
    /// It is no address.
    #[error(
        "must be addresses such as https://hooks.example.com/qrseal, without a user name and a fragment"
    )]
    NoAddress,
    /// Anybody on the way could read it.
    #[error("must be https, or http where the host is this machine or in a private network")]
    InClear,
    /// It is too long.
    #[error("must be addresses of at most 1024 bytes")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_http_stays_near() {
        for text in [
            "https://hooks.example.com/qrseal?key=1",
            "https://10.0.0.1/",
            "http://127.0.0.1:8000/hook",
            "http://[::1]:8000/",
            "http://[::ffff:10.0.0.1]/",
            "http://192.168.1.7/",
            "http://localhost/",
            "http://receiver:8000/",
            "http://hooks.internal/",
        ] {
            text.parse::<Receiver>().expect(text);
        }
        for text in [
            "http://hooks.example.com/",
            "http://8.8.8.8/",
            "http://[2001:db8::1]/",
            "http://localhost.example.com/",
        ] {
            assert_eq!(
                text.parse::<Receiver>().unwrap_err(),
                ReceiverError::InClear,
                "{text}"
            );
        }
        for text in [
            "",
            "hooks.example.com",
            "ftp://a/",
            "https://",
            "https://a:b@c/",
            "https://a/#b",
        ] {
            assert_eq!(
                text.parse::<Receiver>().unwrap_err(),
                ReceiverError::NoAddress,
                "{text}"
            );
        }
    }

    #[test]
    fn of_an_address_scheme_host_and_port_are_shown() {
        for (text, shown) in [
            (
                "https://a.example:8443/secret/hook?key=secret",
                "https://a.example:8443/***",
            ),
            ("https://a.example/?key=secret", "https://a.example/***"),
            ("https://a.example/secret", "https://a.example/***"),
            ("http://[::1]:8000", "http://[::1]:8000/"),
        ] {
            let receiver: Receiver = text.parse().unwrap();
            assert_eq!(receiver.to_string(), shown);
            assert_eq!(format!("{receiver:?}"), format!("Receiver({shown})"));
        }
    }
}
