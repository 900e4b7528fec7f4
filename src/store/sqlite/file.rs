//! The database file: made for its owner only, and opened with what durability needs.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::error::DatabaseError;
use sqlx::{AnyConnection, ConnectOptions};

use crate::files::{self, Walk};
use crate::store::StoreError;

/// A database file that exists.
#[derive(Debug, Clone)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    options: AnyConnectOptions,
}

impl DatabaseFile {
    /// Finds the file; makes it, and its folder, if `make`. Files that SQLite adds beside it get its mode.
    pub(super) fn at(path: &Path, make: bool) -> Result<Self, StoreError> {
        let failed = |what: &str, error: std::io::Error| {
            StoreError::Unavailable(format!("cannot {what} {}: {error}", path.display()))
        };
        if path.file_name().is_none() {
            return Err(StoreError::Refused(format!(
                "store.url must name a file, not `{}`",
                path.display()
            )));
        }
        let walk = Walk {
            make_folders: make,
            follow_last: true,
        };
        let (folder, name) = files::locate(path, walk).map_err(|error| failed("find", error))?;
        let real = folder.path().join(&name);
        // A file that exists is not opened here: closing it would end SQLite's locks in this process.
        if make {
            match folder.create(&name) {
                Ok(_) => folder.sync().map_err(|error| failed("make", error))?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed("make", error)),
            }
        }
        fs::symlink_metadata(&real).map_err(|error| failed("find", error))?;
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut name = name.clone();
            name.push(ending);
            folder.check(&name).map_err(|error| {
                StoreError::Refused(format!(
                    "{} is not opened: {error}",
                    folder.path().join(&name).display()
                ))
            })?;
        }
        Ok(Self {
            options: options(&real)?,
            path: real,
        })
    }

    /// Whether anyone but the owner may read or write the file.
    pub(super) fn is_open_to_others(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
    }

    /// The path, for people.
    pub(super) fn display(&self) -> std::path::Display<'_> {
        self.path.display()
    }

    /// A connection that commits durably.
    pub(super) async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut conn = self.options.connect().await?;
        sqlx::raw_sql(PATIENCE_PRAGMA).execute(&mut conn).await?;
        self.refuse_anothers(&mut conn).await?;
        write_ahead(&mut conn).await?;
        sqlx::raw_sql(PRAGMAS).execute(&mut conn).await?;
        Ok(conn)
    }

    /// Nothing is written into the database of another program: one that has tables, but not the list of migrations with
    /// which ours begins.
    async fn refuse_anothers(&self, conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let anothers = sqlx::query(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
             AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations') LIMIT 1",
        )
        .fetch_optional(conn)
        .await?;
        match anothers {
            None => Ok(()),
            Some(_) => Err(sqlx::Error::Configuration(
                format!(
                    "{} is the database of another program; correct store.url",
                    self.display()
                )
                .into(),
            )),
        }
    }
}

/// Switches the file to a write-ahead log, if it is not. Where two processes do that at once, SQLite refuses one of them
/// without asking its busy timeout, as waiting with a lock held could last forever: the wait without a lock is here.
async fn write_ahead(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let began = Instant::now();
    loop {
        match sqlx::raw_sql("PRAGMA journal_mode = WAL")
            .execute(&mut *conn)
            .await
        {
            Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => {
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            ended => return ended.map(drop),
        }
    }
}

/// Whether another process holds the file: `SQLITE_BUSY`, as is or extended.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xFF == 5)
}

/// For how long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(2);

/// As [`PATIENCE`], to SQLite.
const PATIENCE_PRAGMA: &str = "PRAGMA busy_timeout = 2000";

const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// A commit answers when its pages are on the disk (`synchronous = FULL` with a write-ahead log). What is deleted is
/// overwritten. Nothing goes to temporary files.
const PRAGMAS: &str = "\
    PRAGMA synchronous = FULL; \
    PRAGMA secure_delete = ON; \
    PRAGMA temp_store = MEMORY; \
    PRAGMA journal_size_limit = 16777216; \
    PRAGMA trusted_schema = OFF;";

/// Connection options for a path. They can only be made from a URL, so every byte that could mean something there is escaped.
fn options(path: &Path) -> Result<AnyConnectOptions, StoreError> {
    install_default_drivers();
    let refused = || {
        StoreError::Refused(format!(
            "store.url: the path `{}` is not Unicode",
            path.display()
        ))
    };
    let mut url = "sqlite:".to_owned();
    for byte in path.to_str().ok_or_else(refused)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                url.push(char::from(byte));
            }
            byte => write!(url, "%{byte:02X}").expect("a string takes all"),
        }
    }
    AnyConnectOptions::from_str(&url)
        .map(ConnectOptions::disable_statement_logging)
        .map_err(|error| StoreError::Refused(format!("store.url: {error}")))
}
