//! The edge: what every request comes to, and every answer leaves by.
//!
//! Belongs here: what is done to every request and answer that does not end on the fast path: the public path taken off, the
//! limit of requests in progress, problems written out, headers completed, the log line. Does not belong here: what a route
//! does.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Version;
use actix_web::http::header::COOKIE;
use actix_web::http::uri::{PathAndQuery, Uri};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};

use super::admission::in_progress;
use super::admission::people;
use super::admission::permits::Kind;
use super::connection::Flow;
use super::cors;
use super::headers;
use super::host;
use super::problem::{Problem, ProblemCode, respond};
use super::request_facts::RequestFacts as _;
use super::request_id::RequestId;
use super::route::{NO_ROUTE, Route, below, method_name};
use super::routing;
use super::state::App;
use super::wire;
use crate::clock;
use crate::telemetry::{RequestLine, metrics};
use crate::token::TokenId;

/// Answers a request. What went wrong is an answer, too: there is never an error.
pub async fn serve(
    app: Arc<App>,
    mut request: ServiceRequest,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    strip_base_path(&mut request, app.links.base_path());
    let row = routing::of(&request);
    if let Some(row) = row {
        row.leave(&request);
    }
    let template = row.map_or(NO_ROUTE, |row| row.path);
    let kind = row.map_or(Some(Kind::Other), |row| row.permit);
    // Not where a token is looked at: there it costs more than it saves.
    if kind.is_some()
        && let Some(flow) = request.request().conn_data::<Rc<Flow>>()
    {
        flow.answer_in_batch();
    }
    // Where there is a body, its reader takes the permit, when the body is here.
    if request.version() == Version::HTTP_2 && row.is_none_or(Route::reads_none) {
        // It need not wait here, nor keep others of its connection waiting.
        drop(request.take_payload());
    }
    let at_once = kind.filter(|_| row.is_none_or(|row| row.body.is_none()));
    let turned_away = match row {
        Some(row)
            if (request.headers().contains_key(COOKIE) || !row.roles.is_empty())
                && host::is_sound(request.head())
                && !wire::is_cut(request.uri()) =>
        {
            // A cookie can be made up: to look for its session takes a permit, too.
            match app.permits.take(Kind::Other) {
                Some(_while_looking) => people::admit(&app, row, &request).await.transpose(),
                None => Some(Err(in_progress::overloaded())),
            }
        }
        _ => None,
    };
    let answered = match at_once {
        _ if !host::is_sound(request.head()) => request.error_response(unsound_host()),
        _ if cors::is_preflight(&app, &request) => {
            let answer = cors::preflight(&routing::methods(template));
            request.into_response(answer)
        }
        _ if wire::is_cut(request.uri()) => {
            request.error_response(Problem::new(ProblemCode::UriTooLong))
        }
        _ if let Some(answer) = turned_away => match answer {
            Ok(answer) => request.into_response(answer),
            Err(problem) => request.error_response(problem),
        },
        None => answer(request, row).await,
        Some(kind) => match app.permits.take(kind) {
            Some(_permit) => answer(request, row).await,
            None => request.error_response(in_progress::overloaded()),
        },
    };
    Ok(finish(answered, template, &app, started))
}

fn unsound_host() -> Problem {
    Problem::new(ProblemCode::MalformedRequest)
        .detail("The request names no host that could be one.")
}

/// What the handler answers, if there is one.
async fn answer(request: ServiceRequest, row: Option<&Route>) -> ServiceResponse<BoxBody> {
    match row {
        Some(row) if row.method.is(request.method()) => (row.handler)(request).await,
        _ => request.error_response(routing::refusal(row)),
    }
}

/// Behind a proxy that leaves the path of `public_url` on, requests are the same as behind one that takes it off.
fn strip_base_path(request: &mut ServiceRequest, base: &str) {
    if base.is_empty() {
        return;
    }
    let Some(rest) = below(base, request.path()) else {
        return;
    };
    let query = request.uri().query();
    let path = if rest.is_empty() { "/" } else { rest };
    let target = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let Ok(target) = target.parse::<PathAndQuery>() else {
        return;
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(target);
    if let Ok(uri) = Uri::from_parts(parts) {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
}

/// Writes out a problem, completes the headers, and adds the line to the log.
fn finish(
    answered: ServiceResponse<BoxBody>,
    template: &'static str,
    app: &App,
    started: Instant,
) -> ServiceResponse<BoxBody> {
    let (request, mut answer) = answered.into_parts();
    let request_id = RequestId::of(request.headers());
    let problem = problem_of(&answer);
    if let Some(problem) = &problem {
        answer = respond(problem, app, &request, request_id.as_str());
    }
    headers::complete(answer.headers_mut(), app.https);
    request_id.tell(answer.headers_mut(), problem.is_some());
    cors::allow(app, request.headers(), answer.headers_mut());
    headers::take_no_upgrade(request.head(), answer.head_mut());
    let method = method_name(request.method());
    let duration = started.elapsed();
    let code = problem.as_ref().map(|problem| problem.code.as_str());
    metrics::request(method, template, answer.status().as_u16(), code, duration);
    if let Some(log) = &app.request_log {
        log.write(&RequestLine {
            at: clock::timestamp(),
            method,
            route: template,
            status: answer.status().as_u16(),
            duration,
            token_id: about(&request, problem.as_ref()),
            by: request.left_asker(),
            request_id: request_id.as_str(),
            code,
        });
    }
    ServiceResponse::new(request, answer)
}

/// The problem in `answer`. An error that is not ours comes from the framework: a handler never makes one.
fn problem_of(answer: &HttpResponse) -> Option<Problem> {
    let error = answer.error()?;
    let problem = error.as_error::<Problem>().cloned();
    Some(problem.unwrap_or_else(|| {
        let status = answer.status();
        tracing::error!(%error, %status, "an error of the framework reached a client");
        Problem::new(ProblemCode::Internal)
    }))
}

fn about(request: &HttpRequest, problem: Option<&Problem>) -> Option<TokenId> {
    match problem {
        Some(problem) => problem.token_id,
        None => request.left_token(),
    }
}
