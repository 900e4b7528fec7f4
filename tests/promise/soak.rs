//! A server with everything on, for as long as it is asked: keys are rotated, codes revoked, the keyring read again, backups
//! written, while codes are issued, opened and checked in at an even pace, and two receivers are told, of which one is not there.
//! Nothing grows, and nothing fails.

use std::collections::HashSet;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use qrseal::store::{self, OutboxState};
use qrseal::token::UnixTime;

use crate::fixture::{Answer, Server, eventually, new_folder, qrseal};

/// Those who send requests, and how many all of them send in a second.
const SENDERS: u32 = 8;
const PER_SECOND: u32 = 200;
/// How many events may wait when the outbox was just trimmed, and how many seconds may go by until it is again.
const OUTBOX: u64 = 1000;
const TRIMMED_EVERY: u64 = 12;

/// What of a process may not grow.
#[derive(Debug, Clone, Copy)]
struct Size {
    memory_kib: u64,
    descriptors: usize,
    wal_bytes: u64,
}

impl Size {
    fn of(server: &Server) -> Self {
        let process = format!("/proc/{}", server.process_id());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let resident = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let wal = server.folder().join("qrseal.db-wal");
        Self {
            memory_kib: resident.split_whitespace().nth(1).unwrap().parse().unwrap(),
            descriptors: std::fs::read_dir(format!("{process}/fd")).unwrap().count(),
            wal_bytes: std::fs::metadata(wal).map_or(0, |file| file.len()),
        }
    }
}

/// The largest of each in a part of the measurements.
fn largest(sizes: &[Size]) -> Size {
    Size {
        memory_kib: sizes.iter().map(|size| size.memory_kib).max().unwrap(),
        descriptors: sizes.iter().map(|size| size.descriptors).max().unwrap(),
        wal_bytes: sizes.iter().map(|size| size.wal_bytes).max().unwrap(),
    }
}

