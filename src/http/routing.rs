//! From a request to its row of the table of routes, and to what is answered where there is none.
//!
//! Does not belong here: the rows (see `routes`), and how a path is compared with one (see `route`).

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;

use super::problem::{Problem, ProblemCode};
use super::route::{Route, is_token_path};
use super::routes::ROUTES;

/// The row that answers `method` at `path`, or the first at that path if none does. Where a path fits two templates it is the
/// first one's.
fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let first = ROUTES.iter().find(|row| row.is_at(path))?;
    let mut same = ROUTES.iter().filter(|row| row.path == first.path);
    Some(same.find(|row| row.method.is(method)).unwrap_or(first))
}

/// The row of a request. A token's path is decoded as links are, and the others as the framework does it.
pub fn of(request: &ServiceRequest) -> Option<&'static Route> {
    let path = request.uri().path();
    match is_token_path(path) {
        true => find(request.method(), path),
        false => find(request.method(), request.match_info().as_str()),
    }
}

/// Why a request is answered by no handler: its path is nowhere, or has no such method.
pub fn refusal(row: Option<&Route>) -> Problem {
    row.map_or_else(
        || Problem::new(ProblemCode::NotFound),
        |row| wrong_method(row.path),
    )
}

/// The methods of a row's path, as they stand in `Allow`.
pub fn methods(path: &str) -> String {
    let rows = ROUTES.iter().filter(|row| row.path == path);
    let mut allow: Vec<_> = rows.map(|row| row.method.allow()).collect();
    allow.sort_unstable();
    allow.join(", ")
}

fn wrong_method(path: &str) -> Problem {
    let allow = methods(path);
    let mut problem = Problem::new(ProblemCode::MethodNotAllowed)
        .detail(format!("Methods for this address: {allow}."));
    problem.allow = Some(allow);
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::route::NO_ROUTE;

    #[test]
    fn the_log_never_gets_a_path_but_its_template() {
        for (path, expected) in [
            ("/0123456789", "/{digits}"),
            ("/", "/"),
            ("/api/tokens", "/api/tokens"),
            ("/problems/validation", "/problems/{code}"),
            ("/api/tokens/0123", "/api/tokens/{id}"),
            ("/api/tokens/0123/opens", "/api/tokens/{id}/opens"),
            ("/api/tokens/0123/revoke", "/api/tokens/{id}/revoke"),
            ("/api/tokens/0123/payload", "/api/tokens/{id}/payload"),
            ("/api/tokens/0123/pin-reset", "/api/tokens/{id}/pin-reset"),
            ("/api/tokens/", "(none)"),
            ("/api/tokens//revoke", "(none)"),
            ("/api/tokens/0123/secret", "(none)"),
            ("/api/tokens/0123/revoke/", "(none)"),
            ("/swagger-ui/index.html", "/swagger-ui/{file}"),
            ("/secret/0123", "(none)"),
            ("/0123x", "(none)"),
            ("", "(none)"),
        ] {
            let found = find(&Method::GET, path).map_or(NO_ROUTE, |row| row.path);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_path_that_fits_two_templates_is_the_first_ones_whatever_the_method() {
        for method in [Method::GET, Method::PATCH, Method::PUT] {
            let row = find(&method, "/api/links/scans").unwrap();
            assert_eq!(row.path, "/api/links/scans", "{method}");
        }
    }

    #[test]
    fn the_console_leads_to_pages_that_are_there_for_those_whom_it_leads_to_them() {
        for (path, _, roles) in crate::http::console_pages::PAGES {
            let row = find(&Method::GET, path).unwrap();
            assert!(roles.iter().all(|role| row.is_for(*role)), "{path}");
            assert!(row.roles.is_empty() || row.roles == roles, "{path}");
        }
    }
}
