//! The link by which whoever wrote a message sees whether it was read, and deletes it.

use crate::token::{
    CapsuleKind, Keyring, Nonce, TokenId, UnixTime, base64url, open_capsule, seal_capsule,
};

/// What a manage link says: never the code's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManageLink {
    /// The token.
    pub id: TokenId,
    /// The last minute in which the message can be read; of a dynamic link, until when this link manages it.
    pub ends_at: UnixTime,
    /// What it manages.
    pub of: Managed,
}

/// What a manage link manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Managed {
    /// A message.
    Message {
        /// Whether it is counted how often it is read: if that is limited, or takes a PIN.
        counted: bool,
    },
    /// A dynamic link.
    Link,
}

impl Managed {
    fn number(self) -> u8 {
        match self {
            Self::Message { counted } => u8::from(counted),
            Self::Link => 2,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        match number {
            0 | 1 => Some(Self::Message {
                counted: number == 1,
            }),
            2 => Some(Self::Link),
            _ => None,
        }
    }
}

/// Why a manage link manages nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManageError {
    /// It is none of ours, or was changed.
    #[error("the link is not recognised")]
    NotRecognised,
    /// What it managed has ended.
    #[error("what it managed has ended")]
    Expired {
        /// When.
        at: UnixTime,
    },
}

/// How long a link still tells what became of a message after its end: as long as the ledger knows, an hour.
const KEPT_SECS: u64 = 60 + 60 * 60;

/// The text that stands in the link. `None` if the clock is outside the format's years.
#[must_use]
pub fn seal_manage(
    keyring: &Keyring,
    link: ManageLink,
    nonce: Nonce,
    now: UnixTime,
) -> Option<String> {
    let content = [
        &link.id.as_bytes()[..],
        &link.ends_at.as_secs().to_be_bytes(),
        &[link.of.number()],
    ]
    .concat();
    let sealed = seal_capsule(keyring, CapsuleKind::Manage, &content, nonce, now)?;
    Some(base64url::encode(&sealed))
}

/// What is sealed in the text of a link.
///
/// # Errors
/// [`ManageError`]
pub fn open_manage(
    keyring: &Keyring,
    text: &str,
    now: UnixTime,
) -> Result<ManageLink, ManageError> {
    let link = opened(keyring, text).ok_or(ManageError::NotRecognised)?;
    match now < link.ends_at.plus_secs(KEPT_SECS) {
        true => Ok(link),
        false => Err(ManageError::Expired { at: link.ends_at }),
    }
}

fn opened(keyring: &Keyring, text: &str) -> Option<ManageLink> {
    /// Head, nonce, id, end, one byte and tag: 53 bytes.
    const TEXT_BYTES: usize = 71;
    if text.len() != TEXT_BYTES {
        return None;
    }
    let sealed = base64url::decode(text).ok()?;
    let content = open_capsule(keyring, CapsuleKind::Manage, &sealed)?;
    let (id, rest) = content.split_first_chunk::<12>()?;
    let (ends_at, of) = rest.split_first_chunk()?;
    Some(ManageLink {
        id: TokenId::from(*id),
        ends_at: UnixTime::from_secs(u64::from_be_bytes(*ends_at)),
        of: Managed::from_number(*of.first()?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    #[test]
    fn a_manage_link_works_until_an_hour_after_the_end_and_never_with_a_changed_letter() {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let link = ManageLink {
            id: TokenId::from([3; 12]),
            ends_at: TOKEN_EPOCH.plus_secs(600),
            of: Managed::Message { counted: true },
        };
        let text = seal_manage(&keyring, link, Nonce::from([1; 12]), TOKEN_EPOCH).unwrap();
        let open = |text: &str, after| open_manage(&keyring, text, TOKEN_EPOCH.plus_secs(after));
        assert_eq!(open(&text, 600 + 3_659), Ok(link));
        let at = link.ends_at;
        assert_eq!(open(&text, 600 + 3_660), Err(ManageError::Expired { at }));
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                open(&changed, 0),
                Err(ManageError::NotRecognised),
                "{place}"
            );
        }
    }
}
