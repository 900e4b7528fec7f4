//! What makes a row the same row when a run is resumed: the run, its number, and what it says.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::rows::{Row, RowContent};
use crate::hex::hex;
use crate::token::Pin;

/// The secret of a run. Whoever has it can tell the PINs that were drawn in it.
pub struct RunKey(Zeroizing<[u8; 32]>);

/// A row's key in a run.
#[derive(Clone)]
pub struct RowKey(Zeroizing<[u8; 32]>);

/// The digest of what a row says.
pub type RowDigest = [u8; 32];

/// What a row says in a table with these columns, whatever it looked like on the way.
#[must_use]
pub fn digest(row: &Row, columns: &[String]) -> RowDigest {
    let mut digest = Sha256::new();
    match &row.content {
        Ok(RowContent::Cells(cells)) => {
            digest.update((columns.len() as u64).to_be_bytes());
            for text in columns.iter().map(String::as_str).chain(cells) {
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text);
            }
        }
        Ok(RowContent::Json(text)) => digest.update(text),
        Err(why) => digest.update(why),
    }
    digest.finalize().into()
}

impl RunKey {
    /// Of random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// As 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex(&self.0[..]))
    }

    /// From 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 64 || !bytes.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let mut secret = Zeroizing::new([0; 32]);
        for (at, byte) in secret.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(secret))
    }

    /// The key of a row.
    #[must_use]
    pub fn row(&self, number: u64, digest: &RowDigest) -> RowKey {
        RowKey(self.derive(b"row", &[&number.to_be_bytes()[..], digest].concat()))
    }

    /// What tells whether a run was asked for the same, as 64 hexadecimal digits.
    #[must_use]
    pub fn mark(&self, asked: &str) -> String {
        hex(&self.derive(b"asked", asked.as_bytes())[..])
    }

    fn derive(&self, label: &[u8], of: &[u8]) -> Zeroizing<[u8; 32]> {
        mac(&self.0, label, of)
    }
}

impl RowKey {
    /// What stands in a result, and opens nothing: 24 hexadecimal digits.
    #[must_use]
    pub fn shown(&self) -> String {
        hex(&mac(&self.0, b"shown", b"")[..12])
    }

    /// The idempotency key with which the row is sealed.
    #[must_use]
    pub fn idempotency(&self) -> String {
        hex(&mac(&self.0, b"idempotency", b"")[..])
    }

    /// The PIN of the row, as random as the run's secret: the same when the run is resumed.
    #[must_use]
    pub fn pin(&self) -> Option<Pin> {
        let (first, second) = (mac(&self.0, b"pin 1", b""), mac(&self.0, b"pin 2", b""));
        let mut random = Zeroizing::new([0; Pin::RANDOM_BYTES]);
        random[..32].copy_from_slice(&first[..]);
        random[32..].copy_from_slice(&second[..]);
        Pin::generate(&random)
    }
}

fn mac(key: &[u8; 32], label: &[u8], of: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(b"qrseal/batch\0");
    mac.update(label);
    mac.update(b"\0");
    mac.update(of);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_key_and_pin_by_run_number_and_content() {
        let run = RunKey::new([7; 32]);
        let again = RunKey::from_hex(&run.to_hex()).unwrap();
        let key = run.row(1, &[1; 32]);
        assert_eq!(key.shown(), again.row(1, &[1; 32]).shown());
        assert_eq!(
            key.pin().unwrap().as_str(),
            again.row(1, &[1; 32]).pin().unwrap().as_str()
        );
        for other in [
            run.row(2, &[1; 32]),
            run.row(1, &[2; 32]),
            RunKey::new([8; 32]).row(1, &[1; 32]),
        ] {
            assert_ne!(key.shown(), other.shown());
            assert_ne!(key.idempotency(), other.idempotency());
        }
        assert!(RunKey::from_hex("7").is_none() && RunKey::from_hex(&"+f".repeat(32)).is_none());
    }
}
