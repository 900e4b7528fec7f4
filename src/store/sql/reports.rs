//! Reports: what holders say of documents that visitors wrote.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::MAX_PAGE;
use super::audit::add_audit_row;
use super::receipts::{COLUMNS, entry_in};
use super::values::{Columns as _, id, secs};
use crate::principal::Principal;
use crate::store::{AuditRow, NewReport, ReportQuery, ReportReason, ReportedToken};
use crate::token::TokenId;

/// Notes a report of a stored document that somebody unknown wrote: the row count decides.
pub(in crate::store) async fn report(
    conn: &mut AnyConnection,
    report: NewReport,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE tokens SET reports = COALESCE(reports, 0) + 1, reported_for = COALESCE(reported_for, 0) | $2, reported_at = $3 \
         WHERE id = $1 AND made_by = $4 AND revocation IS NULL \
           AND EXISTS (SELECT 1 FROM records WHERE token_id = $1 AND kind = 1)",
    )
    .bind(id(&report.id))
    .bind(bit(report.reason))
    .bind(secs(report.now))
    .bind(Principal::Anonymous.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What was reported and is not deleted, the latest report first.
pub(in crate::store) async fn reports(
    conn: &mut AnyConnection,
    query: ReportQuery,
) -> Result<Vec<ReportedToken>, sqlx::Error> {
    let (after_at, after_id) = match &query.after {
        Some((at, id)) => (Some(secs(*at)), Some(id.as_bytes().to_vec())),
        None => (None, None),
    };
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT {COLUMNS}, t.reports, t.reported_for, t.reported_at \
         FROM tokens t LEFT JOIN records r ON r.token_id = t.id \
         WHERE t.reported_at IS NOT NULL AND t.revocation IS NULL \
           AND ($1 IS NULL OR t.reported_at < $1 OR (t.reported_at = $1 AND t.id < $2)) \
         ORDER BY t.reported_at DESC, t.id DESC LIMIT $3"
    )))
    .bind(after_at)
    .bind(after_id)
    .bind(i64::from(query.limit.clamp(1, MAX_PAGE)))
    .fetch_all(conn)
    .await?;
    rows.iter().map(reported_in).collect()
}

/// Forgets the reports of a token; whether there were any.
pub(in crate::store) async fn dismiss_reports(
    conn: &mut AnyConnection,
    token: TokenId,
    audit: AuditRow,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE tokens SET reports = NULL, reported_for = NULL, reported_at = NULL WHERE id = $1 AND reported_at IS NOT NULL",
    )
    .bind(id(&token))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    add_audit_row(conn, &audit).await?;
    Ok(true)
}

fn reported_in(row: &AnyRow) -> Result<ReportedToken, sqlx::Error> {
    let bits = row.integer("reported_for")?;
    let reasons = ReportReason::ALL.into_iter();
    Ok(ReportedToken {
        entry: entry_in(row)?,
        reports: row.count("reports")?,
        reasons: reasons.filter(|reason| bits & bit(*reason) != 0).collect(),
        reported_at: row.time("reported_at")?,
    })
}

fn bit(reason: ReportReason) -> i64 {
    match reason {
        ReportReason::Fraud => 1,
        ReportReason::Abuse => 2,
        ReportReason::Other => 4,
    }
}
