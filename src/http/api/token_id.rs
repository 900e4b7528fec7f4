//! The token that an operation is about, by its id in the path.

use crate::http::problem::{Problem, ProblemCode};
use crate::token::TokenId;

/// The id of a token, from the path.
#[derive(Debug, Clone, Copy)]
pub struct TokenIdInPath(pub TokenId);

impl TokenIdInPath {
    /// Reads an id of 24 lower-case hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Another text is no id of any token.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        text.parse().map(Self).map_err(|_| unknown())
    }
}

/// The ledger never met the token.
pub fn unknown() -> Problem {
    Problem::new(ProblemCode::TokenNotRecognised)
}
