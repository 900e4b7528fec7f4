//! The database server, or several of which one takes writes: addresses, and connections with bounds.

use std::io;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Row as _};
use tokio::time::timeout;
use url::Url;

use crate::store::StoreError;

/// The longest time that a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The same for each of several hosts: one that does not answer must not keep those that do from being asked.
const CONNECT_TIMEOUT_OF_SEVERAL: Duration = Duration::from_millis(1500);

/// A commit answers when it is on the disk, and on the synchronous standby where there is one, whatever the server's default
/// is. Nothing waits without end: not a statement, not for a row, not a transaction whose node was lost.
const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET statement_timeout = '3s'; \
    SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '4s'; \
    SET client_min_messages = warning; \
    SET application_name = 'qrseal'; \
    SET timezone = 'UTC';";

/// What may stand behind the `?` of a URL. A misspelt `sslmode` must not be passed over.
const PARAMETERS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "options",
    "application_name",
];

/// A database on a PostgreSQL server, which several hosts may be, one at a time.
#[derive(Clone)]
pub(super) struct Server {
    hosts: Arc<[AnyConnectOptions]>,
    /// The place of the host that was connected to last.
    last: Arc<AtomicUsize>,
    name: String,
}

impl Server {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?sslmode=verify-full`.
    pub(super) fn at(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        // What is wrong is said without the text: it may hold a password.
        let wrong = || {
            StoreError::Refused(
                "store.url must be like postgres://user:password@host:5432/database?sslmode=verify-full".to_owned(),
            )
        };
        let urls = one_for_each_host(url).ok_or_else(wrong)?;
        let mut hosts = Vec::new();
        let mut names = Vec::new();
        let mut database = String::new();
        for url in urls {
            let parsed = Url::parse(&url).map_err(|_| wrong())?;
            refuse_unknown_parameters(&parsed)?;
            let options = AnyConnectOptions::from_str(&url)
                .map_err(|_| wrong())?
                .disable_statement_logging();
            PgConnectOptions::try_from(&options).map_err(|_| wrong())?;
            hosts.push(options);
            names.push(name(&parsed));
            parsed.path().clone_into(&mut database);
        }
        Ok(Self {
            hosts: hosts.into(),
            last: Arc::default(),
            name: format!("{}{database}", names.join(",")),
        })
    }

    /// Hosts and database, for people and logs: never user or password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The hosts, in the order in which they are to be tried: the one that was good last, then in the order of the URL. So an
    /// old primary that comes back is not preferred to the one that took over from it.
    pub(super) fn hosts(&self) -> impl Iterator<Item = Result<PgConnectOptions, sqlx::Error>> {
        self.places().map(|place| {
            PgConnectOptions::try_from(&self.hosts[place]).map(|options| {
                options
                    .application_name("qrseal")
                    .disable_statement_logging()
            })
        })
    }

    fn places(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, number) = (self.last.load(Ordering::Relaxed), self.hosts.len());
        (first..first + number).map(move |place| place % number)
    }

    /// A connection to the first host that answers and takes writes.
    pub(super) async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let patience = match self.hosts.len() {
            1 => CONNECT_TIMEOUT,
            _ => CONNECT_TIMEOUT_OF_SEVERAL,
        };
        let mut failed = Vec::new();
        for place in self.places() {
            let connected = timeout(patience, connect(&self.hosts[place])).await;
            match connected.unwrap_or_else(|_| Err(outage("the database did not answer"))) {
                Ok(conn) => {
                    self.last.store(place, Ordering::Relaxed);
                    return Ok(conn);
                }
                Err(error) => failed.push(error),
            }
        }
        let words: Vec<_> = failed.iter().map(ToString::to_string).collect();
        match failed.pop() {
            Some(error) if failed.is_empty() => Err(error),
            _ => Err(outage(words.join("; "))),
        }
    }
}

async fn connect(options: &AnyConnectOptions) -> Result<AnyConnection, sqlx::Error> {
    let mut conn = options.connect().await?;
    sqlx::raw_sql(SETTINGS).execute(&mut conn).await?;
    let read_only: String = sqlx::query("SHOW transaction_read_only")
        .fetch_one(&mut conn)
        .await?
        .try_get(0)?;
    match read_only.as_str() {
        "off" => Ok(conn),
        _ => Err(outage("the database takes no writes: it is a standby")),
    }
}

fn outage(why: impl Into<String>) -> sqlx::Error {
    sqlx::Error::Io(io::Error::other(why.into()))
}

/// The URL of each host, in order.
fn one_for_each_host(url: &str) -> Option<Vec<String>> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, hosts) = match authority.rfind('@') {
        Some(at) => authority.split_at(at + 1),
        None => ("", authority),
    };
    let hosts: Vec<_> = hosts.split(',').collect();
    let named = hosts.len() == 1 || hosts.iter().all(|host| !host.is_empty());
    let urls = hosts
        .iter()
        .map(|host| format!("{scheme}://{user}{host}{path}"));
    named.then(|| urls.collect())
}

fn refuse_unknown_parameters(url: &Url) -> Result<(), StoreError> {
    let unknown = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .find(|name| !PARAMETERS.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(StoreError::Refused(format!(
            "store.url: there is no parameter `{name}`; there are {}",
            PARAMETERS.join(", ")
        ))),
        None => Ok(()),
    }
}

/// Whether any host of `url` is another machine, and its certificate and name are not checked.
pub(super) fn is_unverified(url: &str) -> bool {
    let urls = one_for_each_host(url).unwrap_or_default();
    urls.iter().any(|url| {
        let Ok(url) = Url::parse(url) else {
            return false;
        };
        let parameter = |wanted: &str| {
            url.query_pairs()
                .filter(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
                .last()
        };
        let host = parameter("hostaddr")
            .or_else(|| parameter("host"))
            .or_else(|| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let is_here = host.is_empty()
            // A folder of Unix sockets.
            || host.starts_with('/')
            || host.starts_with("%2F")
            || host.starts_with("%2f")
            || host == "localhost"
            || address
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        !is_here && parameter("sslmode").as_deref() != Some("verify-full")
    })
}

fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or("localhost");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
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
            "postgres://q:s3cret@a,,b/c",
            "postgres://q:s3cret@a,b:x/c",
            "postgres://q:s3cret@a/c?sslmode=s3cret",
            "postgres://q@a/c?pasword=s3cret",
        ] {
            let error = Server::at(url).err().expect("no URL").to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn several_hosts_are_tried_in_order_each_with_the_same_user_database_and_parameters() {
        let url = "postgres://q:p,w@db1:5433,db2,[::1]:5434/codes?sslmode=require";
        let urls = one_for_each_host(url).unwrap();
        assert_eq!(
            urls,
            [
                "postgres://q:p,w@db1:5433/codes?sslmode=require",
                "postgres://q:p,w@db2/codes?sslmode=require",
                "postgres://q:p,w@[::1]:5434/codes?sslmode=require",
            ]
        );
        let server = Server::at(url).unwrap();
        assert_eq!(server.name(), "db1:5433,db2,[::1]:5434/codes");
        let hosts = |server: &Server| server.places().collect::<Vec<_>>();
        assert_eq!(hosts(&server), [0, 1, 2]);
        server.last.store(1, Ordering::Relaxed);
        assert_eq!(
            hosts(&server),
            [1, 2, 0],
            "the one that was good last is the first"
        );
    }

    #[test]
    fn another_machine_whose_certificate_is_not_checked_is_told_from_all_others() {
        for unverified in [
            "postgres://q@db.example.com/c",
            "postgres://q@db.example.com/c?sslmode=require",
            "postgres://q@10.0.0.5/c?sslmode=verify-ca",
            "postgres://q@localhost,db2/c",
            "postgres://q@localhost/c?host=db.example.com",
        ] {
            assert!(is_unverified(unverified), "{unverified}");
        }
        for fine in [
            "postgres://q@db.example.com/c?sslmode=verify-full",
            "postgres://q@localhost/c",
            "postgres://q@127.0.0.1:5433,[::1]/c",
            "postgres://q@%2Frun%2Fpostgresql/c",
            "postgres://q@/c?host=/run/postgresql",
        ] {
            assert!(!is_unverified(fine), "{fine}");
        }
    }

    #[test]
    fn a_parameter_that_does_not_exist_is_named() {
        let error = Server::at("postgres://q@a/c?sslmod=verify-full").err();
        let error = error.expect("no such parameter").to_string();
        assert!(error.contains("`sslmod`"), "{error}");
    }
}
