//! Samples of a profile: made-up documents that codec 3 reads before a document, so that the first code of a kind is as small as
//! if the model had known that kind for ever.
//!
//! Belongs here: sets of samples, the file beside the keyring that has them, and which one a token names. Does not belong here:
//! whether they fit a profile (`profiles`), the model that reads them (`payload`), and who is asked before a set is used
//! (`cli`).
//!
//! A set is wire format: without it, to the byte, no code that was packed after it opens. So the file only ever grows, and a
//! server that has read a set never lets go of it.

mod file;
mod known;
mod lines;
mod told;

pub use file::{
    AddSamples, Added, append_set, append_use, bytes_for_backup, is_wanted, none_beside,
    path_beside, put_back,
};
pub use known::KnownSamples;
pub use told::{ToldSet, told_sets};

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::payload::{Document, mix2};
use crate::token::{ClaimValue, FINGERPRINT_BYTES};

/// The most documents of a set.
pub const MAX_DOCUMENTS: usize = 8;
/// The most bytes of a document of a set, without white space.
pub const MAX_DOCUMENT_BYTES: usize = 2_048;
/// The most sets of an installation: their numbers are one byte, from 1.
pub const MAX_SETS: usize = 255;

/// Documents that the model reads, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleSet {
    number: u8,
    profile: ClaimValue,
    documents: Arc<[Document]>,
    sha256: [u8; 32],
}

impl SampleSet {
    /// A set of 1 to [`MAX_DOCUMENTS`] documents that codec 2 takes, of at most [`MAX_DOCUMENT_BYTES`] each.
    ///
    /// # Errors
    /// What is wrong with the documents.
    fn new(number: u8, profile: ClaimValue, documents: Vec<Document>) -> Result<Self, String> {
        if !(1..=MAX_DOCUMENTS).contains(&documents.len()) {
            return Err(format!("a set has 1 to {MAX_DOCUMENTS} documents"));
        }
        for (at, document) in documents.iter().enumerate() {
            let bytes = document.as_bytes().len();
            if bytes > MAX_DOCUMENT_BYTES {
                return Err(format!(
                    "document {} has {bytes} bytes without white space, and {MAX_DOCUMENT_BYTES} is the most",
                    at + 1
                ));
            }
            if !mix2::takes(document) {
                return Err(format!(
                    "document {} is neither an object nor an array nor a text",
                    at + 1
                ));
            }
        }
        // The number and the profile with it: a set that stands under another number is another one.
        let mut digest = Sha256::new();
        digest.update([number]);
        digest.update(profile.value().to_be_bytes());
        for document in &documents {
            digest.update(document.as_bytes());
            digest.update(b"\n");
        }
        Ok(Self {
            number,
            profile,
            documents: documents.into(),
            sha256: digest.finalize().into(),
        })
    }

    /// Its number: 1 to 255.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The number of its profile.
    #[must_use]
    pub fn profile(&self) -> ClaimValue {
        self.profile
    }

    /// What the model reads.
    #[must_use]
    pub fn documents(&self) -> &Arc<[Document]> {
        &self.documents
    }

    /// Its SHA-256 in hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        use std::fmt::Write as _;
        self.sha256.iter().fold(String::new(), |mut text, byte| {
            let _a_string_takes_all = write!(text, "{byte:02x}");
            text
        })
    }

    /// By what servers tell each other that they have it.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; FINGERPRINT_BYTES] {
        self.sha256.first_chunk().copied().unwrap_or_default()
    }

    /// What a body packed after it begins with.
    #[must_use]
    pub fn head(&self) -> SampleHead {
        let [first, second, ..] = self.sha256;
        SampleHead {
            number: self.number,
            check: [first, second],
        }
    }
}

/// What a body of codec 3 begins with: which set the model has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleHead {
    number: u8,
    check: [u8; 2],
}

impl SampleHead {
    /// The head of a body, and what stands behind it; `None` if it is too short, or names no set.
    #[must_use]
    pub fn split(body: &[u8]) -> Option<(Self, &[u8])> {
        let (&[number, first, second], rest) = body.split_first_chunk()?;
        let check = [first, second];
        (number != 0).then_some((Self { number, check }, rest))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 3] {
        let [first, second] = self.check;
        [self.number, first, second]
    }
}

/// The samples that a token needs are not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "sample set {number} is missing here, or is another one: the code was packed after it, so put the file of samples beside the \
     keyring back, or copy it from where the code was issued (docs/profiles.md)"
)]
pub struct MissingSamples {
    /// The number of the set.
    pub number: u8,
}

/// The sets of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SampleSets {
    /// By their numbers, from 1; some numbers may have none.
    sets: BTreeMap<u8, Arc<SampleSet>>,
    /// The least number that the next set may have.
    skip: u8,
    /// Which set is read before new codes of a profile.
    in_use: BTreeMap<u32, u8>,
    /// Whether the file ends within a line, or with one that is damaged.
    cut: bool,
}

impl SampleSets {
    /// All of them, by number.
    pub fn all(&self) -> impl Iterator<Item = &Arc<SampleSet>> {
        self.sets.values()
    }

