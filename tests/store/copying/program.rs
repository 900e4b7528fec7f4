//! `qrseal store` as a person or a script uses it.

use std::process::{Command, Output};

use super::{copy_until, filled, nowhere};
use qrseal::store::CopyStep;

/// The program with none of the caller's `QRSEAL_*` variables.
pub fn qrseal(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qrseal"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("QRSEAL_") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = qrseal(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_copy_says_what_both_sides_hold_and_how_far_it_is() {
    let (from, to) = (filled(), nowhere());
    let (code, out, err) = run(&["store", "copy", "--from", &from.url, "--to", &to.url]);
    assert_eq!(code, Some(0), "{err}");
    for name in [
        "tokens",
        "opens",
        "pin_networks",
        "scans",
        "requests",
        "api_keys",
        "quotas",
        "audit",
        "audit_ends",
        "leases",
        "nodes",
        "event_targets",
        "outbox",
        "accounts",
        "sessions",
        "sign_in_tries",
        "second_factors",
        "backup_codes",
        "lists",
        "check_ins",
        "passes",
        "counters",
    ] {
        assert!(out.contains(&format!("\n{name} ")), "{out}");
        assert!(err.contains(&format!("copying {name}: ")), "{err}");
        assert!(err.contains(&format!("verifying {name}: ")), "{err}");
    }
    assert_eq!(out.matches("  equal\n").count(), 27, "{out}");
    assert!(out.contains("Serve only one of them"), "{out}");
    assert!(
        !err.contains(['\r', '\x1b']),
        "no terminal, no control characters"
    );
    let (code, _, err) = run(&["store", "copy", "--from", &from.url, "--to", &to.url]);
    assert_eq!(code, Some(1));
    assert!(err.contains("a store in use"), "{err}");
    let (code, out, _) = run(&["store", "retire", &from.url]);
    assert_eq!((code, out.contains("is retired")), (Some(0), true), "{out}");
}

#[test]
fn a_server_refuses_a_copy_that_is_not_finished_and_check_says_why() {
    let (from, to) = (filled(), nowhere());
    copy_until(&from.url, &to.url, |progress| {
        progress.step == CopyStep::Verifying
    });
    let folder = tempfile::TempDir::new().unwrap();
    // A store without its keyring is refused before anything else is looked at.
    let keyring = folder.path().join("keyring.json");
    let made = qrseal(&["keys", "init"])
        .env("QRSEAL_KEYS__FILE", &keyring)
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(made.success());
    for command in ["serve", "check"] {
        let Output {
            status,
            stdout,
            stderr,
        } = qrseal(&[command])
            .env("QRSEAL_STORE__URL", &to.url)
            .env("QRSEAL_KEYS__FILE", &keyring)
            .env("QRSEAL_SERVER__LISTEN", "127.0.0.1:0")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8([stdout, stderr].concat()).unwrap();
        assert_eq!(status.code(), Some(1), "{said}");
        assert!(said.contains("a copy that was not finished"), "{said}");
    }
}

#[test]
fn wrong_usage_is_2_and_no_password_is_repeated() {
    let (from, to) = (filled(), nowhere());
    let secret = "postgres://qrseal:s3cret@127.0.0.1:9/codes";
    for (arguments, expected) in [
        (&["store", "copy", "--from", &from.url][..], 2),
        (
            &[
                "store",
                "copy",
                "--from",
                &from.url,
                "--to",
                "mysql://q:s3cret@h/d",
            ],
            2,
        ),
        (&["store", "retire", "mysql://q:s3cret@h/d"], 2),
        (&["store", "copy", "--from", &from.url, "--to", secret], 1),
        (&["store", "copy", "--from", secret, "--to", &to.url], 1),
        (&["store", "retire", secret], 1),
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!(code, Some(expected), "{arguments:?}\n{err}");
        assert!(!format!("{out}{err}").contains("s3cret"), "{out}{err}");
    }
}
