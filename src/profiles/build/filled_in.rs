//! The form of a profile, from what its file says of it: who may fill it in, and whether somebody could.

use toml::Spanned;

use super::wrong::{Wrong, parsed, wrong};
use crate::profiles::written::WrittenForm;
use crate::profiles::{Form, FormOpen, Issuers, Page, PinPolicy, Policy, Schema, form};

/// The form; none if nobody may fill it in.
pub(super) fn form_of(
    written: &Spanned<WrittenForm>,
    issuers: &[Issuers],
    schema: &Schema,
    page: &Page,
    policy: &Policy,
) -> Result<Option<Form>, Wrong> {
    let form = written.as_ref();
    let open = match &form.open {
        None => FormOpen::Off,
        Some(word) => parsed("open", word)?,
    };
    if open == FormOpen::Off {
        return Ok(None);
    }
    if open == FormOpen::Open
        && !issuers
            .iter()
            .any(|who| matches!(who, Issuers::Form | Issuers::Anyone))
    {
        return Err(wrong(
            written,
            "a form that anyone may fill in issues for strangers: add \"form\" to issue",
        ));
    }
    let may_send = [Issuers::Accounts, Issuers::Form, Issuers::Anyone];
    if open == FormOpen::Accounts && !issuers.iter().any(|who| may_send.contains(who)) {
        return Err(wrong(
            written,
            "nobody who signs in could send the form: add \"accounts\" or \"form\" to issue",
        ));
    }
    if matches!(policy.pin, PinPolicy::Drawn | PinPolicy::Given) {
        return Err(wrong(
            written,
            "a form leads to its code and tells no PIN: policy.pin must be never or allowed",
        ));
    }
    let items = form::fields_of(schema.json(), page);
    let items = items.map_err(|error| wrong(written, format!("form: {error}")))?;
    let asks_consent = items
        .iter()
        .any(|item| matches!(item, form::Item::Field(field) if field.is_consent()));
    if form.consent.is_some() && !asks_consent {
        return Err(wrong(
            written,
            "consent takes a boolean /consent in the schema, where it is noted",
        ));
    }
    Ok(Some(Form {
        items,
        open,
        intro: form.intro.clone(),
        consent: form.consent.clone(),
    }))
}
