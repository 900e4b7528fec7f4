//! What is sealed with a payload about the token itself.

use super::time::ExpiresIn;

/// What an issuer asks for. The default is a plain token: anyone may open it, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claims {
    /// How long from now the token opens.
    pub expires_in: Option<ExpiresIn>,
    /// How many opens count. Needs an expiry.
    pub max_opens: Option<ClaimValue>,
    /// The number that the configuration gave to a profile.
    pub profile: Option<ClaimValue>,
    /// Whether only staff may open the token.
    pub staff_only: bool,
}

/// What stands inside the seal (`docs/token-format.md`, "Claims").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SealedClaims {
    /// Minutes after the issue minute. The token opens until the end of that minute.
    pub expiry: Option<ClaimValue>,
    /// How many opens count. Never without `expiry`.
    pub max_opens: Option<ClaimValue>,
    /// The number of a profile, which may be unknown here.
    pub profile: Option<ClaimValue>,
    /// Whether the body is sealed again, under a key that needs the PIN.
    pub pin: bool,
    /// Whether only staff may open the token.
    pub staff_only: bool,
}

/// The value of a claim: 1 to 2^28 - 1, which is what four bytes of LEB128 can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimValue(u32);

impl ClaimValue {
    /// The smallest value: 1.
    pub const MIN: Self = Self(1);
    /// The largest value: 268,435,455.
    pub const MAX: Self = Self((1 << 28) - 1);

    /// The number itself.
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for ClaimValue {
    type Error = ClaimValueError;

    fn try_from(value: u32) -> Result<Self, ClaimValueError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(ClaimValueError)
        }
    }
}

/// A number that no claim can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value of a claim must be 1 to 268435455")]
pub struct ClaimValueError;
