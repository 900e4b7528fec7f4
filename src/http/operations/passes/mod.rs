//! Passes of check-in lists: drawn, listed, shown, revoked. What phones do with them is in `desk`.

pub mod create;
pub mod list;
pub mod revoke;
pub mod show;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::lists::{not_yours, unknown};
use crate::desk::PassError;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::store::PassId;

/// The number of a pass, from the path.
#[derive(Debug, Clone, Copy)]
pub struct PassIdInPath(pub PassId);

impl FromRequest for PassIdInPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let text = route::variable(request, "pass");
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let id = text.parse().ok().filter(|_| digits);
        ready(id.map(|id| Self(PassId(id))).ok_or_else(unknown_pass))
    }
}

fn unknown_pass() -> Problem {
    Problem::new(ProblemCode::NotFound).detail("The list has no pass of this number.")
}

impl From<PassError> for Problem {
    fn from(error: PassError) -> Self {
        match error {
            PassError::Unknown => unknown(),
            PassError::NotYours => not_yours(),
            PassError::Spent(_) => {
                Self::new(ProblemCode::Forbidden).detail("The pass signs no phone in any more.")
            }
            PassError::Fault(fault) => fault.into(),
            PassError::Store(error) => error.into(),
            PassError::Random(error) => error.into(),
        }
    }
}

/// The number of a pass, as OpenAPI has it.
fn pass() -> Parameter {
    ParameterBuilder::new()
        .name("pass")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The pass's number."))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .build(),
        ))
        .build()
}
