//! A receipt as it goes over the wire, and as `qrseal tokens show --json` prints it.

use serde::Serialize;
use utoipa::ToSchema;

use super::Receipt;
use crate::clock::rfc3339;
use crate::store::Revocation;

/// What the ledger knows of a token. It never says where an open came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptAnswer {
    /// The token's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The first that applies: `revoked`, `expired`, `used_up`, `pin_locked` (too many wrong PINs: it waits for a reset), `active`.
    #[schema(pattern = "^(revoked|expired|used_up|pin_locked|active)$")]
    pub state: &'static str,
    /// The minute of issue, in UTC; null if the ledger never saw the token itself.
    #[schema(format = DateTime)]
    pub issued_at: Option<String>,
    /// The last minute in which the token opens, in UTC; null if it does not end, or the ledger never saw the token itself.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// How often the token opens; null if it is not limited, or the ledger never saw the token itself.
    pub max_opens: Option<u32>,
    /// Opens that counted, suspected bots too.
    pub opens: u64,
    /// Opens that are left; null if the token is not limited.
    pub opens_left: Option<u64>,
    /// The first open, in UTC; null if there was none, or it was erased.
    #[schema(format = DateTime)]
    pub first_opened_at: Option<String>,
    /// The last open, in UTC; null if there was none, or it was erased.
    #[schema(format = DateTime)]
    pub last_opened_at: Option<String>,
    /// The latest opens, at most 100, the newest first. Only in the receipt of one token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Vec<String>>,
    /// The same of clients that look like programs which open links by themselves: scanners of mail, previews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspected_bots_opened_at: Option<Vec<String>>,
    /// Tries at the PIN that count towards its lock at 20: those that no right PIN from the same network came after.
    pub pin_tries: u32,
    /// Wrong tries at the PIN since it was issued or its tries were reset, of 100 that a code has.
    pub pin_wrong: u32,
    /// Its revocation; null if it was not revoked.
    pub revocation: Option<RevocationAnswer>,
    /// Who made it: `key:7`, `local`, `cli`, `anonymous`; null if it was not remembered when it was issued.
    pub made_by: Option<String>,
    /// The note that was given when it was issued.
    pub note: Option<String>,
    /// `stored` if the document is on the server; `inline` if it is in the code, or the ledger does not know.
    #[schema(pattern = "^(inline|stored)$")]
    pub storage: &'static str,
    /// The revision of the stored document, 1 for the first. Only of a stored one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Bytes that are stored, 0 once the code has ended. Only of a stored document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<u64>,
    /// The last time anything happened to it, in UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
}

/// A token's end before its time.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevocationAnswer {
    /// When, in UTC.
    #[schema(format = DateTime)]
    pub revoked_at: String,
    /// Why, if that was said.
    pub reason: Option<String>,
    /// Whether its holder did it.
    pub by_holder: bool,
}

/// A page of receipts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptsAnswer {
    /// The receipts, the newest activity first, without the times of their opens.
    pub receipts: Vec<ReceiptAnswer>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}

impl ReceiptAnswer {
    /// A receipt without the times of its opens.
    #[must_use]
    pub fn brief(receipt: &Receipt) -> Self {
        let entry = &receipt.entry;
        Self {
            id: entry.id.to_string(),
            state: receipt.state.as_str(),
            issued_at: entry.issued_at.map(rfc3339),
            expires_at: entry.expires_at.map(rfc3339),
            max_opens: entry.max_opens,
            opens: entry.opens,
            opens_left: receipt.opens_left(),
            first_opened_at: entry.first_opened_at.map(rfc3339),
            last_opened_at: entry.last_opened_at.map(rfc3339),
            opened_at: None,
            suspected_bots_opened_at: None,
            pin_tries: entry.pin_tries,
            pin_wrong: entry.pin_wrong,
            revocation: entry.revoked.as_ref().map(RevocationAnswer::from),
            made_by: entry.made_by.map(|by| by.to_string()),
            note: entry.note.clone(),
            storage: match entry.record {
                None => "inline",
                Some(_) => "stored",
            },
            revision: entry.record.map(|record| record.revision),
            stored_bytes: entry.record.map(|record| record.bytes),
            updated_at: rfc3339(entry.updated_at),
        }
    }

    /// A receipt with the times of its latest opens.
    #[must_use]
    pub fn whole(receipt: &Receipt) -> Self {
        Self {
            opened_at: Some(receipt.opens_by(false).map(rfc3339).collect()),
            suspected_bots_opened_at: Some(receipt.opens_by(true).map(rfc3339).collect()),
            ..Self::brief(receipt)
        }
    }
}

impl From<&Revocation> for RevocationAnswer {
    fn from(revocation: &Revocation) -> Self {
        Self {
            revoked_at: rfc3339(revocation.at),
            reason: revocation.reason.clone(),
            by_holder: revocation.by_holder,
        }
    }
}
