//! What a request turned out to be about, left beside it by those who found out.
//!
//! Belongs here: facts for the log line. Does not belong here: anything a handler decides by.

use crate::principal::Principal;
use crate::token::TokenId;

/// The token that a request turned out to be about; handlers leave it for the log line.
#[derive(Debug, Clone, Copy)]
pub struct AboutToken(pub TokenId);

/// Who asks, where something is asked for that not everybody may; left for the log line.
#[derive(Debug, Clone, Copy)]
pub struct AskedBy(pub Principal);
