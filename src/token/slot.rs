//! Where a key stands in its keyring.

use std::fmt;

/// A key's number, 0 to 31, which every token carries in its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

impl Slot {
    /// Bits of the first byte that hold the slot.
    pub(super) const BITS: u32 = 5;
    const MAX: u8 = (1 << Self::BITS) - 1;

    /// Every slot there can be, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::MAX).map(Self)
    }

    pub(super) const fn from_low_bits(first: u8) -> Self {
        Self(first & Self::MAX)
    }
}

impl TryFrom<u8> for Slot {
    type Error = SlotError;

    fn try_from(number: u8) -> Result<Self, SlotError> {
        if number <= Self::MAX {
            Ok(Self(number))
        } else {
            Err(SlotError)
        }
    }
}

impl From<Slot> for u8 {
    fn from(slot: Slot) -> Self {
        slot.0
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slot is a number from 0 to 31")]
pub struct SlotError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_at_most_31() {
        assert_eq!(Slot::try_from(31).map(u8::from), Ok(31));
        assert_eq!(Slot::try_from(32), Err(SlotError));
        assert_eq!(Slot::all().count(), 32);
    }
}
