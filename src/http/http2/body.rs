//! Bodies of requests of HTTP/2.
//!
//! Belongs here: what comes of a body, for who asked for it or for nobody. Does not belong here: how much may come (see `frames`).

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_http::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;
use h2::RecvStream;

use super::frames::Frames;

/// What comes of a body. What is read of it makes room for more.
pub struct Incoming {
    stream: RecvStream,
    frames: Rc<RefCell<Frames>>,
}

/// What nobody read of a request's body.
pub type Unread = Rc<RefCell<Option<Incoming>>>;

/// A request's body. What nobody wants of it is left for the end.
pub struct Body {
    incoming: Option<Incoming>,
    unread: Unread,
}

impl Incoming {
    /// A body of which nothing was read yet.
    pub fn new(stream: RecvStream, frames: Rc<RefCell<Frames>>) -> Self {
        Self { stream, frames }
    }

    /// Throws away what comes.
    pub fn poll_to_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while let Some(Ok(_)) = ready!(self.poll_piece(context)) {}
        Poll::Ready(())
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, h2::Error>>> {
        let piece = ready!(self.stream.poll_data(context));
        Poll::Ready(piece.map(|piece| {
            let piece = piece?;
            self.stream.flow_control().release_capacity(piece.len())?;
            self.frames.borrow_mut().piece_was_read(piece.len());
            Ok(piece)
        }))
    }
}

impl Body {
    /// A body whose rest is in `unread` once this is dropped.
    pub fn new(incoming: Incoming, unread: Unread) -> Self {
        Self {
            incoming: Some(incoming),
            unread,
        }
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        let rest = self.incoming.take();
        self.unread
            .replace(rest.filter(|rest| !rest.stream.is_end_stream()));
    }
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(incoming) = &mut self.get_mut().incoming else {
            return Poll::Ready(None);
        };
        let piece = ready!(incoming.poll_piece(context));
        Poll::Ready(piece.map(|piece| piece.map_err(|_| PayloadError::Incomplete(None))))
    }
}
