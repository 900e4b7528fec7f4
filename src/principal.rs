//! Who did something, as every row that somebody made says it.
//!
//! Belongs here: the kinds of principals and their one text. Does not belong here: how somebody proves to be one, and what
//! each may do.

use std::fmt;
use std::str::FromStr;

/// Who did it. The text form is what the store, the audit log and the API say: `key:7`, `account:3`, `pass:12`, `local`,
/// `anonymous`, `cli`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A program with the API key of this number.
    Key(u64),
    /// A person who signed in to the account of this number.
    Account(u64),
    /// A device with the pass of this number, at a desk.
    Pass(u64),
    /// Somebody on this machine, where neither keys nor accounts are asked for.
    Local,
    /// Somebody unknown, where anyone may issue.
    Anonymous,
    /// An operator on the command line.
    Cli,
}

impl Principal {
    /// The longest text, in bytes: `account:` and twenty digits.
    pub const MAX_TEXT_BYTES: usize = 28;
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(number) => write!(f, "key:{number}"),
            Self::Account(number) => write!(f, "account:{number}"),
            Self::Pass(number) => write!(f, "pass:{number}"),
            Self::Local => f.write_str("local"),
            Self::Anonymous => f.write_str("anonymous"),
            Self::Cli => f.write_str("cli"),
        }
    }
}

impl FromStr for Principal {
    type Err = PrincipalError;

    /// Reads exactly what [`Display`](fmt::Display) writes, so that a principal has one text only.
    fn from_str(text: &str) -> Result<Self, PrincipalError> {
        let (kind, number) = match text.split_once(':') {
            None => {
                return match text {
                    "local" => Ok(Self::Local),
                    "anonymous" => Ok(Self::Anonymous),
                    "cli" => Ok(Self::Cli),
                    _ => Err(PrincipalError),
                };
            }
            Some((kind, number)) => (kind, parse_number(number).ok_or(PrincipalError)?),
        };
        match kind {
            "key" => Ok(Self::Key(number)),
            "account" => Ok(Self::Account(number)),
            "pass" => Ok(Self::Pass(number)),
            _ => Err(PrincipalError),
        }
    }
}

/// Digits without sign and leading zeros.
fn parse_number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    plain.then(|| digits.parse().ok()).flatten()
}

/// A text that names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a principal is key:N, account:N, pass:N, local, anonymous or cli")]
pub struct PrincipalError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_has_one_text() {
        for (principal, text) in [
            (Principal::Key(7), "key:7"),
            (Principal::Account(0), "account:0"),
            (Principal::Account(u64::MAX), "account:18446744073709551615"),
            (Principal::Pass(12), "pass:12"),
            (Principal::Local, "local"),
            (Principal::Anonymous, "anonymous"),
            (Principal::Cli, "cli"),
        ] {
            assert_eq!(principal.to_string(), text);
            assert_eq!(text.parse(), Ok(principal));
            assert!(text.len() <= Principal::MAX_TEXT_BYTES);
        }
    }

    #[test]
    fn other_texts_name_nobody() {
        for text in [
            "",
            "key",
            "key:",
            "key:01",
            "key:+1",
            "key:-1",
            "key:1 ",
            "Key:1",
            "local:1",
            "pass:a",
            "account:18446744073709551616",
            "key:1:2",
        ] {
            assert_eq!(text.parse::<Principal>(), Err(PrincipalError), "{text}");
        }
    }
}
