//! Who may have a picture drawn that is read back: one with shapes, a logo or a caption.
//!
//! Belongs here: what a picture costs, and what an API key and callers without an API key may have of it. Does not belong here: what is drawn,
//! and the threads for it (see `pool`).

use actix_web::HttpRequest;

use super::caller;
use super::turns::OF_A_CLIENT;
use crate::http::client;
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::state::App;
use crate::limits::{Budget, Subject};
use crate::pool::{Busy, Kind};
use crate::principal::Principal;
use crate::store::{AccountId, ApiKeyId};

/// Memory of a pixel at most, from the drawing to the PNG: 146 MB of 16.8 million pixels.
const BYTES_OF_PIXEL: usize = 9;
/// Memory of a picture beside that: a logo that is decoded, and the copies that are read.
const BYTES_BESIDE: usize = 2 << 20;
/// Does `draw` on a thread for pictures of so many pixels, when it is the caller's turn.
///
/// # Errors
///
/// [`ProblemCode::TemporarilyUnavailable`] if too many wait. Without an API key also: [`ProblemCode::Validation`] if the picture is
/// too large, [`ProblemCode::RateLimited`] if the client has had enough drawn or waits for too many already.
pub async fn draw<T: Send + 'static>(
    request: &HttpRequest,
    pixels: usize,
    draw: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let app = App::of(request);
    let bytes = pixels * BYTES_OF_PIXEL + BYTES_BESIDE;
    let cost = u32::try_from(pixels).unwrap_or(u32::MAX);
    let who = caller::principal(request);
    if who != Principal::Anonymous {
        let permit = app.pool.permit(Kind::Picture)?;
        let by = match who {
            Principal::Key(number) => Some(Subject::ApiKey(ApiKeyId(number))),
            Principal::Account(number) => Some(Subject::Account(AccountId(number))),
            _ => None,
        };
        if let Some(by) = by {
            app.rates.take(Budget::KeyPixels, by, cost)?;
        }
        return Ok(permit.run(bytes, draw).await?);
    }
    let most = app.config.limits.max_anonymous_styled_pixels;
    if pixels > most {
        return Err(too_large(pixels, most));
    }
    let client = Subject::client(client::address(request));
    let turn = app.turns.join(client).ok_or_else(too_many)?;
    let permit = app.pool.permit(Kind::AnonymousPicture)?;
    app.rates.take(Budget::StyledPixels, client, cost)?;
    let turn = turn.come().await;
    let drawn = permit.run(bytes, move || {
        let drawn = draw();
        // A client that goes away has no other picture drawn meanwhile.
        drop(turn);
        drawn
    });
    Ok(drawn.await?)
}

fn too_large(pixels: usize, most: usize) -> Problem {
    let detail = format!(
        "without an API key, a picture with shapes, logo or caption may have {most} pixels, and this one would have {pixels}: \
         ask for a smaller one"
    );
    invalid("/scale", &detail)
}

fn too_many() -> Problem {
    let mut problem = Problem::new(ProblemCode::RateLimited)
        .detail(format!(
            "Without an API key, {OF_A_CLIENT} pictures with shapes, logo or caption are drawn for one place, one after the other. \
             Try again in 1 s."
        ))
        .member("limit", "styled-at-once");
    problem.retry_after = Some(1);
    problem
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        let mut problem = Self::new(ProblemCode::TemporarilyUnavailable).detail(
            "As many pictures with shapes, logo or caption are drawn as the server can, and as many wait as it lets. Try again in 1 s.",
        );
        problem.retry_after = Some(1);
        problem
    }
}
