//! A keyring file that is encrypted: one AEAD over the whole document, under the key-encryption key. `docs/keys.md`, "The
//! encrypted file", describes it.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::{EnvelopeError, KeysError};
use super::kek::Kek;
use super::random;
use crate::token::{HashCost, OutOfMemory, argon2id};

const FORMAT: &str = "qrseal-keyring-1";
const SALT_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// What a passphrase costs to try: 64 MiB and three passes, as a PIN does.
const COST: Stretching = Stretching {
    memory_kib: 65_536,
    passes: 3,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: String,
    /// Only with a passphrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    argon2id: Option<Stretching>,
    salt: String,
    nonce: String,
    sealed: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stretching {
    memory_kib: u32,
    passes: u32,
}

/// Whether these bytes are an encrypted keyring, rather than a plain one or nothing of the kind.
pub(super) fn is_one(json: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Any {
        #[serde(rename = "format")]
        _format: IgnoredAny,
    }
    serde_json::from_slice::<Any>(json).is_ok()
}

/// Encrypts a document.
pub(super) fn seal<E: fmt::Display>(
    document: &[u8],
    kek: &Kek,
    fill: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    if !kek.is_strong() {
        return Err(KeysError::WeakPassphrase);
    }
    let salt = random::bytes::<SALT_BYTES, E>(fill)?;
    let nonce = random::bytes::<NONCE_BYTES, E>(fill)?;
    let stretching = match kek {
        Kek::Key(_) => None,
        Kek::Passphrase(_) => Some(COST),
    };
    let cipher = cipher(kek, stretching, salt.as_slice())?;
    let sealed = cipher
        .encrypt(
            &(*nonce).into(),
            Payload {
                msg: document,
                aad: &associated(stretching),
            },
        )
        .expect("a keyring is far shorter than what AES-GCM takes");
    let envelope = Envelope {
        format: FORMAT.to_owned(),
        argon2id: stretching,
        salt: URL_SAFE_NO_PAD.encode(*salt),
        nonce: URL_SAFE_NO_PAD.encode(*nonce),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
    };
    let mut json = serde_json::to_vec_pretty(&envelope).expect("texts and numbers are always JSON");
    json.push(b'\n');
    Ok(Zeroizing::new(json))
}

/// Decrypts what [`seal`] made.
pub(super) fn open(json: &[u8], kek: &Kek) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    // What serde_json says is dropped, as everywhere in this folder.
    let envelope: Envelope = serde_json::from_slice(json).map_err(|_| EnvelopeError::Shape)?;
    if envelope.format != FORMAT {
        return Err(EnvelopeError::Format);
    }
    let salt: [u8; SALT_BYTES] = decoded(&envelope.salt)?;
    let nonce: [u8; NONCE_BYTES] = decoded(&envelope.nonce)?;
    let sealed = URL_SAFE_NO_PAD
        .decode(&envelope.sealed)
        .map_err(|_| EnvelopeError::Shape)?;
    match (kek, envelope.argon2id) {
        (Kek::Key(_), Some(_)) => return Err(EnvelopeError::WantsPassphrase),
        (Kek::Passphrase(_), None) => return Err(EnvelopeError::WantsKey),
        // A file that somebody changed is not to take all memory, or an hour.
        (_, Some(cost))
            if !(8..=65_536).contains(&cost.memory_kib) || !(1..=100).contains(&cost.passes) =>
        {
            return Err(EnvelopeError::Shape);
        }
        _ => {}
    }
    let cipher = cipher(kek, envelope.argon2id, &salt)?;
    let payload = Payload {
        msg: &sealed,
        aad: &associated(envelope.argon2id),
    };
    cipher
        .decrypt(&nonce.into(), payload)
        .map(Zeroizing::new)
        .map_err(|_| EnvelopeError::DoesNotFit)
}

fn decoded<const N: usize>(text: &str) -> Result<[u8; N], EnvelopeError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| EnvelopeError::Shape)?;
    bytes.try_into().map_err(|_| EnvelopeError::Shape)
}

/// The cipher of one file: each has a salt, and by that a key, of its own.
fn cipher(
    kek: &Kek,
    stretching: Option<Stretching>,
    salt: &[u8],
) -> Result<Aes256Gcm, OutOfMemory> {
    let secret = match (kek, stretching) {
        (Kek::Passphrase(words), Some(Stretching { memory_kib, passes })) => {
            let cost = HashCost { memory_kib, passes };
            argon2id(words.as_bytes(), salt, cost)?
        }
        (Kek::Key(key), _) => key.clone(),
        (Kek::Passphrase(_), None) => unreachable!("a passphrase is always stretched"),
    };
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret.as_slice())
        .expand(FORMAT.as_bytes(), key.as_mut_slice())
        .expect("32 bytes are one block");
    Ok(Aes256Gcm::new_from_slice(key.as_slice()).expect("the key has its length"))
}

