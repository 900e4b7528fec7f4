//! Hashing passwords beside the threads that answer requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::password::{MAX_CHARS, NewPassword, PasswordRefused, SALT_BYTES, TypedPassword};
use crate::pool::{self, Busy, Kind, Pool};
use crate::store::StoredPassword;
use crate::token::OutOfMemory;

/// Where passwords are hashed, in a line of their own.
#[derive(Debug, Clone)]
pub struct PasswordHashers {
    pool: Arc<Pool>,
    compared: Arc<AtomicU64>,
}

impl PasswordHashers {
    /// In this pool.
    #[must_use]
    pub fn of(pool: &Arc<Pool>) -> Self {
        Self {
            pool: Arc::clone(pool),
            compared: Arc::default(),
        }
    }

    /// How many passwords were compared, each with one hash of the same cost.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    /// A permit, taken before a try is spent, so that a full queue costs nobody a try.
    pub(super) fn permit(&self) -> Result<Permit, PasswordsBusy> {
        Ok(Permit {
            permit: self.pool.permit(Kind::Password)?,
            compared: Arc::clone(&self.compared),
        })
    }
}

/// A permit for one hash at a time.
#[derive(Debug)]
pub(super) struct Permit {
    permit: pool::Permit,
    compared: Arc<AtomicU64>,
}

impl Permit {
    /// Whether `typed` is the password that is kept.
    pub(super) async fn compare(
        &self,
        typed: TypedPassword,
        kept: Option<StoredPassword>,
    ) -> Result<bool, PasswordsBusy> {
        self.compared.fetch_add(1, Ordering::Relaxed);
        let compared = self.permit.run(0, move || typed.is(kept.as_ref())).await?;
        compared.map_err(told)
    }

    /// The password as it is kept under today's parameters.
    pub(super) async fn hash(
        &self,
        typed: TypedPassword,
        salt: [u8; SALT_BYTES],
    ) -> Result<StoredPassword, PasswordsBusy> {
        let hashed = self.permit.run(0, move || typed.hash(salt)).await?;
        hashed.map_err(told)
    }

    /// Whether somebody may choose this password, which is to be kept.
    pub(super) async fn choose(
        &self,
        text: &str,
        names: [String; 2],
        salt: [u8; SALT_BYTES],
    ) -> Result<Result<StoredPassword, PasswordRefused>, PasswordsBusy> {
        // Beyond this it is too long for sure.
        let text = zeroize::Zeroizing::new(match text.len() > 16 * MAX_CHARS {
            true => "a".repeat(16 * MAX_CHARS + 1),
            false => text.to_owned(),
        });
        let chosen = move || {
            let names = [names[0].as_str(), names[1].as_str()];
            match NewPassword::choose(&text, &names) {
                Ok(password) => password.typed().hash(salt).map(Ok),
                Err(refused) => Ok(Err(refused)),
            }
        };
        self.permit.run(0, chosen).await?.map_err(told)
    }
}

fn told(_: OutOfMemory) -> PasswordsBusy {
    tracing::error!("a password could not be hashed: there are no 32 MiB of memory");
    PasswordsBusy
}

/// No password can be hashed now: too many are waiting, or there is too little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct PasswordsBusy;

impl From<Busy> for PasswordsBusy {
    fn from(_: Busy) -> Self {
        Self
    }
}
