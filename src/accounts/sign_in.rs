//! The verb that signs somebody in.

use serde_json::json;

use super::name::fold;
use super::password::{SALT_BYTES, is_outdated};
use super::{AccountName, PasswordHashers, PasswordsBusy, SessionToken, TypedPassword};
use crate::audit::{By, Verb, What, record};
use crate::network::ClientNetwork;
use crate::principal::Principal;
use crate::store::{
    AccountRecord, FindAccount, NewSession, SessionUse, ShownFactor, SignIn, SignInGate, SignInTry,
    Store, StoreError, StoredPassword,
};
use crate::token::{Keyring, UnixTime};

/// What signing in needs of this installation.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// Where accounts are.
    pub store: &'a dyn Store,
    /// Under whose primary key names and networks are digested.
    pub keyring: &'a Keyring,
    /// Where passwords are hashed.
    pub hashers: &'a PasswordHashers,
}

/// Who comes to the door.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// Where from.
    pub network: ClientNetwork,
    /// What the browser says that it is; cut to 200 characters.
    pub browser: String,
    /// Fresh random bytes: the session and its id, a salt, and a row of the audit log. For one use.
    pub random: [u8; Newcomer::RANDOM_BYTES],
    /// When.
    pub now: UnixTime,
}

impl Newcomer {
    /// Random bytes of one.
    pub const RANDOM_BYTES: usize = 32 + 12 + SALT_BYTES + By::RANDOM_BYTES;

    const BROWSER_CHARS: usize = 200;

    pub(super) fn session(&self) -> (SessionToken, NewSession) {
        let mut secret = zeroize::Zeroizing::new([0; 32]);
        secret.copy_from_slice(&self.random[..32]);
        let token = SessionToken::from_random(&secret);
        let mut id = [0; 12];
        id.copy_from_slice(&self.random[32..44]);
        let printable = self.browser.chars().filter(|c| !c.is_control());
        let session = NewSession {
            hash: token.hash(),
            id,
            browser: printable.take(Self::BROWSER_CHARS).collect(),
        };
        (token, session)
    }

    pub(super) fn salt(&self) -> [u8; SALT_BYTES] {
        let mut salt = [0; SALT_BYTES];
        salt.copy_from_slice(&self.random[44..44 + SALT_BYTES]);
        salt
    }