/// What is authentic beside the document: the format, and how the passphrase was stretched.
fn associated(stretching: Option<Stretching>) -> Vec<u8> {
    match stretching {
        None => format!("{FORMAT}\nkey\n"),
        Some(Stretching { memory_kib, passes }) => {
            format!("{FORMAT}\nargon2id {memory_kib} {passes}\n")
        }
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn counting() -> impl FnMut(&mut [u8]) -> Result<(), Infallible> {
        let mut last = 0_u8;
        move |bytes| {
            for byte in bytes {
                last = last.wrapping_add(1);
                *byte = last;
            }
            Ok(())
        }
    }

    fn key(byte: u8) -> Kek {
        Kek::Key(Zeroizing::new([byte; 32]))
    }

    fn words(text: &str) -> Kek {
        Kek::Passphrase(Zeroizing::new(text.to_owned()))
    }

    const WORDS: &str = "seventeen grey herons, one ladder";

    #[test]
    fn a_document_comes_back_with_the_key_that_it_was_encrypted_under_and_no_other() {
        for (kek, others) in [
            (
                key(7),
                [
                    (key(8), EnvelopeError::DoesNotFit),
                    (words(WORDS), EnvelopeError::WantsKey),
                ],
            ),
            (
                words(WORDS),
                [
                    (words("Seventeen grey herons"), EnvelopeError::DoesNotFit),
                    (key(7), EnvelopeError::WantsPassphrase),
                ],
            ),
        ] {
            let sealed = seal(b"a document", &kek, &mut counting()).unwrap();
            assert!(is_one(&sealed) && !is_one(b"{\"keys\": []}"));
            assert!(!sealed.windows(8).any(|part| part == b"document"));
            assert_eq!(*open(&sealed, &kek).unwrap(), b"a document");
            for (other, error) in others {
                assert_eq!(open(&sealed, &other).unwrap_err(), error);
            }
        }
    }

    /// The bytes of a format that stands in files: docs/keys.md has the same example.
    #[test]
    fn the_file_is_the_one_of_the_documentation() {
        let sealed = seal(b"{}\n", &key(7), &mut counting()).unwrap();
        assert_eq!(
            str::from_utf8(&sealed).unwrap(),
            "{\n  \"format\": \"qrseal-keyring-1\",\n  \
             \"salt\": \"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA\",\n  \
             \"nonce\": \"ISIjJCUmJygpKiss\",\n  \
             \"sealed\": \"cPxAr9bZvqymAnCGZJw5-3uAmw\"\n}\n"
        );
    }

    #[test]
    fn no_file_with_one_character_changed_or_cut_away_is_taken() {
        for kek in [key(7), words(WORDS)] {
            let sealed = seal(b"a document", &kek, &mut counting()).unwrap();
            let text = str::from_utf8(&sealed).unwrap();
            // A passphrase takes a tenth of a second each time it gets as far as that.
            let step = if matches!(kek, Kek::Key(_)) { 1 } else { 40 };
            for at in (0..text.len()).step_by(step) {
                // Without the line feed at its end it is whole.
                assert!(
                    open(&sealed[..at], &kek).is_err() || at == text.len() - 1,
                    "{at}"
                );
                let mut changed = sealed.to_vec();
                changed[at] ^= 1;
                assert!(open(&changed, &kek).is_err(), "{at}");
            }
        }
        let sealed = seal(b"a document", &words(WORDS), &mut counting()).unwrap();
        let text = str::from_utf8(&sealed).unwrap();
        for (from, to) in [
            ("65536", "65537"),
            ("65536", "4294967295"),
            ("65536", "0"),
            ("\"passes\": 3", "\"passes\": 0"),
            ("\"passes\": 3", "\"passes\": 101"),
            ("qrseal-keyring-1", "qrseal-keyring-2"),
            ("\"salt\"", "\"note\": 1, \"salt\""),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            let error = open(changed.as_bytes(), &words(WORDS)).unwrap_err();
            assert_ne!(error, EnvelopeError::DoesNotFit, "{to}");
        }
    }

    #[test]
    fn a_passphrase_that_is_soon_guessed_encrypts_nothing() {
        let refused = seal(b"a document", &words("password123"), &mut counting());
        assert!(matches!(refused, Err(KeysError::WeakPassphrase)));
    }
}
