//! Passes: codes that sign one phone in to the desk, for one list until a time.
//!
//! Belongs here: drawing, listing and revoking them, and how a phone uses one. Does not belong here: what whoever has one may do
//! (`by`), cookies and forms (`http`).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::check_in::digest_of;
use super::fault::DeskFault;
use super::given::{TIME, moment};
use super::manageable::{NotManageable, manageable};
use super::names::PassNote;
use super::settings::ListSettings;
use super::{DeskRight, find_list};
use crate::accounts::SessionToken;
use crate::audit::{self, By, Verb, What};
use crate::clock::rfc3339;
use crate::cursor::Cursor;
use crate::principal::Principal;
use crate::random::{self, NoRandomNumbers};
use crate::store::{
    FindPass, ListId, ListRecord, NewPass, PassId, PassQuery, PassRecord, RevokePass, SecretHash,
    Store, StoreError, UsePass,
};
use crate::token::{Keyring, UnixTime, base64url};

/// The most passes of a list that are good at the same time.
const MOST_GOOD: u32 = 200;

/// How long a pass may be good: 31 days.
const LONGEST_SECS: u64 = 31 * 24 * 60 * 60;

/// For how long a phone that lost the answer is signed in again by the same form.
const REPEATED_SECS: u64 = 120;

const BYTES: usize = 16;
const CHARS: usize = (BYTES * 8).div_ceil(6);

/// 128 random bits as base64url: what the code of a pass carries. It is shown once; the store has its hash.
pub struct PassCode(Zeroizing<String>);

impl PassCode {
    /// The code of these bytes, which must come from the operating system's random numbers.
    #[must_use]
    pub fn from_random(random: &[u8; BYTES]) -> Self {
        Self(Zeroizing::new(base64url::encode(random)))
    }

    /// For whoever draws the pass, and the phone that it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The link that the picture of the pass says.
    #[must_use]
    pub fn link(&self, public_url: &Url) -> String {
        let base = public_url.as_str().trim_end_matches('/');
        format!("{base}/desk/pass/{}", self.reveal())
    }

    fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl FromStr for PassCode {
    type Err = PassError;

    fn from_str(text: &str) -> Result<Self, PassError> {
        match text.len() == CHARS && base64url::decode(text).is_ok() {
            true => Ok(Self(Zeroizing::new(text.to_owned()))),
            false => Err(PassError::Unknown),
        }
    }
}

impl fmt::Debug for PassCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassCode")
    }
}

/// How a pass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassState {
    /// No phone was signed in with it yet.
    Unused,
    /// A phone is signed in with it.
    Used,
    /// Its time has passed.
    Ended,
    /// It was revoked.
    Revoked,
}

impl PassState {
    /// How a pass is at a time.
    #[must_use]
    pub fn of(pass: &PassRecord, now: UnixTime) -> Self {
        match pass {
            _ if pass.revoked_at.is_some() => Self::Revoked,
            _ if pass.ends_at <= now => Self::Ended,
            _ if pass.used_at.is_some() => Self::Used,
            _ => Self::Unused,
        }
    }

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Used => "used",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }
}

/// Why nothing was done with a pass.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// There is no such list or pass.
    #[error("there is no such list or pass")]
    Unknown,
    /// Somebody else made the list.
    #[error("the list was made by somebody else")]
    NotYours,
    /// No phone is signed in with it any more.
    #[error("no phone is signed in with the pass any more")]
    Spent(Box<PassRecord>),
    /// What was asked is not possible.
    #[error(transparent)]
    Fault(#[from] DeskFault),
    /// The store did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system.
    #[error(transparent)]
    Random(#[from] NoRandomNumbers),
}

impl From<NotManageable> for PassError {
    fn from(error: NotManageable) -> Self {
        match error {
            NotManageable::Unknown => Self::Unknown,
            NotManageable::NotYours => Self::NotYours,
            NotManageable::Store(error) => Self::Store(error),
        }
    }
}

/// A pass is to be drawn.
#[derive(Debug)]
pub struct DrawPass<'a> {
    /// The list that it is for.
    pub list: ListId,
    /// Until when it is good: RFC 3339, or without an offset a time of the list's place.
    pub until: &'a str,
    /// What it is known by.
    pub note: Option<PassNote>,
    /// By what right.
    pub right: DeskRight,
    /// When.
    pub now: UnixTime,
}

