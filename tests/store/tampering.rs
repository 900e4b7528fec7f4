//! Somebody who can write to the database and has not the keyring: whatever they do to the audit log is found.

use qrseal::audit::{self, By, Head, Verb, What, Why};
use qrseal::principal::Principal;
use qrseal::token::{Keyring, Secret, Slot, TOKEN_EPOCH};
use serde_json::json;
use sqlx::{AnyConnection, Connection as _, Row as _};

use crate::actors::{at, id, wait};
use crate::backends::{Fresh, sqlite_in_memory};

/// Rows that are linked, of which the first are pruned, and rows that are not linked yet.
const LINKED: u64 = 30;
const PRUNED: u64 = 5;
const WAITING: u64 = 3;

/// The slot of a key that is no more: an attacker may name it.
const GONE: i64 = 0;

/// How many tamperings: a few, or a thousand in `tests/torture`.
fn tamperings() -> u64 {
    match std::env::var("TORTURE").as_deref() {
        Ok("full") => 1_000,
        _ => 66,
    }
}

#[test]
fn whatever_is_done_to_the_rows_without_the_key_is_found_on_sqlite() {
    every_tampering_is_found(&sqlite_in_memory());
}

#[cfg(feature = "system-tests")]
#[test]
fn whatever_is_done_to_the_rows_without_the_key_is_found_on_postgres() {
    every_tampering_is_found(&crate::backends::postgres());
}

fn every_tampering_is_found(fresh: &Fresh) {
    let keyring = keyring();
    fill(fresh, &keyring);
    let mut raw = Raw::connect(fresh);
    raw.run("CREATE TABLE saved AS SELECT * FROM audit");
    raw.run("CREATE TABLE saved_ends AS SELECT * FROM audit_ends");
    assert_eq!(verified(fresh, &keyring), None);
    for number in 0..tamperings() {
        let mut random = Random(number);
        let done = tamper(&mut raw, &mut random, number % KINDS);
        let found = verified(fresh, &keyring);
        assert!(found.is_some(), "tampering {number} was not found: {done}");
        // A server that goes on does not make it right: it links, and takes out what is old.
        let row = row(&keyring, 500 + number);
        wait(async {
            fresh.store.add_audit_row(row).await.unwrap();
            // What it stumbles over is an error, and may be one.
            let _linked = audit::link(&*fresh.store, &keyring, [1; 12], at(900)).await;
            let _pruned = audit::prune(&*fresh.store, &keyring, at(PRUNED + 3)).await;
        });
        let found = verified(fresh, &keyring);
        assert!(
            found.is_some(),
            "tampering {number} was hidden by the server: {done}"
        );
        for statement in [
            "DELETE FROM audit",
            "DELETE FROM audit_ends",
            "DELETE FROM leases",
            "INSERT INTO audit SELECT * FROM saved",
            "INSERT INTO audit_ends SELECT * FROM saved_ends",
        ] {
            raw.run(statement);
        }
    }
    assert_eq!(verified(fresh, &keyring), None, "and what is put back fits");
    println!("{} tamperings were found", tamperings());
}

/// Kinds of tamperings.
const KINDS: u64 = 22;

/// Does something to the log, and says what.
fn tamper(raw: &mut Raw, random: &mut Random, kind: u64) -> String {
    let row = PRUNED + 1 + random.below(LINKED - PRUNED);
    let of = format!("WHERE number = {row}");
    // Of rows that have no place yet one is taken.
    let waiting = "WHERE number IS NULL AND id = (SELECT id FROM audit WHERE number IS NULL ORDER BY id LIMIT 1)";
    let change =
        |column: &str, value: &str, of: &str| format!("UPDATE audit SET {column} = {value} {of}");
    let bytes = raw.bytes(random, 32);
    let statements = match kind {
        0 => vec![change("details", &raw.flipped(random, "details", &of), &of)],
        1 => vec![change("principal", "'key:99'", &of)],
        2 => vec![change("verb", "'delete'", &of)],
        3 => vec![change("what_id", "'404142434445464748494a4b'", &of)],
        4 => vec![change("what", "'api_key'", &of)],
        5 => vec![change(
            "happened_at",
            &format!("happened_at + {}", 1 + random.below(99)),
            &of,
        )],
        // As if it were old enough to go.
        6 => vec![change(
            "happened_at",
            "1",
            &format!("WHERE number <= {row}"),
        )],
        7 => vec![change("id", &raw.bytes(random, 12), &of)],
        8 => vec![format!("DELETE FROM audit {of}")],
        9 => vec![change("link", &raw.flipped(random, "link", &of), &of)],
        // Two rows change places.
        10 => {
            let other = PRUNED + 1 + row % (LINKED - PRUNED);
            vec![
                change("number", "-1", &of),
                change(
                    "number",
                    &row.to_string(),
                    &format!("WHERE number = {other}"),
                ),
                change("number", &other.to_string(), "WHERE number = -1"),
            ]
        }
        // The last ones are taken out, and the end is moved to where they began.
        11 => vec![
            moved("head", &format!("number = {}", row - 1), row - 1),
            format!("DELETE FROM audit WHERE number >= {row}"),
        ],
        // So with the first ones.
        12 => vec![
            moved("pruned", &format!("number = {row}"), row),
            format!("DELETE FROM audit WHERE number <= {row}"),
        ],
        // What nobody can look into any more.
        13 => vec![
            change("principal", "'key:99'", &of),
            change("link_slot", &GONE.to_string(), &of),
        ],
        14 => vec![
            format!("UPDATE audit SET verb = 'delete', link_slot = {GONE} WHERE number >= {row}"),
            format!("UPDATE audit_ends SET slot = {GONE}, head_slot = {GONE}"),
        ],
        15 => vec![change("slot", &GONE.to_string(), &of)],
        16 => vec![change("number", "NULL, link_slot = NULL, link = NULL", &of)],
        17 => vec![format!("UPDATE audit_ends SET mac = {bytes}")],
        18 => vec!["DELETE FROM audit_ends".to_owned()],
        // A row of their own, before it has a place.
        19 => vec![forged(
            &raw.bytes(random, 12),
            &raw.bytes(random, 60),
            "NULL, NULL, NULL",
        )],
        // And one behind the last.
        20 => vec![forged(
            &raw.bytes(random, 12),
            &raw.bytes(random, 60),
            &format!("{}, 1, {bytes}", LINKED + 1),
        )],
        _ => vec![change("principal", "'cli'", waiting)],
    };
    for statement in &statements {
        raw.run(statement);
    }
    statements.join("; ")
}

