//! Running the server: start, reload, drain, end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_service::ServiceFactoryExt as _;
use actix_web::dev::{Server, ServerHandle};
use actix_web::rt;

use super::audit_log::keep_audit_log;
use super::current::{keep_current, refresh_at_start};
use super::events::keep_events_delivered;
use super::health::Part;
use super::keep_certificate::keep_certificate_current;
use super::keep_keyring::keep_keyring_current;
use super::keep_samples::keep_samples_current;
use super::metrics;
use super::nodes::{keep_keys_rotated, keep_node_reported};
use super::state::{App, now};
use super::tls::Tls;
use super::wire;
use super::worker;
use crate::certificate::CertificateError;
use crate::config::Config;
use crate::desk;
use crate::links::block_lists::{BlockListError, BlockLists, Looked};
use crate::profiles::{LookedAt, ProfileError, Profiles};
use crate::random::{self, NoRandomNumbers};
use crate::samples::{KnownSamples, SamplesError};
use crate::store::Store;
use crate::telemetry::{self, RequestLog, debug_throttled};
use crate::token::Keyring;

/// Why the server did not start or went down.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// `server.listen`
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The address for metrics cannot be listened on.
    #[error("cannot listen on {address} for metrics: {source}")]
    ListenForMetrics {
        /// `metrics.listen`
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A block list cannot be used.
    #[error(transparent)]
    BlockList(#[from] BlockListError),
    /// The operating system gives no random numbers.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
    /// A profile cannot be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The file of samples cannot be used.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// The server ended with an error.
    #[error("the server failed: {0}")]
    Run(io::Error),
}

/// A server that accepts connections.
pub struct RunningServer {
    /// The address, with the port that the system chose if it was 0.
    pub address: SocketAddr,
    /// The address for metrics, if they have one of their own.
    pub metrics_address: Option<SocketAddr>,
    server: Server,
    metrics: Option<Server>,
}

impl RunningServer {
    /// Stops the server: gracefully, with requests in progress finished first.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Runs until SIGTERM, SIGINT or [`RunningServer::handle`] ends it and the requests in progress are done.
    ///
    /// # Errors
    ///
    /// [`ServeError::Run`]
    pub async fn run(self) -> Result<(), ServeError> {
        // What watches the server sees it drain, too.
        let metrics = self.metrics.map(|server| {
            let handle = server.handle();
            rt::spawn(server);
            handle
        });
        let ended = self.server.await.map_err(ServeError::Run);
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        ended
    }
}

/// Listens, and builds the server and its state. Nothing is answered before [`RunningServer::run`] is awaited.
///
/// If `server.listen` names port 0, the system chooses one, and links lead to that one.
///
/// # Errors
///
/// [`ServeError::Listen`], [`ServeError::ListenForMetrics`], [`ServeError::Certificate`], [`ServeError::BlockList`],
/// [`ServeError::Profile`]
pub fn start(
    mut config: Config,
    keyring: Keyring,
    store: Arc<dyn Store>,
    log: Option<RequestLog>,
) -> Result<(Arc<App>, RunningServer), ServeError> {
    let settings = config.server.clone();
    let listen = |source| ServeError::Listen {
        address: settings.listen,
        source,
    };
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        workers => workers,
    };
    let tls = settings.tls.files().map(Tls::open).transpose()?;
    let listener = wire::listener(settings.listen).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    config.server.listen = address;
    let lists = BlockLists::open(config.links.block_lists.clone())?;
    let profiles = Profiles::open(
        config.profiles.folder.as_deref(),
        &config.keys.file,
        config.profiles.numbers.as_deref(),
        &config.styles,
        true,
    )?;
    let samples = KnownSamples::beside(&config.keys.file)?;
    let app = App::new(config, keyring, store, log).with_block_lists(lists);
    let app = app.with_profiles(profiles).with_samples(samples);
    let app = Arc::new(app.with_tls(tls));
    let builder = actix_server::Server::build()
        .workers(workers)
        .max_concurrent_connections(settings.max_connections.div_ceil(workers))
        .shutdown_timeout(settings.shutdown_timeout.as_secs());
    let ends = builder.graceful_shutdown_signal();
    let worker = Arc::clone(&app);
    let server = builder
        .listen("qrseal", listener, move || {
            worker::connections(&worker, address, ends.clone())
                .map_err(|error| debug_throttled!(%error, "a connection ended with an error"))
        })
        .map_err(listen)?
        .run();
    let (metrics, metrics_address) = listen_for_metrics(&app)?.unzip();
    let server = RunningServer {
        address,
        metrics_address,
        server,
        metrics,
    };
    Ok((app, server))
}

/// The listener for metrics, where one is asked for.
fn listen_for_metrics(app: &Arc<App>) -> Result<Option<(Server, SocketAddr)>, ServeError> {
    let Some(address) = app.config.metrics.listen else {
        return Ok(None);
    };
    let listen = |source| ServeError::ListenForMetrics { address, source };
    let listener = std::net::TcpListener::bind(address).map_err(listen)?;
    let chosen = listener.local_addr().map_err(listen)?;
    let server = metrics::server(listener, Arc::clone(app)).map_err(listen)?;
    Ok(Some((server, chosen)))
}

