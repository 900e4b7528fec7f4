//! Sealing for a request: a fresh nonce, a PIN if one is wanted, and never twice for one idempotency key.

use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::http::admission::{Caller, rates};
use crate::http::client;
use crate::http::edge::AboutToken;
use crate::http::extract::{IdempotencyKey, Options, WantedPin};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::routes::Route;
use crate::http::state::{self, App};
use crate::issuing::{
    FreshToken, IssueError, IssueToken, IssuedToken, Storage, fits_inline, issue, issue_stored,
    issued_before, pin_salt_of_stored, remembered_token, row_of_request, stored_before,
};
use crate::limits::Subject;
use crate::payload::Document;
use crate::principal::Principal;
use crate::random;
use crate::store::{IssueRecord, Remembered};
use crate::token::{
    Keyring, Nonce, Pin, PinHash, PinSalt, SealedToken, Slot, StoredToken, UnixTime, pin_salt,
};

/// A token for a request.
pub struct Sealed {
    /// The token.
    pub issued: IssuedToken,
    /// Its PIN, if it was drawn just now: it is given once.
    pub pin: Option<Pin>,
    /// Whether an earlier request got the same token.
    pub replayed: bool,
}

/// A request that may be sent again: its key, and all that must be the same then.
pub struct IdempotentRequest {
    key: Zeroizing<String>,
    key_hash: [u8; 32],
    route: &'static str,
    query: String,
    body: Bytes,
}

impl IdempotentRequest {
    /// The request, if it has an idempotency key. Keys of different callers never meet.
    pub fn of(
        request: &HttpRequest,
        IdempotencyKey(key): IdempotencyKey,
        by: Caller,
        body: &Bytes,
    ) -> Option<Self> {
        let key = key?;
        let caller = match by {
            Caller::ApiKey(id) => format!("API key {}", id.0),
            Caller::Local => "local".to_owned(),
            Caller::Anyone => "anyone".to_owned(),
        };
        let client = match by {
            Caller::Anyone => client_digest(request),
            Caller::ApiKey(_) | Caller::Local => Vec::new(),
        };
        let hash = Sha256::new_with_prefix("qrseal/v1/idempotency-key\0")
            .chain_update(caller)
            .chain_update("\0")
            .chain_update(client)
            .chain_update("\0")
            .chain_update(&key);
        Some(Self {
            key: Zeroizing::new(key),
            key_hash: hash.finalize().into(),
            route: Route::find(request.method(), request.match_info().as_str())
                .map_or("", |row| row.path),
            query: request.query_string().to_owned(),
            body: body.clone(),
        })
    }

    /// The request as the store remembers it, with the token that it gets.
    fn record(
        &self,
        keyring: &Keyring,
        slot: Slot,
        token: Vec<u8>,
        now: UnixTime,
    ) -> Result<IssueRecord, Problem> {
        Ok(IssueRecord {
            key_hash: self.key_hash,
            digest: self
                .digest(keyring, slot)
                .ok_or_else(|| Problem::new(ProblemCode::Internal))?,
            token,
            now,
        })
    }

    /// What the store keeps of the request, under the key of the slot that sealed the token.
    fn digest(&self, keyring: &Keyring, slot: Slot) -> Option<[u8; 32]> {
        let data: [&[u8]; 3] = [self.route.as_bytes(), self.query.as_bytes(), &self.body];
        keyring.ledger_digest(slot, "idempotency", &data)
    }
}

/// The network of a client without an API key, so that strangers never get each other's tokens: a digest under the key of the
/// oldest slot, which stays the same while keys rotate. Addresses are never stored.
fn client_digest(request: &HttpRequest) -> Vec<u8> {
    let network = client::address(request).map(|address| client::network(address).to_string());
    let network = network.unwrap_or_default();
    let keyring = App::of(request).keyring.load();
    let digest = keyring.keys().iter().find_map(|key| {
        keyring.ledger_digest(key.slot(), "idempotency-client", &[network.as_bytes()])
    });
    // Without any secret nothing is issued either.
    digest.map_or_else(Vec::new, |digest| digest.to_vec())
}

