//! The pages of the console that each page of it leads to, and whom they are for.
//!
//! Belongs here: groups of roles, and paths with their words. Does not belong here: what holds a request to them (the table of
//! routes, whose rows name the same groups).

use crate::store::Role;

/// Everybody who has signed in.
pub const PEOPLE: &[Role] = &Role::ALL;
/// Who makes codes, and ends them.
pub const MAKERS: &[Role] = &[Role::Admin, Role::Issuer];
/// Who sees codes.
pub const READERS: &[Role] = &[Role::Admin, Role::Issuer, Role::Manager];
/// Who scans codes at a desk.
pub const DESK: &[Role] = &[Role::Admin, Role::Manager, Role::Scanner];
/// Who makes check-in lists, and asks who was there.
pub const MANAGERS: &[Role] = &[Role::Admin, Role::Manager];
/// Who sees to everything.
pub const ADMINS: &[Role] = &[Role::Admin];

/// Path, words, and whom the page is for.
pub const PAGES: [(&str, &str, &[Role]); 12] = [
    ("/console", "Overview", PEOPLE),
    ("/", "New code", MAKERS),
    ("/console/batch", "Many codes", MAKERS),
    ("/console/codes", "Codes", READERS),
    ("/desk", "Desk", DESK),
    ("/console/lists", "Lists", MANAGERS),
    ("/console/links", "Links", READERS),
    ("/console/keys", "API keys", ADMINS),
    ("/console/accounts", "Accounts", ADMINS),
    ("/console/audit", "Audit log", ADMINS),
    ("/console/settings", "Settings", ADMINS),
    ("/console/me", "You", PEOPLE),
];
