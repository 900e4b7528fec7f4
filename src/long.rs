//! Packing and unpacking of long documents, and of those after samples, beside the threads that answer requests.
//!
//! Belongs here: what of the pool is for documents, which samples there are for them, and what is answered when the pool is full.
//! Does not belong here: the work itself (`payload`), the samples' file (`samples`), and how much is done at once (`pool`).

use std::sync::Arc;

use crate::pool::{self, Kind, Pool};
use crate::samples::KnownSamples;

/// Where long documents are packed and unpacked, and those after samples.
#[derive(Debug, Clone)]
pub struct LongWork {
    pool: Arc<Pool>,
    samples: Arc<KnownSamples>,
}

impl LongWork {
    /// In this pool; without samples.
    #[must_use]
    pub fn of(pool: &Arc<Pool>) -> Self {
        Self {
            pool: Arc::clone(pool),
            samples: Arc::default(),
        }
    }

    /// One after the other, for programs that do their own.
    #[must_use]
    pub fn one() -> Self {
        Self::of(&Arc::new(Pool::for_one()))
    }

    /// The same with these samples.
    #[must_use]
    pub fn with_samples(self, samples: KnownSamples) -> Self {
        Self {
            samples: Arc::new(samples),
            ..self
        }
    }

    /// The samples that there are.
    #[must_use]
    pub fn samples(&self) -> &Arc<KnownSamples> {
        &self.samples
    }

    /// Does `work` when its turn comes.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        Ok(self.pool.permit(Kind::Document)?.run(0, work).await?)
    }

    /// The same of what a model does that has read samples.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn run_after_samples<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        Ok(self.pool.permit(Kind::AfterSamples)?.run(0, work).await?)
    }
}

/// There is more of such work than can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many documents that take long are being packed and unpacked")]
pub struct Busy;

impl From<pool::Busy> for Busy {
    fn from(_: pool::Busy) -> Self {
        Self
    }
}
