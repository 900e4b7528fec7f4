//! Links: the URL that carries a token, written and read (DESIGN: `https://HOST/<digits>`).
//!
//! Belongs here: how a token becomes a link, and which part of a link is the token. Does not belong here: what the
//! token's text means, or who answers the link.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::{Host, Position, Url};

use crate::token::{SealedToken, base64url, digits};

/// The path of the query form, below the public URL.
pub const QUERY_PATH: &str = "api/decrypt/qrcode-details";

/// The query parameter that holds a token in either text form.
pub const QUERY_PARAMETER: &str = "ctext";

/// Which of the two shapes links have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkForm {
    /// `<public_url>/<digits>`: the smallest symbol.
    Path,
    /// `<public_url>/api/decrypt/qrcode-details?ctext=<base64url>`.
    Query,
}

/// Writes links that begin with one public URL.
#[derive(Debug, Clone)]
pub struct Links {
    /// Scheme, host and path up to and with the slash before the token or the query path.
    prefix: String,
    /// The path alone, without a slash at its end: empty, or `/codes`.
    base_path: String,
    form: LinkForm,
}

impl Links {
    /// Links below `public_url`, an `http` or `https` URL without query and fragment.
    ///
    /// The host is written in capitals: hosts do not depend on case (RFC 3986, section 3.2.2), and the alphanumeric
    /// mode of a symbol has capitals only. The scheme stays lower case unless `uppercase_scheme`, since some cameras
    /// do not take `HTTPS://` for a link.
    #[must_use]
    pub fn new(public_url: &Url, form: LinkForm, uppercase_scheme: bool) -> Self {
        let base_path = public_url.path().trim_end_matches('/').to_owned();
        let scheme = match uppercase_scheme {
            true => public_url.scheme().to_ascii_uppercase(),
            false => public_url.scheme().to_owned(),
        };
        let host = match public_url.host() {
            Some(Host::Domain(name)) => name.to_ascii_uppercase(),
            Some(address) => address.to_string().to_ascii_uppercase(),
            None => String::new(),
        };
        let port = &public_url[Position::AfterHost..Position::BeforePath];
        Self {
            prefix: format!("{scheme}://{host}{port}{base_path}/"),
            base_path,
            form,
        }
    }

    /// The link that carries `token`: ASCII, as it stands in the symbol.
    #[must_use]
    pub fn link(&self, token: &SealedToken) -> String {
        match self.form {
            LinkForm::Path => [self.prefix.as_str(), &token.to_digits()].concat(),
            LinkForm::Query => format!(
                "{}{QUERY_PATH}?{QUERY_PARAMETER}={}",
                self.prefix,
                token.to_base64url()
            ),
        }
    }

    /// The link that carries a token whose text, in either form, is `text`.
    #[must_use]
    pub fn of_text(&self, text: &str) -> String {
        match is_digits(text) {
            true => [self.prefix.as_str(), text].concat(),
            false => format!("{}{QUERY_PATH}?{QUERY_PARAMETER}={text}", self.prefix),
        }
    }

    /// The link that carries a token of these bytes.
    #[must_use]
    pub fn of_bytes(&self, token: &[u8]) -> String {
        match self.form {
            LinkForm::Path => [self.prefix.as_str(), &digits::encode(token)].concat(),
            LinkForm::Query => format!(
                "{}{QUERY_PATH}?{QUERY_PARAMETER}={}",
                self.prefix,
                base64url::encode(token)
            ),
        }
    }

    /// A link with a token of so many bytes, to see how large its symbol would be. It opens nothing.
    #[must_use]
    pub fn of_length(&self, token_bytes: usize) -> String {
        self.of_bytes(&vec![0; token_bytes])
    }

    /// The path of the public URL without a slash at its end: empty, or like `/codes`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base_path
    }
}

/// The token's text in `link`, in either text form, or `None` if `link` is no URL or holds no token.
///
/// Links come in sentences, brackets and quotes, with parameters of whoever passed them on: what stands around a link and
/// behind its token is left out. The token's own text is not touched, and is read strictly afterwards.
///
/// The host is not compared: the token itself says which instance it is for, and hosts have aliases.
#[must_use]
pub fn token_text(link: &str) -> Option<String> {
    let url = Url::parse(bare(link)).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut texts = url
        .query_pairs()
        .filter(|(name, _)| name == QUERY_PARAMETER)
        .map(|(_, text)| bare(&text).to_owned());
    if let Some(text) = texts.next() {
        return texts.next().is_none().then_some(text);
    }
    let path = percent_decoded(url.path())?;
    let last = path_token(&path)?.rsplit('/').next()?;
    is_digits(last).then(|| last.to_owned())
}

/// A link or a token without what people and programs put around one: white space, marks, brackets, quotes, and characters
/// that are not seen. No token begins or ends with one of them.
#[must_use]
pub fn bare(text: &str) -> &str {
    text.trim_matches(|char: char| !is_of_a_token(char))
}

/// A path that ends with the digits of a token, without what stands behind them: marks, and parameters that were added as
/// if there was a query (`&fbclid=...`).
#[must_use]
pub fn path_token(path: &str) -> Option<&str> {
    let path = path.split('&').next()?;
    let path = path.trim_end_matches(|char: char| !is_of_a_token(char));
    path.ends_with(|char: char| char.is_ascii_digit())
        .then_some(path)
}

/// Digits at the beginning of a path that nothing but a token has.
const DIGITS_OF_A_TOKEN: usize = 16;

