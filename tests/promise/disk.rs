//! The disk: full, and whether an answer waits for it.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::clients::{Client, together};
use crate::fixture::{Server, eventually, new_folder, qrseal, qrseal_by};
use crate::full;
use crate::mint::{Code, Mint, stored};

/// What the file of the store may grow to in the small version, which limits the process instead of the disk.
const LIMIT_KIB: u32 = 512;

#[test]
fn with_a_full_disk_plain_codes_open_and_the_others_wait() {
    let folder = new_folder();
    let disk = match full() {
        true => Disk::tmpfs(&folder.path().join("small")),
        false => Disk::Limited,
    };
    let settings = disk.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let server = Server::start_by(disk.program(), folder, &settings);
    let mut mint = Mint::of(&server.keyring());
    let base = server.url("");
    let plain = [
        mint.plain(),
        stored(&base, "", 1, &json!({})).pop().unwrap(),
    ];
    let codes = mint.limited(200_000, 1);
    let before = Client::of(&base).open(&codes[0].digits).unwrap();
    assert_eq!(before.status, 200, "{before:?}");

    disk.fill(&server);
    let phase = AtomicBool::new(true);
    let (opened, refused) = (AtomicU32::new(0), AtomicU32::new(0));
    let kept = Mutex::new(Vec::new());
    let enough = match full() {
        true => 2000,
        false => 50,
    };
    let plain_opens: u32 = together(6, |number| {
        let client = Client::of(&base);
        let mut plain_opens = 0;
        if number == 0 {
            while phase.load(Ordering::SeqCst) {
                for plain in &plain {
                    let reply = client.get(&format!("/{}", plain.digits)).unwrap();
                    assert_eq!(reply.status, 200, "{reply:?}");
                    plain_opens += 1;
                }
            }
            return plain_opens;
        }
        if number == 5 {
            store_until(&phase, &client, &kept);
            return 0;
        }
        for code in codes[1..].iter().skip(number).step_by(4) {
            if refused.load(Ordering::SeqCst) >= enough {
                break;
            }
            let reply = client.open(&code.digits).unwrap();
            match (reply.status, reply.code().as_str()) {
                (200, _) => opened.fetch_add(1, Ordering::SeqCst),
                (503, "temporarily_unavailable") => {
                    assert!(reply.retry_after.is_some(), "{reply:?}");
                    refused.fetch_add(1, Ordering::SeqCst)
                }
                _ => panic!("{reply:?}"),
            };
        }
        phase.store(false, Ordering::SeqCst);
        plain_opens
    })
    .iter()
    .sum();
    let refused = refused.into_inner();
    assert!(refused >= enough, "the disk became full");
    assert!(plain_opens > 0);

    let freed = Instant::now();
    disk.free(&server);
    let last = codes.last().unwrap();
    eventually("limited codes open again", || {
        let reply = Client::of(&base).open(&last.digits)?;
        (reply.status == 200).then_some(())
    });
    let recovery = freed.elapsed();
    let kept = kept.into_inner().unwrap();
    for code in &kept {
        let reply = Client::of(&base).get(&format!("/{}", code.digits)).unwrap();
        assert_eq!(reply.status, 200, "what was answered is kept: {reply:?}");
    }
    println!(
        "full disk: {} limited codes opened before it, {refused} got 503 with Retry-After, {plain_opens} plain opens all 200 \
         meanwhile, one of the two codes stored; {} documents were stored before it, and all of them are there; limited codes \
         opened again {:.0} ms after there was room",
        opened.into_inner(),
        kept.len(),
        recovery.as_secs_f64() * 1000.0
    );
    assert!(recovery < Duration::from_secs(5), "{recovery:?}");
}

/// Stores documents for as long as the phase lasts: an answer with a code, or 503 and nothing.
fn store_until(phase: &AtomicBool, client: &Client, kept: &Mutex<Vec<Code>>) {
    let body = json!({"payload": "x".repeat(300), "storage": "stored", "codec": "raw"});
    while phase.load(Ordering::SeqCst) {
        let reply = client.post("/api/tokens", &body).unwrap();
        match (reply.status, reply.code().as_str()) {
            (201, _) => kept.lock().unwrap().push(Code::of(&reply.json())),
            (503, "temporarily_unavailable") => assert!(reply.retry_after.is_some(), "{reply:?}"),
            _ => panic!("{reply:?}"),
        }
    }
}

