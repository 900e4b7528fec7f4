//! What the bytes of rows cost, before anybody looks at them.

use std::io::{self, Read};
use std::sync::Arc;

use super::answer::WAIT;
use crate::http::state::App;
use crate::limits::{Budget, Subject};

/// Rows that arrive as fast as the rate of whoever sends them lets them: what is passed over and what fails counts, too.
pub struct Charged<R, C> {
    input: R,
    app: Arc<App>,
    subject: Subject,
    /// Bytes that were not taken yet.
    owed: usize,
    /// Whether nobody waits for the answer any more.
    is_closed: C,
}

impl<R, C> Charged<R, C> {
    /// What `input` reads, at the cost of `subject`.
    pub fn new(input: R, app: Arc<App>, subject: Subject, is_closed: C) -> Self {
        Self {
            input,
            app,
            subject,
            owed: 0,
            is_closed,
        }
    }
}

impl<R: Read, C: Fn() -> bool> Read for Charged<R, C> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        /// Bytes that are taken at once: any rate has as many.
        const SLICE: u32 = 1024;
        let length = self.input.read(into)?;
        self.owed += length;
        while self.owed >= SLICE as usize {
            self.owed -= SLICE as usize;
            while self
                .app
                .rates
                .take(Budget::IssueBytes, self.subject, SLICE)
                .is_err()
            {
                if (self.is_closed)() {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                std::thread::sleep(WAIT);
            }
        }
        Ok(length)
    }
}
