//! The profile of a row, and whether its document is one of it.

use std::sync::Arc;

use super::fault::RowFault;
use crate::issuing::{LongestLife, SealOptions};
use crate::profiles::{NotAdmitted, Profile, Registry};

/// The profile that is asked for, which has then said what was left open.
pub(super) fn find_profile(
    known: Option<&Registry>,
    longest_life: LongestLife,
    seal: &mut SealOptions,
) -> Result<Option<Arc<Profile>>, RowFault> {
    let Some(name) = &seal.profile else {
        return Ok(None);
    };
    let found = known.and_then(|known| known.find(name)).map(Arc::clone);
    let profile =
        found.ok_or_else(|| RowFault::new("profile", format!("there is no profile {name}")))?;
    profile.policy.apply(seal, longest_life).map_err(|wrong| {
        let wrong = wrong
            .into_iter()
            .map(|(name, detail)| format!("{name}: {detail}"));
        RowFault::row(wrong.collect::<Vec<_>>().join("; "))
    })?;
    Ok(Some(profile))
}

/// Why the document is not one of its profile: its first fault.
pub(super) fn not_admitted(why: &NotAdmitted) -> RowFault {
    match why {
        NotAdmitted::Document(faults) => match faults.first() {
            Some(fault) => {
                RowFault::new(fault.pointer.trim_start_matches('/'), fault.detail.clone())
            }
            None => RowFault::row(why.to_string()),
        },
        NotAdmitted::NotForYou(_) => RowFault::new("profile", why.to_string()),
    }
}
