//! The end of the chain as it leaves the machine, so that whoever has the keyring cannot write the log anew unnoticed.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::hex::hex;
use crate::store::AuditLink;

/// A row's number and link. They tell nothing of the row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The number of the row, from 1.
    pub number: u64,
    /// Its link: 64 lower-case hexadecimal digits.
    pub link: String,
}

impl From<AuditLink> for Head {
    fn from(link: AuditLink) -> Self {
        Self {
            number: link.number,
            link: hex(&link.link),
        }
    }
}

impl fmt::Display for Head {
    /// As it stands in the server's log: `audit head number=12 link=...`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "audit head number={} link={}", self.number, self.link)
    }
}

impl Head {
    /// The head in a line: of the server's log, as text or JSON, or of what `qrseal audit verify` prints. Other lines have
    /// none.
    #[must_use]
    pub fn in_line(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.starts_with('{') {
            return Self::in_json(line);
        }
        let (_, words) = line.split_once("audit head ")?;
        let (mut number, mut link) = (None, None);
        for word in words.split_whitespace() {
            match word.split_once('=') {
                Some(("number", value)) => number = value.parse().ok(),
                Some(("link", value)) => link = Some(value),
                _ => {}
            }
        }
        Self::parse(number?, link?)
    }

    fn in_json(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let head = match value.get("head") {
            Some(head) => head,
            None if value["message"] == "audit head" => &value,
            None => return None,
        };
        Self::parse(head["number"].as_u64()?, head["link"].as_str()?)
    }

    fn parse(number: u64, link: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (number > 0 && link.len() == 64 && link.bytes().all(is_digit)).then(|| Self {
            number,
            link: link.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_found_in_every_line_that_has_one_and_in_no_other() {
        let link = "0a".repeat(32);
        let head = Head {
            number: 12,
            link: link.clone(),
        };
        for line in [
            head.to_string(),
            format!(
                "Nov 27 host qrseal[1]: 2026-11-27T09:00:00.000001Z  INFO audit head number=12 link={link}\r"
            ),
            format!(r#"{{"timestamp":"x","message":"audit head","number":12,"link":"{link}"}}"#),
            format!(r#"{{"linked":12,"head":{{"number":12,"link":"{link}"}},"misfit":null}}"#),
        ] {
            assert_eq!(Head::in_line(&line), Some(head.clone()), "{line}");
        }
        for line in [
            String::new(),
            "audit head".to_owned(),
            "audit head number=12".to_owned(),
            format!("audit head number=0 link={link}"),
            format!("audit head number=12 link={}", &link[1..]),
            format!("audit head number=12 link={}", link.to_uppercase()),
            format!(r#"{{"message":"request","number":12,"link":"{link}"}}"#),
            r#"{"head":null}"#.to_owned(),
            "{".to_owned(),
        ] {
            assert_eq!(Head::in_line(&line), None, "{line}");
        }
    }
}
