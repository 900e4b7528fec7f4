//! A connection of which only what [`Framing`] passes on is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::framing::Framing;

/// Reads that pass nothing on, before others have their turn.
const MAX_READS: usize = 16;
/// Pieces that are read and thrown away at the end of a connection.
const MAX_WASTE_READS: usize = 64;

/// A connection, and what is known of the messages on it.
#[derive(Debug)]
pub struct Guarded<S> {
    connection: S,
    framing: Framing,
}

impl<S> Guarded<S> {
    /// A connection on which nothing was read yet.
    pub fn new(connection: S) -> Self {
        Self {
            connection,
            framing: Framing::default(),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    /// A body that is malformed ends as if the client had ended the connection: whoever reads it is told that it is not
    /// whole, and can still answer.
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self {
            connection,
            framing,
        } = self.get_mut();
        for _ in 0..MAX_READS {
            if framing.is_broken() {
                return Poll::Ready(Ok(()));
            }
            let before = buffer.filled().len();
            ready!(Pin::new(&mut *connection).poll_read(context, buffer))?;
            let came = &mut buffer.filled_mut()[before..];
            if came.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let kept = framing.pass(came);
            buffer.set_filled(before + kept);
            if kept > 0 {
                return Poll::Ready(Ok(()));
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(context)
    }

    /// What came and nobody wants is read first: the system answers a connection that is closed over it with a reset, which
    /// can overtake the last answer (RFC 9112, section 9.6).
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let connection = &mut self.connection;
        ready!(Pin::new(&mut *connection).poll_shutdown(context))?;
        let mut waste = [0; 4096];
        for _ in 0..MAX_WASTE_READS {
            let mut buffer = ReadBuf::new(&mut waste);
            match Pin::new(&mut *connection).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
