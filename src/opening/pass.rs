//! Passing a link that takes a button.

use super::open::{Lock, count_open, unlock};
use super::{Attempt, Opener, OpeningError, StatefulToken};

/// A link whose button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Opens that are left, if they are limited.
    pub opens_left: Option<u64>,
    /// Whether it is an earlier open, asked for again.
    pub repeated: bool,
}

/// Passes a link that is limited or has a PIN: PIN, if it has one; count. Durable before it returns.
///
/// # Errors
///
/// As of [`open`](super::open()); [`OpeningError::NotRecognised`] for what is no link.
pub async fn pass(
    held: &StatefulToken,
    opener: Opener<'_>,
    attempt: &Attempt,
) -> Result<Passed, OpeningError> {
    let link = held.link().ok_or(OpeningError::NotRecognised)?;
    if let Some(gate) = link.opened().gate() {
        unlock(held, Lock::Gate(gate), opener, attempt).await?;
    }
    let counted = count_open(held, opener, attempt).await?;
    Ok(Passed {
        opens_left: held.left_after(counted.opens),
        repeated: counted.repeated,
    })
}
