//! What Prometheus asks for: the numbers of the moment, and a listener of its own for them.
//!
//! Belongs here: which of the server's facts are gauges, and where they are asked for. Does not belong here: names and buckets, and
//! what is counted when it happens (see `telemetry::metrics`).

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{App as Routes, HttpResponse, HttpServer, web};
use metrics::gauge;

use super::health::Part;
use super::operations::service::ready::readiness;
use super::state::App;
use crate::telemetry::metrics::{names, text};
use crate::token::{KeyState, Slot};

/// Connections of scrapers at once.
const MAX_CONNECTIONS: usize = 16;

/// Answers `GET /metrics` on `listener`, and nothing else.
///
/// # Errors
///
/// What the operating system says of the address.
pub fn server(listener: TcpListener, app: Arc<App>) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        let app = Arc::clone(&app);
        let scraped = move || {
            let app = Arc::clone(&app);
            async move { answer(&app) }
        };
        Routes::new().route("/metrics", web::get().to(scraped))
    });
    Ok(server
        .workers(1)
        .max_connections(MAX_CONNECTIONS)
        .client_request_timeout(Duration::from_secs(5))
        .disable_signals()
        .listen(listener)?
        .run())
}

/// All of them, in the text format of Prometheus.
pub fn answer(app: &App) -> HttpResponse {
    measure(app);
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text().unwrap_or_default())
}

fn measure(app: &App) {
    gauge!(names::READY).set(match readiness(app) {
        Ok(()) => 1.0,
        Err(_) => 0.0,
    });
    gauge!(names::STORE_WAITING).set(number(app.store.waiting()));
    gauge!(names::PERMITS_LIMIT).set(number(app.permits.of_each()));
    for (kind, taken) in app.permits.in_use() {
        gauge!(names::PERMITS, "kind" => kind).set(number(taken));
    }
    for part in Part::ALL {
        let fails = usize::from(app.health.fails(part));
        gauge!(names::DEGRADED, "part" => part.as_str()).set(number(fails));
    }
    if let Some(tls) = &app.tls {
        let end = Duration::from_secs(tls.not_after().as_secs());
        gauge!(names::CERTIFICATE_END).set(end.as_secs_f64());
    }
    let keyring = app.keyring.load();
    for state in [
        KeyState::Primary,
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::Destroyed,
    ] {
        let keys = keyring.keys().iter().filter(|key| key.state() == state);
        gauge!(names::KEYS, "state" => state.as_str()).set(number(keys.count()));
    }
    let created = keyring.primary().created_at().as_secs();
    gauge!(names::KEY_AGE)
        .set(Duration::from_secs(app.now().as_secs().saturating_sub(created)).as_secs_f64());
    gauge!(names::FREE_SLOTS).set(number(Slot::all().count() - keyring.keys().len()));
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
