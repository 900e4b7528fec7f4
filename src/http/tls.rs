//! TLS: the certificate of the moment, and the handshake with which a connection begins.
//!
//! Belongs here: what is offered to clients, and a look at the certificate's files. Does not belong here: when they are looked at
//! (see `keep_certificate`), what is a certificate (see `certificate`), and what is spoken inside (see `worker`).

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert, ServerSessionMemoryCache};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::certificate::{self, Certificate, CertificateError};
use crate::clock::now;
use crate::config::CertificateFiles;
use crate::stamp::{Stamp, stamp};
use crate::token::UnixTime;

/// HTTP/2, by the name that the handshake has for it.
const HTTP_2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";
/// Sessions that are remembered, a kilobyte each.
const SESSIONS: usize = 2048;
/// Bytes of an answer that are encrypted before they are sent: a record's.
const SEND_BYTES: usize = 16 * 1024;

/// What the server needs to speak TLS.
pub struct Tls {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    seen: Mutex<Seen>,
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Current(ArcSwap<Certificate>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.load().pair))
    }
}

type Stamps = [Option<Stamp>; 2];

/// What the two files looked like.
#[derive(Default)]
struct Seen {
    /// When they were read.
    read: Stamps,
    /// At the last look.
    last: Stamps,
    /// Why what is there now cannot be used.
    trouble: Option<String>,
}

/// What a look at the files did.
pub(super) enum Looked {
    /// Nothing changed, or what changes is not finished, or cannot be used for the reason that was told.
    Same,
    /// There is another certificate, valid until then.
    Read(UnixTime),
    /// They cannot be used, and the certificate before stays in force.
    Kept(CertificateError),
}

impl Tls {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    ///
    /// [`CertificateError`]
    pub fn open(files: CertificateFiles) -> Result<Self, CertificateError> {
        let provider = Arc::new(ring::default_provider());
        let stamps = stamps(&files);
        let certificate = certificate::read(&files, &provider, now())?;
        let current = Arc::new(Current(ArcSwap::from_pointee(certificate)));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider has TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
        // Who comes back soon is spared a signature. Sessions are remembered here: a ticket's key would outlive them, and with it
        // what was said in TLS 1.2 could be read later.
        config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
        Ok(Self {
            files,
            provider,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            current,
            seen: Mutex::new(Seen {
                read: stamps,
                last: stamps,
                trouble: None,
            }),
        })
    }

    /// The handshake with a client, which has so long for all of it.
    ///
    /// # Errors
    ///
    /// It took longer, or came to nothing.
    pub async fn accept(
        &self,
        stream: TcpStream,
        within: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        // What is kept of an answer here does not show whether the client takes it: so little is.
        let accepting = self
            .acceptor
            .accept_with(stream, |session| session.set_buffer_limit(Some(SEND_BYTES)));
        tokio::time::timeout(within, accepting)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// The last second of the certificate in force.
    pub fn not_after(&self) -> UnixTime {
        self.current.0.load().not_after
    }

    /// Whether what its files hold cannot be used.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.seen().trouble.is_some()
    }

    /// Reads the files again if they changed and are finished, if that is `asked` for, and until they can be used.
    pub(super) fn look(&self, asked: bool) -> Looked {
        let mut seen = self.seen();
        let now_there = stamps(&self.files);
        let settled = now_there == seen.last;
        seen.last = now_there;
        let changed = now_there != seen.read && settled;
        if !asked && !changed && seen.trouble.is_none() {
            return Looked::Same;
        }
        let read = certificate::read(&self.files, &self.provider, now());
        if now_there != stamps(&self.files) {
            // It changed while it was read: the next look sees how it goes on.
            return Looked::Same;
        }
        match read {
            Ok(certificate) => {
                let not_after = certificate.not_after;
                self.current.0.store(Arc::new(certificate));
                seen.read = now_there;
                seen.trouble = None;
                Looked::Read(not_after)
            }
            Err(error) => {
                // A certificate is written, then its key: in between they do not fit.
                if !asked && !settled {
                    return Looked::Same;
                }
                let why = error.to_string();
                seen.read = now_there;
                match seen.trouble.replace(why.clone()) {
                    Some(before) if before == why => Looked::Same,
                    _ => Looked::Kept(error),
                }
            }
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        // Nothing panics while the lock is held.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was agreed on with a client is HTTP/2; without a word on it, it is HTTP/1.1.
pub fn is_http_2(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(HTTP_2)
}

fn stamps(files: &CertificateFiles) -> Stamps {
    [stamp(&files.certificate), stamp(&files.key)]
}
