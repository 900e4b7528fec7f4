//! Ids of rows: 12 random bytes, written as 24 hexadecimal digits.

/// A text that is no id of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 24 lower-case hexadecimal digits")]
pub struct RowIdError;

/// Makes a type of id.
macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 12]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::token::TokenId::from(self.0).fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::store::RowIdError;

            /// Reads 24 lower-case hexadecimal digits.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = text.parse::<$crate::token::TokenId>();
                id.map(|id| Self(*id.as_bytes()))
                    .map_err(|_| $crate::store::RowIdError)
            }
        }
    };
}
pub(crate) use row_id;
