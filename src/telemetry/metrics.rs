//! Metrics: what is counted, under which name, and the text that Prometheus reads.
//!
//! Belongs here: names, labels, buckets, and the recorder. Does not belong here: when something happened; whoever sees it calls a
//! function of this module, or the macros of `metrics` with a name from [`names`]. No label holds what a client may choose:
//! routes are templates, methods, codes and outcomes are from tables.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{
    Counter, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::store::{OutboxState, Purged};
use crate::token::UnixTime;

/// The names, by the conventions of Prometheus: base units, and `_total` for what only grows.
pub mod names {
    /// Requests that were answered, by `method`, `route`, `status` and `code`.
    pub const REQUESTS: &str = "qrseal_http_requests_total";
    /// From a request's headers to its answer's, by `route`.
    pub const REQUEST_SECONDS: &str = "qrseal_http_request_duration_seconds";
    /// Requests of HTTP/2 that were not let in, and connections that were ended, by `why`.
    pub const HTTP_2_REFUSED: &str = "qrseal_http2_refused_total";
    /// Looks at codes and opens of them, by `outcome`.
    pub const OPENS: &str = "qrseal_opens_total";
    /// Scans of links, by `outcome`.
    pub const SCANS: &str = "qrseal_link_scans_total";
    /// Codes that were issued, by `version` of the symbol and `storage`.
    pub const ISSUED: &str = "qrseal_codes_issued_total";
    /// Bytes of the documents in them, minified.
    pub const DOCUMENT_BYTES: &str = "qrseal_document_bytes_total";
    /// Bytes of their tokens.
    pub const TOKEN_BYTES: &str = "qrseal_token_bytes_total";
    /// Codes that were shown at check-in lists, by `kind` and `outcome`.
    pub const CHECK_INS: &str = "qrseal_check_ins_total";
    /// Rows of check-in lists that were taken out because of their age.
    pub const FORGOTTEN: &str = "qrseal_check_in_rows_forgotten_total";
    /// Transactions of the store, by `worker`.
    pub const STORE_SECONDS: &str = "qrseal_store_transaction_duration_seconds";
    /// Operations of the store, by `worker`; over the transactions, how many are committed together.
    pub const STORE_OPERATIONS: &str = "qrseal_store_operations_total";
    /// Transactions that failed, by `worker`.
    pub const STORE_FAILURES: &str = "qrseal_store_failures_total";
    /// Operations that wait for the store.
    pub const STORE_WAITING: &str = "qrseal_store_waiting_operations";
    /// Rows that were purged, by `table`.
    pub const PURGED: &str = "qrseal_purged_rows_total";
    /// Whether there was more to purge than one round takes: 1 or 0.
    pub const PURGE_BEHIND: &str = "qrseal_purge_behind";
    /// Permits that are taken, by `kind`.
    pub const PERMITS: &str = "qrseal_permits_in_use";
    /// Permits that there are of each kind.
    pub const PERMITS_LIMIT: &str = "qrseal_permits_limit";
    /// Keys of the keyring, by `state`.
    pub const KEYS: &str = "qrseal_keyring_keys";
    /// Age of the key that seals.
    pub const KEY_AGE: &str = "qrseal_keyring_primary_age_seconds";
    /// Slots that no key was ever in.
    pub const FREE_SLOTS: &str = "qrseal_keyring_free_slots";
    /// Deliveries of events, by `outcome`: delivered, failed, given up, and dropped because too many waited.
    pub const EVENTS: &str = "qrseal_events_total";
    /// Events that wait or were given up, by `state`.
    pub const OUTBOX: &str = "qrseal_events_outbox";
    /// How long the oldest event that waits has waited.
    pub const OUTBOX_SECONDS: &str = "qrseal_events_oldest_seconds";
    /// Whether the server says that it is ready: 1 or 0.
    pub const READY: &str = "qrseal_ready";
    /// Whether a part does not work as it should while the server goes on, by `part`: 1 or 0.
    pub const DEGRADED: &str = "qrseal_degraded";
    /// The end of the server's own certificate, seconds since 1970; none where it has none.
    pub const CERTIFICATE_END: &str = "qrseal_certificate_expiry_timestamp_seconds";
    /// 1, with the `version`.
    pub const BUILD: &str = "qrseal_build_info";
}

