//! Check-in lists: made, listed, shown, changed, given to staff, deleted; and their check-ins.

pub mod change;
pub mod check_ins;
pub mod create;
pub mod delete;
pub mod list;
pub mod presence;
pub mod schemas;
pub mod show;
pub mod staff;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::ETAG;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use crate::desk::{ChangeError, Changing, CreateError, DeskProfiles, DeskRight, ListAnswer};
use crate::http::accept;
use crate::http::extract::revision_to_change;
use crate::http::openapi::parts::string;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::store::{ListId, ListRecord};

/// The id of a list, from the path.
#[derive(Debug, Clone, Copy)]
pub struct ListIdInPath(pub ListId);

impl FromRequest for ListIdInPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let id = route::variable(request, "id").parse();
        ready(id.map(Self).map_err(|_| unknown()))
    }
}

/// There is no such list, or check-in.
pub fn unknown() -> Problem {
    Problem::new(ProblemCode::NotFound).detail("There is no list or check-in of this id.")
}

/// Somebody else made it.
pub fn not_yours() -> Problem {
    Problem::new(ProblemCode::Forbidden)
        .detail("The list was made by somebody else, and you are not staff of it.")
}

/// The profiles that are there, as this request is answered.
pub fn profiles(request: &HttpRequest) -> DeskProfiles {
    DeskProfiles {
        registry: App::of(request).profiles.registry(),
        language: accept::language(request),
    }
}

/// What a change is of, by whom.
fn changing(request: &HttpRequest, id: ListId, right: DeskRight) -> Changing {
    Changing {
        id,
        if_revision: revision_to_change(request).map(u64::from),
        right,
        now: App::of(request).now(),
    }
}

/// A list, with its revision.
fn answer(mut answer: HttpResponseBuilder, list: ListRecord) -> HttpResponse {
    let tag = format!("\"{}\"", list.revision);
    answer.insert_header((ETAG, tag)).json(ListAnswer::of(list))
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Self {
        let conflict = |detail: &str| Self::new(ProblemCode::IdempotencyConflict).detail(detail);
        match error {
            CreateError::Fault(fault) => fault.into(),
            CreateError::AnotherRequest => conflict(
                "The key was used within the last day for a request with another address or body.",
            ),
            CreateError::Deleted => conflict("The list of the first request was deleted."),
            CreateError::Store(error) => error.into(),
            CreateError::Random(error) => error.into(),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown => unknown(),
            ChangeError::NotYours => not_yours(),
            ChangeError::Conflict(revision) => Self::new(ProblemCode::RevisionConflict)
                .detail(format!("Revision {revision} is there now."))
                .member("revision", revision),
            ChangeError::Fault(fault) => fault.into(),
            ChangeError::Store(error) => error.into(),
        }
    }
}

/// The id of a list, as OpenAPI has it.
pub fn id() -> Parameter {
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The list's id."))
        .schema(Some(string().pattern(Some("^[0-9a-f]{24}$")).build()))
        .build()
}
