//! The numbers that profiles ever had: a file beside the keyring to which lines are added and from which none is taken.
//!
//! A number is sealed into tokens. Given to another profile it would make old codes look like documents that they are not.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::ProfileName;
use crate::token::ClaimValue;

/// The name of the file.
pub const FILE_NAME: &str = "profile-numbers";
/// A file of more bytes is not ours.
const MAX_BYTES: u64 = 1 << 20;

/// The folder may belong to somebody else: a link there is not followed.
const NO_LINKS: i32 = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();

/// The numbers that profiles ever had.
#[derive(Debug, Default)]
pub struct UsedNumbers {
    /// Where new ones are noted.
    file: Option<PathBuf>,
    names: BTreeMap<u32, String>,
}

impl UsedNumbers {
    /// Reads the file, which need not be there yet. Where nothing is `noted`, new ones are not added to it.
    ///
    /// # Errors
    /// It cannot be read, or a line of it is not one.
    pub fn open(file: &Path, noted: bool) -> io::Result<Self> {
        let mut text = String::new();
        match std::fs::File::open(file) {
            Ok(open) => {
                open.take(MAX_BYTES).read_to_string(&mut text)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut names = BTreeMap::new();
        for (place, line) in text.lines().enumerate() {
            let entry = line.split_once(' ').and_then(|(number, name)| {
                let name: ProfileName = name.parse().ok()?;
                Some((number.parse().ok()?, name.to_string()))
            });
            let (number, name) = entry.ok_or_else(|| {
                let line = place + 1;
                io::Error::other(format!(
                    "{}, line {line}: is no number and name of a profile",
                    file.display()
                ))
            })?;
            // What stands there first is what was sealed first.
            names.entry(number).or_insert(name);
        }
        Ok(Self {
            file: noted.then(|| file.to_owned()),
            names,
        })
    }

    /// Takes a number for a profile, durably, before anything is sealed with it.
    ///
    /// # Errors
    /// Another profile had it, or it cannot be written down.
    pub fn take(&mut self, number: ClaimValue, name: &ProfileName) -> Result<(), String> {
        let number = number.value();
        match self.names.get(&number) {
            Some(other) if other == name.as_str() => return Ok(()),
            Some(other) => {
                return Err(format!(
                    "the number {number} was the profile {other}'s, whose codes may still be about: take another"
                ));
            }
            None => {}
        }
        if let Some(file) = &self.file {
            let written = OpenOptions::new()
                .create(true)
                .append(true)
                .custom_flags(NO_LINKS)
                .open(file)
                .and_then(|mut open| {
                    open.write_all(format!("{number} {name}\n").as_bytes())?;
                    open.sync_all()
                });
            written.map_err(|error| {
                format!("its number cannot be noted in {}: {error}", file.display())
            })?;
        }
        self.names.insert(number, name.to_string());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_the_profile_that_had_it_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        let number = |number| ClaimValue::try_from(number).unwrap();
        let name = |name: &str| name.parse::<ProfileName>().unwrap();
        let mut used = UsedNumbers::open(&file, true).unwrap();
        used.take(number(40), &name("badge")).unwrap();
        used.take(number(40), &name("badge")).unwrap();
        used.take(number(41), &name("pass")).unwrap();
        assert!(
            used.take(number(40), &name("other"))
                .unwrap_err()
                .contains("badge")
        );
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "40 badge\n41 pass\n"
        );
        let mut again = UsedNumbers::open(&file, true).unwrap();
        assert!(
            again
                .take(number(41), &name("other"))
                .unwrap_err()
                .contains("pass")
        );
        std::fs::write(&file, "40 badge\nforty-one pass\n").unwrap();
        assert!(
            UsedNumbers::open(&file, true)
                .unwrap_err()
                .to_string()
                .contains("line 2")
        );
    }
}
