//! HTTP/2 (RFC 9113) on a connection with TLS.
//!
//! Belongs here: requests made of streams, answers written to them, and the bounds that HTTP/1.1 has by its nature or by
//! `connection`: how many requests a client has at once, the bytes of their heads and of bodies that nobody asked for yet, and how
//! long a connection may stand still. Does not belong here: what a request says.
//!
//! The framework's own driver of HTTP/2 lets a client open any number of streams with heads of 16 MiB, leaves their handlers running
//! when a client takes its requests back, and does not hear that the server ends. So ours drives the connection.

mod answer;
mod frames;
mod limited;

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_http::body::BoxBody;
use actix_http::error::{DispatchError, PayloadError};
use actix_http::{Payload, Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_service::Service;
use actix_web::http::StatusCode;
use actix_web::http::header::{COOKIE, HeaderValue};
use bytes::Bytes;
use futures_core::Stream;
use h2::RecvStream;
use h2::server::Builder;
use http::Version;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep_until, timeout};

use self::answer::{Answer, SEND_BYTES, answer};
use self::frames::Frames;
use self::limited::Limited;
use super::admission::bytes::{HeldBytes, NoRoom};
use super::admission::connections::OpenConnection;
use super::admitted::Admitted;
use super::connection::MAX_HEAD_BYTES;
use super::state::App;
use crate::limits::Subject;
use crate::telemetry::metrics;

/// Requests at once on one connection: as many as a browser asks for of one page.
const MAX_STREAMS: u32 = 32;
/// Bytes of all bodies on one connection that came and that nobody asked for yet.
const BODY_AHEAD_BYTES: u32 = 65_535;
/// Requests that were taken back, as many of each kind as are remembered; a client that takes back more is sent away.
const MAX_RESETS: usize = 32;
/// Requests that a client may take back, at once and again in the time that an idle connection is kept.
const TAKEN_BACK: u32 = 100;
/// What the names and values of a field are counted with beside their bytes (RFC 9113, section 6.5.2).
const FIELD_BYTES: usize = 32;
/// For what is said at the end of a connection.
const LAST_WORDS: Duration = Duration::from_secs(2);

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
    let frames = Rc::new(RefCell::new(Frames::new(TAKEN_BACK, keep_alive)));
    let wire = Limited::new(admitted.wire, Rc::clone(&frames), patience * 2);
    let greeting = Builder::new()
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).unwrap_or(u32::MAX))
        .initial_window_size(BODY_AHEAD_BYTES)
        .initial_connection_window_size(BODY_AHEAD_BYTES)
        .max_send_buffer_size(SEND_BYTES)
        .max_concurrent_reset_streams(MAX_RESETS)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(Some(MAX_RESETS))
        .handshake::<_, Bytes>(wire);
    let mut connection = timeout(patience, greeting)
        .await
        .map_err(|_| DispatchError::SlowRequestTimeout)?
        .map_err(broken)?;
    let peer = Peer {
        app: Arc::clone(app),
        address: admitted.peer,
        client: admitted.client,
        frames,
        ahead: RefCell::new(Weak::new()),
    };
    // Who leaves takes the requests along: this is dropped with the connection.
    let mut requests = JoinSet::new();
    let mut idle = pin!(sleep_until(Instant::now() + keep_alive));
    let mut shutdown = pin!(ends.notified());
    let mut closing = false;
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
                Some(Ok((request, respond))) => {
                    let respond = Answer { respond, patience };
                    match peer.admit(request, requests.is_empty()) {
                        Ok((request, held)) => {
                            let answering = Rc::clone(&answering);
                            requests.spawn_local(answer(answering, request, respond, held));
                        }
                        Err(refused) => {
                            metrics::http_2_refused("no_room");
                            respond.refuse(refused);
                        }
                    }
                }
            },
            Some(_) = requests.join_next(), if !requests.is_empty() => {
                let kept = if closing { LAST_WORDS } else { keep_alive };
                idle.as_mut().reset(Instant::now() + kept);
            }
            () = &mut idle, if requests.is_empty() => {
                if closing {
                    return Ok(());
                }
                closing = true;
                connection.graceful_shutdown();
                idle.as_mut().reset(Instant::now() + LAST_WORDS);
            }
            () = &mut shutdown, if !closing => {
                closing = true;
                connection.graceful_shutdown();
                idle.as_mut().reset(Instant::now() + LAST_WORDS);
            }
        }
    }
}

fn broken(error: h2::Error) -> DispatchError {
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

impl Peer {
    /// A request as the routes have it. Each beside the first counts as a connection of its client, as it would be with HTTP/1.1.
    fn admit(
        &self,
        request: http::Request<RecvStream>,
        is_first: bool,
    ) -> Result<(Request, Held), StatusCode> {
        let open = match self.client.filter(|_| !is_first) {
            None => None,
            Some(client) => match self.app.connections.admit(client) {
                None => return Err(StatusCode::TOO_MANY_REQUESTS),
                open => open,
            },
        };
        let (parts, body) = request.into_parts();
        let mut head = self.app.request_memory.none(self.client);
        let ahead = match body.is_end_stream() {
            true => Ok(None),
            false => self.room_ahead().map(Some),
        };
        let (Ok(()), Ok(ahead)) = (head.grow_to(head_bytes(&parts)), ahead) else {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        };
        let payload = match ahead {
            None => Payload::None,
            Some(_) => Payload::Stream {
                payload: Box::pin(Body {
                    stream: body,
                    frames: Rc::clone(&self.frames),
                }) as Pin<Box<dyn Stream<Item = _>>>,
            },
        };
        let mut request = Request::with_payload(payload);
        let to = request.head_mut();
        to.method = parts.method;
        to.uri = parts.uri;
        to.version = Version::HTTP_2;
        to.peer_addr = self.address;
        to.headers = with_one_cookie(parts.headers).into();
        let held = Held {
            _open: open,
            _head: head,
            _ahead: ahead,
        };
        Ok((request, held))
    }

    fn room_ahead(&self) -> Result<Rc<HeldBytes>, NoRoom> {
        let mut ahead = self.ahead.borrow_mut();
        if let Some(held) = ahead.upgrade() {
            return Ok(held);
        }
        let mut held = self.app.request_memory.none(self.client);
        held.grow_to(BODY_AHEAD_BYTES as usize)?;
        let held = Rc::new(held);
        *ahead = Rc::downgrade(&held);
        Ok(held)
    }
}

fn head_bytes(parts: &http::request::Parts) -> usize {
    let target = parts.uri.path_and_query().map_or(0, |it| it.as_str().len());
    let fields = parts.headers.iter();
    fields.fold(target, |sum, (name, value)| {
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

/// A request's body. What is read of it makes room for more.
struct Body {
    stream: RecvStream,
    frames: Rc<RefCell<Frames>>,
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { stream, frames } = self.get_mut();
        Poll::Ready(match ready!(stream.poll_data(context)) {
            None => None,
            Some(piece) => {
                let piece = piece.and_then(|piece| {
                    stream.flow_control().release_capacity(piece.len())?;
                    if !piece.is_empty() {
                        frames.borrow_mut().piece_was_read();
                    }
                    Ok(piece)
                });
                Some(piece.map_err(|_| PayloadError::Incomplete(None)))
            }
        })
    }
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