#[test]
#[ignore = "it needs strace; tests/run and tests/torture run it"]
fn an_answer_waits_until_the_log_is_on_the_disk() {
    let folder = new_folder();
    let trace = folder.path().join("trace");
    let mut strace = Command::new("strace");
    // -D: the server stays the child of this process. -y: files by their names.
    strace
        .args(["-D", "-f", "-y", "-s", "64", "-e"])
        .arg("trace=fsync,fdatasync,write,writev,sendto,sendmsg")
        .arg("-o")
        .arg(&trace);
    let mut server = Server::start_by(qrseal_by(strace), folder, &[]);
    let code = Mint::of(&server.keyring()).one(1);
    let client = Client::of(&server.url(""));
    assert_eq!(client.get("/healthz").unwrap().status, 200);
    assert_eq!(client.open(&code.digits).unwrap().status, 200);
    server.signal("TERM");
    assert!(server.wait_for_exit().success());
    let lines = eventually("strace wrote the end of the server", || {
        let text = std::fs::read_to_string(&trace).ok()?;
        text.contains("+++ exited with 0 +++")
            .then(|| text.lines().map(str::to_owned).collect::<Vec<_>>())
    });
    let answers: Vec<usize> = (0..lines.len())
        .filter(|line| lines[*line].contains("HTTP/1.1 200 OK"))
        .collect();
    // The readiness that the fixture asks for, the health, the open.
    let [.., before, open] = answers[..] else {
        panic!("{answers:?}");
    };
    let synced = (before..open).find(|line| {
        let call = begin_of(&lines[before..=*line]);
        call.contains("sync(") && call.contains("qrseal.db-wal>") && lines[*line].ends_with("= 0")
    });
    let synced = synced.unwrap_or_else(|| panic!("{:#?}", &lines[before..=open]));
    println!(
        "fsync: before the answer of the open left, the log was on the disk:\n    {}\n    {}",
        lines[synced], lines[open]
    );
}

/// The line with which the call begins that the last line ends: itself, or, where other threads' calls came between, the one
/// before of the same thread.
fn begin_of(lines: &[String]) -> &str {
    let (last, before) = lines.split_last().unwrap();
    let thread = |line: &str| line.split(' ').next().map(str::to_owned);
    match last.contains(" resumed>") {
        false => last,
        true => before
            .iter()
            .rfind(|line| thread(line) == thread(last))
            .map_or("", String::as_str),
    }
}

/// A place that becomes full.
enum Disk {
    /// A small file system of its own; it takes root to mount it.
    Tmpfs(std::path::PathBuf),
    /// The usual disk, where the process may write files up to a size.
    Limited,
}

impl Disk {
    fn tmpfs(place: &Path) -> Self {
        std::fs::create_dir(place).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs"])
            .arg(place)
            .status();
        assert!(
            mounted.is_ok_and(|status| status.success()),
            "this test fills a small file system, and must be root to mount one (or have CAP_SYS_ADMIN)"
        );
        Self::Tmpfs(place.to_owned())
    }

    fn settings(&self) -> Vec<(String, String)> {
        match self {
            Self::Tmpfs(place) => vec![(
                "QRSEAL_STORE__URL".to_owned(),
                format!("sqlite://{}/qrseal.db", place.display()),
            )],
            Self::Limited => Vec::new(),
        }
    }

    /// The program, so that its files can be limited: a write too many is then an error, and no signal.
    fn program(&self) -> Command {
        match self {
            Self::Tmpfs(_) => qrseal(),
            Self::Limited => {
                let mut shell = Command::new("sh");
                shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
                qrseal_by(shell)
            }
        }
    }

    fn fill(&self, server: &Server) {
        match self {
            Self::Tmpfs(place) => {
                // Half a megabyte stays, so that the disk becomes full under load.
                let filled = Command::new("sh")
                    .arg("-c")
                    .arg("head -c \"$(($(df --output=avail -B1 . | tail -1) - 524288))\" /dev/zero > filler")
                    .current_dir(place)
                    .status();
                assert!(filled.unwrap().success());
            }
            Self::Limited => limit(server, &(LIMIT_KIB * 1024).to_string()),
        }
    }

    fn free(&self, server: &Server) {
        match self {
            Self::Tmpfs(place) => std::fs::remove_file(place.join("filler")).unwrap(),
            Self::Limited => limit(server, "unlimited"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Tmpfs(place) = self {
            // The server may still have files open there: the mount goes with the last of them.
            let _unmounted = Command::new("umount").arg("--lazy").arg(place).status();
        }
    }
}

fn limit(server: &Server, bytes: &str) {
    let limited = Command::new("prlimit")
        .arg("--pid")
        .arg(server.process_id().to_string())
        .arg(format!("--fsize={bytes}:unlimited"))
        .status();
    assert!(limited.is_ok_and(|status| status.success()), "prlimit");
}
