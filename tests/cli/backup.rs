//! A backup that goes on elsewhere, what nobody can know after that, and what is refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{Answer, Server, eventually, new_folder, qrseal};

/// An installation whose keyring is encrypted, and a safe place for what is taken out of it.
struct Drill {
    safe: TempDir,
    kek: String,
}

impl Drill {
    fn new() -> Self {
        let safe = new_folder();
        let kek = path(&safe, "kek");
        fs::write(&kek, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        fs::set_permissions(&kek, Permissions::from_mode(0o600)).unwrap();
        Self { safe, kek }
    }

    fn path(&self, name: &str) -> String {
        path(&self.safe, name)
    }

    fn settings(&self) -> [(&str, &str); 1] {
        [("QRSEAL_KEYS__KEK_FILE", &self.kek)]
    }

    fn serve(&self, folder: TempDir) -> Server {
        Server::start_in(folder, &self.settings())
    }

    /// A command in the folder of an installation.
    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = qrseal();
        command
            .args(arguments)
            .current_dir(folder)
            .env("QRSEAL_KEYS__FILE", folder.join("keyring.json"))
            .envs(self.settings());
        command
    }

    /// Runs it: whether it succeeded, its standard output, and what it said besides.
    fn run(&self, folder: &Path, arguments: &[&str]) -> (bool, String, String) {
        let output = self.command(folder, arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        (output.status.success(), out, err)
    }

    fn done(&self, folder: &Path, arguments: &[&str]) -> String {
        let (well, out, err) = self.run(folder, arguments);
        assert!(well, "{arguments:?}: {err}{out}");
        out
    }

    /// Why a command does nothing.
    fn refused(&self, folder: &Path, arguments: &[&str]) -> String {
        let (well, out, err) = self.run(folder, arguments);
        assert!(!well, "{arguments:?}: {out}");
        err
    }

    /// A new API key, as a header has it.
    fn key(&self, folder: &Path, name: &str) -> String {
        let scopes = "issue,read:all,revoke:all,audit,lists,check";
        let create = ["api-keys", "create", "--name", name, "--scope", scopes];
        let said = self.done(folder, &create);
        let mut words = said.split_whitespace();
        let key = words.find(|word| word.starts_with("qrs_"));
        format!("Bearer {}", key.unwrap())
    }
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// A code: its digits and its id.
type Code = (String, String);

fn post(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    let headers = [("authorization", key)];
    eventually("the key is known", || {
        let answer = server.post_json_with(path, body.to_string(), &headers);
        (answer.status != 401).then_some(answer)
    })
}

fn issue(server: &Server, key: &str, path: &str, body: &Value) -> Code {
    let answer = post(server, key, path, body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let answer = answer.json();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let digits = text("link").rsplit('/').next().unwrap().to_owned();
    (digits, text("id"))
}

fn open(server: &Server, code: &Code, who: &str) -> Answer {
    let body = format!(r#"{{"open_id": "{who}-0123456789abcdef"}}"#);
    server.post_json(&format!("/{}", code.0), body)
}

fn limited(max_opens: u32) -> Value {
    json!({"payload": {"n": 1}, "max_opens": max_opens, "expires_in": "30d"})
}

/// What was issued before the backup, and what happens to it after.
struct Codes {
    plain: Code,
    revoked: Code,
    stored: Code,
    limited: Code,
    voucher: Code,
    link: Code,
    list: String,
}

impl Codes {
    fn issue(server: &Server, key: &str) -> Self {
        let token = |body: &Value| issue(server, key, "/api/tokens", body);
        let list = json!({"name": "Breakfast", "accepts": [{"profile": "voucher"}], "exits": "on"});
        let list = post(server, key, "/api/lists", &list);
        assert_eq!(list.status, 201, "{}", list.text());
        let voucher = json!({
            "payload": {"id": "V-1", "what": "Breakfast"}, "profile": "voucher", "max_opens": 1, "expires_in": "30d"
        });
        let target = json!({"target": "https://shop.example/summer"});
        Self {
            plain: token(&json!({"payload": {"n": 1}})),
            revoked: token(&json!({"payload": {"n": 2}})),
            stored: token(&json!({"payload": {"n": 3}, "storage": "stored"})),
            limited: token(&limited(3)),
            voucher: token(&voucher),
            link: issue(server, key, "/api/links", &target),
            list: list.json()["id"].as_str().unwrap().to_owned(),
        }
    }

    /// Shows the voucher at its list.
    fn check_in(&self, server: &Server, key: &str, kind: &str, number: u32) -> Answer {
        let check_in_id = format!("check-in-{number:016}");
        let asked = json!({"token": self.voucher.0, "list": self.list, "kind": kind, "check_in_id": check_in_id});
        post(server, key, "/api/check-ins", &asked)
    }
}

#[test]
fn a_backup_goes_on_elsewhere_and_what_nobody_can_know_stays_closed() {
    let drill = Drill::new();
    let mut old = drill.serve(new_folder());
    let at = old.folder().to_owned();
    let (shop, stolen) = (drill.key(&at, "shop"), drill.key(&at, "stolen"));
    let codes = Codes::issue(&old, &shop);
    assert_eq!(open(&old, &codes.limited, "one").status, 200);
    let backup = drill.path("backup");
    let said = drill.done(&at, &["backup", "-o", &backup]);
    assert!(said.contains("with the keyring, encrypted"), "{said}");
    let mode = fs::metadata(&backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // What the backup does not know.
    assert_eq!(open(&old, &codes.limited, "two").status, 200);
    drill.done(&at, &["tokens", "revoke", &codes.revoked.1]);
    let winter = "https://shop.example/winter";
    drill.done(&at, &["links", "set", &codes.link.1, "--target", winter]);
    drill.done(&at, &["api-keys", "disable", "2"]);
    let late = issue(&old, &shop, "/api/tokens", &limited(1));
    let log = drill.path("audit.ndjson");
    fs::write(&log, drill.done(&at, &["audit", "export"])).unwrap();
    old.kill();

    let elsewhere = new_folder();
    let said = drill.done(
        elsewhere.path(),
        &["restore", &backup, "--audit", &log, "--no-wait"],
    );
    for words in [
        "1 codes revoked",
        "1 API keys disabled",
        "1 links led elsewhere",
        "stay closed",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let new = drill.serve(elsewhere);
    let get = |code: &Code| new.get(&format!("/{}", code.0), None);
    assert_eq!(get(&codes.plain).status, 200);
    assert_eq!(get(&codes.stored).status, 200);
    assert_eq!(get(&codes.revoked).code(), "token_revoked");
    assert!(get(&codes.link).header("location").ends_with("/winter"));
    let refused = json!({"payload": 1}).to_string();
    let refused = new.post_json_with("/api/tokens", refused, &[("authorization", &stolen)]);
    assert_eq!(refused.status, 401);
    closed_until_reopened(&drill, &new, &shop, &codes, &late);
}

fn closed_until_reopened(drill: &Drill, new: &Server, key: &str, codes: &Codes, late: &Code) {
    let is_closed = |answer: &Answer| {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "token_closed")
        );
    };
    for code in [&codes.limited, late] {
        is_closed(&open(new, code, "three"));
    }
    is_closed(&codes.check_in(new, key, "entry", 1));
    let left = codes.check_in(new, key, "exit", 2);
    assert_eq!(left.status, 201, "an exit is never refused");
    // So does what is issued in these minutes, because the command was told not to wait.
    let fresh = issue(new, key, "/api/tokens", &limited(1));
    is_closed(&open(new, &fresh, "four"));
    let said = drill.done(new.folder(), &["restore", "--reopen", "Ana Example"]);
    assert!(said.contains("opens again"), "{said}");
    assert_eq!(open(new, &codes.limited, "five").status, 200);
    assert_eq!(open(new, &fresh, "six").status, 200);
    assert_eq!(codes.check_in(new, key, "entry", 3).status, 201);
    let said = drill.done(new.folder(), &["audit", "show", "--verb", "reopen"]);
    assert!(said.contains("Ana Example"), "{said}");
    drill.done(new.folder(), &["audit", "verify"]);
    let said = drill.done(new.folder(), &["restore", "--reopen", "Ana Example"]);
    assert!(said.contains("Nothing was closed"), "{said}");
}

/// When a backup was made, in seconds since 1970.
fn made_at(backup: &str) -> u64 {
    let bytes = fs::read(backup).unwrap();
    // A line, the kind of the first part and its length.
    let mut header = serde_json::Deserializer::from_slice(&bytes[16 + 5..]).into_iter::<Value>();
    header.next().unwrap().unwrap()["made_at"].as_u64().unwrap()
}

#[test]
fn what_the_log_has_of_shortly_before_a_backup_is_done_again_too() {
    let drill = Drill::new();
    let mut old = drill.serve(new_folder());
    let at = old.folder().to_owned();
    let shop = drill.key(&at, "shop");
    let [late, long_ago] = [1, 2].map(|n| {
        let asked = json!({"payload": {"n": n}});
        issue(&old, &shop, "/api/tokens", &asked)
    });
    let backup = drill.path("backup");
    drill.done(&at, &["backup", "-o", &backup]);
    old.kill();
    // As servers write them whose clocks are behind, or whose requests waited: the backup has neither.
    let revoked = |code: &Code, before: u64| {
        let secs = i64::try_from(made_at(&backup) - before).unwrap();
        let time = jiff::Timestamp::from_second(secs).unwrap();
        let row = json!({"happened_at": time.to_string(), "verb": "revoke", "what": "token", "what_id": code.1});
        format!("{row}\n")
    };
    let log = drill.path("audit.ndjson");
    fs::write(&log, revoked(&long_ago, 2 * 60 * 60) + &revoked(&late, 30)).unwrap();
    let elsewhere = new_folder();
    let said = drill.done(
        elsewhere.path(),
        &["restore", &backup, "--audit", &log, "--no-wait"],
    );
    assert!(said.contains("1 codes revoked"), "{said}");
    let new = drill.serve(elsewhere);
    let get = |code: &Code| new.get(&format!("/{}", code.0), None);
    assert_eq!(get(&late).code(), "token_revoked");
    assert_eq!(get(&long_ago).status, 200);
}

#[test]
fn a_restoration_that_was_killed_before_its_end_serves_nobody_until_it_is_run_again() {
    let drill = Drill::new();
    let mut old = drill.serve(new_folder());
    let at = old.folder().to_owned();
    let shop = drill.key(&at, "shop");
    let code = issue(&old, &shop, "/api/tokens", &json!({"payload": {"n": 1}}));
    let backup = drill.path("backup");
    drill.done(&at, &["backup", "-o", &backup]);
    drill.done(&at, &["tokens", "revoke", &code.1]);
    let log = drill.path("audit.ndjson");
    fs::write(&log, drill.done(&at, &["audit", "export"])).unwrap();
    old.kill();
    let elsewhere = new_folder();
    let folder = elsewhere.path();
    // Its log does not come, so what was revoked is not yet.
    let mut killed = drill
        .command(folder, &["restore", &backup, "--audit", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("it waits for the log", || {
        // Which it writes when the store is filled.
        if !folder.join("keyring.json").exists() {
            return None;
        }
        let (_, _, said) = drill.run(folder, &["audit", "show"]);
        said.contains("is being restored").then_some(())
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let said = drill.refused(folder, &["audit", "show"]);
    assert!(said.contains("run it again"), "{said}");
    let again = ["restore", &backup, "--audit", &log, "--no-wait"];
    drill.done(folder, &again);
    let answer = drill.serve(elsewhere).get(&format!("/{}", code.0), None);
    assert_eq!(answer.code(), "token_revoked");
}

#[test]
fn a_backup_replaces_nothing_and_one_that_is_not_whole_writes_nothing() {
    let drill = Drill::new();
    let server = drill.serve(new_folder());
    let at = server.folder();
    server.seal(r#"{"n": 1}"#);
    let backup = drill.path("backup");
    drill.done(at, &["backup", "-o", &backup]);
    let said = drill.refused(at, &["backup", "-o", &backup]);
    assert!(said.contains("is there already"), "{said}");
    let whole = fs::read(&backup).unwrap();

    let nowhere = new_folder();
    let damaged = drill.path("damaged");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for bytes in [
        Vec::new(),
        whole[..whole.len() / 2].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        flipped(0),
        flipped(whole.len() / 2),
        flipped(whole.len() - 1),
        [&whole[..], b"more"].concat(),
    ] {
        fs::write(&damaged, bytes).unwrap();
        let said = drill.refused(nowhere.path(), &["restore", &damaged]);
        assert!(said.contains("backup"), "{said}");
        assert_eq!(fs::read_dir(nowhere.path()).unwrap().count(), 0, "{said}");
    }
    // Into the store that a server uses, and under another key-encryption key.
    let said = drill.refused(at, &["restore", &backup]);
    assert!(said.contains("holds rows"), "{said}");
    let other = drill.path("other");
    fs::write(&other, "HxAeHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=").unwrap();
    fs::set_permissions(&other, Permissions::from_mode(0o600)).unwrap();
    drill.refused(nowhere.path(), &["restore", &backup, "--kek-file", &other]);
    assert_eq!(fs::read_dir(nowhere.path()).unwrap().count(), 0);
}

#[test]
fn of_backups_that_are_written_to_one_name_at_once_one_is_there_and_whole() {
    let drill = Drill::new();
    let server = drill.serve(new_folder());
    let at = server.folder();
    server.seal(r#"{"n": 1}"#);
    let backup = drill.path("backup");
    let somebodys = drill.path("backup.partial");
    fs::write(&somebodys, "notes").unwrap();
    let written = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| drill.run(at, &["backup", "-o", &backup]).0))
            .collect();
        let ended = writers.into_iter().map(|writer| writer.join().unwrap());
        ended.filter(|well| *well).count()
    });
    assert_eq!(written, 1);
    assert_eq!(fs::read(&somebodys).unwrap(), b"notes");
    let left = fs::read_dir(drill.safe.path()).unwrap();
    let partial = left.filter(|found| {
        let name = found.as_ref().unwrap().file_name();
        name.to_str().unwrap().ends_with(".partial")
    });
    assert_eq!(partial.count(), 1, "all of them cleared up");
    let elsewhere = new_folder();
    drill.done(elsewhere.path(), &["restore", &backup, "--no-wait"]);
}

#[test]
fn what_lets_a_server_in_at_a_receiver_is_neither_printed_nor_in_a_backup() {
    let drill = Drill::new();
    let server = drill.serve(new_folder());
    let folder = server.folder();
    let backup = drill.path("backup");
    let run = |arguments: &[&str]| {
        let output = drill
            .command(folder, arguments)
            .env(
                "QRSEAL_EVENTS__TARGETS",
                "https://hooks.example.com:8443/T0PSECRET?key=S3CRET",
            )
            .env(
                "QRSEAL_EVENTS__SECRET",
                "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
            )
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["backup", "-o", &backup]);
    let written = fs::read(&backup).unwrap();
    for text in [
        run(&["config"]),
        String::from_utf8_lossy(&written).into_owned(),
    ] {
        assert!(text.contains("https://hooks.example.com:8443/***"));
        for secret in ["T0PSECRET", "S3CRET", "AAECAwQF"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

#[test]
fn a_plain_keyring_is_in_no_backup_and_another_keyring_takes_none() {
    let server = Server::start();
    server.seal(r#"{"n": 1}"#);
    let safe = new_folder();
    let backup = path(&safe, "backup");
    let said = server.command("backup", &["-o", &backup]);
    assert!(said.contains("WITHOUT the keyring"), "{said}");
    let restore = |folder: &TempDir| {
        let output = qrseal()
            .args(["restore", &backup])
            .current_dir(folder.path())
            .env("QRSEAL_KEYS__FILE", folder.path().join("keyring.json"))
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let nowhere = new_folder();
    let said = restore(&nowhere);
    assert!(said.contains("restore the keyring first"), "{said}");
    let others = new_folder();
    crate::fixture::run_in(&others, "keys", &["init"]);
    let said = restore(&others);
    assert!(said.contains("another keyring"), "{said}");
    assert!(!others.path().join("qrseal.db").exists());
}

#[test]
fn samples_of_profiles_are_in_a_backup_and_codes_after_them_open_from_what_was_restored() {
    const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"seller":{"name":"Corner Bakery","address":"Harbour Street 7, Exampleton"}}"#;
    let drill = Drill::new();
    let old = new_folder();
    drill.done(old.path(), &["keys", "init"]);
    let (sample, document) = (drill.path("sample.json"), drill.path("document.json"));
    fs::write(&sample, INVOICE.replace("0042", "0001")).unwrap();
    fs::write(&document, INVOICE).unwrap();
    let samples = |arguments: &[&str]| {
        let all = [&["profiles", "samples"], arguments].concat();
        drill.done(old.path(), &all)
    };
    // A store, so that there is something to back up.
    drill.key(old.path(), "shop");
    let bare = drill.path("bare");
    drill.done(old.path(), &["backup", "-o", &bare]);
    samples(&["add", "invoice", &sample]);
    samples(&["use", "1"]);
    let picture = drill.path("code.png");
    let seal = [
        "seal",
        &document,
        "--profile",
        "invoice",
        "--effort",
        "smallest",
        "-o",
        &picture,
    ];
    drill.done(old.path(), &seal);
    let backup = drill.path("backup");
    drill.done(old.path(), &["backup", "-o", &backup]);

    let new = new_folder();
    let restore = ["restore", &backup, "--no-wait"];
    drill.done(new.path(), &restore);
    let file = |folder: &TempDir| fs::read(folder.path().join("keyring.samples")).unwrap();
    // Behind it numbers stay free that sets may have had which the backup does not know.
    assert_eq!(file(&new), [&file(&old)[..], b"{\"skip\":9}\n"].concat());
    assert_eq!(drill.done(new.path(), &["open", &picture]).trim(), INVOICE);

    // Others that are there are not replaced, and nothing else is written.
    let third = new_folder();
    fs::write(third.path().join("keyring.samples"), "{}\n").unwrap();
    for backup in [&backup, &bare] {
        let said = drill.refused(third.path(), &["restore", backup, "--no-wait"]);
        assert!(said.contains("another file of samples"), "{said}");
    }
    assert!(!third.path().join("keyring.json").exists());

    // Nor is it known which sets came after a backup without any.
    let fourth = new_folder();
    let keyring = |folder: &TempDir| folder.path().join("keyring.json");
    fs::copy(keyring(&old), keyring(&fourth)).unwrap();
    drill.done(fourth.path(), &["restore", &bare, "--no-wait"]);
    assert_eq!(file(&fourth), b"{\"skip\":8}\n");
}
