//! A store as workers: connections with jobs that wait for them, on a thread of their own.
//!
//! Belongs here: which worker an operation takes, and transactions. Does not belong here: SQL (see `sql`), and what is
//! particular to one database (see [`Database`]).
//!
//! One thread owns all connections: callers live on runtimes that come and go. Writes that wait at the same time are
//! committed together.

mod job;
mod running;
mod together;
mod worker;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use self::job::{Kind, Rows, Work, first_of, of_list, of_token};
pub(super) use self::running::SqlStore;
use self::running::{Workers, send};
use super::database::{Database, Later};
use super::sql::{
    accounts, api_keys, audit, check_in_rows, check_ins, epoch, events, handing, inside, links,
    list_tidying, lists, nodes, opens, passes, pins, purge, quotas, receipts, records, reports,
    requests, revocations, second_factors, sessions, undoing, visits,
};
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
    SessionRecord, SessionUse, SetPassword, SignIn, SignInGate, SignInTry, Standing, Store,
    StoreError, StoreFuture, StoreReport, StoredRecord, TargetId, UndoCheckIn, UndoneCheckIn,
    UsePass, VisitRecord, WaitingEvent,
};
use crate::token::{Slot, TokenId, UnixTime};

impl<D: Database> Store for SqlStore<D> {
    fn count_open(&self, mut attempt: OpenAttempt) -> StoreFuture<'_, OpenOutcome> {
        attempt.now = self.decides(attempt.now);
        self.write(Some(of_token(attempt.token.id)), move |conn| {
            Box::pin(opens::count_open(conn, attempt))
        })
    }

    fn spend_pin_try(&self, mut attempt: PinTry) -> StoreFuture<'_, PinGate> {
        attempt.now = self.decides(attempt.now);
        self.write(Some(of_token(attempt.token.id)), move |conn| {
            Box::pin(pins::spend_pin_try(conn, attempt))
        })
    }

    fn forgive_pin_try(&self, id: TokenId, network: NetworkTag) -> StoreFuture<'_, ()> {
        self.write(Some(of_token(id)), move |conn| {
            Box::pin(pins::forgive_network(conn, id, network))
        })
    }

    fn reset_pin(&self, id: TokenId, now: UnixTime, audit: AuditRow) -> StoreFuture<'_, bool> {
        let now = self.decides(now);
        self.write(Some(of_token(id)), move |conn| {
            Box::pin(pins::reset_pin(conn, id, now, audit.clone()))
        })
    }

    fn receipt(&self, id: TokenId) -> StoreFuture<'_, Option<LedgerEntry>> {
        self.read(move |conn| Box::pin(receipts::receipt(conn, id)))
    }

    fn look(&self, token: LedgerToken, _now: UnixTime) -> StoreFuture<'_, Standing> {
        self.read(move |conn| Box::pin(opens::look(conn, token)))
    }

    fn receipts(&self, mut query: ReceiptQuery) -> StoreFuture<'_, ListedReceipts> {
        query.now = self.decides(query.now);
        self.scan(move |conn| Box::pin(receipts::receipts(conn, query.clone())))
    }

    fn erase_opens(&self, id: TokenId, now: UnixTime, audit: AuditRow) -> StoreFuture<'_, Erased> {
        let now = self.decides(now);
        self.write(Some(of_token(id)), move |conn| {
            Box::pin(opens::erase_opens(conn, id, now, audit.clone()))
        })
    }

    fn revoke(&self, mut revocation: Revocation, audit: AuditRow) -> StoreFuture<'_, Revocation> {
        revocation.at = self.decides(revocation.at);
        self.write_and_tell(Some(of_token(revocation.id)), move |conn| {
            Box::pin(revocations::revoke(conn, revocation.clone(), audit.clone()))
        })
    }

    fn revocations(&self, cursor: RevocationCursor) -> StoreFuture<'_, RevocationBatch> {
        let (database, ahead) = (self.database.clone(), Arc::clone(&self.clock_ahead_secs));
        self.read(move |conn| {
            let (database, ahead) = (database.clone(), Arc::clone(&ahead));
            Box::pin(async move {
                // Every node reads these each second, which is often enough to look at the clocks, too.
                let secs = database.clock_ahead_secs(&mut *conn).await?;
                ahead.store(secs, Ordering::Relaxed);
                revocations::revocations(conn, cursor).await
            })
        })
    }

    fn request_of(&self, key_hash: [u8; 32], now: UnixTime) -> StoreFuture<'_, Remembered> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(requests::request_of(conn, key_hash, now)))
    }

    fn remember_request(&self, mut record: RequestRecord) -> StoreFuture<'_, Remembered> {
        record.now = self.decides(record.now);
        self.write(
            Some(first_of(Rows::Request, &record.key_hash)),
            move |conn| Box::pin(requests::remember_request(conn, record.clone())),
        )
    }

    fn add_record(&self, mut new: NewRecord) -> StoreFuture<'_, AddedRecord> {
        new.now = self.decides(new.now);
        if let Some(request) = &mut new.request {
            request.now = new.now;
        }
        let first = match &new.request {
            Some(request) => first_of(Rows::Request, &request.key_hash),
            None => of_token(new.id),
        };
        self.write(Some(first), move |conn| {
            Box::pin(records::add_record(conn, new.clone()))
        })
    }

    fn remember_token(&self, mut new: NewToken) -> StoreFuture<'_, Remembered> {
        new.now = self.decides(new.now);
        if let Some(request) = &mut new.request {
            request.now = new.now;
        }
        let first = match &new.request {
            Some(request) => first_of(Rows::Request, &request.key_hash),
            None => of_token(new.id),
        };
        self.write(Some(first), move |conn| {
            Box::pin(records::remember_token(conn, new.clone()))
        })
    }

    fn replace_record(&self, mut next: NextRecord) -> StoreFuture<'_, bool> {
        next.now = self.decides(next.now);
        self.write(Some(of_token(next.id)), move |conn| {
            Box::pin(records::replace_record(conn, next.clone()))
        })
    }

    fn stored_bytes(&self) -> StoreFuture<'_, u64> {
        self.scan(|conn| Box::pin(records::stored_bytes(conn)))
    }

    fn record(&self, id: TokenId) -> StoreFuture<'_, Option<StoredRecord>> {
        let read = Arc::new(self.record_reads.wait(id));
        self.read(move |conn| -> Work<'_, _> {
            let read = Arc::clone(&read);
            Box::pin(async move { read.run(conn).await })
        })
    }

    fn report(&self, mut report: NewReport) -> StoreFuture<'_, bool> {
        report.now = self.decides(report.now);
        self.write(Some(of_token(report.id)), move |conn| {
            Box::pin(reports::report(conn, report))
        })
    }

    fn reports(&self, query: ReportQuery) -> StoreFuture<'_, Vec<ReportedToken>> {
        self.scan(move |conn| Box::pin(reports::reports(conn, query)))
    }

    fn dismiss_reports(&self, id: TokenId, audit: AuditRow) -> StoreFuture<'_, bool> {
        self.write(Some(of_token(id)), move |conn| {
            Box::pin(reports::dismiss_reports(conn, id, audit.clone()))
        })
    }

    fn change_link(&self, mut change: LinkChange) -> StoreFuture<'_, ChangedLink> {
        change.now = self.decides(change.now);
        self.write(Some(of_token(change.id)), move |conn| {
            Box::pin(links::change_link(conn, change.clone()))
        })
    }

    fn links(&self, mut query: LinkQuery) -> StoreFuture<'_, ListedLinks> {
        query.now = self.decides(query.now);
        self.scan(move |conn| Box::pin(links::links(conn, query.clone())))
    }

    fn add_scans(&self, mut counts: Vec<ScanCount>) -> StoreFuture<'_, ()> {
        // Every node takes the rows in the same order.
        counts.sort_unstable_by_key(|count| {
            (*count.id.as_bytes(), count.hour, count.device, count.bot)
        });
        self.write(None, move |conn| {
            Box::pin(links::add_scans(conn, counts.clone()))
        })
    }

    fn scans(&self, query: ScanQuery) -> StoreFuture<'_, Vec<ScanSum>> {
        self.scan(move |conn| Box::pin(links::scans(conn, query.clone())))
    }

    fn purge_scans(&self, before: UnixTime) -> StoreFuture<'_, bool> {
        /// Rows that one transaction takes out.
        const BATCH: i64 = 500;
        self.write(None, move |conn| {
            Box::pin(async move {
                let gone = links::purge_scans(conn, before, BATCH).await?;
                Ok(gone >= BATCH.unsigned_abs())
            })
        })
    }

    fn add_list(&self, mut new: NewList) -> StoreFuture<'_, Remembered> {
        new.now = self.decides(new.now);
        if let Some(request) = &mut new.request {
            request.now = new.now;
        }
        let first = match &new.request {
            Some(request) => first_of(Rows::Request, &request.key_hash),
            None => of_list(new.id),
        };
        self.write(Some(first), move |conn| {
            Box::pin(lists::add_list(conn, new.clone()))
        })
    }

    fn list(&self, id: ListId) -> StoreFuture<'_, Option<ListRecord>> {
        self.read(move |conn| Box::pin(lists::list(conn, id)))
    }

    fn lists(&self, query: ListQuery) -> StoreFuture<'_, ListedLists> {
        self.scan(move |conn| Box::pin(lists::lists(conn, query.clone())))
    }

    fn change_list(&self, mut change: ChangeList) -> StoreFuture<'_, ChangedList> {
        change.now = self.decides(change.now);
        self.write(Some(of_list(change.id)), move |conn| {
            Box::pin(lists::change_list(conn, change.clone()))
        })
    }

    fn gate_counts(&self, id: ListId) -> StoreFuture<'_, Vec<GateCounts>> {
        self.read(move |conn| Box::pin(lists::gate_counts(conn, id)))
    }

    fn check_in(&self, mut request: CheckIn) -> StoreFuture<'_, CheckedIn> {
        request.now = self.decides(request.now);
        self.write(Some(of_list(request.list)), move |conn| {
            Box::pin(check_ins::check_in(conn, request.clone()))
        })
    }

    fn undo_check_in(&self, mut request: UndoCheckIn) -> StoreFuture<'_, UndoneCheckIn> {
        request.now = self.decides(request.now);
        self.write(Some(of_list(request.list)), move |conn| {
            Box::pin(undoing::undo_check_in(conn, request.clone()))
        })
    }

    fn find_check_in(&self, wanted: FindCheckIn) -> StoreFuture<'_, Option<FoundCheckIn>> {
        self.read(move |conn| Box::pin(check_in_rows::find_check_in(conn, wanted.clone())))
    }

    fn check_ins(&self, query: CheckInQuery) -> StoreFuture<'_, (Vec<CheckInRecord>, Option<u64>)> {
        self.scan(move |conn| Box::pin(check_in_rows::check_ins(conn, query.clone())))
    }

    fn exit_all(&self, request: ExitAll) -> StoreFuture<'_, bool> {
        self.write(Some(of_list(request.list)), move |conn| {
            Box::pin(list_tidying::exit_all(conn, request))
        })
    }

    fn visit(&self, entry: CheckInId) -> StoreFuture<'_, Option<VisitRecord>> {
        self.read(move |conn| Box::pin(visits::visit(conn, entry)))
    }

    fn presence(&self, query: PresenceQuery) -> StoreFuture<'_, (Vec<Presence>, Option<u64>)> {
        self.scan(move |conn| Box::pin(visits::presence(conn, query)))
    }

    fn inside(&self, query: InsideQuery) -> StoreFuture<'_, (Vec<Inside>, Option<TokenId>)> {
        self.scan(move |conn| Box::pin(inside::inside(conn, query)))
    }

    fn erase_visits(&self, request: EraseVisits) -> StoreFuture<'_, u64> {
        self.write(Some(of_list(request.list)), move |conn| {
            Box::pin(visits::erase_visits(conn, request.clone()))
        })
    }

    fn visits_of_slot(
        &self,
        slot: Slot,
        after: Option<CheckInId>,
        limit: u32,
    ) -> StoreFuture<'_, Vec<VisitRecord>> {
        self.scan(move |conn| Box::pin(visits::visits_of_slot(conn, slot, after, limit)))
    }

    fn count_visits(&self, slot: Slot) -> StoreFuture<'_, u64> {
        self.scan(move |conn| Box::pin(visits::count_visits(conn, slot)))
    }

    fn reseal_visit(
        &self,
        entry: CheckInId,
        from: Slot,
        sealed: SealedVisit,
    ) -> StoreFuture<'_, bool> {
        self.write(None, move |conn| {
            Box::pin(visits::reseal_visit(conn, entry, from, sealed.clone()))
        })
    }

    fn forget_check_ins(&self, list: ListId, before: UnixTime) -> StoreFuture<'_, u64> {
        self.write(Some(of_list(list)), move |conn| {
            Box::pin(list_tidying::forget_check_ins(conn, list, before))
        })
    }

    fn next_pass_id(&self) -> StoreFuture<'_, PassId> {
        self.write(None, |conn| Box::pin(passes::next_pass_id(conn)))
    }

    fn add_pass(&self, mut new: NewPass) -> StoreFuture<'_, bool> {
        new.now = self.decides(new.now);
        self.write(Some(of_list(new.list)), move |conn| {
            Box::pin(passes::add_pass(conn, new.clone()))
        })
    }

    fn find_pass(&self, wanted: FindPass, now: UnixTime) -> StoreFuture<'_, Option<PassRecord>> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(passes::find_pass(conn, wanted, now)))
    }

    fn passes(&self, query: PassQuery) -> StoreFuture<'_, (Vec<PassRecord>, Option<PassId>)> {
        self.scan(move |conn| Box::pin(passes::passes(conn, query)))
    }

    fn use_pass(&self, mut request: UsePass) -> StoreFuture<'_, bool> {
        request.now = self.decides(request.now);
        self.write(None, move |conn| {
            Box::pin(passes::use_pass(conn, request.clone()))
        })
    }

    fn revoke_pass(&self, mut request: RevokePass) -> StoreFuture<'_, Option<PassRecord>> {
        request.now = self.decides(request.now);
        self.write(None, move |conn| {
            Box::pin(passes::revoke_pass(conn, request.clone()))
        })
    }

    fn purge_lists(&self, now: UnixTime) -> StoreFuture<'_, u64> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            Box::pin(list_tidying::purge_lists(conn, now))
        })
    }

    fn take_quota(&self, mut take: QuotaTake) -> StoreFuture<'_, QuotaOutcome> {
        take.now = self.decides(take.now);
        self.write(Some(first_of(Rows::Quota, &take.subject)), move |conn| {
            Box::pin(quotas::take_quota(conn, take.clone()))
        })
    }

    fn next_api_key_id(&self) -> StoreFuture<'_, ApiKeyId> {
        self.write(None, |conn| Box::pin(api_keys::next_api_key_id(conn)))
    }

    fn add_api_key(&self, key: NewApiKey, audit: AuditRow) -> StoreFuture<'_, ApiKeyRecord> {
        let name = key.name.clone();
        let added = self.write_and_tell(None, move |conn| {
            Box::pin(api_keys::add_api_key(conn, key.clone(), audit.clone()))
        });
        Box::pin(async move {
            added.await?.ok_or_else(|| {
                StoreError::Refused(format!("there is an API key named `{name}` already"))
            })
        })
    }

    fn api_keys(&self) -> StoreFuture<'_, Vec<ApiKeyRecord>> {
        self.read(|conn| Box::pin(api_keys::api_keys(conn)))
    }

    fn disable_api_key(
        &self,
        id: ApiKeyId,
        now: UnixTime,
        audit: AuditRow,
    ) -> StoreFuture<'_, bool> {
        let now = self.decides(now);
        self.write_and_tell(None, move |conn| {
            Box::pin(api_keys::disable_api_key(conn, id, now, audit.clone()))
        })
    }

    fn touch_api_keys(&self, used: Vec<(ApiKeyId, UnixTime)>) -> StoreFuture<'_, ()> {
        self.write(None, move |conn| {
            Box::pin(api_keys::touch_api_keys(conn, used.clone()))
        })
    }

    fn next_account_id(&self) -> StoreFuture<'_, AccountId> {
        self.write(None, |conn| Box::pin(accounts::next_account_id(conn)))
    }

    fn add_account(&self, new: NewAccount, audit: AuditRow) -> StoreFuture<'_, AccountRecord> {
        let name = new.name.clone();
        let added = self.write_and_tell(None, move |conn| {
            Box::pin(accounts::add_account(conn, new.clone(), audit.clone()))
        });
        Box::pin(async move {
            added.await?.ok_or_else(|| {
                StoreError::Refused(format!("there is an account named `{name}` already"))
            })
        })
    }

    fn accounts(&self) -> StoreFuture<'_, Vec<AccountRecord>> {
        self.read(|conn| Box::pin(accounts::accounts(conn)))
    }

    fn account(
        &self,
        wanted: FindAccount,
        now: UnixTime,
    ) -> StoreFuture<'_, Option<AccountRecord>> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(accounts::account(conn, wanted.clone(), now)))
    }

    fn change_account(
        &self,
        mut change: ChangeAccount,
        audit: AuditRow,
    ) -> StoreFuture<'_, ChangedAccount> {
        change.now = self.decides(change.now);
        self.write_and_tell(None, move |conn| {
            Box::pin(accounts::change_account(
                conn,
                change.clone(),
                audit.clone(),
            ))
        })
    }

    fn hand_over(
        &self,
        request: HandOver,
        audit: Option<AuditRow>,
    ) -> StoreFuture<'_, Option<HandedOver>> {
        self.write(None, move |conn| {
            Box::pin(handing::hand_over(conn, request, audit.clone()))
        })
    }

    fn second_factor(&self, account: AccountId) -> StoreFuture<'_, Option<SecondFactorRecord>> {
        self.read(move |conn| Box::pin(second_factors::second_factor(conn, account)))
    }

    fn spend_second_factor_try(
        &self,
        account: AccountId,
        secret: Vec<u8>,
        now: UnixTime,
    ) -> StoreFuture<'_, SignInGate> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            let secret = secret.clone();
            Box::pin(second_factors::spend_second_factor_try(
                conn, account, secret, now,
            ))
        })
    }

    fn change_second_factor(
        &self,
        mut request: ChangeSecondFactor,
        audit: AuditRow,
    ) -> StoreFuture<'_, bool> {
        request.now = self.decides(request.now);
        self.write(None, move |conn| {
            Box::pin(second_factors::change_second_factor(
                conn,
                request.clone(),
                audit.clone(),
            ))
        })
    }

    fn set_password(
        &self,
        mut request: SetPassword,
        audit: AuditRow,
    ) -> StoreFuture<'_, PasswordSet> {
        request.now = self.decides(request.now);
        self.write(None, move |conn| {
            Box::pin(accounts::set_password(conn, request.clone(), audit.clone()))
        })
    }

    fn spend_sign_in_try(&self, mut attempt: SignInTry) -> StoreFuture<'_, SignInGate> {
        attempt.now = self.decides(attempt.now);
        self.write(None, move |conn| {
            Box::pin(sessions::spend_sign_in_try(conn, attempt))
        })
    }

    fn sign_in(&self, mut request: SignIn, audit: AuditRow) -> StoreFuture<'_, bool> {
        request.tries.now = self.decides(request.tries.now);
        self.write(None, move |conn| {
            Box::pin(accounts::sign_in(conn, request.clone(), audit.clone()))
        })
    }

    fn session(
        &self,
        hash: SecretHash,
        now: UnixTime,
    ) -> StoreFuture<'_, Option<(SessionRecord, AccountRecord)>> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(sessions::session(conn, hash, now)))
    }

    fn sessions(&self, account: AccountId, now: UnixTime) -> StoreFuture<'_, Vec<SessionRecord>> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(sessions::sessions(conn, account, now)))
    }

    fn use_session(
        &self,
        hash: SecretHash,
        how: SessionUse,
        now: UnixTime,
    ) -> StoreFuture<'_, bool> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            Box::pin(sessions::use_session(conn, hash, how, now))
        })
    }

    fn end_session(
        &self,
        account: AccountId,
        id: [u8; 12],
        audit: AuditRow,
    ) -> StoreFuture<'_, bool> {
        self.write(None, move |conn| {
            Box::pin(sessions::end_session(conn, account, id, audit.clone()))
        })
    }

    fn add_audit_row(&self, row: AuditRow) -> StoreFuture<'_, ()> {
        self.write(None, move |conn| {
            let row = row.clone();
            Box::pin(async move { audit::add_audit_row(conn, &row).await })
        })
    }

    fn audit_rows(&self, query: AuditQuery) -> StoreFuture<'_, ListedAudit> {
        self.scan(move |conn| Box::pin(audit::audit_rows(conn, query.clone())))
    }

    fn audit_ends(&self) -> StoreFuture<'_, Option<AuditEnds>> {
        self.read(|conn| Box::pin(audit::audit_ends(conn)))
    }

    fn audit_chain(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<FoundAuditRow>> {
        self.scan(move |conn| Box::pin(audit::audit_chain(conn, after, limit)))
    }

    fn unlinked_audit_rows(
        &self,
        after: Option<(UnixTime, AuditId)>,
        limit: u32,
    ) -> StoreFuture<'_, Vec<AuditRow>> {
        self.read(move |conn| Box::pin(audit::unlinked_audit_rows(conn, after, limit)))
    }

    fn link_audit(&self, request: LinkAudit) -> StoreFuture<'_, bool> {
        self.write(None, move |conn| {
            Box::pin(audit::link_audit(conn, request.clone()))
        })
    }

    fn prune_audit(&self, request: PruneAudit) -> StoreFuture<'_, bool> {
        self.write(None, move |conn| {
            Box::pin(audit::prune_audit(conn, request))
        })
    }

    fn take_lease(&self, mut lease: Lease) -> StoreFuture<'_, bool> {
        lease.now = self.decides(lease.now);
        self.write(None, move |conn| Box::pin(audit::take_lease(conn, lease)))
    }

    fn report_node(&self, mut report: NodeReport) -> StoreFuture<'_, ()> {
        report.now = self.decides(report.now);
        self.write(None, move |conn| {
            Box::pin(nodes::report_node(conn, report.clone()))
        })
    }

    fn forget_node(&self, id: [u8; 12]) -> StoreFuture<'_, ()> {
        self.write(None, move |conn| Box::pin(nodes::forget_node(conn, id)))
    }

    fn reopen(&self, audit: AuditRow) -> StoreFuture<'_, bool> {
        self.write(None, move |conn| {
            Box::pin(epoch::reopen(conn, audit.clone()))
        })
    }

    fn name_event_targets(&self, targets: Vec<EventTarget>, now: UnixTime) -> StoreFuture<'_, u64> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            Box::pin(events::name_event_targets(conn, targets.clone(), now))
        })
    }

    fn due_events(
        &self,
        target: TargetId,
        limit: u32,
        now: UnixTime,
    ) -> StoreFuture<'_, Vec<WaitingEvent>> {
        let now = self.decides(now);
        self.scan(move |conn| Box::pin(events::due_events(conn, target, limit, now)))
    }

    fn settle_events(&self, fates: Vec<(EventKey, EventFate)>) -> StoreFuture<'_, ()> {
        self.write(None, move |conn| {
            Box::pin(events::settle_events(conn, fates.clone()))
        })
    }

    fn trim_outbox(&self, most: u64, now: UnixTime) -> StoreFuture<'_, u64> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            Box::pin(events::trim_outbox(conn, most, now))
        })
    }

    fn tell_scans(&self, now: UnixTime) -> StoreFuture<'_, bool> {
        let now = self.decides(now);
        self.write(None, move |conn| Box::pin(events::tell_scans(conn, now)))
    }

    fn waiting_events(&self, limit: u32) -> StoreFuture<'_, Vec<WaitingEvent>> {
        self.scan(move |conn| Box::pin(events::waiting_events(conn, limit)))
    }

    fn redeliver_events(&self, token: Option<TokenId>, now: UnixTime) -> StoreFuture<'_, u64> {
        let now = self.decides(now);
        self.write(None, move |conn| {
            Box::pin(events::redeliver_events(conn, token, now))
        })
    }

    fn outbox_state(&self) -> StoreFuture<'_, OutboxState> {
        self.scan(|conn| Box::pin(events::outbox_state(conn)))
    }

    fn nodes(&self, now: UnixTime) -> StoreFuture<'_, Vec<FoundNode>> {
        let now = self.decides(now);
        self.read(move |conn| Box::pin(nodes::nodes(conn, now)))
    }

    fn purge(&self, now: UnixTime) -> StoreFuture<'_, Purged> {
        let now = self.decides(now);
        self.write(None, move |conn| Box::pin(purge::purge(conn, now)))
    }

    fn changed(&self) -> Later<'_, ()> {
        self.hints.wanted.notify_one();
        Box::pin(self.hints.changed.notified())
    }

    fn clock_ahead_secs(&self) -> i64 {
        self.clock_ahead_secs.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> usize {
        let Workers {
            writes,
            reads,
            scans,
        } = self.workers();
        [writes, reads, scans]
            .map(|jobs| jobs.max_capacity() - jobs.capacity())
            .iter()
            .sum()
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }

    fn check(&self) -> StoreFuture<'_, StoreReport> {
        let database = self.database.clone();
        send(&self.workers().scans, Kind::Look, None, move |conn| {
            let database = database.clone();
            Box::pin(async move { database.check(conn).await })
        })
    }
}
