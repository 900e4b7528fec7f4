//! HTTP/2 (RFC 9113) on a connection with TLS.
//!
//! Belongs here: requests made of streams, and the bounds that HTTP/1.1 has by its nature or by `connection`: how many requests a
//! client has at once, the bytes of their heads and of bodies that nobody asked for yet, and how long a connection may stand still.
//! Does not belong here: what is sent (see `answer`), what comes behind a head (see `body`), what comes and goes as bytes (see
//! `limited`), and what a request says.
//!
//! The framework's own driver of HTTP/2 lets a client open any number of streams with heads of 16 MiB, leaves their handlers running
//! when a client takes its requests back, and does not hear that the server ends. So ours drives the connection.

mod answer;
mod body;
mod frames;
mod limited;

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use actix_http::body::BoxBody;
use actix_http::error::DispatchError;
use actix_http::{Payload, Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_service::Service;
use actix_web::http::header::{COOKIE, HeaderValue};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode};
use bytes::Bytes;
use futures_core::Stream;
use h2::server::{Builder, Handshake};
use h2::{Reason, RecvStream};
use http::Version;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep_until, timeout};

use self::answer::{Answer, SEND_BYTES, answer};
use self::body::{Body, Incoming, Unread};
use self::frames::Frames;
use self::limited::Limited;
use super::admission::bytes::{HeldBytes, NoRoom};
use super::admission::connections::{OpenConnection, TooMany};
use super::admitted::Admitted;
use super::connection::MAX_HEAD_BYTES;
use super::state::App;
use super::wire::Wire;
use crate::limits::Subject;
use crate::telemetry::metrics;

/// Requests at once on one connection: as many as a browser asks for of one page.
const MAX_STREAMS: u32 = 32;
/// Bytes of all bodies on a client's connection that came and that nobody asked for yet.
const BODIES_AHEAD_BYTES: u32 = 65_535;
/// The same of one body of a trusted proxy, once it has heard of it; before, it is as much as RFC 9113 says (section 6.9.2). Those
/// of clients have more, who may be far away: each so much takes a round trip.
const BODY_AHEAD_BYTES: u32 = 16 * 1024;
/// Requests that a client may take back, at once and again in the time that an idle connection is kept.
const TAKEN_BACK: u32 = 100;
/// Requests that were taken back, as many of each kind as are remembered; a client that takes back more at once is sent away.
const MAX_RESETS: usize = 32;
/// The same for a trusted proxy, whose connection is that of many clients. Its bodies wait for each other no more than those of
/// many connections do.
const TAKEN_BACK_BY_PROXIES: u32 = 1024;
const MAX_RESETS_OF_PROXIES: usize = 256;
const BODIES_AHEAD_OF_PROXIES_BYTES: u32 = MAX_STREAMS * BODY_AHEAD_BYTES;
/// What is wrong with requests of a proxy, for as long as its connection lasts.
const MAX_ERRORS_OF_PROXIES: usize = 1024;
/// What the names and values of a field are counted with beside their bytes (RFC 9113, section 6.5.2).
const FIELD_BYTES: usize = 32;
/// For what is said at the end of a connection.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What drives a connection.
type Driver = h2::server::Connection<Limited<Wire>, Bytes>;

