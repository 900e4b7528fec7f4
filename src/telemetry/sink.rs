//! A buffered standard error: lines wait at most 100 ms or until 64 KiB are there, and are written at once after an
//! error and at the end. One write a line would cost a third of a small request.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// A full buffer is written by whoever fills it.
const FULL_BYTES: usize = 64 * 1024;

/// The longest time that a line waits.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// Where log lines go. Cloning gives another handle of the same sink.
#[derive(Clone)]
pub struct LogSink(Arc<Shared>);

struct Shared {
    buffer: Mutex<Buffer>,
    not_empty: Condvar,
}

struct Buffer {
    lines: Vec<u8>,
    out: Box<dyn Write + Send>,
}

impl LogSink {
    /// A sink that writes to standard error.
    #[must_use]
    pub fn stderr() -> Self {
        Self::new(Box::new(io::stderr()))
    }

    /// A sink that writes to `out`. A thread of its own empties the buffer while lines come in.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        let shared = Arc::new(Shared {
            buffer: Mutex::new(Buffer {
                lines: Vec::with_capacity(FULL_BYTES + 4096),
                out,
            }),
            not_empty: Condvar::new(),
        });
        let weak = Arc::downgrade(&shared);
        let flusher = std::thread::Builder::new().name("log".to_owned());
        // Without the thread lines are written when the buffer is full, at errors and at the end.
        let _no_thread = flusher.spawn(move || {
            while let Some(shared) = weak.upgrade() {
                shared.wait_and_flush();
                drop(shared);
                std::thread::sleep(LONGEST_WAIT);
            }
        });
        Self(shared)
    }

    /// Adds whole lines, each ended by a line feed.
    pub fn write_lines(&self, lines: &[u8]) {
        let mut buffer = self.0.lock();
        if buffer.lines.is_empty() {
            self.0.not_empty.notify_one();
        }
        buffer.lines.extend_from_slice(lines);
        if buffer.lines.len() >= FULL_BYTES {
            buffer.flush();
        }
    }

    /// Writes out what waits.
    pub fn flush(&self) {
        self.0.lock().flush();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Buffer> {
        // A thread that panicked while it held the buffer left whole lines in it.
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_and_flush(&self) {
        let mut buffer = self.lock();
        while buffer.lines.is_empty() {
            let (guard, timeout) = self
                .not_empty
                .wait_timeout(buffer, Duration::from_secs(1))
                .unwrap_or_else(PoisonError::into_inner);
            buffer = guard;
            if timeout.timed_out() {
                // Gives the thread a chance to see that the sink is gone.
                break;
            }
        }
        buffer.flush();
    }
}

impl Buffer {
    fn flush(&mut self) {
        // There is no other place to say that the log itself cannot be written.
        let _lost = self
            .out
            .write_all(&self.lines)
            .and_then(|()| self.out.flush());
        self.lines.clear();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Ok(buffer) = self.buffer.get_mut() {
            buffer.flush();
        }
    }
}

/// Writes one event of `tracing`.
pub struct LogWriter<'a> {
    sink: &'a LogSink,
    urgent: bool,
}

impl Write for LogWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write_lines(bytes);
        if self.urgent {
            self.sink.flush();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush();
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogSink {
    type Writer = LogWriter<'a>;

    fn make_writer(&'a self) -> LogWriter<'a> {
        LogWriter {
            sink: self,
            urgent: false,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> LogWriter<'a> {
        LogWriter {
            sink: self,
            urgent: *metadata.level() == Level::ERROR,
        }
    }
}
