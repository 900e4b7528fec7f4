//! What a row of the table of routes holds.
//!
//! Belongs here: what can be said of a route, how a path is compared with it, and how its handler is called. Does not belong
//! here: the rows (see `routes`).

use std::pin::Pin;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Responder};
use utoipa::openapi::path::{HttpMethod, OperationBuilder};

use super::admission::permits::Kind;
use crate::config::LimitsSettings;
use crate::issuing::Storage;
use crate::link::token_in_path;
use crate::store::{Role, Scope};

/// Template of the links in codes: see [`is_token_path`].
pub const TOKEN: &str = "/{digits}";

/// The path of batches, whose rows are read as they come.
pub const BATCHES: &str = "/api/batches";

/// The template of a path that no route has.
pub const NO_ROUTE: &str = "(none)";

/// A row: one method of one path.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method; a `GET` answers `HEAD` too.
    pub method: Verb,
    /// The path, with a name in braces for each variable part.
    pub path: &'static str,
    /// What an API key has to have in its scope; `None`: anybody may. The handler's arguments hold it to that.
    pub scope: Option<Scope>,
    /// Whose accounts it is for; empty: for more than people who have signed in. Held to before anything is read.
    pub roles: &'static [Role],
    /// Whether a phone with a pass may, too, at the list of its pass.
    pub passes: bool,
    /// Whether its page differs for people who have signed in, though anybody may see it.
    pub greets: bool,
    /// Which permit a request takes while it is in progress. Looking at a token waits for nothing unless the token turns out to
    /// be stateful, and its health a server always tells.
    pub permit: Option<Kind>,
    /// The body that its handler reads, and how large that may be; the permit is taken when it is here.
    pub body: Option<Body>,
    /// Whether it changes what a server knows.
    pub changes: bool,
    /// Answers a request.
    pub handler: Handler,
    /// What OpenAPI says; `None` for pages and files.
    pub describe: Option<fn() -> OperationBuilder>,
}

/// Answers a request. Made of a function of the framework's kind by [`answer`].
pub type Handler = fn(ServiceRequest) -> Answering;

/// An answer on its way.
pub type Answering = Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>;

/// What `handler` answers, whose arguments are found in the request.
pub fn answer<H, Args>(request: ServiceRequest, handler: H) -> Answering
where
    H: actix_web::Handler<Args, Output: Responder>,
    Args: FromRequest + 'static,
{
    let (request, mut payload) = request.into_parts();
    Box::pin(async move {
        let answer = match Args::from_request(&request, &mut payload).await {
            Ok(args) => handler
                .call(args)
                .await
                .respond_to(&request)
                .map_into_boxed_body(),
            Err(error) => HttpResponse::from_error(error),
        };
        ServiceResponse::new(request, answer)
    })
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
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

/// What a body holds, which says how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// An `open_id` and a PIN.
    Open,
    /// A few words, with or without a token in either text form.
    Token,
    /// A document.
    Document,
    /// A text with options and a logo.
    Code,
    /// A document with options and a logo.
    Envelope,
    /// What a link says, with options and a logo.
    Link,
    /// A token in either text form, a list, a PIN.
    CheckIn,
    /// What a check-in list asks, or its staff.
    List,
    /// A document that is stored, with its token.
    Revision,
    /// A message of 10,000 characters, each up to twelve bytes, with options.
    Message,
    /// The same as a form, in which each byte may be percent-encoded.
    MessageForm,
    /// The start page's form.
    PageForm,
    /// The form of a profile.
    ProfileForm,
    /// A form of the console, or of its door.
    Console,
    /// A form of the console with a file of rows in it.
    Rows,
    /// A form of the console with a photo in it.
    Photo,
}

impl Body {
    /// The most bytes that it may have; a document that the query wants stored may be larger.
    pub fn most(self, limits: &LimitsSettings, query: &str) -> usize {
        match self {
            // Each character of a PIN takes up to twelve: four bytes, each percent-encoded.
            Self::Open => 1024,
            Self::Token | Self::Console => 16 * 1024,
            // The longest token, as digits, is one that no QR code holds.
            Self::CheckIn => 192 * 1024,
            Self::List => 64 * 1024,
            Self::Document if is_stored(query) => limits.largest_body_bytes(),
            Self::Document => limits.max_body_bytes,
            Self::Code | Self::Link => limits.max_body_bytes + limits.logo_text_bytes(),
            // Whether it is to be stored stands inside.
            Self::Envelope => limits.largest_body_bytes() + limits.logo_text_bytes(),
            Self::Revision => limits.largest_body_bytes(),
            Self::Message => 128 * 1024,
            Self::MessageForm => 160 * 1024,
            Self::PageForm | Self::Rows => limits.page_form_bytes(),
            Self::ProfileForm => 256 * 1024,
            // What phones make; with the usual `server.request_memory_bytes` it is a client's share.
            Self::Photo => 4 << 20,
        }
    }
}

/// Whether the query says that the document may go into the store.
fn is_stored(query: &str) -> bool {
    let inline = |value: &str| value.parse::<Storage>() == Ok(Storage::Inline);
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "storage" && !inline(&value))
}

/// What a row begins with, until it has its handler.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    method: Verb,
    path: &'static str,
}

