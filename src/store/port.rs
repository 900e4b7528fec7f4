//! The port that every backend implements and that features call.

use std::pin::Pin;

use super::{
    AccountId, AccountRecord, AddedRecord, ApiKeyId, ApiKeyRecord, AuditEnds, AuditId, AuditQuery,
    AuditRow, ChangeAccount, ChangeList, ChangeSecondFactor, ChangedAccount, ChangedLink,
    ChangedList, CheckIn, CheckInId, CheckInQuery, CheckInRecord, CheckedIn, EraseVisits, Erased,
    EventFate, EventKey, EventTarget, ExitAll, FindAccount, FindCheckIn, FindPass, FoundAuditRow,
    FoundCheckIn, FoundNode, GateCounts, HandOver, HandedOver, Inside, InsideQuery, Lease,
    LedgerEntry, LedgerToken, LinkAudit, LinkChange, LinkQuery, ListId, ListQuery, ListRecord,
    ListedAudit, ListedLinks, ListedLists, ListedReceipts, NetworkTag, NewAccount, NewApiKey,
    NewList, NewPass, NewRecord, NewReport, NewToken, NextRecord, NodeReport, OpenAttempt,
    OpenOutcome, OutboxState, PassId, PassQuery, PassRecord, PasswordSet, PinGate, PinTry,
    Presence, PresenceQuery, PruneAudit, Purged, QuotaOutcome, QuotaTake, ReceiptQuery, Remembered,
    ReportQuery, ReportedToken, RequestRecord, Revocation, RevocationBatch, RevocationCursor,
    RevokePass, ScanCount, ScanQuery, ScanSum, SealedVisit, SecondFactorRecord, SecretHash,
    SessionRecord, SessionUse, SetPassword, SignIn, SignInGate, SignInTry, Standing, StoredRecord,
    TargetId, UndoCheckIn, UndoneCheckIn, UsePass, VisitRecord, WaitingEvent,
};
use crate::token::{Slot, TokenId, UnixTime};

/// What an operation answers, later.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A place where state is kept. Each operation is one transaction, durable when it answers. It answers within 3 seconds of
/// being asked ([`Store::check`] excepted): [`StoreError::Unavailable`] if it did not happen by then and will not,
/// [`StoreError::Unknown`] if it may.
///
/// What somebody changes takes a row of the audit log, which is written in the same transaction, if anything changed.
///
/// `now` is the caller's clock. A backend may use its database's clock instead, where one is shared between nodes.
pub trait Store: Send + Sync {
    /// Counts an open, unless the token is used up, revoked or purged; a repeat of an open of the last two minutes is
    /// recognised by its `open_id` and not counted again. If the attempt came past a PIN, what its network spent, and
    /// nothing else, is forgiven in the same transaction, whatever the outcome.
    ///
    /// One conditional statement decides: its row count is the answer.
    fn count_open(&self, attempt: OpenAttempt) -> StoreFuture<'_, OpenOutcome>;

    /// Spends a try at a PIN before the PIN is looked at.
    ///
    /// Five tries of one network, then it waits 15 minutes, doubling with each further lock to a day; 20 tries over all
    /// networks that no success from their own network forgave, or 100 wrong ones in the token's life, and the token is
    /// locked until [`Store::reset_pin`]. The fifth (twentieth, hundredth) try itself is still evaluated.
    fn spend_pin_try(&self, attempt: PinTry) -> StoreFuture<'_, PinGate>;

    /// Forgives what a network spent, which knew the PIN, though nothing was counted: what the PIN opens cannot be had now.
    fn forgive_pin_try(&self, id: TokenId, network: NetworkTag) -> StoreFuture<'_, ()>;

    /// Forgets all tries and locks of a token; whether the ledger knew the token.
    fn reset_pin(&self, id: TokenId, now: UnixTime, audit: AuditRow) -> StoreFuture<'_, bool>;

    /// What the ledger knows of a token, with its latest opens (at most [`LedgerEntry::MAX_OPENS_LISTED`]); `None` if it
    /// never met it.
    fn receipt(&self, id: TokenId) -> StoreFuture<'_, Option<LedgerEntry>>;

