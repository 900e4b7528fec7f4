//! What a code of a profile may do: what it gets where a request says nothing, and what a request may ask for.

use crate::issuing::{LongestLife, MaxOpens, SealOptions, Storage, WantedPin};
use crate::options::words;
use crate::token::ExpiresIn;

/// What a code of a profile may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// How long it opens where nothing is asked.
    pub expires_in: Option<ExpiresIn>,
    /// How long it may open at most; then it ends in any case.
    pub max_expires_in: Option<ExpiresIn>,
    /// How often it opens.
    pub max_opens: OpensPolicy,
    /// Whether it takes a PIN.
    pub pin: PinPolicy,
    /// Where its document is; `None`: wherever the request says.
    pub storage: Option<Storage>,
    /// Whether it opens at a desk only.
    pub staff_only: bool,
}

/// How often a code of a profile opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpensPolicy {
    /// As often as one likes, always: a list at a desk counts, or nobody.
    Never,
    /// As the request says, within bounds.
    Allowed {
        /// Where the request says nothing.
        default: Option<MaxOpens>,
        /// The most.
        max: Option<MaxOpens>,
    },
}

impl Default for OpensPolicy {
    fn default() -> Self {
        Self::Allowed {
            default: None,
            max: None,
        }
    }
}

/// Whether a code of a profile takes a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PinPolicy {
    /// It never does.
    Never,
    /// If the request asks for one.
    #[default]
    Allowed,
    /// Always one that is made here.
    Drawn,
    /// Always one that the issuer chooses.
    Given,
}

words!(PinPolicy {
    Never = "never",
    Allowed = "allowed",
    Drawn = "drawn",
    Given = "given",
});

