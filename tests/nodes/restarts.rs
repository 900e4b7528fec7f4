//! `deploy/rolling-restart`: all nodes are restarted under load, and no client notices.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::balancer::Balancer;
use crate::clients::{Client, Reply};
use crate::fixture::{Server, new_folder};
use crate::full;
use crate::mint::Code;
use crate::site::{PATH, Site, start_again};

const SENDERS: usize = 30;

#[test]
fn no_request_fails_while_the_nodes_are_restarted_one_after_the_other() {
    let (restarts, requests, per_second) = match full() {
        true => (10, 20_000, 300),
        false => (1, 300, 60),
    };
    let mut site = Site::start(&[]);
    let mut mint = site.mint();
    let (plain, codes) = (mint.plain(), mint.limited(60_000, 1));
    let processes = new_folder();
    for node in &site.nodes {
        note_process(processes.path(), node);
    }
    let key = site.key.clone();
    let Site {
        nodes, balancer, ..
    } = &mut site;
    let balancer = &*balancer;
    let load = Load {
        plain: &plain,
        codes: &codes,
        sent: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        failed: Mutex::default(),
    };
    let begin = Instant::now();
    let mut done = 0;
    thread::scope(|scope| {
        for number in 0..SENDERS {
            let kept = balancer.client(PATH).with_key(&key);
            let passing = balancer.passing_client(PATH).with_key(&key);
            let (load, pause) = (&load, Duration::from_secs(1) * 30 / per_second);
            scope.spawn(move || load.send(&[kept, passing], number, pause));
        }
        while done < restarts || load.sent.load(Ordering::SeqCst) < requests {
            let mut script = Script(rolling_restart(balancer, processes.path()));
            // This thread is what a service manager is elsewhere: a node that ended is started again.
            while script.runs() {
                for node in nodes.iter_mut() {
                    if node.has_ended() {
                        start_again(node);
                        note_process(processes.path(), node);
                    }
                }
                thread::sleep(Duration::from_millis(10));
            }
            done += 1;
        }
        load.over.store(true, Ordering::SeqCst);
    });
    let (sent, failed) = (load.sent.into_inner(), load.failed.into_inner().unwrap());
    let seconds = begin.elapsed().as_secs().max(1);
    println!(
        "rolling restarts: {done} of three nodes in {} s, {sent} requests ({} a second; half of them on new connections), \
         {} failed",
        seconds,
        sent / usize::try_from(seconds).unwrap(),
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Requests at an even pace, of three kinds.
struct Load<'c> {
    plain: &'c Code,
    codes: &'c [Code],
    sent: AtomicUsize,
    over: AtomicBool,
    failed: Mutex<Vec<String>>,
}

impl Load<'_> {
    fn send(&self, clients: &[Client; 2], number: usize, pause: Duration) {
        // Not all at the same moment.
        let mut next = Instant::now() + pause * u32::try_from(number).unwrap() / 30;
        while !self.over.load(Ordering::SeqCst) {
            thread::sleep(next.saturating_duration_since(Instant::now()));
            next += pause;
            let turn = self.sent.fetch_add(1, Ordering::SeqCst);
            let client = &clients[turn % 2];
            let (what, reply, expected) = match turn / 2 % 5 {
                0 => {
                    let body = json!({"payload": {"n": turn}});
                    ("POST to issue", client.post("/api/tokens", &body), 201)
                }
                1 | 2 => ("POST to open", client.open(&self.codes[turn].digits), 200),
                _ => ("GET", client.get(&format!("/{}", self.plain.digits)), 200),
            };
            if reply.as_ref().map(|reply: &Reply| reply.status) != Some(expected) {
                let connection = ["kept", "new"][turn % 2];
                let failed = format!("{what} on a {connection} connection: {reply:?}");
                self.failed.lock().unwrap().push(failed);
            }
        }
    }
}

/// The script, which ends with the test.
struct Script(Child);

impl Script {
    fn runs(&mut self) -> bool {
        match self.0.try_wait().unwrap() {
            None => true,
            Some(status) => {
                assert!(status.success(), "rolling-restart: {status}");
                false
            }
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ended = (self.0.kill(), self.0.wait());
    }
}

fn rolling_restart(balancer: &Balancer, processes: &Path) -> Child {
    let restart = format!(
        "process=$(cat {}/${{1##*:}}) && kill \"$process\" && while kill -0 \"$process\" 2>/dev/null; do sleep 0.05; done",
        processes.display()
    );
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/rolling-restart"))
        .args(["--restart", &restart, "--nodes"])
        .arg(balancer.path("nodes"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the script starts")
}

/// Where the command that restarts a node finds its process, by its port.
fn note_process(folder: &Path, node: &Server) {
    let file = folder.join(node.address().port().to_string());
    std::fs::write(file, node.process_id().to_string()).unwrap();
}