    /// What opening without counting needs to know of a token: where an attempt would stand now.
    fn look(&self, token: LedgerToken, now: UnixTime) -> StoreFuture<'_, Standing>;

    /// Receipts, the newest activity first.
    fn receipts(&self, query: ReceiptQuery) -> StoreFuture<'_, ListedReceipts>;

    /// Erases when and how a token was opened; the count stays. What can still be repeated stays for its two minutes, but no
    /// receipt tells of it: a repeat must not become a second open.
    fn erase_opens(&self, id: TokenId, now: UnixTime, audit: AuditRow) -> StoreFuture<'_, Erased>;

    /// Revokes a token; a token that already is stays as it was, and that revocation is answered (with the expiry, if it is
    /// known only now).
    fn revoke(&self, revocation: Revocation, audit: AuditRow) -> StoreFuture<'_, Revocation>;

    /// The revocations after `cursor`, at most a few thousand at a time. A late commit is never missed. Those that were
    /// purged are not told: what they revoked ended at or before [`RevocationBatch::purged_to`].
    fn revocations(&self, cursor: RevocationCursor) -> StoreFuture<'_, RevocationBatch>;

    /// What a request with this idempotency key made in the last day; [`Remembered::New`] if nothing.
    fn request_of(&self, key_hash: [u8; 32], now: UnixTime) -> StoreFuture<'_, Remembered>;

    /// Remembers what a request made, or says what it made before.
    fn remember_request(&self, record: RequestRecord) -> StoreFuture<'_, Remembered>;

    /// Keeps the record of a new stored token, with the idempotent request that it is for: both or neither. What was
    /// remembered of the request before is answered, and then nothing is kept; nor is anything if the share that it would
    /// take of the room is used up.
    fn add_record(&self, new: NewRecord) -> StoreFuture<'_, AddedRecord>;

    /// Remembers a token that was issued with its document inside, with the idempotent request that it is for, as
    /// [`Store::add_record`] does.
    fn remember_token(&self, new: NewToken) -> StoreFuture<'_, Remembered>;

    /// Replaces the record of a stored token, unless it has another revision by now, or has ended: one conditional statement
    /// decides, and whether it did is the answer. What the network of the right PIN spent is forgiven in the same transaction.
    fn replace_record(&self, next: NextRecord) -> StoreFuture<'_, bool>;

    /// Bytes of all records together.
    fn stored_bytes(&self) -> StoreFuture<'_, u64>;

    /// The row of a stored token, with what the ledger knows of it at the same moment; `None` if there is none, or no more.
    fn record(&self, id: TokenId) -> StoreFuture<'_, Option<StoredRecord>>;

    /// Notes a report of a stored document that somebody unknown wrote and that is not revoked; whether there is one. However
    /// often it is reported, nothing grows.
    fn report(&self, report: NewReport) -> StoreFuture<'_, bool>;

    /// What was reported and is not revoked, the latest report first.
    fn reports(&self, query: ReportQuery) -> StoreFuture<'_, Vec<ReportedToken>>;

    /// Forgets the reports of a token; whether there were any.
    fn dismiss_reports(&self, id: TokenId, audit: AuditRow) -> StoreFuture<'_, bool>;

    /// Changes a link, unless it has another edition by now, or has ended for ever, or would grow beyond the share of whoever made it:
    /// one conditional statement decides. Its end goes into the ledger in the same transaction. An expired link whose record is still kept
    /// leads somewhere again with a new end.
    fn change_link(&self, change: LinkChange) -> StoreFuture<'_, ChangedLink>;

    /// Links, the newest first.
    fn links(&self, query: LinkQuery) -> StoreFuture<'_, ListedLinks>;

    /// Adds scans to those that were counted before; of links that are gone nothing is kept.
    fn add_scans(&self, counts: Vec<ScanCount>) -> StoreFuture<'_, ()>;

    /// Scans added up, in the order of time; at most those of a year of hours.
    fn scans(&self, query: ScanQuery) -> StoreFuture<'_, Vec<ScanSum>>;

