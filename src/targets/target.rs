//! A target: the one form in which it is checked, shown and sent.

use std::collections::HashSet;
use std::fmt;

use url::{Host, Url};

use super::{LookAlike, MAX_TARGET_CHARS, TargetRefused, TargetRules, host};

/// What ends a host: something that looks like it would make a host look like another with a path.
const ENDS_OF_HOSTS: [char; 6] = ['/', '\\', '?', '#', ':', '@'];

/// Where a link may lead. What is checked, shown and sent is one text: what the WHATWG's rules for URLs make of what was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
}

impl Target {
    /// Reads a target as somebody wrote it. White space around it is left out.
    ///
    /// # Errors
    /// [`TargetRefused`]
    pub fn parse(text: &str, rules: &TargetRules) -> Result<Self, TargetRefused> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.chars().nth(MAX_TARGET_CHARS).is_some() {
            return Err(TargetRefused::TooLong);
        }
        if text.chars().any(is_unseen) {
            return Err(TargetRefused::Unseen);
        }
        check_scheme(text, rules)?;
        let before_query = text.split(['?', '#']).next().unwrap_or_default();
        if before_query.contains('\\') {
            return Err(TargetRefused::Backslash);
        }
        let mut url = Url::parse(text).map_err(|_| TargetRefused::NoUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetRefused::UserInfo);
        }
        drop_dots(&mut url)?;
        if matches!(url.port(), Some(port) if port < 1024 && port != 80 && port != 443) {
            return Err(TargetRefused::Port);
        }
        host::check(
            &url.host().ok_or(TargetRefused::NoUrl)?,
            rules.allow_private,
        )?;
        if rules.is_own(url.host_str().unwrap_or_default(), url.path()) {
            return Err(TargetRefused::OwnHost);
        }
        if url.as_str().len() > MAX_TARGET_CHARS {
            return Err(TargetRefused::TooLong);
        }
        let target = Self { url };
        match target.look_alike() {
            Some(LookAlike::Of(host)) if host.contains(ENDS_OF_HOSTS) => Err(TargetRefused::Host),
            _ => Ok(target),
        }
    }

    /// The target as it is sent: ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Its host: lower case, in punycode.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Its host in Unicode, for people.
    #[must_use]
    pub fn unicode_host(&self) -> String {
        match self.host().contains("xn--") {
            true => idna::domain_to_unicode(self.host()).0,
            false => self.host().to_owned(),
        }
    }

    /// What stands before its host and behind it, port included.
    #[must_use]
    pub fn around_host(&self) -> (&str, &str) {
        let text = self.url.as_str();
        let at = self.url.scheme().len() + "://".len();
        (&text[..at], &text[at + self.host().len()..])
    }

    /// Whether its host may be taken for another.
    #[must_use]
    pub fn look_alike(&self) -> Option<LookAlike> {
        match self.host().contains("xn--") {
            true => LookAlike::find(&self.unicode_host()),
            false => None,
        }
    }

    /// The target with the parameters of a scan behind its own. A name that the target has itself keeps its values. The target
    /// as it is, if the result would be too long.
    #[must_use]
    pub fn with_query(&self, query: &str) -> String {
        let own: HashSet<_> = self.url.query_pairs().map(|(name, _)| name).collect();
        let mut room = MAX_TARGET_CHARS.saturating_sub(self.as_str().len());
        let mut added = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if own.contains(&name) {
                continue;
            }
            // With `&` and `=`; encoded it is never shorter.
            match room.checked_sub(name.len() + value.len() + 2) {
                Some(rest) => room = rest,
                None => return self.as_str().to_owned(),
            }
            added.push((name, value));
        }
        if added.is_empty() {
            return self.as_str().to_owned();
        }
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(added);
        match url.as_str().len() <= MAX_TARGET_CHARS {
            true => url.into(),
            false => self.as_str().to_owned(),
        }
    }
}

impl fmt::Debug for Target {
    /// The host alone: a path or query may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.host()).finish()
    }
}

fn check_scheme(text: &str, rules: &TargetRules) -> Result<(), TargetRefused> {
    let begins = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    match rules.allow_http {
        _ if begins("https://") => Ok(()),
        true if begins("http://") => Ok(()),
        true => Err(TargetRefused::SchemeOfBoth),
        false => Err(TargetRefused::Scheme),
    }
}

/// Leaves out the dots at a name's end, which would make the same host another text.
fn drop_dots(url: &mut Url) -> Result<(), TargetRefused> {
    let Some(Host::Domain(name)) = url.host() else {
        return Ok(());
    };
    let bare = host::without_dots(name);
    if bare.len() == name.len() {
        return Ok(());
    }
    let bare = bare.to_owned();
    url.set_host(Some(&bare)).map_err(|_| TargetRefused::Host)
}

/// What changes how a text is read, and is not seen: controls, marks of direction, and characters without width.
fn is_unseen(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
