//! The verbs around second factors: one is set, shown, gets other backup codes, and is removed.

use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::backup_code::BackupCode;
use super::sign_in::{begin_session, unlocked};
use super::totp::{Judged, TotpSecret};
use super::{Door, Newcomer, SessionToken, SignInError};
use crate::audit::{By, Verb, What, record};
use crate::store::{
    AccountId, AccountRecord, ChangeSecondFactor, FindAccount, NewSecondFactor, SecondFactorChange,
    SecondFactorRecord, SecretHash, ShownFactor, Store, StoreError, StoredPassword,
};
use crate::token::{Keyring, Nonce, RowPlace, Slot, UnixTime, base64url};

/// Where a secret is kept.
const SECRET: &str = "second_factors.secret";
/// Where a secret is that was shown and not set yet: in a form of its owner.
const OFFER: &str = "second_factors.offer";
/// Where it is kept that somebody knows the password: in the form that asks for the code.
const HALF: &str = "sessions.half";

/// The longest text of a form in which something sealed is looked for.
const MOST_CHARS: usize = 1024;

/// Why a second factor does not do, or does not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecondFactorError {
    /// No app shows this code, and it is no backup code.
    #[error("the code is wrong")]
    Wrong,
    /// It counted before.
    #[error("the code was used")]
    Used,
    /// It is the code of a time that is over.
    #[error("the code is of another time, {0} s ago")]
    ClockBehind(u64),
    /// What a form brought has ended, or is none of ours; or the password has changed meanwhile.
    #[error("the form is out of date")]
    Outdated,
    /// There is one already.
    #[error("there is a second factor already")]
    AlreadySet,
    /// There is none, or none any more.
    #[error("there is no second factor")]
    NotSet,
    /// Its key was destroyed.
    #[error("the key of the second factor was destroyed")]
    KeyGone,
    /// Too many wrong codes, and what else may be in the way.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<StoreError> for SecondFactorError {
    fn from(error: StoreError) -> Self {
        Self::SignIn(error.into())
    }
}

/// A secret that is shown to whoever sets a second factor. Nothing is kept of it but what the form brings back.
pub struct OfferedSecret {
    /// The secret.
    pub secret: TotpSecret,
    /// The same, sealed for this session.
    pub sealed: String,
}

impl OfferedSecret {
    /// Random bytes of one.
    pub const RANDOM_BYTES: usize = TotpSecret::BYTES + Nonce::BYTES;

    const SECS: u64 = 60 * 60;

    /// A secret of fresh random bytes. `None` if the primary key has no secret, which cannot be.
    #[must_use]
    pub fn new(
        keyring: &Keyring,
        of: (AccountId, SecretHash),
        random: &[u8; Self::RANDOM_BYTES],
        now: UnixTime,
    ) -> Option<Self> {
        let (secret, nonce) = random.split_first_chunk::<{ TotpSecret::BYTES }>()?;
        let secret = TotpSecret::from_bytes(*secret);
        let sealed = Self::seal(keyring, of, &secret, nonce, now)?;
        Some(Self { secret, sealed })
    }

    fn seal(
        keyring: &Keyring,
        (account, session): (AccountId, SecretHash),
        secret: &TotpSecret,
        nonce: &[u8],
        now: UnixTime,
    ) -> Option<String> {
        let ends_at = now.plus_secs(Self::SECS).as_secs().to_be_bytes();
        let plain = Zeroizing::new([&ends_at[..], secret.as_bytes()].concat());
        seal(keyring, OFFER, account, &[&session.0], &plain, nonce)
    }

    /// The secret that a form brought back, if it was offered in this session within the last hour.
    #[must_use]
    pub fn open(
        keyring: &Keyring,
        (account, session): (AccountId, SecretHash),
        sealed: &str,
        now: UnixTime,
    ) -> Option<Self> {
        let (of, plain) = open(keyring, OFFER, sealed, &[&session.0])?;
        let (ends_at, secret) = plain.split_first_chunk::<8>()?;
        let lasts = now.as_secs() < u64::from_be_bytes(*ends_at);
        let secret: [u8; TotpSecret::BYTES] = secret.try_into().ok()?;
        (lasts && of == account).then(|| Self {
            secret: TotpSecret::from_bytes(secret),
            sealed: sealed.to_owned(),
        })
    }
}

/// Random bytes of ten backup codes.
pub type BackupRandom = [u8; BackupCode::BYTES * BackupCode::COUNT];

