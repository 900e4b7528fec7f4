//! The server dies under load, again and again: what was answered holds, and nothing opens twice.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection as _, Row as _};

use crate::clients::{Client, Reply, new_open_id, together};
use crate::fixture::Server;
use crate::full;

const CLIENTS: usize = 8;

/// What clients know of a code.
#[derive(Debug, Clone)]
struct Known {
    digits: String,
    max_opens: u64,
    /// Opens that were answered with the document.
    opened: u64,
    /// Whether a revocation was answered.
    revoked: bool,
    /// Of a stored document, the newest revision that was answered.
    revision: Option<u64>,
}

struct World {
    /// Requests to issue, and the id of what they were answered with.
    issued: Mutex<Vec<(Request, String)>>,
    /// Requests to issue that were not answered.
    unanswered: Mutex<Vec<Request>>,
    codes: Mutex<HashMap<String, Known>>,
    answered: AtomicU64,
    lost: AtomicU64,
}

/// A request to issue with an idempotency key.
struct Request {
    key: String,
    body: Value,
}

/// How long a scan may wait in memory, and be written: what was answered before that is never lost.
const GATHERED: Duration = Duration::from_secs(2);

/// Scans after which the server dies in any case, so that nobody scans for ever if none is written.
const ENOUGH: u64 = 400_000;

#[test]
fn scans_that_were_written_survive_the_death_of_the_server_and_none_is_counted_twice() {
    let (kills, most) = match full() {
        true => (60, 20_000),
        false => (3, 400),
    };
    let mut server = Server::start();
    let made = Client::of(&server.url(""))
        .post("/api/links", &json!({"target": "https://shop.example/"}))
        .unwrap()
        .json();
    let digits = made["link"].as_str().unwrap().rsplit('/').next().unwrap();
    let path = format!("/{digits}");
    let scans = format!("/api/links/{}/scans", made["id"].as_str().unwrap());
    let counted = |client: &Client| {
        let total = client.get(&scans)?.json()["total"].clone();
        let each = total.as_object()?.values().filter_map(Value::as_u64);
        Some(each.sum::<u64>())
    };
    let (mut before, mut all, mut lost) = (0, 0, 0);
    for kill in 1..=kills {
        let begin = Instant::now();
        let base = server.url("");
        let reporter = Client::of(&base);
        // Scans that were answered, how many of them make the server die, and what was written when that was said.
        let answered = AtomicU64::new(0);
        let dies_after = AtomicU64::new(ENOUGH);
        let process = server.process_id();
        let (told, written) = std::thread::scope(|scope| {
            let scanning = scope.spawn(|| {
                together(CLIENTS, |_| {
                    scan_until_dead(&base, &path, &answered, &dies_after, process)
                })
            });
            // The report reads the store: what it tells was written. Then the server dies, in the middle of scans, sooner or later
            // after they are written.
            let written = crate::fixture::eventually("scans are written", || {
                counted(&reporter).filter(|counted| *counted > before)
            });
            let more = kill * 7_919 % most;
            dies_after.store(answered.load(Ordering::SeqCst) + more, Ordering::SeqCst);
            (scanning.join().unwrap(), written)
        });
        let died = told.iter().filter_map(|told| told.last()).max();
        let died = *died.unwrap();
        let told: Vec<Instant> = told.into_iter().flatten().collect();
        server.kill();
        server.start_again();
        let client = Client::of(&server.url(""));
        let after = crate::fixture::eventually("the server counts", || counted(&client));
        let answers = u64::try_from(told.len()).unwrap();
        let asked = answers + u64::try_from(CLIENTS).unwrap();
        assert!(after >= written, "{after} of {written} written before");
        assert!(after <= before + asked, "{after} of {before} and {asked}");
        if full() {
            let old = |at: &&Instant| died.duration_since(**at) > GATHERED;
            let old = u64::try_from(told.iter().filter(old).count()).unwrap();
            assert!(
                after >= before + old,
                "{after} of {before} and {old}, {:?}",
                begin.elapsed()
            );
        }
        lost += (before + answers).saturating_sub(after);
        all += answers;
        before = after;
    }
    println!(
        "kills: {kills} times -9 while scans are counted: {all} answered, {lost} of them lost, none counted twice"
    );
}

