//! A problem as an answer: JSON for programs, a page for a browser.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::limit::Limit;
use super::{Problem, ProblemCode};
use crate::http::accept;
use crate::http::html;
use crate::http::pages::{self, Detail, ProblemView, Site};
use crate::http::state::App;

/// The answer to `request`, with the status of the problem's code in either form.
pub fn respond(
    problem: &Problem,
    app: &App,
    request: &HttpRequest,
    request_id: &str,
) -> HttpResponse {
    let code = problem.code;
    let mut answer = HttpResponse::build(code.status());
    let retry_after = problem.retry_after;
    if let Some(seconds) = retry_after.or(code.retry_after_seconds().map(u64::from)) {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Some(limit) = &problem.limit {
        for (name, value) in rate_limit(limit) {
            answer.insert_header((name, value));
        }
    }
    if let Some(allow) = &problem.allow {
        answer.insert_header((header::ALLOW, allow.as_str()));
    }
    if code == ProblemCode::Unauthorized {
        let scheme = HeaderValue::from_static("Bearer");
        answer.insert_header((header::WWW_AUTHENTICATE, scheme));
    }
    if accept::names_html(request) {
        let before = html::again(request);
        let site = html::site(app, request, before.as_deref());
        let html = page(problem, &site, request_id);
        return html::page(answer, site.language, html);
    }
    answer.content_type("application/problem+json");
    answer.body(document(problem, app.links.base_path(), request_id).to_string())
}

/// The fields that say which limit was met, of how much, and when to come back.
fn rate_limit(limit: &Limit) -> [(&'static str, String); 2] {
    let Limit {
        name,
        quota,
        window_secs,
        wait_secs,
        ..
    } = limit;
    let unit = match limit.bytes {
        true => ";qu=\"content-bytes\"",
        false => "",
    };
    [
        (
            "ratelimit-policy",
            format!("\"{name}\";q={quota}{unit};w={window_secs}"),
        ),
        ("ratelimit", format!("\"{name}\";r=0;t={wait_secs}")),
    ]
}

fn page(problem: &Problem, site: &Site<'_>, request_id: &str) -> String {
    let code = problem.code;
    pages::problem(
        site,
        &ProblemView {
            status: code.status().as_u16(),
            code: code.as_str(),
            title: code.title(),
            explanation: code.explanation(),
            detail: match (&problem.told, &problem.detail) {
                (Some(told), _) => Some(Detail::Told(**told)),
                (None, detail) => detail.as_deref().map(Detail::English),
            },
            next_step: code.next_step(),
            request_id,
        },
    )
}

/// The problem document; `base` is the path of the public URL without a slash at its end.
pub fn document(problem: &Problem, base: &str, request_id: &str) -> Value {
    let code = problem.code;
    let mut members = Map::new();
    members.insert(
        "type".into(),
        json!(format!("{base}/problems/{}", code.as_str())),
    );
    members.insert("title".into(), json!(code.title()));
    members.insert("status".into(), json!(code.status().as_u16()));
    if let Some(detail) = &problem.detail {
        members.insert("detail".into(), json!(detail));
    }
    members.insert("code".into(), json!(code.as_str()));
    for (name, value) in &problem.members {
        members.insert((*name).to_owned(), value.clone());
    }
    members.insert("request_id".into(), json!(request_id));
    Value::Object(members)
}