    pub(super) fn by<'a>(&self, account: &AccountRecord, keyring: &'a Keyring) -> By<'a> {
        let mut random = [0; By::RANDOM_BYTES];
        random.copy_from_slice(&self.random[44 + SALT_BYTES..]);
        By::new(Principal::Account(account.id.0), keyring, random)
    }
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// No account has this name and password.
    #[error("the name or the password is wrong")]
    Wrong,
    /// The password is right, but an admin has disabled the account.
    #[error("the account is disabled")]
    Disabled,
    /// Too many wrong passwords came from this network.
    #[error("too many wrong passwords: wait {wait_secs} s")]
    Locked {
        /// Seconds from now, at least 1.
        wait_secs: u64,
    },
    /// Too many are at it.
    #[error(transparent)]
    Busy(#[from] PasswordsBusy),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody who knows the name and the password.
#[derive(Debug)]
pub enum SignedIn {
    /// Has a session.
    Done(SessionToken, AccountRecord),
    /// Is to show the second factor. Beside the account as it was found: the same password under today's parameters if those
    /// have risen.
    NeedsCode(AccountRecord, Option<StoredPassword>),
}

/// Signs somebody in who knows the name and the password, as far as these go. A name that nobody has takes the same time, and locks
/// alike.
///
/// # Errors
///
/// [`SignInError`]
pub async fn sign_in(
    door: Door<'_>,
    name: &str,
    password: TypedPassword,
    newcomer: &Newcomer,
) -> Result<SignedIn, SignInError> {
    let folded = folded(name);
    let tries = tries(door.keyring, &folded, newcomer);
    let permit = door.hashers.permit()?;
    spend(door.store, tries).await?;
    let account = door
        .store
        .account(FindAccount::Name(folded), newcomer.now)
        .await?;
    let kept = account
        .as_ref()
        .and_then(|account| account.password.clone());
    if !permit.compare(password.clone(), kept.clone()).await? {
        return Err(SignInError::Wrong);
    }
    let (Some(account), Some(kept)) = (account, kept) else {
        return Err(SignInError::Wrong);
    };
    if account.disabled_at.is_some() {
        return Err(SignInError::Disabled);
    }
    let rehashed = match is_outdated(&kept) {
        true => Some(permit.hash(password, newcomer.salt()).await?),
        false => None,
    };
    if account.second_factor_at.is_some() {
        return Ok(SignedIn::NeedsCode(account, rehashed));
    }
    let passwords = (kept, rehashed);
    let token = begin_session(door, &account, passwords, None, newcomer).await?;
    Ok(SignedIn::Done(token, account))
}

/// Begins the session of somebody who has shown who they are: every way of signing in ends here. `passwords`: the one that was
/// compared, and the same under today's parameters if those have risen. What was tried at the password before is forgiven.
///
/// # Errors
///
/// [`SignInError::Wrong`] if the account has changed meanwhile or what was shown counts no more, and what the store says.
pub(super) async fn begin_session(
    door: Door<'_>,
    account: &AccountRecord,
    (password, rehashed): (StoredPassword, Option<StoredPassword>),
    shown: Option<ShownFactor>,
    newcomer: &Newcomer,
) -> Result<SessionToken, SignInError> {
    let (token, session) = newcomer.session();
    let what = What::Account(account.id);
    let by = newcomer.by(account, door.keyring);
    let details = match &shown {
        None => json!({}),
        Some(ShownFactor::Totp { .. }) => json!({ "second_factor": "totp" }),
        Some(ShownFactor::Backup(_)) => json!({ "second_factor": "backup_code" }),
    };
    let audit = record(by, Verb::SignIn, what, &details, newcomer.now);
    let request = SignIn {
        id: account.id,
        password,
        rehashed,
        shown,
        session,
        tries: tries(door.keyring, &folded(&account.name), newcomer),
    };
    match door.store.sign_in(request, audit).await? {
        true => Ok(token),
        false => Err(SignInError::Wrong),
    }
}

/// Notes that somebody who is signed in has given the account's password once more.
///
/// # Errors
///
/// [`SignInError`]
pub async fn confirm(
    door: Door<'_>,
    session: &SessionToken,
    account: &AccountRecord,
    password: TypedPassword,
    newcomer: &Newcomer,
) -> Result<(), SignInError> {
    let tries = check_password(door, account, password, newcomer).await?;
    let how = SessionUse::Confirmed(tries);
    let confirmed = door.store.use_session(session.hash(), how, newcomer.now);
    match confirmed.await? {
        true => Ok(()),
        false => Err(SignInError::Wrong),
    }
}

/// Looks at the password of somebody who is signed in; a try is spent as at the door, and forgiven by what follows.
pub(super) async fn check_password(
    door: Door<'_>,
    account: &AccountRecord,
    password: TypedPassword,
    newcomer: &Newcomer,
) -> Result<SignInTry, SignInError> {
    let name = format!("account {}", account.id.0);
    let tries = tries(door.keyring, &name, newcomer);
    let permit = door.hashers.permit()?;
    spend(door.store, tries).await?;
    match permit.compare(password, account.password.clone()).await? {
        true => Ok(tries),
        false => Err(SignInError::Wrong),
    }
}

async fn spend(store: &dyn Store, tries: SignInTry) -> Result<(), SignInError> {
    unlocked(store.spend_sign_in_try(tries).await?, tries.now)
}

/// Whether a try may be looked at.
pub(super) fn unlocked(gate: SignInGate, now: UnixTime) -> Result<(), SignInError> {
    match gate {
        SignInGate::Evaluate => Ok(()),
        SignInGate::Locked(until) => Err(SignInError::Locked {
            wait_secs: until.as_secs().saturating_sub(now.as_secs()).max(1),
        }),
    }
}

/// The folded form of a name; of what is no name, something that no account has.
fn folded(name: &str) -> String {
    match name.parse::<AccountName>() {
        Ok(name) => name.folded(),
        // The beginning will do: no account is found by it, and it is counted.
        Err(_) => format!("?{}", fold(&name.chars().take(64).collect::<String>())),
    }
}

/// Where tries at a name from a network are counted: nobody without the key learns either from the table.
fn tries(keyring: &Keyring, name: &str, newcomer: &Newcomer) -> SignInTry {
    let slot = keyring.primary().slot();
    let digest = keyring
        .ledger_digest(
            slot,
            "sign-in",
            &[name.as_bytes(), &newcomer.network.to_bytes()],
        )
        .expect("the primary key has a secret");
    let mut who = [0; 16];
    who.copy_from_slice(&digest[2..18]);
    SignInTry {
        place: u16::from_be_bytes([digest[0], digest[1]]),
        who,
        now: newcomer.now,
    }
}
