//! A revocation as it stands in a row of `tokens`.

use sqlx::any::AnyRow;

use super::values::Columns as _;
use crate::store::Revocation;

/// The revocation in a row of `tokens`, if there is one.
pub(super) fn revocation_in(row: &AnyRow) -> Result<Option<Revocation>, sqlx::Error> {
    if row.optional_integer("revocation")?.is_none() {
        return Ok(None);
    }
    Ok(Some(Revocation {
        id: row.token_id("id")?,
        at: row.time("revoked_at")?,
        reason: row.optional_text("revoked_reason")?,
        by_holder: row.integer("revoked_by_holder")? != 0,
        expires_at: row.optional_time("expires_at")?,
    }))
}
