//! TLS in the server, before clients that are not ours: curl, OpenSSL's certificates, and an HTTP/2 client that holds back.
//!
//! Here belongs what these tests share: an authority, its certificates, and clients that trust it.

mod bounds;
mod certificates;
mod clients;
mod frames;

use std::fs::{self, Permissions};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;

use crate::fixture::{Server, new_folder};
use crate::tools::run_well;

const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
const TWO_DAYS: [&str; 2] = ["-days", "2"];
const LONG_AGO: [&str; 4] = [
    "-startdate",
    "20200101000000Z",
    "-enddate",
    "20200201000000Z",
];
const SEAL: &str = "/api/qrcode/encrypted-payload";

/// A client's connection.
type Connection = StreamOwned<ClientConnection, TcpStream>;

/// An authority, and where the server's certificate and key are.
struct Certificates {
    folder: TempDir,
}

impl Certificates {
    /// An authority, and a certificate of it for 127.0.0.1.
    fn new() -> Self {
        let made = Self {
            folder: new_folder(),
        };
        fs::write(
            made.path("ca.cnf"),
            "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=any\n\
             unique_subject=no\nrand_serial=yes\nx509_extensions=server\n[any]\ncommonName=supplied\n\
             [server]\nbasicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n",
        )
        .expect("writable");
        fs::write(made.path("index.txt"), "").expect("writable");
        made.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt",
            &[],
        );
        made.issue("first", &TWO_DAYS);
        made.use_one("first");
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &str, more: &[&str]) {
        run_well(
            Command::new("openssl")
                .args(arguments.split(' '))
                .args(more)
                .current_dir(self.folder.path()),
        );
    }

    /// Makes `NAME.crt` and `NAME.key`, valid for this time.
    fn issue(&self, name: &str, times: &[&str]) {
        self.openssl(
            &format!(
                "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"
            ),
            &[],
        );
        self.openssl(
            &format!("ca -batch -notext -config ca.cnf -cert ca.crt -keyfile ca.key -in {name}.csr -out {name}.crt"),
            times,
        );
    }

    /// Puts them where the server looks: first the certificate, then the key.
    fn use_one(&self, name: &str) {
        for (from, to) in [("crt", "certificate.pem"), ("key", "key.pem")] {
            fs::copy(self.path(&format!("{name}.{from}")), self.path(to)).expect("it is there");
            fs::set_permissions(self.path(to), Permissions::from_mode(0o600)).expect("it is ours");
        }
    }

    fn start(&self, settings: &[(&str, &str)]) -> Server {
        let (certificate, key) = (self.path("certificate.pem"), self.path("key.pem"));
        let mut all = vec![
            ("QRSEAL_SERVER__TLS__CERTIFICATE", text(&certificate)),
            ("QRSEAL_SERVER__TLS__KEY", text(&key)),
            ("QRSEAL_KEYS__RELOAD_SECONDS", "1"),
        ];
        all.extend_from_slice(settings);
        Server::start_with(&all)
    }

    /// What curl prints, with these arguments; it must take the certificate, and get an answer.
    fn curl(&self, arguments: &[&str]) -> String {
        let printed = run_well(
            Command::new("curl")
                .args(["--silent", "--show-error", "--cacert"])
                .arg(self.path("ca.crt"))
                .args(arguments),
        );
        String::from_utf8(printed).expect("UTF-8")
    }

    fn der(&self, name: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.path(name)).expect("openssl wrote it")
    }

    /// A client that trusts the authority and offers this protocol.
    fn client(&self, protocol: &[u8]) -> Arc<ClientConfig> {
        let mut trusted = RootCertStore::empty();
        trusted.add(self.der("ca.crt")).expect("an authority");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(trusted)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        Arc::new(config)
    }

    /// A connection for HTTP/1.1, and the certificate that the server presents on it.
    fn connect(&self, address: SocketAddr) -> (Connection, CertificateDer<'static>) {
        self.connect_for(b"http/1.1", address)
    }

    /// The same for this protocol.
    fn connect_for(
        &self,
        protocol: &[u8],
        address: SocketAddr,
    ) -> (Connection, CertificateDer<'static>) {
        let mut tcp = TcpStream::connect(address).expect("the server takes connections");
        tcp.set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit can be set");
        let name = ServerName::from(address.ip());
        let mut tls = ClientConnection::new(self.client(protocol), name).expect("a configuration");
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp).expect("a handshake");
        }
        let presented = tls.peer_certificates().expect("there is one")[0].clone();
        (StreamOwned::new(tls, tcp), presented.into_owned())
    }

    /// A connection for HTTP/2, in the runtime of the moment.
    async fn connect_http_2(&self, address: SocketAddr) -> SendRequest<Bytes> {
        self.greeted(address).await.1
    }

    /// The same, with what is there when the connection has ended.
    async fn greeted(
        &self,
        address: SocketAddr,
    ) -> (tokio::task::JoinHandle<()>, SendRequest<Bytes>) {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        // Not the client that the fixture is: what counts by client counts this one alone.
        socket
            .bind(SocketAddr::from(([127, 0, 0, 2], 0)))
            .expect("a loopback address");
        let tcp = socket
            .connect(address)
            .await
            .expect("the server takes connections");
        let connector = tokio_rustls::TlsConnector::from(self.client(b"h2"));
        let tls = connector
            .connect(ServerName::from(address.ip()), tcp)
            .await
            .expect("a handshake");
        let (requests, mut connection) = h2::client::handshake(tls).await.expect("a greeting");
        let told = std::future::poll_fn(|context| {
            let ended = Pin::new(&mut connection).poll(context);
            assert!(ended.is_pending(), "it goes on");
            match connection.max_concurrent_send_streams() {
                32 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        });
        tokio::time::timeout(Duration::from_secs(20), told)
            .await
            .expect("the server says how many requests it takes at once");
        let ended = tokio::spawn(async move {
            // It ends as the test has it.
            let _ended = connection.await;
        });
        (ended, requests)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn in_runtime(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test);
}

fn post(server: &Server, path: &str) -> http::Request<()> {
    http::Request::post(server.url(path))
        .header("content-type", "application/json")
        .body(())
        .expect("a request")
}
