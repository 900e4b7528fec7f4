//! API keys, limits, PINs, revoking and receipts from the command line.

use std::path::Path;

use super::{INVOICE, err, new_folder, out, run};

/// Runs it and expects that it works; standard output and standard error.
fn done(folder: &Path, arguments: &[&str], input: &str) -> (String, String) {
    let output = run(folder, arguments, input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    (out(&output).to_owned(), err(&output).to_owned())
}

/// The exit code and the words of what does not work.
fn fails(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, arguments, INVOICE.as_bytes());
    (output.status.code(), err(&output).to_owned())
}

/// Seals the invoice with these further arguments; its link, and what else was said.
fn sealed(folder: &Path, further: &[&str]) -> (String, String) {
    let arguments = [&["seal", "--format", "svg"], further].concat();
    let (_, said) = done(folder, &arguments, INVOICE);
    let link = said.lines().find(|line| line.starts_with("http")).unwrap();
    (link.to_owned(), said.clone())
}

#[test]
fn an_api_key_is_shown_once_listed_and_disabled() {
    let folder = new_folder();
    let folder = folder.path();
    let create = ["api-keys", "create", "--name", "shop", "--scope"];
    let with = |further: &[&'static str]| [&create[..], further].concat();
    let (key, said) = done(folder, &with(&["issue,read", "--expires-in", "90d"]), "");
    let key = key.trim_end();
    assert!(key.starts_with("qrs_") && key.len() == 47, "{key}");
    assert!(said.contains("shop") && said.contains("issue,read") && said.contains("until"));
    assert!(!said.contains(key));

    let (code, said) = fails(folder, &with(&["issue"]));
    assert_eq!((code, said.contains("shop")), (Some(1), true), "{said}");
    assert_eq!(fails(folder, &with(&["issue,write"])).0, Some(2));
    assert_eq!(
        fails(folder, &with(&["issue", "--expires-in", "5"])).0,
        Some(2)
    );

    let (list, _) = done(folder, &["api-keys", "list"], "");
    assert!(list.contains("shop") && list.contains("issue,read") && list.contains("never used"));
    assert!(!list.contains(&key[4..]));
    done(folder, &["api-keys", "disable", "shop"], "");
    let (list, _) = done(folder, &["api-keys", "list"], "");
    assert!(list.contains("disabled_at"), "{list}");
    assert_eq!(fails(folder, &["api-keys", "disable", "shop"]).0, Some(1));
    assert_eq!(fails(folder, &["api-keys", "disable", "7"]).0, Some(1));
    let (_, said) = done(folder, &with(&["revoke"]), "");
    let number = said.strip_prefix("API key ").unwrap();
    let number = number.split(',').next().unwrap();
    done(folder, &["api-keys", "disable", number], "");
}

#[test]
fn an_account_gets_a_code_is_listed_changed_and_disabled_but_never_the_last_admin() {
    let folder = new_folder();
    let folder = folder.path();
    let (code, said) = done(
        folder,
        &["accounts", "create", "ana", "--role", "admin"],
        "",
    );
    let code = code.trim_end();
    assert_eq!(code.len(), 30, "{code}");
    assert!(
        said.contains("/sign-in/recover?name=ana") && !said.contains(code),
        "{said}"
    );
    for (arguments, code, word) in [
        (&["create", "ANA", "--role", "issuer"][..], 1, "already"),
        (&["create", "an", "--role", "issuer"], 2, "3 to 64"),
        (&["create", "ben", "--role", "boss"], 2, "issuer"),
        (&["disable", "ana"], 1, "last admin"),
        (&["role", "ana", "issuer"], 1, "last admin"),
        (&["recover", "nobody"], 1, "nobody"),
    ] {
        let (ended, said) = fails(folder, &[&["accounts"], arguments].concat());
        assert_eq!(
            (ended, said.contains(word)),
            (Some(code), true),
            "{arguments:?}: {said}"
        );
    }
    done(
        folder,
        &[
            "accounts",
            "create",
            "ben",
            "--role",
            "issuer",
            "--display-name",
            "Ben O.",
        ],
        "",
    );
    done(folder, &["accounts", "role", "Ben", "admin"], "");
    let (again, _) = done(folder, &["accounts", "recover", "ana"], "");
    assert_ne!(again.trim_end(), code);
    done(folder, &["accounts", "disable", "ana"], "");
    let (list, _) = done(folder, &["accounts", "list"], "");
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].contains("ana  admin  disabled"), "{list}");
    assert!(
        lines[1].contains("ben  admin  waits for its password"),
        "{list}"
    );
    done(folder, &["accounts", "enable", "ana"], "");
    let (list, _) = done(folder, &["accounts", "list", "--json"], "");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[1]["display_name"], "Ben O.");
    assert_eq!(list[0]["disabled_at"], serde_json::Value::Null);
    let (shown, _) = done(folder, &["audit", "show", "--what", "account"], "");
    for word in ["create", "change", "recover", "disable", "enable"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
}

