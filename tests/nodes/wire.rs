//! The way from the nodes to their database, which a test can make slow, or cut.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::port::free_port;

/// A port of 127.0.0.1 that leads to another one. Its threads end with the program.
pub struct Wire {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    leads_to: u16,
    /// How long each message of a node waits.
    delay: Duration,
    cut: bool,
    connections: Vec<TcpStream>,
}

impl Wire {
    /// A port that leads to `leads_to`.
    pub fn to(leads_to: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        let state = Arc::new(Mutex::new(State {
            leads_to,
            delay: Duration::ZERO,
            cut: false,
            connections: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for node in listener.incoming().flatten() {
                // One that is cut, or leads nowhere, closes the connection at once.
                let _closed = connect(node, &shared);
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Each message of a node, which is a statement or its values, waits so long from now on.
    pub fn delay(&self, delay: Duration) {
        self.state().delay = delay;
    }

    /// Ends all connections, and lets no new one through.
    pub fn cut(&self) {
        let mut state = self.state();
        state.cut = true;
        for connection in state.connections.drain(..) {
            // It may have ended already.
            let _ended = connection.shutdown(Shutdown::Both);
        }
    }

    /// Lets new connections through, to this port.
    pub fn join(&self, leads_to: u16) {
        let mut state = self.state();
        state.leads_to = leads_to;
        state.cut = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no thread panics with the lock")
}

fn connect(node: TcpStream, shared: &Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut state = lock(shared);
    if state.cut {
        return Ok(());
    }
    let database = TcpStream::connect(("127.0.0.1", state.leads_to))?;
    for stream in [&node, &database] {
        stream.set_nodelay(true)?;
        state.connections.push(stream.try_clone()?);
    }
    let (node_too, database_too) = (node.try_clone()?, database.try_clone()?);
    let timing = Arc::clone(shared);
    thread::spawn(move || pass(node, database, || lock(&timing).delay));
    thread::spawn(move || pass(database_too, node_too, || Duration::ZERO));
    Ok(())
}

/// Passes on what arrives, each piece after its delay, until one end closes; then it closes the other.
fn pass(mut from: TcpStream, mut to: TcpStream, delay: impl Fn() -> Duration) {
    let mut piece = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        // This sleep is what the test wants of a slow database.
        thread::sleep(delay());
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ended = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
