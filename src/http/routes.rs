//! The map: every path, its methods and its handler.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, Resource, guard};

use super::api::{self, token_id::TokenIdInPath};
use super::extract::{MayRead, MayRevoke, OptionalJsonBody};
use super::permits::Kind;
use super::problem::{Problem, ProblemCode};
use crate::link::is_digits;

const GET: &str = "GET, HEAD";
const POST: &str = "POST";
const DELETE: &str = "DELETE";
const GET_AND_POST: &str = "GET, HEAD, POST";

// Paths by which requests are told apart.
const SEAL_PAYLOAD: &str = "/api/qrcode/encrypted-payload";
const TOKENS: &str = "/api/tokens";
const OPEN_BY_QUERY: &str = "/api/decrypt/qrcode-details";
const HOME: &str = "/";
const LIVE: &str = "/healthz";
const READY: &str = "/readyz";
// Templates of the paths with a variable part.
pub const TOKEN: &str = "/{digits}";
const SWAGGER_FILE: &str = "/swagger-ui/{file}";
const RECEIPT: &str = "/api/tokens/{id}";
const OPENS: &str = "/api/tokens/{id}/opens";
const REVOKE: &str = "/api/tokens/{id}/revoke";
const PIN_RESET: &str = "/api/tokens/{id}/pin-reset";
const PROBLEM: &str = "/problems/{code}";
const ASSET: &str = "/assets/{file}";
const NO_ROUTE: &str = "(none)";

/// Adds every route but [`token`], which the edge takes before the router: to find out that no fixed path is meant costs
/// half as much as opening a token. Other paths with a variable part are found by the default service: the router would
/// try a regular expression for each of them on every request.
pub fn add(config: &mut ServiceConfig) {
    config
        .service(resource(SEAL_PAYLOAD, POST).route(web::post().to(api::seal_payload::handle)))
        .service(
            resource(TOKENS, GET_AND_POST)
                .route(get().to(api::receipts::list))
                .route(web::post().to(api::issue_token::handle)),
        )
        .service(
            resource(OPEN_BY_QUERY, GET_AND_POST)
                .route(get().to(api::open_token::by_query))
                .route(web::post().to(api::held_token::open_by_body)),
        )
        .service(resource("/api/qrcode", POST).route(web::post().to(api::draw_code::by_body)))
        .service(resource("/generate_qr", GET).route(get().to(api::draw_code::by_query)))
        .service(
            resource(HOME, GET_AND_POST)
                .route(get().to(api::home::show))
                .route(web::post().to(api::home::seal)),
        )
        .service(resource(LIVE, GET).route(get().to(api::health::live)))
        .service(resource(READY, GET).route(get().to(api::health::ready)))
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
        SEAL_PAYLOAD,
        TOKENS,
        OPEN_BY_QUERY,
        "/api/qrcode",
        "/generate_qr",
        HOME,
        LIVE,
        READY,
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
    if let Some((_, template)) = about_one_token(path) {
        return template;
    }
    BELOW
        .into_iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or(NO_ROUTE, |(_, template)| template)
}

/// which permit a request takes, if any: looking at a token waits for nothing unless the token turns out to be one that is
/// held, and its health a server always tells.
pub fn kind(method: &Method, template: &str) -> Option<Kind> {
    let looks = matches!(*method, Method::GET | Method::HEAD);
    match template {
        TOKEN | OPEN_BY_QUERY if looks => None,
        TOKEN | OPEN_BY_QUERY => Some(Kind::Held),
        LIVE | READY => None,
        SEAL_PAYLOAD => Some(Kind::Issue),
        TOKENS | HOME if !looks => Some(Kind::Issue),
        _ => Some(Kind::Other),
    }
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

/// What is left of a path without the path of `public_url`, if it begins with it: nothing, or a slash and more.
pub fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Whether it is the path of a token: a slash and digits.
pub fn is_token_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(is_digits)
}

/// The id and the template of a path about one token; whether the id is one is not looked at.
fn about_one_token(path: &str) -> Option<(&str, &'static str)> {
    let rest = path.strip_prefix("/api/tokens/")?;
    let (id, operation) = match rest.split_once('/') {
        Some((id, operation)) => (id, Some(operation)),
        None => (rest, None),
    };
    let template = match operation {
        None => RECEIPT,
        Some("opens") => OPENS,
        Some("revoke") => REVOKE,
        Some("pin-reset") => PIN_RESET,
        Some(_) => return None,
    };
    (!id.is_empty()).then_some((id, template))
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

/// What a phone scans.
pub async fn token(request: &HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    match *request.method() {
        Method::GET | Method::HEAD => api::open_token::by_path(request).await,
        Method::POST => api::held_token::open_by_path(request, payload).await,
        _ => wrong_method(GET_AND_POST),
    }
}

/// The other paths with a variable part.
async fn below_or_nothing(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let template = template(request.path());
    if template == NO_ROUTE {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    if let Some((id, template)) = about_one_token(request.path()) {
        return one_token(&request, payload, id, template).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return wrong_method(GET);
    }
    match template {
        SWAGGER_FILE => api::docs::swagger_ui(&request),
        PROBLEM => api::problems::show(&request),
        ASSET => api::assets::asset(&request),
        _ => Err(Problem::new(ProblemCode::NotFound)),
    }
}

/// What is asked about one token, or done to it.
async fn one_token(
    request: &HttpRequest,
    payload: web::Payload,
    id: &str,
    template: &str,
) -> Result<HttpResponse, Problem> {
    let id = || TokenIdInPath::parse(id);
    match (template, request.method()) {
        (RECEIPT, &Method::GET | &Method::HEAD) => {
            api::receipts::show(request, MayRead::check(request)?, id()?).await
        }
        (OPENS, &Method::DELETE) => {
            api::receipts::erase_opens(request, MayRevoke::check(request)?, id()?).await
        }
        (REVOKE, &Method::POST) => {
            let right = MayRevoke::check(request)?;
            let body = OptionalJsonBody::from_request(request, &mut payload.into_inner()).await?;
            api::revoke_token::handle(request, right, id()?, body).await
        }
        (PIN_RESET, &Method::POST) => {
            api::reset_pin::handle(request, MayRevoke::check(request)?, id()?).await
        }
        (RECEIPT, _) => wrong_method(GET),
        (OPENS, _) => wrong_method(DELETE),
        _ => wrong_method(POST),
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
            ("/api/tokens/0123", "/api/tokens/{id}"),
            ("/api/tokens/0123/opens", "/api/tokens/{id}/opens"),
            ("/api/tokens/0123/revoke", "/api/tokens/{id}/revoke"),
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
            assert_eq!(template(path), expected);
        }
    }
}
