//! The audit log, and who may link it.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::MAX_PAGE;
use super::values::{Columns as _, damaged, secs};
use crate::store::{
    AuditEnds, AuditId, AuditLink, AuditQuery, AuditRow, FoundAuditRow, Job, Lease, LinkAudit,
    ListedAudit, PruneAudit,
};
use crate::token::{Slot, UnixTime};

/// Writes a row, in the transaction of what it tells.
pub(in crate::store) async fn add_audit_row(
    conn: &mut AnyConnection,
    row: &AuditRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit (happened_at, id, principal, verb, what, what_id, slot, details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(secs(row.happened_at))
    .bind(&row.id.0[..])
    .bind(row.principal.as_str())
    .bind(row.verb.as_str())
    .bind(row.what.as_str())
    .bind(row.what_id.as_str())
    .bind(i64::from(u8::from(row.slot)))
    .bind(&row.details[..])
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! listed {
    ($compare:literal, $order:literal) => {
        concat!(
            "SELECT happened_at, id, principal, verb, what, what_id, slot, details, number, link_slot, link FROM audit \
             WHERE ($1 IS NULL OR happened_at >= $1) AND ($2 IS NULL OR happened_at < $2) \
             AND ($3 IS NULL OR principal = $3) AND ($4 IS NULL OR verb = $4) \
             AND ($5 IS NULL OR what = $5) AND ($6 IS NULL OR what_id = $6) \
             AND ($7 IS NULL OR happened_at ", $compare, " $7 OR (happened_at = $7 AND id ", $compare, " $8)) \
             ORDER BY happened_at ", $order, ", id ", $order, " LIMIT $9"
        )
    };
}

/// A page of rows, in the order of time.
pub(in crate::store) async fn audit_rows(
    conn: &mut AnyConnection,
    query: AuditQuery,
) -> Result<ListedAudit, sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let statement = match query.oldest_first {
        true => listed!(">", "ASC"),
        false => listed!("<", "DESC"),
    };
    let (after_at, after_id) = match query.after {
        Some((at, id)) => (Some(secs(at)), Some(id.0.to_vec())),
        None => (None, None),
    };
    let found = sqlx::query(statement)
        .bind(query.since.map(secs))
        .bind(query.until.map(secs))
        .bind(query.principal)
        .bind(query.verb)
        .bind(query.what)
        .bind(query.what_id)
        .bind(after_at)
        .bind(after_id)
        .bind(i64::from(limit) + 1)
        .fetch_all(conn)
        .await?;
    let limit = usize::try_from(limit).expect("a thousand fits");
    let more = found.len() > limit;
    let rows = found
        .iter()
        .take(limit)
        .map(row_in)
        .collect::<Result<Vec<_>, _>>()?;
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| (last.row.happened_at, last.row.id));
    Ok(ListedAudit { rows, next })
}

/// The ends of the chain.
pub(in crate::store) async fn audit_ends(
    conn: &mut AnyConnection,
) -> Result<Option<AuditEnds>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT head_number, head_slot, head_link, pruned_number, pruned_slot, pruned_link, slot, mac \
         FROM audit_ends WHERE id = 1",
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(AuditEnds {
        head: link_in(&row, ["head_number", "head_slot", "head_link"])?,
        pruned: link_in(&row, ["pruned_number", "pruned_slot", "pruned_link"])?,
        slot: slot(row.integer("slot")?)?,
        mac: row.bytes("mac")?,
    }))
}

/// The rows of the chain after a number, in its order.
pub(in crate::store) async fn audit_chain(
    conn: &mut AnyConnection,
    after: u64,
    limit: u32,
) -> Result<Vec<FoundAuditRow>, sqlx::Error> {
    sqlx::query(
        "SELECT happened_at, id, principal, verb, what, what_id, slot, details, number, link_slot, link FROM audit \
         WHERE number > $1 ORDER BY number LIMIT $2",
    )
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(i64::from(limit.clamp(1, MAX_PAGE)))
    .fetch_all(conn)
    .await?
    .iter()
    .map(row_in)
    .collect()
}

/// Rows without a place in the chain, the oldest first.
pub(in crate::store) async fn unlinked_audit_rows(
    conn: &mut AnyConnection,
    after: Option<(UnixTime, AuditId)>,
    limit: u32,
) -> Result<Vec<AuditRow>, sqlx::Error> {
    let (after_at, after_id) = match after {
        Some((at, id)) => (secs(at), id.0.to_vec()),
        None => (i64::MIN, Vec::new()),
    };
    sqlx::query(
        "SELECT happened_at, id, principal, verb, what, what_id, slot, details, number, link_slot, link FROM audit \
         WHERE number IS NULL AND (happened_at > $1 OR (happened_at = $1 AND id > $2)) \
         ORDER BY happened_at, id LIMIT $3",
    )
    .bind(after_at)
    .bind(after_id)
    .bind(i64::from(limit.clamp(1, MAX_PAGE)))
    .fetch_all(conn)
    .await?
    .iter()
    .map(|row| row_in(row).map(|found| found.row))
    .collect()
}

