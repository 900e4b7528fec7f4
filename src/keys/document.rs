//! The JSON document in the keyring file, which `docs/token-format.md`, "Keyring file", describes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::token::{Key, KeyState, Keyring, KeyringError, Secret, Slot, UnixTime};

/// Far more than 32 keys need.
pub(super) const MAX_BYTES: usize = 65_536;

/// Reads a keyring.
pub(super) fn parse(json: &[u8]) -> Result<Keyring, DocumentError> {
    // The message of serde_json is dropped: it may quote the value that it dislikes, and that may be a secret.
    let document: Document = serde_json::from_slice(json).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Data => DocumentError::Member { line, column },
            _ => DocumentError::Syntax { line, column },
        }
    })?;
    let keys = document
        .keys
        .iter()
        .map(Entry::to_key)
        .collect::<Result<_, _>>()?;
    Ok(Keyring::new(document.audience, keys)?)
}

/// Writes a keyring, indented, with a line feed at the end.
pub(super) fn write(keyring: &Keyring) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
    let document = Document {
        audience: keyring.audience().to_owned(),
        keys: keyring
            .keys()
            .iter()
            .map(Entry::from_key)
            .collect::<Result<_, _>>()?,
    };
    // Reserved at once, so that no outgrown copy with secrets stays behind.
    let mut json = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
    serde_json::to_writer_pretty(&mut *json, &document).expect("texts and numbers are always JSON");
    json.push(b'\n');
    Ok(json)
}

/// RFC 3339, in UTC.
pub(super) fn timestamp(time: UnixTime) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    audience: String,
    keys: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slot: u8,
    state: KeyState,
    created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<SecretText>,
}

/// A secret as text, overwritten when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
struct SecretText(String);

impl Entry {
    fn to_key(&self) -> Result<Key, DocumentError> {
        let slot = Slot::try_from(self.slot).map_err(|_| DocumentError::Slot(self.slot))?;
        let created_at = self.created_at.parse::<Timestamp>().ok();
        let created_at = created_at
            .and_then(|at| u64::try_from(at.as_second()).ok())
            .ok_or(DocumentError::CreatedAt(slot))?;
        let secret = match &self.secret {
            Some(SecretText(text)) => {
                Some(Secret::from_base64url(text).map_err(|_| DocumentError::Secret(slot))?)
            }
            None => None,
        };
        Ok(Key::new(
            slot,
            self.state,
            UnixTime::from_secs(created_at),
            secret,
        )?)
    }

    fn from_key(key: &Key) -> Result<Self, DocumentError> {
        Ok(Self {
            slot: key.slot().into(),
            state: key.state(),
            created_at: timestamp(key.created_at())
                .ok_or(DocumentError::CreatedAt(key.slot()))?
                .to_string(),
            secret: key
                .secret()
                .map(|secret| SecretText(secret.to_base64url().to_string())),
        })
    }
}

