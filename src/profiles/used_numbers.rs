//! The numbers that profiles ever had: a file to which lines are added and from which none is taken, beside the keyring if no
//! other place is set.
//!
//! A number is sealed into tokens. Given to another profile it would make old codes look like documents that they are not.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::ProfileName;
use crate::files::{self, Folder, Walk, give_to, lock_in_time, lock_shared_in_time};
use crate::token::ClaimValue;

/// The name of the file beside the keyring.
const FILE_NAME: &str = "profile-numbers";
/// A file of more bytes is not ours.
const MAX_BYTES: u64 = 1 << 20;

/// Profiles by their numbers.
type Names = BTreeMap<u32, String>;

/// The numbers that profiles ever had.
#[derive(Debug, Default)]
pub struct UsedNumbers {
    /// Where new ones are noted.
    noted: Option<Place>,
    names: Names,
}

/// Where the file is.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    /// The keyring's name. Whose the keyring is, if it is in the same folder, theirs is the file.
    keyring: Option<OsString>,
}

impl UsedNumbers {
    /// Reads the file, which need not be there yet: `file`, or one beside `keyring`. Where nothing is `noted`, new ones are not
    /// added to it.
    ///
    /// # Errors
    /// It cannot be read, it is too long, or a line of it is not one.
    pub fn open(keyring: &Path, file: Option<&Path>, noted: bool) -> io::Result<Self> {
        let place = Place {
            path: file.map_or_else(|| keyring.with_file_name(FILE_NAME), Path::to_owned),
            keyring: keyring.file_name().map(OsStr::to_owned),
        };
        Ok(Self {
            names: place.read()?,
            noted: noted.then_some(place),
        })
    }

    /// Every one of them.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.names.keys().copied()
    }

    /// Takes a number for a profile, durably, before anything is sealed with it.
    ///
    /// # Errors
    /// Another profile had it, or it cannot be written down.
    pub fn take(&mut self, number: ClaimValue, name: &ProfileName) -> Result<(), String> {
        let number = number.value();
        if self.has(number, name)? {
            return Ok(());
        }
        match &self.noted {
            Some(place) => {
                let names = place.note(number, name).map_err(|error| {
                    format!(
                        "its number cannot be noted in {}: {error}; profiles.numbers says where it is noted",
                        place.path.display()
                    )
                })?;
                self.names.extend(names);
            }
            None => {
                self.names.insert(number, name.to_string());
            }
        }
        // Another process may have noted it for another profile meanwhile.
        self.has(number, name).map(drop)
    }

    /// Whether the profile has the number already.
    fn has(&self, number: u32, name: &ProfileName) -> Result<bool, String> {
        match self.names.get(&number) {
            Some(other) if other == name.as_str() => Ok(true),
            Some(other) => Err(format!(
                "the number {number} was the profile {other}'s, whose codes may still be about: take another"
            )),
            None => Ok(false),
        }
    }
}

impl Place {
    /// What the file says; nothing if there is none.
    fn read(&self) -> io::Result<Names> {
        let read = || {
            let (folder, name) = self.locate(false)?;
            let file = folder.open(&name)?;
            // Whoever adds a line has finished it.
            lock_shared_in_time(&file)?;
            names_in(&file)
        };
        match read() {
            Ok((names, _)) => Ok(names),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Names::new()),
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("{}: {error}", self.path.display()),
            )),
        }
    }

    /// Adds a line, unless the number is there by now. What the file says then.
    fn note(&self, number: u32, name: &ProfileName) -> io::Result<Names> {
        let (folder, file_name) = self.locate(true)?;
        let mut file = match folder.create(&file_name) {
            Ok(file) => {
                self.give(&file, &folder)?;
                file
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                folder.open_to_write(&file_name)?
            }
            Err(error) => return Err(error),
        };
        lock_in_time(&file)?;
        let (mut names, length) = names_in(&folder.open(&file_name)?)?;
        if names.contains_key(&number) {
            return Ok(names);
        }
        let line = format!("{number} {name}\n");
        if length + line.len() as u64 > MAX_BYTES {
            return Err(too_long());
        }
        file.seek(SeekFrom::End(0))?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        folder.sync()?;
        names.insert(number, name.to_string());
        Ok(names)
    }

    fn locate(&self, make_folders: bool) -> io::Result<(Folder, OsString)> {
        let walk = Walk {
            make_folders,
            follow_last: true,
        };
        files::locate(&self.path, walk)
    }

    /// Gives a new file to whom the keyring beside it belongs, or else the folder: root's would shut out the server.
    fn give(&self, file: &File, folder: &Folder) -> io::Result<()> {
        if !geteuid().is_root() {
            return Ok(());
        }
        let of_keyring = self
            .keyring
            .as_deref()
            .and_then(|name| folder.owner(name).ok());
        let owner = match of_keyring {
            Some(owner) => owner,
            None => folder.owner(OsStr::new("."))?,
        };
        give_to(file, owner)
    }
}