    /// Takes out counts of hours that began before a time. Bounded work; whether there is more.
    fn purge_scans(&self, before: UnixTime) -> StoreFuture<'_, bool>;

    /// Makes a check-in list, unless its request made one before, which is answered.
    fn add_list(&self, new: NewList) -> StoreFuture<'_, Remembered>;

    /// A check-in list; `None` if there is none, or no more.
    fn list(&self, id: ListId) -> StoreFuture<'_, Option<ListRecord>>;

    /// Check-in lists, the newest first.
    fn lists(&self, query: ListQuery) -> StoreFuture<'_, ListedLists>;

    /// Changes a list, gives it other staff, or deletes it, unless it has another revision by now: one conditional statement
    /// decides. What belongs to a list that was deleted goes with [`Store::purge_lists`].
    fn change_list(&self, change: ChangeList) -> StoreFuture<'_, ChangedList>;

    /// What was counted at the gates of a list, in the order of their names.
    fn gate_counts(&self, id: ListId) -> StoreFuture<'_, Vec<GateCounts>>;

    /// Judges an attempt at a list and writes it down, whatever came of it; a request that was judged before is answered as it was
    /// then. At one list one attempt is judged after the other, whichever node it came to.
    ///
    /// An entry is refused, in this order, because it is outside the list's times, revoked, expired, in already, used up, or because
    /// the list is full. The first entry of a limited token takes one of its opens, which stays the list's own. An exit is
    /// never refused.
    fn check_in(&self, request: CheckIn) -> StoreFuture<'_, CheckedIn>;

    /// Undoes a check-in, if it is the latest of its code on its list. Its row stays.
    fn undo_check_in(&self, request: UndoCheckIn) -> StoreFuture<'_, UndoneCheckIn>;

    /// The check-in that is meant.
    fn find_check_in(&self, wanted: FindCheckIn) -> StoreFuture<'_, Option<FoundCheckIn>>;

    /// Check-ins of a list, in its order, and where the next page begins.
    fn check_ins(&self, query: CheckInQuery) -> StoreFuture<'_, (Vec<CheckInRecord>, Option<u64>)>;

    /// Lets out who is inside, each with a row of its own that nobody made. Bounded work; whether there may be more.
    fn exit_all(&self, request: ExitAll) -> StoreFuture<'_, bool>;

    /// The visit of an entry, if one is kept.
    fn visit(&self, entry: CheckInId) -> StoreFuture<'_, Option<VisitRecord>>;

    /// Entries of those who were at a list between two times, in its order, and where the next page begins.
    fn presence(&self, query: PresenceQuery) -> StoreFuture<'_, (Vec<Presence>, Option<u64>)>;

    /// Codes that are inside a list, in the order of their ids, and where the next page begins.
    fn inside(&self, query: InsideQuery) -> StoreFuture<'_, (Vec<Inside>, Option<TokenId>)>;

    /// Erases visits; how many. That somebody entered, and what was counted, stays.
    fn erase_visits(&self, request: EraseVisits) -> StoreFuture<'_, u64>;

    /// Visits under the key of a slot, after an entry, in the order of their entries' ids; at most `limit` (1 to 1,000).
    fn visits_of_slot(
        &self,
        slot: Slot,
        after: Option<CheckInId>,
        limit: u32,
    ) -> StoreFuture<'_, Vec<VisitRecord>>;

    /// How many visits are under the key of a slot.
    fn count_visits(&self, slot: Slot) -> StoreFuture<'_, u64>;

    /// Puts a visit under another key, if it is under the one that it was read with; whether it did.
    fn reseal_visit(
        &self,
        entry: CheckInId,
        from: Slot,
        sealed: SealedVisit,
    ) -> StoreFuture<'_, bool>;

    /// Takes out a list's visits and check-ins of before a time, and when codes entered before it; that they did stays. Bounded work; how many
    /// rows it was, and 0 when all is done.
    fn forget_check_ins(&self, list: ListId, before: UnixTime) -> StoreFuture<'_, u64>;

    /// A number that no other pass has.
    fn next_pass_id(&self) -> StoreFuture<'_, PassId>;

