//! The way from the nodes to their database, which a test can make slow.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::port::free_port;

/// A port of 127.0.0.1 that leads to another one. Its threads end with the program.
pub struct Wire {
    port: u16,
    /// How long each message of a node waits.
    delay: Arc<Mutex<Duration>>,
}

impl Wire {
    /// A port that leads to `leads_to`.
    pub fn to(leads_to: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        let delay = Arc::default();
        let shared = Arc::clone(&delay);
        thread::spawn(move || {
            for node in listener.incoming().flatten() {
                // If the database takes none, the node's connection is closed at once.
                let _closed = connect(node, leads_to, &shared);
            }
        });
        Self { port, delay }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Each message of a node, which is a statement or its values, waits so long from now on.
    pub fn delay(&self, delay: Duration) {
        *self.delay.lock().expect("no thread panics with the lock") = delay;
    }
}

fn connect(node: TcpStream, leads_to: u16, delay: &Arc<Mutex<Duration>>) -> std::io::Result<()> {
    let database = TcpStream::connect(("127.0.0.1", leads_to))?;
    for stream in [&node, &database] {
        stream.set_nodelay(true)?;
    }
    let (node_too, database_too) = (node.try_clone()?, database.try_clone()?);
    let delay = Arc::clone(delay);
    let now = move || *delay.lock().expect("no thread panics with the lock");
    thread::spawn(move || pass(node, database, now));
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