/// What is wrong with a keyring document. Never says what stands in it, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON.
    #[error("it is not JSON from line {line}, column {column} on")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 before the first.
        column: usize,
    },
    /// JSON of another shape.
    #[error(
        "a member is missing, unknown, given twice or of the wrong kind, before line {line}, column {column}; \
         docs/keys.md shows the format"
    )]
    Member {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 before the first.
        column: usize,
    },
    /// A number that is no slot.
    #[error("there is no slot {0}; slots are numbers from 0 to 31")]
    Slot(u8),
    /// A time that cannot be read or written.
    #[error("created_at of slot {0} must be a time since 1970 such as 2026-11-20T13:30:00Z")]
    CreatedAt(Slot),
    /// A text that is no secret.
    #[error("the secret of slot {0} must be 32 bytes as base64url without padding, 43 characters")]
    Secret(Slot),
    /// Keys that are no keyring together.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{ClaimValue, Claims, Codec, Nonce, ParsedToken, seal};

    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn two_keys() -> String {
        format!(
            r#"{{"audience": "qr.example.com", "keys": [
                {{"slot": 3, "state": "primary", "created_at": "2026-11-20T13:30:00Z", "secret": "{SECRET}"}},
                {{"slot": 0, "state": "destroyed", "created_at": "2025-01-01T00:00:00Z"}}
            ]}}"#
        )
    }

    fn error(json: &str) -> DocumentError {
        parse(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_keyring_is_written_as_it_was_read() {
        let keyring = parse(two_keys().as_bytes()).unwrap();
        assert_eq!(keyring.audience(), "qr.example.com");
        let written = write(&keyring).unwrap();
        let expected = format!(
            r#"{{
  "audience": "qr.example.com",
  "keys": [
    {{
      "slot": 0,
      "state": "destroyed",
      "created_at": "2025-01-01T00:00:00Z"
    }},
    {{
      "slot": 3,
      "state": "primary",
      "created_at": "2026-11-20T13:30:00Z",
      "secret": "{SECRET}"
    }}
  ]
}}
"#
        );
        assert_eq!(str::from_utf8(&written).unwrap(), expected);
        assert_eq!(write(&parse(&written).unwrap()).unwrap(), written);
    }

    #[test]
    fn a_full_keyring_is_far_smaller_than_the_limit() {
        let now = UnixTime::from_secs(1_763_640_030);
        let mut keyring =
            Keyring::with_first_key("a".repeat(255), Secret::from([1; 32]), now).unwrap();
        while keyring.add(Secret::from([2; 32]), now).is_ok() {}
        let written = write(&keyring).unwrap();
        assert!(written.len() < MAX_BYTES / 4, "{}", written.len());
        assert_eq!(parse(&written).unwrap().keys().len(), 32);
    }

    #[test]
    fn a_secret_survives_the_file() {
        let now = UnixTime::from_secs(1_763_640_030);
        let keyring = Keyring::with_first_key("a", Secret::from([0xc3; 32]), now).unwrap();
        let claims = Claims {
            profile: Some(ClaimValue::MIN),
            ..Claims::default()
        };
        let token = seal(
            &keyring,
            Nonce::from([1; 12]),
            now,
            &claims,
            Codec::Json,
            b"{}",
        )
        .unwrap();
        let again = parse(&write(&keyring).unwrap()).unwrap();
        let opened = ParsedToken::parse(&token.to_digits())
            .unwrap()
            .open(&again, now);
        assert_eq!(opened.unwrap().body().packed(), Some(&b"{}"[..]));
    }

    #[test]
    fn what_is_no_keyring_is_refused_with_the_place() {
        assert_eq!(error(""), DocumentError::Syntax { line: 1, column: 0 });
        assert_eq!(
            error("{\"audience\": \"a\",\n ]"),
            DocumentError::Syntax { line: 2, column: 2 }
        );
        let json = two_keys();
        for (from, to) in [
            ("\"keys\"", "\"kyes\""),
            ("\"slot\": 3", "\"slot\": -1"),
            ("\"slot\": 3", "\"slot\": 256"),
            ("\"slot\": 3", "\"slot\": 3, \"slot\": 3"),
            ("\"slot\": 3", "\"slot\": 3, \"note\": \"x\""),
            ("\"slot\": 3, ", ""),
            ("\"primary\"", "\"Primary\""),
            ("\"2026-11-20T13:30:00Z\"", "1763640030"),
        ] {
            let changed = json.replacen(from, to, 1);
            assert_ne!(changed, json, "{from}");
            assert!(
                matches!(error(&changed), DocumentError::Member { .. }),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn what_stands_in_the_members_is_checked() {
        let slot = Slot::try_from(3).unwrap();
        let changed = |from: &str, to: &str| error(&two_keys().replacen(from, to, 1));
        assert_eq!(
            changed("\"slot\": 3", "\"slot\": 32"),
            DocumentError::Slot(32)
        );
        assert_eq!(
            changed("2026-11-20T13:30:00Z", "yesterday"),
            DocumentError::CreatedAt(slot)
        );
        assert_eq!(
            changed("2026-11-20T13:30:00Z", "1969-12-31T23:59:59Z"),
            DocumentError::CreatedAt(slot)
        );
        assert_eq!(changed(SECRET, &SECRET[..42]), DocumentError::Secret(slot));
        assert_eq!(
            changed("qr.example.com", "a b"),
            DocumentError::Keyring(KeyringError::Audience)
        );
        assert_eq!(
            changed("\"primary\"", "\"enabled\""),
            DocumentError::Keyring(KeyringError::NoPrimary)
        );
    }

    #[test]
    fn no_message_repeats_a_secret() {
        // The secret where a number, a state, a time, a name or an audience should be.
        let json = two_keys();
        let bad = [
            json.replacen("\"slot\": 3", &format!("\"slot\": \"{SECRET}\""), 1),
            json.replacen("primary", SECRET, 1),
            json.replacen("2026-11-20T13:30:00Z", SECRET, 1),
            json.replacen("\"secret\"", &format!("\"{SECRET}\""), 1),
            json.replacen("qr.example.com", &format!("{SECRET} "), 1),
            json.replacen(SECRET, &format!("{SECRET}="), 1),
            json.replacen(&format!("\"{SECRET}\""), SECRET, 1),
        ];
        for json in bad {
            let error = error(&json);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(&SECRET[..8]), "{shown}");
        }
    }
}