/// Sets a second factor for whoever showed by its code that an app has the secret; the session stays, all others end.
///
/// # Errors
///
/// [`SecondFactorError`]
pub async fn set_second_factor(
    store: &dyn Store,
    (account, session): (AccountId, SecretHash),
    offered: &OfferedSecret,
    typed: &str,
    random: (&BackupRandom, Nonce),
    by: By<'_>,
    now: UnixTime,
) -> Result<Vec<BackupCode>, SecondFactorError> {
    let step = judged(&offered.secret, typed, None, now)?;
    let (keyring, slot) = (by.keyring, by.keyring.primary().slot());
    let (codes, hashes) = backup_codes(keyring, slot, account, random.0)?;
    let id = account.0.to_be_bytes();
    let secret = keyring
        .seal_row(
            slot,
            place(SECRET, &id, &[]),
            offered.secret.as_bytes(),
            random.1,
        )
        .ok_or(SecondFactorError::KeyGone)?;
    let change = SecondFactorChange::Set(NewSecondFactor {
        slot,
        secret,
        step,
        backup_codes: hashes,
    });
    match changed(store, (account, session), change, "set", by, now).await? {
        true => Ok(codes),
        false => Err(SecondFactorError::AlreadySet),
    }
}

/// Makes other backup codes for whoever shows a code; those before are good no more.
///
/// # Errors
///
/// [`SecondFactorError`]
pub async fn make_backup_codes(
    store: &dyn Store,
    (account, session): (AccountId, SecretHash),
    typed: &str,
    random: &BackupRandom,
    by: By<'_>,
    now: UnixTime,
) -> Result<Vec<BackupCode>, SecondFactorError> {
    let (factor, shown) = shown(store, by.keyring, account, typed, now).await?;
    let (codes, hashes) = backup_codes(by.keyring, factor.slot, account, random)?;
    let told = counts_no_more(&shown);
    let change = SecondFactorChange::BackupCodes(shown, hashes);
    let of = (account, session);
    match changed(store, of, change, "new backup codes", by, now).await? {
        true => Ok(codes),
        false => Err(told),
    }
}

/// Removes the second factor of whoever shows a code.
///
/// # Errors
///
/// [`SecondFactorError`]
pub async fn remove_second_factor(
    store: &dyn Store,
    (account, session): (AccountId, SecretHash),
    typed: &str,
    by: By<'_>,
    now: UnixTime,
) -> Result<(), SecondFactorError> {
    let (_, shown) = shown(store, by.keyring, account, typed, now).await?;
    let told = counts_no_more(&shown);
    let change = SecondFactorChange::Remove(shown);
    match changed(store, (account, session), change, "removed", by, now).await? {
        true => Ok(()),
        false => Err(told),
    }
}

async fn changed(
    store: &dyn Store,
    (account, session): (AccountId, SecretHash),
    change: SecondFactorChange,
    what: &'static str,
    by: By<'_>,
    now: UnixTime,
) -> Result<bool, StoreError> {
    let details = json!({ "second_factor": what });
    let audit = record(by, Verb::Change, What::Account(account), &details, now);
    let request = ChangeSecondFactor {
        account,
        change,
        session,
        now,
    };
    store.change_second_factor(request, audit).await
}

/// That somebody knows the password of an account with a second factor: five minutes for showing it. It begins nothing by itself.
pub struct Half {
    account: AccountId,
    /// The digest of the password that was compared: it must be the account's still.
    password: [u8; 32],
    rehashed: Option<StoredPassword>,
}

impl Half {
    const SECS: u64 = 5 * 60;

    /// For the form that asks for the code, sealed. `rehashed`: the password under today's parameters if those have risen.
    #[must_use]
    pub fn seal(
        keyring: &Keyring,
        account: &AccountRecord,
        rehashed: Option<&StoredPassword>,
        nonce: [u8; Nonce::BYTES],
        now: UnixTime,
    ) -> Option<String> {
        let ends_at = now.plus_secs(Self::SECS).as_secs().to_be_bytes();
        let password = digest(account.password.as_ref()?);
        let rehashed = rehashed.map_or("", |rehashed| &*rehashed.0);
        let plain = [&ends_at[..], &password, rehashed.as_bytes()].concat();
        seal(keyring, HALF, account.id, &[], &plain, &nonce)
    }

    fn open(keyring: &Keyring, sealed: &str, now: UnixTime) -> Option<Self> {
        let (account, plain) = open(keyring, HALF, sealed, &[])?;
        let (ends_at, rest) = plain.split_first_chunk::<8>()?;
        let (password, rehashed) = rest.split_first_chunk::<32>()?;
        let rehashed = std::str::from_utf8(rehashed).ok()?;
        (now.as_secs() < u64::from_be_bytes(*ends_at)).then(|| Self {
            account,
            password: *password,
            rehashed: (!rehashed.is_empty()).then(|| StoredPassword(rehashed.to_owned())),
        })
    }
}

/// Signs somebody in who knew the password and shows the second factor: the code of an app, or a backup code.
///
/// # Errors
///
/// [`SecondFactorError`]
pub async fn sign_in_with_code(
    door: Door<'_>,
    half: &str,
    typed: &str,
    newcomer: &Newcomer,
) -> Result<(SessionToken, AccountRecord), SecondFactorError> {
    let half = Half::open(door.keyring, half, newcomer.now).ok_or(SecondFactorError::Outdated)?;
    let found = door
        .store
        .account(FindAccount::Id(half.account), newcomer.now)
        .await?;
    let account = found.ok_or(SecondFactorError::Outdated)?;
    if account.disabled_at.is_some() {
        return Err(SignInError::Disabled.into());
    }
    let kept = account.password.clone();
    let kept = kept.filter(|kept| digest(kept) == half.password);
    let kept = kept.ok_or(SecondFactorError::Outdated)?;
    let (_, shown) = shown(door.store, door.keyring, account.id, typed, newcomer.now).await?;
    let told = counts_no_more(&shown);
    let passwords = (kept, half.rehashed);
    match begin_session(door, &account, passwords, Some(shown), newcomer).await {
        Ok(token) => Ok((token, account)),
        Err(SignInError::Wrong) => Err(told),
        Err(error) => Err(error.into()),
    }
}