/// Upper bounds of the buckets, in seconds: a plain code opens in tens of microseconds, a PIN takes a tenth of a second.
const SECONDS: [f64; 14] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0,
];

/// The template of the links in codes; what looks at one is counted by outcome, too.
const TOKEN_ROUTES: [&str; 2] = ["/{digits}", "/api/decrypt/qrcode-details"];

/// What [`Purged`] counts, in its order.
const PURGED_TABLES: [&str; 4] = ["tokens", "revocations", "requests", "records"];

/// Why a request or a connection of HTTP/2 was refused.
const HTTP_2_REFUSED_WHY: [&str; 8] = [
    "no_room",
    "malformed",
    "closing",
    "protocol",
    "small_pieces",
    "other_frames",
    "resets",
    "stalled",
];

static INSTALLED: OnceLock<Installed> = OnceLock::new();

struct Installed {
    handle: PrometheusHandle,
    /// What is asked for most, looked up once.
    plain: Plain,
}

struct Plain {
    requests: Counter,
    seconds: Histogram,
    opened: Counter,
    led_on: Counter,
    document_bytes: Counter,
    token_bytes: Counter,
}

/// Of requests that are answered alike.
struct Answered {
    requests: Counter,
    seconds: Histogram,
    looked: Option<Counter>,
}

