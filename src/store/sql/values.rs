//! Rust values as columns, and back.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::token::{Nonce, TokenId, UnixTime};

/// A time as a column holds it. One beyond the column's range is the end of the range: later than every real time.
pub(super) fn secs(at: UnixTime) -> i64 {
    i64::try_from(at.as_secs()).unwrap_or(i64::MAX)
}

pub(super) fn id(id: &TokenId) -> &[u8] {
    id.as_bytes()
}

/// Reading columns by name.
pub(super) trait Columns {
    fn integer(&self, column: &str) -> Result<i64, sqlx::Error>;
    fn optional_integer(&self, column: &str) -> Result<Option<i64>, sqlx::Error>;
    fn count(&self, column: &str) -> Result<u64, sqlx::Error>;
    fn time(&self, column: &str) -> Result<UnixTime, sqlx::Error>;
    fn optional_time(&self, column: &str) -> Result<Option<UnixTime>, sqlx::Error>;
    fn text(&self, column: &str) -> Result<String, sqlx::Error>;
    fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error>;
    fn blob(&self, column: &str) -> Result<Vec<u8>, sqlx::Error>;
    fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], sqlx::Error>;
    fn token_id(&self, column: &str) -> Result<TokenId, sqlx::Error>;
}

impl Columns for AnyRow {
    fn integer(&self, column: &str) -> Result<i64, sqlx::Error> {
        self.try_get(column)
    }

    fn optional_integer(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        self.try_get(column)
    }

    fn count(&self, column: &str) -> Result<u64, sqlx::Error> {
        u64::try_from(self.integer(column)?).map_err(|_| damaged(column))
    }

    fn time(&self, column: &str) -> Result<UnixTime, sqlx::Error> {
        self.count(column).map(UnixTime::from_secs)
    }

    fn optional_time(&self, column: &str) -> Result<Option<UnixTime>, sqlx::Error> {
        self.optional_integer(column)?
            .map(|secs| u64::try_from(secs).map_err(|_| damaged(column)))
            .transpose()
            .map(|secs| secs.map(UnixTime::from_secs))
    }

    fn text(&self, column: &str) -> Result<String, sqlx::Error> {
        self.try_get(column)
    }

    fn optional_text(&self, column: &str) -> Result<Option<String>, sqlx::Error> {
        self.try_get(column)
    }

    fn blob(&self, column: &str) -> Result<Vec<u8>, sqlx::Error> {
        self.try_get(column)
    }

    fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], sqlx::Error> {
        let bytes = self.blob(column)?;
        bytes.try_into().map_err(|_| damaged(column))
    }

    fn token_id(&self, column: &str) -> Result<TokenId, sqlx::Error> {
        self.bytes::<{ Nonce::BYTES }>(column).map(TokenId::from)
    }
}

/// A row that no statement of ours wrote.
pub(super) fn damaged(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("the store holds a value of {what} that cannot be").into())
}
