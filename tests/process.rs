//! The running process from outside: start, signals, keys that change under it, its end.
#![cfg(unix)]

mod fixture;
#[path = "process/profiles.rs"]
mod profiles;
#[path = "process/watched.rs"]
mod watched;

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use fixture::{Server, eventually, new_folder, qrseal, run_in};

const INVOICE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
/// So rare that a test which sees a reload knows that its signal was the reason.
const NO_RELOAD_BY_ITSELF: (&str, &str) = ("QRSEAL_KEYS__RELOAD_SECONDS", "3600");

// ---- what watches it ----

#[test]
fn the_health_check_says_whether_the_server_is_ready() {
    let mut server = Server::start();
    let listen = server.address().to_string();
    let check = || {
        qrseal()
            .arg("healthcheck")
            .env("QRSEAL_SERVER__LISTEN", &listen)
            .output()
            .expect("it runs")
    };
    let healthy = check();
    assert_eq!(
        (healthy.status.code(), healthy.stdout),
        (Some(0), b"ready\n".to_vec())
    );
    server.kill();
    let dead = check();
    assert_eq!(dead.status.code(), Some(1));
    let said = String::from_utf8_lossy(&dead.stderr);
    assert!(said.contains("does not answer"), "{said}");
}

#[test]
fn a_service_manager_is_told_when_the_server_listens() {
    let folder = new_folder();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    let _server = Server::start_with(&[("NOTIFY_SOCKET", path.to_str().expect("UTF-8"))]);
    let mut told = [0; 64];
    let bytes = socket.recv(&mut told).expect("it is told");
    assert_eq!(&told[..bytes], b"READY=1\n");
}

#[test]
fn a_setting_can_be_in_a_file_of_its_own() {
    let folder = new_folder();
    let file = folder.path().join("issuer");
    fs::write(&file, "Ada's shop\n").expect("writable");
    let named = file.to_str().expect("UTF-8");
    let server = Server::start_with(&[("QRSEAL_PAGE__ISSUER_FILE", named)]);
    let digits = server.seal(INVOICE);
    let page = server.get(&format!("/{digits}"), Some("text/html"));
    assert!(page.text().contains("Ada"), "{}", page.text());
    for (settings, words) in [
        (
            vec![("QRSEAL_STORE__URL_FILE", "/nowhere")],
            "cannot read /nowhere",
        ),
        (
            vec![
                ("QRSEAL_PAGE__ISSUER_FILE", named),
                ("QRSEAL_PAGE__ISSUER", "x"),
            ],
            "take one of them away",
        ),
    ] {
        let output = start_and_fail(&new_folder(), &settings);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(words), "{said}");
    }
}

// ---- start ----

