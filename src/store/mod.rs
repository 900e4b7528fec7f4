//! The store: what is remembered about tokens, issuing, API keys, accounts, and who did what.
//!
//! Belongs here: the port ([`Store`]), its vocabulary, and its backends. Does not belong here: tokens, payloads and PINs,
//! which a store never sees; what an outcome means to a client; the clock, which is an argument.
//!
//! Every operation of the port is one transaction: it happened and is durable when it answers, or it did not happen. If a
//! backend cannot tell which, it says [`StoreError::Unknown`], and the caller treats it as not happened towards the client
//! (nothing is shown) and as happened towards the ledger (nothing is given back).

mod accounts;
mod api_keys;
mod audit;
mod check_ins;
#[cfg(feature = "server")]
mod connect;
#[cfg(feature = "server")]
mod copying;
#[cfg(feature = "server")]
mod database;
mod events;
mod ledger;
mod links;
mod lists;
mod nodes;
mod passes;
mod port;
#[cfg(feature = "server")]
mod postgres;
#[cfg(feature = "server")]
mod prepare;
mod quotas;
mod records;
mod reports;
mod requests;
mod row_id;
mod second_factors;
#[cfg(feature = "server")]
mod sql;
#[cfg(feature = "server")]
mod sqlite;
mod visits;
#[cfg(feature = "server")]
mod workers;

pub use accounts::{
    AccountChange, AccountId, AccountRecord, AllowedBy, ChangeAccount, ChangedAccount, FindAccount,
    HandOver, HandedOver, NewAccount, NewRecovery, NewSession, PasswordSet, Role, RoleError,
    SESSION_IDLE_SECS, SESSION_SECS, SESSIONS_PER_ACCOUNT, SecretHash, SessionRecord, SessionUse,
    SetPassword, ShownFactor, SignIn, SignInGate, SignInTry, StoredPassword,
};
pub use api_keys::{ApiKeyId, ApiKeyRecord, KeyHash, NewApiKey, Scope, Scopes, ScopesError};
pub use audit::{
    AuditEnds, AuditId, AuditLink, AuditQuery, AuditRow, FoundAuditRow, Job, Lease, LinkAudit,
    ListedAudit, PruneAudit,
};
pub use check_ins::{
    CheckIn, CheckInId, CheckInKind, CheckInOutcome, CheckInQuery, CheckInRecord, CheckInToken,
    CheckedIn, Entries, EntryRules, FindCheckIn, Found, FoundCheckIn, Judged, SealedVisit,
    UNDO_SECS, UndoCheckIn, UndoneCheckIn,
};
#[cfg(feature = "server")]
pub use connect::{connect, exists, is_url, name, unverified};
#[cfg(feature = "server")]
pub use copying::{
    CopiedTable, CopyProgress, CopyStep, CopyStore, DumpPart, Filled, Loading, TableDigest, copy,
    dump, retire, schema_version,
};
pub use events::{
    EventFate, EventKey, EventKind, EventTarget, OutboxState, TargetId, WaitingEvent,
};
pub use ledger::{
    Counted, EntryRecord, Erased, LedgerEntry, LedgerToken, ListedReceipts, LockedUntil,
    NetworkTag, OpenAttempt, OpenIdHash, OpenOutcome, OpenRecord, PIN_FIRST_LOCK_SECS,
    PIN_LONGEST_LOCK_SECS, PIN_TRIES_PER_NETWORK, PIN_TRIES_PER_TOKEN, PIN_WRONG_PER_TOKEN,
    PinGate, PinTry, Purged, REPEAT_SECS, ReceiptQuery, ReceiptState, Revocation, RevocationBatch,
    RevocationCursor, Standing,
};
pub use links::{
    ChangedLink, Device, LinkChange, LinkQuery, LinkState, ListedLinks, ScanCount, ScanQuery,
    ScanSum, ScansOf,
};
pub use lists::{
    ChangeList, ChangedList, ExitAll, GateCounts, ListEdit, ListId, ListQuery, ListRecord,
    ListedLists, NewList,
};
pub use nodes::{FoundNode, NODE_FORGOTTEN_SECS, NODE_SILENT_SECS, NodeReport};
pub use passes::{FindPass, NewPass, PassId, PassQuery, PassRecord, RevokePass, UsePass};
pub use port::{Store, StoreError, StoreFuture, StoreReport};
pub use quotas::{QuotaOutcome, QuotaTake};
pub use records::{
    AddedRecord, LinkRow, NewLink, NewRecord, NewToken, NextRecord, RECORD_OVERHEAD_BYTES,
    RecordKind, Share, StoredRecord,
};
pub use reports::{NewReport, ReportQuery, ReportReason, ReportedToken};
pub use requests::{Made, REMEMBERED_SECS, Remembered, RequestKind, RequestRecord};
pub use row_id::RowIdError;
pub(crate) use row_id::row_id;
pub use second_factors::{
    ChangeSecondFactor, NewSecondFactor, SecondFactorChange, SecondFactorRecord,
};
pub use visits::{
    EraseVisits, ErasedOf, Inside, InsideQuery, Presence, PresenceQuery, VisitRecord,
};
