//! Pictures of codes behind a link that ends: for a mail or a front end, without a key. Nothing is stored: the token, its looks
//! and the end are sealed in the link.
//!
//! Belongs here: what is sealed, and for how long. Does not belong here: drawing, and what the link looks like.

use std::str::FromStr;

use crate::options::{OutOfRange, Range};
use crate::token::{
    CapsuleKind, ExpiresIn, Keyring, Nonce, UnixTime, base64url, open_capsule, seal_capsule,
};

/// How long a picture can be asked for: a minute to a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureLife(u64);

impl PictureLife {
    /// In seconds.
    pub const RANGE: Range = Range::Time {
        least: 60,
        most: 604_800,
    };
    /// An hour.
    pub const HOUR: Self = Self(3_600);

    /// In seconds.
    #[must_use]
    pub fn as_secs(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for PictureLife {
    type Error = OutOfRange;

    fn try_from(secs: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(secs).map(Self)
    }
}

impl FromStr for PictureLife {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let time: ExpiresIn = text.parse().map_err(|_| OutOfRange(Self::RANGE))?;
        Self::try_from(time.as_secs())
    }
}

/// A picture that can be asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct PictureLink {
    /// The token's bytes.
    pub token: Vec<u8>,
    /// The options of its looks, as a query has them.
    pub style: String,
    /// From then on it is not given any more.
    pub ends_at: UnixTime,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It is none of ours, or was changed.
    #[error("the picture is not recognised")]
    NotRecognised,
    /// Its time has passed.
    #[error("the picture could be asked for until then")]
    Expired {
        /// Until when it was given.
        at: UnixTime,
    },
}

/// The longest text of a link: the longest token in base64url, with room for its looks.
const MAX_TEXT_BYTES: usize = 96 * 1024;

/// The text that stands in the link. `None` if the clock is outside the format's years.
#[must_use]
pub fn seal_picture(
    keyring: &Keyring,
    picture: &PictureLink,
    nonce: Nonce,
    now: UnixTime,
) -> Option<String> {
    let style = u16::try_from(picture.style.len()).ok()?;
    let content = [
        &picture.ends_at.as_secs().to_be_bytes()[..],
        &style.to_be_bytes(),
        picture.style.as_bytes(),
        &picture.token,
    ]
    .concat();
    let sealed = seal_capsule(keyring, CapsuleKind::Picture, &content, nonce, now)?;
    Some(base64url::encode(&sealed))
}

/// What is sealed in the text of a link.
///
/// # Errors
/// [`PictureError`]
pub fn open_picture(
    keyring: &Keyring,
    text: &str,
    now: UnixTime,
) -> Result<PictureLink, PictureError> {
    let picture = opened(keyring, text).ok_or(PictureError::NotRecognised)?;
    match now < picture.ends_at {
        true => Ok(picture),
        false => Err(PictureError::Expired {
            at: picture.ends_at,
        }),
    }
}

fn opened(keyring: &Keyring, text: &str) -> Option<PictureLink> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let sealed = base64url::decode(text).ok()?;
    let content = open_capsule(keyring, CapsuleKind::Picture, &sealed)?;
    let (ends_at, rest) = content.split_first_chunk()?;
    let (style, rest) = rest.split_first_chunk()?;
    let (style, token) = rest.split_at_checked(usize::from(u16::from_be_bytes(*style)))?;
    Some(PictureLink {
        token: token.to_vec(),
        style: String::from_utf8(style.to_vec()).ok()?,
        ends_at: UnixTime::from_secs(u64::from_be_bytes(*ends_at)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    #[test]
    fn a_picture_is_given_until_its_end_and_to_whoever_has_its_link() {
        let keyring = Keyring::with_first_key("a", Secret::from([7; 32]), TOKEN_EPOCH).unwrap();
        let picture = PictureLink {
            token: vec![9; 17],
            style: "scale=4&dark=%23123456".to_owned(),
            ends_at: TOKEN_EPOCH.plus_secs(60),
        };
        let text = seal_picture(&keyring, &picture, Nonce::from([1; 12]), TOKEN_EPOCH).unwrap();
        let open = |text: &str, after| open_picture(&keyring, text, TOKEN_EPOCH.plus_secs(after));
        assert!(open(&text, 59).is_ok_and(|opened| opened == picture));
        let at = picture.ends_at;
        assert_eq!(open(&text, 60).err(), Some(PictureError::Expired { at }));
        for text in ["", "A", &text[1..], &text[..text.len() - 1]] {
            assert_eq!(open(text, 0).err(), Some(PictureError::NotRecognised));
        }
    }

    #[test]
    fn a_picture_lives_for_a_minute_to_a_week() {
        assert_eq!("7d".parse(), Ok(PictureLife(604_800)));
        assert_eq!(PictureLife::try_from(60), Ok(PictureLife(60)));
        for secs in [0, 59, 604_801] {
            assert!(PictureLife::try_from(secs).is_err());
        }
    }
}
