//! Packing and unpacking of long documents, beside the threads that answer requests.
//!
//! Belongs here: what of the pool is for documents, and what is answered when it is full. Does not belong here: the work itself
//! (`payload`), and how much of it is done at once (`pool`).

use std::sync::Arc;

use crate::pool::{self, Kind, Pool};

/// Where long documents are packed and unpacked.
#[derive(Debug, Clone)]
pub struct LongWork(Arc<Pool>);

impl LongWork {
    /// In this pool.
    #[must_use]
    pub fn of(pool: &Arc<Pool>) -> Self {
        Self(Arc::clone(pool))
    }

    /// One after the other, for programs that do their own.
    #[must_use]
    pub fn one() -> Self {
        Self(Arc::new(Pool::for_one()))
    }

    /// Does `work` when its turn comes.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        Ok(self.0.permit(Kind::Document)?.run(0, work).await?)
    }
}

/// There is more of such work than can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many long documents are being packed and unpacked")]
pub struct Busy;

impl From<pool::Busy> for Busy {
    fn from(_: pool::Busy) -> Self {
        Self
    }
}
