//! Bodies that are read piece by piece, as far as what becomes of them has come.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_core::Stream as _;

use crate::http::connection::{Flow, Streaming};
use crate::http::problem::{Problem, ProblemCode};

/// A body on its way. While there is one, its connection is read no further than it asks for.
pub struct StreamedBody {
    payload: Payload,
    flow: Option<Rc<Flow>>,
    /// Its media type, without parameters, in small letters.
    pub media_type: String,
    /// The parameter `charset` of the media type.
    pub charset: Option<String>,
    is_encoded: bool,
}

impl StreamedBody {
    /// What keeps the connection at this request after its head was answered.
    pub fn streaming(&self) -> Option<Streaming> {
        self.flow.as_ref().map(Flow::stream)
    }

    /// Checks that it is not compressed.
    pub fn expect_plain(&self) -> Result<(), Problem> {
        match self.is_encoded {
            true => Err(Problem::new(ProblemCode::UnsupportedMediaType)
                .detail("Send the body uncompressed.")),
            false => Ok(()),
        }
    }

    /// The next piece, none at its end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let piece = std::future::poll_fn(|context| {
            let next = Pin::new(&mut self.payload).poll_next(context);
            if let (Poll::Pending, Some(flow)) = (&next, &self.flow) {
                flow.wants_body();
            }
            next
        });
        let piece = piece.await.transpose().map_err(|_| {
            Problem::new(ProblemCode::MalformedRequest).detail("The body broke off before its end.")
        })?;
        if let (None, Some(flow)) = (&piece, &self.flow) {
            flow.body_is_whole();
        }
        Ok(piece)
    }
}

impl FromRequest for StreamedBody {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let text = |name| {
            let value: Option<&HeaderValue> = request.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let mut parts = text(CONTENT_TYPE).split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let is_it = name.trim().eq_ignore_ascii_case("charset");
            is_it.then(|| value.trim().trim_matches('"').to_owned())
        });
        let encoding = text(CONTENT_ENCODING).trim();
        ready(Ok(Self {
            payload: payload.take(),
            flow: request.conn_data::<Rc<Flow>>().map(Rc::clone),
            media_type,
            charset,
            is_encoded: !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity"),
        }))
    }
}