fn moved(end: &str, row: &str, number: u64) -> String {
    format!(
        "UPDATE audit_ends SET {end}_number = {number}, {end}_slot = 1, {end}_link = (SELECT link FROM audit WHERE {row})"
    )
}

fn forged(id: &str, details: &str, place: &str) -> String {
    format!(
        "INSERT INTO audit (happened_at, id, principal, verb, what, what_id, slot, details, number, link_slot, link) \
         VALUES (1767225700, {id}, 'key:1', 'issue', 'token', 'x', 1, {details}, {place})"
    )
}

#[test]
fn a_head_that_was_kept_shows_what_somebody_with_the_keyring_changed_before_it() {
    let (fresh, keyring) = (sqlite_in_memory(), keyring());
    fill(&fresh, &keyring);
    let kept = wait(audit::verify(&*fresh.store, &keyring, &[], |_, _| ())).unwrap();
    let kept = kept.head.expect("rows are linked");
    let mut raw = Raw::connect(&fresh);
    let compare =
        |heads: &[Head]| wait(audit::verify(&*fresh.store, &keyring, heads, |_, _| ())).unwrap();
    let same = compare(std::slice::from_ref(&kept));
    assert_eq!((same.misfit, same.heads_compared), (None, 1));

    // The whole log anew: all is sealed and linked with the right keys.
    for statement in [
        "DELETE FROM audit",
        "DELETE FROM audit_ends",
        "DELETE FROM leases",
    ] {
        raw.run(statement);
    }
    wait(async {
        for number in 1..=LINKED {
            fresh
                .store
                .add_audit_row(row(&keyring, 1_000 + number))
                .await
                .unwrap();
        }
        audit::link(&*fresh.store, &keyring, [1; 12], at(900))
            .await
            .unwrap();
    });
    assert_eq!(verified(&fresh, &keyring), None);
    let found = compare(std::slice::from_ref(&kept))
        .misfit
        .expect("it is found");
    assert_eq!(found.why, Why::NotTheHead.to_string());
    assert_eq!(found.number, Some(LINKED));

    // Or nothing at all.
    for statement in ["DELETE FROM audit", "DELETE FROM audit_ends"] {
        raw.run(statement);
    }
    assert_eq!(verified(&fresh, &keyring), None);
    let found = compare(&[kept]).misfit.expect("it is found");
    assert_eq!(
        (found.number, found.why),
        (Some(LINKED), Why::Cut.to_string())
    );
}

