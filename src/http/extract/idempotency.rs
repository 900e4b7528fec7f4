//! `Idempotency-Key`: a client that does not know whether its request arrived sends it again with the same key. A form of ours brings
//! one along.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::http::problem::{Problem, invalid};
use crate::random;

const NAME: HeaderName = HeaderName::from_static("idempotency-key");

/// Bytes of what tells one form from another.
const MAX_FORM_ID_BYTES: usize = 64;

/// The key, if there is one: 1 to 255 visible ASCII characters.
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(NAME);
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) if is_key(value.as_bytes()) => {
                let key = String::from_utf8_lossy(value.as_bytes());
                Ok(Self(Some(key.into_owned())))
            }
            _ => Err(invalid(
                "/Idempotency-Key",
                "must be one header of 1 to 255 visible ASCII characters",
            )),
        })
    }
}

impl IdempotencyKey {
    /// The key of what a form of ours sent that has this id: the same form sent twice makes one thing, and whoever goes back and
    /// changes something makes another.
    pub fn of_form(id: &str, sent: &[&[u8]]) -> Self {
        Self(is_form_id(id).then(|| {
            let mut digest = Sha256::new();
            for part in sent {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
            format!("{id}.{}", URL_SAFE_NO_PAD.encode(digest.finalize()))
        }))
    }
}

/// Whether a value can be what tells one form from another.
pub fn is_form_id(value: &str) -> bool {
    value.len() <= MAX_FORM_ID_BYTES && is_key(value.as_bytes())
}

/// Whether a value can be such a key.
fn is_key(value: &[u8]) -> bool {
    (1..=255).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic)
}

/// What tells one form from another, so that the same one sent twice is known. Without random numbers, in which case nothing is made
/// either, it is empty.
pub fn form_id() -> String {
    random::bytes::<16>()
        .map(|bytes| URL_SAFE_NO_PAD.encode(*bytes))
        .unwrap_or_default()
}
