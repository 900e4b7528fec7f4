//! Accounts: people who sign in.
//!
//! Belongs here: names, passwords, recovery codes and sessions as people and browsers hold them, and what is done with an
//! account. Does not belong here: what each role may do of what others do (`store::Role` says which rights it has, the table
//! of routes which are asked for), cookies and forms (`http`), and where accounts are kept (`store`).
//!
//! Every way of signing in ends in [`begin_session`].

mod change;
mod create;
mod hashers;
mod known;
mod name;
mod password;
mod recovery;
mod session;
mod set_password;
mod sign_in;

pub use change::{Changed, describe, disable, enable, recover};
pub use create::{CreateAccount, create};
pub use hashers::{PasswordHashers, PasswordsBusy};
pub use known::{KnownAccounts, refresh};
pub use name::{AccountName, AccountNameError, DisplayName, DisplayNameError};
pub use password::{NewPassword, PasswordRefused, TypedPassword};
pub use recovery::{RecoveryCode, RecoveryCodeError};
pub use session::{SessionToken, end_session, find_session, identify};
pub use set_password::{SetPasswordError, change_password, recovering, set_with_recovery};
pub use sign_in::{Door, Newcomer, SignInError, begin_session, confirm, sign_in};
