//! The verb of adding samples to a profile.

use std::path::Path;

use super::{NotAdmitted, Profile, Way};
use crate::principal::Principal;
use crate::samples::{AddSamples, Added, SamplesError, append_set};

/// Why no samples were added.
#[derive(Debug, thiserror::Error)]
pub enum NotSampled {
    /// One is no document of the profile.
    #[error("document {at}: {why}", why = told(.why))]
    NotAdmitted {
        /// Which one, from 1.
        at: usize,
        /// Why.
        why: NotAdmitted,
    },
    /// The file, or what they are.
    #[error(transparent)]
    Samples(#[from] SamplesError),
}

fn told(why: &NotAdmitted) -> String {
    match why {
        NotAdmitted::NotForYou(_) => why.to_string(),
        NotAdmitted::Document(faults) => {
            let faults: Vec<_> = faults
                .iter()
                .map(|fault| format!("{} ({}): {}", fault.pointer, fault.keyword, fault.detail))
                .collect();
            faults.join("; ")
        }
    }
}

/// Adds made-up documents of a profile as a set of samples to the file beside `keyring`. No code is packed after them before
/// they are used ([`append_use`](crate::samples::append_use)).
///
/// # Errors
/// [`NotSampled`]: nothing was added.
pub fn add_samples(
    profile: &Profile,
    wanted: AddSamples,
    keyring: &Path,
) -> Result<Added, NotSampled> {
    for (document, at) in wanted.documents.iter().zip(1..) {
        profile
            .admit(Principal::Cli, Way::Request, document)
            .map_err(|why| NotSampled::NotAdmitted { at, why })?;
    }
    let profile = profile.number;
    Ok(append_set(keyring, AddSamples { profile, ..wanted })?)
}
