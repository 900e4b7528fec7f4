//! HTML for people: the document behind a code, dead ends, the start page, and what each problem means.
//!
//! What belongs here: plain values in, a whole page as a `String` out, and the files that pages load (style, script,
//! icon). What does not: requests, headers, status codes, and anything that knows actix or opens a token.
//!
//! Two rules hold everywhere. Payload text reaches a page only through `text`, which escapes it and makes invisible
//! characters visible. And pages hold no inline script or style, so that the Content-Security-Policy can forbid them.

mod assets;
mod body;
pub mod console;
mod desk;
mod destination;
mod document;
mod form;
mod held;
mod home;
mod managed_link;
mod message;
mod money;
mod pass;
mod problem;
mod roll_call;
mod scans;
mod site;
mod staff;
mod text;
mod words;

pub use assets::{Asset, asset, assets};
pub use desk::{DeskAt, DeskChoice, DeskForm, DeskScan, DeskView, MadeCode, Verdict, desk};
pub use destination::{DestinationView, destination};
pub use document::{DocumentView, OpenedView, document};
pub use form::{FORM_ID, FORM_TOKEN, FormAt, MORE, ProfileFormView, REPEATED, TRAP, profile_form};
pub use held::{FormView, HeldError, HeldView, MadeView, destroy, destroyed, open};
pub use home::{
    CodeView, Field, FieldErrors, HomeView, Outcome, SAMPLE, SealedView, SignedIn, StyleView, home,
};
pub use managed_link::{ManagedLinkView, managed_link};
pub use message::{
    ManagedView, MessageRefused, MessageView, WrittenView, managed, message, reported, written,
};
pub use pass::{PassView, pass};
pub use problem::{Detail, ProblemDoc, ProblemView, problem, problem_doc, problem_index};
pub use roll_call::{InsideView, RollCallView, roll_call};
pub use scans::{ScansView, scans};
pub use site::Site;
pub use staff::{StaffView, staff};
pub use words::{Language, Told};
