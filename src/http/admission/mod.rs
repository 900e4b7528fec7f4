//! Who may, how often, and how many at once.
//!
//! Belongs here: rights, rates, permits, the threads for what takes long. Does not belong here: what is asked for.

mod budget;
mod local;
pub mod permits;
pub mod rates;
mod rights;
mod same_site;
pub mod style_pool;

pub use budget::{DrawingRateChecked, OpenRateChecked};
pub use rights::{MayIssue, MayRead, MayRevoke};
pub use same_site::SameSite;
