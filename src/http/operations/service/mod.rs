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

impl HealthAnswer {
    const OK: Self = Self {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    };
}
