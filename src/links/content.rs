//! What a link says, read and checked.

use super::visitor::language_fits;
use super::written::{Interstitial, WrittenLink, WrittenRule};
use super::{LinkPolicy, Visitor};
use crate::clock::{parse_rfc3339, rfc3339};
use crate::payload::{Document, JsonError, minify};
use crate::store::Device;
use crate::targets::{LookAlike, MAX_TARGET_CHARS, Target, TargetRules};
use crate::token::UnixTime;

/// The most rules of a link.
pub const MAX_RULES: usize = 20;

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkContent {
    target: Way,
    fallback: Option<Way>,
    rules: Vec<Rule>,
    /// When its destination is shown first.
    pub interstitial: Interstitial,
    /// Whether the query of a scan is added to its target's.
    pub forward_query: bool,
    /// The time before which it leads nowhere.
    pub not_before: Option<UnixTime>,
}

/// Somewhere a link may lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Where.
    pub target: Target,
    /// Why its host may be taken for another.
    pub look_alike: Option<LookAlike>,
}

/// Where a link leads if all conditions fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    device: Option<Device>,
    language: Option<String>,
    from: Option<UnixTime>,
    until: Option<UnixTime>,
    way: Way,
}

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer} {detail}")]
pub struct LinkFault {
    /// Where it stands (RFC 6901).
    pub pointer: String,
    /// What is wrong, after the pointer.
    pub detail: String,
}

impl LinkFault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl LinkContent {
    /// Reads and checks what a link says.
    ///
    /// # Errors
    /// [`LinkFault`]
    pub fn read(written: &WrittenLink, rules: &TargetRules) -> Result<Self, LinkFault> {
        if written.rules.len() > MAX_RULES {
            let detail = format!("has too many rules: {MAX_RULES} are the most");
            return Err(LinkFault::new("/rules", detail));
        }
        let way = |text: &str, pointer: &str| Way::read(text, pointer, rules);
        let fallback = written.fallback.as_deref();
        let numbered = written.rules.iter().enumerate();
        Ok(Self {
            target: way(&written.target, "/target")?,
            fallback: fallback.map(|text| way(text, "/fallback")).transpose()?,
            rules: numbered
                .map(|(number, rule)| Rule::read(rule, &format!("/rules/{number}"), rules))
                .collect::<Result<_, _>>()?,
            interstitial: written.interstitial,
            forward_query: written.forward_query,
            not_before: time(written.not_before.as_deref(), "/not_before")?,
        })
    }

    /// The same as JSON, with targets as they are sent.
    #[must_use]
    pub fn written(&self) -> WrittenLink {
        WrittenLink {
            target: self.target.target.as_str().to_owned(),
            fallback: self
                .fallback
                .as_ref()
                .map(|way| way.target.as_str().to_owned()),
            rules: self.rules.iter().map(Rule::written).collect(),
            interstitial: self.interstitial,
            forward_query: self.forward_query,
            not_before: self.not_before.map(rfc3339),
        }
    }

    /// The same as a document, as its record holds it.
    ///
    /// # Errors
    /// It has more bytes than a document: never with targets of their length.
    pub fn document(&self) -> Result<Document, JsonError> {
        let written = serde_json::to_vec(&self.written()).unwrap_or_default();
        minify(&written)
    }

    /// Looks for all its targets in the block lists.
    ///
    /// # Errors
    /// [`LinkFault`], with the name of the list.
    pub fn check(&self, policy: &LinkPolicy) -> Result<(), LinkFault> {
        for (pointer, way) in self.ways() {
            if let Some(list) = policy.blocks(&way.target) {
                let detail = format!("leads to a host that the block list {list} has");
                return Err(LinkFault::new(pointer, detail));
            }
        }
        Ok(())
    }

