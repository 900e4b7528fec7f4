//! Whether somebody may issue a document under a profile, and whether it is one of it.

use super::{Fault, Issuers, Profile};
use crate::payload::Document;
use crate::principal::Principal;

/// How somebody came to issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// By a request of their own.
    #[default]
    Request,
    /// By the profile's form, which they may fill in.
    Form,
}

/// Why a document is not issued under a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// Whoever asks may not issue under it.
    #[error("the profile {0} is not for whoever asks")]
    NotForYou(String),
    /// The document is none of it.
    #[error("the document is not one of its profile")]
    Document(Vec<Fault>),
}

impl Profile {
    /// Checks who issues, and the document. On this machine, where nobody is asked who they are, and on the command line
    /// everything is allowed: that is the operator.
    ///
    /// # Errors
    /// [`NotAdmitted`]
    pub fn admit(&self, by: Principal, way: Way, document: &Document) -> Result<(), NotAdmitted> {
        if !self.is_for(by, way) {
            return Err(NotAdmitted::NotForYou(self.name.to_string()));
        }
        self.schema
            .check(document.as_str())
            .map_err(NotAdmitted::Document)
    }

    /// Whether `by` may issue under it, whatever the document.
    #[must_use]
    pub fn is_for(&self, by: Principal, way: Way) -> bool {
        let is_among = |who| self.issuers.contains(&who);
        is_among(Issuers::Anyone)
            || way == Way::Form && is_among(Issuers::Form)
            || match by {
                Principal::Key(_) => is_among(Issuers::Keys),
                Principal::Account(_) => is_among(Issuers::Accounts),
                Principal::Local | Principal::Cli => true,
                Principal::Pass(_) | Principal::Anonymous => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::minify;
    use crate::profiles::Registry;

    #[test]
    fn a_profile_is_for_whom_it_names_and_for_the_operator() {
        let registry = Registry::shipped();
        let (invoice, sign_in) = (
            registry.find("invoice").unwrap(),
            registry.find("sign-in").unwrap(),
        );
        let document = |profile: &Profile| {
            minify(profile.sample.as_ref().unwrap().to_string().as_bytes()).unwrap()
        };
        for (profile, by, way, may) in [
            (invoice, Principal::Key(1), Way::Request, true),
            (invoice, Principal::Account(1), Way::Request, true),
            (invoice, Principal::Local, Way::Request, true),
            (invoice, Principal::Cli, Way::Request, true),
            (invoice, Principal::Anonymous, Way::Request, false),
            (invoice, Principal::Anonymous, Way::Form, false),
            (invoice, Principal::Pass(1), Way::Request, false),
            (sign_in, Principal::Anonymous, Way::Request, false),
            (sign_in, Principal::Anonymous, Way::Form, true),
        ] {
            let admitted = profile.admit(by, way, &document(profile));
            assert_eq!(admitted.is_ok(), may, "{} {by} {way:?}", profile.name);
        }
    }
}
