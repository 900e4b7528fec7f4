//! Who asks, by what they show: an API key, a session, or nothing on this machine.
//!
//! Belongs here: credentials, and whether they carry a scope. Does not belong here: what a handler may do with the right that
//! follows (see `rights`).

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use super::local::is_local;
use super::people::Person;
use crate::api_keys::{ApiKey, Presented, Refused};
use crate::config::Issuing;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::{self, App};
use crate::principal::Principal;
use crate::store::Scope;

/// Whether the right that was checked is that of an API key or an account.
pub fn has_api_key(request: &HttpRequest) -> bool {
    matches!(
        request.left_asker(),
        Some(Principal::Key(_) | Principal::Account(_))
    )
}

/// Who asks. Where no right is needed, whoever shows a valid API key, of whatever scope, is known by it.
pub fn principal(request: &HttpRequest) -> Principal {
    if let Some(principal) = request.left_asker() {
        return principal;
    }
    let app = App::of(request);
    let key = bearer(request.headers()).and_then(|credentials| presented(app, credentials).ok());
    match key {
        Some(key) => Principal::Key(key.id.0),
        None if app.config.is_local()
            && is_local(request.head())
            && app.asks_who() == Some(false) =>
        {
            Principal::Local
        }
        None => Principal::Anonymous,
    }
}

/// Who asks for what needs `scope`.
pub(super) fn caller(request: &HttpRequest, scope: Scope) -> Result<Principal, Problem> {
    judge(request, bearer(request.headers()), scope)
}

/// Who brings these credentials for what needs `scope`.
pub(super) fn judge(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
) -> Result<Principal, Problem> {
    let open = scope == Scope::Issue && App::of(request).config.auth.issuing == Issuing::Open;
    caller_where(request, credentials, scope, open)
}

/// The same; where it is `open`, anyone may. Left for the log.
pub(super) fn caller_where(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    let caller = known_caller(request, credentials, scope, open)?;
    request.leave_asker(caller);
    Ok(caller)
}

pub(super) fn known_caller(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    if credentials.is_none()
        && let Some(person) = Person::of(request)
    {
        return person_may(request, &person, scope, open);
    }
    let app = App::of(request);
    match credentials {
        Some(credentials) => match presented(app, credentials) {
            Ok(key) if open || key.scopes.contains(scope) => Ok(Principal::Key(key.id.0)),
            Ok(_) => Err(lacks(scope)),
            // Where nobody needs a key, what another gateway put there is not ours to judge.
            Err(_) if open && !is_ours(credentials) => Ok(Principal::Anonymous),
            Err(problem) => Err(problem),
        },
        None if open => Ok(Principal::Anonymous),
        None if app.config.is_local() && is_local(request.head()) => match app.asks_who() {
            Some(false) => Ok(Principal::Local),
            Some(true) => Err(unauthorized(
                "API keys or accounts exist, so this needs one: Authorization: Bearer qrs_..., or sign in.",
            )),
            None => Err(not_read_yet()),
        },
        None => Err(unauthorized(
            "This needs an API key, or that you sign in: Authorization: Bearer qrs_...",
        )),
    }
}

/// What somebody who has signed in may do, if a page of ours asks for it.
fn person_may(
    request: &HttpRequest,
    person: &Person,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !person.is_from_own_page() {
        return Err(Problem::new(ProblemCode::CrossSite));
    }
    has_right(person, scope, open)
}

/// What somebody who has signed in may do, if a page of ours asks for it, which is still to be found out. Left for the log.
pub(super) fn signed_in(
    request: &HttpRequest,
    person: &Person,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    let caller = has_right(person, scope, open)?;
    request.leave_asker(caller);
    Ok(caller)
}

fn has_right(person: &Person, scope: Scope, open: bool) -> Result<Principal, Problem> {
    if person.lacks_second_factor {
        return Err(Problem::new(ProblemCode::Forbidden)
            .detail("Your role takes a second factor. Set it at /console/second-factor first."));
    }
    match open || person.account.role.may(scope) {
        true => Ok(person.principal()),
        false => Err(Problem::new(ProblemCode::Forbidden)
            .detail("Your role does not include this. An admin can change your role.")
            .member("missing_scope", scope.as_str())),
    }
}

/// The credentials after `Bearer` (RFC 6750, section 2.1). Other schemes are not for us.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(AUTHORIZATION).find_map(|value| {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| credentials.trim())
    })
}

fn is_ours(credentials: &str) -> bool {
    credentials.starts_with(ApiKey::PREFIX)
}

fn presented(app: &App, credentials: &str) -> Result<Presented, Problem> {
    let key: ApiKey = credentials
        .parse()
        .map_err(|_| unauthorized("This is no API key of this server."))?;
    let now = state::now();
    app.api_keys
        .present(&key, now)
        .map_err(|refused| match refused {
            Refused::NotReadYet => not_read_yet(),
            Refused::Unknown => unauthorized("This is no API key of this server."),
            Refused::Disabled => unauthorized("The API key was disabled."),
            Refused::Expired => unauthorized("The API key has expired."),
        })
}

pub(super) fn unauthorized(detail: &str) -> Problem {
    Problem::new(ProblemCode::Unauthorized).detail(detail)
}

fn lacks(scope: Scope) -> Problem {
    let scope = scope.as_str();
    Problem::new(ProblemCode::Forbidden)
        .detail(format!("The API key does not have the scope {scope}."))
        .member("missing_scope", scope)
}

fn not_read_yet() -> Problem {
    Problem::new(ProblemCode::TemporarilyUnavailable)
        .detail("The server has not been able to read its API keys yet.")
}
