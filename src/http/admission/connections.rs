//! Connections of each client.
//!
//! Belongs here: how many one client may have open. Does not belong here: what is read from one (see `connection`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::Subject;

/// The connections that are open, by client.
#[derive(Debug)]
pub struct Connections {
    of_each: usize,
    open: Mutex<HashMap<Subject, usize>>,
}

impl Connections {
    /// So many for each client.
    #[must_use]
    pub fn new(of_each: usize) -> Arc<Self> {
        Arc::new(Self {
            of_each,
            open: Mutex::default(),
        })
    }

    /// One more of this client, or `None` if it has as many as it may.
    pub fn admit(self: &Arc<Self>, client: Subject) -> Option<OpenConnection> {
        let mut open = self.open();
        let count = open.entry(client).or_default();
        if *count >= self.of_each {
            return None;
        }
        *count += 1;
        Some(OpenConnection {
            connections: Arc::clone(self),
            client,
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Subject, usize>> {
        // Nothing panics while the lock is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that counts; counted no more when dropped.
#[derive(Debug)]
pub struct OpenConnection {
    connections: Arc<Connections>,
    client: Subject,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        if let Some(count) = open.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_and_what_it_closes_comes_back() {
        let connections = Connections::new(2);
        let client = |text: &str| Subject::client(text.parse().ok());
        let first = connections.admit(client("2001:db8::1")).unwrap();
        let second = connections.admit(client("2001:db8::2")).unwrap();
        assert!(connections.admit(client("2001:db8::3")).is_none());
        let other = connections.admit(client("192.0.2.1")).unwrap();
        drop(first);
        assert!(connections.admit(client("2001:db8::3")).is_some());
        drop((second, other));
        assert!(connections.open().is_empty(), "nobody is remembered");
    }
}
