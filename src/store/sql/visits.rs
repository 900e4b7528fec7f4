//! Visits: sealed documents of those who were let in, and who was there.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::MAX_PAGE;
use super::audit::add_audit_row;
use super::check_in_rows::presence_rows;
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    CheckInId, CheckInRecord, EraseVisits, ErasedOf, ListId, Presence, PresenceQuery, SealedVisit,
    VisitRecord,
};
use crate::token::{Slot, UnixTime};

/// Keeps the visit of an entry, in the transaction of the entry.
pub(super) async fn keep(
    conn: &mut AnyConnection,
    entry: &CheckInRecord,
    visit: &SealedVisit,
) -> Result<(), sqlx::Error> {
    let token = entry.token.ok_or_else(|| damaged("a visit of no token"))?;
    sqlx::query(
        "INSERT INTO visits (check_in, list, token_id, kept_at, slot, document) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&entry.id.0[..])
    .bind(&entry.list.0[..])
    .bind(id(&token))
    .bind(secs(entry.happened_at))
    .bind(i64::from(u8::from(visit.slot)))
    .bind(&visit.document[..])
    .execute(conn)
    .await?;
    Ok(())
}

/// The visit of an entry.
pub(in crate::store) async fn visit(
    conn: &mut AnyConnection,
    entry: CheckInId,
) -> Result<Option<VisitRecord>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT check_in, list, token_id, slot, document FROM visits WHERE check_in = $1",
    )
    .bind(&entry.0[..])
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(visit_in).transpose()
}

/// A page of entries of those who were there, in the order of the list.
pub(in crate::store) async fn presence(
    conn: &mut AnyConnection,
    query: PresenceQuery,
) -> Result<(Vec<Presence>, Option<u64>), sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let rows = presence_rows(conn, query, limit + 1).await?;
    let most = usize::try_from(limit).expect("a thousand fits");
    let mut found = Vec::with_capacity(rows.len().min(most));
    for (entry, left_at) in rows.iter().take(most).cloned() {
        let visit = visit(conn, entry.id).await?.map(|visit| visit.sealed);
        found.push(Presence {
            entry,
            left_at,
            visit,
        });
    }
    let next = found
        .last()
        .filter(|_| rows.len() > most)
        .map(|last| last.entry.number);
    Ok((found, next))
}

/// Erases visits; how many. What is counted stays.
pub(in crate::store) async fn erase_visits(
    conn: &mut AnyConnection,
    request: EraseVisits,
) -> Result<u64, sqlx::Error> {
    let erased = match request.of {
        ErasedOf::Entry(entry) => {
            sqlx::query("DELETE FROM visits WHERE list = $1 AND check_in = $2")
                .bind(&request.list.0[..])
                .bind(&entry.0[..])
                .execute(&mut *conn)
                .await?
        }
        ErasedOf::Token(token) => {
            sqlx::query("DELETE FROM visits WHERE list = $1 AND token_id = $2")
                .bind(&request.list.0[..])
                .bind(id(&token))
                .execute(&mut *conn)
                .await?
        }
    };
    if erased.rows_affected() > 0 {
        add_audit_row(conn, &request.audit).await?;
    }
    Ok(erased.rows_affected())
}

/// Visits under the key of a slot, after an entry, in the order of their entries' ids.
pub(in crate::store) async fn visits_of_slot(
    conn: &mut AnyConnection,
    slot: Slot,
    after: Option<CheckInId>,
    limit: u32,
) -> Result<Vec<VisitRecord>, sqlx::Error> {
    sqlx::query(
        "SELECT check_in, list, token_id, slot, document FROM visits WHERE slot = $1 \
         AND ($2 IS NULL OR check_in > $2) ORDER BY check_in LIMIT $3",
    )
    .bind(i64::from(u8::from(slot)))
    .bind(after.map(|after| after.0.to_vec()))
    .bind(i64::from(limit.clamp(1, MAX_PAGE)))
    .fetch_all(conn)
    .await?
    .iter()
    .map(visit_in)
    .collect()
}

/// How many visits are under the key of a slot.
pub(in crate::store) async fn count_visits(
    conn: &mut AnyConnection,
    slot: Slot,
) -> Result<u64, sqlx::Error> {
    sqlx::query("SELECT COUNT(*) AS visits FROM visits WHERE slot = $1")
        .bind(i64::from(u8::from(slot)))
        .fetch_one(conn)
        .await?
        .count("visits")
}

/// Puts a visit under another key, if it is under the one that it was read with. Whether it did.
pub(in crate::store) async fn reseal_visit(
    conn: &mut AnyConnection,
    entry: CheckInId,
    from: Slot,
    sealed: SealedVisit,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE visits SET slot = $3, document = $4 WHERE check_in = $1 AND slot = $2")
            .bind(&entry.0[..])
            .bind(i64::from(u8::from(from)))
            .bind(i64::from(u8::from(sealed.slot)))
            .bind(sealed.document)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes out the visit of an entry that was undone.
pub(super) async fn forget_visit(
    conn: &mut AnyConnection,
    entry: CheckInId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM visits WHERE check_in = $1")
        .bind(&entry.0[..])
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes out at most `most` visits of a list of before a time; how many.
pub(super) async fn forget_visits(
    conn: &mut AnyConnection,
    list: ListId,
    before: UnixTime,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query(
        "DELETE FROM visits WHERE check_in IN \
         (SELECT check_in FROM visits WHERE list = $1 AND kept_at < $2 ORDER BY kept_at LIMIT $3)",
    )
    .bind(&list.0[..])
    .bind(secs(before))
    .bind(most)
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

fn visit_in(row: &AnyRow) -> Result<VisitRecord, sqlx::Error> {
    let slot = u8::try_from(row.integer("slot")?).ok();
    let slot = slot.and_then(|slot| Slot::try_from(slot).ok());
    Ok(VisitRecord {
        check_in: CheckInId(row.bytes("check_in")?),
        list: ListId(row.bytes("list")?),
        token: row.token_id("token_id")?,
        sealed: SealedVisit {
            slot: slot.ok_or_else(|| damaged("visits.slot"))?,
            document: row.blob("document")?,
        },
    })
}
