//! What a row of the store keeps sealed, so that whoever has only the database neither reads nor changes it.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, aead::inout::InOutBuf};
use zeroize::Zeroizing;

use super::{
    id::Nonce,
    keyring::Keyring,
    layout::{TAG_BYTES, VERSION},
    slot::Slot,
};

/// Label of the associated data.
const ROW_LABEL: &[u8] = b"qrseal/v1/row";

/// Where a sealed value stands. It opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct RowPlace<'a> {
    /// Table and column, such as `audit.details`.
    pub column: &'static str,
    /// The row's id.
    pub id: &'a [u8],
    /// What else the row says and must not be changed without the key.
    pub beside: &'a [&'a [u8]],
}

/// Why a value of a row does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The slot has no secret: it was destroyed.
    #[error("its key was destroyed")]
    KeyGone,
    /// The row was not sealed like this with this keyring.
    #[error("it was not sealed like this with this keyring")]
    Damaged,
}

impl Keyring {
    /// Seals what a row keeps (AES-256-GCM): nonce, ciphertext, tag. The key is `HKDF-Expand(PRK, "qrseal/v1/row" | byte 0,
    /// 32)`, the associated data say the place and the audience, each part behind its length. `None` if the slot has no
    /// secret.
    #[must_use]
    pub fn seal_row(
        &self,
        slot: Slot,
        place: RowPlace<'_>,
        plain: &[u8],
        nonce: Nonce,
    ) -> Option<Vec<u8>> {
        let key = self.row_key(slot)?;
        let nonce = nonce.into_bytes();
        let mut sealed = Vec::with_capacity(Nonce::BYTES + plain.len() + TAG_BYTES);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let text = InOutBuf::from(&mut sealed[Nonce::BYTES..]);
        let tag = key
            .encrypt_inout_detached(&nonce.into(), &self.row_data(place), text)
            .expect("a row is shorter than 64 GiB");
        sealed.extend_from_slice(&tag);
        Some(sealed)
    }

    /// What [`Keyring::seal_row`] sealed, if it stands where it stood.
    ///
    /// # Errors
    /// [`RowError`]
    pub fn open_row(
        &self,
        slot: Slot,
        place: RowPlace<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RowError> {
        let key = self.row_key(slot).ok_or(RowError::KeyGone)?;
        let (nonce, rest) = sealed
            .split_first_chunk::<{ Nonce::BYTES }>()
            .ok_or(RowError::Damaged)?;
        let (text, tag) = rest
            .split_last_chunk::<TAG_BYTES>()
            .ok_or(RowError::Damaged)?;
        let mut plain = Zeroizing::new(text.to_vec());
        let text = InOutBuf::from(plain.as_mut_slice());
        key.decrypt_inout_detached(
            &(*nonce).into(),
            &self.row_data(place),
            text,
            &(*tag).into(),
        )
        .map_err(|_| RowError::Damaged)?;
        Ok(plain)
    }

    fn row_key(&self, slot: Slot) -> Option<Aes256Gcm> {
        let derivation = self.key(slot)?.derivation()?;
        let key = derivation.row_key(VERSION << Slot::BITS | u8::from(slot));
        Some(Aes256Gcm::new(&(*key).into()))
    }

    fn row_data(&self, place: RowPlace<'_>) -> Vec<u8> {
        let mut data = ROW_LABEL.to_vec();
        let parts = [
            place.column.as_bytes(),
            place.id,
            self.audience().as_bytes(),
        ];
        for part in parts.iter().chain(place.beside) {
            let length = u64::try_from(part.len()).expect("no memory holds 2^64 bytes");
            data.extend_from_slice(&length.to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    const PLACE: RowPlace<'static> = RowPlace {
        column: "audit.details",
        id: &[7; 12],
        beside: &[b"key:3", b"revoke"],
    };

    fn keyring(audience: &str) -> Keyring {
        Keyring::with_first_key(audience, Secret::from([7; 32]), TOKEN_EPOCH).unwrap()
    }

    #[test]
    fn a_value_opens_where_it_was_sealed_and_nowhere_else() {
        let (keyring, slot) = (keyring("a"), Slot::try_from(0).unwrap());
        let sealed = keyring
            .seal_row(slot, PLACE, b"lost", Nonce::from([9; 12]))
            .unwrap();
        assert_eq!(*keyring.open_row(slot, PLACE, &sealed).unwrap(), b"lost");
        let elsewhere = [
            RowPlace {
                column: "visits.details",
                ..PLACE
            },
            RowPlace {
                id: &[8; 12],
                ..PLACE
            },
            RowPlace {
                beside: &[b"key:3r", b"evoke"],
                ..PLACE
            },
            RowPlace {
                beside: &[b"key:3"],
                ..PLACE
            },
        ];
        for place in elsewhere {
            let opened = keyring.open_row(slot, place, &sealed);
            assert_eq!(opened.unwrap_err(), RowError::Damaged, "{place:?}");
        }
        let other = self::keyring("b").open_row(slot, PLACE, &sealed);
        assert_eq!(other.unwrap_err(), RowError::Damaged);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(
                keyring.open_row(slot, PLACE, &changed).is_err(),
                "byte {at}"
            );
            assert!(keyring.open_row(slot, PLACE, &sealed[..at]).is_err());
        }
    }

    #[test]
    fn without_its_key_a_value_is_gone() {
        let mut keyring = keyring("a");
        let slot = keyring.add(Secret::from([8; 32]), TOKEN_EPOCH).unwrap();
        let sealed = keyring
            .seal_row(slot, PLACE, b"", Nonce::from([9; 12]))
            .unwrap();
        keyring.disable(slot).unwrap();
        assert!(keyring.open_row(slot, PLACE, &sealed).is_ok());
        keyring.destroy(slot).unwrap();
        let gone = keyring.open_row(slot, PLACE, &sealed);
        assert_eq!(gone.unwrap_err(), RowError::KeyGone);
        assert_eq!(
            keyring.seal_row(slot, PLACE, b"", Nonce::from([9; 12])),
            None
        );
    }
}