/// Words of tables, found again by where they stand.
type Words = (&'static str, &'static str, u16, &'static str);

/// The most entries of [`Known`]: a thread sees fewer combinations than that, or looks the others up each time.
const MOST_KNOWN: usize = 256;

/// What was looked up before on this thread: looking up a counter by its labels costs more than counting.
struct Known<K, V>(RefCell<Vec<(K, V)>>);

impl<K: Copy, V> Known<K, V> {
    const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Does `count` with what `find` finds for `key`.
    fn with(
        &self,
        key: K,
        same: impl Fn(K, K) -> bool,
        find: impl FnOnce() -> V,
        count: impl FnOnce(&V),
    ) {
        let mut known = self.0.borrow_mut();
        if let Some((_, value)) = known.iter().find(|(other, _)| same(*other, key)) {
            return count(value);
        }
        let value = find();
        count(&value);
        if known.len() < MOST_KNOWN {
            known.push((key, value));
        }
    }
}

thread_local! {
    static ANSWERED: Known<Words, Answered> = const { Known::new() };
    static ISSUED: Known<(u8, &'static str), Counter> = const { Known::new() };
}

/// Begins to count, for the whole process. A second call does nothing.
pub fn install() {
    INSTALLED.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .expect("there are buckets")
            .build_recorder();
        let handle = recorder.handle();
        // Somebody else's recorder stays in force; ours then has nothing to tell.
        let _already_set = metrics::set_global_recorder(recorder);
        describe();
        gauge!(names::BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        // What has not happened yet is 0, so that its rate is a number.
        for table in PURGED_TABLES {
            counter!(names::PURGED, "table" => table).increment(0);
        }
        for worker in ["read", "write"] {
            counter!(names::STORE_FAILURES, "worker" => worker).increment(0);
        }
        for why in HTTP_2_REFUSED_WHY {
            counter!(names::HTTP_2_REFUSED, "why" => why).increment(0);
        }
        counter!(names::FORGOTTEN).increment(0);
        gauge!(names::PURGE_BEHIND).set(0.0);
        let plain = Plain {
            requests: requests("GET", TOKEN_ROUTES[0], 200, None),
            seconds: histogram!(names::REQUEST_SECONDS, "route" => TOKEN_ROUTES[0]),
            opened: counter!(names::OPENS, "outcome" => "opened"),
            document_bytes: counter!(names::DOCUMENT_BYTES),
            token_bytes: counter!(names::TOKEN_BYTES),
            led_on: counter!(names::SCANS, "outcome" => "led_on"),
        };
        Installed { handle, plain }
    });
}

fn describe() {
    use names as n;
    describe_counter!(n::REQUESTS, "Requests that were answered.");
    describe_histogram!(
        n::REQUEST_SECONDS,
        Unit::Seconds,
        "From a request's headers to its answer's."
    );
    describe_counter!(
        n::HTTP_2_REFUSED,
        "Requests of HTTP/2 that were not let in, and connections that were ended."
    );
    describe_counter!(
        n::OPENS,
        "Looks at codes and opens of them, by what came of it."
    );
    describe_counter!(n::SCANS, "Scans of links, by what came of them.");
    describe_counter!(n::ISSUED, "Codes that were issued.");
    describe_counter!(
        n::DOCUMENT_BYTES,
        Unit::Bytes,
        "Documents in the codes that were issued, minified."
    );
    describe_counter!(n::TOKEN_BYTES, Unit::Bytes, "Tokens that were issued.");
    describe_counter!(n::CHECK_INS, "Codes that were shown at check-in lists.");
    describe_counter!(
        n::FORGOTTEN,
        "Rows of check-in lists that were older than they are kept."
    );
    describe_histogram!(
        n::STORE_SECONDS,
        Unit::Seconds,
        "Transactions of the store."
    );
    describe_counter!(n::STORE_OPERATIONS, "Operations of the store.");
    describe_counter!(n::STORE_FAILURES, "Transactions of the store that failed.");
    describe_gauge!(n::STORE_WAITING, "Operations that wait for the store.");
    describe_counter!(n::PURGED, "Rows that nobody needed any more.");
    describe_gauge!(
        n::PURGE_BEHIND,
        "1 if there was more to purge than one round takes."
    );
    describe_gauge!(n::PERMITS, "Requests in progress.");
    describe_gauge!(
        n::PERMITS_LIMIT,
        "Requests of each kind that may be in progress."
    );
    describe_gauge!(n::KEYS, "Keys of the keyring.");
    describe_gauge!(n::KEY_AGE, Unit::Seconds, "Age of the key that seals.");
    describe_gauge!(
        n::FREE_SLOTS,
        "Slots of the keyring that no key was ever in."
    );
    describe_counter!(
        n::EVENTS,
        "Deliveries of events, and events that were dropped."
    );
    describe_gauge!(
        n::OUTBOX,
        "Events that wait to be delivered, or were given up."
    );
    describe_gauge!(n::OUTBOX_SECONDS, "Age of the oldest event that waits.");
    describe_gauge!(n::READY, "1 if the server is ready.");
    describe_gauge!(
        n::DEGRADED,
        "1 if a part does not work as it should while the server goes on."
    );
    describe_gauge!(
        n::CERTIFICATE_END,
        Unit::Seconds,
        "The end of the server's own certificate, as a Unix time."
    );
    describe_gauge!(n::BUILD, "The version of the program.");
}

/// The text that Prometheus reads; `None` if nothing is counted.
#[must_use]
pub fn text() -> Option<String> {
    INSTALLED.get().map(|installed| installed.handle.render())
}

/// Puts what was measured into its buckets, so that it takes no more memory. To be called every few seconds.
pub fn tidy() {
    if let Some(installed) = INSTALLED.get() {
        installed.handle.run_upkeep();
    }
}

/// What became of so many events.
pub fn events(outcome: &'static str, count: u64) {
    counter!(names::EVENTS, "outcome" => outcome).increment(count);
}

/// What waits in the outbox of events.
pub fn outbox(state: OutboxState, now: UnixTime) {
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    gauge!(names::OUTBOX, "state" => "waiting").set(number(state.waiting));
    gauge!(names::OUTBOX, "state" => "given_up").set(number(state.given_up));
    let oldest = state
        .oldest_at
        .map_or(0, |at| now.as_secs().saturating_sub(at.as_secs()));
    gauge!(names::OUTBOX_SECONDS).set(number(oldest));
}

/// A request was answered. All words are from tables: the method's name, the route's template, the problem's code.
pub fn request(
    method: &'static str,
    route: &'static str,
    status: u16,
    code: Option<&'static str>,
    took: Duration,
) {
    if INSTALLED.get().is_none() {
        return;
    }
    // The same word stands at one place of its table: no need to read it.
    let same = |a: Words, b: Words| {
        let is = std::ptr::eq::<str>;
        a.2 == b.2 && is(a.1, b.1) && is(a.0, b.0) && is(a.3, b.3)
    };
    let find = || Answered {
        requests: requests(method, route, status, code),
        seconds: histogram!(names::REQUEST_SECONDS, "route" => route),
        looked: code
            .filter(|_| TOKEN_ROUTES.contains(&route))
            .map(|code| counter!(names::OPENS, "outcome" => code)),
    };
    ANSWERED.with(|known| {
        known.with(
            (method, route, status, code.unwrap_or("")),
            same,
            find,
            |answered| {
                answered.requests.increment(1);
                answered.seconds.record(took);
                if let Some(looked) = &answered.looked {
                    looked.increment(1);
                }
            },
        );
    });
}

/// A request of HTTP/2 was not let in, or a connection ended. The word is from a table.
pub fn http_2_refused(why: &'static str) {
    counter!(names::HTTP_2_REFUSED, "why" => why).increment(1);
}

/// A plain code was opened, and the request answered.
pub fn plain_opened(took: Duration) {
    if let Some(Installed { plain, .. }) = INSTALLED.get() {
        plain.requests.increment(1);
        plain.seconds.record(took);
        plain.opened.increment(1);
    }
}

/// A code was opened.
pub fn opened() {
    if let Some(Installed { plain, .. }) = INSTALLED.get() {
        plain.opened.increment(1);
    }
}

/// A link was scanned, and led on at once.
pub fn led_on() {
    if let Some(Installed { plain, .. }) = INSTALLED.get() {
        plain.led_on.increment(1);
    }
}

/// A link was scanned: `shown` its destination first, or `fallback`, or the code of the problem why it led nowhere.
pub fn scanned(outcome: &'static str) {
    if INSTALLED.get().is_some() {
        counter!(names::SCANS, "outcome" => outcome).increment(1);
    }
}

/// A code was issued.
pub fn issued(version: u8, storage: &'static str, document_bytes: usize, token_bytes: usize) {
    let Some(Installed { plain, .. }) = INSTALLED.get() else {
        return;
    };
    let bytes = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    plain.document_bytes.increment(bytes(document_bytes));
    plain.token_bytes.increment(bytes(token_bytes));
    let find = || counter!(names::ISSUED, "version" => version.to_string(), "storage" => storage);
    ISSUED.with(|known| {
        known.with(
            (version, storage),
            |a, b| a == b,
            find,
            |issued| issued.increment(1),
        );
    });
}

/// A code was shown at a check-in list. Both words are from tables.
pub fn checked_in(kind: &'static str, outcome: &'static str) {
    counter!(names::CHECK_INS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// Rows of check-in lists were taken out.
pub fn forgot_check_ins(rows: u64) {
    counter!(names::FORGOTTEN).increment(rows);
}

/// The store was purged.
pub fn purged(purged: &Purged) {
    let rows = [
        purged.tokens,
        purged.revocations,
        purged.requests,
        purged.records,
    ];
    for (table, rows) in PURGED_TABLES.into_iter().zip(rows) {
        counter!(names::PURGED, "table" => table).increment(rows);
    }
    gauge!(names::PURGE_BEHIND).set(if purged.more { 1.0 } else { 0.0 });
}

fn requests(
    method: &'static str,
    route: &'static str,
    status: u16,
    code: Option<&'static str>,
) -> Counter {
    counter!(
        names::REQUESTS,
        "method" => method,
        "route" => route,
        "status" => status_text(status),
        "code" => code.unwrap_or("")
    )
}

/// A status as text, without memory of its own for those that are common.
fn status_text(status: u16) -> metrics::SharedString {
    match status {
        200 => "200".into(),
        201 => "201".into(),
        204 => "204".into(),
        304 => "304".into(),
        404 => "404".into(),
        status => status.to_string().into(),
    }
}
