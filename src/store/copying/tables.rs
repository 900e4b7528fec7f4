//! The tables of a store as copying sees them.
//!
//! Every table and column of `migrations/` stands here, and a test below says so.

use self::Kind::{Bytes, Integer, Text};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Bytes,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Kind)],
    /// So many columns at the beginning are the key.
    pub(super) key: usize,
    /// The most rows that are held at once, and replaced in one transaction.
    pub(super) chunk: usize,
}

impl Table {
    /// Whether these are the counters, which bear the store's mark.
    pub(super) fn is_counters(&self) -> bool {
        self.name == "counters"
    }
}

/// All tables but that of the migrations, which each side has of its own. The counters are the last.
pub(super) const TABLES: [Table; 26] = [
    Table {
        name: "tokens",
        columns: &[
            ("id", Bytes),
            ("issued_at", Integer),
            ("expires_at", Integer),
            ("max_opens", Integer),
            ("opens", Integer),
            ("first_opened_at", Integer),
            ("last_opened_at", Integer),
            ("pin_tries", Integer),
            ("revocation", Integer),
            ("revoked_at", Integer),
            ("revoked_reason", Text),
            ("revoked_by_holder", Integer),
            ("updated_at", Integer),
            ("pin_wrong", Integer),
            ("made_by", Text),
            ("note", Text),
            ("reports", Integer),
            ("reported_for", Integer),
            ("reported_at", Integer),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "opens",
        columns: &[
            ("token_id", Bytes),
            ("number", Integer),
            ("open_id", Bytes),
            ("opened_at", Integer),
            ("suspected_bot", Integer),
            ("erased", Integer),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "pin_networks",
        columns: &[
            ("token_id", Bytes),
            ("network", Bytes),
            ("tries", Integer),
            ("locked_until", Integer),
            ("lock_seconds", Integer),
            ("spent", Integer),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "records",
        columns: &[
            ("token_id", Bytes),
            ("kind", Integer),
            ("slot", Integer),
            ("revision", Integer),
            ("issued_at", Integer),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("record", Bytes),
            ("record_bytes", Integer),
            ("record_ends_at", Integer),
            ("share", Bytes),
            ("link_token", Bytes),
            ("disabled", Integer),
            ("edition", Integer),
        ],
        key: 1,
        // A record can be a mebibyte.
        chunk: 10,
    },
    Table {
        name: "scans",
        columns: &[
            ("token_id", Bytes),
            ("hour", Integer),
            ("device", Integer),
            ("bot", Integer),
            ("scans", Integer),
        ],
        key: 4,
        chunk: 1000,
    },
    Table {
        name: "requests",
        columns: &[
            ("key_hash", Bytes),
            ("digest", Bytes),
            ("made", Bytes),
            ("made_at", Integer),
            ("kind", Integer),
        ],
        key: 1,
        // A token can be 66 kB.
        chunk: 100,
    },
    Table {
        name: "api_keys",
        columns: &[
            ("id", Integer),
            ("name", Text),
            ("hash", Bytes),
            ("scopes", Text),
            ("created_at", Integer),
            ("expires_at", Integer),
            ("disabled_at", Integer),
            ("last_used_at", Integer),
            ("made_by", Text),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "quotas",
        columns: &[
            ("subject", Bytes),
            ("day", Integer),
            ("requests", Integer),
            ("bytes", Integer),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "audit",
        columns: &[
            ("happened_at", Integer),
            ("id", Bytes),
            ("principal", Text),
            ("verb", Text),
            ("what", Text),
            ("what_id", Text),
            ("slot", Integer),
            ("details", Bytes),
            ("number", Integer),
            ("link_slot", Integer),
            ("link", Bytes),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "audit_ends",
        columns: &[
            ("id", Integer),
            ("head_number", Integer),
            ("head_slot", Integer),
            ("head_link", Bytes),
            ("pruned_number", Integer),
            ("pruned_slot", Integer),
            ("pruned_link", Bytes),
            ("slot", Integer),
            ("mac", Bytes),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "leases",
        columns: &[("job", Integer), ("holder", Bytes), ("ends_at", Integer)],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "nodes",
        columns: &[
            ("id", Bytes),
            ("name", Text),
            ("opens_with", Bytes),
            ("seen_at", Integer),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "event_targets",
        columns: &[("target", Bytes), ("kinds", Integer)],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "outbox",
        columns: &[
            ("target", Bytes),
            ("token_id", Bytes),
            ("place", Integer),
            ("kind", Integer),
            ("happened_at", Integer),
            ("data", Text),
            ("tries", Integer),
            ("next_at", Integer),
            ("since", Integer),
            ("given_up", Integer),
        ],
        key: 4,
        chunk: 1000,
    },
    Table {
        name: "accounts",
        columns: &[
            ("id", Integer),
            ("name", Text),
            ("folded_name", Text),
            ("display_name", Text),
            ("role", Text),
            ("password", Text),
            ("recovery", Bytes),
            ("recovery_ends_at", Integer),
            ("revision", Integer),
            ("created_at", Integer),
            ("disabled_at", Integer),
            ("last_signed_in_at", Integer),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "sessions",
        columns: &[
            ("hash", Bytes),
            ("id", Bytes),
            ("account", Integer),
            ("created_at", Integer),
            ("used_at", Integer),
            ("ends_at", Integer),
            ("confirmed_at", Integer),
            ("browser", Text),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "sign_in_tries",
        columns: &[
            ("place", Integer),
            ("who", Bytes),
            ("tries", Integer),
            ("locked_until", Integer),
            ("lock_seconds", Integer),
            ("tried_at", Integer),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "second_factors",
        columns: &[
            ("account", Integer),
            ("slot", Integer),
            ("secret", Bytes),
            ("step", Integer),
            ("created_at", Integer),
            ("tries", Integer),
            ("locked_until", Integer),
            ("lock_seconds", Integer),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "backup_codes",
        columns: &[("account", Integer), ("hash", Bytes)],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "lists",
        columns: &[
            ("id", Bytes),
            ("name", Text),
            ("settings", Text),
            ("revision", Integer),
            ("made_by", Text),
            ("created_at", Integer),
            ("updated_at", Integer),
            ("deleted_at", Integer),
            ("check_ins", Integer),
            ("inside", Integer),
            ("exited_all_at", Integer),
        ],
        key: 1,
        chunk: 100,
    },
    Table {
        name: "list_staff",
        columns: &[("list", Bytes), ("principal", Text)],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "list_tokens",
        columns: &[
            ("list", Bytes),
            ("token_id", Bytes),
            ("expires_at", Integer),
            ("entries", Integer),
            ("inside", Integer),
            ("first_at", Integer),
            ("entered_at", Integer),
            ("entered_day", Integer),
            ("last_check_in", Bytes),
            ("opened", Integer),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "check_ins",
        columns: &[
            ("id", Bytes),
            ("list", Bytes),
            ("number", Integer),
            ("happened_at", Integer),
            ("kind", Integer),
            ("outcome", Integer),
            ("token_id", Bytes),
            ("gate", Text),
            ("made_by", Text),
            ("check_in_id", Text),
            ("digest", Bytes),
            ("people", Integer),
            ("day", Integer),
            ("no_entry", Integer),
            ("because", Bytes),
            ("undone_at", Integer),
            ("undone_by", Text),
        ],
        key: 1,
        chunk: 1000,
    },
    Table {
        name: "list_gates",
        columns: &[
            ("list", Bytes),
            ("gate", Text),
            ("entries", Integer),
            ("people", Integer),
            ("exits", Integer),
            ("refusals", Integer),
        ],
        key: 2,
        chunk: 1000,
    },
    Table {
        name: "visits",
        columns: &[
            ("check_in", Bytes),
            ("list", Bytes),
            ("token_id", Bytes),
            ("kept_at", Integer),
            ("slot", Integer),
            ("document", Bytes),
        ],
        key: 1,
        // A document can be a mebibyte.
        chunk: 10,
    },
    Table {
        name: "counters",
        columns: &[("name", Text), ("value", Integer)],
        key: 1,
        chunk: 1000,
    },
];

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;
    use crate::store::prepare::{Purpose, prepare};
    use crate::store::sqlite;

    /// A migration that adds a table or a column adds it here, or a copy would lose it.
    #[test]
    fn every_table_and_column_of_the_schema_is_copied() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = sqlite::file(&folder.path().join("qrseal.db"), true).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut there: Vec<(String, String, String, i64)> = runtime.block_on(async {
            let mut conn = prepare(&file, true, Purpose::Use).await.unwrap();
            sqlx::query(
                "SELECT t.name AS of_table, c.name AS name, c.type AS kind, c.pk AS place \
                 FROM sqlite_master t JOIN pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'",
            )
            .fetch_all(&mut conn)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
            .collect()
        });
        let mut copied: Vec<(String, String, String, i64)> = TABLES
            .iter()
            .flat_map(|table| {
                table
                    .columns
                    .iter()
                    .zip(1..)
                    .map(|((column, kind), place)| {
                        let kind = match kind {
                            Integer => "BIGINT",
                            Text => "TEXT",
                            Bytes => "BYTEA",
                        };
                        let key = i64::try_from(table.key).unwrap();
                        let place = if place <= key { place } else { 0 };
                        (
                            table.name.to_owned(),
                            (*column).to_owned(),
                            kind.to_owned(),
                            place,
                        )
                    })
            })
            .collect();
        there.sort();
        copied.sort();
        assert_eq!(copied, there);
    }
}
