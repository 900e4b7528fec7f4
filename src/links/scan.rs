//! Where a scan of a link leads.

use std::borrow::Cow;

use super::content::{MAX_CONTENT_BYTES, Way};
use super::written::{Interstitial, WrittenLink};
use super::{LinkContent, LinkPolicy, Visitor};
use crate::opening::FoundLink;
use crate::targets::{LookAlike, Target, TargetRules};
use crate::token::{Codec, RecordError, TokenId, UnixTime};

/// `expires_at` is the beginning of the last minute.
const LAST_MINUTE_SECS: u64 = 60;

/// A link whose record was read.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: TokenId,
    /// The beginning of the last minute in which it leads anywhere.
    pub expires_at: Option<UnixTime>,
    /// Whether its owner switched it off.
    pub disabled: bool,
    /// What it says; `None` if it says something that this installation does not allow any more.
    pub content: Option<LinkContent>,
}

impl Link {
    /// Reads what a link says.
    ///
    /// # Errors
    /// [`RecordError::Unreadable`] if it is nothing that a link of ours says.
    pub fn read(found: &FoundLink, rules: &TargetRules) -> Result<Self, RecordError> {
        let written = written_in(found)?;
        Ok(Self {
            id: found.id(),
            expires_at: found.expires_at(),
            disabled: found.disabled(),
            content: LinkContent::read(&written, rules).ok(),
        })
    }
}

/// What a link's record says.
pub(super) fn written_in(found: &FoundLink) -> Result<WrittenLink, RecordError> {
    let (codec, body) = (found.opened().codec(), found.opened().body());
    if codec != Codec::Json || body.len() > MAX_CONTENT_BYTES {
        return Err(RecordError::Unreadable);
    }
    serde_json::from_slice(body).map_err(|_| RecordError::Unreadable)
}

/// Where a scan leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination<'a> {
    /// The target.
    pub target: &'a Target,
    /// The address to go to: the target, with the scan's query if it is to be forwarded.
    pub url: Cow<'a, str>,
    /// Whether it is shown first.
    pub shown: bool,
    /// Why the host may be taken for another.
    pub look_alike: Option<&'a LookAlike>,
    /// Whether it is the link's target, and not what is left of an expired link.
    pub counts: bool,
}

/// Why a scan leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScanRefused {
    /// Its owner switched it off.
    #[error("the link is disabled")]
    Disabled,
    /// Its time has not come.
    #[error("the link leads nowhere before its time")]
    NotYet {
        /// When it will.
        at: UnixTime,
    },
    /// Its time has passed, and it has no fallback.
    #[error("the link has expired")]
    Expired {
        /// The last minute in which it led somewhere.
        at: UnixTime,
    },
    /// A block list or the settings forbid its target.
    #[error("the link's target is not allowed")]
    Blocked,
}

/// Where a scan leads now: by its state, its time, its rules and the lists of this moment.
///
/// # Errors
/// [`ScanRefused`]
pub fn destination<'a>(
    link: &'a Link,
    policy: &LinkPolicy,
    visitor: &Visitor,
    query: Option<&str>,
    now: UnixTime,
) -> Result<Destination<'a>, ScanRefused> {
    if link.disabled {
        return Err(ScanRefused::Disabled);
    }
    let content = link.content.as_ref();
    let ended = link
        .expires_at
        .filter(|at| now >= at.plus_secs(LAST_MINUTE_SECS));
    if let Some(at) = ended {
        let fallback = content.and_then(LinkContent::fallback);
        let way = fallback.ok_or(ScanRefused::Expired { at })?;
        return towards(way, Interstitial::Auto, None, policy).map(|destination| Destination {
            counts: false,
            ..destination
        });
    }
    let content = content.ok_or(ScanRefused::Blocked)?;
    if let Some(at) = content.not_before.filter(|at| now < *at) {
        return Err(ScanRefused::NotYet { at });
    }
    let query = query.filter(|_| content.forward_query);
    towards(
        content.way(visitor, now),
        content.interstitial,
        query,
        policy,
    )
}

fn towards<'a>(
    way: &'a Way,
    interstitial: Interstitial,
    query: Option<&str>,
    policy: &LinkPolicy,
) -> Result<Destination<'a>, ScanRefused> {
    let host = way.target.host();
    if policy.lists.blocks(host).is_some() {
        return Err(ScanRefused::Blocked);
    }
    let url = match query.filter(|query| !query.is_empty()) {
        Some(query) => Cow::Owned(way.target.with_query(query)),
        None => Cow::Borrowed(way.target.as_str()),
    };
    Ok(Destination {
        target: &way.target,
        url,
        shown: interstitial == Interstitial::Always
            || way.look_alike.is_some()
            || policy.shows_untrusted && !policy.trusted.has(host),
        look_alike: way.look_alike.as_ref(),
        counts: true,
    })
}
