//! How often a token opens.

use crate::token::ClaimValue;

/// How many opens count: 1 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxOpens(u32);

impl MaxOpens {
    /// Once.
    pub const MIN: Self = Self(1);
    /// A million times.
    pub const MAX: Self = Self(1_000_000);

    /// The number itself.
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }
}

impl TryFrom<u64> for MaxOpens {
    type Error = MaxOpensError;

    fn try_from(opens: u64) -> Result<Self, MaxOpensError> {
        u32::try_from(opens)
            .ok()
            .filter(|opens| (Self::MIN.0..=Self::MAX.0).contains(opens))
            .map(Self)
            .ok_or(MaxOpensError)
    }
}

impl From<MaxOpens> for ClaimValue {
    fn from(opens: MaxOpens) -> Self {
        Self::try_from(opens.0).expect("1 to a million are values of claims")
    }
}

/// A number of opens that no token is issued with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 1000000")]
pub struct MaxOpensError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_once_to_a_million_times() {
        for opens in [1, 7, 1_000_000] {
            let most = MaxOpens::try_from(opens).unwrap();
            assert_eq!(u64::from(ClaimValue::from(most).value()), opens);
        }
        for opens in [0, 1_000_001, u64::MAX] {
            assert_eq!(MaxOpens::try_from(opens), Err(MaxOpensError), "{opens}");
        }
    }
}
