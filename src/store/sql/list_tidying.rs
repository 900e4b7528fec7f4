//! What lists do by themselves: letting everybody out at an hour, and forgetting.

use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;

use super::check_in_rows::insert;
use super::events::tell_check_in;
use super::held_list::{column, hold_for_itself, take_inside};
use super::passes::forget_passes;
use super::values::{Columns as _, id, secs};
use super::visits::forget_visits;
use crate::store::{CheckInId, CheckInKind, CheckInOutcome, CheckInRecord, ExitAll, ListId};
use crate::token::UnixTime;

/// The most rows of each kind that one transaction takes out.
const BATCH: i64 = 500;

/// How long what is known of a token outlives its last second, as in `purge`.
const KEPT_SECS: i64 = 60 + 60 * 60;

/// Lets out some of those who are inside; whether there may be more.
pub(in crate::store) async fn exit_all(
    conn: &mut AnyConnection,
    request: ExitAll,
) -> Result<bool, sqlx::Error> {
    let Some(first) = hold_for_itself(conn, request.list).await? else {
        return Ok(false);
    };
    let limit = request.limit.clamp(1, 500);
    let inside = sqlx::query(
        "SELECT token_id, inside FROM list_tokens WHERE list = $1 AND inside > 0 \
         AND (entered_at IS NULL OR entered_at < $2) ORDER BY token_id LIMIT $3",
    )
    .bind(&request.list.0[..])
    .bind(secs(request.before))
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let (mut number, mut people) = (first, 0);
    for row in &inside {
        let (token, count) = (row.token_id("token_id")?, row.count("inside")?);
        let random = Sha256::new_with_prefix(request.random)
            .chain_update(number.to_be_bytes())
            .finalize();
        let mut row_id = [0; 12];
        row_id.copy_from_slice(&random[..12]);
        let exit = CheckInRecord {
            id: CheckInId(row_id),
            list: request.list,
            number,
            happened_at: request.before,
            kind: CheckInKind::Exit,
            outcome: CheckInOutcome::LetOut,
            token: Some(token),
            gate: None,
            made_by: None,
            check_in_id: None,
            people: count,
            no_entry: false,
            undone_at: None,
            undone_by: None,
        };
        insert(conn, &exit, None, request.day, None).await?;
        tell_check_in(conn, &exit).await?;
        sqlx::query(
            "UPDATE list_tokens SET inside = 0, last_check_in = $3 WHERE list = $1 AND token_id = $2",
        )
        .bind(&request.list.0[..])
        .bind(id(&token))
        .bind(&exit.id.0[..])
        .execute(&mut *conn)
        .await?;
        number += 1;
        people += count;
    }
    take_inside(conn, request.list, people).await?;
    let more = inside.len() >= usize::try_from(limit).expect("some hundred fit");
    sqlx::query(
        "UPDATE lists SET check_ins = $2, exited_all_at = CASE WHEN $3 = 0 AND exited_all_at < $4 THEN $4 \
         ELSE exited_all_at END WHERE id = $1",
    )
    .bind(&request.list.0[..])
    .bind(column(number.max(first + 1) - 1)?)
    .bind(i64::from(more))
    .bind(secs(request.before))
    .execute(conn)
    .await?;
    Ok(more)
}

/// Takes out some of what a list knows of times before this one: check-ins, passes that ended, and when codes entered; that they
/// did stays. How many rows.
pub(in crate::store) async fn forget_check_ins(
    conn: &mut AnyConnection,
    list: ListId,
    before: UnixTime,
) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query(
        "DELETE FROM check_ins WHERE id IN \
         (SELECT id FROM check_ins WHERE list = $1 AND happened_at < $2 ORDER BY happened_at LIMIT $3)",
    )
    .bind(&list.0[..])
    .bind(secs(before))
    .bind(BATCH)
    .execute(&mut *conn)
    .await?;
    let blank = sqlx::query(
        "UPDATE list_tokens SET first_at = NULL, entered_at = NULL, entered_day = NULL, last_check_in = NULL \
         WHERE list = $1 AND token_id IN \
           (SELECT token_id FROM list_tokens WHERE list = $1 AND entered_at IS NOT NULL AND entered_at < $2 \
            AND inside = 0 ORDER BY entered_at LIMIT $3)",
    )
    .bind(&list.0[..])
    .bind(secs(before))
    .bind(BATCH)
    .execute(&mut *conn)
    .await?;
    // A code that comes daily entered last not long ago, and one whose entry was undone may have entered at no time.
    let first = sqlx::query(
        "UPDATE list_tokens SET first_at = NULL WHERE list = $1 AND token_id IN \
           (SELECT token_id FROM list_tokens WHERE list = $1 AND first_at IS NOT NULL AND first_at < $2 \
            ORDER BY first_at LIMIT $3)",
    )
    .bind(&list.0[..])
    .bind(secs(before))
    .bind(BATCH)
    .execute(&mut *conn)
    .await?;
    let visits = forget_visits(conn, list, before, BATCH).await?;
    let passes = forget_passes(conn, list, before, BATCH).await?;
    Ok(gone.rows_affected() + blank.rows_affected() + first.rows_affected() + visits + passes)
}

/// Takes out some of what belongs to lists that were deleted, and to tokens that have ended. How many rows.
pub(in crate::store) async fn purge_lists(
    conn: &mut AnyConnection,
    now: UnixTime,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query(
        "DELETE FROM list_tokens WHERE expires_at IS NOT NULL AND expires_at <= $1 AND inside = 0 \
         AND (list, token_id) IN (SELECT list, token_id FROM list_tokens WHERE expires_at IS NOT NULL \
           AND expires_at <= $1 AND inside = 0 ORDER BY expires_at LIMIT $2)",
    )
    .bind(secs(now).saturating_sub(KEPT_SECS))
    .bind(BATCH)
    .execute(&mut *conn)
    .await?;
    let mut gone = ended.rows_affected();
    let deleted =
        sqlx::query("SELECT id FROM lists WHERE deleted_at IS NOT NULL ORDER BY id LIMIT 1")
            .fetch_optional(&mut *conn)
            .await?;
    let Some(list) = deleted else {
        return Ok(gone);
    };
    let list: [u8; 12] = list.bytes("id")?;
    let mut left = 0;
    for sql in [
        "DELETE FROM visits WHERE check_in IN (SELECT check_in FROM visits WHERE list = $1 ORDER BY kept_at LIMIT $2)",
        "DELETE FROM check_ins WHERE id IN (SELECT id FROM check_ins WHERE list = $1 ORDER BY number LIMIT $2)",
        "DELETE FROM passes WHERE id IN (SELECT id FROM passes WHERE list = $1 ORDER BY id LIMIT $2)",
        "DELETE FROM list_tokens WHERE list = $1 AND token_id IN \
         (SELECT token_id FROM list_tokens WHERE list = $1 ORDER BY token_id LIMIT $2)",
    ] {
        let done = sqlx::query(sql)
            .bind(&list[..])
            .bind(BATCH)
            .execute(&mut *conn)
            .await?;
        left += done.rows_affected();
    }
    if left == 0 {
        for sql in [
            "DELETE FROM list_gates WHERE list = $1",
            "DELETE FROM list_staff WHERE list = $1",
            "DELETE FROM lists WHERE id = $1",
        ] {
            left += sqlx::query(sql)
                .bind(&list[..])
                .execute(&mut *conn)
                .await?
                .rows_affected();
        }
    }
    gone += left;
    Ok(gone)
}