#[test]
fn the_first_start_on_a_loopback_address_makes_a_keyring_that_only_its_owner_can_read() {
    let server = Server::start();
    let mode = fs::metadata(server.keyring())
        .expect("the keyring is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(server.log().contains("back this up"), "{}", server.log());
    assert!(server.log().contains("phone"), "{}", server.log());
}

#[test]
fn a_second_start_opens_what_the_first_one_sealed() {
    let folder = new_folder();
    let keyring = folder.path().join("keyring.json");
    let first = Server::start_in(folder, &[]);
    let digits = first.seal(INVOICE);
    let folder = new_folder();
    fs::copy(&keyring, folder.path().join("keyring.json")).expect("the keyring can be copied");
    drop(first);

    let second = Server::start_in(folder, &[]);
    let opened = second.get(&format!("/{digits}"), None);
    assert_eq!((opened.status, opened.text()), (200, INVOICE));
}

#[test]
fn an_address_that_others_reach_is_refused_without_a_keyring_and_without_a_word_on_who_may_issue() {
    let folder = new_folder();
    let output = start_and_fail(&folder, &[("QRSEAL_SERVER__LISTEN", "0.0.0.0:0")]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("qrseal keys init") || said.contains("auth.issuing"),
        "{said}"
    );
    assert!(
        !folder.path().join("keyring.json").exists(),
        "no keyring is made by the way"
    );
}

#[test]
fn a_public_url_that_others_reach_is_refused_without_a_keyring() {
    let folder = new_folder();
    let output = start_and_fail(
        &folder,
        &[
            ("QRSEAL_SERVER__PUBLIC_URL", "https://qr.example.com"),
            ("QRSEAL_AUTH__ISSUING", "open"),
        ],
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("qrseal keys init"), "{said}");
}

#[test]
fn a_public_url_that_others_reach_takes_an_api_key_made_before() {
    let exposed = [("QRSEAL_SERVER__PUBLIC_URL", "https://qr.example.com")];
    let folder = new_folder();
    run_in(&folder, "keys", &["init"]);
    let output = start_and_fail(&folder, &exposed);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("qrseal api-keys create") && said.contains("auth.issuing"),
        "{said}"
    );
    let create = ["create", "--name", "shop", "--scope", "issue"];
    let (key, _) = run_in(&folder, "api-keys", &create);
    let server = Server::start_in(folder, &exposed);
    let path = "/api/qrcode/encrypted-payload";
    assert_eq!(server.post_json(path, INVOICE).status, 401);
    let issued = server.post_json_with(path, INVOICE, &[("authorization", &bearer(&key))]);
    assert_eq!(issued.status, 201, "{}", issued.text());
}

#[test]
fn what_the_command_line_revokes_and_allows_is_soon_in_force() {
    let server = Server::start();
    let digits = server.seal(INVOICE);
    let token = format!("/{digits}");
    assert_eq!(server.get(&token, None).status, 200);
    let link = server.url(&token);
    server.command("tokens", &["revoke", &link, "--reason", "wrong amount"]);
    let stored = Instant::now();
    eventually("the revocation", || {
        (server.get(&token, None).status == 410).then_some(())
    });
    // Two seconds are promised; a busy machine is forgiven three more.
    assert!(stored.elapsed() < Duration::from_secs(5));

    let create = ["create", "--name", "shop", "--scope", "read"];
    let key = bearer(&server.command("api-keys", &create));
    let receipts = |status| {
        let answer = server.get_with("/api/tokens", &[("authorization", &key)]);
        (answer.status == status).then_some(())
    };
    eventually("the API key", || receipts(200));
    server.command("api-keys", &["disable", "shop"]);
    eventually("its end", || receipts(401));
}

fn bearer(key: &str) -> String {
    format!("Bearer {}", key.trim_end())
}

#[test]
fn a_keyring_that_others_can_read_keeps_the_server_from_starting() {
    let folder = new_folder();
    let keyring = folder.path().join("keyring.json");
    let made = qrseal()
        .args(["keys", "init"])
        .env("QRSEAL_KEYS__FILE", &keyring)
        .output()
        .expect("the program starts");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    for mode in [0o644, 0o640, 0o660, 0o700] {
        fs::set_permissions(&keyring, Permissions::from_mode(mode))
            .expect("the mode can be changed");
        let output = start_and_fail(&folder, &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("0600"), "mode {mode:o}: {said}");
    }
}

#[test]
fn a_variable_that_is_no_setting_keeps_the_server_from_starting_and_is_named() {
    let output = start_and_fail(&new_folder(), &[("QRSEAL_SERVER__LISTN", "127.0.0.1:0")]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("QRSEAL_SERVER__LISTN"));
}

#[test]
fn an_address_in_use_is_a_clear_error() {
    let server = Server::start();
    let address = server.address().to_string();
    let output = start_and_fail(&new_folder(), &[("QRSEAL_SERVER__LISTEN", &address)]);
    assert!(String::from_utf8_lossy(&output.stderr).contains(&address));
}

// ---- keys that change while the server runs ----

