//! A list of blocked hosts: a million names in little memory, each found in little time.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead, Read as _};
use std::net::IpAddr;

use hashbrown::HashTable;

use super::host::normalised;

/// Names in all lists together.
pub const MAX_NAMES: usize = 5_000_000;

/// Lists together.
pub const MAX_LISTS: usize = 64;

/// Bytes of a line. Lines of hosts files have a few names.
const MAX_LINE_BYTES: usize = 4_096;

/// Lines of a list that may be nothing that can be read: one of so many, beyond the first few.
const UNREADABLE_SHARE: u64 = 100;
const UNREADABLE_ANYWAY: u64 = 10;

/// Names of hosts, each of which stands for everything below it, and the list that each is from.
pub struct BlockList {
    /// Where a name begins in `names`.
    table: HashTable<u32>,
    /// Of each name: number of its list, its length, its bytes.
    names: Vec<u8>,
    hasher: RandomState,
}

/// What was read of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadList {
    /// Names that were not known before.
    pub names: usize,
    /// Lines that are no host, and were left out.
    pub unreadable: u64,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BrokenList {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It has no byte, as files have that are about to be written.
    #[error("is empty; a list that shall block nothing has a line with a comment")]
    Empty,
    /// It is something else.
    #[error(
        "is no list of hosts: line {line} is neither a host nor a line of a hosts file, and it is one of many"
    )]
    NoList {
        /// The first such line, from 1.
        line: u64,
    },
    /// With it there would be too many names.
    #[error("has too many names: {MAX_NAMES} of all lists together are the most")]
    TooManyNames,
    /// There are too many lists.
    #[error("is one list too many: {MAX_LISTS} are the most")]
    TooManyLists,
}

impl Default for BlockList {
    fn default() -> Self {
        Self {
            table: HashTable::new(),
            names: Vec::new(),
            hasher: RandomState::new(),
        }
    }
}

impl BlockList {
    /// Adds a list: a host a line, or a hosts file (`0.0.0.0 host host`); `#` begins a comment. Hosts are normalised as targets
    /// are. A name of a former list keeps its list.
    ///
    /// # Errors
    /// [`BrokenList`]. The names that were read until then are in the list: drop it.
    pub fn add(&mut self, list: usize, mut from: impl BufRead) -> Result<ReadList, BrokenList> {
        let list = u8::try_from(list)
            .ok()
            .filter(|list| usize::from(*list) < MAX_LISTS)
            .ok_or(BrokenList::TooManyLists)?;
        let before = self.table.len();
        let (mut line, mut at) = (Vec::new(), 0);
        let (mut unreadable, mut first_unreadable) = (0, 0);
        while next_line(&mut from, &mut line)? {
            at += 1;
            if self.add_line(list, &line)? {
                continue;
            }
            unreadable += 1;
            if unreadable == 1 {
                first_unreadable = at;
            }
        }
        if at == 0 {
            return Err(BrokenList::Empty);
        }
        if unreadable > UNREADABLE_ANYWAY && unreadable > at / UNREADABLE_SHARE {
            let line = first_unreadable;
            return Err(BrokenList::NoList { line });
        }
        Ok(ReadList {
            names: self.table.len() - before,
            unreadable,
        })
    }

    /// Gives back memory that was taken for growing.
    pub fn finish(&mut self) {
        self.names.shrink_to_fit();
    }

    /// Whether the line could be read.
    fn add_line(&mut self, list: u8, line: &[u8]) -> Result<bool, BrokenList> {
        if line.len() > MAX_LINE_BYTES {
            return Ok(false);
        }
        let Ok(line) = std::str::from_utf8(line) else {
            return Ok(false);
        };
        let line = line.trim_start_matches('\u{feff}');
        let mut words = line
            .split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        let Some(first) = words.next() else {
            return Ok(true);
        };
        let mut words = words.peekable();
        if words.peek().is_none() {
            let name = first.trim_start_matches("*.").trim_start_matches('.');
            return match normalised(name) {
                Some(name) => self.insert(list, &name).map(|()| true),
                None => Ok(false),
            };
        }
        // A hosts file names this machine, too: `127.0.0.1 localhost`, `::1 ip6-localhost`.
        let address = first.split('%').next().unwrap_or_default();
        if address.parse::<IpAddr>().is_err() {
            return Ok(false);
        }
        let mut readable = true;
        for word in words {
            match normalised(word) {
                Some(name) if name.contains('.') && name.parse::<IpAddr>().is_err() => {
                    if name != "localhost.localdomain" {
                        self.insert(list, &name)?;
                    }
                }
                Some(_) => {}
                None => readable = false,
            }
        }
        Ok(readable)
    }

    fn insert(&mut self, list: u8, name: &str) -> Result<(), BrokenList> {
        if name.is_empty() || self.find(name.as_bytes()).is_some() {
            return Ok(());
        }
        if self.table.len() >= MAX_NAMES {
            return Err(BrokenList::TooManyNames);
        }
        let (Ok(at), Ok(length)) = (u32::try_from(self.names.len()), u8::try_from(name.len()))
        else {
            return Err(BrokenList::TooManyNames);
        };
        self.names.extend_from_slice(&[list, length]);
        self.names.extend_from_slice(name.as_bytes());
        let (names, hasher) = (&self.names, &self.hasher);
        let hash = hasher.hash_one(name.as_bytes());
        self.table
            .insert_unique(hash, at, |at| hasher.hash_one(entry(names, *at).1));
        Ok(())
    }

    fn find(&self, name: &[u8]) -> Option<u8> {
        let is_it = |at: &u32| entry(&self.names, *at).1 == name;
        let at = self.table.find(self.hasher.hash_one(name), is_it)?;
        Some(entry(&self.names, *at).0)
    }

    /// The number of the list that blocks a host, itself or with a name above it.
    #[must_use]
    pub fn blocks(&self, host: &str) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let mut rest = host;
        loop {
            if let Some(list) = self.find(rest.as_bytes()) {
                return Some(usize::from(list));
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// Names in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether it blocks nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.names.capacity() + self.table.allocation_size()
    }
}

/// List and bytes of the name that begins there.
fn entry(names: &[u8], at: u32) -> (u8, &[u8]) {
    let at = at as usize;
    let bytes = at + 2;
    (names[at], &names[bytes..bytes + usize::from(names[at + 1])])
}

/// The next line, without its end; of one that is too long, its beginning. False at the end of the list.
fn next_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let most = MAX_LINE_BYTES as u64 + 2;
    if from.by_ref().take(most).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > MAX_LINE_BYTES {
        from.skip_until(b'\n')?;
    }
    Ok(true)
}