    /// Everywhere it may lead, with the pointer to it.
    pub fn ways(&self) -> impl Iterator<Item = (String, &Way)> {
        let rules = self.rules.iter().enumerate();
        [("/target".to_owned(), &self.target)]
            .into_iter()
            .chain(
                self.fallback
                    .as_ref()
                    .map(|way| ("/fallback".to_owned(), way)),
            )
            .chain(rules.map(|(number, rule)| (format!("/rules/{number}/target"), &rule.way)))
    }

    /// Where it leads this visitor now: the first rule that fits, or else its target.
    #[must_use]
    pub fn way(&self, visitor: &Visitor, now: UnixTime) -> &Way {
        let mut rules = self.rules.iter();
        rules
            .find(|rule| rule.fits(visitor, now))
            .map_or(&self.target, |rule| &rule.way)
    }

    /// Where it leads without conditions.
    #[must_use]
    pub fn target(&self) -> &Way {
        &self.target
    }

    /// Where it leads once it has expired.
    #[must_use]
    pub fn fallback(&self) -> Option<&Way> {
        self.fallback.as_ref()
    }
}

impl Way {
    fn read(text: &str, pointer: &str, rules: &TargetRules) -> Result<Self, LinkFault> {
        let target = Target::parse(text, rules)
            .map_err(|refused| LinkFault::new(pointer, refused.to_string()))?;
        Ok(Self {
            look_alike: target.look_alike(),
            target,
        })
    }
}

impl Rule {
    fn read(written: &WrittenRule, pointer: &str, rules: &TargetRules) -> Result<Self, LinkFault> {
        let at = |name: &str| format!("{pointer}/{name}");
        let device = match written.device.as_deref() {
            None => None,
            Some("ios") => Some(Device::Ios),
            Some("android") => Some(Device::Android),
            Some("desktop") => Some(Device::Desktop),
            Some(_) => {
                let detail = "must be ios, android or desktop";
                return Err(LinkFault::new(at("device"), detail));
            }
        };
        let language = written.language.as_deref();
        if language.is_some_and(|tag| !is_language(tag)) {
            let detail = "must be a language such as de or pt-BR";
            return Err(LinkFault::new(at("language"), detail));
        }
        let from = time(written.from.as_deref(), &at("from"))?;
        let until = time(written.until.as_deref(), &at("until"))?;
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(LinkFault::new(at("from"), "must be before until"));
        }
        let rule = Self {
            device,
            language: language.map(str::to_ascii_lowercase),
            from,
            until,
            way: Way::read(&written.target, &at("target"), rules)?,
        };
        if device.is_none() && language.is_none() && from.is_none() && until.is_none() {
            let detail = "needs a condition: device, language, from or until";
            return Err(LinkFault::new(pointer, detail));
        }
        Ok(rule)
    }

    fn written(&self) -> WrittenRule {
        WrittenRule {
            device: self.device.map(|device| device.as_str().to_owned()),
            language: self.language.clone(),
            from: self.from.map(rfc3339),
            until: self.until.map(rfc3339),
            target: self.way.target.as_str().to_owned(),
        }
    }

    fn fits(&self, visitor: &Visitor, now: UnixTime) -> bool {
        self.device.is_none_or(|device| device == visitor.device)
            && self
                .language
                .as_deref()
                .is_none_or(|wanted| language_fits(wanted, visitor.language.as_deref()))
            && self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
    }
}

fn time(text: Option<&str>, pointer: &str) -> Result<Option<UnixTime>, LinkFault> {
    let wrong = || {
        LinkFault::new(
            pointer,
            "must be a time such as 2026-11-20T13:10:00Z (RFC 3339)",
        )
    };
    text.map(|text| parse_rfc3339(text).ok_or_else(wrong))
        .transpose()
}

/// A language with what may stand behind it (RFC 5646), as far as browsers send it.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let of_letters = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    of_letters
        && (2..=3).contains(&first.len())
        && parts.clone().count() <= 3
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Bytes of a link's JSON at most, and far more than any is.
pub(super) const MAX_CONTENT_BYTES: usize = (MAX_RULES + 3) * (MAX_TARGET_CHARS + 256);
