//! A server of the library on a port of its own, and a client that shows everything of an answer.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use qrseal::api_keys::{self, ApiKey, CreateApiKey};
use qrseal::audit::By;
use qrseal::config::{self, LogFormat};
use qrseal::http::{self, App};
use qrseal::principal::Principal;
use qrseal::store::{self, Store};
use qrseal::telemetry::{LogSink, RequestLog};
use qrseal::token::{
    Claims, Codec, Keyring, Nonce, Pin, PinHash, Secret, UnixTime, pin_salt, seal, seal_with_pin,
};
use serde_json::Value;
use tempfile::TempDir;

pub const SECRET: [u8; 32] = [9; 32];
pub const AUDIENCE: &str = "test-audience";

/// A running server. It ends when this is dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub app: Arc<App>,
    log: Captured,
    sink: LogSink,
    /// Outlives `app`, whose store is in it.
    folder: Option<TempDir>,
    stop: Option<actix_web::dev::ServerHandle>,
    thread: Option<JoinHandle<()>>,
    agent: ureq::Agent,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl TestApp {
    /// A server as `cargo run` starts it: on a loopback address, open to requests from this machine.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// The same, with settings in the form of environment variables, without the prefix: `("LINK__FORM", "query")`.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let keyring = keyring();
        Self::with_keyring(settings, keyring)
    }

    /// The same before its first look at the store.
    pub fn not_ready() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut app = Self::build(None, &[], keyring(), new_store(&folder));
        app.folder = Some(folder);
        app
    }

    /// The same, with a configuration file.
    pub fn with_file(text: &str) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("writable");
        let folder = TempDir::new().expect("a temporary folder");
        let mut app = Self::build(Some(file.path()), &[], keyring(), new_store(&folder));
        app.refresh();
        app.folder = Some(folder);
        app
    }

    pub fn with_keyring(settings: &[(&str, &str)], keyring: Keyring) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut app = Self::with_store(settings, keyring, new_store(&folder));
        app.folder = Some(folder);
        app
    }

    /// The same, with a store of the test's choice.
    pub fn with_store(settings: &[(&str, &str)], keyring: Keyring, store: Arc<dyn Store>) -> Self {
        let app = Self::build(None, settings, keyring, store);
        app.refresh();
        app
    }

    fn build(
        file: Option<&Path>,
        settings: &[(&str, &str)],
        keyring: Keyring,
        store: Arc<dyn Store>,
    ) -> Self {
        let defaults = [("SERVER__LISTEN", "127.0.0.1:0"), ("SERVER__WORKERS", "1")];
        let environment = defaults
            .iter()
            .chain(settings)
            .map(|(name, value)| (format!("QRSEAL_{name}"), (*value).to_owned()));
        let config = config::load(file, environment).expect("valid settings");
        let log = Captured::default();
        let sink = LogSink::new(Box::new(log.clone()));
        let requests = RequestLog::new(sink.clone(), LogFormat::Json);
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let (app, server) = http::start(config, keyring, store, Some(requests))
                    .expect("a loopback port is free");
                send.send((server.address, server.handle(), app))
                    .expect("the test waits for the server");
                server.run().await.expect("the server ends without error");
            });
        });
        let (address, handle, app) = receive.recv().expect("the server starts");
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        Self {
            address,
            app,
            log,
            sink,
            folder: None,
            stop: Some(handle),
            thread: Some(thread),
            agent,
        }
    }

    /// The folder of the store.
    pub fn folder_path(&self) -> &Path {
        self.folder.as_ref().expect("the store is its own").path()
    }

    /// What the node's task does every second.
    pub fn refresh(&self) {
        self.wait(async |app| http::refresh(app).await.expect("the store answers"));
    }

    /// Waits for what is done with the server's own state.
    pub fn wait<T>(&self, what: impl AsyncFnOnce(&App) -> T) -> T {
        actix_web::rt::System::new().block_on(what(&self.app))
    }

    /// A new API key with these scopes, which the server knows.
    pub fn api_key(&self, scopes: &str) -> String {
        self.api_key_made(scopes, None, now())
    }

    /// The same, made then and good for so many seconds.
    pub fn api_key_made(&self, scopes: &str, expires_in: Option<u64>, at: UnixTime) -> String {
        let number = NONCES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut random = [7; 32];
        random[..8].copy_from_slice(&number.to_be_bytes());
        let key = ApiKey::from_random(&random);
        let request = CreateApiKey {
            name: format!("key {number}").parse().expect("a name"),
            scopes: scopes.parse().expect("scopes"),
            expires_in: expires_in.map(|secs| secs.try_into().expect("in range")),
        };
        self.wait(async |app| {
            let keyring = app.keyring.load();
            let by = By::fresh(Principal::Cli, &keyring).unwrap();
            api_keys::create(&*app.store, request, &key, by, at)
                .await
                .expect("a new key");
        });
        self.refresh();
        key.reveal().to_owned()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn get_as(&self, path: &str, accept: &str) -> Answer {
        self.send("GET", path, &[("accept", accept)], b"")
    }

    pub fn post_json(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.as_ref(),
        )
    }

    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &headers, body.as_bytes())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            b"" if method != "POST" => self.agent.run(request.body(()).expect("a request")),
            body => self.agent.run(request.body(body).expect("a request")),
        };
        let mut answer = answer.expect("the server answers");
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        Answer {
            status: answer.status().as_u16(),
            headers,
            body: answer
                .body_mut()
                .with_config()
                .limit(32 << 20)
                .read_to_vec()
                .expect("the whole body arrives"),
        }
    }

    /// Writes `bytes` to a connection of its own and returns all that comes back.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout above zero");
        stream.write_all(bytes).expect("the server reads");
        let mut answer = Vec::new();
        // A reset after the answer loses nothing of it.
        let _reset = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The digits of `body`, sealed under `claims` at `now`, with nothing checked.
    pub fn sealed(&self, body: &str, claims: &Claims, now: UnixTime) -> String {
        self.sealed_as(Codec::Json, body.as_bytes(), claims, now)
    }

    /// The same with a body that is packed, or says so.
    pub fn sealed_as(&self, codec: Codec, body: &[u8], claims: &Claims, now: UnixTime) -> String {
        let mut nonce = [0; 12];
        let number = NONCES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        seal(
            &self.app.keyring.load(),
            Nonce::from(nonce),
            now,
            claims,
            codec,
            body,
        )
        .expect("the claims can be sealed")
        .to_digits()
    }

    /// As [`TestApp::sealed`], with a PIN.
    pub fn sealed_with_pin(&self, body: &str, claims: &Claims, pin: &str, now: UnixTime) -> String {
        let keyring = self.app.keyring.load();
        let mut bytes = [0xff; 12];
        let number = NONCES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let salt = pin_salt(&keyring, &Nonce::from(bytes), now).expect("a time of the format");
        let pin = Pin::parse(pin).expect("a PIN that can be issued");
        let hash = PinHash::derive(&pin, salt).expect("64 MiB");
        let (nonce, body) = (Nonce::from(bytes), body.as_bytes());
        seal_with_pin(&keyring, nonce, now, claims, &hash, Codec::Json, body)
            .expect("the claims can be sealed")
            .to_digits()
    }

    /// Opens a held token as a program does, with a new `open_id`.
    pub fn open(&self, digits: &str, pin: Option<&str>) -> Answer {
        let number = NONCES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.open_as(digits, &format!("open-{number:016}"), pin)
    }

    /// Opens a held token with this `open_id`.
    pub fn open_as(&self, digits: &str, open_id: &str, pin: Option<&str>) -> Answer {
        let body = serde_json::json!({"open_id": open_id, "pin": pin});
        self.post_json(&format!("/{digits}"), body.to_string())
    }

    /// Sends a form as a page of ours does in a browser.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("origin", "null"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, body.as_bytes())
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        self.sink.flush();
        let bytes = self.log.0.lock().expect("no writer panicked").clone();
        String::from_utf8(bytes).expect("a log is UTF-8")
    }
}

