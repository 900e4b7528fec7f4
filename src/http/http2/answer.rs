//! Answers to requests of HTTP/2.
//!
//! Belongs here: an answer as the client takes it, and until it takes it back. Does not belong here: what is answered.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use actix_http::body::{BodySize, BoxBody, MessageBody as _};
use actix_http::{Request, Response, ResponseHead};
use actix_service::Service;
use actix_web::http::header::{
    CONNECTION, CONTENT_LENGTH, DATE, HeaderValue, HttpDate, RETRY_AFTER, TRANSFER_ENCODING,
    UPGRADE,
};
use actix_web::http::{Method, StatusCode};
use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use http::Version;
use tokio::time::timeout;

use super::body::Unread;
use crate::http::state::now;

/// Bytes of an answer that wait to be sent.
pub const SEND_BYTES: usize = 16 * 1024;

/// Where an answer goes.
pub struct Answer {
    pub respond: SendResponse<Bytes>,
    /// The time that a client may take no more of it.
    pub patience: Duration,
}

/// How long more of a body that nobody wants is taken after the answer.
const LINGER: Duration = Duration::from_secs(2);

/// Works on a request and sends the answer, unless the client takes the request back. What is `held` is given back then.
///
/// Of a body that was not read to its end the rest is taken for a moment: clients that are cut off while they send report that,
/// and not the answer.
pub async fn answer<S, H>(
    answering: Rc<S>,
    (request, unread): (Request, Unread),
    mut answer: Answer,
    held: H,
) where
    S: Service<Request, Response = Response<BoxBody>, Error = Response<BoxBody>>,
{
    let head_alone = request.method() == Method::HEAD;
    let mut rest = None;
    let mut throw_away = |context: &mut Context<'_>| {
        if rest.is_none() {
            rest = unread.take();
        }
        rest.as_mut()
            .map_or(Poll::Ready(()), |rest| rest.poll_to_end(context))
    };
    let response = tokio::select! {
        // A body that is not wanted is there once its request was begun.
        biased;
        response = answering.call(request) => response.unwrap_or_else(|refused| refused),
        _reset = poll_fn(|context| answer.respond.poll_reset(context)) => return,
        // So that it keeps no other of its connection waiting.
        never = poll_fn(|context| {
            let _rest = throw_away(context);
            Poll::<Infallible>::Pending
        }) => match never {},
    };
    let stream = answer.send(response, head_alone).await;
    if stream.is_some() {
        let _over = timeout(LINGER, poll_fn(throw_away)).await;
    }
    drop((stream, held));
}

impl Answer {
    /// Tells the client in a few words that it asks for too much, or for nothing that could be.
    pub fn refuse(mut self, status: StatusCode) {
        let mut response = http::Response::new(());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if status != StatusCode::BAD_REQUEST {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        // Whether it arrives or not: there is nothing more to say.
        let _sent = self.respond.send_response(response, true);
    }

    /// Sends a response: its stream, which ends when it is dropped. A client that went away, or takes nothing of it for long, does
    /// not get it.
    async fn send(
        mut self,
        response: Response<BoxBody>,
        head_alone: bool,
    ) -> Option<SendStream<Bytes>> {
        let size = match response.status() {
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => BodySize::None,
            _ => response.body().size(),
        };
        let is_over = head_alone || matches!(size, BodySize::None | BodySize::Sized(0));
        let head = head_of(response.head(), size);
        let mut stream = self.respond.send_response(head, is_over).ok()?;
        if is_over {
            return Some(stream);
        }
        let mut body = pin!(response.into_body());
        loop {
            let piece = tokio::select! {
                piece = poll_fn(|context| body.as_mut().poll_next(context)) => piece,
                _reset = poll_fn(|context| stream.poll_reset(context)) => return None,
            };
            match piece {
                None => break,
                Some(Err(_)) => {
                    stream.send_reset(Reason::INTERNAL_ERROR);
                    return None;
                }
                Some(Ok(piece)) => {
                    if !self.send_piece(&mut stream, piece).await {
                        stream.send_reset(Reason::CANCEL);
                        return None;
                    }
                }
            }
        }
        // It may have gone away just now.
        stream.send_data(Bytes::new(), true).ok()?;
        Some(stream)
    }

    /// Sends a piece of a body, as the client takes it; whether it took all of it.
    async fn send_piece(&self, stream: &mut SendStream<Bytes>, mut piece: Bytes) -> bool {
        while !piece.is_empty() {
            stream.reserve_capacity(piece.len().min(SEND_BYTES));
            let room = poll_fn(|context| stream.poll_capacity(context));
            let Ok(Some(Ok(room))) = timeout(self.patience, room).await else {
                return false;
            };
            let part = piece.split_to(room.min(piece.len()));
            if stream.send_data(part, false).is_err() {
                return false;
            }
        }
        true
    }
}

/// The head of an answer, without what only HTTP/1.1 has (RFC 9113, section 8.2.2).
fn head_of(head: &ResponseHead, size: BodySize) -> http::Response<()> {
    let mut response = http::Response::new(());
    *response.status_mut() = head.status;
    *response.version_mut() = Version::HTTP_2;
    let headers = response.headers_mut();
    for (name, value) in head.headers() {
        if ![CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE].contains(name)
            && !matches!(name.as_str(), "keep-alive" | "proxy-connection")
        {
            headers.append(name, value.clone());
        }
    }
    if let BodySize::Sized(bytes) = size {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    }
    if !headers.contains_key(DATE) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now().as_secs());
        if let Ok(date) = HeaderValue::try_from(HttpDate::from(now).to_string()) {
            headers.insert(DATE, date);
        }
    }
    response
}
