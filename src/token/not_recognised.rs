//! The one answer for everything that is no token.

/// A text that is no token of ours, whatever the reason. There is deliberately no detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a token of this server")]
pub struct NotRecognised;