static NONCES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

/// The keyring of the tests: one key in slot 0.
pub fn keyring() -> Keyring {
    Keyring::with_first_key(
        AUDIENCE,
        Secret::from(SECRET),
        UnixTime::from_secs(1_795_000_000),
    )
    .expect("a valid audience")
}

pub fn new_store(folder: &TempDir) -> Arc<dyn Store> {
    let url = format!("sqlite://{}", folder.path().join("qrseal.db").display());
    store::connect(&url, true).expect("a new store")
}

pub use qrseal::clock::now;

/// This many seconds before now.
pub fn ago(seconds: u64) -> UnixTime {
    UnixTime::from_secs(now().as_secs() - seconds)
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The path of the link in `Location`.
    pub fn link_path(&self) -> String {
        let link = self.header("location").expect("a link");
        url::Url::parse(link).expect("a URL").path().to_owned()
    }

    /// Asserts that this is a whole problem document of `code`, and returns it.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem = self.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["status"], status);
        let kind = problem["type"].as_str().expect("a type");
        assert!(kind.ends_with(&format!("/problems/{code}")), "{kind}");
        assert!(problem["title"].is_string());
        assert_eq!(problem["request_id"].as_str().map(str::len), Some(16));
        problem
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let (Some(handle), Some(thread)) = (self.stop.take(), self.thread.take()) {
            actix_web::rt::System::new().block_on(handle.stop(false));
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server ends without panic");
            }
        }
    }
}

/// A writer that keeps what is written.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no writer panicked")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
