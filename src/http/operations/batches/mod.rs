//! Many codes at once over HTTP: rows are read while what they became is answered, and of each a few dozen bytes
//! are kept.
//!
//! Belongs here: how rows and answers travel, and what is read from a request. Does not belong here: rows, codes and labels
//! (`batch`).

mod answer;
mod asked;
mod charged;
pub mod create;
pub mod describe;
mod pipe;

pub use answer::Form;
pub use asked::{Asked, as_query};
pub use create::{Batch, begin};
