//! Many clients at once, each with connections of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A client that bears a server which dies.
pub struct Client {
    agent: ureq::Agent,
    base: String,
}

/// What arrived.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub body: String,
}

impl Client {
    /// A client of the server at `base`, such as `http://127.0.0.1:8080`.
    pub fn of(base: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self {
            agent,
            base: base.to_owned(),
        }
    }

    /// Posts JSON; `None` if no whole answer arrived.
    pub fn post(&self, path: &str, body: &Value) -> Option<Reply> {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type("application/json");
        Reply::read(request.send(body.to_string().as_bytes()))
    }

    /// Posts JSON with an idempotency key; `None` if no whole answer arrived.
    pub fn post_once(&self, path: &str, key: &str, body: &Value) -> Option<Reply> {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("idempotency-key", key)
            .content_type("application/json");
        Reply::read(request.send(body.to_string().as_bytes()))
    }

    /// Gets JSON; `None` if no whole answer arrived.
    pub fn get(&self, path: &str) -> Option<Reply> {
        Reply::read(self.agent.get(format!("{}{path}", self.base)).call())
    }

    /// Opens a code with an `open_id` of its own.
    pub fn open(&self, digits: &str) -> Option<Reply> {
        self.post(&format!("/{digits}"), &json!({"open_id": new_open_id()}))
    }
}

impl Reply {
    fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<Self> {
        let mut answer = answer.ok()?;
        let retry_after = answer
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        Some(Self {
            status: answer.status().as_u16(),
            retry_after,
            body: answer.body_mut().read_to_string().ok()?,
        })
    }

    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The `code` of a problem; empty if this is none.
    pub fn code(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// One that no other open of this process has.
pub fn new_open_id() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("client-{:016}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Runs `count` clients at once; what each came to.
pub fn together<T: Send>(count: usize, client: impl Fn(usize) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..count)
            .map(|number| {
                let client = &client;
                scope.spawn(move || client(number))
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("a client does not panic"))
            .collect()
    })
}