/// The token's text in the path of a request, below the public URL and percent-encoded as it came, or `None` if the path is not
/// a token's. Of one that begins like a token's and is none the text is empty, which no token's is.
#[must_use]
pub fn token_in_path(path: &str) -> Option<Cow<'_, str>> {
    let text = path.strip_prefix('/')?;
    if !matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'%')) {
        return None;
    }
    if is_digits(text) {
        return Some(Cow::Borrowed(text));
    }
    let decoded = percent_decoded(text);
    let whole = decoded.as_deref().and_then(path_token);
    if let Some(digits) = whole.filter(|digits| is_digits(digits)) {
        return Some(Cow::Owned(digits.to_owned()));
    }
    let beginning = decoded.as_deref().unwrap_or(text);
    let beginning = beginning.get(..DIGITS_OF_A_TOKEN)?;
    is_digits(beginning).then_some(Cow::Borrowed(""))
}

/// Of the two text forms: digits, and base64url (RFC 4648, section 5).
fn is_of_a_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_')
}

/// The text with its `%31` as `1`, or `None` if it is not UTF-8 then.
fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

/// Whether `text` is one or more ASCII digits: what makes a path a token path.
#[must_use]
pub fn is_digits(text: &str) -> bool {
    // Without an early end the loop takes many bytes at a time; most texts that come here are digits to their end.
    !text.is_empty()
        && text
            .bytes()
            .fold(true, |all, byte| all & byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(url: &str, uppercase_scheme: bool) -> String {
        let url = Url::parse(url).expect("a URL");
        Links::new(&url, LinkForm::Path, uppercase_scheme).prefix
    }

    #[test]
    fn the_host_is_in_capitals_and_the_rest_as_configured() {
        for (url, uppercase, expected) in [
            ("https://qr.example.com", false, "https://QR.EXAMPLE.COM/"),
            ("https://qr.example.com", true, "HTTPS://QR.EXAMPLE.COM/"),
            (
                "https://example.com/codes",
                false,
                "https://EXAMPLE.COM/codes/",
            ),
            (
                "https://example.com/codes/",
                false,
                "https://EXAMPLE.COM/codes/",
            ),
            ("http://127.0.0.1:8080", false, "http://127.0.0.1:8080/"),
            ("http://[::1]:8080/a/b", false, "http://[::1]:8080/a/b/"),
            ("https://example.com:443/", false, "https://EXAMPLE.COM/"),
            (
                "https://bücher.example/",
                false,
                "https://XN--BCHER-KVA.EXAMPLE/",
            ),
        ] {
            assert_eq!(prefix(url, uppercase), expected);
        }
    }

    #[test]
    fn the_token_is_found_in_a_path_as_people_send_it() {
        for (path, expected) in [
            ("/0123", Some("0123")),
            ("/0123.", Some("0123")),
            ("/0123/", Some("0123")),
            ("/0123%20", Some("0123")),
            ("/0123%E2%80%8B", Some("0123")),
            ("/0123%3E%2C", Some("0123")),
            ("/0123&fbclid=1x", Some("0123")),
            ("/%3012%33", Some("0123")),
            ("/01234567890123456789x", Some("")),
            ("/01234567890123456789/x", Some("")),
            ("/01234567890123456789%FF", Some("")),
            ("/%30123456789012345%20x", Some("")),
            ("/0123x", None),
            ("/0123%FF", None),
            ("/api/0123", None),
            ("/", None),
            ("/%", None),
            ("0123", None),
        ] {
            assert_eq!(token_in_path(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn the_token_is_found_in_both_forms_of_a_link() {
        for (link, expected) in [
            ("https://EXAMPLE.COM/0123", Some("0123")),
            (
                "https://example.com/codes/0123?utm_source=mail#top",
                Some("0123"),
            ),
            ("HTTPS://EXAMPLE.COM/0123\n", Some("0123")),
            (
                "https://example.com/api/decrypt/qrcode-details?ctext=I_-x&fbclid=1",
                Some("I_-x"),
            ),
            ("https://example.com/x?ctext=1&ctext=2", None),
            ("https://EXAMPLE.COM/0123.", Some("0123")),
            ("https://EXAMPLE.COM/0123,", Some("0123")),
            ("https://EXAMPLE.COM/0123/", Some("0123")),
            ("https://EXAMPLE.COM/0123!", Some("0123")),
            ("(https://EXAMPLE.COM/0123).", Some("0123")),
            ("<https://EXAMPLE.COM/0123>", Some("0123")),
            ("\u{201c}https://EXAMPLE.COM/0123\u{201d}", Some("0123")),
            ("https://EXAMPLE.COM/0123%20", Some("0123")),
            ("https://EXAMPLE.COM/0123\u{200b}", Some("0123")),
            ("https://EXAMPLE.COM/0123%E2%80%8B", Some("0123")),
            ("https://EXAMPLE.COM/0123&fbclid=1x", Some("0123")),
            ("https://EXAMPLE.COM/0%3123", Some("0123")),
            ("https://example.com/x?ctext=I_-x.", Some("I_-x")),
            ("https://example.com/x?ctext=I_-x%E2%80%8B)", Some("I_-x")),
            ("https://EXAMPLE.COM/0123%FF", None),
            ("https://EXAMPLE.COM/0123%2", None),
            ("https://EXAMPLE.COM/01.23", None),
            ("https://EXAMPLE.COM/", None),
            ("https://example.com/01a3", None),
            ("ftp://example.com/0123", None),
            ("0123", None),
        ] {
            assert_eq!(token_text(link).as_deref(), expected, "{link}");
        }
    }
}