    /// The set with this number.
    #[must_use]
    pub fn numbered(&self, number: u8) -> Option<&Arc<SampleSet>> {
        self.sets.get(&number)
    }

    /// The set that a body names.
    ///
    /// # Errors
    /// [`MissingSamples`], also where another set has the number.
    fn find(&self, head: SampleHead) -> Result<&Arc<SampleSet>, MissingSamples> {
        let number = head.number;
        self.numbered(number)
            .filter(|set| set.head() == head)
            .ok_or(MissingSamples { number })
    }

    /// The set that is read before new codes of a profile.
    #[must_use]
    pub fn in_use(&self, profile: ClaimValue) -> Option<&Arc<SampleSet>> {
        self.numbered(*self.in_use.get(&profile.value())?)
    }

    /// Whether new codes are packed after this set.
    #[must_use]
    pub fn uses(&self, set: &SampleSet) -> bool {
        self.in_use.get(&set.profile.value()) == Some(&set.number)
    }

    /// Whether the file ends within a line or with one that is damaged: whoever wrote it was interrupted, or it was copied in
    /// part. What is there is not used.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// By what servers tell each other which sets they have: the fingerprints, one after the other.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<u8> {
        self.all().flat_map(|set| set.fingerprint()).collect()
    }

    /// Whether every set of `before` is here.
    fn goes_on_from(&self, before: &Self) -> bool {
        before
            .all()
            .all(|set| self.numbered(set.number) == Some(set))
    }

    /// The number of the next set, if there is one left.
    fn next_number(&self) -> Option<u8> {
        let last = self.sets.last_key_value().map_or(0, |(&number, _)| number);
        Some(last.checked_add(1)?.max(self.skip))
    }

    /// Which of the sets that the audit log tells of is not here, if any: codes may need it. Numbers that are known to be lost
    /// count, too.
    pub fn lacks<'a>(&self, told: &'a [ToldSet]) -> impl Iterator<Item = &'a ToldSet> {
        told.iter()
            .filter(|one| self.numbered(one.number).is_none_or(|set| !one.is(set)))
    }

    /// Whether a set that is lacking is known to be lost: its number will not be given again.
    #[must_use]
    pub fn passes_over(&self, number: u8) -> bool {
        let next = self.next_number();
        self.numbered(number).is_none() && next.is_none_or(|next| number < next)
    }

    /// The number of a set that the audit log tells of and that is not here, if `new` must not come before it does: the two
    /// would have the same number, or get it.
    fn forgotten(&self, new: &SampleSet, told: &[ToldSet]) -> Option<u8> {
        let is_one_of_them = told.iter().any(|one| one.is(new));
        let forgotten = |one: &&ToldSet| match self.numbered(one.number) {
            Some(set) => !one.is(set),
            None if one.number == new.number => !one.is(new),
            // Sets that were lost can be added again, in their order.
            None => one.number > new.number && !is_one_of_them,
        };
        told.iter().find(forgotten).map(|one| one.number)
    }
}

/// Why the file of samples cannot be used or was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SamplesError {
    /// The file system.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// What could not be done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line of it.
    #[error("{path}, line {line}: {reason}", path = path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It ends within a line, or with one that is damaged.
    #[error(
        "{path} ends within a line, or its last line is damaged: whoever wrote it was interrupted, or it was copied in part. If it was \
         copied, copy it again; if codes were made after that set, restore the file; if not, qrseal profiles samples add --mend takes \
         the piece out",
        path = .0.display()
    )]
    Cut(PathBuf),
    /// It is too long.
    #[error("{path} would have or has more bytes than a file of samples may have", path = .0.display())]
    TooLong(PathBuf),
    /// Sets that were known are not in it.
    #[error(
        "{path} lacks sets that this server has read, or has others in their place, so those before stay in force: restore the file",
        path = .0.display()
    )]
    Lost(PathBuf),
    /// It is there, and is not the one of the backup.
    #[error("there is another file of samples at {path}: move it away, or correct keys.file", path = .0.display())]
    InTheWay(PathBuf),
    /// Others may write it.
    #[error(
        "{path} has mode {mode:04o}: whoever may write it chooses what codes say, so only its owner may; run chmod go-w on it",
        path = path.display()
    )]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is not the file that it was.
    #[error(
        "{path} lacks sample set {number}, or has another with its number: the audit log tells that it was added. Restore the file, or \
         codes that were made after that set never open again; if it is lost for ever, --lost takes a number that none had",
        path = path.display()
    )]
    Forgotten {
        /// The file.
        path: PathBuf,
        /// The number.
        number: u8,
    },
    /// The documents.
    #[error("{0}")]
    Documents(String),
    /// All numbers are taken.
    #[error(
        "{MAX_SETS} is the last number of a set, and none is given twice: there is no number for another"
    )]
    Full,
    /// There is no such set.
    #[error("there is no sample set {0}")]
    Unknown(u8),
}

#[cfg(test)]
mod tests;
