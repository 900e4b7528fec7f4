//! Connections of each client, and requests that are as good as connections.
//!
//! Belongs here: how many one client may have open, and how many requests of HTTP/2 all of them. Does not belong here: what is read from one (see `connection`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::Subject;

/// The connections that are open, by client.
#[derive(Debug)]
pub struct Connections {
    of_each: usize,
    requests: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    by: HashMap<Subject, usize>,
    requests: usize,
}

/// Why there is no more room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMany {
    /// The client has as many as it may.
    OfClient,
    /// All together have.
    OfAll,
}

impl Connections {
    /// So many for each client. Beside them, all clients together have so many requests on connections that are at work already;
    /// how many connections there are counts who accepts them.
    #[must_use]
    pub fn new(of_each: usize, requests: usize) -> Arc<Self> {
        Arc::new(Self {
            of_each,
            requests,
            open: Mutex::default(),
        })
    }

    /// One more of this client, or `None` if it has as many as it may.
    pub fn admit(self: &Arc<Self>, client: Subject) -> Option<OpenConnection> {
        self.open().take(client, self.of_each).ok()?;
        Some(OpenConnection {
            connections: Arc::clone(self),
            client: Some(client),
            is_request: false,
        })
    }

    /// A request on a connection that is at work already counts as one more, too; `None` for a trusted proxy's, of which there may
    /// be as many as of all.
    ///
    /// # Errors
    ///
    /// [`TooMany`]
    pub fn admit_request(
        self: &Arc<Self>,
        client: Option<Subject>,
    ) -> Result<OpenConnection, TooMany> {
        let mut open = self.open();
        if open.requests >= self.requests {
            return Err(TooMany::OfAll);
        }
        if let Some(client) = client {
            open.take(client, self.of_each)?;
        }
        open.requests += 1;
        Ok(OpenConnection {
            connections: Arc::clone(self),
            client,
            is_request: true,
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing panics while the lock is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn take(&mut self, client: Subject, of_each: usize) -> Result<(), TooMany> {
        let count = self.by.entry(client).or_default();
        if *count >= of_each {
            return Err(TooMany::OfClient);
        }
        *count += 1;
        Ok(())
    }
}

/// A connection that counts; counted no more when dropped.
#[derive(Debug)]
pub struct OpenConnection {
    connections: Arc<Connections>,
    client: Option<Subject>,
    is_request: bool,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        if self.is_request {
            open.requests -= 1;
        }
        if let Some(client) = self.client
            && let Some(count) = open.by.get_mut(&client)
        {
            *count -= 1;
            if *count == 0 {
                open.by.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_so_many_and_what_it_closes_comes_back() {
        let connections = Connections::new(2, 9);
        let client = |text: &str| Subject::client(text.parse().ok());
        let first = connections.admit(client("2001:db8::1")).unwrap();
        let second = connections.admit(client("2001:db8::2")).unwrap();
        assert!(connections.admit(client("2001:db8::3")).is_none());
        let other = connections.admit(client("192.0.2.1")).unwrap();
        drop(first);
        assert!(connections.admit(client("2001:db8::3")).is_some());
        drop((second, other));
        assert!(connections.open().by.is_empty(), "nobody is remembered");
    }

    #[test]
    fn requests_count_for_their_client_and_for_all_and_those_of_proxies_for_all() {
        let connections = Connections::new(2, 3);
        let client = |text: &str| Some(Subject::client(text.parse().ok()));
        let connection = connections.admit(client("192.0.2.1").unwrap()).unwrap();
        let first = connections.admit_request(client("192.0.2.1")).unwrap();
        let refused = connections.admit_request(client("192.0.2.1"));
        assert_eq!(refused.err(), Some(TooMany::OfClient));
        let of_proxy = [None, None].map(|proxy| connections.admit_request(proxy).unwrap());
        for refused in [None, client("198.51.100.1")] {
            let refused = connections.admit_request(refused);
            assert_eq!(refused.err(), Some(TooMany::OfAll));
        }
        drop(first);
        let other = connections.admit_request(client("198.51.100.1")).unwrap();
        drop((connection, of_proxy, other));
        let open = connections.open();
        assert!(open.by.is_empty() && open.requests == 0);
    }
}
