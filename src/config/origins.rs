//! Origins of web apps (RFC 6454).

use url::Url;

/// More web apps than any installation has.
const MAX_ORIGINS: usize = 64;

/// Origins, as browsers write them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

/// A text that is no origin.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OriginsError {
    /// Not scheme, host and port.
    #[error(
        "`{0}` is no origin such as https://app.example.com: scheme, host and, if it is another one, port"
    )]
    NoOrigin(String),
    /// Everyone.
    #[error("`*` would let every page of the web ask: name the origins of your web apps")]
    Everyone,
    /// Too many.
    #[error("{MAX_ORIGINS} origins are the most")]
    TooMany,
}

impl Origins {
    /// Reads origins such as `https://app.example.com`.
    ///
    /// # Errors
    ///
    /// [`OriginsError`]
    pub fn parse<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, OriginsError> {
        let origins = origins
            .into_iter()
            .map(parse)
            .collect::<Result<Vec<_>, _>>()?;
        match origins.len() {
            0..=MAX_ORIGINS => Ok(Self(origins)),
            _ => Err(OriginsError::TooMany),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is one of them, as a browser writes it.
    #[must_use]
    pub fn contains(&self, origin: &str) -> bool {
        self.0.iter().any(|known| known == origin)
    }
}

fn parse(text: &str) -> Result<String, OriginsError> {
    let wrong = || OriginsError::NoOrigin(text.to_owned());
    if text == "*" {
        return Err(OriginsError::Everyone);
    }
    let url = Url::parse(text).map_err(|_| wrong())?;
    let bare = url.path() == "/"
        && !text.ends_with('/')
        && url.query().is_none()
        && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    match matches!(url.scheme(), "http" | "https") && bare && anonymous {
        true => Ok(url.origin().ascii_serialization()),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port_as_browsers_write_them() {
        let origins = Origins::parse([
            "https://app.example.com",
            "HTTP://Localhost:3000",
            "https://a.example:443",
            "https://b\u{fc}cher.example",
        ])
        .unwrap();
        for (origin, expected) in [
            ("https://app.example.com", true),
            ("http://localhost:3000", true),
            ("https://a.example", true),
            ("https://xn--bcher-kva.example", true),
            ("http://app.example.com", false),
            ("https://app.example.com:8443", false),
            ("https://app.example.com.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(origins.contains(origin), expected, "{origin}");
        }
        assert!(Origins::parse([]).unwrap().is_empty());
        assert_eq!(Origins::parse(["*"]), Err(OriginsError::Everyone));
        for wrong in [
            "",
            "null",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/x",
            "https://*.example.com/",
            "https://u@a.example",
            "ftp://a.example",
            "https://a.example?x",
        ] {
            assert!(Origins::parse([wrong]).is_err(), "{wrong}");
        }
    }
}
