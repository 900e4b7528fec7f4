//! Check-ins: made, undone, shown.

pub mod create;
pub mod erase_visit;
pub mod show;
pub mod undo;

use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use crate::http::openapi::parts::string;

pub use create::CheckedInAnswer;

/// A check-in's own id, or its `check_in_id`, as OpenAPI has it.
fn id() -> Parameter {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(
            "The `check_in_id` of one's own check-in, or the `id` of any.",
        ))
        .schema(Some(
            string().pattern(Some("^[A-Za-z0-9_-]{16,64}$")).build(),
        ))
        .build()
}
