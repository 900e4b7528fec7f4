//! Limits of use: how much one client, or one API key, may ask of this installation.
//!
//! Belongs here: what is counted separately ([`Budget`]), who is counted ([`Subject`]), rates within a node ([`RateLimits`]),
//! and quotas of a UTC day, which the store counts for all nodes together ([`take_quota`]). Does not belong here: limits of
//! size, tries at the PIN of one token (the ledger's), how many requests are in progress, and what a client is told.
//!
//! Rates are counted by each node for itself: behind a load balancer over N nodes a client gets up to N times as much.
//! Nothing that a rate limit does is needed for a promise about tokens; those rest on the store.

mod quota;
mod rates;
mod subject;

pub use quota::{DailyQuota, QuotaSpent, take_quota};
pub use rates::{Budget, Exceeded, PerMinute, RateLimits};
pub use subject::Subject;
