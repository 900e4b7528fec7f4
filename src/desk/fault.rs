//! What is wrong with what was asked, and where it stands.

/// What is wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct DeskFault {
    /// Where it stands (RFC 6901).
    pub pointer: String,
    /// What is wrong, or what would be right. Never the value.
    pub detail: String,
}

impl DeskFault {
    pub(super) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}
