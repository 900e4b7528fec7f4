//! What a scan of a link is answered with: the way on, or a page that shows where it leads.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::unix_seconds;
use crate::http::accept::Asked;
use crate::http::pages::{self, DestinationView, Told};
use crate::http::problem::{Problem, ProblemCode, rfc3339};
use crate::http::request_facts::RequestFacts as _;
use crate::http::route::is_token_path;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::links::{Destination, Known, Link, ScanRefused, Visitor, destination};
use crate::opening::{FoundLink, OpeningError, Passed, Unavailable};
use crate::targets::LookAlike;
use crate::telemetry::metrics;
use crate::token::TokenId;

/// Where a link leads, for programs, where a browser gets a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestinationAnswer {
    /// Where it leads.
    pub target: String,
    /// The host for which that host may be taken, if one of its labels only looks like ASCII.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks_like: Option<String>,
}

/// A scan, whichever way it came.
pub struct Scan<'a, M> {
    /// The request.
    pub request: &'a M,
    /// Its method.
    pub method: &'a Method,
    /// Its query.
    pub query: Option<&'a str>,
}

impl<'a> Scan<'a, HttpRequest> {
    /// As the routes get it.
    pub fn of(request: &'a HttpRequest) -> Self {
        Self {
            request,
            method: request.method(),
            // Elsewhere the query holds the token itself.
            query: is_token_path(request.path()).then(|| request.query_string()),
        }
    }
}

/// The answer to a scan of a link that is in memory.
pub fn at_once<M: Asked>(
    app: &App,
    scan: &Scan<'_, M>,
    id: TokenId,
) -> Option<Result<HttpResponse, Problem>> {
    match app.link_cache.get(id, Instant::now()) {
        Known::Fresh(link) => Some(answer_scan(app, scan, &link)),
        Known::Stale(_) | Known::No => None,
    }
}

/// Answers a scan of a link without limit and PIN, and keeps the link, whose read began then, for the next.
pub fn scanned(
    request: &HttpRequest,
    found: &FoundLink,
    began: Instant,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let link = Arc::new(read(app, found)?);
    request.leave_token(link.id);
    app.link_cache.put(Arc::clone(&link), began);
    app.link_cache.note(true);
    answer_scan(app, &Scan::of(request), &link)
}

/// Answers a scan of a link without limit and PIN, and counts it.
pub fn answer_scan<M: Asked>(
    app: &App,
    scan: &Scan<'_, M>,
    link: &Link,
) -> Result<HttpResponse, Problem> {
    let (visitor, now) = (visitor(scan.request), app.now());
    let to = destination(link, &app.link_policy, &visitor, scan.query, now)
        .map_err(|refused| refused_scan(app, link, refused))?;
    match (to.shown, to.counts) {
        (true, _) => metrics::scanned("shown"),
        (false, true) => metrics::led_on(),
        (false, false) => metrics::scanned("fallback"),
    }
    if to.counts && *scan.method == Method::GET && !visitor.ahead {
        app.scan_counts.count(link.id, &visitor, now);
    }
    Ok(answer(app, scan.request, &to))
}

/// Checks whether a link with limit or PIN leads anywhere now, before its page or its button is of use. An expired one may have
/// a way on without either.
pub fn before_button(
    request: &HttpRequest,
    found: &FoundLink,
) -> Result<Option<HttpResponse>, Problem> {
    let app = App::of(request);
    let link = read(app, found)?;
    request.leave_token(link.id);
    let to = destination(&link, &app.link_policy, &visitor(request), None, app.now())
        .map_err(|refused| refused_scan(app, &link, refused))?;
    if !to.counts {
        metrics::scanned("fallback");
    }
    Ok((!to.counts).then(|| answer(app, request, &to)))
}

/// Where a link leads whose button was pressed, and whose open is counted. No redirect: our pages' forms may lead to ourselves
/// only, and browsers hold redirects to that, too.
pub fn passed(
    request: &HttpRequest,
    found: &FoundLink,
    passed: Passed,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let link = read(app, found)?;
    let (visitor, now) = (visitor(request), app.now());
    let to = destination(&link, &app.link_policy, &visitor, None, now)
        .map_err(|refused| refused_scan(app, &link, refused))?;
    metrics::scanned("shown");
    if !passed.repeated {
        app.scan_counts.count(link.id, &visitor, now);
    }
    Ok(shown(app, request, &to, Some(passed)))
}

fn answer(app: &App, request: &impl Asked, to: &Destination<'_>) -> HttpResponse {
    match to.shown {
        true => shown(app, request, to, None),
        false => redirect(to),
    }
}

/// The way on.
fn redirect(to: &Destination<'_>) -> HttpResponse {
    let Ok(place) = HeaderValue::from_str(&to.url) else {
        return HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
    };
    HttpResponse::Found()
        .insert_header((LOCATION, place))
        .finish()
}

/// A page with the whole destination and one link, for a browser; the destination for a program.
fn shown(
    app: &App,
    request: &impl Asked,
    to: &Destination<'_>,
    opened: Option<Passed>,
) -> HttpResponse {
    let looks_like = match to.look_alike {
        Some(LookAlike::Of(host)) => Some(host.as_str()),
        _ => None,
    };
    if !accept::names_html(request) {
        return HttpResponse::Ok().json(DestinationAnswer {
            target: to.url.clone().into_owned(),
            looks_like: looks_like.map(str::to_owned),
        });
    }
    let language = accept::language(request);
    let (before, host) = (to.target.around_host().0, to.target.host());
    let unicode = to.target.unicode_host();
    let view = DestinationView {
        url: &to.url,
        before,
        host,
        unicode_host: (unicode != host).then_some(unicode.as_str()),
        after: to.url.get(before.len() + host.len()..).unwrap_or_default(),
        looks_like,
        mixed_scripts: to.look_alike == Some(&LookAlike::MixedScripts),
        opened: opened.is_some(),
        opens_left: opened.and_then(|passed| passed.opens_left),
    };
    let page = pages::destination(&app.site(language), &view);
    html::page(HttpResponse::Ok(), language, page)
}

fn read(app: &App, found: &FoundLink) -> Result<Link, Problem> {
    let id = found.id();
    Link::read(found, &app.link_policy.rules).map_err(|error| {
        let cause = Unavailable::Record(error);
        OpeningError::Unavailable { id, cause }.into()
    })
}

fn visitor(request: &impl Asked) -> Visitor {
    Visitor::of(|name| request.headers().get(name)?.to_str().ok())
}

/// Why a scan leads nowhere, as whoever scans is told.
fn refused_scan(app: &App, link: &Link, refused: ScanRefused) -> Problem {
    let problem = match refused {
        ScanRefused::Disabled => Problem::new(ProblemCode::LinkDisabled),
        ScanRefused::NotYet { at } => Problem::new(ProblemCode::NotYet)
            .told(Told::at("leads-from", unix_seconds(at)))
            .member("not_before", rfc3339(at)),
        ScanRefused::Expired { at } => OpeningError::Expired { id: link.id, at }.into(),
        ScanRefused::Blocked => {
            app.blocked_scans.fetch_add(1, Ordering::Relaxed);
            Problem::new(ProblemCode::TargetBlocked)
        }
    };
    metrics::scanned(problem.code.as_str());
    problem.about(Some(link.id))
}