/// Draws a pass. Its code is told once.
///
/// # Errors
/// [`PassError`]
pub async fn draw_pass(
    store: &dyn Store,
    asked: DrawPass<'_>,
    by: By<'_>,
) -> Result<(PassRecord, PassCode), PassError> {
    let list = manageable(store, asked.list, asked.right).await?;
    let zone = ListSettings::of(&list)?.zone();
    let ends_at = moment(asked.until, &zone).ok_or_else(|| DeskFault::new("/until", TIME))?;
    if ends_at <= asked.now || ends_at > asked.now.plus_secs(LONGEST_SECS) {
        return Err(DeskFault::new("/until", "must be within the next 31 days").into());
    }
    let id = store.next_pass_id().await?;
    let code = PassCode::from_random(&*random::bytes()?);
    let made_by = by.principal;
    let note = asked.note.map(|note| note.0);
    // The note may be a name, and the audit log is kept longer than passes are.
    let details = json!({ "list": list.id.to_string(), "until": rfc3339(ends_at) });
    let new = NewPass {
        id,
        list: list.id,
        code: code.hash(),
        note: note.clone(),
        made_by,
        ends_at,
        most: MOST_GOOD,
        audit: audit::record(by, Verb::Create, What::Pass(id), &details, asked.now),
        now: asked.now,
    };
    if !store.add_pass(new).await? {
        let detail = format!("a list has at most {MOST_GOOD} passes that are good: revoke some");
        return Err(DeskFault::new("", detail).into());
    }
    let pass = PassRecord {
        id,
        list: list.id,
        note,
        made_by,
        created_at: asked.now,
        ends_at,
        used_at: None,
        browser: None,
        revoked_at: None,
        revoked_by: None,
    };
    Ok((pass, code))
}

/// A page of the passes of a list, the newest first: at most `limit`, 1 to 1,000.
///
/// # Errors
/// [`PassError`]
pub async fn list_passes(
    store: &dyn Store,
    list: ListId,
    cursor: Option<Cursor>,
    limit: u32,
    right: DeskRight,
) -> Result<(Vec<PassRecord>, Option<Cursor>), PassError> {
    let list = manageable(store, list, right).await?.id;
    let query = PassQuery {
        list,
        after: cursor.map(|cursor| PassId(cursor.place().0.as_secs())),
        limit,
    };
    let (passes, next) = store.passes(query).await?;
    let next = next.map(|id| Cursor::after(UnixTime::from_secs(id.0), list.0));
    Ok((passes, next))
}

/// A pass of a list.
///
/// # Errors
/// [`PassError`]
pub async fn find_pass(
    store: &dyn Store,
    list: ListId,
    id: PassId,
    right: DeskRight,
    now: UnixTime,
) -> Result<PassRecord, PassError> {
    manageable(store, list, right).await?;
    let found = store.find_pass(FindPass::Id(list, id), now).await?;
    found.ok_or(PassError::Unknown)
}

/// Revokes a pass: whoever manages its list, or whose phone has it. What the phone holds ends with it. Revoking it again changes
/// nothing.
///
/// # Errors
/// [`PassError`]
pub async fn revoke_pass(
    store: &dyn Store,
    list: ListId,
    id: PassId,
    right: DeskRight,
    by: By<'_>,
    now: UnixTime,
) -> Result<PassRecord, PassError> {
    if right.principal != Principal::Pass(id.0) {
        manageable(store, list, right).await?;
    }
    let details = json!({ "list": list.to_string() });
    let request = RevokePass {
        list,
        id,
        by: by.principal,
        audit: audit::record(by, Verb::Revoke, What::Pass(id), &details, now),
        now,
    };
    store.revoke_pass(request).await?.ok_or(PassError::Unknown)
}

/// The pass of a code, in whatever state it is, and its list. Looking at it uses nothing up.
///
/// # Errors
/// [`PassError`]
pub async fn look_at_pass(
    store: &dyn Store,
    code: &PassCode,
    now: UnixTime,
) -> Result<(PassRecord, ListRecord), PassError> {
    let found = store.find_pass(FindPass::Code(code.hash()), now).await?;
    let pass = found.ok_or(PassError::Unknown)?;
    let list = find_list(store, pass.list).await?;
    Ok((pass, list.ok_or(PassError::Unknown)?))
}

