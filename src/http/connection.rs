//! Connections of HTTP/1.1: what stands between the socket and the framework's reading of it.
//!
//! Belongs here: how far a connection is read ahead, how long a request's line and headers
//! may be and how long a connection may stand still. Does not belong here: who is let in (see `admitted`), and what a request says.
//!
//! The framework reads up to 128 KiB ahead on each connection, whatever it is for: a head that does not end, requests that wait
//! for the one before them, a body that nobody asked for yet. It times the first head of a connection only, and to have it time
//! idle connections would set and clear a timer for each request. A stream that knows what the connection is doing bounds all of
//! these.

use std::cell::{Cell, RefCell};
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_http::{Payload, Request};
use actix_web::HttpMessage as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::admission::bytes::{HeldBytes, NoRoom};
use super::admission::connections::OpenConnection;
use super::admitted::Admitted;
use super::state::App;
use super::wire::{Guarded, Wire};
use crate::config::ServerSettings;

/// Bytes of a request's line and headers. A header's name of 64 KiB would be too much for the framework.
pub const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Bytes that are read before they are looked at, so that few requests are found at once.
const AT_ONCE_BYTES: usize = 8 * 1024;
/// Bytes of a body that are read before the handler asks for them.
const BODY_AHEAD_BYTES: usize = 16 * 1024;
/// Bytes of further requests that are read while one is worked on.
const REQUESTS_AHEAD_BYTES: usize = 4 * 1024;
/// Bytes that the framework reads ahead at most.
const FRAMEWORK_BYTES: usize = 128 * 1024;
/// Bytes that a client is listened to after it was sent away.
const LAST_BYTES: usize = 1024 * 1024;

const HEAD_TOO_LARGE: &[u8] = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// What a connection is doing, known to its stream and to the requests on it.
pub struct Flow {
    phase: Cell<Phase>,
    /// Bytes read in this phase; of a body, since the handler waited for more.
    read: Cell<usize>,
    /// Bytes read since somebody looked at them.
    at_once: Cell<usize>,
    /// Goes up with every request that comes and with all that is sent.
    progress: Cell<u64>,
    /// Whoever is to read on.
    reader: Cell<Option<Waker>>,
    /// A long head's bytes.
    head: RefCell<HeldBytes>,
    /// Whether the request goes on while it is answered, and whether its body came in chunks once its head was answered.
    streams: Cell<bool>,
    answered: Cell<Option<bool>>,
    batch: Batch,
}

/// Whether what is written next waits for the other answers of its batch.
#[derive(Default)]
struct Batch {
    wanted: Cell<bool>,
    waited: Cell<bool>,
}

impl Batch {
    /// Whether it waits now: once, or who sends one request after the other would get no answer as long as they do.
    fn waits(&self) -> bool {
        let waits = self.wanted.take() && !self.waited.get();
        self.waited.set(waits);
        waits
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing, or a head that has not ended.
    Head,
    /// A request whose body is on its way.
    Body,
    /// A request that is here whole.
    Whole,
    /// The rest of a body after the answer; the framework throws it away.
    Rest,
    /// The same in chunks, after which another request may follow.
    RestInChunks,
    /// The client was sent away.
    Refused,
}

/// Whether to read on.
enum Reading {
    Go,
    /// When what was read was looked at.
    SoonAgain,
    /// When the request goes on.
    Later,
    Refuse(&'static [u8]),
}

impl Flow {
    fn new(head: HeldBytes) -> Rc<Self> {
        Rc::new(Self {
            phase: Cell::new(Phase::Head),
            read: Cell::new(0),
            at_once: Cell::new(0),
            progress: Cell::new(0),
            reader: Cell::new(None),
            head: RefCell::new(head),
            streams: Cell::new(false),
            answered: Cell::new(None),
            batch: Batch::default(),
        })
    }

    /// The body is read on while it is answered, until what this returns is dropped.
    pub fn stream(self: &Rc<Self>) -> Streaming {
        self.streams.set(true);
        Streaming(Rc::clone(self))
    }

    /// The request is over.
    fn leave(&self, in_chunks: bool) {
        self.head.borrow_mut().release();
        self.enter(match (self.phase.get(), in_chunks) {
            (Phase::Body, false) => Phase::Rest,
            (Phase::Body, true) => Phase::RestInChunks,
            _ => Phase::Head,
        });
        self.wake();
    }

