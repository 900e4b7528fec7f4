//! The map: every route of the server, a row each. What the router, `Allow`, the log, the permits and the OpenAPI paths know
//! of a route stands here and nowhere else.
//!
//! Belongs here: method, path, who may, which permit it takes, whether it changes anything, and which operation answers.
//! Does not belong here: what an operation does, or what is said of it.

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Route as Handled, guard};
use utoipa::openapi::path::{HttpMethod, OperationBuilder};

use super::admission::permits::Kind;
use super::operations::{audit, codes, home, receipts, service, tokens};
use super::problem::{Problem, ProblemCode};
use crate::config::LimitsSettings;
use crate::issuing::Storage;
use crate::link::token_in_path;
use crate::store::Scope;

/// Template of the links in codes. A guard on the path finds them, never a pattern: to find out that no other path is meant
/// costs half as much as opening a token.
pub const TOKEN: &str = "/{digits}";

/// The template of a path that no route has.
pub const NO_ROUTE: &str = "(none)";

/// Every route, those that are asked for most often first.
pub const ROUTES: [Route; 31] = [
    get(TOKEN)
        .waits_for(None)
        .described(tokens::look::describe_by_link),
    post(TOKEN)
        .waits_for(Some(Kind::Held))
        .reads(Body::Open)
        .changes()
        .described(tokens::open::describe_by_link),
    post("/api/qrcode/encrypted-payload")
        .to(|route| route.to(tokens::seal_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Document)
        .described(tokens::seal_payload::describe),
    post("/api/tokens")
        .to(|route| route.to(tokens::issue::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::Envelope)
        .described(tokens::issue::describe),
    get("/api/decrypt/qrcode-details")
        .to(|route| route.to(tokens::look::by_query))
        .waits_for(None)
        .described(tokens::look::describe_by_query),
    post("/api/decrypt/qrcode-details")
        .to(|route| route.to(tokens::open::by_body))
        .waits_for(Some(Kind::Held))
        .reads(Body::Token)
        .changes()
        .described(tokens::open::describe_by_body),
    post("/api/qrcode")
        .to(|route| route.to(codes::draw::handle))
        .reads(Body::Code)
        .described(codes::draw::describe),
    get("/generate_qr")
        .to(|route| route.to(codes::draw_by_query::handle))
        .described(codes::draw_by_query::describe),
    get("/").to(|route| route.to(home::show)),
    post("/")
        .to(|route| route.to(home::seal))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Issue))
        .reads(Body::PageForm),
    get("/healthz")
        .to(|route| route.to(service::live::handle))
        .waits_for(None)
        .described(service::live::describe),
    get("/readyz")
        .to(|route| route.to(service::ready::handle))
        .waits_for(None)
        .described(service::ready::describe),
    get("/api/tokens")
        .to(|route| route.to(receipts::list::handle))
        .takes(Scope::Read)
        .described(receipts::list::describe),
    get("/api/tokens/{id}")
        .to(|route| route.to(receipts::show::handle))
        .takes(Scope::Read)
        .described(receipts::show::describe),
    delete("/api/tokens/{id}")
        .to(|route| route.to(tokens::delete::handle))
        .takes(Scope::Revoke)
        .described(tokens::delete::describe),
    put("/api/tokens/{id}/payload")
        .to(|route| route.to(tokens::replace_payload::handle))
        .takes(Scope::Issue)
        .waits_for(Some(Kind::Held))
        .reads(Body::Revision)
        .described(tokens::replace_payload::describe),
    delete("/api/tokens/{id}/opens")
        .to(|route| route.to(receipts::erase_opens::handle))
        .takes(Scope::Revoke)
        .described(receipts::erase_opens::describe),
    post("/api/tokens/{id}/revoke")
        .to(|route| route.to(tokens::revoke::handle))
        .takes(Scope::Revoke)
        .reads(Body::Token)
        .described(tokens::revoke::describe),
    post("/api/tokens/{id}/pin-reset")
        .to(|route| route.to(tokens::reset_pin::handle))
        .takes(Scope::Revoke)
        .described(tokens::reset_pin::describe),
    get("/api/audit")
        .to(|route| route.to(audit::list::handle))
        .takes(Scope::Audit)
        .described(audit::list::describe),
    get("/api-docs/openapi.json").to(|route| route.to(service::docs::description)),
    get("/swagger-ui").to(|route| route.to(service::docs::add_slash)),
    get("/swagger-ui/").to(|route| route.to(service::docs::swagger_ui)),
    get("/swagger-ui/{file}").to(|route| route.to(service::docs::swagger_ui)),
    get("/problems").to(|route| route.to(service::problems::list)),
    get("/problems/").to(|route| route.to(service::problems::list)),
    get("/problems/{code}").to(|route| route.to(service::problems::show)),
    get("/assets/{file}").to(|route| route.to(service::assets::asset)),
    get("/favicon.svg").to(|route| route.to(service::assets::favicon)),
    get("/favicon.ico").to(|route| route.to(service::assets::favicon)),
    get("/robots.txt").to(|route| route.to(service::assets::robots)),
];

