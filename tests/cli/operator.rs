//! What an operator or a script asks of the installation: settings, shells, a store without its keyring, who can issue.

use super::{INVOICE, err, new_folder, out, run};

#[test]
fn what_a_program_wants_to_know_of_a_sealed_code_is_one_json_answer() {
    let folder = new_folder();
    let seal = [
        "seal",
        "--json",
        "--expires-in",
        "2w",
        "--pin-auto",
        "--output",
        "code.png",
    ];
    let sealed = run(folder.path(), &seal, INVOICE.as_bytes());
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    let answer: serde_json::Value = serde_json::from_str(out(&sealed)).unwrap();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    assert_eq!(text("id").len(), 24);
    assert!(text("link").starts_with("http://127.0.0.1:8080/"));
    assert!(text("expires_at").ends_with('Z'));
    assert!(
        answer["qr"]["version"]
            .as_u64()
            .is_some_and(|version| version > 1)
    );
    let pin = text("pin");
    assert!(
        pin.len() == 6 && !err(&sealed).contains(&pin),
        "{}",
        err(&sealed)
    );
    let opened = run(
        folder.path(),
        &["open", "code.png", "--pin-file", "-"],
        format!("{pin}\n").as_bytes(),
    );
    assert_eq!(out(&opened), format!("{INVOICE}\n"), "{}", err(&opened));
}

#[test]
fn shells_and_man_get_what_they_read() {
    let folder = new_folder();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(folder.path(), &["completions", shell], b"");
        assert_eq!(script.status.code(), Some(0), "{}", err(&script));
        assert!(out(&script).contains("pin-auto"), "{shell}");
    }
    assert_eq!(
        run(folder.path(), &["completions", "tcsh"], b"")
            .status
            .code(),
        Some(2)
    );
    for (arguments, words) in [
        (&["man"][..], "qrseal"),
        (&["man", "seal"], "pin"),
        (&["man", "keys", "promote"], "slot"),
    ] {
        let page = run(folder.path(), arguments, b"");
        assert!(
            out(&page).starts_with(".ie") || out(&page).contains(".TH"),
            "{}",
            out(&page)
        );
        assert!(out(&page).contains(words), "{arguments:?}");
    }
    let unknown = run(folder.path(), &["man", "nonsense"], b"");
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn the_settings_in_force_are_a_configuration_file_that_says_where_each_is_from() {
    let folder = new_folder();
    std::fs::write(folder.path().join("mine.toml"), "[server]\nworkers = 3\n").unwrap();
    let shown = run(folder.path(), &["--config", "mine.toml", "config"], b"");
    assert_eq!(shown.status.code(), Some(0), "{}", err(&shown));
    let workers = out(&shown).lines().find(|line| line.starts_with("workers"));
    assert!(
        workers
            .is_some_and(|line| line.starts_with("workers = 3") && line.ends_with("# mine.toml")),
        "{workers:?}"
    );
    std::fs::write(folder.path().join("again.toml"), out(&shown)).unwrap();
    let again = run(folder.path(), &["--config", "again.toml", "config"], b"");
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    let defaults = run(folder.path(), &["config", "--default"], b"");
    assert_eq!(out(&defaults), include_str!("../../config/qrseal.toml"));
}

#[test]
fn a_store_whose_keyring_is_gone_is_refused_and_no_new_one_is_made() {
    let folder = new_folder();
    let at = folder.path();
    let create = ["api-keys", "create", "--name", "shop", "--scope", "issue"];
    let made = run(at, &create, b"");
    assert!(err(&made).contains("Back this up"), "{}", err(&made));
    std::fs::remove_file(at.join("data/keyring.json")).unwrap();
    for arguments in [
        &["seal"][..],
        &["serve"],
        &["keys", "init"],
        &["check"],
        &["api-keys", "list"],
    ] {
        let refused = run(at, arguments, b"1");
        let said = format!("{}{}", out(&refused), err(&refused));
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("restore the keyring"),
            "{arguments:?}: {said}"
        );
    }
    assert!(!at.join("data/keyring.json").exists());
}

#[test]
fn check_says_when_nobody_can_issue() {
    let folder = new_folder();
    let at = folder.path();
    run(
        at,
        &["api-keys", "create", "--name", "reader", "--scope", "read"],
        b"",
    );
    let read_only = run(at, &["check"], b"");
    assert_eq!(read_only.status.code(), Some(1));
    assert!(
        out(&read_only).contains("nobody can issue"),
        "{}",
        out(&read_only)
    );
    run(
        at,
        &["api-keys", "create", "--name", "shop", "--scope", "issue"],
        b"",
    );
    let both = run(at, &["check"], b"");
    assert_eq!(both.status.code(), Some(0), "{}", out(&both));
    assert!(out(&both).contains("1 of them may issue"), "{}", out(&both));
}

