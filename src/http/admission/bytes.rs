//! Bytes of requests that are being received or worked on: one budget for all of them, with a share for each client.
//!
//! Belongs here: how many there may be. Does not belong here: how large one body may be (see `routes`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::problem::{Problem, ProblemCode};
use crate::limits::Subject;

/// What is not larger is not counted: the number of connections and of permits bounds it.
pub const SMALL: usize = 4 * 1024;

/// One client's part of all: as many clients as this have to work together to take everything.
const SHARES: usize = 8;

/// The bytes of all requests.
#[derive(Debug)]
pub struct RequestMemory {
    most: usize,
    share: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    all: usize,
    by: HashMap<Subject, usize>,
}

/// No more bytes fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoom;

impl RequestMemory {
    /// Room for so many bytes. A client's share is an eighth of it, or `largest`, the largest body, if that is more.
    #[must_use]
    pub fn new(most: usize, largest: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            share: (most / SHARES).max(largest),
            used: Mutex::default(),
        })
    }

    /// The most bytes of one client.
    pub fn share(&self) -> usize {
        self.share
    }

    /// No bytes yet, of this client; `None` for a proxy, behind which there are many.
    #[must_use]
    pub fn none(self: &Arc<Self>, by: Option<Subject>) -> HeldBytes {
        HeldBytes {
            memory: Arc::clone(self),
            by,
            held: 0,
        }
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        // Nothing panics while the lock is held.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of one request, given back when dropped.
#[derive(Debug)]
pub struct HeldBytes {
    memory: Arc<RequestMemory>,
    by: Option<Subject>,
    held: usize,
}

impl HeldBytes {
    /// Now it is so many.
    ///
    /// # Errors
    ///
    /// [`NoRoom`], and then it is as many as before.
    pub fn grow_to(&mut self, bytes: usize) -> Result<(), NoRoom> {
        if bytes <= SMALL || bytes <= self.held {
            return Ok(());
        }
        let more = bytes - self.held;
        let mut used = self.memory.used();
        let all = used.all + more;
        let of_client = self.by.map(|by| used.by.get(&by).unwrap_or(&0) + more);
        if all > self.memory.most || of_client.is_some_and(|bytes| bytes > self.memory.share) {
            return Err(NoRoom);
        }
        used.all = all;
        if let Some((by, bytes)) = self.by.zip(of_client) {
            used.by.insert(by, bytes);
        }
        self.held = bytes;
        Ok(())
    }

    /// Gives all of them back.
    pub fn release(&mut self) {
        if self.held == 0 {
            return;
        }
        let mut used = self.memory.used();
        used.all -= self.held;
        if let Some(by) = self.by
            && let Some(bytes) = used.by.get_mut(&by)
        {
            *bytes -= self.held;
            if *bytes == 0 {
                used.by.remove(&by);
            }
        }
        self.held = 0;
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.release();
    }
}

impl From<NoRoom> for Problem {
    fn from(_: NoRoom) -> Self {
        let mut problem = Self::new(ProblemCode::TemporarilyUnavailable)
            .detail("Too many large requests in progress; try again.");
        problem.retry_after = Some(1);
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> Subject {
        Subject::client(text.parse().ok())
    }

    #[test]
    fn a_client_has_its_share_and_all_clients_have_the_whole() {
        let memory = RequestMemory::new(800_000, 50_000);
        let mut first = memory.none(Some(client("192.0.2.1")));
        first.grow_to(60_000).unwrap();
        let mut second = memory.none(Some(client("192.0.2.1")));
        second.grow_to(40_000).unwrap();
        assert_eq!(second.grow_to(40_001), Err(NoRoom));
        let others: Vec<HeldBytes> = (2..=8)
            .map(|number| {
                let mut held = memory.none(Some(client(&format!("192.0.2.{number}"))));
                held.grow_to(100_000).unwrap();
                held
            })
            .collect();
        let mut late = memory.none(Some(client("192.0.2.9")));
        assert_eq!(late.grow_to(5_000), Err(NoRoom));
        late.grow_to(SMALL).unwrap();
        drop(first);
        late.grow_to(60_000).unwrap();
        drop((second, others, late));
        assert!(memory.used().by.is_empty(), "no client is remembered");
        assert_eq!(memory.used().all, 0);
    }

    #[test]
    fn the_largest_body_fits_into_a_share() {
        let memory = RequestMemory::new(800_000, 300_000);
        memory
            .none(Some(client("192.0.2.1")))
            .grow_to(300_000)
            .expect("it is the largest");
    }

    #[test]
    fn a_proxy_has_no_share() {
        let memory = RequestMemory::new(800_000, 1);
        let mut proxy = memory.none(None);
        proxy.grow_to(800_000).unwrap();
        assert_eq!(proxy.grow_to(800_001), Err(NoRoom));
    }
}