/// Who wants a document sealed, and how much that counts.
#[derive(Debug, Clone, Copy)]
pub struct IssueCharge {
    /// Whose rates and quotas it counts against.
    pub subject: Subject,
    /// Who it is.
    pub caller: Caller,
    /// Bytes of the request's body; of the start page's form, of the document and the logo in it.
    pub body_bytes: usize,
}

/// Seals `document` at this moment, or finds what was sealed for the same request before; leaves the token's id for the log.
pub async fn seal(
    request: &HttpRequest,
    by: IssueCharge,
    document: Document,
    options: &Options,
    once: Option<&IdempotentRequest>,
) -> Result<Sealed, Problem> {
    let app = App::of(request);
    rates::take_issue_bytes(request, by.subject, by.body_bytes)?;
    // One keyring from the PIN's salt to the seal, whatever is reloaded meanwhile.
    let keyring = app.keyring.load_full();
    let asked = IssueToken {
        document,
        expires_in: options.expires_in,
        max_opens: options.max_opens,
        packing: options.packing,
        level: options.look.level,
    };
    if let Some(once) = once
        && let Remembered::Before { digest, token } =
            app.store.issue_of(once.key_hash, state::now()).await?
    {
        return replay(request, &keyring, once, (digest, token), &asked, options).await;
    }
    // What is issued anew counts; an answer that is given again does not.
    rates::take_issue_quota(request, &keyring, by.subject, by.body_bytes).await?;
    let pin = match &options.pin {
        None => None,
        Some(WantedPin::Given(pin)) => Some(pin.clone()),
        Some(WantedPin::Generated) => Some(generate_pin()?),
    };
    let work = Work {
        app,
        keyring: &keyring,
        asked: &asked,
        once,
    };
    let done = match wants_store(by.caller, options, &work, pin.is_some())? {
        false => work.seal_inline(pin.as_ref()).await?,
        true => work.store(pin.as_ref(), by.caller).await?,
    };
    let issued = match done {
        Done::New(issued) => issued,
        // Another request with the same key was faster: its token counts, and this one is never seen.
        Done::Before(before) => {
            let once = once.ok_or_else(|| Problem::new(ProblemCode::Internal))?;
            return replay(request, &keyring, once, before, &asked, options).await;
        }
    };
    leave_id(request, &issued);
    Ok(Sealed {
        issued,
        pin: pin.filter(|_| matches!(options.pin, Some(WantedPin::Generated))),
        replayed: false,
    })
}

/// Whether the document goes into the store. Only who can be held to account puts something there: room is not free.
fn wants_store(
    caller: Caller,
    options: &Options,
    work: &Work<'_>,
    with_pin: bool,
) -> Result<bool, Problem> {
    match (options.storage, caller) {
        (Storage::Inline, _) | (Storage::Auto, Caller::Anyone) => Ok(false),
        (Storage::Stored, Caller::Anyone) => {
            Err(invalid("/storage", "stored takes an API key here"))
        }
        (Storage::Stored, _) => Ok(true),
        (Storage::Auto, _) => {
            let issuer = work.app.issuer(work.keyring);
            Ok(!fits_inline(issuer, work.asked, with_pin))
        }
    }
}

/// What sealing needs. One keyring from the PIN's salt to the seal, whatever is reloaded meanwhile.
struct Work<'a> {
    app: &'a App,
    keyring: &'a Keyring,
    asked: &'a IssueToken,
    once: Option<&'a IdempotentRequest>,
}

/// What came of it.
enum Done {
    New(IssuedToken),
    /// Digest and token of the same request before.
    Before(([u8; 32], Vec<u8>)),
}

