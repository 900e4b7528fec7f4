//! Sealing for a request: a fresh nonce, a PIN if one is wanted, and never twice for one idempotency key.

use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::http::admission::{Caller, rates};
use crate::http::edge::AboutToken;
use crate::http::extract::{IdempotencyKey, Options, WantedPin};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::Route;
use crate::http::state::{self, App};
use crate::issuing::{IssueToken, IssuedToken, issue, issued_before};
use crate::limits::Subject;
use crate::payload::Document;
use crate::random;
use crate::store::{IssueRecord, Remembered};
use crate::token::{Keyring, Nonce, Pin, SealedToken, Slot, pin_salt};

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
        caller: Caller,
        body: &Bytes,
    ) -> Option<Self> {
        let key = key?;
        let caller = match caller {
            Caller::ApiKey(id) => format!("API key {}", id.0),
            Caller::Local => "local".to_owned(),
            Caller::Anyone => "anyone".to_owned(),
        };
        let hash = Sha256::new_with_prefix("qrseal/v1/idempotency-key\0")
            .chain_update(caller)
            .chain_update("\0")
            .chain_update(key);
        Some(Self {
            key_hash: hash.finalize().into(),
            route: Route::find(request.method(), request.match_info().as_str())
                .map_or("", |row| row.path),
            query: request.query_string().to_owned(),
            body: body.clone(),
        })
    }

    /// What the store keeps of the request, under the key of the slot that sealed the token.
    fn digest(&self, keyring: &Keyring, slot: Slot) -> Option<[u8; 32]> {
        let data: [&[u8]; 3] = [self.route.as_bytes(), self.query.as_bytes(), &self.body];
        keyring.ledger_digest(slot, "idempotency", &data)
    }
}

/// Who wants a document sealed, and how much that counts.
#[derive(Debug, Clone, Copy)]
pub struct IssueCharge {
    /// Whose rates and quotas it counts against.
    pub subject: Subject,
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
        return replay(request, &keyring, once, digest, token, &asked, options);
    }
    // What is issued anew counts; an answer that is given again does not.
    rates::take_issue_quota(request, &keyring, by.subject, by.body_bytes).await?;
    let now = state::now();
    let nonce = Nonce::from(*random::bytes()?);
    let pin = match &options.pin {
        None => None,
        Some(WantedPin::Given(pin)) => Some(pin.clone()),
        Some(WantedPin::Generated) => Some(generate_pin()?),
    };
    let hash = match &pin {
        Some(pin) => {
            let salt = pin_salt(&keyring, &nonce, now).map_err(crate::issuing::IssueError::from)?;
            Some(app.pins.permit()?.hash(pin.clone(), salt).await?)
        }
        None => None,
    };
    let issued = issue(app.issuer(&keyring), &asked, hash.as_ref(), nonce, now)?;
    if let Some(once) = once {
        let record = IssueRecord {
            key_hash: once.key_hash,
            digest: once
                .digest(&keyring, issued.token.slot())
                .ok_or_else(|| Problem::new(ProblemCode::Internal))?,
            token: issued.token.as_bytes().to_vec(),
            now,
        };
        // Durable before the token leaves. Another request with the same key may have been faster: its token counts then, and
        // this one is never seen.
        if let Remembered::Before { digest, token } = app.store.remember_issue(record).await? {
            return replay(request, &keyring, once, digest, token, &asked, options);
        }
    }
    leave_id(request, &issued);
    Ok(Sealed {
        issued,
        pin: pin.filter(|_| matches!(options.pin, Some(WantedPin::Generated))),
        replayed: false,
    })
}

/// The token that the same request got before.
fn replay(
    request: &HttpRequest,
    keyring: &Keyring,
    once: &IdempotentRequest,
    digest: [u8; 32],
    token: Vec<u8>,
    asked: &IssueToken,
    options: &Options,
) -> Result<Sealed, Problem> {
    let conflict = |detail: &str| Problem::new(ProblemCode::IdempotencyConflict).detail(detail);
    let gone = "The key that sealed the token of the first request was disabled or destroyed.";
    let (token, codec) = SealedToken::replay(keyring, token).map_err(|_| conflict(gone))?;
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
    let issued = issued_before(App::of(request).issuer(keyring), asked, token, codec)?;
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
