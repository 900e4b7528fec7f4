//! The map: every path, its methods and its handler.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, guard};

use super::api;
use super::problem::{Problem, ProblemCode};
use crate::link::is_digits;

const GET: &str = "GET, HEAD";
const POST: &str = "POST";
const GET_AND_POST: &str = "GET, HEAD, POST";

// Templates of the paths with a variable part.
const TOKEN: &str = "/{digits}";
const SWAGGER_FILE: &str = "/swagger-ui/{file}";
const PROBLEM: &str = "/problems/{code}";
const ASSET: &str = "/assets/{file}";
const NO_ROUTE: &str = "(none)";

/// Adds every route. Paths with a variable part, token paths first, are found by the default service: the router would
/// try a regular expression for each of them on every request, which costs more than opening a token.
pub fn add(config: &mut ServiceConfig) {
    config
        .service(
            resource("/api/qrcode/encrypted-payload", POST)
                .route(web::post().to(api::seal_payload::handle)),
        )
        .service(resource("/api/tokens", POST).route(web::post().to(api::issue_token::handle)))
        .service(
            resource("/api/decrypt/qrcode-details", GET).route(get().to(api::open_token::by_query)),
        )
        .service(resource("/api/qrcode", POST).route(web::post().to(api::draw_code::by_body)))
        .service(resource("/generate_qr", GET).route(get().to(api::draw_code::by_query)))
        .service(
            resource("/", GET_AND_POST)
                .route(get().to(api::home::show))
                .route(web::post().to(api::home::seal)),
        )
        .service(resource("/healthz", GET).route(get().to(api::health::live)))
        .service(resource("/readyz", GET).route(get().to(api::health::ready)))
        .service(resource("/api-docs/openapi.json", GET).route(get().to(api::docs::description)))
        .service(resource("/swagger-ui", GET).route(get().to(api::docs::add_slash)))
        .service(resource("/problems", GET).route(get().to(api::problems::list)))
        .service(resource("/problems/", GET).route(get().to(api::problems::list)))
        .service(resource("/favicon.svg", GET).route(get().to(api::assets::favicon)))
        .service(resource("/favicon.ico", GET).route(get().to(api::assets::favicon)))
        .service(resource("/robots.txt", GET).route(get().to(api::assets::robots)))
        .default_service(web::to(below_or_nothing));
}

/// The template of `path` for the log: never the path itself, which may hold a token.
pub fn template(path: &str) -> &'static str {
    const FIXED: [&str; 15] = [
        "/api/qrcode/encrypted-payload",
        "/api/tokens",
        "/api/decrypt/qrcode-details",
        "/api/qrcode",
        "/generate_qr",
        "/",
        "/healthz",
        "/readyz",
        "/api-docs/openapi.json",
        "/swagger-ui",
        "/problems",
        "/problems/",
        "/favicon.svg",
        "/favicon.ico",
        "/robots.txt",
    ];
    const BELOW: [(&str, &str); 3] = [
        ("/swagger-ui/", SWAGGER_FILE),
        ("/problems/", PROBLEM),
        ("/assets/", ASSET),
    ];
    if is_token_path(path) {
        return TOKEN;
    }
    if let Some(fixed) = FIXED.into_iter().find(|fixed| *fixed == path) {
        return fixed;
    }
    BELOW
        .into_iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or(NO_ROUTE, |(_, template)| template)
}

/// The methods that we know, for the log; a client may send any word.
pub fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "(other)",
    }
}

fn is_token_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(is_digits)
}

/// A resource that answers other methods than `allow` with 405.
fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move { wrong_method(allow) }))
}

/// `HEAD` is answered like `GET`, without the body.
fn get() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn wrong_method(allow: &'static str) -> Result<HttpResponse, Problem> {
    let mut problem = Problem::new(ProblemCode::MethodNotAllowed)
        .detail(format!("Methods for this address: {allow}."));
    problem.allow = Some(allow);
    Err(problem)
}

/// The paths with a variable part, all of them read-only.
async fn below_or_nothing(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let template = template(request.path());
    if template == NO_ROUTE {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return wrong_method(GET);
    }
    match template {
        TOKEN => api::open_token::by_path(&request),
        SWAGGER_FILE => api::docs::swagger_ui(&request),
        PROBLEM => api::problems::show(&request),
        ASSET => api::assets::asset(&request),
        _ => Err(Problem::new(ProblemCode::NotFound)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_gets_a_path_but_its_template() {
        for (path, expected) in [
            ("/0123456789", "/{digits}"),
            ("/", "/"),
            ("/api/tokens", "/api/tokens"),
            ("/problems/validation", "/problems/{code}"),
            ("/swagger-ui/index.html", "/swagger-ui/{file}"),
            ("/secret/0123", "(none)"),
            ("/0123x", "(none)"),
            ("", "(none)"),
        ] {
            assert_eq!(template(path), expected);
        }
    }
}
