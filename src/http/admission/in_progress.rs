//! The permit of a request, from when its body is here until it is answered.

use actix_web::{HttpMessage as _, HttpRequest};

use super::bytes::HeldBytes;
use super::caller;
use super::permits::{Kind, Permit};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route::Route;
use crate::http::state::App;

/// Takes a permit for `request`.
///
/// # Errors
///
/// [`ProblemCode::TemporarilyUnavailable`] if all of its kind are taken.
pub fn take(request: &HttpRequest, kind: Kind) -> Result<Permit, Problem> {
    App::of(request).permits.take(kind).ok_or_else(overloaded)
}

/// Until a request is answered.
struct InProgress {
    _permit: Option<Permit>,
    _bytes: HeldBytes,
}

/// Takes the permit of a request whose body is here whole, and keeps it, with what the body takes, until the request is
/// answered. Until then a slow client costs its connection and nothing that others wait for.
///
/// # Errors
///
/// [`ProblemCode::TemporarilyUnavailable`] if all of its kind are taken.
pub fn begin(request: &HttpRequest, body: HeldBytes) -> Result<(), Problem> {
    let kind = Route::handling(request).and_then(|row| row.permit);
    let kind = kind.map(|kind| match kind {
        Kind::Issue if caller::has_api_key(request) => Kind::ByKey,
        kind => kind,
    });
    let permit = kind.map(|kind| take(request, kind)).transpose()?;
    request.extensions_mut().insert(InProgress {
        _permit: permit,
        _bytes: body,
    });
    Ok(())
}

/// The server has as many requests of this kind as it takes.
pub fn overloaded() -> Problem {
    Problem::new(ProblemCode::TemporarilyUnavailable)
        .detail("Too many requests in progress; try again.")
}