#[test]
fn nothing_grows_and_nothing_fails_with_everything_on() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(6, |text| text.parse().unwrap());
    let length = Duration::from_secs(seconds);
    let safe = new_folder();
    let kek = safe.path().join("kek");
    std::fs::write(&kek, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    std::fs::set_permissions(&kek, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let kek = kek.to_str().unwrap().to_owned();
    let receiver = Receiver::start();
    let targets = format!("http://127.0.0.1:1/hook,{}", receiver.url);
    let mut server = start(&kek, &targets);
    let command = |arguments: &[&str]| command(server.folder(), &kek, arguments);
    let load = Load::at(&server);
    let begin = Instant::now();
    let mut sizes = Vec::new();
    let (mut rotations, mut backups, mut revocations) = (0, 0, 0);
    thread::scope(|scope| {
        let over = Over(&load.over);
        for number in 0..SENDERS {
            let (load, server) = (&load, &server);
            scope.spawn(move || load.send(server, number));
        }
        // There are 32 slots.
        let rounds = u32::try_from(seconds / 3).unwrap().clamp(1, 10);
        for round in 1..=rounds {
            let end = begin + length / rounds * round;
            server.signal("HUP");
            let backup = safe.path().join(format!("backup-{round}"));
            command(&["backup", "-o", backup.to_str().unwrap()]);
            std::fs::remove_file(backup).unwrap();
            backups += 1;
            let ended = std::mem::take(&mut *load.issued.lock().unwrap());
            for id in ended.iter().take(3) {
                command(&["tokens", "revoke", id]);
                revocations += 1;
            }
            command(&["keys", "rotate"]);
            rotations += 1;
            loop {
                sizes.push(Size::of(&server));
                let left = end.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                thread::sleep(left.min(Duration::from_millis(500)));
            }
        }
        drop(over);
    });
    if sizes.len() < 2 {
        sizes.push(Size::of(&server));
    }
    let opened = load.opened.load(Ordering::SeqCst);
    eventually("who answers is told of every open", || {
        (receiver.told() >= opened).then_some(())
    });
    let (sent, failed) = (load.sent.into_inner(), load.failed.into_inner().unwrap());
    let (early, late) = (&sizes[..sizes.len() / 2], &sizes[sizes.len() / 2..]);
    let (early, late) = (largest(early), largest(late));
    println!(
        "soak: {} s, {sent} requests, {rotations} rotations, {backups} backups, {revocations} revocations, {} unexpected answers; \
         first half {early:?}, second half {late:?}",
        begin.elapsed().as_secs(),
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(!server.log().contains("panicked"), "{}", server.log());
    server.signal("TERM");
    assert!(server.wait_for_exit().success());
    let (purged, left, outbox) = purged(server.folder());
    assert!(
        purged >= u64::try_from(opened).unwrap() && left == 0,
        "{purged} of {opened}, {left}"
    );
    let waiting = outbox.waiting + outbox.given_up;
    assert!(
        waiting <= OUTBOX + TRIMMED_EVERY * u64::from(PER_SECOND),
        "{outbox:?}"
    );
    assert!(
        late.descriptors <= early.descriptors + 16,
        "{early:?} {late:?}"
    );
    assert!(late.wal_bytes <= 32 << 20, "{late:?}");
    assert!(
        late.memory_kib <= early.memory_kib * 5 / 4 + (16 << 10),
        "{early:?} {late:?}"
    );
}

/// A server that tells these receivers.
fn start(kek: &str, targets: &str) -> Server {
    let outbox = OUTBOX.to_string();
    Server::start_with(&[
        ("QRSEAL_KEYS__KEK_FILE", kek),
        ("QRSEAL_METRICS__LISTEN", "127.0.0.1:0"),
        ("QRSEAL_LOG__REQUESTS", "false"),
        // At one of them nobody is there: events wait, and are dropped.
        ("QRSEAL_EVENTS__TARGETS", targets),
        (
            "QRSEAL_EVENTS__SECRET",
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
        ("QRSEAL_EVENTS__OUTBOX", &outbox),
    ])
}

/// Ends what watches a flag when it is dropped, though by a panic: who watches would go on, and be waited for.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A receiver that answers, for as long as the test runs.
struct Receiver {
    url: String,
    /// The ids of what it was told.
    told: Arc<Mutex<HashSet<String>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let told: Arc<Mutex<HashSet<String>>> = Arc::default();
        let all = Arc::clone(&told);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let told = Arc::clone(&all);
                thread::spawn(move || {
                    // Whoever sent it may be gone: it is sent again then.
                    if let Ok(id) = stream.and_then(|stream| heard(&stream)) {
                        told.lock().unwrap().insert(id);
                    }
                });
            }
        });
        Self { url, told }
    }

    fn told(&self) -> usize {
        self.told.lock().unwrap().len()
    }
}

/// Reads one message, and answers it; its id.
fn heard(stream: &TcpStream) -> io::Result<String> {
    let mut lines = BufReader::new(stream);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            // The first line, or the one behind the last header.
            match line.trim_end().is_empty() {
                true => break,
                false => continue,
            }
        };
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut id),
            "content-length" => length = value.parse().map_err(io::Error::other)?,
            _ => {}
        }
    }
    io::copy(&mut lines.take(length), &mut io::sink())?;
    let mut answer = stream;
    answer.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
    Ok(id)
}

/// Purges the store of a server that ended as if years had gone by: how many codes went, how many a further purge finds, and what
/// waits.
fn purged(folder: &Path) -> (u64, u64, OutboxState) {
    const LATER: UnixTime = UnixTime::from_secs(4_000_000_000);
    let url = format!("sqlite://{}", folder.join("qrseal.db").display());
    let store = store::connect(&url, false).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut gone = 0;
        loop {
            let purged = store.purge(LATER).await.unwrap();
            gone += purged.tokens + purged.revocations;
            if !purged.more {
                break;
            }
        }
        let left = store.purge(LATER).await.unwrap();
        let outbox = store.outbox_state().await.unwrap();
        (gone, left.tokens + left.revocations, outbox)
    })
}