/// A row: one method of one path.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method; a `GET` answers `HEAD` too.
    pub method: Verb,
    /// The path, with a name in braces for each variable part.
    pub path: &'static str,
    /// What an API key has to have in its scope; `None`: anybody may. The handler's arguments hold it to that.
    pub scope: Option<Scope>,
    /// Which permit a request takes while it is in progress. Looking at a token waits for nothing unless the token turns out to
    /// be stateful, and its health a server always tells.
    pub permit: Option<Kind>,
    /// The body that its handler reads, and how large that may be; the permit is taken when it is here.
    pub body: Option<Body>,
    /// Whether it changes what a server knows.
    pub changes: bool,
    /// Gives the route its handler; `None` for what is not found by the router.
    handler: Option<fn(Handled) -> Handled>,
    /// What OpenAPI says; `None` for pages and files.
    describe: Option<fn() -> OperationBuilder>,
}

/// A method that some route has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `GET`, and `HEAD` with it.
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

/// What a body holds, which says how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// An `open_id` and a PIN.
    Open,
    /// A token in either text form, and a few words beside it.
    Token,
    /// A document.
    Document,
    /// A text with options and a logo.
    Code,
    /// A document with options and a logo.
    Envelope,
    /// A document that is stored, with its token.
    Revision,
    /// The start page's form.
    PageForm,
}

impl Body {
    /// The most bytes that it may have; a document that the query wants stored may be larger.
    pub fn most(self, limits: &LimitsSettings, query: &str) -> usize {
        match self {
            // Each character of a PIN takes up to twelve: four bytes, each percent-encoded.
            Self::Open => 1024,
            Self::Token => 16 * 1024,
            Self::Document if is_stored(query) => limits.largest_body_bytes(),
            Self::Document => limits.max_body_bytes,
            Self::Code => limits.max_body_bytes + limits.logo_text_bytes(),
            // Whether it is to be stored stands inside.
            Self::Envelope => limits.largest_body_bytes() + limits.logo_text_bytes(),
            Self::Revision => limits.largest_body_bytes(),
            Self::PageForm => limits.page_form_bytes(),
        }
    }
}

/// Whether the query says that the document may go into the store.
fn is_stored(query: &str) -> bool {
    let inline = |value: &str| value.parse::<Storage>() == Ok(Storage::Inline);
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "storage" && !inline(&value))
}

const fn get(path: &'static str) -> Route {
    Route::new(Verb::Get, path, false)
}

const fn post(path: &'static str) -> Route {
    Route::new(Verb::Post, path, false)
}

const fn put(path: &'static str) -> Route {
    Route::new(Verb::Put, path, true)
}

const fn delete(path: &'static str) -> Route {
    Route::new(Verb::Delete, path, true)
}

impl Route {
    const fn new(method: Verb, path: &'static str, changes: bool) -> Self {
        Self {
            method,
            path,
            scope: None,
            permit: Some(Kind::Other),
            body: None,
            changes,
            handler: None,
            describe: None,
        }
    }

