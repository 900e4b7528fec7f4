//! Quotas of a UTC day.

use sqlx::AnyConnection;

use super::values::{Columns as _, secs};
use crate::store::{QuotaOutcome, QuotaTake};
use crate::token::UnixTime;

const DAY_SECS: i64 = 24 * 60 * 60;

/// Counts a request against the quota of its day, unless that is spent. One statement decides: [`TAKE`].
pub(in crate::store) async fn take_quota(
    conn: &mut AnyConnection,
    take: QuotaTake,
) -> Result<QuotaOutcome, sqlx::Error> {
    let taken = sqlx::query(TAKE)
        .bind(&take.subject[..])
        .bind(day(take.now))
        .bind(column(take.bytes))
        .bind(take.requests_per_day.map_or(i64::MAX, column))
        .bind(take.bytes_per_day.map_or(i64::MAX, column))
        .fetch_optional(&mut *conn)
        .await?;
    match taken {
        Some(taken) => Ok(QuotaOutcome::Taken {
            requests: taken.count("requests")?,
            bytes: taken.count("bytes")?,
        }),
        None => spent(conn, take).await,
    }
}

/// Which of the two is spent, and for how long.
async fn spent(conn: &mut AnyConnection, take: QuotaTake) -> Result<QuotaOutcome, sqlx::Error> {
    let row = sqlx::query("SELECT requests FROM quotas WHERE subject = $1 AND day = $2")
        .bind(&take.subject[..])
        .bind(day(take.now))
        .fetch_optional(conn)
        .await?;
    let requests = row.map_or(Ok(0), |row| row.count("requests"))?;
    let left = DAY_SECS - secs(take.now).rem_euclid(DAY_SECS);
    Ok(QuotaOutcome::Spent {
        requests: take.requests_per_day.is_some_and(|most| requests >= most),
        wait_secs: left.unsigned_abs(),
    })
}

/// One more request and its bytes, if the day has both. Two at the same time cannot both take the last: the second waits for
/// the first's row and sees its count.
const TAKE: &str = "\
    INSERT INTO quotas (subject, day, requests, bytes) \
    SELECT $1, $2, 1, $3 WHERE $4 >= 1 AND $3 <= $5 \
    ON CONFLICT (subject, day) DO UPDATE SET requests = quotas.requests + 1, bytes = quotas.bytes + $3 \
    WHERE quotas.requests < $4 AND quotas.bytes <= $5 - $3 \
    RETURNING requests, bytes";

/// Takes out what was counted on days before yesterday.
pub(super) async fn purge_quotas(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM quotas WHERE day < $1")
        .bind(day(now) - 1)
        .execute(conn)
        .await?;
    Ok(())
}

/// Days since 1970, in UTC.
fn day(now: UnixTime) -> i64 {
    secs(now).div_euclid(DAY_SECS)
}

/// No quota is as large as the end of the column's range.
fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