/// The numbers in a file, and its length in bytes.
fn names_in(mut file: &File) -> io::Result<(Names, u64)> {
    let mut text = String::new();
    (&mut file).take(MAX_BYTES + 1).read_to_string(&mut text)?;
    let length = text.len() as u64;
    if length > MAX_BYTES {
        return Err(too_long());
    }
    let mut names = Names::new();
    for (place, line) in text.split_inclusive('\n').enumerate() {
        let wrong = |why: &str| io::Error::other(format!("line {} {why}", place + 1));
        let line = line
            .strip_suffix('\n')
            .ok_or_else(|| wrong("was not written to its end: complete it, or take it out"))?;
        let entry = line.split_once(' ').and_then(|(number, name)| {
            let name: ProfileName = name.parse().ok()?;
            Some((number.parse().ok()?, name.to_string()))
        });
        let (number, name) = entry.ok_or_else(|| wrong("is no number and name of a profile"))?;
        // What stands there first is what was sealed first.
        names.entry(number).or_insert(name);
    }
    Ok((names, length))
}

fn too_long() -> io::Error {
    io::Error::other(format!(
        "it has more than {MAX_BYTES} bytes, so it is no file of numbers of profiles"
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    fn number(number: u32) -> ClaimValue {
        ClaimValue::try_from(number).unwrap()
    }

    fn name(name: &str) -> ProfileName {
        name.parse().unwrap()
    }

    #[test]
    fn a_number_stays_with_the_profile_that_had_it_first() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = folder.path().join("keyring.json");
        let file = folder.path().join(FILE_NAME);
        let open = || UsedNumbers::open(&keyring, None, true);
        let mut used = open().unwrap();
        let mut at_the_same_time = open().unwrap();
        used.take(number(40), &name("badge")).unwrap();
        used.take(number(40), &name("badge")).unwrap();
        used.take(number(41), &name("pass")).unwrap();
        let refused = used.take(number(40), &name("other")).unwrap_err();
        assert!(refused.contains("badge"), "{refused}");
        // A process that read the file before sees what stands there now.
        let refused = at_the_same_time
            .take(number(41), &name("other"))
            .unwrap_err();
        assert!(refused.contains("pass"), "{refused}");
        at_the_same_time.take(number(41), &name("pass")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "40 badge\n41 pass\n");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let refused = open()
            .unwrap()
            .take(number(41), &name("other"))
            .unwrap_err();
        assert!(refused.contains("pass"), "{refused}");
    }

    #[test]
    fn numbers_are_noted_where_the_setting_says_and_only_if_they_are_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = folder.path().join("keyring.json");
        let file = folder.path().join("elsewhere/numbers");
        let mut read = UsedNumbers::open(&keyring, Some(&file), false).unwrap();
        read.take(number(40), &name("badge")).unwrap();
        assert!(!file.exists());
        let mut noted = UsedNumbers::open(&keyring, Some(&file), true).unwrap();
        noted.take(number(40), &name("badge")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "40 badge\n");
        assert!(!folder.path().join(FILE_NAME).exists());
    }

    #[test]
    fn what_is_no_file_of_numbers_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("numbers");
        let said = |file: &Path| {
            let opened = UsedNumbers::open(Path::new("keyring.json"), Some(file), true);
            opened.unwrap_err().to_string()
        };
        for (text, told) in [
            ("40 badge\nforty-one pass\n", "line 2 is no number"),
            ("40 badge\n41 pa", "line 2 was not written to its end"),
            (&"40 badge\n".repeat(1 << 17), "more than 1048576 bytes"),
        ] {
            fs::write(&file, text).unwrap();
            assert!(said(&file).contains(told), "{}", said(&file));
        }
        let pipe = folder.path().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        assert!(
            said(&pipe).contains("not a regular file"),
            "{}",
            said(&pipe)
        );
        let second = folder.path().join("second");
        fs::hard_link(&file, &second).unwrap();
        assert!(said(&second).contains("second name"), "{}", said(&second));
        // A link of this user's is followed.
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        symlink(&real, &link).unwrap();
        let mut used = UsedNumbers::open(Path::new("keyring.json"), Some(&link), true).unwrap();
        used.take(number(40), &name("badge")).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "40 badge\n");
    }
}
