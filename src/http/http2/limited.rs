//! What stands between the socket and the driver of HTTP/2.
//!
//! Belongs here: frames counted before they are read, how much is read at once, and the end of a connection whose client takes
//! nothing of what is sent. Does not belong here: which frames count (see `frames`).

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::frames::Frames;
use crate::telemetry::metrics;

/// Bytes that are read before others have their turn: what the handlers of a connection have not seen yet.
const AT_ONCE_BYTES: usize = 8 * 1024;
/// Bytes that wait below for the socket, at most: a record of TLS and what belongs to it.
const WAITING_BELOW_BYTES: usize = 17 * 1024;

/// A connection whose frames are counted.
pub struct Limited<S> {
    stream: S,
    frames: Rc<RefCell<Frames>>,
    began: Instant,
    /// Bytes read in this turn.
    at_once: usize,
    /// The time that a client may take nothing of what is sent.
    patience: Duration,
    stalled: Option<Stalled>,
}

/// Something that was sent is still here.
struct Stalled {
    until: Pin<Box<Sleep>>,
    /// Whether nothing more could be sent.
    is_full: bool,
    /// Bytes that were sent since.
    taken: usize,
}

impl<S> Limited<S> {
    /// A connection on which nothing was read yet.
    pub fn new(stream: S, frames: Rc<RefCell<Frames>>, patience: Duration) -> Self {
        Self {
            stream,
            frames,
            began: Instant::now(),
            at_once: 0,
            patience,
            stalled: None,
        }
    }

    /// Waits for the client to take something, for as long as it may take nothing.
    fn wait(&mut self, is_full: bool, context: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Stalled {
            until: Box::pin(sleep(patience)),
            is_full,
            taken: 0,
        });
        stalled.is_full |= is_full;
        ready!(stalled.until.as_mut().poll(context));
        metrics::http_2_refused("stalled");
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    /// So many bytes found room. What waits below may be all that did, unless there was no room before.
    fn took(&mut self, bytes: usize) {
        self.frames.borrow_mut().answered(bytes);
        if let Some(stalled) = &mut self.stalled {
            stalled.taken += bytes;
            if stalled.is_full || stalled.taken > WAITING_BELOW_BYTES {
                self.stalled = None;
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Limited<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.at_once >= AT_ONCE_BYTES {
            this.at_once = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = into.filled().len();
        let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, into) else {
            this.at_once = 0;
            return Poll::Pending;
        };
        read?;
        let came = &into.filled()[before..];
        this.at_once += came.len();
        let counted = this.frames.borrow_mut().pass(came, this.began.elapsed());
        Poll::Ready(counted.map_err(|too_many| {
            metrics::http_2_refused(too_many.as_str());
            io::Error::other(too_many)
        }))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Limited<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_write(context, bytes) {
            Poll::Pending => this.wait(true, context).map(Err),
            Poll::Ready(written) => {
                let written = written?;
                this.took(written);
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_flush(context) {
            Poll::Pending => this.wait(false, context).map(Err),
            flushed @ Poll::Ready(_) => {
                this.stalled = None;
                flushed
            }
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_shutdown(context) {
            Poll::Pending => this.wait(false, context).map(Err),
            ended @ Poll::Ready(_) => ended,
        }
    }
}
