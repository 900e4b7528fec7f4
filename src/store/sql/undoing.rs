//! Check-ins are undone.

use sqlx::AnyConnection;

use super::audit::add_audit_row;
use super::check_in_rows::{find, latest_passed};
use super::events::tell_undone;
use super::held_list::{add_inside, column, count_at_gate, hold, inside_of, mark, take_inside};
use super::values::{id, secs};
use super::visits;
use crate::store::{CheckInKind, FindCheckIn, UNDO_SECS, UndoCheckIn, UndoneCheckIn};

/// Undoes a check-in. An open that the list took stays taken.
pub(in crate::store) async fn undo_check_in(
    conn: &mut AnyConnection,
    request: UndoCheckIn,
) -> Result<UndoneCheckIn, sqlx::Error> {
    let Some(list) = hold(conn, request.list, None).await? else {
        return Ok(UndoneCheckIn::Unknown);
    };
    let found = find(conn, &FindCheckIn::Id(request.id)).await?;
    let Some(mut row) = found
        .map(|row| row.found.row)
        .filter(|row| row.list == list.id)
    else {
        return Ok(UndoneCheckIn::Unknown);
    };
    if !request.any && row.made_by != Some(request.by) {
        return Ok(UndoneCheckIn::NotYours);
    }
    if row.undone_at.is_some() {
        return Ok(UndoneCheckIn::Done(Box::new(row), list.inside));
    }
    let Some(token) = row.token.filter(|_| row.outcome.is_passed()) else {
        return Ok(UndoneCheckIn::Refusal);
    };
    if !request.any && request.now > row.happened_at.plus_secs(UNDO_SECS) {
        return Ok(UndoneCheckIn::TooLate);
    }
    let known = mark(conn, list.id, token).await?.unwrap_or_default();
    if known.last != Some(row.id) {
        return Ok(UndoneCheckIn::NotLatest);
    }
    sqlx::query(
        "UPDATE check_ins SET undone_at = $2, undone_by = $3 WHERE id = $1 AND undone_at IS NULL",
    )
    .bind(&row.id.0[..])
    .bind(secs(request.now))
    .bind(request.by.to_string())
    .execute(&mut *conn)
    .await?;
    // Who came in and was not counted as inside does not go out.
    let (entries, inside) = match row.kind {
        CheckInKind::Entry => {
            let people = row.people.min(known.inside);
            take_inside(conn, list.id, people).await?;
            (known.entries.saturating_sub(1), known.inside - people)
        }
        CheckInKind::Exit => {
            add_inside(conn, list.id, row.people, None).await?;
            (known.entries, known.inside + row.people)
        }
    };
    let last = latest_passed(conn, list.id, token, None).await?;
    let entry = latest_passed(conn, list.id, token, Some(CheckInKind::Entry)).await?;
    let first_at = known.first_at.filter(|_| entries > 0);
    sqlx::query(
        "UPDATE list_tokens SET entries = $3, inside = $4, first_at = $5, entered_at = $6, entered_day = $7, \
         last_check_in = $8 WHERE list = $1 AND token_id = $2",
    )
    .bind(&list.id.0[..])
    .bind(id(&token))
    .bind(column(entries)?)
    .bind(column(inside)?)
    .bind(first_at.map(secs))
    .bind(entry.as_ref().map(|(entry, _)| secs(entry.happened_at)))
    .bind(entry.map(|(_, day)| i64::from(day)))
    .bind(last.map(|(last, _)| last.id.0.to_vec()))
    .execute(&mut *conn)
    .await?;
    visits::forget_visit(conn, row.id).await?;
    count_at_gate(conn, &row, -1).await?;
    tell_undone(conn, &row, (request.now, list.number)).await?;
    add_audit_row(conn, &request.audit).await?;
    row.undone_at = Some(request.now);
    row.undone_by = Some(request.by);
    let inside = inside_of(conn, list.id).await?;
    Ok(UndoneCheckIn::Done(Box::new(row), inside))
}