    /// Draws a pass, unless so many of its list are good already, or the list is gone; whether it did.
    fn add_pass(&self, new: NewPass) -> StoreFuture<'_, bool>;

    /// The pass that is meant, unless its list is gone; by what a phone holds only while it is good.
    fn find_pass(&self, wanted: FindPass, now: UnixTime) -> StoreFuture<'_, Option<PassRecord>>;

    /// Passes of a list, the newest first, and where the next page begins.
    fn passes(&self, query: PassQuery) -> StoreFuture<'_, (Vec<PassRecord>, Option<PassId>)>;

    /// Signs a phone in with a pass that nobody used, that was not revoked and has not ended: one conditional statement decides.
    /// Whether it did.
    fn use_pass(&self, request: UsePass) -> StoreFuture<'_, bool>;

    /// Revokes a pass, and ends what its phone holds; the pass as it is then. Revoking it again changes nothing.
    fn revoke_pass(&self, request: RevokePass) -> StoreFuture<'_, Option<PassRecord>>;

    /// Takes out what belongs to deleted lists, and what lists know of tokens that ended an hour ago. Bounded work; how many rows
    /// it was, and 0 when all is done.
    fn purge_lists(&self, now: UnixTime) -> StoreFuture<'_, u64>;

    /// Counts a request against the quota of its UTC day, unless that is spent: one conditional statement decides. With
    /// several nodes, too, a day never sees more than it has.
    fn take_quota(&self, take: QuotaTake) -> StoreFuture<'_, QuotaOutcome>;

    /// A number that no API key has or will get but the one that is added with it.
    fn next_api_key_id(&self) -> StoreFuture<'_, ApiKeyId>;

    /// Adds an API key. Its name must be new among keys that are not disabled.
    fn add_api_key(&self, key: NewApiKey, audit: AuditRow) -> StoreFuture<'_, ApiKeyRecord>;

    /// All API keys, disabled ones too, the oldest first.
    fn api_keys(&self) -> StoreFuture<'_, Vec<ApiKeyRecord>>;

    /// Disables a key; whether there is such a key.
    fn disable_api_key(
        &self,
        id: ApiKeyId,
        now: UnixTime,
        audit: AuditRow,
    ) -> StoreFuture<'_, bool>;

    /// Notes when keys were last used; unknown ids are ignored.
    fn touch_api_keys(&self, used: Vec<(ApiKeyId, UnixTime)>) -> StoreFuture<'_, ()>;

    /// A number that no account has or will get but the one that is added with it.
    fn next_account_id(&self) -> StoreFuture<'_, AccountId>;

    /// Adds an account. No other has its folded name.
    fn add_account(&self, new: NewAccount, audit: AuditRow) -> StoreFuture<'_, AccountRecord>;

    /// All accounts, disabled ones too, the oldest first.
    fn accounts(&self) -> StoreFuture<'_, Vec<AccountRecord>>;

    /// The account that is meant, if there is one.
    fn account(&self, wanted: FindAccount, now: UnixTime)
    -> StoreFuture<'_, Option<AccountRecord>>;

    /// Changes an account. What ends its sessions does so in the same transaction; nothing takes the last admin.
    fn change_account(
        &self,
        change: ChangeAccount,
        audit: AuditRow,
    ) -> StoreFuture<'_, ChangedAccount>;

    /// Makes some of what one account made another's, bounded work, with an audit row if there was anything; `None` if the other is
    /// not there, or disabled.
    fn hand_over(
        &self,
        request: HandOver,
        audit: Option<AuditRow>,
    ) -> StoreFuture<'_, Option<HandedOver>>;

    /// Sets a password, ends all sessions and begins one, if what allows it is good still. A recovery code is good once: one
    /// conditional statement decides. It begins no session where there is a second factor.
    fn set_password(&self, request: SetPassword, audit: AuditRow) -> StoreFuture<'_, PasswordSet>;

    /// Spends a try at signing in, before the password is looked at: five from one network, then locks as for PINs.
    fn spend_sign_in_try(&self, attempt: SignInTry) -> StoreFuture<'_, SignInGate>;

