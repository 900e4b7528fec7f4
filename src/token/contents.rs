//! What is inside the seal: flags, claims and body (`docs/token-format.md`, "Contents").

use super::{
    claims::{ClaimValue, SealedClaims},
    layout::{MAX_BODY_BYTES, TAG_BYTES},
    not_recognised::NotRecognised,
};

/// How the payload is packed in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// The JSON text itself: 0.
    Json,
    /// zstd with dictionary 1: 1.
    Zstd1,
    /// Context mixing with prior 2: 2.
    Mix2,
    /// The same after samples of the token's profile: 3. Only with a profile.
    Mix3,
}

impl Codec {
    const fn number(self) -> u8 {
        match self {
            Self::Json => 0,
            Self::Zstd1 => 1,
            Self::Mix2 => 2,
            Self::Mix3 => 3,
        }
    }

    const fn of_flags(flags: u8) -> Self {
        match flags & flag::CODEC {
            0 => Self::Json,
            1 => Self::Zstd1,
            2 => Self::Mix2,
            _ => Self::Mix3,
        }
    }
}

/// The plaintext of a token, taken apart.
///
/// To take it apart proves nothing about where it comes from; that is what [`ParsedToken::open`] is for.
///
/// [`ParsedToken::open`]: super::ParsedToken::open
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Contents<'a> {
    /// What the flags and claims say.
    pub claims: SealedClaims,
    /// How the payload is packed.
    pub codec: Codec,
    /// The packed payload, at most [`MAX_BODY_BYTES`]; with a PIN sealed once more, 17 to 16 + [`MAX_BODY_BYTES`].
    pub body: &'a [u8],
}

impl std::fmt::Debug for Contents<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents")
            .field("claims", &self.claims)
            .field("codec", &self.codec)
            .finish_non_exhaustive()
    }
}

mod flag {
    pub const CODEC: u8 = 0b0000_0011;
    pub const EXPIRY: u8 = 1 << 2;
    pub const LIMITED: u8 = 1 << 3;
    pub const PIN: u8 = 1 << 4;
    pub const PROFILE: u8 = 1 << 5;
    pub const STAFF_ONLY: u8 = 1 << 6;
    pub const RESERVED: u8 = 1 << 7;
}

impl<'a> Contents<'a> {
    /// Takes a plaintext apart.
    ///
    /// # Errors
    /// [`NotRecognised`]: it is empty, the reserved flag is set, a claim is missing, zero or not in its shortest form, it is
    /// limited without expiry, it has codec 3 without a profile, or the body's length is impossible.
    pub fn parse(plaintext: &'a [u8]) -> Result<Self, NotRecognised> {
        Self::parse_up_to(plaintext, MAX_BODY_BYTES)
    }

    /// As [`Contents::parse`], with a body of at most so many bytes: of version 2 it may be longer.
    pub(super) fn parse_up_to(
        plaintext: &'a [u8],
        max_body_bytes: usize,
    ) -> Result<Self, NotRecognised> {
        let (&flags, mut rest) = plaintext.split_first().ok_or(NotRecognised)?;
        if flags & flag::RESERVED != 0 {
            return Err(NotRecognised);
        }
        let codec = Codec::of_flags(flags);
        let mut claim = |bit| {
            if flags & bit == 0 {
                Ok(None)
            } else {
                take_claim(&mut rest).map(Some)
            }
        };
        let claims = SealedClaims {
            expiry: claim(flag::EXPIRY)?,
            max_opens: claim(flag::LIMITED)?,
            profile: claim(flag::PROFILE)?,
            pin: flags & flag::PIN != 0,
            staff_only: flags & flag::STAFF_ONLY != 0,
        };
        let contents = Self {
            claims,
            codec,
            body: rest,
        };
        if contents.claims.max_opens.is_some() && contents.claims.expiry.is_none()
            || contents.codec == Codec::Mix3 && contents.claims.profile.is_none()
            || !contents.body_length_possible(max_body_bytes)
        {
            return Err(NotRecognised);
        }
        Ok(contents)
    }

