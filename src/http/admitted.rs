//! Letting connections in.
//!
//! Belongs here: how many connections a client has, and what is agreed on with it before the first request. Does not belong here:
//! requests (see `connection` and `http2`).

use std::io;
use std::net::SocketAddr;

use actix_http::error::DispatchError;
use actix_web::rt::net::TcpStream;

use super::admission::connections::OpenConnection;
use super::state::App;
use super::tls;
use super::wire::Wire;
use crate::limits::Subject;

const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// A connection that was let in.
pub struct Admitted {
    /// What it speaks; anything but HTTP/1.1 only if that was agreed on.
    pub wire: Wire,
    /// Whether it is HTTP/2.
    pub speaks_http_2: bool,
    /// The other end.
    pub peer: Option<SocketAddr>,
    /// Whose it is; none of a trusted proxy's, behind which there are many.
    pub client: Option<Subject>,
    /// Counts while it is open.
    pub open: Option<OpenConnection>,
}

impl Admitted {
    /// Lets a connection in, unless its client has as many as it may. Trusted proxies bring many clients, and have as many as
    /// they like. Where TLS is spoken, it counts from before the handshake, which takes no longer than a request's head may.
    ///
    /// # Errors
    ///
    /// It was not let in.
    pub async fn admit(app: &App, stream: TcpStream) -> Result<Self, DispatchError> {
        let peer = stream.peer_addr().ok();
        let ip = peer.map(|peer| peer.ip().to_canonical());
        let trusted = &app.config.server.trusted_proxies;
        let client = match ip {
            Some(ip) if trusted.contains(ip) => None,
            ip => Some(Subject::client(ip)),
        };
        let open = match client {
            None => None,
            Some(client) => {
                let open = app.connections.admit(client);
                if open.is_none() {
                    if app.tls.is_none() {
                        // Whether it arrives or not, the connection is closed. A new one can be written to at once.
                        stream.writable().await?;
                        let _sent = stream.try_write(TOO_MANY_CONNECTIONS);
                    }
                    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
                    return Err(DispatchError::Io(refused));
                }
                open
            }
        };
        let wire = match &app.tls {
            None => Wire::Plain(stream),
            Some(tls) => {
                let within = app.config.server.header_timeout;
                Wire::Tls(Box::new(tls.accept(stream, within).await?))
            }
        };
        let speaks_http_2 = match &wire {
            Wire::Plain(_) => false,
            Wire::Tls(stream) => tls::is_http_2(stream),
        };
        Ok(Self {
            wire,
            speaks_http_2,
            peer,
            client,
            open,
        })
    }
}
