//! Hashing PINs beside the threads that answer requests.
//!
//! Belongs here: what of the pool is for PINs, and what is answered when it is full. Does not belong here: what a PIN is and how
//! it is hashed (`token`), how many at once (`pool`), and how often one may be tried (`store`).

use std::sync::Arc;

use crate::pool::{self, Busy, Kind, Pool};
use crate::token::{Pin, PinHash, PinSalt};

/// Where PINs are hashed, each with 64 MiB while that lasts.
#[derive(Debug, Clone)]
pub struct PinHashers(Arc<Pool>);

impl PinHashers {
    /// In this pool.
    #[must_use]
    pub fn of(pool: &Arc<Pool>) -> Self {
        Self(Arc::clone(pool))
    }

    /// One after the other, for programs that hash their own.
    #[must_use]
    pub fn one() -> Self {
        Self(Arc::new(Pool::for_one()))
    }

    /// A permit for one hash, now or in the queue. It is taken before a try at a PIN is spent, so that a full queue costs
    /// nobody a try.
    ///
    /// # Errors
    /// [`PinsBusy`]
    pub fn permit(&self) -> Result<Permit, PinsBusy> {
        Ok(Permit(self.0.permit(Kind::Pin)?))
    }
}

/// A permit for one hash at a time; given back when dropped and its hash is done.
#[derive(Debug)]
pub struct Permit(pool::Permit);

impl Permit {
    /// Hashes a PIN when it is its turn. Who has more than one to hash does so one after the other.
    ///
    /// # Errors
    /// [`PinsBusy`] if there is not enough memory for it.
    pub async fn hash(&self, pin: Pin, salt: PinSalt) -> Result<PinHash, PinsBusy> {
        let hash = self.0.run(0, move || PinHash::derive(&pin, salt)).await?;
        hash.map_err(|_| {
            tracing::error!("a PIN could not be hashed: there are no 64 MiB of memory");
            PinsBusy
        })
    }
}

/// No PIN can be hashed now: too many are waiting, or there is too little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many PINs are being checked")]
pub struct PinsBusy;

impl From<Busy> for PinsBusy {
    fn from(_: Busy) -> Self {
        Self
    }
}
