//! What every request can reach.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use actix_web::HttpRequest;
use arc_swap::ArcSwap;

use crate::accounts::{KnownAccounts, PasswordHashers};
use crate::api_keys::KnownApiKeys;
pub use crate::clock::now;
use crate::config::{Config, Issuing};
use crate::http::admission::batches::Batches;
use crate::http::admission::bytes::RequestMemory;
use crate::http::admission::connections::Connections;
use crate::http::admission::permits::Permits;
use crate::http::admission::turns::Turns;
use crate::http::health::Health;
use crate::http::operations::service::kept::Kept;
use crate::http::operations::service::swagger_files::SwaggerFiles;
use crate::http::pages::{Language, Site};
use crate::http::tls::Tls;
use crate::issuing::{Issuer, StoredRoom};
use crate::limits::RateLimits;
use crate::link::Links;
use crate::links::block_lists::BlockLists;
use crate::links::{LinkCache, LinkPolicy, ScanCounts};
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::pool::{Pool, PoolSettings, Room};
use crate::profiles::{Profiles, Registry};
use crate::revoking::RevocationList;
use crate::samples::KnownSamples;
use crate::store::Store;
use crate::telemetry::RequestLog;
use crate::token::{Keyring, UnixTime};

/// The server's state: what was configured, and the keyring of the moment.
pub struct App {
    /// The settings.
    pub config: Config,
    /// How tokens become links.
    pub links: Links,
    /// The issuer's name as the phone shows it.
    pub issuer_name: String,
    /// The keys; replaced as a whole when the file changes.
    pub keyring: ArcSwap<Keyring>,
    /// Where PINs are hashed.
    pub pins: PinHashers,
    /// Where passwords are hashed.
    pub passwords: PasswordHashers,
    /// Where long documents are packed and unpacked, and the samples of profiles.
    pub long: LongWork,
    /// What is remembered of tokens that have state.
    pub store: Arc<dyn Store>,
    /// How much room stored documents have.
    pub room: StoredRoom,
    /// The API keys as this node read them last.
    pub api_keys: KnownApiKeys,
    /// Whether there are accounts, as this node read it last.
    pub accounts: KnownAccounts,
    /// The revocations as this node read them last.
    pub revocations: RevocationList,
    /// Where request lines go, if they are written.
    pub request_log: Option<RequestLog>,
    /// The threads for what takes long.
    pub pool: Arc<Pool>,
    /// The clients without an API key that have pictures drawn.
    pub(super) turns: Arc<Turns>,
    /// What each client and each API key has left of its rates.
    pub rates: RateLimits,
    /// The requests that wait for something, by kind.
    pub(super) permits: Permits,
    /// The batches that are on their way.
    pub(super) batches: Arc<Batches>,
    /// The connections of each client.
    pub(super) connections: Arc<Connections>,
    /// The bytes of requests that are being received or worked on.
    pub(super) request_memory: Arc<RequestMemory>,
    /// The links that are scanned most.
    pub link_cache: LinkCache,
    /// Scans that the store does not have yet.
    pub scan_counts: ScanCounts,
    /// What kinds of documents there are.
    pub profiles: Profiles,
    /// Scans that a block list stopped since this node started.
    pub blocked_scans: AtomicU64,
    /// What links may be.
    pub link_policy: LinkPolicy,
    /// The clock that opening goes by.
    pub clock: Clock,
    /// Whether the public address is one of HTTPS.
    pub https: bool,
    /// The OpenAPI description with this server's own path, and the profiles that it tells of, once it was asked for.
    pub(super) description: Mutex<Option<(Arc<Registry>, Arc<Kept>)>>,
    /// What does not work as it should.
    pub(super) health: Health,
    /// The certificate, if the server speaks TLS itself.
    pub(super) tls: Option<Tls>,
    swagger: OnceLock<SwaggerFiles>,
}

