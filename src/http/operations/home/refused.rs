//! What was refused of the form, and which of its fields is wrong.

use crate::http::pages::Field;
use crate::http::problem::Problem;

/// What was refused, and which field of the form is wrong.
pub(super) struct Refused {
    pub(super) problem: Box<Problem>,
    pub(super) field: Field,
}

impl Refused {
    /// What makes a refusal of a problem with this field.
    pub(super) fn at(field: Field) -> impl Fn(Problem) -> Self {
        move |problem| Self {
            problem: Box::new(problem),
            field,
        }
    }
}

/// What was refused of the document itself.
impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self {
            problem: Box::new(problem.into()),
            field: Field::Payload,
        }
    }
}
