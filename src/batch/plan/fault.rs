//! What is wrong with a row.

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{detail}", match field.as_str() { "" => String::new(), field => format!("{field}: ") })]
pub struct RowFault {
    /// The field or option; empty for the row as a whole.
    pub field: String,
    /// What is wrong.
    pub detail: String,
}

impl RowFault {
    pub(super) fn new(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            detail: detail.into(),
        }
    }

    pub(super) fn row(detail: impl Into<String>) -> Self {
        Self::new("", detail)
    }
}
