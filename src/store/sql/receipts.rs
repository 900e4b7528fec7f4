//! Receipts: what the ledger tells about a token.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::MAX_PAGE;
use super::records::maker_in;
use super::revocation_row::revocation_in;
use super::values::{Columns as _, damaged, id, secs};
use crate::store::{
    EntryRecord, LedgerEntry, ListedReceipts, OpenRecord, PIN_TRIES_PER_TOKEN, PIN_WRONG_PER_TOKEN,
    ReceiptQuery, ReceiptState,
};
use crate::token::TokenId;

/// What the ledger knows of a token, with its latest opens.
pub(in crate::store) async fn receipt(
    conn: &mut AnyConnection,
    token: TokenId,
) -> Result<Option<LedgerEntry>, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM tokens t LEFT JOIN records r ON r.token_id = t.id WHERE t.id = $1"
    )))
    .bind(id(&token))
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mut entry = entry_in(&row)?;
    let listed = i64::try_from(LedgerEntry::MAX_OPENS_LISTED).expect("a hundred fits");
    let opens = sqlx::query(
        "SELECT opened_at, suspected_bot FROM opens WHERE token_id = $1 AND erased = 0 ORDER BY number DESC LIMIT $2",
    )
    .bind(id(&token))
    .bind(listed)
    .fetch_all(conn)
    .await?;
    for open in &opens {
        entry.opens_listed.push(OpenRecord {
            at: open.time("opened_at")?,
            suspected_bot: open.integer("suspected_bot")? != 0,
        });
    }
    Ok(Some(entry))
}

/// A page of receipts, the newest activity first.
pub(in crate::store) async fn receipts(
    conn: &mut AnyConnection,
    query: ReceiptQuery,
) -> Result<ListedReceipts, sqlx::Error> {
    let limit = query.limit.clamp(1, MAX_PAGE);
    let (after_at, after_id) = match &query.after {
        Some((at, id)) => (Some(secs(*at)), Some(id.as_bytes().to_vec())),
        None => (None, None),
    };
    let rows = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} {LIST}")))
        .bind(query.since.map(secs))
        .bind(query.until.map(secs))
        .bind(after_at)
        .bind(after_id)
        .bind(query.state.map(number))
        .bind(secs(query.now).saturating_sub(LAST_MINUTE_SECS))
        .bind(i64::from(PIN_TRIES_PER_TOKEN))
        .bind(i64::from(limit) + 1)
        .bind(i64::from(PIN_WRONG_PER_TOKEN))
        .bind(query.note)
        .bind(query.made_by.map(|by| by.to_string()))
        .fetch_all(conn)
        .await?;
    let limit = usize::try_from(limit).expect("a thousand fits");
    let more = rows.len() > limit;
    let entries = rows
        .iter()
        .take(limit)
        .map(entry_in)
        .collect::<Result<Vec<_>, _>>()?;
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| (last.updated_at, last.id));
    Ok(ListedReceipts { entries, next })
}

/// The columns of a receipt, of `tokens t` and `records r`.
pub(super) const COLUMNS: &str = "t.id, t.issued_at, t.expires_at, t.max_opens, t.opens, t.first_opened_at, t.last_opened_at, t.pin_tries, \
    t.pin_wrong, t.revocation, t.revoked_at, t.revoked_reason, t.revoked_by_holder, t.updated_at, t.made_by, t.note, \
    r.revision, r.record_bytes";

/// `expires_at` is the beginning of the last minute.
const LAST_MINUTE_SECS: i64 = 60;

/// The states are numbered as in [`number`], and decided as in [`LedgerEntry::state`].
const LIST: &str = "\
    FROM tokens t LEFT JOIN records r ON r.token_id = t.id \
    WHERE ($1 IS NULL OR t.updated_at >= $1) AND ($2 IS NULL OR t.updated_at < $2) \
      AND ($3 IS NULL OR t.updated_at < $3 OR (t.updated_at = $3 AND t.id < $4)) \
      AND ($5 IS NULL OR $5 = CASE \
        WHEN t.revocation IS NOT NULL THEN 1 \
        WHEN t.expires_at IS NOT NULL AND t.expires_at <= $6 THEN 2 \
        WHEN t.max_opens IS NOT NULL AND t.opens >= t.max_opens THEN 3 \
        WHEN t.pin_tries >= $7 OR t.pin_wrong >= $9 THEN 4 \
        ELSE 5 END) \
      AND ($10 IS NULL OR REPLACE(t.note, $10, '') <> t.note) \
      AND ($11 IS NULL OR t.made_by = $11) \
    ORDER BY t.updated_at DESC, t.id DESC LIMIT $8";

fn number(state: ReceiptState) -> i64 {
    match state {
        ReceiptState::Revoked => 1,
        ReceiptState::Expired => 2,
        ReceiptState::UsedUp => 3,
        ReceiptState::PinLocked => 4,
        ReceiptState::Active => 5,
    }
}

pub(super) fn entry_in(row: &AnyRow) -> Result<LedgerEntry, sqlx::Error> {
    let max_opens = row
        .optional_integer("max_opens")?
        .map(|most| u32::try_from(most).map_err(|_| damaged("tokens.max_opens")))
        .transpose()?;
    let pin_tries =
        u32::try_from(row.integer("pin_tries")?).map_err(|_| damaged("tokens.pin_tries"))?;
    let pin_wrong =
        u32::try_from(row.integer("pin_wrong")?).map_err(|_| damaged("tokens.pin_wrong"))?;
    Ok(LedgerEntry {
        id: row.token_id("id")?,
        issued_at: row.optional_time("issued_at")?,
        expires_at: row.optional_time("expires_at")?,
        max_opens,
        opens: row.count("opens")?,
        first_opened_at: row.optional_time("first_opened_at")?,
        last_opened_at: row.optional_time("last_opened_at")?,
        opens_listed: Vec::new(),
        revoked: revocation_in(row)?,
        pin_tries,
        pin_wrong,
        made_by: maker_in(row)?,
        note: row.optional_text("note")?,
        record: record_in(row)?,
        updated_at: row.time("updated_at")?,
    })
}

/// What a row tells of the token's record, if it has one.
fn record_in(row: &AnyRow) -> Result<Option<EntryRecord>, sqlx::Error> {
    let Some(revision) = row.optional_integer("revision")? else {
        return Ok(None);
    };
    Ok(Some(EntryRecord {
        revision: u32::try_from(revision).map_err(|_| damaged("records.revision"))?,
        bytes: row.count("record_bytes")?,
    }))
}