#[test]
fn a_limit_and_a_pin_take_an_end() {
    let folder = new_folder();
    let folder = folder.path();
    std::fs::write(folder.join("pin.txt"), "493817\nnot this\n").unwrap();
    std::fs::write(folder.join("obvious.txt"), "1234\n").unwrap();
    sealed(folder, &["--expires-in", "2h", "--max-opens", "1"]);
    sealed(folder, &["--expires-in", "2h", "--pin-file", "pin.txt"]);
    let (_, said) = sealed(folder, &["--expires-in", "2h", "--pin-auto"]);
    let pin = said
        .lines()
        .find_map(|line| line.strip_prefix("PIN "))
        .unwrap();
    assert!(
        pin.bytes().take_while(u8::is_ascii_digit).count() == 6,
        "{pin}"
    );
    for (arguments, code) in [
        (&["--max-opens", "1"][..], 2),
        (&["--pin-file", "pin.txt"], 2),
        (&["--pin-auto"], 2),
        (&["--expires-in", "2h", "--max-opens", "0"], 2),
        (&["--expires-in", "2h", "--max-opens", "1000001"], 2),
        (
            &["--expires-in", "2h", "--pin-auto", "--pin-file", "pin.txt"],
            2,
        ),
        (&["--expires-in", "2h", "--pin-file", "obvious.txt"], 1),
        (&["--expires-in", "2h", "--pin-file", "missing.txt"], 1),
    ] {
        let arguments = [&["seal"], arguments].concat();
        let (found, said) = fails(folder, &arguments);
        assert_eq!(found, Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("493817"));
    }
}

#[test]
fn a_token_is_revoked_by_its_link_or_its_id_and_shown_and_listed() {
    let folder = new_folder();
    let folder = folder.path();
    let (link, _) = sealed(folder, &["--expires-in", "2h"]);
    let (said, _) = done(
        folder,
        &["tokens", "revoke", &link, "--reason", "wrong amount"],
        "",
    );
    let id = said.split(' ').nth(1).unwrap();
    assert_eq!(id.len(), 24, "{said}");
    let (shown, _) = done(folder, &["tokens", "show", id], "");
    assert!(
        shown.contains("state revoked") && shown.contains("wrong amount"),
        "{shown}"
    );
    assert!(shown.contains("expires_at"), "the token itself was shown");
    let (json, _) = done(folder, &["tokens", "show", id, "--json"], "");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["revocation"]["reason"], "wrong amount");

    let other = "404142434445464748494a4b";
    assert_eq!(fails(folder, &["tokens", "show", other]).0, Some(1));
    for verb in ["reset-pin", "erase-opens"] {
        assert_eq!(fails(folder, &["tokens", verb, other]).0, Some(1));
        assert_eq!(fails(folder, &["tokens", verb, "4041"]).0, Some(2));
        done(folder, &["tokens", verb, id], "");
    }
    let (said, _) = done(folder, &["tokens", "revoke", other], "");
    assert!(said.contains("never met this id"), "{said}");
    let (said, _) = done(folder, &["tokens", "revoke", other], "");
    assert!(!said.contains("never met this id"), "{said}");
    let (list, more) = done(folder, &["tokens", "list", "--limit", "1"], "");
    assert_eq!(list.lines().count(), 1);
    let cursor = more.trim_end().rsplit(' ').next().unwrap();
    let (rest, _) = done(folder, &["tokens", "list", "--cursor", cursor], "");
    assert_eq!(rest.lines().count(), 1, "{rest}");
    let all = list + &rest;
    assert!(all.contains(id) && all.contains(other));
    let (none, _) = done(folder, &["tokens", "list", "--state", "used_up"], "");
    assert_eq!(none, "");
    let forged = link.replace('1', "2");
    assert_eq!(fails(folder, &["tokens", "revoke", &forged]).0, Some(1));
    assert_eq!(
        fails(folder, &["tokens", "list", "--limit", "0"]).0,
        Some(2)
    );
}
