//! The database server: its address, and connections with bounds.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::{AnyConnection, ConnectOptions as _};
use url::Url;

use crate::store::StoreError;

/// The longest time that a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A commit answers when it is on the disk, and on the synchronous standby where there is one, whatever the server's default
/// is. Nothing waits without end: not a statement, not for a row, not a transaction whose node was lost.
const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET statement_timeout = '3s'; \
    SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '10s'; \
    SET client_min_messages = warning; \
    SET application_name = 'qrseal'; \
    SET timezone = 'UTC';";

/// A database on a PostgreSQL server.
#[derive(Clone)]
pub(super) struct Server {
    options: AnyConnectOptions,
    name: String,
}

impl Server {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`.
    pub(super) fn at(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        // What is wrong is said without the text: it may hold a password.
        let wrong = || {
            StoreError::Refused(
                "store.url must be like postgres://user:password@host:5432/database?sslmode=verify-full".to_owned(),
            )
        };
        let parsed = Url::parse(url).map_err(|_| wrong())?;
        let options = AnyConnectOptions::from_str(url)
            .map_err(|_| wrong())?
            .disable_statement_logging();
        Ok(Self {
            options,
            name: name(&parsed),
        })
    }

    /// Host and database, for people and logs: never user or password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let connected = tokio::time::timeout(CONNECT_TIMEOUT, async {
            let mut conn = self.options.connect().await?;
            sqlx::raw_sql(SETTINGS).execute(&mut conn).await?;
            Ok(conn)
        });
        connected.await.unwrap_or_else(|_| {
            Err(sqlx::Error::Io(std::io::Error::new(
                std::io::ErrorKind::TimedOut,
                "the database did not answer",
            )))
        })
    }
}

fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or("localhost");
    match url.port() {
        Some(port) => format!("{host}:{port}{}", url.path()),
        None => format!("{host}{}", url.path()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_repeated() {
        let server = Server::at("postgres://qrseal:s3cret@db.example.com:5433/codes").unwrap();
        assert_eq!(server.name(), "db.example.com:5433/codes");
        for url in [
            "postgres://qrseal:s3cret@:x/codes",
            "postgres://q:s3cret@[::1/c",
        ] {
            let error = Server::at(url).err().expect("no URL").to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
