//! How often a token opens.

use crate::options::{OutOfRange, Range};
use crate::token::ClaimValue;

/// How many opens count: 1 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxOpens(u32);

impl MaxOpens {
    /// Once.
    pub const MIN: Self = Self(1);
    /// A million times.
    pub const MAX: Self = Self(1_000_000);

    /// What limits there are.
    pub const RANGE: Range = Range::Whole {
        least: Self::MIN.0 as u64,
        most: Self::MAX.0 as u64,
        unit: "",
    };

    /// The number itself.
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }
}

impl TryFrom<u64> for MaxOpens {
    type Error = OutOfRange;

    fn try_from(opens: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(opens).map(Self)
    }
}

impl From<MaxOpens> for ClaimValue {
    fn from(opens: MaxOpens) -> Self {
        Self::try_from(opens.0).expect("1 to a million are values of claims")
    }
}

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
            assert_eq!(
                MaxOpens::try_from(opens),
                Err(OutOfRange(MaxOpens::RANGE)),
                "{opens}"
            );
        }
    }
}
