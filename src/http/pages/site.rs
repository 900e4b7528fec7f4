//! What every page says about the installation that serves it.

use askama::Template;

use super::assets;

/// The installation, as pages show it.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Path prefix of `server.public_url` without a trailing slash: `""` or, say, `"/codes"`. Every address inside a
    /// page starts with it.
    pub base: &'a str,
    /// Who issues the codes: the configured display name, or the host of the public address.
    pub issuer: &'a str,
    /// Version of the program, shown in the footer.
    pub version: &'a str,
}

impl Site<'_> {
    /// Address of the style sheet; it changes with the file's content, so it may be cached for ever.
    pub(super) fn style(&self) -> String {
        self.versioned(assets::STYLE)
    }

    /// Address of the script.
    pub(super) fn script(&self) -> String {
        self.versioned(assets::SCRIPT)
    }

    /// Address of the icon.
    pub(super) fn icon(&self) -> String {
        self.versioned(assets::ICON)
    }

    fn versioned(&self, path: &str) -> String {
        match assets::asset(path) {
            Some(asset) => format!("{}{path}?v={}", self.base, asset.fingerprint),
            None => format!("{}{path}", self.base),
        }
    }
}

/// The page as a text.
pub(super) fn render(page: &impl Template) -> String {
    page.render().expect("writing into a String cannot fail")
}