/// What is said where another was faster.
fn counts_no_more(shown: &ShownFactor) -> SecondFactorError {
    match shown {
        ShownFactor::Totp { .. } => SecondFactorError::Used,
        ShownFactor::Backup(_) => SecondFactorError::Wrong,
    }
}

/// Looks at what was typed; a try is spent before, and forgiven by what follows.
async fn shown(
    store: &dyn Store,
    keyring: &Keyring,
    account: AccountId,
    typed: &str,
    now: UnixTime,
) -> Result<(SecondFactorRecord, ShownFactor), SecondFactorError> {
    let factor = store.second_factor(account).await?;
    let factor = factor.ok_or(SecondFactorError::NotSet)?;
    let gate = store.spend_second_factor_try(account, factor.secret.clone(), now);
    unlocked(gate.await?, now)?;
    if let Some(code) = BackupCode::read(typed) {
        let hash = code.hash(keyring, factor.slot, account);
        let hash = hash.ok_or(SecondFactorError::KeyGone)?;
        return Ok((factor, ShownFactor::Backup(hash)));
    }
    let id = account.0.to_be_bytes();
    let opened = keyring.open_row(factor.slot, place(SECRET, &id, &[]), &factor.secret);
    let opened = opened.map_err(|_| SecondFactorError::KeyGone)?;
    let secret = opened.as_slice().try_into();
    let secret = TotpSecret::from_bytes(secret.map_err(|_| SecondFactorError::KeyGone)?);
    let step = judged(&secret, typed, Some(factor.step), now)?;
    let shown = ShownFactor::Totp {
        secret: factor.secret.clone(),
        step,
    };
    Ok((factor, shown))
}

fn judged(
    secret: &TotpSecret,
    typed: &str,
    counted: Option<u64>,
    now: UnixTime,
) -> Result<u64, SecondFactorError> {
    match secret.judge(typed, counted, now) {
        Judged::Good(step) => Ok(step),
        Judged::Used => Err(SecondFactorError::Used),
        Judged::ClockBehind(secs) => Err(SecondFactorError::ClockBehind(secs)),
        Judged::Wrong => Err(SecondFactorError::Wrong),
    }
}

fn backup_codes(
    keyring: &Keyring,
    slot: Slot,
    account: AccountId,
    random: &BackupRandom,
) -> Result<(Vec<BackupCode>, Vec<SecretHash>), SecondFactorError> {
    let (each, _) = random.as_chunks::<{ BackupCode::BYTES }>();
    let codes: Vec<_> = each.iter().copied().map(BackupCode::from_random).collect();
    let hashes = codes.iter().map(|code| code.hash(keyring, slot, account));
    let hashes: Option<Vec<_>> = hashes.collect();
    Ok((codes, hashes.ok_or(SecondFactorError::KeyGone)?))
}

fn digest(password: &StoredPassword) -> [u8; 32] {
    Sha256::digest(password.0.as_bytes()).into()
}

fn place<'a>(column: &'static str, id: &'a [u8], beside: &'a [&'a [u8]]) -> RowPlace<'a> {
    RowPlace { column, id, beside }
}

/// Seals what a form brings back, with the slot and the account in front, as base64url.
fn seal(
    keyring: &Keyring,
    column: &'static str,
    account: AccountId,
    beside: &[&[u8]],
    plain: &[u8],
    nonce: &[u8],
) -> Option<String> {
    let (slot, id) = (keyring.primary().slot(), account.0.to_be_bytes());
    let nonce = Nonce::from(<[u8; Nonce::BYTES]>::try_from(nonce).ok()?);
    let sealed = keyring.seal_row(slot, place(column, &id, beside), plain, nonce)?;
    Some(base64url::encode(
        &[&[u8::from(slot)], &id[..], &sealed].concat(),
    ))
}

fn open(
    keyring: &Keyring,
    column: &'static str,
    sealed: &str,
    beside: &[&[u8]],
) -> Option<(AccountId, Zeroizing<Vec<u8>>)> {
    if sealed.len() > MOST_CHARS {
        return None;
    }
    let bytes = base64url::decode(sealed).ok()?;
    let (slot, rest) = bytes.split_first()?;
    let (id, sealed) = rest.split_first_chunk::<8>()?;
    let slot = Slot::try_from(*slot).ok()?;
    let plain = keyring.open_row(slot, place(column, id, beside), sealed);
    Some((AccountId(u64::from_be_bytes(*id)), plain.ok()?))
}