/// The name of an option, and what is wrong with it.
type Exceeds = (&'static str, String);

impl Policy {
    /// Fills in what a request leaves open, within the `longest` life that codes have here.
    ///
    /// # Errors
    /// What exceeds the policy.
    pub fn apply(&self, asked: &mut SealOptions, longest: LongestLife) -> Result<(), Vec<Exceeds>> {
        let mut wrong: Vec<Exceeds> = Vec::new();
        let given = longest.within(self.expires_in.or(self.max_expires_in));
        asked.expires_in = asked.expires_in.or(given);
        if let (Some(time), Some(most)) = (asked.expires_in, self.max_expires_in)
            && time.as_secs() > most.as_secs()
        {
            wrong.push((
                "expires_in",
                format!(
                    "the profile lets a code open for at most {} seconds",
                    most.as_secs()
                ),
            ));
        }
        match self.max_opens {
            OpensPolicy::Never if asked.max_opens.is_some() => wrong.push((
                "max_opens",
                "the profile does not limit how often a code opens".to_owned(),
            )),
            OpensPolicy::Never => {}
            OpensPolicy::Allowed { default, max } => {
                asked.max_opens = asked.max_opens.or(default).or(max);
                if let (Some(opens), Some(most)) = (asked.max_opens, max)
                    && opens.value() > most.value()
                {
                    wrong.push((
                        "max_opens",
                        format!(
                            "the profile lets a code open {} times at most",
                            most.value()
                        ),
                    ));
                }
            }
        }
        let wrong_pin = match (self.pin, &asked.pin) {
            (PinPolicy::Never, Some(_)) => Some(("pin", "the profile's codes take no PIN")),
            (PinPolicy::Drawn, Some(WantedPin::Given(_))) => {
                Some(("pin", "the profile has its PINs made here: leave it out"))
            }
            (PinPolicy::Given, Some(WantedPin::Generated)) => Some((
                "pin_auto",
                "the profile's PINs are chosen by the issuer: give pin",
            )),
            (PinPolicy::Given, None) => Some(("pin", "the profile's codes take a PIN: give one")),
            _ => None,
        };
        wrong.extend(wrong_pin.map(|(name, words)| (name, words.to_owned())));
        if self.pin == PinPolicy::Drawn && asked.pin.is_none() {
            asked.pin = Some(WantedPin::Generated);
        }
        match (self.storage, asked.storage) {
            (Some(kept), None) => asked.storage = Some(kept),
            (Some(kept), Some(wanted)) if kept != wanted && kept != Storage::Auto => {
                wrong.push(("storage", format!("the profile's documents are {kept}")));
            }
            _ => {}
        }
        if asked.expires_in.is_none() && (asked.max_opens.is_some() || asked.pin.is_some()) {
            wrong.push((
                "expires_in",
                "is needed with max_opens and with a PIN".to_owned(),
            ));
        }
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Pin;

    fn time(text: &str) -> ExpiresIn {
        text.parse().unwrap()
    }

    fn opens(number: u64) -> MaxOpens {
        MaxOpens::try_from(number).unwrap()
    }

    fn allowed(default: u64, max: u64) -> OpensPolicy {
        OpensPolicy::Allowed {
            default: Some(opens(default)),
            max: Some(opens(max)),
        }
    }

    #[test]
    fn what_a_request_leaves_open_is_what_the_profile_says() {
        let policy = Policy {
            expires_in: Some(time("1y")),
            max_expires_in: Some(time("2y")),
            max_opens: allowed(3, 5),
            pin: PinPolicy::Drawn,
            storage: Some(Storage::Auto),
            staff_only: false,
        };
        let mut asked = SealOptions::default();
        policy.apply(&mut asked, LongestLife::default()).unwrap();
        assert_eq!(asked.expires_in, Some(time("1y")));
        assert_eq!(asked.max_opens, Some(opens(3)));
        assert!(matches!(asked.pin, Some(WantedPin::Generated)));
        assert_eq!(asked.storage, Some(Storage::Auto));
        let mut bounded = SealOptions::default();
        let longest = LongestLife(Some(time("90d")));
        policy.apply(&mut bounded, longest).unwrap();
        assert_eq!(bounded.expires_in, Some(time("90d")));
        let mut asked = SealOptions {
            expires_in: Some(time("2y")),
            max_opens: Some(opens(5)),
            storage: Some(Storage::Inline),
            ..SealOptions::default()
        };
        policy.apply(&mut asked, LongestLife::default()).unwrap();
        assert_eq!(asked.expires_in, Some(time("2y")));
        assert_eq!(asked.max_opens, Some(opens(5)));
        assert_eq!(asked.storage, Some(Storage::Inline));
    }

    /// A policy, and what exceeds it.
    type Case = (fn(&mut Policy), fn(&mut SealOptions), &'static str);

    #[test]
    fn what_exceeds_the_policy_is_named() {
        let cases: [Case; 9] = [
            (
                |p| p.max_expires_in = Some(time("1d")),
                |a| a.expires_in = Some(time("2d")),
                "expires_in",
            ),
            (
                |p| p.max_opens = OpensPolicy::Never,
                |a| a.max_opens = Some(opens(1)),
                "max_opens",
            ),
            (
                |p| p.max_opens = allowed(1, 2),
                |a| a.max_opens = Some(opens(3)),
                "max_opens",
            ),
            (
                |p| p.pin = PinPolicy::Never,
                |a| a.pin = Some(given()),
                "pin",
            ),
            (
                |p| p.pin = PinPolicy::Drawn,
                |a| a.pin = Some(given()),
                "pin",
            ),
            (|p| p.pin = PinPolicy::Given, |_| {}, "pin"),
            (
                |p| p.pin = PinPolicy::Given,
                |a| a.pin = Some(WantedPin::Generated),
                "pin_auto",
            ),
            (
                |p| p.storage = Some(Storage::Inline),
                |a| a.storage = Some(Storage::Stored),
                "storage",
            ),
            (
                |p| p.expires_in = None,
                |a| a.max_opens = Some(opens(1)),
                "expires_in",
            ),
        ];
        for (change, ask, named) in cases {
            let mut policy = Policy {
                expires_in: Some(time("1d")),
                ..Policy::default()
            };
            change(&mut policy);
            let mut asked = SealOptions::default();
            ask(&mut asked);
            let wrong = policy
                .apply(&mut asked, LongestLife::default())
                .unwrap_err();
            let names: Vec<_> = wrong.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [named]);
        }
    }

    fn given() -> WantedPin {
        WantedPin::Given(Pin::parse("493817").unwrap())
    }
}
