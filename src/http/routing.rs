//! From a request to its row of the table of routes, and to the handler there.
//!
//! Does not belong here: the rows (see `routes`), and how a path is compared with one (see `route`).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::operations::tokens;
use super::problem::{Problem, ProblemCode};
use super::route::{Route, TOKEN, is_token_path};
use super::routes::ROUTES;

/// The row that answers `method` at `path`, which is decoded as the router decodes it.
fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let rows = || ROUTES.iter().filter(|row| row.is_at(path));
    rows()
        .find(|row| row.method.is(method))
        .or_else(|| rows().next())
}

/// The row of a request that the router has not seen yet. A token's path is decoded as links are, and the others as the router
/// does it.
pub fn of(request: &ServiceRequest) -> Option<&'static Route> {
    let path = request.uri().path();
    match is_token_path(path) {
        true => find(request.method(), path),
        false => find(request.method(), request.match_info().unprocessed()),
    }
}

/// Gives the router every row that it has to find. Other methods get 405, other paths 404.
pub fn add(config: &mut ServiceConfig) {
    for (place, first) in ROUTES.iter().enumerate() {
        let path = first.path;
        if first.handler.is_none() || ROUTES[..place].iter().any(|row| row.path == path) {
            continue;
        }
        let resource = ROUTES
            .iter()
            .filter(|row| row.path == path)
            .filter_map(|row| Some(row.handler?(row.method.route())))
            .fold(web::resource(path), actix_web::Resource::route);
        let wrong_method = move || async move { wrong_method(path) };
        config.service(resource.default_service(web::to(wrong_method)));
    }
    config.default_service(web::to(async || -> Result<HttpResponse, Problem> {
        Err(Problem::new(ProblemCode::NotFound))
    }));
}

/// What a phone scans. The edge finds it by [`is_token_path`].
pub async fn token(request: &HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    match *request.method() {
        Method::GET | Method::HEAD => tokens::look::by_path(request).await,
        Method::POST => tokens::open::by_path(request, payload).await,
        _ => wrong_method(TOKEN),
    }
}

/// The methods of a row's path, as they stand in `Allow`.
pub fn methods(path: &str) -> String {
    let rows = ROUTES.iter().filter(|row| row.path == path);
    let mut allow: Vec<_> = rows.map(|row| row.method.allow()).collect();
    allow.sort_unstable();
    allow.join(", ")
}

fn wrong_method(path: &str) -> Result<HttpResponse, Problem> {
    let allow = methods(path);
    let mut problem = Problem::new(ProblemCode::MethodNotAllowed)
        .detail(format!("Methods for this address: {allow}."));
    problem.allow = Some(allow);
    Err(problem)
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
    fn the_console_leads_to_pages_that_are_there_for_those_whom_it_leads_to_them() {
        for (path, _, roles) in crate::http::console_pages::PAGES {
            let row = find(&Method::GET, path).unwrap();
            assert!(roles.iter().all(|role| row.is_for(*role)), "{path}");
            assert!(row.roles.is_empty() || row.roles == roles, "{path}");
        }
    }
}
