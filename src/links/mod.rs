//! Dynamic links: codes that lead elsewhere, and change after they were printed.
//!
//! Belongs here: what a link says and how it is read, where a scan of it leads, making and changing links, lists of blocked hosts.
//! Does not belong here: what a target may be (`targets`), how a code is recognised and counted (`opening`), and what a scan
//! is answered with.
//!
//! A target is checked when it is given, and again whenever its record is read: settings change. Block lists, times and states
//! are looked at for every scan.

mod answer;
pub mod block_lists;
mod cache;
mod change;
mod content;
mod owned;
mod policy;
mod report;
mod scan;
mod scans;
mod sealed_target;
mod visitor;
mod written;

pub use answer::{LinkAnswer, LinksAnswer};
pub use cache::{Known, LinkCache};
pub use change::{ChangeError, ChangeLink, LinkChanger, LinkEdits, change};
pub use content::{LinkContent, LinkFault, MAX_RULES, Rule, Way};
pub use owned::{LinkPage, ListLinks, OwnedLink, list, show, token_of, warning};
pub use policy::LinkPolicy;
pub use report::{ScanReport, ShowScans, Step, StepCounts, report};
pub use scan::{Destination, Link, ScanRefused, destination};
pub use scans::ScanCounts;
pub use sealed_target::open_target;
pub use visitor::Visitor;
pub use written::{Interstitial, WrittenLink, WrittenRule};

use crate::options::words;
use crate::store::{Device, LinkState};

words!(Device {
    Ios = "ios",
    Android = "android",
    Desktop = "desktop",
    Other = "other",
});

words!(LinkState {
    Active = "active",
    Disabled = "disabled",
    Expired = "expired",
    UsedUp = "used_up",
    Revoked = "revoked",
});
