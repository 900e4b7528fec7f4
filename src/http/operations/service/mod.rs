//! For what watches the server, what pages load, and what its errors and operations mean.

pub mod assets;
pub mod docs;
pub mod kept;
pub mod live;
pub mod metrics;
pub mod problems;
pub mod ready;
pub mod swagger_files;

use serde::Serialize;
use utoipa::ToSchema;

/// The process lives, or the server is ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthAnswer {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// The version of the program.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
}

/// The server is ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyAnswer {
    /// `ok`; `degraded` if it is ready, and something does not work as it should.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// The version of the program.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// What does not work as it should; only for whoever may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Vec<DegradedPart>>,
}

/// A part of the server that does not work as it should while the rest goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct DegradedPart {
    /// `store`, `keyring`, `certificate`, `block_lists`, `profiles` or `audit_log`.
    #[schema(example = "certificate")]
    pub part: &'static str,
    /// What that means; why it is so is in the server's log.
    #[schema(example = "The block lists could not be reloaded; those before stay in force.")]
    pub detail: &'static str,
}

impl HealthAnswer {
    const OK: Self = Self {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    };
}