impl App {
    /// The state of a server with these settings, keys and store.
    #[must_use]
    pub fn new(
        config: Config,
        keyring: Keyring,
        store: Arc<dyn Store>,
        request_log: Option<RequestLog>,
    ) -> Self {
        let links = Links::new(
            &config.public_url(),
            config.link.form,
            config.link.uppercase_scheme,
        );
        let clock = Clock::default();
        let pool = Arc::new(Pool::new(room(&config)));
        Self {
            links,
            issuer_name: config.issuer(),
            keyring: ArcSwap::from_pointee(keyring),
            pins: PinHashers::of(&pool),
            passwords: PasswordHashers::of(&pool),
            long: LongWork::of(&pool),
            pool,
            turns: Arc::default(),
            store,
            room: StoredRoom::new(config.limits.stored_bytes),
            api_keys: KnownApiKeys::default(),
            accounts: KnownAccounts::default(),
            revocations: RevocationList::default(),
            request_log,
            https: config.public_url().scheme() == "https",
            description: Mutex::default(),
            health: Health::default(),
            tls: None,
            swagger: OnceLock::new(),
            rates: RateLimits::new(config.limits.per_minute(), clock.ahead()),
            permits: Permits::new(config.server.max_requests),
            batches: Arc::default(),
            connections: Connections::new(
                config.server.max_connections_per_client,
                config.server.max_connections,
            ),
            request_memory: RequestMemory::new(
                config.server.request_memory_bytes,
                config.limits.largest_request_bytes(),
            ),
            profiles: Profiles::default(),
            link_cache: LinkCache::default(),
            scan_counts: ScanCounts::default(),
            blocked_scans: AtomicU64::new(0),
            link_policy: LinkPolicy {
                rules: config.links.target_rules(&config.public_url()),
                trusted: config.links.trusted_hosts.clone(),
                shows_untrusted: config.auth.issuing == Issuing::Open,
                lists: BlockLists::default(),
                keep_expired_secs: config.links.keep_expired_secs(),
                longest_life: config.issuing.longest_life,
            },
            clock,
            config,
        }
    }

    /// The same with these block lists.
    #[must_use]
    pub fn with_block_lists(mut self, lists: BlockLists) -> Self {
        self.link_policy.lists = lists;
        self
    }

    /// The same with these profiles.
    #[must_use]
    pub fn with_profiles(mut self, profiles: Profiles) -> Self {
        self.profiles = profiles;
        self
    }

    /// The same with these samples.
    #[must_use]
    pub fn with_samples(mut self, samples: KnownSamples) -> Self {
        self.long = self.long.with_samples(samples);
        self
    }

    /// The same with TLS.
    #[must_use]
    pub(super) fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.tls = tls;
        self
    }

    /// The state behind `request`.
    ///
    /// # Panics
    ///
    /// Outside the server that [`super::start`] builds: every request there has it.
    #[must_use]
    pub fn of(request: &HttpRequest) -> &Arc<Self> {
        request
            .app_data::<Arc<Self>>()
            .expect("the server puts its state beside every route")
    }

    /// The time that opening goes by.
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    /// Whether an API key or an account was ever made, so that nobody may do anything without one; `None` if that was never
    /// read.
    pub fn asks_who(&self) -> Option<bool> {
        match (self.api_keys.any(), self.accounts.any()) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }

    /// What pages in this language show of this installation.
    #[must_use]
    pub fn site(&self, language: Language) -> Site<'_> {
        Site {
            base: self.links.base_path(),
            issuer: &self.issuer_name,
            contact: self.config.page.contact.as_deref(),
            version: env!("CARGO_PKG_VERSION"),
            language,
            chosen: false,
            switch: None,
            docs: self.config.docs.swagger,
        }
    }

    /// An address of this server as others reach it: `path` begins with a slash.
    pub fn public_address(&self, path: &str) -> String {
        let base = self.config.public_url();
        format!("{}{path}", base.as_str().trim_end_matches('/'))
    }

    /// The files of Swagger UI, for this server's own path.
    pub fn swagger(&self) -> &SwaggerFiles {
        self.swagger
            .get_or_init(|| SwaggerFiles::below(self.links.base_path()))
    }

    /// What issuing needs, with the keyring of the moment.
    pub fn issuer<'a>(&'a self, keyring: &'a Keyring) -> Issuer<'a> {
        Issuer {
            keyring,
            links: &self.links,
        }
    }
}

/// What the configuration has room for.
fn room(config: &Config) -> PoolSettings {
    let threads = match config.server.style_threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    };
    PoolSettings {
        pins: Room {
            at_once: config.pin.hashes_at_once,
            queue: config.pin.queue,
        },
        pictures: Room {
            at_once: threads,
            queue: config.server.style_queue,
        },
        picture_bytes: config.server.style_memory_bytes,
    }
}

/// This machine's clock, and how far tests have stepped it forward.
#[derive(Debug, Default)]
pub struct Clock {
    ahead_secs: Arc<AtomicU64>,
}

impl Clock {
    /// Seconds since 1970, with what it was stepped forward.
    pub fn now(&self) -> UnixTime {
        now().plus_secs(self.ahead_secs.load(Ordering::Relaxed))
    }

    /// How far it was stepped forward, for other clocks that are to go with it.
    pub fn ahead(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.ahead_secs)
    }

    /// Steps the clock forward, so that tests need not wait.
    pub fn step(&self, secs: u64) {
        self.ahead_secs.fetch_add(secs, Ordering::Relaxed);
    }
}
