//! What a link says, as JSON: in its record, in requests and in answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::options::words;

/// What a link says. Nothing of it has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenLink {
    /// Where it leads.
    pub target: String,
    /// Where it leads once it has expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Where it leads under conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<WrittenRule>,
    /// When its destination is shown first.
    #[serde(default, skip_serializing_if = "Interstitial::is_auto")]
    pub interstitial: Interstitial,
    /// Whether the query of a scan is added to its target's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forward_query: bool,
    /// The time before which it leads nowhere (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
}

/// A rule of a link: where it leads if all that the rule names fits a scan. At least one condition is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenRule {
    /// The device that scans: `ios`, `android` or `desktop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(ios|android|desktop)$", example = "ios")]
    pub device: Option<String>,
    /// The language that whoever scans wants most, such as `de` or `pt-BR`. `de` stands for `de-AT`, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "de")]
    pub language: Option<String>,
    /// From this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-12-05T00:00:00Z")]
    pub from: Option<String>,
    /// Before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-12-07T00:00:00Z")]
    pub until: Option<String>,
    /// Where the link leads then.
    #[schema(
        min_length = 1,
        max_length = 2048,
        example = "https://shop.example/app"
    )]
    pub target: String,
}

/// When a page shows where a link leads, before it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interstitial {
    /// Where anybody may make links and the host is not among those that are trusted, and where the host looks like another.
    #[default]
    Auto,
    /// Always.
    Always,
}

words!(Interstitial {
    Auto = "auto",
    Always = "always",
});

impl Interstitial {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}
