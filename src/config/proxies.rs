//! The proxies whose word about addresses counts, and how they give it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

/// Networks of trusted proxies; with none, every client is its connection's other end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses (`192.0.2.1`) and networks (`10.0.0.0/8`, `2001:db8::/32`).
    ///
    /// # Errors
    ///
    /// [`TrustedProxiesError`] names the first that is neither, or that would trust everybody.
    pub fn parse<'a>(
        networks: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, TrustedProxiesError> {
        networks
            .into_iter()
            .map(|text| {
                let text = text.trim();
                text.parse::<IpAddr>()
                    .map(IpNet::from)
                    .or_else(|_| text.parse::<IpNet>())
                    .ok()
                    .filter(|network| network.prefix_len() > 0)
                    .map(|network| network.trunc())
                    .ok_or_else(|| TrustedProxiesError(text.chars().take(64).collect()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether `address` is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The header in which trusted proxies report addresses. Only one of the two counts: a proxy writes one of them and
/// passes the other on as the client invented it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `Forwarded`, the standard one.
    Forwarded,
    /// `X-Forwarded-For`, the one that most proxies write.
    XForwardedFor,
}

/// A text that names no network that could be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither an address such as 192.0.2.1 nor a network such as 10.0.0.0/8 (and never everybody, /0)"
)]
pub struct TrustedProxiesError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_trusts_everybody_or_what_is_no_network() {
        for text in [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/33",
            "proxy.example.com",
            "",
            "10.0.0",
            "10.0.0.1:80",
        ] {
            TrustedProxies::parse([text]).expect_err(text);
        }
        let trusted = TrustedProxies::parse([" 10.1.2.3/8 ", "2001:db8::1"]).unwrap();
        for (address, expected) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("2001:db8::1", true),
            ("2001:db8::2", false),
        ] {
            assert_eq!(
                trusted.contains(address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
    }
}