    /// A request has come; it ends when what this returns is dropped.
    pub fn begin(request: &mut Request) -> Option<InProgress> {
        let flow = Rc::clone(request.conn_data::<Rc<Self>>()?);
        let has_body = !matches!(request.payload(), Payload::None);
        let in_chunks = has_body && request.chunked().unwrap_or(true);
        flow.enter(match has_body {
            true => Phase::Body,
            false => Phase::Whole,
        });
        flow.progress.set(flow.progress.get() + 1);
        Some(InProgress { flow, in_chunks })
    }

    /// The answer leaves when the requests that came in together with this one have been worked on, too.
    ///
    /// Their answers then go one right after the other. What writes them and what makes them do not take each other's
    /// caches each time; and who waits for several of them on this machine, as a proxy does, is woken once and not for each.
    pub fn answer_in_batch(&self) {
        self.batch.wanted.set(true);
    }

    /// The handler waits for more of the body.
    pub fn wants_body(&self) {
        if self.phase.get() == Phase::Body {
            self.read.set(0);
            self.wake();
        }
    }

    /// The body has come whole.
    pub fn body_is_whole(&self) {
        if self.phase.get() == Phase::Body {
            self.enter(Phase::Whole);
        }
    }

    fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.read.set(0);
        self.at_once.set(0);
    }

    fn wake(&self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }

    fn may_read(&self) -> Reading {
        let read = self.read.get();
        match self.phase.get() {
            // A request's body may have come with it.
            Phase::Head if self.at_once.get() >= AT_ONCE_BYTES => {
                self.at_once.set(0);
                Reading::SoonAgain
            }
            Phase::Head if read >= MAX_HEAD_BYTES => Reading::Refuse(HEAD_TOO_LARGE),
            Phase::Body if read >= BODY_AHEAD_BYTES => Reading::Later,
            Phase::Whole if read >= REQUESTS_AHEAD_BYTES => Reading::Later,
            Phase::RestInChunks if read >= LAST_BYTES => Reading::Later,
            _ => Reading::Go,
        }
    }

    /// So many more were read; there must be room for what the framework may keep of them.
    fn took(&self, bytes: usize) -> Result<(), NoRoom> {
        let read = self.read.get() + bytes;
        self.read.set(read);
        self.at_once.set(self.at_once.get() + bytes);
        match self.phase.get() {
            Phase::Head => self.head.borrow_mut().grow_to(read),
            Phase::RestInChunks => self.head.borrow_mut().grow_to(read.min(FRAMEWORK_BYTES)),
            _ => Ok(()),
        }
    }

    /// Whether it waits for another request, as far as is known: a part of its head may have come together with the one before.
    fn is_idle(&self) -> bool {
        self.phase.get() == Phase::Head && self.read.get() == 0 && self.progress.get() > 0
    }

    /// Whether a request is worked on. Its body has a time limit of its own.
    fn is_at_work(&self) -> bool {
        matches!(self.phase.get(), Phase::Body | Phase::Whole)
    }
}

/// A request between its head and its answer.
pub struct InProgress {
    flow: Rc<Flow>,
    in_chunks: bool,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        match self.flow.streams.get() {
            true => self.flow.answered.set(Some(self.in_chunks)),
            false => self.flow.leave(self.in_chunks),
        }
    }
}

/// A request whose body is read while it is answered.
pub struct Streaming(Rc<Flow>);

impl Drop for Streaming {
    fn drop(&mut self) {
        self.0.streams.set(false);
        if let Some(in_chunks) = self.0.answered.take() {
            self.0.leave(in_chunks);
        }
    }
}

/// A connection on which HTTP/1.1 is spoken.
pub struct Connection {
    stream: Guarded<Wire>,
    flow: Rc<Flow>,
    /// A write waits for the client.
    stalled: bool,
    /// Looks at the connection now and then.
    watch: Option<Pin<Box<Sleep>>>,
    every: Duration,
    /// So many looks in a row that see no progress end an idle connection, and one that stands still.
    most_looks: (u32, u32),
    /// The progress at the last look, and how many looks in a row saw no other.
    seen: (u64, u32),
    _open: Option<OpenConnection>,
}

impl Connection {
    /// A connection on which nothing was said yet.
    pub fn new(app: &App, admitted: Admitted) -> Self {
        Self {
            stream: Guarded::new(admitted.wire),
            flow: Flow::new(app.request_memory.none(admitted.client)),
            stalled: false,
            watch: None,
            every: every(&app.config.server),
            most_looks: most_looks(&app.config.server),
            seen: (0, 0),
            _open: admitted.open,
        }
    }