/// Scans until the server is gone, which it is when so many scans were answered; when each of them was.
fn scan_until_dead(
    base: &str,
    path: &str,
    answered: &AtomicU64,
    dies_after: &AtomicU64,
    process: u32,
) -> Vec<Instant> {
    let client = Client::of(base);
    let mut told = Vec::new();
    while let Some(reply) = client.get(path) {
        assert_eq!(reply.status, 302, "{reply:?}");
        told.push(Instant::now());
        let answered = answered.fetch_add(1, Ordering::SeqCst) + 1;
        if answered >= dies_after.load(Ordering::SeqCst)
            && dies_after.swap(u64::MAX, Ordering::SeqCst) != u64::MAX
        {
            end(process);
        }
    }
    told
}

/// Ends a process as a loss of power would, while others wait for it.
pub fn end(process: u32) {
    let sent = std::process::Command::new("kill")
        .args(["-KILL", &process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[test]
fn what_was_answered_survives_the_death_of_the_server() {
    let kills = match full() {
        true => 200,
        false => 6,
    };
    let mut server = Server::start();
    let world = World {
        issued: Mutex::default(),
        unanswered: Mutex::default(),
        codes: Mutex::default(),
        answered: AtomicU64::new(0),
        lost: AtomicU64::new(0),
    };
    for kill in 0..kills {
        // Dies after so many answers, in the middle of others.
        let dies_after = world.answered.load(Ordering::SeqCst) + 20 + kill * 37 % 60;
        let dead = AtomicBool::new(false);
        let base = server.url("");
        let process = server.process_id();
        together(CLIENTS, |number| {
            let client = Client::of(&base);
            let mut turn = u64::try_from(number).unwrap();
            while live(&client, &world, turn).is_some() {
                turn += 1;
                if world.answered.load(Ordering::SeqCst) >= dies_after
                    && !dead.swap(true, Ordering::SeqCst)
                {
                    end(process);
                }
            }
        });
        assert!(dead.load(Ordering::SeqCst), "clients stop for nothing else");
        server.kill();
        check_integrity(&server);
        server.start_again();
        check(&server, &world);
    }
    let codes = world.codes.into_inner().unwrap();
    println!(
        "kills: {kills} times -9 under {CLIENTS} clients: {} answers held, {} were lost on the way; {} codes, {} of them stored, \
         {} opens, {} revocations; integrity_check ok each time",
        world.answered.into_inner(),
        world.lost.into_inner(),
        codes.len(),
        codes
            .values()
            .filter(|code| code.revision.is_some())
            .count(),
        codes.values().map(|code| code.opened).sum::<u64>(),
        codes.values().filter(|code| code.revoked).count(),
    );
}

/// Issues a code, opens it and another one, now and then revokes one; `None` once the server is gone.
fn live(client: &Client, world: &World, turn: u64) -> Option<()> {
    let max_opens = 1 + turn % 2 * 2;
    let storage = match turn % 4 {
        0 | 3 => "stored",
        _ => "inline",
    };
    let request = Request {
        key: new_open_id(),
        body: json!({"payload": {"n": turn}, "max_opens": max_opens, "expires_in": 86_400,
            "storage": storage}),
    };
    let Some(issued) = world.ask(request.send(client)) else {
        // Whether it was issued is not known; asked again, the server must not issue a second one.
        world.unanswered.lock().unwrap().push(request);
        return None;
    };
    let (id, digits) = id_and_digits(&issued);
    world.issued.lock().unwrap().push((request, id.clone()));
    let known = Known {
        digits,
        max_opens,
        opened: 0,
        revoked: false,
        revision: (storage == "stored").then_some(1),
    };
    world.codes.lock().unwrap().insert(id.clone(), known);
    if storage == "stored" {
        replace(client, world, &id, &issued.json()["token"])?;
    }
    open(client, world, &id)?;
    // Someone else's code, of this life of the server or an earlier one.
    let other = {
        let codes = world.codes.lock().unwrap();
        let place = usize::try_from(turn * 7919).unwrap() % codes.len();
        codes.keys().nth(place).unwrap().clone()
    };
    open(client, world, &other)?;
    if turn.is_multiple_of(4) {
        let path = format!("/api/tokens/{other}/revoke");
        let revoked = world.ask(client.post(&path, &json!({"reason": "kill test"})))?;
        assert_eq!(revoked.status, 200, "{revoked:?}");
        world.codes.lock().unwrap().get_mut(&other).unwrap().revoked = true;
        open(client, world, &other)?;
    }
    Some(())
}

/// Replaces the document of a stored code, which somebody else may have ended.
fn replace(client: &Client, world: &World, id: &str, token: &Value) -> Option<()> {
    let body = json!({"token": token, "payload": "replaced"});
    let reply = world.ask(client.put(&format!("/api/tokens/{id}/payload"), &body))?;
    let mut codes = world.codes.lock().unwrap();
    let code = codes.get_mut(id).unwrap();
    match reply.status {
        200 => code.revision = code.revision.max(reply.json()["revision"].as_u64()),
        410 => {}
        _ => panic!("{reply:?}"),
    }
    Some(())
}

fn open(client: &Client, world: &World, id: &str) -> Option<()> {
    let before = world.codes.lock().unwrap()[id].clone();
    let reply = world.ask(client.open(&before.digits))?;
    let mut codes = world.codes.lock().unwrap();
    let code = codes.get_mut(id).unwrap();
    match (reply.status, reply.code().as_str()) {
        (200, _) => {
            assert!(!before.revoked, "{id} opened after its revocation");
            code.opened += 1;
            assert!(code.opened <= code.max_opens, "{id} opened too often");
        }
        (410, "token_used_up" | "token_revoked") => {}
        _ => panic!("{reply:?}"),
    }
    Some(())
}

impl Request {
    fn send(&self, client: &Client) -> Option<Reply> {
        let reply = client.post_once("/api/tokens", &self.key, &self.body)?;
        assert_eq!(reply.status, 201, "{reply:?}");
        Some(reply)
    }
}

fn id_and_digits(issued: &Reply) -> (String, String) {
    let issued = issued.json();
    let link = issued["link"].as_str().unwrap();
    let digits = link.rsplit('/').next().unwrap().to_owned();
    (issued["id"].as_str().unwrap().to_owned(), digits)
}

impl World {
    /// Counts what arrived and what did not.
    fn ask<T>(&self, reply: Option<T>) -> Option<T> {
        match &reply {
            Some(_) => self.answered.fetch_add(1, Ordering::SeqCst),
            None => self.lost.fetch_add(1, Ordering::SeqCst),
        };
        reply
    }
}

/// Compares the ledger after the restart with what was answered before.
fn check(server: &Server, world: &World) {
    let client = Client::of(&server.url(""));
    for (request, id) in world.issued.lock().unwrap().drain(..) {
        let again = request.send(&client).unwrap();
        assert_eq!(id_and_digits(&again).0, id, "issued twice");
    }
    for request in world.unanswered.lock().unwrap().drain(..) {
        let [one, two] = [(); 2].map(|()| request.send(&client).unwrap());
        assert_eq!(id_and_digits(&one), id_and_digits(&two), "issued twice");
    }
    for (id, code) in world.codes.lock().unwrap().iter() {
        if code.opened == 0 && !code.revoked && code.revision.is_none() {
            continue;
        }
        let receipt = client.get(&format!("/api/tokens/{id}")).unwrap();
        assert_eq!(receipt.status, 200, "{id} is lost");
        let receipt = receipt.json();
        let opens = receipt["opens"].as_u64().unwrap();
        assert!(
            (code.opened..=code.max_opens).contains(&opens),
            "{opens} opens in the ledger, {code:?}"
        );
        let revision = receipt["revision"].as_u64();
        assert!(revision >= code.revision, "a revision is lost: {receipt}");
        assert!(
            !code.revoked || receipt["state"] == "revoked",
            "a revocation is lost: {receipt}"
        );
    }
}

/// Nothing in the database of a server that was ended is broken.
pub fn check_integrity(server: &Server) {
    let file = server.folder().join("qrseal.db");
    let found: String = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(async {
            let url = format!("sqlite:{}", file.display());
            let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
            let row = sqlx::query("PRAGMA integrity_check")
                .fetch_one(&mut conn)
                .await
                .unwrap();
            let found = row.get(0);
            conn.close().await.unwrap();
            found
        });
    assert_eq!(found, "ok");
}