/// Moves the ends of the chain, if they are where they were: a row comes back if it did.
const MOVE_ENDS: &str = "\
    INSERT INTO audit_ends \
      (id, head_number, head_slot, head_link, pruned_number, pruned_slot, pruned_link, slot, mac) \
    SELECT 1, $1, $2, $3, $4, $5, $6, $7, $8 \
    WHERE ($9 = 0 AND $10 = 0) OR EXISTS (SELECT 1 FROM audit_ends WHERE id = 1) \
    ON CONFLICT (id) DO UPDATE SET \
      head_number = $1, head_slot = $2, head_link = $3, pruned_number = $4, pruned_slot = $5, pruned_link = $6, \
      slot = $7, mac = $8 \
    WHERE COALESCE(audit_ends.head_number, 0) = $9 AND COALESCE(audit_ends.pruned_number, 0) = $10 \
    RETURNING id";

async fn move_ends(
    conn: &mut AnyConnection,
    (head_before, pruned_before): (u64, u64),
    ends: AuditEnds,
) -> Result<bool, sqlx::Error> {
    let mut statement = sqlx::query(MOVE_ENDS);
    for link in [ends.head, ends.pruned] {
        statement = statement
            .bind(link.map(|link| column(link.number)).transpose()?)
            .bind(link.map(|link| i64::from(u8::from(link.slot))))
            .bind(link.map(|link| link.link.to_vec()));
    }
    let moved = statement
        .bind(i64::from(u8::from(ends.slot)))
        .bind(&ends.mac[..])
        .bind(column(head_before)?)
        .bind(column(pruned_before)?)
        .fetch_optional(conn)
        .await?;
    Ok(moved.is_some())
}

/// Gives rows their places in the chain, unless another node was faster; whether it did.
pub(in crate::store) async fn link_audit(
    conn: &mut AnyConnection,
    request: LinkAudit,
) -> Result<bool, sqlx::Error> {
    if !move_ends(conn, request.before, request.ends).await? {
        return Ok(false);
    }
    for (happened_at, id, link) in request.links {
        sqlx::query(
            "UPDATE audit SET number = $3, link_slot = $4, link = $5 \
             WHERE happened_at = $1 AND id = $2 AND number IS NULL",
        )
        .bind(secs(happened_at))
        .bind(&id.0[..])
        .bind(column(link.number)?)
        .bind(i64::from(u8::from(link.slot)))
        .bind(&link.link[..])
        .execute(&mut *conn)
        .await?;
    }
    Ok(true)
}

/// Takes out the oldest rows, unless another node did; whether it did.
pub(in crate::store) async fn prune_audit(
    conn: &mut AnyConnection,
    request: PruneAudit,
) -> Result<bool, sqlx::Error> {
    if !move_ends(conn, request.before, request.ends).await? {
        return Ok(false);
    }
    sqlx::query("DELETE FROM audit WHERE number <= $1")
        .bind(column(request.ends.pruned_number())?)
        .execute(conn)
        .await?;
    Ok(true)
}

/// Takes or prolongs a lease; whether this node has it now. One statement decides.
pub(in crate::store) async fn take_lease(
    conn: &mut AnyConnection,
    lease: Lease,
) -> Result<bool, sqlx::Error> {
    let job = match lease.job {
        Job::LinkAudit => 1_i64,
        Job::RotateKeys => 2,
        Job::DeliverEvents => 3,
    };
    let taken = sqlx::query(
        "INSERT INTO leases (job, holder, ends_at) VALUES ($1, $2, $3) \
         ON CONFLICT (job) DO UPDATE SET holder = $2, ends_at = $3 WHERE leases.holder = $2 OR leases.ends_at <= $4 \
         OR (substr(leases.holder, 1, 6) = $5 AND leases.holder < $2)",
    )
    .bind(job)
    .bind(&lease.holder[..])
    .bind(secs(lease.now.plus_secs(lease.secs)))
    .bind(secs(lease.now))
    .bind(&lease.holder[..6])
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

fn row_in(row: &AnyRow) -> Result<FoundAuditRow, sqlx::Error> {
    Ok(FoundAuditRow {
        row: AuditRow {
            happened_at: row.time("happened_at")?,
            id: AuditId(row.bytes("id")?),
            principal: row.text("principal")?,
            verb: row.text("verb")?,
            what: row.text("what")?,
            what_id: row.text("what_id")?,
            slot: slot(row.integer("slot")?)?,
            details: row.try_get("details")?,
        },
        link: link_in(row, ["number", "link_slot", "link"])?,
    })
}

/// The link in these columns, if there is one.
fn link_in(
    row: &AnyRow,
    [number, link_slot, link]: [&str; 3],
) -> Result<Option<AuditLink>, sqlx::Error> {
    if row.optional_integer(number)?.is_none() {
        return Ok(None);
    }
    Ok(Some(AuditLink {
        number: row.count(number)?,
        slot: slot(row.integer(link_slot)?)?,
        link: row.bytes(link)?,
    }))
}

fn slot(number: i64) -> Result<Slot, sqlx::Error> {
    u8::try_from(number)
        .ok()
        .and_then(|number| Slot::try_from(number).ok())
        .ok_or_else(|| damaged("audit.slot"))
}

fn column(number: u64) -> Result<i64, sqlx::Error> {
    i64::try_from(number).map_err(|_| damaged("audit.number"))
}