#[test]
fn rows_are_counted_that_are_linked_pruned_waiting_or_of_a_destroyed_key() {
    let fresh = sqlite_in_memory();
    let mut keyring = Keyring::with_first_key("audit", Secret::from([1; 32]), TOKEN_EPOCH).unwrap();
    let add = |keyring: &Keyring, numbers: std::ops::Range<u64>| {
        wait(async {
            for number in numbers {
                fresh
                    .store
                    .add_audit_row(row(keyring, number))
                    .await
                    .unwrap();
            }
        });
    };
    let link =
        |keyring: &Keyring, now| wait(audit::link(&*fresh.store, keyring, [1; 12], now)).unwrap();
    add(&keyring, 1..4);
    assert_eq!(link(&keyring, at(10)).rows, 3);
    let second = keyring.add(Secret::from([2; 32]), TOKEN_EPOCH).unwrap();
    keyring.promote(second).unwrap();
    keyring.disable(Slot::try_from(0).unwrap()).unwrap();
    add(&keyring, 4..8);
    assert_eq!(link(&keyring, at(20)).rows, 4);
    keyring.destroy(Slot::try_from(0).unwrap()).unwrap();
    add(&keyring, 8..10);
    let pruned = wait(audit::prune(&*fresh.store, &keyring, at(2))).unwrap();
    assert_eq!((pruned.rows, pruned.misfit), (1, None));
    let found = wait(audit::verify(&*fresh.store, &keyring, &[], |_, _| ())).unwrap();
    assert_eq!(found.misfit, None);
    assert_eq!((found.linked, found.unverifiable, found.pruned), (6, 2, 1));
    assert_eq!(found.unlinked, 2);
    assert_eq!(
        found.oldest_unlinked_at.as_deref(),
        Some("2026-01-01T00:00:08Z")
    );
    // Another node waits while this one has the job.
    let other = wait(audit::link(&*fresh.another(), &keyring, [2; 12], at(21))).unwrap();
    assert_eq!(other.rows, 0);
    let other = wait(audit::link(&*fresh.another(), &keyring, [2; 12], at(26))).unwrap();
    assert_eq!(other.rows, 2);
    assert_eq!(verified(&fresh, &keyring), None);
}

/// What does not fit, if anything does not; a row that cannot be read does not either.
fn verified(fresh: &Fresh, keyring: &Keyring) -> Option<String> {
    match wait(audit::verify(&*fresh.store, keyring, &[], |_, _| ())) {
        Ok(found) => found.misfit.map(|misfit| format!("{misfit:?}")),
        Err(error) => Some(error.to_string()),
    }
}

fn keyring() -> Keyring {
    let mut keyring = Keyring::with_first_key("audit", Secret::from([1; 32]), TOKEN_EPOCH).unwrap();
    let second = keyring.add(Secret::from([2; 32]), TOKEN_EPOCH).unwrap();
    keyring.promote(second).unwrap();
    let first = Slot::try_from(0).unwrap();
    keyring.disable(first).unwrap();
    keyring.destroy(first).unwrap();
    keyring
}

fn fill(fresh: &Fresh, keyring: &Keyring) {
    wait(async {
        let store = &*fresh.store;
        for number in 1..=LINKED {
            store.add_audit_row(row(keyring, number)).await.unwrap();
        }
        let linked = audit::link(store, keyring, [1; 12], at(0)).await.unwrap();
        assert_eq!((linked.rows, linked.ends_changed), (LINKED, false));
        let pruned = audit::prune(store, keyring, at(PRUNED + 1)).await.unwrap();
        assert_eq!((pruned.rows, pruned.misfit), (PRUNED, None));
        for number in LINKED + 1..=LINKED + WAITING {
            store.add_audit_row(row(keyring, number)).await.unwrap();
        }
    });
}

/// A row of so many seconds after the start.
fn row(keyring: &Keyring, number: u64) -> qrseal::store::AuditRow {
    let mut random = [0; 24];
    random[..8].copy_from_slice(&number.to_be_bytes());
    let by = By::new(Principal::Key(number % 3), keyring, random);
    let details = json!({"reason": format!("the reason {number}")});
    audit::record(
        by,
        Verb::Revoke,
        What::Token(id(number)),
        &details,
        at(number),
    )
}

/// A connection of somebody's own.
struct Raw {
    conn: AnyConnection,
    runtime: tokio::runtime::Runtime,
    postgres: bool,
}

impl Raw {
    fn connect(fresh: &Fresh) -> Self {
        sqlx::any::install_default_drivers();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let conn = runtime
            .block_on(AnyConnection::connect(&fresh.url))
            .unwrap();
        Self {
            conn,
            runtime,
            postgres: fresh.url.starts_with("postgres"),
        }
    }

    fn run(&mut self, statement: &str) {
        let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()));
        let done = self.runtime.block_on(statement.execute(&mut self.conn));
        done.unwrap();
    }

    /// Random bytes, as SQL.
    fn bytes(&self, random: &mut Random, count: usize) -> String {
        let bytes: Vec<u8> = (0..count).map(|_| random.next().to_le_bytes()[0]).collect();
        self.literal(&bytes)
    }

    fn literal(&self, bytes: &[u8]) -> String {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let digits = digits.concat();
        match self.postgres {
            true => format!("'\\x{digits}'::bytea"),
            false => format!("x'{digits}'"),
        }
    }

    /// What stands there, with one bit changed.
    fn flipped(&mut self, random: &mut Random, column: &str, of: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {column} FROM audit {of}"));
        let found = self
            .runtime
            .block_on(sqlx::query(sql).fetch_one(&mut self.conn));
        let mut bytes: Vec<u8> = found.unwrap().try_get(0).unwrap();
        let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        bytes[place] ^= 1 << random.below(8);
        self.literal(&bytes)
    }
}

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
