//! The folder in which an operator keeps profiles: read when the server starts, and again when something in it changes.
//!
//! A profile with a fault keeps the server from starting. Later it changes nothing: what was read before stays, and the others
//! go on. A file that is being written is left alone until it has been the same for two looks.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::file::{MAX_FILE_BYTES, ProfileError, read};
use super::registry::Registry;
use super::shipped::LAST_SHIPPED_NUMBER;
use super::used_numbers::UsedNumbers;
use super::written::Source;
use crate::drawing::Styles;
use crate::stamp::{Stamp, stamp};

/// The most files of the folder.
const MAX_FILES: usize = 1_000;
/// Bytes of a logo beside a profile.
const MAX_BESIDE_BYTES: u64 = 1 << 20;

/// The profiles of an installation, as they were read last.
pub struct Profiles {
    folder: Option<PathBuf>,
    styles: Styles,
    current: ArcSwap<Registry>,
    watched: Mutex<Watched>,
}

#[derive(Default)]
struct Watched {
    used: UsedNumbers,
    /// What the files looked like when they were read.
    read: Stamps,
    /// At the last look.
    last: Stamps,
}

/// The files of the folder by their names.
type Stamps = BTreeMap<String, Stamp>;

/// What a look at the folder did.
#[derive(Debug)]
pub enum LookedAt {
    /// Nothing changed, or what changes is not finished.
    Same,
    /// It was read again.
    Read {
        /// How many profiles there are now, the shipped ones with them.
        profiles: usize,
        /// What is wrong with those that were left as they were.
        kept: Vec<ProfileError>,
    },
}

impl Default for Profiles {
    /// The profiles that come with the program.
    fn default() -> Self {
        Self {
            folder: None,
            styles: Styles::new(),
            current: ArcSwap::new(Registry::shipped()),
            watched: Mutex::default(),
        }
    }
}

impl Profiles {
    /// Reads the profiles of a folder, beside those that come with the program. Numbers that they ever had stand in `numbers`, or
    /// beside `keyring`; where nothing is `noted`, new ones are not added there.
    ///
    /// # Errors
    /// The first profile with a fault; the folder that is not there.
    pub fn open(
        folder: Option<&Path>,
        keyring: &Path,
        numbers: Option<&Path>,
        styles: &Styles,
        noted: bool,
    ) -> Result<Self, ProfileError> {
        let Some(folder) = folder else {
            return Ok(Self {
                styles: styles.clone(),
                ..Self::default()
            });
        };
        let of_folder = |why: String| ProfileError {
            name: format!("folder {}", folder.display()),
            line: None,
            reason: why,
        };
        let used = UsedNumbers::open(keyring, numbers, noted);
        let mut used = used.map_err(|error| of_folder(error.to_string()))?;
        let stamps = stamps(folder).map_err(of_folder)?;
        let (registry, kept) = read_all(folder, styles, &stamps, &mut used, &Registry::default());
        if let Some(error) = kept.into_iter().next() {
            return Err(error);
        }
        Ok(Self {
            folder: Some(folder.to_owned()),
            styles: styles.clone(),
            current: ArcSwap::from_pointee(registry),
            watched: Mutex::new(Watched {
                used,
                read: stamps.clone(),
                last: stamps,
            }),
        })
    }

    /// The profiles of this moment.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry> {
        self.current.load_full()
    }

    /// Whether there is a folder to look at.
    #[must_use]
    pub fn has_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Reads the folder again if something in it changed and is finished.
    pub fn look(&self) -> LookedAt {
        let Some(folder) = &self.folder else {
            return LookedAt::Same;
        };
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        // A folder that is gone for a moment changes nothing.
        let Ok(now) = stamps(folder) else {
            return LookedAt::Same;
        };
        let settled = now == watched.last;
        watched.last.clone_from(&now);
        if now == watched.read || !settled {
            return LookedAt::Same;
        }
        let before = self.current.load_full();
        let (registry, kept) = read_all(folder, &self.styles, &now, &mut watched.used, &before);
        watched.read = now;
        let profiles = registry.all().count();
        self.current.store(Arc::new(registry));
        LookedAt::Read { profiles, kept }
    }
}