fn command(folder: &Path, kek: &str, arguments: &[&str]) {
    let output = qrseal()
        .args(arguments)
        .current_dir(folder)
        .env("QRSEAL_KEYS__FILE", folder.join("keyring.json"))
        .env("QRSEAL_KEYS__KEK_FILE", kek)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[derive(Default)]
struct Load {
    /// The check-in list.
    list: String,
    sent: AtomicUsize,
    /// Opens that were counted.
    opened: AtomicUsize,
    over: AtomicBool,
    failed: Mutex<Vec<String>>,
    /// Ids of codes that were issued lately.
    issued: Mutex<Vec<String>>,
}

/// What one sender has.
#[derive(Default)]
struct Has {
    /// The digits of a code that opens once.
    code: Option<String>,
    ticket: Option<String>,
}

impl Load {
    /// For a server with a check-in list.
    fn at(server: &Server) -> Self {
        let list = r#"{"name": "Soak", "accepts": [{"profile": "ticket"}], "exits": "on"}"#;
        let made = server.post_json("/api/lists", list);
        assert_eq!(made.status, 201, "{}", made.text());
        Self {
            list: made.json()["id"].as_str().unwrap().to_owned(),
            ..Self::default()
        }
    }

    /// Issues a code, opens it, and finds it used up; issues a ticket, and shows it on the way in and out; again and again.
    fn send(&self, server: &Server, number: u32) {
        let pause = Duration::from_secs(1) * SENDERS / PER_SECOND;
        let mut next = Instant::now() + pause * number / SENDERS;
        let mut has = Has::default();
        let mut turn = 0_u64;
        while !self.over.load(Ordering::SeqCst) {
            thread::sleep(next.saturating_duration_since(Instant::now()));
            next += pause;
            let (answer, expected) = self.step(server, &mut has, (number, turn));
            turn += 1;
            self.sent.fetch_add(1, Ordering::SeqCst);
            if !expected.contains(&answer.status) {
                let failed = format!("turn {turn}: {} {}", answer.status, answer.text());
                self.failed.lock().unwrap().push(failed);
            }
        }
    }

    /// One request, and what may be answered.
    fn step(
        &self,
        server: &Server,
        has: &mut Has,
        (number, turn): (u32, u64),
    ) -> (Answer, [u16; 2]) {
        let open = |digits: &str| {
            let body = format!(r#"{{"open_id": "soak-{number:04}-{turn:012}"}}"#);
            server.post_json(&format!("/{digits}"), body)
        };
        let check_in = |kind: &str, ticket: &str| {
            let list = &self.list;
            let body = format!(
                r#"{{"token": "{ticket}", "list": "{list}", "kind": "{kind}", "check_in_id": "soak-{number:04}-{turn:012}"}}"#
            );
            server.post_json("/api/check-ins", body)
        };
        let issued = |body: String| {
            let answer = server.post_json("/api/tokens", body);
            let link = (answer.status == 201).then(|| answer.header("location").to_owned());
            (link.map(|link| server.digits_of(&link)), answer)
        };
        match (turn % 7, &has.code, &has.ticket) {
            (1, Some(digits), _) => (server.get(&format!("/{digits}"), None), [403, 410]),
            // It may have been revoked meanwhile.
            (2, Some(digits), _) => {
                let answer = open(digits);
                if answer.status == 200 {
                    self.opened.fetch_add(1, Ordering::SeqCst);
                }
                (answer, [200, 410])
            }
            (3, Some(digits), _) => (open(digits), [410, 410]),
            (5, _, Some(ticket)) => (check_in("entry", ticket), [201, 201]),
            (6, _, Some(ticket)) => (check_in("exit", ticket), [201, 201]),
            (4..=6, ..) => {
                let (ticket, answer) = issued(
                    r#"{"payload": {"event": "soak"}, "profile": "ticket", "expires_in": "1m"}"#
                        .to_owned(),
                );
                has.ticket = ticket;
                (answer, [201, 201])
            }
            _ => {
                let storage = ["inline", "stored"][usize::from(turn.is_multiple_of(14))];
                let (code, answer) = issued(format!(
                    r#"{{"payload": {{"n": {turn}}}, "max_opens": 1, "expires_in": "1m", "storage": "{storage}"}}"#
                ));
                has.code = code;
                if answer.status == 201 {
                    let id = answer.json()["id"].as_str().unwrap().to_owned();
                    self.issued.lock().unwrap().push(id);
                }
                (answer, [201, 201])
            }
        }
    }
}