/// Answers the requests on a connection until it ends.
///
/// # Errors
///
/// The connection broke, or its client does not keep to HTTP/2.
pub async fn serve<S>(
    app: &Arc<App>,
    admitted: Admitted,
    answering: Rc<S>,
    ends: &GracefulShutdownSignal,
) -> Result<(), DispatchError>
where
    S: Service<Request, Response = Response<BoxBody>, Error = Response<BoxBody>> + 'static,
{
    let settings = &app.config.server;
    let (keep_alive, patience) = (settings.keep_alive, settings.header_timeout);
    // Who takes what is sent has as long again.
    let patience_sending = patience * 2;
    let taken_back = match admitted.client {
        Some(_) => TAKEN_BACK,
        None => TAKEN_BACK_BY_PROXIES,
    };
    let frames = Rc::new(RefCell::new(Frames::new(taken_back, keep_alive)));
    let peer = Peer {
        app: Arc::clone(app),
        address: admitted.peer,
        client: admitted.client,
        frames: Rc::clone(&frames),
        ahead: RefCell::new(Weak::new()),
    };
    let mut shutdown = pin!(ends.notified());
    let wire = Limited::new(admitted.wire, frames, patience_sending);
    let mut connection = tokio::select! {
        greeted = timeout(patience, peer.greet(wire)) => {
            greeted.map_err(|_| DispatchError::SlowRequestTimeout)?.map_err(broken)?
        }
        () = &mut shutdown => return Ok(()),
    };
    // Who leaves takes the requests along: this is dropped with the connection.
    let mut requests = JoinSet::new();
    // Who has greeted is to ask for something, as with HTTP/1.1.
    let mut idle = pin!(sleep_until(Instant::now() + patience));
    let mut body_ahead = BODIES_AHEAD_BYTES;
    let (mut closing, mut closed) = (false, false);
    loop {
        // Requests that were taken back work on until they notice: no more of them, either.
        let has_room = requests.len() < MAX_STREAMS as usize;
        tokio::select! {
            request = poll_fn(|context| match has_room {
                true => connection.poll_accept(context),
                false => connection.poll_closed(context).map(|ended| ended.err().map(Err)),
            }) => match request {
                None => return Ok(()),
                Some(Err(error)) => return Err(broken(error)),
                Some(Ok((_, mut respond))) if closed => {
                    metrics::http_2_refused("closing");
                    respond.send_reset(Reason::REFUSED_STREAM);
                }
                Some(Ok((request, respond))) => {
                    // Until a proxy has agreed to what it was told first, it can be told nothing else.
                    if peer.client.is_none()
                        && body_ahead > BODY_AHEAD_BYTES
                        && connection.set_initial_window_size(BODY_AHEAD_BYTES).is_ok()
                    {
                        body_ahead = BODY_AHEAD_BYTES;
                    }
                    let respond = Answer { respond, patience: patience_sending };
                    match peer.admit(request, requests.is_empty(), body_ahead) {
                        Ok((request, unread, held)) => {
                            let answering = Rc::clone(&answering);
                            let request = (request, unread);
                            requests.spawn_local(answer(answering, request, respond, held));
                        }
                        Err(refused) => respond.refuse(refused),
                    }
                }
            },
            Some(_) = requests.join_next(), if !requests.is_empty() => {
                if closed && requests.is_empty() {
                    return last_words(&mut connection).await;
                }
                if !closing {
                    idle.as_mut().reset(Instant::now() + keep_alive);
                }
            }
            () = &mut idle, if !closed && (closing || requests.is_empty()) => match closing {
                false => {
                    closing = true;
                    connection.graceful_shutdown();
                    idle.as_mut().reset(Instant::now() + LAST_WORDS);
                }
                true if requests.is_empty() => return last_words(&mut connection).await,
                true => closed = true,
            },
            () = &mut shutdown, if !closing => {
                closing = true;
                connection.graceful_shutdown();
                idle.as_mut().reset(Instant::now() + LAST_WORDS);
            }
        }
    }
}

/// Sends what is still on its way. Nothing that comes is answered any more.
async fn last_words(connection: &mut Driver) -> Result<(), DispatchError> {
    let sent = poll_fn(|context| connection.poll_closed(context));
    match timeout(LAST_WORDS, sent).await {
        Ok(ended) => ended.map_err(broken),
        Err(_) => Ok(()),
    }
}

fn broken(error: h2::Error) -> DispatchError {
    if error.is_library() {
        metrics::http_2_refused("protocol");
    }
    DispatchError::Io(match error.is_io() {
        true => error
            .into_io()
            .unwrap_or_else(|| io::ErrorKind::ConnectionAborted.into()),
        false => io::Error::other(error),
    })
}

/// Whose connection it is.
struct Peer {
    app: Arc<App>,
    address: Option<SocketAddr>,
    client: Option<Subject>,
    frames: Rc<RefCell<Frames>>,
    /// The room for bodies ahead, while there are any.
    ahead: RefCell<Weak<HeldBytes>>,
}

/// What a request takes of what there is, given back at its end.
struct Held {
    _open: Option<OpenConnection>,
    _head: HeldBytes,
    _ahead: Option<Rc<HeldBytes>>,
}

/// Why a request is not let in.
enum NotLetIn {
    Malformed,
    TooMany(TooMany),
    NoRoom,
}

impl From<TooMany> for NotLetIn {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

impl From<NoRoom> for NotLetIn {
    fn from(_: NoRoom) -> Self {
        Self::NoRoom
    }
}

impl NotLetIn {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooMany(TooMany::OfClient) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooMany(TooMany::OfAll) | Self::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Peer {
    /// Says what a client may do, and hears that it speaks HTTP/2.
    fn greet(&self, wire: Limited<Wire>) -> Handshake<Limited<Wire>, Bytes> {
        let (ahead, resets, errors) = match self.client {
            Some(_) => (BODIES_AHEAD_BYTES, MAX_RESETS, MAX_RESETS),
            None => (
                BODIES_AHEAD_OF_PROXIES_BYTES,
                MAX_RESETS_OF_PROXIES,
                MAX_ERRORS_OF_PROXIES,
            ),
        };
        Builder::new()
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).unwrap_or(u32::MAX))
            .initial_connection_window_size(ahead)
            .max_send_buffer_size(SEND_BYTES)
            .max_concurrent_reset_streams(resets)
            .max_pending_accept_reset_streams(resets)
            .max_local_error_reset_streams(Some(errors))
            .handshake(wire)
    }

