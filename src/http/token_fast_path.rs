//! The fast path of tokens: where requests come in, before the framework makes anything of them.
//!
//! Belongs here: a look at the token in the path that a phone scans, and the answer for a plain one. Does not belong here:
//! any other answer. A token that is held or dead goes on to the routes, with what was seen; so does every other request,
//! untouched.
//!
//! That answer is what a server of codes gives most often. What actix-web prepares for handlers (the path decoded, a request
//! of its own) and the edge cost as much as opening the token, and are not needed for it.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_http::{Request, Response};
use actix_service::{Service, ServiceFactory};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage as _};

use super::connection::{Flow, InProgress};
use super::operations::links::scan::{Scan, at_once};
use super::operations::tokens::look::{Seen, plain, see};
use super::operations::tokens::shown;
use super::request_id::RequestId;
use super::state::App;
use super::{client, cors, headers, host, route, wire};
use crate::clock;
use crate::link::is_digits;
use crate::opening::{FirstLook, Looked};
use crate::telemetry::{RequestLine, metrics};
use crate::token::TokenId;

/// Makes the fast path of each worker. `F` makes what is behind it: the routes.
pub struct TokenFastPath<F> {
    routes: F,
    app: Arc<App>,
}

impl<F> TokenFastPath<F> {
    /// A fast path before `routes`.
    pub fn before(routes: F, app: &Arc<App>) -> Self {
        Self {
            routes,
            app: Arc::clone(app),
        }
    }
}

impl<F> ServiceFactory<Request> for TokenFastPath<F>
where
    F: ServiceFactory<
            Request,
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            Config = AppConfig,
            InitError = (),
        >,
    F::Service: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error, Future: Unpin>
        + 'static,
    F::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Config = AppConfig;
    type Service = DoorService<F::Service>;
    type InitError = ();
    type Future = Pin<Box<dyn Future<Output = Result<Self::Service, ()>>>>;

    fn new_service(&self, config: AppConfig) -> Self::Future {
        let routes = self.routes.new_service(config);
        let app = Arc::clone(&self.app);
        Box::pin(async move {
            let routes = routes.await?;
            Ok(DoorService { routes, app })
        })
    }
}

/// The fast path of one worker.
pub struct DoorService<S> {
    routes: S,
    app: Arc<App>,
}

impl<S> Service<Request> for DoorService<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error, Future: Unpin>,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Future = Answered<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.routes.poll_ready(context)
    }

    fn call(&self, mut request: Request) -> Self::Future {
        let in_progress = Flow::begin(&mut request);
        if let Some(answer) = on_fast_path(&self.app, &request) {
            return Answered::Here(ready(Ok(answer)));
        }
        Answered::ByRoutes {
            answer: self.routes.call(request),
            _in_progress: in_progress,
        }
    }
}

/// An answer that is there, or that the routes will give.
pub enum Answered<F> {
    Here(Ready<Result<Response<BoxBody>, Error>>),
    ByRoutes {
        answer: F,
        _in_progress: Option<InProgress>,
    },
}

impl<F> Future for Answered<F>
where
    F: Future<Output = Result<ServiceResponse<BoxBody>, Error>> + Unpin,
{
    type Output = Result<Response<BoxBody>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Here(answer) => Pin::new(answer).poll(context),
            Self::ByRoutes { answer, .. } => Pin::new(answer).poll(context).map_ok(Into::into),
        }
    }
}

/// The answer, if the request looks at a plain token, or scans a link that is in memory. What was seen of another token stays with the request.
fn on_fast_path(app: &App, request: &Request) -> Option<Response<BoxBody>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let started = Instant::now();
    let path = request.path();
    let path = route::below(app.links.base_path(), path).unwrap_or(path);
    let digits = path.strip_prefix('/').filter(|text| is_digits(text))?;
    if !host::is_sound(request.head()) || wire::is_cut(request.uri()) {
        return None;
    }
    let client = client::address_behind(app, request.peer_addr(), request.headers());
    let request_id = RequestId::of(request.headers());
    match see(app, client, digits) {
        // The page that follows a form has a picture of the code, which is drawn elsewhere.
        Ok(FirstLook::Done(Looked::Plain(document))) if !shown::is_made(request.uri().query()) => {
            let id = document.id;
            let mut answer = plain(app, request, document, digits, false);
            headers::complete(answer.headers_mut(), app.https);
            cors::allow(app, request.headers(), answer.headers_mut());
            headers::take_no_upgrade(request.head(), answer.head_mut());
            request_id.tell(answer.headers_mut(), false);
            let took = started.elapsed();
            metrics::plain_opened(took);
            let asked = (request.method(), &request_id);
            log(app, asked, StatusCode::OK, id, took);
            Some(answer.into())
        }
        Ok(FirstLook::Stored(token)) => {
            let id = token.id();
            let scan = Scan {
                request,
                method: request.method(),
                query: request.uri().query(),
            };
            let Some(Ok(mut answer)) = at_once(app, &scan, id) else {
                let seen = Ok(FirstLook::Stored(token));
                request.extensions_mut().insert(Seen(seen));
                return None;
            };
            headers::complete(answer.headers_mut(), app.https);
            cors::allow(app, request.headers(), answer.headers_mut());
            headers::take_no_upgrade(request.head(), answer.head_mut());
            request_id.tell(answer.headers_mut(), false);
            let asked = (request.method(), &request_id);
            log(app, asked, answer.status(), id, started.elapsed());
            Some(answer.into())
        }
        seen => {
            request.extensions_mut().insert(Seen(seen));
            None
        }
    }
}

fn log(
    app: &App,
    (method, request_id): (&Method, &RequestId<'_>),
    status: StatusCode,
    id: TokenId,
    duration: Duration,
) {
    if let Some(log) = &app.request_log {
        log.write(&RequestLine {
            at: clock::timestamp(),
            method: route::method_name(method),
            route: route::TOKEN,
            status: status.as_u16(),
            duration,
            token_id: Some(id),
            by: None,
            request_id: request_id.as_str(),
            code: None,
        });
    }
}
