//! What each worker does with a connection: lets it in, and answers the requests on it.
//!
//! Belongs here: the way from a socket to the routes, by whichever version of HTTP. Does not belong here: the listener, and what
//! runs beside the workers (see `serve`).

use std::future::ready;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpServiceBuilder, KeepAlive, Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_service::{
    IntoServiceFactory as _, Service, ServiceFactory, ServiceFactoryExt as _, fn_factory,
    fn_service, map_config,
};
use actix_web::App as Routes;
use actix_web::body::BoxBody;
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;

use super::admitted::Admitted;
use super::connection::Connection;
use super::edge;
use super::http2;
use super::state::App;
use super::token_fast_path::TokenFastPath;

/// Time to end a connection that the framework closes.
const DISCONNECT: Duration = Duration::from_secs(2);

/// Answers the requests on connections, in every worker.
pub fn connections(
    app: &Arc<App>,
    address: SocketAddr,
    ends: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
+ use<> {
    let app = Arc::clone(app);
    fn_factory(move || worker(Arc::clone(&app), address, ends.clone()))
}

async fn worker(
    app: Arc<App>,
    address: SocketAddr,
    ends: GracefulShutdownSignal,
) -> Result<impl Service<TcpStream, Response = (), Error = DispatchError, Future = Served>, ()> {
    let answering = Rc::new(answering(&app).new_service(()).await?);
    let same = Rc::clone(&answering);
    let on_shutdown = ends.clone();
    let http1 = HttpServiceBuilder::default()
        // An idle connection is ended by its stream.
        .keep_alive(KeepAlive::Os)
        .client_request_timeout(app.config.server.header_timeout)
        .client_disconnect_timeout(DISCONNECT)
        .local_addr(address)
        .graceful_shutdown_signal(move || {
            let ends = on_shutdown.clone();
            async move { ends.notified().await }
        })
        .on_connect_ext(|connection: &Connection, data| {
            data.insert(connection.flow());
        })
        .h1(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&same)))))
        .new_service(())
        .await?;
    Ok(Worker {
        app,
        ends,
        http1: Rc::new(http1),
        answering,
    })
}

/// What a request comes to: the fast path of tokens, and behind it the edge.
fn answering(
    app: &Arc<App>,
) -> impl ServiceFactory<
    Request,
    Config = (),
    Response = Response<BoxBody>,
    Error = Response<BoxBody>,
    InitError = (),
> + use<> {
    let every = Arc::clone(app);
    let edge = move |request| edge::serve(Arc::clone(&every), request);
    // The table of routes says where a request goes; the framework makes of it what handlers take.
    let routes = Routes::new()
        .app_data(Arc::clone(app))
        .default_service(fn_service(edge));
    let answering = TokenFastPath::before(routes.into_factory(), app)
        .map_err(|error: actix_web::Error| Response::from(error.error_response()));
    map_config(answering, |()| AppConfig::default())
}

/// One worker's part of the work.
struct Worker<H, S> {
    app: Arc<App>,
    ends: GracefulShutdownSignal,
    /// Reads HTTP/1.1.
    http1: Rc<H>,
    answering: Rc<S>,
}

/// A connection, until its end.
type Served = Pin<Box<dyn Future<Output = Result<(), DispatchError>>>>;

impl<H, S> Service<TcpStream> for Worker<H, S>
where
    H: Service<(Connection, Option<SocketAddr>), Response = (), Error = DispatchError> + 'static,
    S: Service<Request, Response = Response<BoxBody>, Error = Response<BoxBody>> + 'static,
{
    type Response = ();
    type Error = DispatchError;
    type Future = Served;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), DispatchError>> {
        self.http1.poll_ready(context)
    }

    fn call(&self, stream: TcpStream) -> Served {
        let (app, ends) = (Arc::clone(&self.app), self.ends.clone());
        let (http1, answering) = (Rc::clone(&self.http1), Rc::clone(&self.answering));
        Box::pin(async move {
            // Who has not even finished a handshake asks for nothing yet.
            let admitted = tokio::select! {
                admitted = Admitted::admit(&app, stream) => admitted?,
                () = ends.notified() => return Ok(()),
            };
            match admitted.speaks_http_2 {
                true => http2::serve(&app, admitted, answering, &ends).await,
                false => {
                    let peer = admitted.peer;
                    http1.call((Connection::new(&app, admitted), peer)).await
                }
            }
        })
    }
}