    /// A request as the routes have it. Each beside the first counts as a connection of its client, as it would be with HTTP/1.1,
    /// and as one of all.
    fn admit(
        &self,
        request: http::Request<RecvStream>,
        is_first: bool,
        body_ahead: u32,
    ) -> Result<(Request, Unread, Held), StatusCode> {
        let (parts, body) = request.into_parts();
        let held = self.hold(&parts, &body, is_first, body_ahead);
        let held = held.map_err(|why| {
            metrics::http_2_refused(match why {
                NotLetIn::Malformed => "malformed",
                NotLetIn::TooMany(_) | NotLetIn::NoRoom => "no_room",
            });
            why.status()
        })?;
        let unread = Unread::default();
        let payload = match body.is_end_stream() {
            true => Payload::None,
            false => Payload::Stream {
                payload: Box::pin(Body::new(
                    Incoming::new(body, Rc::clone(&self.frames)),
                    Rc::clone(&unread),
                )) as Pin<Box<dyn Stream<Item = _>>>,
            },
        };
        let mut request = Request::with_payload(payload);
        let to = request.head_mut();
        to.method = parts.method;
        to.uri = parts.uri;
        to.version = Version::HTTP_2;
        to.peer_addr = self.address;
        to.headers = with_one_cookie(parts.headers).into();
        Ok((request, unread, held))
    }

    /// Takes what a request needs.
    fn hold(
        &self,
        parts: &http::request::Parts,
        body: &RecvStream,
        is_first: bool,
        body_ahead: u32,
    ) -> Result<Held, NotLetIn> {
        if !has_target(parts) {
            return Err(NotLetIn::Malformed);
        }
        let open = match is_first {
            true => None,
            false => Some(self.app.connections.admit_request(self.client)?),
        };
        let mut head = self.app.request_memory.none(self.client);
        head.grow_to(head_bytes(parts))?;
        let ahead = match body.is_end_stream() {
            true => None,
            false => Some(self.room_ahead(body_ahead)?),
        };
        Ok(Held {
            _open: open,
            _head: head,
            _ahead: ahead,
        })
    }

    /// Room for what comes of a body ahead: all bodies of a client's connection have it together, each of a proxy its own.
    fn room_ahead(&self, body_ahead: u32) -> Result<Rc<HeldBytes>, NoRoom> {
        let mut ahead = self.ahead.borrow_mut();
        let bytes = match self.client {
            Some(_) => BODIES_AHEAD_BYTES,
            None => body_ahead,
        };
        if let Some(held) = ahead.upgrade() {
            return Ok(held);
        }
        let mut held = self.app.request_memory.none(self.client);
        held.grow_to(bytes as usize)?;
        let held = Rc::new(held);
        if self.client.is_some() {
            *ahead = Rc::downgrade(&held);
        }
        Ok(held)
    }
}

/// Whether a request is for something here: a path, or the server itself (RFC 9110, section 7.1). Nothing is asked of others for
/// anybody.
fn has_target(parts: &http::request::Parts) -> bool {
    match parts.uri.path_and_query().map(PathAndQuery::as_str) {
        Some("*") => parts.method == Method::OPTIONS,
        Some(target) => target.starts_with('/') && parts.method != Method::CONNECT,
        None => false,
    }
}

fn head_bytes(parts: &http::request::Parts) -> usize {
    let target = parts.uri.path_and_query().map_or(0, |it| it.as_str().len());
    let authority = parts.uri.authority().map_or(0, |it| it.as_str().len());
    let line = parts.method.as_str().len() + target + authority;
    let fields = parts.headers.iter();
    fields.fold(line, |sum, (name, value)| {
        sum + name.as_str().len() + value.len() + FIELD_BYTES
    })
}

/// Browsers send each cookie in a field of its own; others are told of one field (RFC 9113, section 8.2.3).
fn with_one_cookie(mut headers: http::HeaderMap) -> http::HeaderMap {
    let mut cookies = headers.get_all(COOKIE).iter();
    if cookies.next().is_none() || cookies.next().is_none() {
        return headers;
    }
    let all: Vec<&[u8]> = headers
        .get_all(COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if let Ok(one) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        headers.insert(COOKIE, one);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_several_fields_are_one() {
        let joined = |fields: &[&'static str]| {
            let mut headers = http::HeaderMap::new();
            for field in fields {
                headers.append(COOKIE, HeaderValue::from_static(field));
            }
            let headers = with_one_cookie(headers);
            let values: Vec<_> = headers.get_all(COOKIE).iter().cloned().collect();
            values
        };
        assert!(joined(&[]).is_empty());
        assert_eq!(joined(&["a=1"]), ["a=1"]);
        assert_eq!(joined(&["a=1", "b=2; c=3", "d=4"]), ["a=1; b=2; c=3; d=4"]);
    }
}