/// Signs a phone in with a code that no other phone was signed in with. The same `form` again, sent within two minutes because the
/// first answer was lost, is answered the same; no other page has it.
///
/// # Errors
/// [`PassError`]: one of a pass that was used, revoked or has ended is [`PassError::Spent`].
pub async fn sign_in_phone(
    store: &dyn Store,
    keyring: &Keyring,
    (code, form): (&PassCode, &str),
    browser: String,
    now: UnixTime,
) -> Result<(SessionToken, PassRecord), PassError> {
    let (pass, _) = look_at_pass(store, code, now).await?;
    let token = session_of(keyring, code, form);
    if PassState::of(&pass, now) == PassState::Unused {
        let by = By::fresh(Principal::Pass(pass.id.0), keyring)?;
        let details = json!({ "list": pass.list.to_string() });
        let request = UsePass {
            id: pass.id,
            session: token.hash(),
            browser,
            audit: audit::record(by, Verb::SignIn, What::Pass(pass.id), &details, now),
            now,
        };
        if store.use_pass(request).await? {
            return Ok((token, pass));
        }
    }
    // It was used, by this form or another one, or it ended.
    let (pass, _) = look_at_pass(store, code, now).await?;
    let is_soon = |at: UnixTime| now < at.plus_secs(REPEATED_SECS);
    let held = pass_of_phone(store, &token, now).await?;
    match held.is_some_and(|held| held.id == pass.id && held.used_at.is_some_and(is_soon)) {
        true => Ok((token, pass)),
        false => Err(PassError::Spent(Box::new(pass))),
    }
}

/// What a phone holds that was signed in by a form with a code: nobody else knows both, nor the key that they are put together with.
fn session_of(keyring: &Keyring, code: &PassCode, form: &str) -> SessionToken {
    let (code, form) = (code.reveal().as_bytes(), form.as_bytes());
    let keyed = digest_of(keyring, "pass-session", &[code, form]);
    let digest = Sha256::new().chain_update(keyed).chain_update(code);
    let digest = digest.chain_update(form).finalize();
    SessionToken::from_random(&digest.into())
}

/// The pass that a phone is signed in with, while it is good.
///
/// # Errors
/// What the store says.
pub async fn pass_of_phone(
    store: &dyn Store,
    token: &SessionToken,
    now: UnixTime,
) -> Result<Option<PassRecord>, StoreError> {
    store.find_pass(FindPass::Session(token.hash()), now).await
}

/// A pass as whoever manages its list sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassAnswer {
    /// Its number: check-ins that it made are of `pass:` and this.
    pub id: u64,
    /// The list that it is for.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub list: String,
    /// `unused`, `used` (a phone is signed in with it), `ended` or `revoked`.
    #[schema(pattern = "^(unused|used|ended|revoked)$")]
    pub state: &'static str,
    /// What it is known by.
    pub note: Option<String>,
    /// Until when it is good, in UTC.
    #[schema(format = DateTime)]
    pub until: String,
    /// Who drew it.
    pub made_by: String,
    /// When it was drawn, in UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When a phone was signed in with it, in UTC.
    #[schema(format = DateTime)]
    pub used_at: Option<String>,
    /// What the phone's browser said that it is.
    pub browser: Option<String>,
    /// When it was revoked, in UTC.
    #[schema(format = DateTime)]
    pub revoked_at: Option<String>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

impl PassAnswer {
    /// A pass at a time.
    #[must_use]
    pub fn of(pass: PassRecord, now: UnixTime) -> Self {
        Self {
            id: pass.id.0,
            list: pass.list.to_string(),
            state: PassState::of(&pass, now).as_str(),
            note: pass.note,
            until: rfc3339(pass.ends_at),
            made_by: pass.made_by.to_string(),
            created_at: rfc3339(pass.created_at),
            used_at: pass.used_at.map(rfc3339),
            browser: pass.browser,
            revoked_at: pass.revoked_at.map(rfc3339),
            revoked_by: pass.revoked_by.map(|by| by.to_string()),
        }
    }
}

/// A page of passes.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassesAnswer {
    /// The passes, the newest first.
    pub passes: Vec<PassAnswer>,
    /// What to give as `cursor` for the next page; null if this is the last.
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_comes_back_from_its_link_and_tells_nobody() {
        let code = PassCode::from_random(&[7; 16]);
        let url = Url::parse("https://qr.example.com/codes/").unwrap();
        let link = code.link(&url);
        let text = link
            .strip_prefix("https://qr.example.com/codes/desk/pass/")
            .unwrap();
        assert_eq!(text.parse::<PassCode>().unwrap().hash(), code.hash());
        assert_eq!(format!("{code:?}"), "PassCode");
        for text in ["", "x", &text[1..], &"!".repeat(CHARS)] {
            assert!(text.parse::<PassCode>().is_err(), "{text}");
        }
    }
}