#[test]
fn after_promoting_a_key_new_tokens_use_it_and_tokens_of_both_keys_open() {
    let server = Server::start_with(&[NO_RELOAD_BY_ITSELF]);
    let old = server.seal(INVOICE);
    server.keys(&["add"]);
    server.keys(&["promote", "1"]);
    server.signal("HUP");
    let new = eventually("a token of the new key", || {
        let digits = server.seal(INVOICE);
        (slot_of(&digits) == 1).then_some(digits)
    });
    assert_eq!(slot_of(&old), 0);
    for digits in [&old, &new] {
        let opened = server.get(&format!("/{digits}"), None);
        assert_eq!((opened.status, opened.text()), (200, INVOICE));
    }

    // The old key is disabled, and its tokens say so; the new one's still open.
    server.keys(&["disable", "0"]);
    server.signal("HUP");
    let refused = eventually("the old key's token is refused", || {
        let answer = server.get(&format!("/{old}"), None);
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(
        (refused.status, refused.code()),
        (410, "key_retired".to_owned())
    );
    assert_eq!(server.get(&format!("/{new}"), None).status, 200);

    // A destroyed key can tell nothing.
    server.keys(&["destroy", "0", "--yes"]);
    server.signal("HUP");
    let unknown = eventually("the destroyed key's token is not recognised", || {
        let answer = server.get(&format!("/{old}"), None);
        (answer.status != 410).then_some(answer)
    });
    assert_eq!(
        (unknown.status, unknown.code()),
        (404, "token_not_recognised".to_owned())
    );
    assert_eq!(server.get(&format!("/{new}"), None).status, 200);
}

#[test]
fn a_changed_keyring_is_noticed_without_a_signal() {
    let server = Server::start_with(&[("QRSEAL_KEYS__RELOAD_SECONDS", "1")]);
    server.keys(&["add"]);
    server.keys(&["promote", "1"]);
    eventually("a token of the new key", || {
        (slot_of(&server.seal(INVOICE)) == 1).then_some(())
    });
}

#[test]
fn a_broken_keyring_keeps_the_old_one_in_use_and_is_reported_without_its_content() {
    let server = Server::start_with(&[NO_RELOAD_BY_ITSELF]);
    let digits = server.seal(INVOICE);
    let good = fs::read_to_string(server.keyring()).expect("the keyring can be read");
    let broken = good.replace("\"primary\"", "\"prime\"");
    assert_ne!(good, broken);
    fs::write(server.keyring(), &broken).expect("the keyring can be written");
    server.signal("HUP");
    server.wait_for_log(&["keyring"]);
    eventually("an error about the keyring", || {
        server
            .log()
            .lines()
            .any(|line| line.contains("ERROR") && line.contains("keyring"))
            .then_some(())
    });
    let opened = server.get(&format!("/{digits}"), None);
    assert_eq!((opened.status, opened.text()), (200, INVOICE));
    assert_eq!(server.get("/readyz", None).status, 200);
    for secret in secrets_in(&good) {
        assert!(!server.log().contains(&secret), "the log holds a secret");
    }
}

#[test]
fn a_keyring_that_cannot_be_read_is_tried_again_until_it_can_and_reported_once() {
    let server = Server::start_with(&[
        ("QRSEAL_KEYS__RELOAD_SECONDS", "1"),
        ("QRSEAL_LOG__LEVEL", "debug"),
    ]);
    // A file with another key takes the keyring's place, with a mode that is refused.
    let beside = server.folder().join("beside.json");
    fs::copy(server.keyring(), &beside).expect("the keyring can be copied");
    for arguments in [&["add"][..], &["promote", "1"]] {
        let changed = qrseal()
            .arg("keys")
            .args(arguments)
            .current_dir(server.folder())
            .env("QRSEAL_KEYS__FILE", &beside)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&changed.stderr);
        assert!(changed.status.success(), "{said}");
    }
    let set_mode = |path: &Path, mode| {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode can be changed");
    };
    set_mode(&beside, 0o644);
    fs::rename(&beside, server.keyring()).expect("the keyring can be replaced");
    server.wait_for_log(&["could not be reloaded", "0644"]);
    server.wait_for_log(&["still cannot be reloaded", "0644"]);
    // Its time stays as it was: only a further try reads it.
    set_mode(&server.keyring(), 0o600);
    eventually("a token of the new key", || {
        (slot_of(&server.seal(INVOICE)) == 1).then_some(())
    });
    let log = server.log();
    assert_eq!(log.matches("could not be reloaded").count(), 1, "{log}");
}

#[test]
fn a_keyring_of_another_audience_keeps_the_old_one_in_use() {
    let server = Server::start_with(&[NO_RELOAD_BY_ITSELF]);
    let digits = server.seal(INVOICE);
    let other = Server::start();
    fs::copy(other.keyring(), server.keyring()).expect("the keyring can be replaced");
    server.signal("HUP");
    eventually("an error about the audience", || {
        server
            .log()
            .lines()
            .any(|line| line.contains("ERROR") && line.contains("audience"))
            .then_some(())
    });
    assert_eq!(server.get(&format!("/{digits}"), None).status, 200);
    let foreign = other.seal(INVOICE);
    assert_eq!(server.get(&format!("/{foreign}"), None).status, 404);
}

// ---- the log ----

#[test]
fn the_log_names_a_request_by_route_status_and_token_id_and_never_holds_the_token_or_the_payload() {
    let mut server = Server::start_with(&[("QRSEAL_LOG__LEVEL", "trace")]);
    let sealed = server
        .post_json("/api/tokens", format!(r#"{{"payload":{INVOICE}}}"#))
        .json();
    let id = sealed["id"].as_str().expect("an id");
    let token = sealed["token"].as_str().expect("a token");
    let digits = server.digits_of(sealed["link"].as_str().expect("a link"));

    assert_eq!(server.get(&format!("/{digits}"), None).status, 200);
    assert_eq!(
        server
            .get(&format!("/api/decrypt/qrcode-details?ctext={token}"), None)
            .status,
        200
    );
    assert_eq!(server.get(&format!("/{digits}0"), None).status, 404);
    assert_eq!(
        server
            .get(&format!("/generate_qr?data={token}"), None)
            .status,
        200
    );
    assert_eq!(
        server.get(&format!("/no-such-path/{token}"), None).status,
        404
    );
    server.signal("TERM");
    assert!(server.wait_for_exit().success());
    // What was written just before the end is still on its way through the pipe.
    eventually("three requests with the token's id", || {
        (server.log().matches(id).count() >= 3).then_some(())
    });

    let log = server.log();
    for route in [
        "/{digits}",
        "/api/decrypt/qrcode-details",
        "/api/tokens",
        "/generate_qr",
    ] {
        assert!(log.contains(route), "no line for {route}:\n{log}");
    }
    // Parts of them neither: any 24 characters in a row are enough to be sure.
    for secret in [&digits[30..54], &token[20..44], "INV-2026-0042", "1234.50"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

// ---- the end ----

#[test]
fn requests_that_are_no_http_get_no_line_of_the_log_and_at_debug_one_a_second() {
    let send = |server: &Server| {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(server.address()).expect("the server listens");
            stream
                .write_all(b"GE\0T / HTTP/1.1\r\n\r\n")
                .expect("it can be sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        }
        assert_eq!(server.get("/nowhere", None).status, 404);
        server.wait_for_log(&["route=(none)", "status=404"]);
    };
    let quiet = Server::start();
    send(&quiet);
    let log = quiet.log();
    let told = |line: &str| line.contains("ERROR") || line.contains("a connection ended");
    assert!(!log.lines().any(told), "{log}");
    let telling = Server::start_with(&[("QRSEAL_LOG__LEVEL", "debug")]);
    send(&telling);
    let log = telling.log();
    let lines = log
        .lines()
        .filter(|line| line.contains("a connection ended"));
    assert!((1..50).contains(&lines.count()), "{log}");
}

#[test]
fn sigterm_lets_a_request_under_way_finish_takes_no_new_one_and_ends_with_zero() {
    let mut server = Server::start();
    let (head, rest) = INVOICE.split_at(10);
    let mut under_way = TcpStream::connect(server.address()).expect("the server takes connections");
    under_way
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a limit can be set");
    write!(
        under_way,
        "POST /api/qrcode/encrypted-payload HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        server.address(),
        INVOICE.len(),
    )
    .expect("the request's head is sent");
    // The server asks for the body: the request is in progress.
    let mut asked = [0; 25];
    under_way
        .read_exact(&mut asked)
        .expect("the server asks for the body");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    write!(under_way, "{head}").expect("the body's first part is sent");

    server.signal("TERM");
    eventually("new connections are refused", || {
        is_refused(server.address()).then_some(())
    });
    write!(under_way, "{rest}").expect("the body's second part is sent");
    let mut answer = Vec::new();
    under_way.read_to_end(&mut answer).expect("the answer ends");
    assert!(
        answer.starts_with(b"HTTP/1.1 201 "),
        "{}",
        String::from_utf8_lossy(&answer)
    );

    let status = server.wait_for_exit();
    assert_eq!(status.code(), Some(0), "{}", server.log());
}

#[test]
fn sigint_ends_an_idle_server_with_zero() {
    let mut server = Server::start();
    server.signal("INT");
    assert_eq!(server.wait_for_exit().code(), Some(0));
}

#[test]
fn a_client_that_never_finishes_its_head_is_disconnected() {
    let server = Server::start_with(&[("QRSEAL_SERVER__HEADER_TIMEOUT_SECONDS", "1")]);
    let mut slow = TcpStream::connect(server.address()).expect("the server takes connections");
    slow.set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a limit can be set");
    write!(
        slow,
        "GET / HTTP/1.1\r\nhost: {}\r\nx-slow: ",
        server.address()
    )
    .expect("the first part is sent");
    let mut answer = Vec::new();
    // The end of the connection, with or without a 408: not the client's own time limit.
    slow.read_to_end(&mut answer)
        .expect("the server closes the connection");
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 408 "),
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

#[test]
fn a_client_that_never_finishes_its_body_gets_408() {
    let server = Server::start_with(&[("QRSEAL_SERVER__BODY_TIMEOUT_SECONDS", "1")]);
    let mut slow = TcpStream::connect(server.address()).expect("the server takes connections");
    slow.set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a limit can be set");
    write!(
        slow,
        "POST /api/qrcode/encrypted-payload HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        server.address(),
    )
    .expect("the first part is sent");
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer)
        .expect("the server closes the connection");
    assert!(
        answer.starts_with(b"HTTP/1.1 408 "),
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

#[test]
fn an_operator_lists_reported_messages_and_takes_them_off_the_list() {
    let server = Server::start_with(&[("QRSEAL_PAGES__MESSAGE", "open")]);
    let told = server
        .post_json("/api/messages", r#"{"message": "you won"}"#)
        .json();
    let id = told["id"].as_str().unwrap();
    let token = server.digits_of(told["link"].as_str().unwrap());
    for reason in ["fraud", "abuse"] {
        let report = format!(r#"{{"token": "{token}", "reason": "{reason}"}}"#);
        let reported = server.post_json("/api/messages/reports", report);
        assert_eq!(reported.status, 204);
    }
    let listed = server.command("messages", &["reported"]);
    let line = format!("{id}  active      reported 2 times, last ");
    assert!(listed.starts_with(&line), "{listed}");
    assert!(listed.ends_with(": fraud, abuse\n"), "{listed}");
    let json = server.command("messages", &["reported", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["id"], &json["reports"]), (&told["id"], &2.into()));
    server.command("messages", &["dismiss", id]);
    assert_eq!(server.command("messages", &["reported"]), "");
    let audit = server.command("audit", &["show"]);
    assert!(audit.contains("dismiss"), "{audit}");
}

// ---- what the tests above use ----

/// Starts a server that must end by itself with an error.
fn start_and_fail(folder: &tempfile::TempDir, settings: &[(&str, &str)]) -> Output {
    let mut child = qrseal()
        .arg("serve")
        .current_dir(folder.path())
        .env("QRSEAL_SERVER__LISTEN", "127.0.0.1:0")
        .env("QRSEAL_KEYS__FILE", folder.path().join("keyring.json"))
        .envs(settings.iter().copied())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut ended = false;
    for _ in 0..1_000 {
        ended = child
            .try_wait()
            .expect("the process can be waited for")
            .is_some();
        if ended {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    if !ended {
        child.kill().expect("the process can be ended");
    }
    let output = child.wait_with_output().expect("the output can be read");
    assert!(
        ended,
        "it runs: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Whether nobody listens there any more.
fn is_refused(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err()
}

/// The slot in a token's first byte (docs/token-format.md, "Layout"): 29 digits are 12 bytes.
fn slot_of(digits: &str) -> u128 {
    let group: u128 = digits[..29].parse().expect("digits");
    (group >> 88) & 0x1f
}

/// The secrets of a keyring file.
fn secrets_in(keyring: &str) -> Vec<String> {
    let keyring: serde_json::Value = serde_json::from_str(keyring).expect("the keyring is JSON");
    let secrets: Vec<String> = keyring["keys"]
        .as_array()
        .expect("the keyring has keys")
        .iter()
        .filter_map(|key| key["secret"].as_str().map(str::to_owned))
        .collect();
    assert!(!secrets.is_empty());
    secrets
}

// ---- keys that are rotated ----

#[test]
fn a_rotation_waits_for_every_server_and_names_the_one_that_lacks_the_key() {
    let mut server = Server::start_with(&[("QRSEAL_KEYS__RELOAD_SECONDS", "1")]);
    let before = server.seal(INVOICE);
    let rotated = server.keys(&["rotate"]);
    assert!(rotated.contains("Slot 1 seals new tokens"), "{rotated}");
    assert!(rotated.contains("may have no end"), "{rotated}");
    assert_eq!(server.get(&format!("/{before}"), None).status, 200);

    server.kill();
    let at = server.folder().to_owned();
    let rotate = |more: &[&str]| {
        qrseal()
            .args(["keys", "rotate", "--wait", "0"])
            .args(more)
            .env("QRSEAL_KEYS__FILE", at.join("keyring.json"))
            .env("QRSEAL_ISSUING__MAX_EXPIRES_IN", "30d")
            .output()
            .expect("it runs")
    };
    let stopped = rotate(&[]);
    let said = String::from_utf8_lossy(&stopped.stderr).into_owned();
    assert_eq!(stopped.status.code(), Some(1), "{said}");
    let (_, named) = said
        .split_once("Waiting for ")
        .expect("it names the server");
    let name = named.split(' ').next().expect("a name").to_owned();
    assert!(name.contains("/127.0.0.1:"), "{said}");
    assert!(said.contains("--without"), "{said}");
    // It goes on from there.
    let went_on = rotate(&["--without", &name]);
    let said = String::from_utf8_lossy(&went_on.stderr).into_owned();
    assert!(said.contains("Slot 2 was added before"), "{said}");
    let said = String::from_utf8_lossy(&went_on.stdout).into_owned();
    assert!(said.contains("Slot 2 seals new tokens"), "{said}");
    assert!(said.contains("its last code ends at"), "{said}");
}

#[test]
fn a_server_that_ends_is_not_waited_for() {
    let mut server = Server::start();
    server.signal("TERM");
    assert!(server.wait_for_exit().success());
    let rotated = server.keys(&["rotate", "--wait", "0"]);
    assert!(rotated.contains("Slot 1 seals new tokens"), "{rotated}");
    assert!(!rotated.contains("Waiting"), "{rotated}");
}
