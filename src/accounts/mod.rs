//! Accounts: people who sign in.
//!
//! Belongs here: names, passwords, recovery codes, second factors and sessions as people and browsers hold them, and what is done with an
//! account. Does not belong here: what each role may do of what others do (`store::Role` says which rights it has, the table
//! of routes which are asked for), cookies and forms (`http`), and where accounts are kept (`store`).
//!
//! Every way of signing in ends in `begin_session`.

#[cfg(feature = "server")]
mod backup_code;
mod change;
mod create;
mod hand_over;
mod hashers;
mod known;
mod name;
mod password;
mod recovery;
#[cfg(feature = "server")]
mod second_factor;
mod session;
mod set_password;
mod sign_in;
#[cfg(feature = "server")]
mod totp;
mod typed_code;

#[cfg(feature = "server")]
pub use backup_code::BackupCode;
pub use change::{Changed, describe, disable, enable, recover};
pub use create::{CreateAccount, create};
pub use hand_over::{HandOverError, hand_over};
pub use hashers::{PasswordHashers, PasswordsBusy};
pub use known::{KnownAccounts, refresh};
pub use name::{AccountName, AccountNameError, DisplayName, DisplayNameError};
pub use password::{NewPassword, PasswordRefused, TypedPassword};
pub use recovery::{RecoveryCode, RecoveryCodeError};
#[cfg(feature = "server")]
pub use second_factor::{
    Half, OfferedSecret, SecondFactorError, make_backup_codes, remove_second_factor,
    set_second_factor, sign_in_with_code,
};
pub use session::{SessionToken, end_session, find_session, identify};
pub use set_password::{Recovered, SetPasswordError, change_password, set_with_recovery};
pub use sign_in::{Door, Newcomer, SignInError, SignedIn, confirm, sign_in};
#[cfg(feature = "server")]
pub use totp::TotpSecret;
