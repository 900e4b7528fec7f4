//! The lines of the file of samples: what they say, and up to where they can be used.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{MAX_SETS, SampleSet, SampleSets, SamplesError};
use crate::payload::minify;
use crate::token::ClaimValue;

/// More bytes than all sets together have.
pub(super) const MAX_BYTES: u64 = 16 << 20;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    /// A set.
    Set(SetLine),
    /// From here on new codes of its profile are packed after the set with this number.
    Use(u8),
    /// The next set has this number, if no greater one is next: those before it may have been given.
    Skip(u8),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetLine {
    number: u8,
    profile: u32,
    /// Each a JSON text, which is kept to the byte.
    documents: Vec<String>,
    /// In lower case.
    sha256: String,
}

impl SetLine {
    pub(super) fn of(set: &SampleSet) -> Self {
        let documents = set.documents().iter();
        Self {
            number: set.number(),
            profile: set.profile().value(),
            documents: documents
                .map(|document| document.as_str().to_owned())
                .collect(),
            sha256: set.sha256(),
        }
    }
}

impl Line {
    /// The line with its end.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("numbers and texts can be written");
        bytes.push(b'\n');
        bytes
    }
}

/// What the file says.
pub(super) struct Understood {
    pub(super) sets: SampleSets,
    /// Bytes of the lines that say it: what is behind them is a piece of a line, or one that was damaged.
    pub(super) used: usize,
}

/// What the lines say. Only the last one may be damaged: it is not used then.
pub(super) fn understood(bytes: &[u8], path: &Path) -> Result<Understood, SamplesError> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(SamplesError::TooLong(path.to_owned()));
    }
    let (mut sets, mut used) = (SampleSets::default(), 0);
    for (line, number) in bytes.split_inclusive(|&byte| byte == b'\n').zip(1..) {
        let end = used + line.len();
        let added = match line.strip_suffix(b"\n") {
            Some(line) => add_line(&mut sets, line),
            None => Err("it does not end".to_owned()),
        };
        match added {
            Ok(()) => used = end,
            Err(_) if end == bytes.len() => sets.cut = true,
            Err(reason) => {
                return Err(SamplesError::Line {
                    path: path.to_owned(),
                    line: number,
                    reason,
                });
            }
        }
    }
    Ok(Understood { sets, used })
}

fn add_line(sets: &mut SampleSets, line: &[u8]) -> Result<(), String> {
    match serde_json::from_slice(line).map_err(|error| error.to_string())? {
        Line::Set(line) => {
            let next = sets
                .next_number()
                .ok_or_else(|| format!("{MAX_SETS} is the last number of a set"))?;
            if line.number != next {
                return Err(format!("the set that comes here has the number {next}"));
            }
            let profile = ClaimValue::try_from(line.profile).map_err(|error| error.to_string())?;
            let documents = line.documents.iter().map(|text| {
                let document = minify(text.as_bytes()).map_err(|error| error.to_string())?;
                match document.as_str() == text {
                    true => Ok(document),
                    false => Err("a document has white space between its parts".to_owned()),
                }
            });
            let documents = documents.collect::<Result<Vec<_>, String>>()?;
            let set = SampleSet::new(line.number, profile, documents)?;
            if set.sha256() != line.sha256 {
                return Err("it was changed: its SHA-256 is another".to_owned());
            }
            sets.sets.insert(set.number(), Arc::new(set));
        }
        Line::Use(number) => {
            let set = sets.numbered(number);
            let profile = set.ok_or("it names a set that is not there")?.profile();
            sets.in_use.insert(profile.value(), number);
        }
        Line::Skip(number) => sets.skip = sets.skip.max(number),
    }
    Ok(())
}