    /// The second factor of an account, if it has one.
    fn second_factor(&self, account: AccountId) -> StoreFuture<'_, Option<SecondFactorRecord>>;

    /// Spends a try at the second factor of an account with this sealed secret, before the code is looked at: five from anywhere,
    /// then locks as for PINs.
    fn spend_second_factor_try(
        &self,
        account: AccountId,
        secret: Vec<u8>,
        now: UnixTime,
    ) -> StoreFuture<'_, SignInGate>;

    /// Changes the second factor of an account, in a session that has not ended, and ends all others; whether it did. What is shown
    /// counts once: one conditional statement decides.
    fn change_second_factor(
        &self,
        request: ChangeSecondFactor,
        audit: AuditRow,
    ) -> StoreFuture<'_, bool>;

    /// Begins a session and forgives the tries before; not if the password has changed since it was compared, or the account
    /// was disabled, or has a second factor that was not shown or does not count any more. Whether it did.
    fn sign_in(&self, request: SignIn, audit: AuditRow) -> StoreFuture<'_, bool>;

    /// The session that a browser holds, with its account, unless it ended or the account is disabled.
    fn session(
        &self,
        hash: SecretHash,
        now: UnixTime,
    ) -> StoreFuture<'_, Option<(SessionRecord, AccountRecord)>>;

    /// The sessions of an account that have not ended, the latest use first.
    fn sessions(&self, account: AccountId, now: UnixTime) -> StoreFuture<'_, Vec<SessionRecord>>;

    /// Notes that a session is used, to the minute, or that the password was given in it; whether anything was noted.
    fn use_session(
        &self,
        hash: SecretHash,
        how: SessionUse,
        now: UnixTime,
    ) -> StoreFuture<'_, bool>;

    /// Ends a session of an account; whether there was one.
    fn end_session(
        &self,
        account: AccountId,
        id: [u8; 12],
        audit: AuditRow,
    ) -> StoreFuture<'_, bool>;

    /// Writes a row of the audit log about what is not in the store.
    fn add_audit_row(&self, row: AuditRow) -> StoreFuture<'_, ()>;

    /// Rows of the audit log, in the order of time.
    fn audit_rows(&self, query: AuditQuery) -> StoreFuture<'_, ListedAudit>;

    /// The ends of the audit log's chain; `None` if nothing was ever linked.
    fn audit_ends(&self) -> StoreFuture<'_, Option<AuditEnds>>;