/// 32 bytes in base64, in a file beside the keyring.
fn kek(at: &std::path::Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(at.join(name), text).unwrap();
    std::fs::set_permissions(at.join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
}

const KEK: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn a_keyring_is_encrypted_and_made_plain_again_and_codes_open_all_the_time() {
    let folder = new_folder();
    let at = folder.path();
    let keyring = at.join("data/keyring.json");
    std::fs::write(at.join("with.toml"), "[keys]\nkek_file = \"kek\"\n").unwrap();
    let with = |arguments: &[&str], input: &[u8]| {
        let arguments: Vec<_> = ["--config", "with.toml"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        run(at, &arguments, input)
    };
    let sealed = run(
        at,
        &["seal", "--json", "--output", "code.png"],
        INVOICE.as_bytes(),
    );
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    assert!(out(&run(at, &["check"], b"")).contains("is not encrypted"));
    let missing = with(&["keys", "encrypt"], b"");
    assert!(
        err(&missing).contains("keys.kek_file kek: No such file"),
        "{}",
        err(&missing)
    );
    kek(at, "kek", KEK);
    let plain = with(&["open", "code.png"], b"");
    assert!(
        err(&plain).contains("qrseal keys encrypt"),
        "{}",
        err(&plain)
    );
    let encrypted = with(&["keys", "encrypt"], b"");
    assert!(
        out(&encrypted).contains("is encrypted"),
        "{}",
        err(&encrypted)
    );
    let text = std::fs::read_to_string(&keyring).unwrap();
    assert!(
        text.contains("qrseal-keyring-1") && !text.contains("secret"),
        "{text}"
    );
    assert!(out(&with(&["keys", "encrypt"], b"")).contains("already"));
    assert!(err(&run(at, &["open", "code.png"], b"")).contains("QRSEAL_KEYS__KEK_FILE"));
    assert!(out(&with(&["keys", "add"], b"")).contains("promote 1"));
    assert!(!out(&with(&["check"], b"")).contains("is not encrypted"));
    assert_eq!(
        out(&with(&["open", "code.png"], b"")),
        format!("{INVOICE}\n")
    );
    // Another key-encryption key.
    kek(at, "old", KEK);
    kek(at, "kek", "seventeen grey herons, one ladder");
    assert!(err(&with(&["open", "code.png"], b"")).contains("it is another one"));
    assert!(
        out(&with(&["keys", "encrypt", "--old-kek-file", "old"], b"")).contains("is encrypted")
    );
    assert_eq!(
        out(&with(&["open", "code.png"], b"")),
        format!("{INVOICE}\n")
    );
    assert_eq!(
        with(&["keys", "decrypt"], b"").status.code(),
        Some(2),
        "it is asked for"
    );
    assert!(out(&with(&["keys", "decrypt", "--plain"], b"")).contains("is plain"));
    assert_eq!(
        out(&run(at, &["open", "code.png"], b"")),
        format!("{INVOICE}\n")
    );
}

#[test]
fn a_program_may_say_the_key_encryption_key_and_its_failure_is_told() {
    let folder = new_folder();
    let at = folder.path();
    let with = |program: &str, arguments: &[&str]| {
        let text = format!("[keys]\nkek_command = [\"sh\", \"-c\", \"{program}\"]\n");
        std::fs::write(at.join("with.toml"), text).unwrap();
        let arguments: Vec<_> = ["--config", "with.toml"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        run(at, &arguments, INVOICE.as_bytes())
    };
    let says = format!("echo {KEK}");
    assert_eq!(with(&says, &["keys", "init"]).status.code(), Some(0));
    let sealed = with(&says, &["seal", "--output", "code.png"]);
    assert_eq!(sealed.status.code(), Some(0), "{}", err(&sealed));
    for (program, words) in [
        ("true", "printed nothing"),
        ("echo the vault is shut >&2; exit 3", "exit status: 3"),
        ("echo the vault is shut >&2; exit 3", "the vault is shut"),
        ("yes", "longer than 4096 bytes"),
        (
            "echo something else entirely, and long",
            "it is another one",
        ),
    ] {
        let refused = with(program, &["open", "code.png"]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            err(&refused).contains(words),
            "{program}: {}",
            err(&refused)
        );
    }
}

#[test]
fn a_program_that_prints_another_key_each_time_is_refused_and_no_keyring_is_made() {
    let folder = new_folder();
    let at = folder.path();
    let program = "echo once more >> times; echo seventeen grey herons, $(wc -l < times) ladders";
    let text = format!("[keys]\nkek_command = [\"sh\", \"-c\", \"{program}\"]\n");
    std::fs::write(at.join("with.toml"), text).unwrap();
    let refused = run(at, &["--config", "with.toml", "keys", "init"], b"");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("another key the second time"),
        "{}",
        err(&refused)
    );
    assert!(!at.join("data/keyring.json").exists());
}

#[test]
fn where_others_reach_the_server_a_plain_keyring_is_made_only_if_that_is_said() {
    let folder = new_folder();
    let at = folder.path();
    std::fs::write(
        at.join("public.toml"),
        "[server]\npublic_url = \"https://qr.example.com\"\n",
    )
    .unwrap();
    let refused = run(at, &["--config", "public.toml", "keys", "init"], b"");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("keys.kek_file") && err(&refused).contains("--plain"),
        "{}",
        err(&refused)
    );
    assert!(!at.join("data").exists());
    let made = run(
        at,
        &["--config", "public.toml", "keys", "init", "--plain"],
        b"",
    );
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
}
