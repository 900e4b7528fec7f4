//! Who is inside a list.

use sqlx::AnyConnection;

use super::MAX_PAGE;
use super::check_in_rows::latest_passed;
use super::values::{Columns as _, id};
use super::visits::visit;
use crate::store::{CheckInKind, Inside, InsideQuery};
use crate::token::TokenId;

/// A page of the codes that are inside, in the order of their ids, and where the next begins.
pub(in crate::store) async fn inside(
    conn: &mut AnyConnection,
    query: InsideQuery,
) -> Result<(Vec<Inside>, Option<TokenId>), sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let rows = sqlx::query(
        "SELECT token_id, inside FROM list_tokens WHERE list = $1 AND inside > 0 AND ($2 IS NULL OR token_id > $2) \
         ORDER BY token_id LIMIT $3",
    )
    .bind(&query.list.0[..])
    .bind(query.after.map(|after| id(&after).to_vec()))
    .bind(i64::from(limit) + 1)
    .fetch_all(&mut *conn)
    .await?;
    let most = usize::try_from(limit).expect("a thousand fits");
    let mut found = Vec::with_capacity(rows.len().min(most));
    for row in rows.iter().take(most) {
        let (token, people) = (row.token_id("token_id")?, row.count("inside")?);
        let entry = latest_passed(conn, query.list, token, Some(CheckInKind::Entry)).await?;
        let entry = entry.map(|(entry, _)| entry);
        let visit = match &entry {
            Some(entry) => visit(conn, entry.id).await?.map(|visit| visit.sealed),
            None => None,
        };
        found.push(Inside {
            token,
            people,
            entry,
            visit,
        });
    }
    let next = found
        .last()
        .filter(|_| rows.len() > most)
        .map(|last| last.token);
    Ok((found, next))
}