/// Everything that is wrong in a folder of profiles, as a start would find it. Nothing is noted.
///
/// # Errors
/// The folder cannot be read.
pub fn faults(
    folder: Option<&Path>,
    keyring: &Path,
    numbers: Option<&Path>,
    styles: &Styles,
) -> Result<Vec<ProfileError>, String> {
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let used = UsedNumbers::open(keyring, numbers, false);
    let mut used = used.map_err(|error| error.to_string())?;
    let stamps = stamps(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    Ok(read_all(folder, styles, &stamps, &mut used, &Registry::default()).1)
}

/// The numbers that profiles ever had, and those in the files of a folder, read or not.
pub(super) fn used_in(
    folder: &Path,
    keyring: &Path,
    numbers: Option<&Path>,
) -> Result<Vec<u32>, String> {
    #[derive(serde::Deserialize)]
    struct Numbered {
        number: u32,
    }
    let used = UsedNumbers::open(keyring, numbers, false);
    let used = used.map_err(|error| error.to_string())?;
    let stamps = stamps(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let names = stamps.keys().filter_map(|file| file.strip_suffix(".toml"));
    let in_files = names.filter_map(|name| {
        let file = format!("{name}.toml");
        let bytes = bytes_of(&folder.join(file), MAX_FILE_BYTES as u64).ok()?;
        let numbered: Numbered = toml::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
        Some(numbered.number)
    });
    Ok(used.numbers().chain(in_files).collect())
}

/// Every profile, and what is wrong with those that are as `before`.
fn read_all(
    folder: &Path,
    styles: &Styles,
    stamps: &Stamps,
    used: &mut UsedNumbers,
    before: &Registry,
) -> (Registry, Vec<ProfileError>) {
    let mut registry = Registry::clone(&Registry::shipped());
    let mut kept = Vec::new();
    for file in stamps.keys() {
        let Some(name) = file.strip_suffix(".toml") else {
            continue;
        };
        if let Err(error) = read_one(folder, styles, name, used, &mut registry) {
            kept.push(error);
            if let Some(old) = before.find(name) {
                // Its number may have gone to another meanwhile.
                let _taken = registry.put(Arc::clone(old));
            }
        }
    }
    (registry, kept)
}

fn read_one(
    folder: &Path,
    styles: &Styles,
    name: &str,
    used: &mut UsedNumbers,
    registry: &mut Registry,
) -> Result<(), ProfileError> {
    let wrong = |reason| ProfileError {
        name: name.to_owned(),
        line: None,
        reason,
    };
    let limit = MAX_FILE_BYTES as u64 + 1;
    let text = bytes_of(&folder.join(format!("{name}.toml")), limit).map_err(wrong)?;
    let text = String::from_utf8(text).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    let beside = |file: &str| {
        if file.is_empty() || file.starts_with('.') || file.contains(['/', '\\']) {
            return Err("must be the name of a file in the same folder".to_owned());
        }
        bytes_of(&folder.join(file), MAX_BESIDE_BYTES)
    };
    let source = Source {
        name,
        text: &text,
        styles,
        beside: &beside,
    };
    let profile = read(source)?;
    if profile.number.value() > LAST_SHIPPED_NUMBER {
        used.take(profile.number, &profile.name).map_err(wrong)?;
    }
    registry.put(Arc::new(profile))
}

/// The bytes of a regular file; of a longer one, so many.
fn bytes_of(file: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let said = |error: std::io::Error| error.to_string();
    if !fs::metadata(file).map_err(said)?.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    let open = fs::File::open(file).map_err(said)?;
    open.take(limit).read_to_end(&mut bytes).map_err(said)?;
    Ok(bytes)
}

/// The files of the folder. Hidden ones are what editors and orchestrators put there.
fn stamps(folder: &Path) -> Result<Stamps, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut stamps = Stamps::new();
    for entry in entries {
        let entry = entry.map_err(|error| error.to_string())?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        if stamps.len() == MAX_FILES {
            return Err(format!("it has more than {MAX_FILES} files"));
        }
        if let Some(stamp) = stamp(&entry.path()) {
            stamps.insert(name, stamp);
        }
    }
    Ok(stamps)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    const BADGE: &str = "number = 40\ntitle = \"Badge\"\nschema = { type = \"object\" }\n";

    fn written(file: &Path, text: &str, second: u64) {
        fs::write(file, text).unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + second);
        let open = fs::File::options().write(true).open(file).unwrap();
        open.set_modified(at).unwrap();
    }

    fn title(profiles: &Profiles, name: &str) -> Option<String> {
        let registry = profiles.registry();
        let profile = registry.find(name)?;
        Some(
            profile
                .title
                .of(crate::language::Language::English)
                .to_owned(),
        )
    }

    /// Two looks: at the first one a change may go on.
    fn looked(profiles: &Profiles) -> (usize, Vec<String>) {
        assert!(matches!(profiles.look(), LookedAt::Same));
        match profiles.look() {
            LookedAt::Read { profiles, kept } => {
                (profiles, kept.iter().map(ToString::to_string).collect())
            }
            LookedAt::Same => panic!("something changed"),
        }
    }

    #[test]
    fn a_changed_profile_is_read_and_a_broken_one_stays_as_it_was_with_the_line_of_its_fault() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, files) = (
            folder.path().join("keyring.json"),
            folder.path().join("profiles"),
        );
        fs::create_dir(&files).unwrap();
        let badge = files.join("badge.toml");
        written(&badge, BADGE, 0);
        let open = || Profiles::open(Some(&files), &keys, None, &Styles::new(), true);
        let profiles = open().unwrap();
        assert_eq!(title(&profiles, "badge").as_deref(), Some("Badge"));
        assert!(matches!(profiles.look(), LookedAt::Same));

        written(&badge, &BADGE.replace("Badge", "Name badge"), 1);
        let pass = files.join("pass.toml");
        written(&pass, &BADGE.replace("40", "41"), 1);
        assert_eq!(looked(&profiles), (8, vec![]));
        assert_eq!(title(&profiles, "badge").as_deref(), Some("Name badge"));
        assert!(title(&profiles, "pass").is_some());

        let broken = [
            ("number = 40\ntitle =\n", "profile badge, line 2"),
            (
                "number = 41\ntitle = \"Badge\"\nschema = {}\n",
                "number 41 was the profile pass's",
            ),
            (
                "number = 5\ntitle = \"Badge\"\nschema = {}\n",
                "line 1: numbers up to 31",
            ),
            (
                "number = 40\ntitle = \"Badge\"\nschema = { tipe = \"object\" }\n",
                "line 3: schema/tipe",
            ),
        ];
        for ((text, told), second) in broken.into_iter().zip(2..) {
            written(&badge, text, second);
            let (count, kept) = looked(&profiles);
            assert_eq!((count, kept.len()), (8, 1), "{kept:?}");
            assert!(kept[0].contains(told), "{kept:?}");
            assert_eq!(title(&profiles, "badge").as_deref(), Some("Name badge"));
            assert!(matches!(profiles.look(), LookedAt::Same), "it is said once");
        }
        assert!(open().is_err(), "no server starts with it");

        fs::remove_file(&badge).unwrap();
        written(&pass, &BADGE.replace("40", "41"), 9);
        assert_eq!(looked(&profiles), (7, vec![]));
        written(&files.join("other.toml"), BADGE, 9);
        let (_, kept) = looked(&profiles);
        assert!(
            kept[0].contains("number 40 was the profile badge's"),
            "{kept:?}"
        );
        assert!(open().is_err(), "not after a restart either");
    }
}
