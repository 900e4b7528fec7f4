//! Messages: the smallest use of a stored code. Somebody writes a text, whoever scans the code reads it.
//!
//! Belongs here: what a message is, the link by which whoever wrote it manages it, and what its
//! readers report. Does not
//! belong here: sealing, opening and deleting, which are those of every stored code.

mod manage;
mod report;
mod text;

pub use manage::{ManageError, ManageLink, Managed, open_manage, seal_manage};
pub use report::{NotReported, ReportedAnswer, UnknownReason, dismiss, report, reported};
pub use text::{Message, MessageError, MessageLife};
