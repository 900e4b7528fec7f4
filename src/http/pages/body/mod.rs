//! A JSON document laid out for a person.
//!
//! No tree is built: each level is looked at as raw JSON, so numbers come out with the digits they were written with, in
//! the order in which they stand. What belongs here: labels, sections, tables, lists. What does not: escaping (in
//! `text`) and the page around the document.

mod emphasis;
mod json;
mod layout;
mod message;
mod profile;
mod reach;
mod table;

pub(super) use layout::{Markup, direction, lay_out};
pub(super) use message::message;
pub(super) use profile::lay_out_profile;
pub(super) use reach::Reach;