/// Serves until the process is told to end. Meanwhile keyring, samples and certificate are reloaded when their files change or
/// SIGHUP arrives, revocations and API keys are read again and again, and the store is purged.
///
/// # Errors
///
/// [`ServeError::Run`]
pub async fn serve(app: Arc<App>, server: RunningServer) -> Result<(), ServeError> {
    let reloading = rt::spawn(keep_keyring_current(Arc::clone(&app)));
    let sampling = rt::spawn(keep_samples_current(Arc::clone(&app)));
    let purging = rt::spawn(keep_store_tidy(Arc::clone(&app)));
    let tidying = rt::spawn(keep_metrics_tidy());
    let counting = rt::spawn(keep_scans_written(Arc::clone(&app)));
    let blocking = rt::spawn(keep_block_lists_current(Arc::clone(&app)));
    let profiling = rt::spawn(keep_profiles_current(Arc::clone(&app)));
    let certifying = rt::spawn(keep_certificate_current(Arc::clone(&app)));
    let auditing = rt::spawn(keep_audit_log(Arc::clone(&app)));
    let node = *random::bytes()?;
    let reporting = rt::spawn(keep_node_reported(Arc::clone(&app), node));
    let delivering = rt::spawn(keep_events_delivered(Arc::clone(&app)));
    let rotating = rt::spawn(keep_keys_rotated(Arc::clone(&app), node));
    refresh_at_start(&app).await;
    let refreshing = rt::spawn(keep_current(Arc::clone(&app)));
    let ended = server.run().await;
    reloading.abort();
    sampling.abort();
    rotating.abort();
    delivering.abort();
    reporting.abort();
    purging.abort();
    tidying.abort();
    auditing.abort();
    certifying.abort();
    profiling.abort();
    blocking.abort();
    counting.abort();
    refreshing.abort();
    if let Err(error) = app.scan_counts.write(&*app.store).await {
        tracing::error!(%error, "the last scans of links could not be counted");
    }
    if let Err(error) = app.store.forget_node(node).await {
        tracing::warn!(%error, "the store could not be told that this server ends");
    }
    ended
}

/// The time between two purges. Erased opens are to be gone soon after their two minutes.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// The time between two rounds of putting what was measured into its buckets.
const TIDY_METRICS_EVERY: Duration = Duration::from_secs(5);

async fn keep_metrics_tidy() {
    loop {
        tokio::time::sleep(TIDY_METRICS_EVERY).await;
        telemetry::metrics::tidy();
    }
}
/// The time between two writings of scans: what a killed process loses at most.
const SCANS_EVERY: Duration = Duration::from_secs(1);

/// Takes out of the store what nobody needs any more, in small transactions between those of requests.
async fn keep_store_tidy(app: Arc<App>) {
    loop {
        tokio::time::sleep(PURGE_EVERY).await;
        loop {
            match app.store.purge(now()).await {
                Ok(purged) => {
                    telemetry::metrics::purged(&purged);
                    if !purged.more {
                        break;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the store could not be purged");
                    break;
                }
            }
        }
        loop {
            let kept_since = app.config.links.scans_kept_since(now());
            match app.store.purge_scans(kept_since).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, "old scans of links could not be taken out");
                    break;
                }
            }
        }
        match desk::tidy(&*app.store, now()).await {
            Ok(tidied) => telemetry::metrics::forgot_check_ins(tidied.rows),
            Err(error) => tracing::error!(%error, "check-in lists could not be tidied"),
        }
        if let Err(error) = app.room.look(&*app.store).await {
            tracing::error!(%error, "how much is stored could not be read");
        }
    }
}

/// Writes scans of links each second.
async fn keep_scans_written(app: Arc<App>) {
    let mut good = true;
    loop {
        tokio::time::sleep(SCANS_EVERY).await;
        let written = app.scan_counts.write(&*app.store).await;
        if let Err(error) = &written
            && good
        {
            tracing::error!(%error, "scans of links could not be written; they wait");
        }
        good = written.is_ok();
    }
}

/// Looks at the block lists every `keys.reload_seconds`. To read a million names takes a second, so a thread of its own does.
async fn keep_block_lists_current(app: Arc<App>) {
    if app.config.links.block_lists.is_empty() {
        return;
    }
    loop {
        tokio::time::sleep(app.config.keys.reload).await;
        let looking = Arc::clone(&app);
        match tokio::task::spawn_blocking(move || looking.link_policy.lists.look()).await {
            Ok(Looked::Read(names)) => {
                app.health.tell(Part::BlockLists, true);
                tracing::info!(names, "the block lists were reloaded");
            }
            Ok(Looked::Kept(error)) => {
                app.health.tell(Part::BlockLists, false);
                tracing::error!(%error, "the block lists could not be reloaded; those before stay in force");
            }
            Ok(Looked::Same) | Err(_) => {}
        }
    }
}

/// The time between two looks at the folder of profiles: two of them, and a changed one is in force.
const LOOK_AT_PROFILES_EVERY: Duration = Duration::from_millis(500);

/// Looks at the folder of profiles again and again.
async fn keep_profiles_current(app: Arc<App>) {
    while app.profiles.has_folder() {
        tokio::time::sleep(LOOK_AT_PROFILES_EVERY).await;
        let looking = Arc::clone(&app);
        match tokio::task::spawn_blocking(move || looking.profiles.look()).await {
            Ok(LookedAt::Read { profiles, kept }) => {
                app.health.tell(Part::Profiles, kept.is_empty());
                for error in kept {
                    tracing::error!(%error, "a profile could not be reloaded; the one before stays in force");
                }
                tracing::info!(profiles, "the profiles were reloaded");
            }
            Ok(LookedAt::Same) | Err(_) => {}
        }
    }
}
