//! `GET /metrics`, for those who may read.

use actix_web::{HttpRequest, HttpResponse};

use crate::http::admission::MayRead;
use crate::http::metrics;
use crate::http::problem::Problem;
use crate::http::state::App;

/// What Prometheus reads, with an API key.
pub async fn handle(request: HttpRequest, _right: MayRead) -> Result<HttpResponse, Problem> {
    Ok(metrics::answer(App::of(&request)))
}