    /// At most `limit` (1 to 1,000) rows of the chain after the one with this number, in its order.
    fn audit_chain(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<FoundAuditRow>>;

    /// At most `limit` (1 to 1,000) rows that have no place in the chain yet, the oldest first, after the one with
    /// this time and id.
    fn unlinked_audit_rows(
        &self,
        after: Option<(UnixTime, AuditId)>,
        limit: u32,
    ) -> StoreFuture<'_, Vec<AuditRow>>;

    /// Gives rows their places in the chain, all or none; whether it did: another node may have been faster.
    fn link_audit(&self, request: LinkAudit) -> StoreFuture<'_, bool>;

    /// Takes out the oldest rows of the chain and keeps where it ended; whether it did: another node may have been faster.
    fn prune_audit(&self, request: PruneAudit) -> StoreFuture<'_, bool>;

    /// Takes a lease, or prolongs it; whether this node has it until then. Of several nodes one does.
    fn take_lease(&self, lease: Lease) -> StoreFuture<'_, bool>;

    /// Notes what a server says of itself; its silent predecessor of the same name, and what was silent for a day, is forgotten.
    fn report_node(&self, report: NodeReport) -> StoreFuture<'_, ()>;

    /// Forgets a server that ends.
    fn forget_node(&self, id: [u8; 12]) -> StoreFuture<'_, ()>;

    /// The servers that said something within a day and did not say that they end, in the order of their names.
    fn nodes(&self, now: UnixTime) -> StoreFuture<'_, Vec<FoundNode>>;

    /// Lets tokens open again that are closed because the store was restored; whether there were any.
    fn reopen(&self, audit: AuditRow) -> StoreFuture<'_, bool>;

    /// Adds who is told of events from now on, as a node does at its start and each hour. Others that no node named for a day go, with
    /// what waits for them; how many events of those: there are more if there were any.
    fn name_event_targets(&self, targets: Vec<EventTarget>, now: UnixTime) -> StoreFuture<'_, u64>;

    /// Events that are to be delivered to a target now, at most `limit`: of each token the first that waits.
    fn due_events(
        &self,
        target: TargetId,
        limit: u32,
        now: UnixTime,
    ) -> StoreFuture<'_, Vec<WaitingEvent>>;

    /// Notes what became of tries to deliver events.
    fn settle_events(&self, fates: Vec<(EventKey, EventFate)>) -> StoreFuture<'_, ()>;

    /// Takes out the oldest events beyond so many, some at a time, and those that were given up and happened more than a week ago; how many of the
    /// former.
    fn trim_outbox(&self, most: u64, now: UnixTime) -> StoreFuture<'_, u64>;

    /// Writes events about the scans of an hour that is over, once; whether there was such an hour.
    fn tell_scans(&self, now: UnixTime) -> StoreFuture<'_, bool>;

    /// Events that wait or were given up, the oldest first.
    fn waiting_events(&self, limit: u32) -> StoreFuture<'_, Vec<WaitingEvent>>;

    /// Delivers at once what waits or was given up, of one token or of all; how many events.
    fn redeliver_events(&self, token: Option<TokenId>, now: UnixTime) -> StoreFuture<'_, u64>;

    /// How many events wait.
    fn outbox_state(&self) -> StoreFuture<'_, OutboxState>;

    /// Takes out what nobody needs any more: tokens and revocations an hour after their expiry, with the watermark moved
    /// in the same transaction, records of stored tokens and sessions that have ended, requests that may be sent again after a
    /// day, and what was counted against quotas. Bounded work; `Purged::more` says if there is more.
    fn purge(&self, now: UnixTime) -> StoreFuture<'_, Purged>;

    /// Ends when another node may have revoked a token, or made or disabled an API key or an account, since it ended last; at first when it
    /// begins to notice such things. It is a hint: a store may miss any change, or never notice one, so whoever goes by it
    /// looks now and then anyway. At most some dozen times a second; one task awaits it.
    fn changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }

    /// By how many seconds this machine's clock is ahead of the store's, as far as it was seen; 0 where they are the same
    /// clock. Times that decide come from the store's clock.
    fn clock_ahead_secs(&self) -> i64 {
        0
    }

    /// How many operations wait for it.
    fn waiting(&self) -> usize {
        0
    }

    /// What was seen when the store was opened and is worth knowing, such as a promise that is not in force; in words for
    /// the operator.
    fn notes(&self) -> &[String] {
        &[]
    }

    /// Checks whether the store works: reachable, schema current, sound.
    fn check(&self) -> StoreFuture<'_, StoreReport>;
}

/// Why the store did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It did not happen: the store is down, full, busy or refused. The words are for the log.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// It may have happened: the commit's answer was lost. The words are for the log.
    #[error("the store did not say whether it committed: {0}")]
    Unknown(String),
    /// What was asked for contradicts what is stored, such as a name that is taken. The words are for whoever asked.
    #[error("{0}")]
    Refused(String),
}

/// What a look at the store found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreReport {
    /// What kind it is, without secrets, such as `SQLite 3.50, data/qrseal.db`.
    pub kind: String,
    /// The number of the newest migration that was applied.
    pub schema_version: u64,
    /// How far this machine's clock is ahead of the store's, in seconds; 0 where they are the same clock.
    pub clock_ahead_secs: i64,
    /// The newest time at which the ledger saw anything happen, if it did. A clock that is behind it was ahead then, or is
    /// wrong now.
    pub newest_at: Option<UnixTime>,
    /// The latest expiry that was purged, if any was: what is stateful and ends at or before it never opens.
    pub purged_to: Option<UnixTime>,
    /// What is wrong, if anything is, in words for the operator.
    pub problems: Vec<String>,
    /// What is as it is and worth knowing, such as a promise that is not in force.
    pub notes: Vec<String>,
}
