//! Requests at a pace of their own, whether or not there are answers: what many people do who do not know of each other.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::times::Times;

/// The longest that a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What came of many requests.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// Answered with 200 in time.
    pub good: usize,
    /// Told to come back: 503 or 429.
    pub refused: usize,
    /// No answer in time, or none at all.
    pub missed: usize,
    /// Of the good ones.
    pub times: Times,
    /// How long requests were sent.
    pub seconds: f64,
}

impl Outcome {
    pub fn good_a_second(&self) -> f64 {
        f64::from(u32::try_from(self.good).unwrap()) / self.seconds
    }

    fn note(&mut self, status: Option<u16>, time: Duration) {
        match status {
            Some(200) => {
                self.good += 1;
                self.times.add(time);
            }
            Some(429 | 503) => self.refused += 1,
            None => self.missed += 1,
            Some(other) => panic!("status {other}"),
        }
    }
}

/// Clients of one server, which share their connections.
pub struct Flood {
    target: SocketAddr,
    request: Box<dyn Fn() -> Vec<u8> + Send + Sync>,
    idle: Mutex<Vec<TcpStream>>,
    outcome: Mutex<Outcome>,
    sources: Mutex<u8>,
}

impl Flood {
    /// Clients that send what `request` makes.
    pub fn of(
        target: SocketAddr,
        request: impl Fn() -> Vec<u8> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            target,
            request: Box::new(request),
            idle: Mutex::default(),
            outcome: Mutex::default(),
            sources: Mutex::new(0),
        })
    }

    /// So many clients, each of which waits for its answer before it asks again.
    pub fn patiently(self: &Arc<Self>, clients: usize, time: Duration) -> Outcome {
        self.run(async {
            let end = Instant::now() + time;
            let tasks: Vec<_> = (0..clients)
                .map(|_| {
                    let flood = Arc::clone(self);
                    tokio::spawn(async move {
                        while Instant::now() < end {
                            flood.ask_once().await;
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.expect("no client panics");
            }
            self.outcome.lock().unwrap().seconds = time.as_secs_f64();
        })
    }

    /// So many requests a second, whatever becomes of them; with `most` on their way, a further one is missed.
    pub fn regardless(self: &Arc<Self>, a_second: f64, most: usize, time: Duration) -> Outcome {
        self.run(async {
            let begin = Instant::now();
            let mut tasks = tokio::task::JoinSet::new();
            let mut sent = 0.0;
            while begin.elapsed() < time {
                while sent < a_second * begin.elapsed().as_secs_f64() {
                    sent += 1.0;
                    if tasks.len() == most {
                        self.outcome.lock().unwrap().missed += 1;
                        continue;
                    }
                    let flood = Arc::clone(self);
                    tasks.spawn(async move { flood.ask_once().await });
                }
                while tasks.try_join_next().is_some() {}
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            self.outcome.lock().unwrap().seconds = begin.elapsed().as_secs_f64();
            while tasks.join_next().await.is_some() {}
        })
    }

    fn run(&self, work: impl Future<Output = ()>) -> Outcome {
        *self.outcome.lock().unwrap() = Outcome::default();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(work);
        // Connections belong to the runtime that ends here.
        self.idle.lock().unwrap().clear();
        self.outcome.lock().unwrap().clone()
    }

    async fn ask_once(&self) {
        let begin = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, self.ask()).await;
        let status = answered.ok().flatten();
        self.outcome.lock().unwrap().note(status, begin.elapsed());
    }

    /// The status of an answer that arrived whole.
    async fn ask(&self) -> Option<u16> {
        let request = (self.request)();
        let idle = self.idle.lock().unwrap().pop();
        let mut stream = match idle {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        stream.write_all(&request).await.ok()?;
        let mut answer = Vec::with_capacity(2048);
        loop {
            if stream.read_buf(&mut answer).await.ok()? == 0 {
                return None;
            }
            if let Some(status) = complete(&answer) {
                let closes = answer
                    .windows(17)
                    .any(|part| part.eq_ignore_ascii_case(b"connection: close"));
                if !closes {
                    self.idle.lock().unwrap().push(stream);
                }
                return Some(status);
            }
        }
    }

    /// From one of a hundred addresses: people come from many.
    async fn connect(&self) -> Option<TcpStream> {
        let source = {
            let mut sources = self.sources.lock().unwrap();
            *sources = (*sources + 1) % 100;
            SocketAddr::from(([127, 0, 1, *sources + 1], 0))
        };
        let socket = TcpSocket::new_v4().ok()?;
        socket.bind(source).ok()?;
        let stream = socket.connect(self.target).await.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(stream)
    }
}

/// The status, if this is a whole answer with a length.
fn complete(answer: &[u8]) -> Option<u16> {
    let head = answer.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head])
        .ok()?
        .to_ascii_lowercase();
    let length = text
        .split("content-length: ")
        .nth(1)?
        .lines()
        .next()?
        .parse::<usize>()
        .ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    (answer.len() >= head + length).then_some(status)
}