    /// What it is doing.
    pub fn flow(&self) -> Rc<Flow> {
        Rc::clone(&self.flow)
    }

    /// Nothing came, or nothing is to be read now: this looks whether the connection stands still, from one look to the next.
    fn rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let every = self.every;
        let watch = self.watch.get_or_insert_with(|| Box::pin(sleep(every)));
        while watch.as_mut().poll(context).is_ready() {
            let (before, looks) = self.seen;
            let progress = self.flow.progress.get();
            let looks = match progress == before && (self.stalled || !self.flow.is_at_work()) {
                true => looks + 1,
                false => 0,
            };
            let (idle, still) = self.most_looks;
            if self.flow.is_idle() && !self.stalled {
                if looks >= idle {
                    // As if the client had ended it, which the framework then does, too: with TLS, by saying so.
                    return Poll::Ready(Ok(()));
                }
            } else if looks >= still {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.seen = (progress, looks);
            watch.as_mut().reset(Instant::now() + every);
        }
        Poll::Pending
    }

    /// Tells the client in a few words, if nothing else is on its way to it, and listens to it no more.
    fn refuse(&mut self, words: &'static [u8], context: &mut Context<'_>) {
        if !self.stalled {
            let _sent = Pin::new(&mut self.stream).poll_write(context, words);
        }
        let _ended = Pin::new(&mut self.stream).poll_shutdown(context);
        // The framework keeps what it has read, and its room, until the connection is closed.
        self.flow.enter(Phase::Refused);
    }

    /// Throws away what the client still sends: closed over it, the connection would take the answer with it.
    fn discard(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 4096];
        while self.flow.read.get() < LAST_BYTES {
            let mut thrown_away = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(context, &mut thrown_away) {
                Poll::Pending => return self.rest(context),
                Poll::Ready(read) => read?,
            }
            match thrown_away.filled().len() {
                0 => break,
                length => self.flow.read.set(self.flow.read.get() + length),
            }
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }
}

/// The time from one look to the next.
fn every(settings: &ServerSettings) -> Duration {
    settings.keep_alive.min(settings.header_timeout)
}

/// How many looks make the time that an idle connection is kept, and twice the time of a head.
fn most_looks(settings: &ServerSettings) -> (u32, u32) {
    let looks = |time: Duration| {
        let looks = time.as_secs().div_ceil(every(settings).as_secs().max(1));
        u32::try_from(looks).unwrap_or(u32::MAX)
    };
    (
        looks(settings.keep_alive),
        looks(settings.header_timeout * 2),
    )
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.flow.phase.get() == Phase::Refused {
            return this.discard(context);
        }
        match this.flow.may_read() {
            Reading::Go => {}
            Reading::SoonAgain => {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Reading::Later => {
                this.flow.reader.set(Some(context.waker().clone()));
                return this.rest(context);
            }
            Reading::Refuse(words) => {
                this.refuse(words, context);
                return this.discard(context);
            }
        }
        let before = into.filled().len();
        match Pin::new(&mut this.stream).poll_read(context, into) {
            Poll::Pending => {
                this.flow.at_once.set(0);
                this.rest(context)
            }
            Poll::Ready(read) => {
                read?;
                if this.flow.took(into.filled().len() - before).is_err() {
                    let answered = this.flow.phase.get() == Phase::RestInChunks;
                    this.refuse(if answered { b"" } else { NO_ROOM }, context);
                    into.set_filled(before);
                    return this.discard(context);
                }
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.flow.batch.waits() {
            // To the end of the worker's queue. What made the answer is gone by now, and its memory is the next request's.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        this.stalled = true;
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes));
        this.stalled = false;
        this.flow.progress.set(this.flow.progress.get() + 1);
        Poll::Ready(written)
    }

    /// With TLS, what was written may still be on its way.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        if this.stalled && flushed.is_ready() {
            this.flow.progress.set(this.flow.progress.get() + 1);
        }
        this.stalled = flushed.is_pending();
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::Batch;

    #[test]
    fn an_answer_waits_for_its_batch_once_whatever_is_asked_meanwhile() {
        let batch = Batch::default();
        assert!(!batch.waits(), "nobody wants it");
        for _ in 0..2 {
            batch.wanted.set(true);
            assert!(batch.waits());
            batch.wanted.set(true);
            assert!(!batch.waits(), "another request came");
        }
    }
}
