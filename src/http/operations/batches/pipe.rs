//! Bytes between the connection and the thread of a batch: a few pieces at most, in each direction. Whoever waits too long for
//! the other side ends the batch, and an answer that was not finished breaks off instead of ending.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_core::Stream;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Pieces on their way in each direction.
const PIECES: usize = 2;
/// Bytes that are gathered to a piece.
const PIECE_BYTES: usize = 16 * 1024;

/// A piece, or that there are no more and why.
pub type Piece = Result<Bytes, io::Error>;

/// Both ends of a way.
pub fn pipe() -> (mpsc::Sender<Piece>, mpsc::Receiver<Piece>) {
    mpsc::channel(PIECES)
}

/// What arrives, for a thread that may wait.
pub struct Incoming {
    pieces: mpsc::Receiver<Piece>,
    piece: Bytes,
    idle: Duration,
    /// Made on the thread that waits: where nothing may wait, none may be dropped either.
    runtime: Option<Runtime>,
}

impl Incoming {
    /// Reads pieces, each of which comes within `idle`.
    pub fn new(pieces: mpsc::Receiver<Piece>, idle: Duration) -> Self {
        Self {
            pieces,
            piece: Bytes::new(),
            idle,
            runtime: None,
        }
    }
}

impl io::Read for Incoming {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            let (idle, pieces) = (self.idle, &mut self.pieces);
            let runtime = waiting(&mut self.runtime)?;
            let next = runtime.block_on(async { tokio::time::timeout(idle, pieces.recv()).await });
            match next {
                Ok(Some(piece)) => self.piece = piece?,
                Ok(None) => return Ok(0),
                Err(_) => {
                    let secs = self.idle.as_secs();
                    let words = format!("no more of the rows came within {secs} seconds");
                    return Err(io::Error::new(io::ErrorKind::TimedOut, words));
                }
            }
        }
        let length = self.piece.len().min(into.len());
        into[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}

/// What is answered, from a thread that may wait.
pub struct Outgoing {
    pieces: mpsc::Sender<Piece>,
    gathered: Vec<u8>,
    idle: Duration,
    runtime: Option<Runtime>,
}

impl Outgoing {
    fn new(pieces: mpsc::Sender<Piece>, idle: Duration) -> Self {
        Self {
            pieces,
            gathered: Vec::with_capacity(PIECE_BYTES),
            idle,
            runtime: None,
        }
    }

    /// Whether nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.pieces.is_closed()
    }

    /// What tells the same elsewhere. The answer does not end while it is there.
    pub fn watch(&self) -> impl Fn() -> bool + use<> {
        let pieces = self.pieces.clone();
        move || pieces.is_closed()
    }
}

impl io::Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(
            &mut self.gathered,
            Vec::with_capacity(PIECE_BYTES),
        ));
        let (idle, pieces) = (self.idle, &self.pieces);
        let runtime = waiting(&mut self.runtime)?;
        let sent =
            runtime.block_on(async { tokio::time::timeout(idle, pieces.send(Ok(piece))).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

/// A runtime for a thread that only waits.
fn waiting(made: &mut Option<Runtime>) -> io::Result<&Runtime> {
    let runtime = match made.take() {
        Some(runtime) => runtime,
        None => tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?,
    };
    Ok(made.insert(runtime))
}

/// What says that an answer is whole. The answer does not end while it is there.
pub struct Ending {
    whole: Arc<AtomicBool>,
    _pieces: mpsc::Sender<Piece>,
}

impl Ending {
    /// All of the answer was written.
    pub fn whole(self) {
        self.whole.store(true, Ordering::Release);
    }
}

/// The body of an answer. What it holds is given back when it is over.
pub struct Answering<H> {
    pieces: mpsc::Receiver<Piece>,
    whole: Arc<AtomicBool>,
    _held: H,
}

/// What is written to, each piece of which is taken within `idle`; what ends it; and the body, which holds `held`.
pub fn answer<H>(idle: Duration, held: H) -> (Outgoing, Ending, Answering<H>) {
    let (sender, pieces) = pipe();
    let whole = Arc::new(AtomicBool::new(false));
    let ending = Ending {
        whole: Arc::clone(&whole),
        _pieces: sender.clone(),
    };
    let answering = Answering {
        pieces,
        whole,
        _held: held,
    };
    (Outgoing::new(sender, idle), ending, answering)
}

impl<H: Unpin> Stream for Answering<H> {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        match self.pieces.poll_recv(context) {
            // A body that just ended would be taken for all of it. The error is told once.
            Poll::Ready(None) if !self.whole.swap(true, Ordering::AcqRel) => {
                Poll::Ready(Some(Err(io::Error::other("the answer broke off"))))
            }
            polled => polled,
        }
    }
}
