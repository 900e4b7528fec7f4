//! The verbs of reports: a holder says that something is wrong with what a visitor wrote; the operator looks, and deletes it or
//! does not.

use std::str::FromStr;

use serde::Serialize;
use serde_json::json;

use crate::audit::{By, Verb, What, record};
use crate::clock::rfc3339;
use crate::cursor::Cursor;
use crate::opening::OpeningError;
use crate::store::{NewReport, ReportQuery, ReportReason, ReportedToken, Store, StoreError};
use crate::token::{Keyring, ParsedStoredToken, TokenId, UnixTime};

/// Why nothing was reported.
#[derive(Debug, thiserror::Error)]
pub enum NotReported {
    /// The token is not recognised, or its row is gone.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// Whom the issuer knows wrote it.
    #[error("only what a visitor wrote can be reported, while it is kept")]
    NotByVisitor,
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes that something is wrong with the stored document behind this token, in either text form. Whoever has the code may
/// say so, and nobody else: the id is not enough.
///
/// # Errors
///
/// [`NotReported`]
pub async fn report(
    store: &dyn Store,
    keyring: &Keyring,
    token: &str,
    reason: ReportReason,
    now: UnixTime,
) -> Result<TokenId, NotReported> {
    let token = ParsedStoredToken::parse(token).map_err(|_| OpeningError::NotRecognised)?;
    let token = token.recognise(keyring);
    let id = token.map_err(|_| OpeningError::NotRecognised)?.id();
    let report = NewReport { id, reason, now };
    if store.report(report).await? {
        return Ok(id);
    }
    match store.record(id).await? {
        None => Err(OpeningError::Gone { id }.into()),
        Some(row) => Err(match row.revoked {
            Some(revocation) => OpeningError::Revoked(revocation).into(),
            None => NotReported::NotByVisitor,
        }),
    }
}

/// A word that no reason has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be fraud, abuse or other")]
pub struct UnknownReason;

impl FromStr for ReportReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.as_str() == text)
            .ok_or(UnknownReason)
    }
}

/// A reported message, as an operator sees it.
#[derive(Debug, Serialize)]
pub struct ReportedAnswer {
    /// The token's id.
    pub id: String,
    /// `active`, `expired`, `used_up` or `pin_locked`.
    pub state: &'static str,
    /// How often it was reported.
    pub reports: u64,
    /// What for: `fraud`, `abuse`, `other`.
    pub reasons: Vec<&'static str>,
    /// When it was reported last, in UTC.
    pub reported_at: String,
    /// When it was written, to the minute.
    pub issued_at: Option<String>,
    /// The last minute in which it can be read.
    pub expires_at: Option<String>,
}

impl ReportedAnswer {
    fn of(reported: &ReportedToken, now: UnixTime) -> Self {
        let entry = &reported.entry;
        Self {
            id: entry.id.to_string(),
            state: entry.state(now).as_str(),
            reports: reported.reports,
            reasons: reported
                .reasons
                .iter()
                .map(|reason| reason.as_str())
                .collect(),
            reported_at: rfc3339(reported.reported_at),
            issued_at: entry.issued_at.map(rfc3339),
            expires_at: entry.expires_at.map(rfc3339),
        }
    }
}

/// A page of messages that were reported and are not deleted, the latest report first, and where the next begins.
///
/// # Errors
///
/// What the store says.
pub async fn reported(
    store: &dyn Store,
    after: Option<Cursor>,
    limit: u32,
    now: UnixTime,
) -> Result<(Vec<ReportedAnswer>, Option<Cursor>), StoreError> {
    let query = ReportQuery {
        after: after.map(|cursor| {
            let (at, id) = cursor.place();
            (at, TokenId::from(id))
        }),
        limit,
    };
    let found = store.reports(query).await?;
    let full = u32::try_from(found.len()).is_ok_and(|found| found >= limit);
    let last = found.last().filter(|_| full);
    let next = last.map(|last| Cursor::after(last.reported_at, *last.entry.id.as_bytes()));
    let answers = found.iter().map(|found| ReportedAnswer::of(found, now));
    Ok((answers.collect(), next))
}

/// Forgets the reports of a message that is to stay; whether there were any.
///
/// # Errors
///
/// What the store says.
pub async fn dismiss(
    store: &dyn Store,
    id: TokenId,
    by: By<'_>,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let audit = record(by, Verb::Dismiss, What::Token(id), &json!({}), now);
    store.dismiss_reports(id, audit).await
}