impl Work<'_> {
    async fn seal_inline(&self, pin: Option<&Pin>) -> Result<Done, Problem> {
        let (now, nonce) = (state::now(), Nonce::from(*random::bytes()?));
        let hash = match pin {
            Some(pin) => {
                let salt = pin_salt(self.keyring, &nonce, now).map_err(IssueError::from)?;
                Some(self.hash(pin, salt).await?)
            }
            None => None,
        };
        let issuer = self.app.issuer(self.keyring);
        let issued = issue(issuer, self.asked, hash.as_ref(), nonce, now)?;
        if let Some(once) = self.once {
            let token = issued.token.as_bytes().to_vec();
            let record = once.record(self.keyring, issued.token.slot(), token, now)?;
            // Durable before the token leaves.
            if let Remembered::Before { digest, token } =
                self.app.store.remember_issue(record).await?
            {
                return Ok(Done::Before((digest, token)));
            }
        }
        Ok(Done::New(issued))
    }

    async fn store(&self, pin: Option<&Pin>, caller: Caller) -> Result<Done, Problem> {
        let now = state::now();
        let fresh = FreshToken {
            token: StoredToken::new(self.keyring, *random::bytes()?),
            nonce: Nonce::from(*random::bytes()?),
        };
        let hash = match pin {
            Some(pin) => {
                let salt = pin_salt_of_stored(self.keyring, &fresh, now)?;
                Some(self.hash(pin, salt).await?)
            }
            None => None,
        };
        let issuer = self.app.issuer(self.keyring);
        let ready = issue_stored(issuer, self.asked, hash.as_ref(), fresh, now)?;
        let request = match self.once {
            None => None,
            Some(once) => {
                let nonce = Nonce::from(*random::bytes()?);
                let row = row_of_request(self.keyring, ready.token(), &once.key, nonce)
                    .ok_or_else(|| Problem::new(ProblemCode::Internal))?;
                Some(once.record(self.keyring, ready.token().slot(), row, now)?)
            }
        };
        // Durable before the token leaves: a code that was given out leads somewhere.
        let new = ready.new_record(principal(caller), request);
        match self.app.store.add_record(new).await? {
            Remembered::New => Ok(Done::New(ready.issued)),
            Remembered::Before { digest, token } => Ok(Done::Before((digest, token))),
        }
    }

    async fn hash(&self, pin: &Pin, salt: PinSalt) -> Result<PinHash, Problem> {
        Ok(self.app.pins.permit()?.hash(pin.clone(), salt).await?)
    }
}

fn principal(caller: Caller) -> Principal {
    match caller {
        Caller::ApiKey(id) => Principal::Key(id.0),
        Caller::Local => Principal::Local,
        Caller::Anyone => Principal::Anonymous,
    }
}

/// The token that the same request got before.
async fn replay(
    request: &HttpRequest,
    keyring: &Keyring,
    once: &IdempotentRequest,
    (digest, row): ([u8; 32], Vec<u8>),
    asked: &IssueToken,
    options: &Options,
) -> Result<Sealed, Problem> {
    let conflict = |detail: &str| Problem::new(ProblemCode::IdempotencyConflict).detail(detail);
    let gone = "The key that sealed the token of the first request was disabled or destroyed.";
    let app = App::of(request);
    let issuer = app.issuer(keyring);
    let issued = match remembered_token(keyring, &row, &once.key) {
        None => {
            let token = SealedToken::replay(keyring, row).map_err(|_| conflict(gone))?;
            issued_before(issuer, asked, token.0, token.1)?
        }
        Some(token) => {
            let token = token.ok_or_else(|| conflict(gone))?;
            let row = app.store.record(token.id()).await?;
            let row = row.ok_or_else(|| {
                conflict("The document of the first request was stored, and has ended.")
            })?;
            stored_before(issuer, asked, &token, &row)?
        }
    };
    let token = &issued.token;
    let expected = once
        .digest(keyring, token.slot())
        .ok_or_else(|| conflict(gone))?;
    if !bool::from(expected.ct_eq(&digest)) {
        return Err(conflict(
            "The key was used within the last day for a request with another address, query or body.",
        ));
    }
    let id = token.id();
    if matches!(options.pin, Some(WantedPin::Generated)) {
        return Err(conflict(
            "The token was issued, and its PIN was in the first answer only: nobody keeps it. If that answer did not \
             arrive, issue anew with another key.",
        )
        .member("id", id.to_string())
        .about(Some(id)));
    }
    leave_id(request, &issued);
    Ok(Sealed {
        issued,
        pin: None,
        replayed: true,
    })
}

fn leave_id(request: &HttpRequest, issued: &IssuedToken) {
    let about = AboutToken(issued.token.id());
    request.extensions_mut().insert(about);
}

fn generate_pin() -> Result<Pin, Problem> {
    let random = random::bytes()?;
    Pin::generate(&random).ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))
}
