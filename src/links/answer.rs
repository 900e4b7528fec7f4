//! A link as its owner sees it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{OwnedLink, WrittenRule};
use crate::clock::rfc3339;

/// A dynamic link. Nothing here opens it: whoever has its code can.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkAnswer {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// What it is now: `active`, `disabled`, `expired`, `used_up` or `revoked`.
    #[schema(pattern = "^(active|disabled|expired|used_up|revoked)$")]
    pub state: &'static str,
    /// Where it leads; null once it has ended for ever.
    pub target: Option<String>,
    /// Where it leads once it has expired.
    pub fallback: Option<String>,
    /// Where it leads under conditions; the first that fits counts.
    pub rules: Vec<WrittenRule>,
    /// When a page shows where it leads, before it does: `auto` or `always`.
    #[schema(pattern = "^(auto|always)$")]
    pub interstitial: &'static str,
    /// Whether the query of a scan is added to its target's.
    pub forward_query: bool,
    /// The time before which it leads nowhere, in UTC.
    #[schema(format = DateTime)]
    pub not_before: Option<String>,
    /// The last minute in which it leads anywhere, in UTC; null if it does not end.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// How often it opens; null for as often as one likes.
    pub max_opens: Option<u32>,
    /// How often it was opened, if that is limited or takes a PIN; scans of other links are counted apart.
    pub opens: u64,
    /// Whether it leads anywhere, as far as its owner is concerned.
    pub enabled: bool,
    /// The note by which its owner finds it.
    pub note: Option<String>,
    /// Who made it.
    pub made_by: Option<String>,
    /// 1 as it was made, one more for each change: what `If-Match` takes.
    pub revision: u32,
    /// When it was made, in UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was changed last, or ended, in UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Why scans are refused, if they are: a block list or a setting, with a pointer to the target.
    pub blocked: Option<String>,
    /// Why scans show where it leads first, if a host may be taken for another.
    pub warning: Option<String>,
}

/// A page of links.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinksAnswer {
    /// The links, the newest first.
    pub links: Vec<LinkAnswer>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}

impl From<OwnedLink> for LinkAnswer {
    fn from(link: OwnedLink) -> Self {
        let (row, written) = (link.row, link.written.unwrap_or_default());
        let at = |time: fn(&crate::store::LinkRow) -> crate::token::UnixTime| {
            row.link.as_ref().map(time).map(rfc3339)
        };
        Self {
            id: row.id.to_string(),
            state: link.state.as_str(),
            target: Some(written.target).filter(|target| !target.is_empty()),
            fallback: written.fallback,
            rules: written.rules,
            interstitial: written.interstitial.as_str(),
            forward_query: written.forward_query,
            not_before: written.not_before,
            expires_at: row.expires_at.map(rfc3339),
            max_opens: row.max_opens,
            opens: row.opens,
            enabled: row.link.as_ref().is_some_and(|link| !link.disabled),
            note: row.note.clone(),
            made_by: row.made_by.map(|by| by.to_string()),
            revision: row.link.as_ref().map_or(0, |link| link.edition),
            created_at: at(|link| link.created_at).unwrap_or_default(),
            updated_at: at(|link| link.updated_at).unwrap_or_default(),
            blocked: link.blocked,
            warning: link.warning,
        }
    }
}
