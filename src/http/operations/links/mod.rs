//! Dynamic links: made, listed, changed, ended, drawn again, and what a scan of one is answered with.

pub mod change;
pub mod create;
pub mod end;
pub mod list;
pub mod manage;
pub mod picture;
pub mod scan;
pub mod scans;
pub mod show;

pub use create::LinkIssuedAnswer;
pub use scan::DestinationAnswer;
pub use scans::{ScansAnswer, StepAnswer};

use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::links::{OwnedLink, show as find};
use crate::principal::Principal;
use crate::token::TokenId;

/// A link of this id, that this one may see.
async fn owned(app: &App, id: TokenId, only_of: Option<Principal>) -> Result<OwnedLink, Problem> {
    let keyring = app.keyring.load_full();
    let found = find(&*app.store, &keyring, &app.link_policy, id, app.now()).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemCode::TokenNotRecognised))?;
    match only_of.is_some_and(|by| found.row.made_by != Some(by)) {
        true => Err(Problem::new(ProblemCode::Forbidden)
            .detail("The link was made by somebody else.")
            .about(Some(id))),
        false => Ok(found),
    }
}
