//! The verbs that set a password: with a recovery code, or with the password before.

use serde_json::json;

use super::sign_in::check_password;
use super::{
    Door, Newcomer, PasswordRefused, PasswordsBusy, RecoveryCode, SessionToken, SignInError,
    TypedPassword,
};
use crate::audit::{Verb, What, record};
use crate::store::{
    AccountRecord, AllowedBy, FindAccount, PasswordSet, SetPassword, Store, StoreError,
    StoredPassword,
};
use crate::token::UnixTime;

/// Why a password is not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetPasswordError {
    /// The recovery code is unknown, was used, or has expired.
    #[error("the recovery code is not good")]
    NoSuchCode,
    /// The password may not be chosen.
    #[error(transparent)]
    Refused(#[from] PasswordRefused),
    /// The password before is wrong, or the like.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<PasswordsBusy> for SetPasswordError {
    fn from(busy: PasswordsBusy) -> Self {
        Self::SignIn(busy.into())
    }
}

impl From<StoreError> for SetPasswordError {
    fn from(error: StoreError) -> Self {
        Self::SignIn(error.into())
    }
}

/// The account whose password may be set with this code now, if it is good.
async fn recovering(
    store: &dyn Store,
    code: &RecoveryCode,
    now: UnixTime,
) -> Result<Option<AccountRecord>, StoreError> {
    let found = store
        .account(FindAccount::Recovery(code.hash()), now)
        .await?;
    Ok(found.filter(|account| account.disabled_at.is_none()))
}

/// Somebody whose password was set with a recovery code.
#[derive(Debug)]
pub enum Recovered {
    /// Has a session.
    SignedIn(SessionToken, AccountRecord),
    /// Is to show the second factor, which a recovery code does not stand for. The account has its new password.
    NeedsCode(AccountRecord),
}

/// Sets the password of the account that the code is for, ends all its sessions, and begins one, unless that takes a second factor. A
/// code is good once.
///
/// # Errors
///
/// [`SetPasswordError`]
pub async fn set_with_recovery(
    door: Door<'_>,
    code: &RecoveryCode,
    password: &str,
    newcomer: &Newcomer,
) -> Result<Recovered, SetPasswordError> {
    let mut account = recovering(door.store, code, newcomer.now)
        .await?
        .ok_or(SetPasswordError::NoSuchCode)?;
    let allowed_by = AllowedBy::Recovery(code.hash());
    let (token, password, set) = set(door, &account, allowed_by, password, newcomer).await?;
    match set {
        PasswordSet::Refused => Err(SetPasswordError::NoSuchCode),
        PasswordSet::SignedIn => Ok(Recovered::SignedIn(token, account)),
        PasswordSet::NeedsSecondFactor => {
            account.password = Some(password);
            Ok(Recovered::NeedsCode(account))
        }
    }
}

/// Sets another password for somebody who knows the one before, ends all sessions, and begins one.
///
/// # Errors
///
/// [`SetPasswordError`]
pub async fn change_password(
    door: Door<'_>,
    account: &AccountRecord,
    before: TypedPassword,
    password: &str,
    newcomer: &Newcomer,
) -> Result<SessionToken, SetPasswordError> {
    let kept = account.password.clone().ok_or(SignInError::Wrong)?;
    let tries = check_password(door, account, before, newcomer).await?;
    let allowed_by = AllowedBy::Password(kept, tries);
    let (token, _, set) = set(door, account, allowed_by, password, newcomer).await?;
    match set {
        PasswordSet::SignedIn => Ok(token),
        _ => Err(SetPasswordError::SignIn(SignInError::Wrong)),
    }
}

/// The session that may have begun, the password as it is kept, and what became of it.
async fn set(
    door: Door<'_>,
    account: &AccountRecord,
    allowed_by: AllowedBy,
    password: &str,
    newcomer: &Newcomer,
) -> Result<(SessionToken, StoredPassword, PasswordSet), SetPasswordError> {
    let names = [account.name.clone(), account.display_name.clone()];
    let permit = door.hashers.permit()?;
    let password = permit.choose(password, names, newcomer.salt()).await??;
    let with_code = matches!(allowed_by, AllowedBy::Recovery(_));
    let (token, session) = newcomer.session();
    let what = What::Account(account.id);
    let details = json!({ "with_recovery_code": with_code });
    let by = newcomer.by(account, door.keyring);
    let audit = record(by, Verb::SetPassword, what, &details, newcomer.now);
    let request = SetPassword {
        id: account.id,
        allowed_by,
        password: password.clone(),
        session,
        now: newcomer.now,
    };
    let set = door.store.set_password(request, audit).await?;
    Ok((token, password, set))
}
