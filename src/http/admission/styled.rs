//! Who may have a picture drawn that is read back: one with shapes, a logo or a caption.
//!
//! Belongs here: what a picture costs, and what callers without an API key may have of it. Does not belong here: what is drawn,
//! and the threads for it (see `pool`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rights;
use crate::http::client;
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::state::App;
use crate::limits::{Budget, Subject};
use crate::pool::{Busy, Kind};
use crate::principal::Principal;

/// Memory of a pixel at most, from the drawing to the PNG: 146 MB of 16.8 million pixels.
const BYTES_OF_PIXEL: usize = 9;
/// Memory of a picture beside that: a logo that is decoded, and the copies that are read.
const BYTES_BESIDE: usize = 2 << 20;
/// Pictures of a client without an API key: one that is drawn, and as many as a browser asks for meanwhile.
const OF_A_CLIENT: usize = 6;

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
    if rights::principal(request) != Principal::Anonymous {
        let permit = app.pool.permit(Kind::Picture)?;
        return Ok(permit.run(bytes, draw).await?);
    }
    let most = app.config.limits.max_anonymous_styled_pixels;
    if pixels > most {
        return Err(too_large(pixels, most));
    }
    let client = Subject::client(client::address(request));
    let turn = app.turns.join(client).ok_or_else(too_many)?;
    let permit = app.pool.permit(Kind::AnonymousPicture)?;
    let cost = u32::try_from(pixels).unwrap_or(u32::MAX);
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
            "Without an API key, {OF_A_CLIENT} pictures with shapes, logo or caption are in work for one place, one after the other. \
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

/// The clients that have pictures drawn, each one after the other.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<Subject, Waiting>>);

#[derive(Debug)]
struct Waiting {
    count: usize,
    turn: Arc<Semaphore>,
}

impl Turns {
    /// A client's next place, or `None` if it has as many as it may.
    pub fn join(self: &Arc<Self>, client: Subject) -> Option<Place> {
        let mut clients = self.clients();
        let waiting = clients.entry(client).or_insert_with(|| Waiting {
            count: 0,
            turn: Arc::new(Semaphore::new(1)),
        });
        if waiting.count == OF_A_CLIENT {
            return None;
        }
        waiting.count += 1;
        Some(Place {
            turn: Arc::clone(&waiting.turn),
            turns: Arc::clone(self),
            client,
        })
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<Subject, Waiting>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those of a client, given back when dropped.
#[derive(Debug)]
pub struct Place {
    turn: Arc<Semaphore>,
    turns: Arc<Turns>,
    client: Subject,
}

impl Place {
    /// Waits for the client's pictures before this one.
    async fn come(self) -> (OwnedSemaphorePermit, Self) {
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        (turn.expect("the semaphore is never closed"), self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.turns.clients();
        if let Some(waiting) = clients.get_mut(&self.client) {
            waiting.count -= 1;
            if waiting.count == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    #[test]
    fn a_client_has_one_picture_drawn_at_a_time_and_few_wait() {
        actix_web::rt::System::new().block_on(async {
            let turns = Arc::new(Turns::default());
            let client = |text: &str| Subject::client(text.parse().ok());
            let mut places: Vec<Place> =
                std::iter::from_fn(|| turns.join(client("192.0.2.1"))).collect();
            assert_eq!(places.len(), OF_A_CLIENT);
            let second = places.pop().unwrap();
            let first = places.pop().unwrap().come().await;
            let mut second = Box::pin(second.come());
            let waits =
                poll_fn(|context| Poll::Ready(second.as_mut().poll(context).is_pending())).await;
            assert!(waits);
            let other = turns.join(client("192.0.2.2")).unwrap().come().await;
            drop(first);
            let second = second.await;
            drop((second, other, places));
            assert!(turns.clients().is_empty(), "nobody is remembered");
        });
    }
}
