//! A request that may be sent again.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::principal::Principal;
use crate::store::{Made, RequestKind, RequestRecord};
use crate::token::{Keyring, Slot, UnixTime};

/// A request that may be sent again: its key, and all that must be the same then.
pub struct IdempotentRequest<'a> {
    key: Zeroizing<String>,
    key_hash: [u8; 32],
    parts: [&'a [u8]; 3],
}

impl<'a> IdempotentRequest<'a> {
    /// The request of `caller` with this `Idempotency-Key`. Keys of different callers never meet; strangers are told apart by
    /// the network that they come from. `parts` are the route, the query and the body.
    #[must_use]
    pub fn new(
        key: String,
        caller: Principal,
        network: Option<&str>,
        parts: [&'a [u8]; 3],
        keyring: &Keyring,
    ) -> Self {
        let client = match caller {
            Principal::Anonymous => {
                client_digest(keyring, "idempotency-client", network.unwrap_or_default()).to_vec()
            }
            _ => Vec::new(),
        };
        let caller = match caller {
            Principal::Key(number) => format!("API key {number}"),
            Principal::Anonymous => "anyone".to_owned(),
            caller => caller.to_string(),
        };
        let hash = Sha256::new_with_prefix("qrseal/v1/idempotency-key\0")
            .chain_update(caller)
            .chain_update("\0")
            .chain_update(client)
            .chain_update("\0")
            .chain_update(&key);
        Self {
            key: Zeroizing::new(key),
            key_hash: hash.finalize().into(),
            parts,
        }
    }

    /// The `Idempotency-Key`.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// By what the store finds the request.
    pub(super) fn key_hash(&self) -> [u8; 32] {
        self.key_hash
    }

    /// The request as the store remembers it, with what it gets: of a token its bytes, as they travel or sealed. None if the
    /// slot's secret is gone.
    pub(crate) fn record(
        &self,
        keyring: &Keyring,
        slot: Slot,
        (kind, which): (RequestKind, Vec<u8>),
        now: UnixTime,
    ) -> Option<RequestRecord> {
        Some(RequestRecord {
            key_hash: self.key_hash,
            made: Made {
                digest: self.digest(keyring, slot)?,
                kind,
                which,
            },
            now,
        })
    }

    /// Whether `digest` was made of the same request. None if the slot's secret is gone.
    pub(crate) fn is(&self, digest: &[u8; 32], keyring: &Keyring, slot: Slot) -> Option<bool> {
        let expected = self.digest(keyring, slot)?;
        Some(expected.ct_eq(digest).into())
    }

    /// What the store keeps of the request, under the key of the slot that sealed the token.
    fn digest(&self, keyring: &Keyring, slot: Slot) -> Option<[u8; 32]> {
        keyring.ledger_digest(slot, "idempotency", &self.parts)
    }
}

/// The secret of a batch that may be sent again: the same for the same caller and `Idempotency-Key`, and known to nobody but
/// who has the keyring.
#[must_use]
pub fn run_secret(
    keyring: &Keyring,
    caller: Principal,
    network: Option<&str>,
    key: &str,
) -> [u8; 32] {
    let network = match caller {
        Principal::Anonymous => network.unwrap_or_default(),
        _ => "",
    };
    client_digest(keyring, "batch-run", &format!("{caller}\0{network}\0{key}"))
}

/// The network of a stranger, by what it is for: a digest under the key of the oldest slot, which stays the same while keys rotate. Addresses
/// are never stored.
pub(super) fn client_digest(keyring: &Keyring, label: &'static str, network: &str) -> [u8; 32] {
    let digest = keyring
        .keys()
        .iter()
        .find_map(|key| keyring.ledger_digest(key.slot(), label, &[network.as_bytes()]));
    // Without any secret nothing is issued either.
    digest.unwrap_or_default()
}
