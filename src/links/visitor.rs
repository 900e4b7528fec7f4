//! Who scans, as far as a rule or a count needs it: never who.

use crate::opening::is_suspected_bot;
use crate::store::Device;

/// What a scan's headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The kind of device.
    pub device: Device,
    /// The language that is wanted most, in small letters.
    pub language: Option<String>,
    /// Whether it looks like a program that opens links by itself.
    pub bot: bool,
    /// Whether a browser fetches ahead what nobody asked for yet.
    pub ahead: bool,
}

impl Visitor {
    /// Reads headers, which `header` gives by their names in small letters.
    pub fn of<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Self {
        let ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
            .into_iter()
            .filter_map(&header)
            .any(|purpose| {
                let purpose = purpose.to_ascii_lowercase();
                ["prefetch", "prerender", "preview"]
                    .iter()
                    .any(|word| purpose.contains(word))
            });
        Self {
            device: device(header("user-agent").unwrap_or_default()),
            language: header("accept-language").and_then(most_wanted),
            bot: is_suspected_bot(&header),
            ahead,
        }
    }
}

/// What a browser says that it runs on.
fn device(agent: &str) -> Device {
    let says = |word: &str| agent.contains(word);
    if says("iPhone") || says("iPad") || says("iPod") {
        Device::Ios
    } else if says("Android") {
        Device::Android
    } else if says("Windows NT") || says("Macintosh") || says("X11") || says("CrOS") {
        Device::Desktop
    } else {
        Device::Other
    }
}

/// The language with the most weight, of equals the first. Weights are compared as texts, which have one form (RFC 9110, section
/// 12.4.2): `1`, or `0.` and up to three digits.
fn most_wanted(header: &str) -> Option<String> {
    /// More than any browser sends.
    const MOST: usize = 32;
    let mut best: Option<(&str, &str)> = None;
    for range in header.split(',').take(MOST) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .unwrap_or("1");
        let of_tags = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let named = (1..=35).contains(&tag.len()) && tag.bytes().all(of_tags);
        if named && weight > "0" && best.is_none_or(|(_, most)| weight > most) {
            best = Some((tag, weight));
        }
    }
    best.map(|(tag, _)| tag.to_ascii_lowercase())
}

/// Whether a language is the wanted one, or one of its kinds: `de` stands for `de-at`, too. Both in small letters.
pub(super) fn language_fits(wanted: &str, spoken: Option<&str>) -> bool {
    let rest = spoken.and_then(|spoken| spoken.strip_prefix(wanted));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(headers: &[(&str, &'static str)]) -> Visitor {
        Visitor::of(|name| {
            let found = headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn a_device_is_known_by_what_its_browser_says() {
        for (agent, device) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1",
                Device::Ios,
            ),
            ("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)", Device::Ios),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0 Mobile",
                Device::Android,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/133.0",
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
                Device::Desktop,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64)", Device::Desktop),
            ("curl/8.5.0", Device::Other),
            ("", Device::Other),
        ] {
            assert_eq!(visitor(&[("user-agent", agent)]).device, device, "{agent}");
        }
    }

    #[test]
    fn the_language_is_the_one_that_is_wanted_most() {
        for (header, language) in [
            ("de-AT,de;q=0.9,en;q=0.8", Some("de-at")),
            ("en;q=0.8, fr", Some("fr")),
            ("en;q=0.5, de;q=0.75", Some("de")),
            ("*", None),
            ("de;q=0", None),
            ("", None),
            (";;;,,,q=1", None),
        ] {
            let visitor = visitor(&[("accept-language", header)]);
            assert_eq!(visitor.language.as_deref(), language, "{header}");
        }
        for (wanted, spoken, fits) in [
            ("de", Some("de-at"), true),
            ("de", Some("de"), true),
            ("de", Some("den"), false),
            ("de-at", Some("de"), false),
            ("de", None, false),
        ] {
            assert_eq!(language_fits(wanted, spoken), fits, "{wanted} {spoken:?}");
        }
    }

    #[test]
    fn a_browser_that_fetches_ahead_says_so() {
        assert!(visitor(&[("sec-purpose", "prefetch;prerender")]).ahead);
        assert!(visitor(&[("x-moz", "prefetch")]).ahead);
        assert!(!visitor(&[("sec-fetch-mode", "navigate")]).ahead);
    }
}
