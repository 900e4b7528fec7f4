//! Who may, how often, how many at once, and how much of it.
//!
//! Belongs here: rights, rates, permits, connections, bytes, the threads for what takes long. Does not belong here: what is asked for.

pub mod batches;
pub mod browser;
mod budget;
pub mod bytes;
mod caller;
pub mod connections;
mod desk_rights;
pub mod in_progress;
mod local;
pub mod passes;
pub mod people;
pub mod permits;
pub mod rates;
mod rights;
mod same_site;
pub mod styled;
pub mod turns;

pub use browser::OwnForm;
pub use budget::{DrawingRateChecked, OpenRateChecked};
pub use desk_rights::{AtDesk, MayCheck, MayList, MaySeeVisits};
pub use passes::PassHolder;
pub use people::Person;
pub use rights::{
    MayAudit, MayChange, MayFill, MayIssue, MayRead, MayRevoke, MaySee, MayWrite, may_fill,
    may_watch,
};
pub use same_site::SameSite;
