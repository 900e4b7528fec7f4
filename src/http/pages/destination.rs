//! Where a link leads, before it does: the whole address, its host in bold, and one link to go on.

use askama::Template;

use super::site::{self, Site};

/// A destination, as its page shows it.
#[derive(Debug, Clone, Copy)]
pub struct DestinationView<'a> {
    /// The whole address.
    pub url: &'a str,
    /// What of it stands before the host.
    pub before: &'a str,
    /// The host, in punycode.
    pub host: &'a str,
    /// The host in Unicode, if that is another text.
    pub unicode_host: Option<&'a str>,
    /// What stands behind the host.
    pub after: &'a str,
    /// The host for which it may be taken.
    pub looks_like: Option<&'a str>,
    /// Whether it mixes scripts that no language mixes.
    pub mixed_scripts: bool,
    /// Whether a button was pressed to come here.
    pub opened: bool,
    /// Opens that are left then, if they are limited.
    pub opens_left: Option<u64>,
}

/// The page.
#[must_use]
pub fn destination(site: &Site<'_>, view: &DestinationView<'_>) -> String {
    site::render(&DestinationPage { site, view })
}

#[derive(Template)]
#[template(path = "destination.html")]
struct DestinationPage<'a> {
    site: &'a Site<'a>,
    view: &'a DestinationView<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    const SITE: Site<'_> = Site {
        base: "/codes",
        issuer: "Shop & <Co>",
        contact: None,
        version: "1.2.3",
        language: Language::English,
        docs: true,
        chosen: false,
        switch: None,
    };

    #[test]
    fn the_whole_address_is_shown_with_its_host_in_bold_and_one_link() {
        let view = DestinationView {
            url: "https://xn--pypal-4ve.com/a?b=%22&c=1",
            before: "https://",
            host: "xn--pypal-4ve.com",
            unicode_host: Some("p\u{430}ypal.com"),
            after: "/a?b=%22&c=1",
            looks_like: Some("paypal.com"),
            mixed_scripts: false,
            opened: false,
            opens_left: None,
        };
        let html = destination(&SITE, &view);
        for part in [
            "https://<strong>xn--pypal-4ve.com</strong>/a?b=%22&#38;c=1",
            "<strong>p\u{430}ypal.com</strong>",
            "<strong>paypal.com</strong>",
            "href=\"https://xn--pypal-4ve.com/a?b=%22&#38;c=1\" rel=\"noreferrer nofollow\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches("<a ").count(), 1);
        assert!(!html.contains("http-equiv"));
    }
}