/// A row for `GET`.
pub const fn get(path: &'static str) -> Address {
    Address::new(Verb::Get, path)
}

/// A row for `POST`.
pub const fn post(path: &'static str) -> Address {
    Address::new(Verb::Post, path)
}

/// A row for `PUT`.
pub const fn put(path: &'static str) -> Address {
    Address::new(Verb::Put, path)
}

/// A row for `PATCH`.
pub const fn patch(path: &'static str) -> Address {
    Address::new(Verb::Patch, path)
}

/// A row for `DELETE`.
pub const fn delete(path: &'static str) -> Address {
    Address::new(Verb::Delete, path)
}

impl Address {
    const fn new(method: Verb, path: &'static str) -> Self {
        Self { method, path }
    }

    /// The row, as long as nothing else is said of it.
    pub const fn to(self, handler: Handler) -> Route {
        Route {
            method: self.method,
            path: self.path,
            scope: None,
            roles: &[],
            passes: false,
            greets: false,
            permit: Some(Kind::Other),
            body: None,
            changes: matches!(self.method, Verb::Put | Verb::Patch | Verb::Delete),
            handler,
            describe: None,
        }
    }
}

impl Route {
    pub const fn takes(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self.changes = !matches!(scope, Scope::Read | Scope::Audit);
        if !matches!(scope, Scope::Issue) {
            self.permit = Some(Kind::ByKey);
        }
        self
    }

    /// For people of these roles who have signed in, and for nobody else.
    pub const fn for_roles(mut self, roles: &'static [Role]) -> Self {
        self.roles = roles;
        self.permit = Some(Kind::ByKey);
        self
    }

    /// For phones with a pass, too; or, if it is for nobody in particular, different for those.
    pub const fn or_passes(mut self) -> Self {
        self.passes = true;
        self
    }

    /// Says who has signed in, if somebody has.
    pub const fn greets(mut self) -> Self {
        self.greets = true;
        self
    }

    /// Whether it has to be known who has signed in.
    pub fn knows_people(&self) -> bool {
        self.scope.is_some() || self.greets || !self.roles.is_empty()
    }

    /// Whether an account of this role may do it.
    pub fn is_for(&self, role: Role) -> bool {
        match self.scope {
            Some(scope) => role.may(scope),
            None => self.roles.is_empty() || self.roles.contains(&role),
        }
    }

    pub const fn waits_for(mut self, permit: Option<Kind>) -> Self {
        self.permit = permit;
        self
    }

    pub const fn reads(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    /// Whether its handler reads no body at all.
    pub fn reads_none(&self) -> bool {
        self.body.is_none() && self.path != BATCHES
    }

    /// It changes nothing, whatever its scope.
    pub const fn only_looks(mut self) -> Self {
        self.changes = false;
        self
    }

    pub const fn changes(mut self) -> Self {
        self.changes = true;
        self
    }

    pub const fn described(mut self, describe: fn() -> OperationBuilder) -> Self {
        self.describe = Some(describe);
        self
    }

    /// What OpenAPI says of the route, but for who may.
    pub fn description(&self) -> Option<OperationBuilder> {
        self.describe.map(|describe| describe())
    }

    /// Leaves the row of `request` for those that read its body.
    pub fn leave(&'static self, request: &impl actix_web::HttpMessage) {
        request.extensions_mut().insert(Row(self));
    }

    /// The row of a request that has been handed to a handler.
    pub fn handling(request: &HttpRequest) -> Option<&'static Self> {
        request.extensions().get::<Row>().map(|row| row.0)
    }

    pub fn is_at(&self, path: &str) -> bool {
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

/// The row that a request is answered by.
struct Row(&'static Route);

impl Verb {
    /// As OpenAPI has it.
    pub fn http_method(self) -> HttpMethod {
        match self {
            Self::Get => HttpMethod::Get,
            Self::Post => HttpMethod::Post,
            Self::Put => HttpMethod::Put,
            Self::Patch => HttpMethod::Patch,
            Self::Delete => HttpMethod::Delete,
        }
    }

    /// As it stands in `Allow`.
    pub fn allow(self) -> &'static str {
        match self {
            Self::Get => "GET, HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    pub fn is(self, method: &Method) -> bool {
        match self {
            Self::Get => matches!(*method, Method::GET | Method::HEAD),
            Self::Post => *method == Method::POST,
            Self::Put => *method == Method::PUT,
            Self::Patch => *method == Method::PATCH,
            Self::Delete => *method == Method::DELETE,
        }
    }
}

/// What stands in the path of `request` where its row has `{name}`; empty if the row has no such part.
pub fn variable<'r>(request: &'r HttpRequest, name: &str) -> &'r str {
    let template = Route::handling(request).map_or("", |row| row.path);
    template
        .split('/')
        .zip(request.match_info().as_str().split('/'))
        .find(|(wanted, _)| is_variable(wanted, name))
        .map_or("", |(_, part)| part)
}

fn is_variable(part: &str, name: &str) -> bool {
    let inside = part
        .strip_prefix('{')
        .and_then(|part| part.strip_suffix('}'));
    inside == Some(name)
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
pub fn is_token_path(path: &str) -> bool {
    token_in_path(path).is_some()
}