    const fn to(mut self, handler: fn(Handled) -> Handled) -> Self {
        self.handler = Some(handler);
        self
    }

    const fn takes(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self.changes = !matches!(scope, Scope::Read | Scope::Audit);
        if !matches!(scope, Scope::Issue) {
            self.permit = Some(Kind::ByKey);
        }
        self
    }

    const fn waits_for(mut self, permit: Option<Kind>) -> Self {
        self.permit = permit;
        self
    }

    const fn reads(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    const fn changes(mut self) -> Self {
        self.changes = true;
        self
    }

    const fn described(mut self, describe: fn() -> OperationBuilder) -> Self {
        self.describe = Some(describe);
        self
    }

    /// What OpenAPI says of the route, but for who may.
    pub fn description(&self) -> Option<OperationBuilder> {
        self.describe.map(|describe| describe())
    }

    /// The row that answers `method` at `path`, which is decoded as the router decodes it.
    pub fn find(method: &Method, path: &str) -> Option<&'static Self> {
        let rows = || ROUTES.iter().filter(|row| row.is_at(path));
        rows()
            .find(|row| row.method.is(method))
            .or_else(|| rows().next())
    }

    /// The row of a request that the router has not seen yet.
    pub fn of(request: &ServiceRequest) -> Option<&'static Self> {
        let routed = request.match_info().unprocessed();
        Self::at(request.method(), request.uri().path(), routed)
    }

    /// The row of a request that has been handed to a handler.
    pub fn handling(request: &HttpRequest) -> Option<&'static Self> {
        let routed = request.match_info().as_str();
        Self::at(request.method(), request.uri().path(), routed)
    }

    /// A token's path is decoded as links are, and the others as the router does it.
    fn at(method: &Method, path: &str, routed: &str) -> Option<&'static Self> {
        match is_token_path(path) {
            true => Self::find(method, path),
            false => Self::find(method, routed),
        }
    }

    fn is_at(&self, path: &str) -> bool {
        if self.path == TOKEN {
            return is_token_path(path);
        }
        if !self.path.contains('{') {
            return self.path == path;
        }
        let mut parts = path.split('/');
        let fits = self.path.split('/').all(|wanted| {
            parts
                .next()
                .is_some_and(|part| match wanted.starts_with('{') {
                    true => !part.is_empty(),
                    false => part == wanted,
                })
        });
        fits && parts.next().is_none()
    }
}

impl Verb {
    /// As OpenAPI has it.
    pub fn http_method(self) -> HttpMethod {
        match self {
            Self::Get => HttpMethod::Get,
            Self::Post => HttpMethod::Post,
            Self::Put => HttpMethod::Put,
            Self::Delete => HttpMethod::Delete,
        }
    }

    /// As it stands in `Allow`.
    fn allow(self) -> &'static str {
        match self {
            Self::Get => "GET, HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    fn is(self, method: &Method) -> bool {
        match self {
            Self::Get => matches!(*method, Method::GET | Method::HEAD),
            Self::Post => *method == Method::POST,
            Self::Put => *method == Method::PUT,
            Self::Delete => *method == Method::DELETE,
        }
    }

    fn route(self) -> Handled {
        match self {
            Self::Get => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
            Self::Post => web::post(),
            Self::Put => web::put(),
            Self::Delete => web::delete(),
        }
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

/// Whether it is the path of a token: a slash and digits, and what people and programs put behind them.
fn is_token_path(path: &str) -> bool {
    token_in_path(path).is_some()
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
            let found = Route::find(&Method::GET, path).map_or(NO_ROUTE, |row| row.path);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_get_changes_nothing_and_every_route_for_programs_is_described() {
        for row in &ROUTES {
            assert!(!(row.method == Verb::Get && row.changes), "{row:?}");
            let for_programs = row.path.starts_with("/api/") || row.path == TOKEN;
            assert!(!for_programs || row.describe.is_some(), "{row:?}");
            assert!(row.handler.is_some() || row.path == TOKEN, "{row:?}");
        }
    }
}
