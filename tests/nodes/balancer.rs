//! nginx with `deploy/nginx.conf`, byte for byte.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::clients::{AgentConfig, Client};
use crate::fixture::{eventually, new_folder};
use crate::port::free_port;

/// The name in its certificate, and in links.
pub const NAME: &str = "qr.test";

pub struct Balancer {
    master: Child,
    folder: TempDir,
    port: u16,
    plain_port: u16,
}

impl Balancer {
    /// nginx before these nodes.
    pub fn before(nodes: &[SocketAddr]) -> Self {
        let folder = new_folder();
        let (port, plain_port) = (free_port(), free_port());
        let path = |name: &str| folder.path().join(name);
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
        fs::copy(deploy.join("nginx.conf"), path("nginx.conf")).unwrap();
        fs::create_dir(path("nodes")).unwrap();
        for number in 1..=3 {
            // One that a test does without is never asked.
            let server = match nodes.get(number - 1) {
                Some(node) => format!("server {node} max_fails=2 fail_timeout=3s;"),
                None => "server 127.0.0.1:1 down;".to_owned(),
            };
            fs::write(path(&format!("nodes/{number}.conf")), server).unwrap();
        }
        // Started as root, its processes must still reach this folder.
        let user = if is_root() { "user root;" } else { "" };
        let process = format!("{user} pid nginx.pid; error_log error.log info;");
        fs::write(path("process.conf"), process).unwrap();
        let site = format!(
            "listen 127.0.0.1:{port} ssl http2; listen 127.0.0.1:{plain_port}; server_name {NAME}; \
             ssl_certificate certificate.pem; ssl_certificate_key key.pem; access_log access.log qrseal; set $nodes {};",
            path("nodes").display()
        );
        fs::write(path("site.conf"), site).unwrap();
        fs::create_dir(path("conf.d")).unwrap();
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary = kinds.map(|kind| format!("{kind}_temp_path {kind};"));
        fs::write(path("conf.d/temporary.conf"), temporary.join("\n")).unwrap();
        make_certificate(folder.path());
        let mut balancer = Self {
            master: Self::launch(folder.path()),
            folder,
            port,
            plain_port,
        };
        balancer.wait_until_it_listens();
        balancer
    }

    fn launch(folder: &Path) -> Child {
        // It ends with this process, whatever ends that.
        Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "/usr/sbin/nginx", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .args(["-e", "error.log", "-g", "daemon off;"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("nginx.stderr")).unwrap())
            .spawn()
            .expect("setpriv runs")
    }

    fn wait_until_it_listens(&mut self) {
        let port = self.port;
        eventually("nginx listens", || {
            let ended = self.master.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "nginx did not start (tests/run install): {}",
                fs::read_to_string(self.path("nginx.stderr")).unwrap()
            );
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
    }

    /// Its first process.
    pub fn process_id(&self) -> u32 {
        self.master.id()
    }

    /// A file or folder of its.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The port with TLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address without TLS, for tests that would measure nothing else.
    pub fn plain_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.plain_port))
    }

    /// A client of whatever is below `path`, which keeps its connection.
    pub fn client(&self, path: &str) -> Client {
        self.configured(path, |config| config)
    }

    /// A client that makes a new connection for every request, as one phone after the other does.
    pub fn passing_client(&self, path: &str) -> Client {
        self.configured(path, |config| config.max_idle_connections(0))
    }

    fn configured(&self, path: &str, more: impl FnOnce(AgentConfig) -> AgentConfig) -> Client {
        let trusted = RootCerts::new_with_certs(&[self.certificate()]);
        let tls = TlsConfig::builder().root_certs(trusted).build();
        Client::configured(
            &format!("https://127.0.0.1:{}{path}", self.port),
            |config| more(config.tls_config(tls)),
        )
    }

    pub fn certificate(&self) -> Certificate<'static> {
        let pem = fs::read(self.path("certificate.pem")).unwrap();
        Certificate::from_pem(&pem).expect("openssl wrote it")
    }

    /// The lines of the access log so far.
    pub fn access_log(&self) -> String {
        fs::read_to_string(self.path("access.log")).unwrap()
    }

    /// All that it has written anywhere, file by file.
    pub fn written(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files_below(self.folder.path())
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // `kill` would leave its processes: they end when the master tells them to.
        let _sent = Command::new("kill")
            .arg(self.master.id().to_string())
            .status();
        let _ended = self.master.wait();
    }
}

fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => {
                let bytes = fs::read(&path).unwrap();
                files.push((path, bytes));
            }
        }
    }
    files
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout == b"0\n"
}

/// A certificate that signs itself, for the name and for the address.
fn make_certificate(folder: &Path) {
    let request = format!(
        "[req]\ndistinguished_name=name\nx509_extensions=more\nprompt=no\n[name]\nCN={NAME}\n\
         [more]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:{NAME},IP:127.0.0.1\n"
    );
    fs::write(folder.join("request.cnf"), request).unwrap();
    let output = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"])
        .args([
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-config",
            "request.cnf",
        ])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .output()
        .expect("openssl is missing; to install it: tests/run install");
    assert!(output.status.success(), "{output:?}");
}
