//! What the console says of links, on their list as on the page of one.

use crate::store::LinkState;

/// What a form offers for the end of a link; the empty choice comes before.
pub const ENDS: [(&str, &str); 5] = [
    ("1d", "after 1 day"),
    ("1w", "after 1 week"),
    ("30d", "after 30 days"),
    ("1y", "after 1 year"),
    ("10y", "after 10 years"),
];

/// A state in plain words.
pub fn state_words(state: LinkState) -> &'static str {
    match state {
        LinkState::Active => "leads on",
        LinkState::Disabled => "switched off",
        LinkState::Expired => "expired",
        LinkState::UsedUp => "used up",
        LinkState::Revoked => "ended for ever",
    }
}