    /// Appends flags, claims and body.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        let Self {
            claims,
            codec,
            body,
        } = self;
        let bit = |set: bool, bit: u8| if set { bit } else { 0 };
        out.push(
            codec.number()
                | bit(claims.expiry.is_some(), flag::EXPIRY)
                | bit(claims.max_opens.is_some(), flag::LIMITED)
                | bit(claims.pin, flag::PIN)
                | bit(claims.profile.is_some(), flag::PROFILE)
                | bit(claims.staff_only, flag::STAFF_ONLY),
        );
        for value in [claims.expiry, claims.max_opens, claims.profile]
            .into_iter()
            .flatten()
        {
            push_claim(value, out);
        }
        out.extend_from_slice(body);
    }

    /// An empty body is left to whoever unpacks it: no codec can make a document of it.
    fn body_length_possible(&self, most: usize) -> bool {
        if self.claims.pin {
            (TAG_BYTES + 1..=TAG_BYTES + most).contains(&self.body.len())
        } else {
            self.body.len() <= most
        }
    }
}

/// Reads an unsigned LEB128 in its shortest form, of 1 to 4 bytes, from the beginning of `rest`.
fn take_claim(rest: &mut &[u8]) -> Result<ClaimValue, NotRecognised> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let (&byte, after) = rest.split_first().ok_or(NotRecognised)?;
        *rest = after;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            // A last byte of zero adds nothing: there is a shorter form, or the value is zero, which no claim has.
            if byte == 0 {
                return Err(NotRecognised);
            }
            return ClaimValue::try_from(value).map_err(|_| NotRecognised);
        }
    }
    Err(NotRecognised)
}

fn push_claim(value: ClaimValue, out: &mut Vec<u8>) {
    let mut rest = value.value();
    loop {
        let [.., low] = rest.to_be_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(value: u32) -> ClaimValue {
        ClaimValue::try_from(value).unwrap()
    }

    fn written(contents: Contents<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        contents.write_to(&mut out);
        out
    }

    #[test]
    fn claims_are_shortest_leb128_in_the_order_of_their_flags() {
        let claims = SealedClaims {
            expiry: Some(claim(127)),
            max_opens: Some(claim(128)),
            profile: Some(claim((1 << 28) - 1)),
            pin: false,
            staff_only: true,
        };
        let bytes = written(Contents {
            claims,
            codec: Codec::Zstd1,
            body: b"x",
        });
        assert_eq!(
            bytes,
            [0b0110_1101, 0x7f, 0x80, 0x01, 0xff, 0xff, 0xff, 0x7f, b'x']
        );
    }

    #[test]
    fn what_is_not_of_this_version_is_not_recognised() {
        let cases: [(&str, &[u8]); 10] = [
            ("empty", &[]),
            ("reserved flag", &[0x80, b'0']),
            ("codec 3 without a profile", &[0x03, b'0']),
            ("claim missing", &[0x04]),
            ("claim cut", &[0x04, 0x80]),
            ("claim zero", &[0x04, 0x00, b'0']),
            ("claim not shortest", &[0x04, 0x81, 0x00, b'0']),
            (
                "claim of five bytes",
                &[0x04, 0x80, 0x80, 0x80, 0x80, 0x01, b'0'],
            ),
            ("limited without expiry", &[0x08, 0x01, b'0']),
            (
                "PIN, body of 16 bytes",
                &[0x10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
            ),
        ];
        for (name, bytes) in cases {
            assert_eq!(Contents::parse(bytes), Err(NotRecognised), "{name}");
        }
    }

    #[test]
    fn a_body_is_at_most_65_536_bytes_and_16_more_with_a_pin() {
        for (flags, most) in [(0x00, MAX_BODY_BYTES), (0x10, MAX_BODY_BYTES + TAG_BYTES)] {
            let mut plaintext = vec![b'0'; 1 + most];
            plaintext[0] = flags;
            assert_eq!(
                Contents::parse(&plaintext).map(|contents| contents.body.len()),
                Ok(most)
            );
            plaintext.push(b'0');
            assert_eq!(Contents::parse(&plaintext), Err(NotRecognised));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_written_the_same_way(plaintext in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(contents) = Contents::parse(&plaintext) {
                prop_assert_eq!(written(contents), plaintext);
            }
        }

        #[test]
        fn claims_come_back_as_they_were(
            expiry in prop::option::of(1_u32..1 << 28),
            max_opens in prop::option::of(1_u32..1 << 28),
            profile in prop::option::of(1_u32..1 << 28),
            staff_only: bool,
            body in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let claims = SealedClaims {
                expiry: expiry.map(claim),
                max_opens: max_opens.map(claim).filter(|_| expiry.is_some()),
                profile: profile.map(claim),
                pin: false,
                staff_only,
            };
            let contents = Contents { claims, codec: Codec::Json, body: &body };
            let plaintext = written(contents);
            prop_assert_eq!(Contents::parse(&plaintext), Ok(contents));
        }
    }
}
