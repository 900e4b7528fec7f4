//! Sealing for a request over HTTP: who asks, what it counts as, and whether it may be sent again. The steps are `issuing`'s.

use actix_web::HttpRequest;

use crate::http::admission::{MayIssue, rates};
use crate::http::client;
use crate::http::extract::IdempotencyKey;
use crate::http::options::Options;
use crate::http::problem::{Problem, not_admitted};
use crate::http::request_facts::RequestFacts as _;
use crate::http::route::Route;
use crate::http::state::App;
use crate::issuing::{
    self, IdempotentRequest, IssueToken, Kept, NotSealed, Packed, SealRequest, Sealed, Sealer,
    Storage, share_of_client,
};
use crate::payload::Document;
use crate::principal::Principal;
use crate::profiles::Way;

/// A request to seal a document.
pub struct Sealing<'a> {
    /// The request.
    pub request: &'a HttpRequest,
    /// By what right.
    pub right: &'a MayIssue,
    /// The key with which it may be sent again.
    pub key: IdempotencyKey,
    /// What it is to be.
    pub kept: Kept,
    /// Where the document stands in the body: empty, or a JSON pointer.
    pub document_at: &'static str,
    /// Whether it came by the form of its profile.
    pub way: Way,
    /// What came with it; of the start page's form, nothing.
    pub body: &'a [u8],
    /// Bytes that count; of the start page's form, those of the document and the logo in it.
    pub body_bytes: usize,
}

impl Sealing<'_> {
    /// Seals `document`, or finds what was sealed for the same request before, and makes the `answer` to it; leaves the
    /// token's id for the log.
    pub async fn seal<T, E: From<Problem> + From<NotSealed>>(
        self,
        document: Document,
        options: &Options,
        answer: impl AsyncFn(&Sealed) -> Result<T, E>,
    ) -> Result<T, E> {
        let app = App::of(self.request);
        let subject = self.right.subject(self.request);
        rates::take_issue_bytes(self.request, subject, self.body_bytes)?;
        if let Some(profile) = &options.profile {
            profile
                .admit(self.right.0, self.way, &document)
                .map_err(|why| not_admitted(why, self.document_at))?;
        }
        let keyring = app.keyring.load_full();
        let token = IssueToken {
            document,
            expires_in: app
                .config
                .issuing
                .longest_life
                .of(options.seal.expires_in)
                .map_err(NotSealed::from)?,
            max_opens: options.seal.max_opens,
            kind: options.kind(),
            packing: options.packing,
            packed: Packed::default(),
            level: options.look.level,
        };
        let keyed = self.key.0.is_some();
        let route = keyed
            .then(|| Route::handling(self.request))
            .flatten()
            .map_or("", |row| row.path);
        let network = || client::address(self.request).map(|at| client::network(at).to_string());
        let once = self.key.0.map(|key| {
            // Of a form, the query is the language of the page.
            let query = match self.way {
                Way::Form => "",
                Way::Request => self.request.query_string(),
            };
            let parts = [route, query].map(str::as_bytes);
            let parts = [parts[0], parts[1], self.body];
            IdempotentRequest::new(key, self.right.0, network().as_deref(), parts, &keyring)
        });
        let share = match self.right.0 {
            Principal::Anonymous => {
                let most_bytes = app.config.limits.stored_bytes_per_client;
                most_bytes.map(|most| share_of_client(&keyring, network().as_deref(), most))
            }
            _ => None,
        };
        let sealer = Sealer {
            issuer: app.issuer(&keyring),
            store: Some(&*app.store),
            pins: &app.pins,
            long: &app.long,
            quota: app.config.limits.per_day(),
            room: &app.room,
            max_inline_version: app.config.symbol.max_inline_version,
        };
        let wanted = SealRequest {
            token: &token,
            storage: match self.kept {
                Kept::Document => options.seal.storage.unwrap_or_default(),
                Kept::Link { .. } => Storage::Stored,
            },
            kept: self.kept,
            pin: options.seal.pin.as_ref(),
            made_by: self.right.0,
            note: options.seal.note.as_ref(),
            // What a person makes stands under theirs.
            remember: options.seal.remember || matches!(self.right.0, Principal::Account(_)),
            share,
            charge: Some((subject, u64::try_from(self.body_bytes).unwrap_or(u64::MAX))),
            idempotent: once.as_ref(),
        };
        // Boxed, so that no one piece of what a request carries is more than an allocator has at hand.
        Box::pin(issuing::seal(&sealer, &wanted, async |sealed| {
            self.request.leave_token(sealed.issued.token.id());
            answer(sealed).await
        }))
        .await
    }
}
