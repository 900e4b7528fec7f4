//! The key-encryption key: what a keyring file is encrypted under, so that the file alone is worth nothing.
//!
//! Belongs here: where it comes from, and what it may be. Does not belong here: what is encrypted under it (`envelope`).

mod command;

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet::Alphabet};
use rustix::fs::OFlags;
use zeroize::Zeroizing;
use zxcvbn::Score;

use crate::files::is_kept_secret;

/// The most bytes of a key-encryption key as text.
const MAX_BYTES: usize = 4096;

/// Where the key-encryption key comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KekSource {
    /// There is none: the keyring file is plain.
    #[default]
    None,
    /// A file, such as a credential of systemd.
    File(PathBuf),
    /// A program with its arguments, which writes it to its standard output.
    Command(Vec<String>),
}

/// A key-encryption key. Overwritten when dropped, never shown.
#[derive(PartialEq, Eq)]
pub(super) enum Kek {
    /// 32 random bytes.
    Key(Zeroizing<[u8; 32]>),
    /// Words that a person chose, to be stretched.
    Passphrase(Zeroizing<String>),
}

impl KekSource {
    /// Reads the key; `None` if there is to be none.
    pub(super) fn read(&self) -> Result<Option<Kek>, KekError> {
        let text = match self {
            Self::None => return Ok(None),
            Self::File(path) => read_file(path),
            Self::Command(command) => command::run(command, command::PATIENCE, MAX_BYTES),
        };
        text.and_then(|text| parse(&text))
            .map(Some)
            .map_err(|reason| KekError {
                of: self.clone(),
                reason,
            })
    }
}

impl KekSource {
    /// The same for what is to be encrypted under it: a program must print the same a second time, or nobody would ever read the
    /// file again.
    pub(super) fn read_twice(&self) -> Result<Option<Kek>, KekError> {
        let key = self.read()?;
        if matches!(self, Self::Command(_)) && self.read()? != key {
            return Err(KekError {
                of: self.clone(),
                reason: KekReason::Changes,
            });
        }
        Ok(key)
    }
}

impl fmt::Display for KekSource {
    /// Names the setting. Of a command only the program: its arguments may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no key-encryption key"),
            Self::File(path) => write!(f, "keys.kek_file {}", path.display()),
            Self::Command(command) => write!(
                f,
                "keys.kek_command {}",
                command.first().map_or("", String::as_str)
            ),
        }
    }
}

impl Kek {
    /// Whether the key is good enough to encrypt under. What is there is opened with any.
    pub(super) fn is_strong(&self) -> bool {
        match self {
            Self::Key(_) => true,
            Self::Passphrase(words) => zxcvbn::zxcvbn(words, &["qrseal"]).score() >= Score::Three,
        }
    }
}

fn parse(text: &[u8]) -> Result<Kek, KekReason> {
    let text = std::str::from_utf8(text).map_err(|_| KekReason::NotText)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(KekReason::Empty);
    }
    Ok(
        match [STANDARD, URL_SAFE]
            .iter()
            .find_map(|of| key(text.trim(), of))
        {
            Some(key) => Kek::Key(key),
            None => Kek::Passphrase(Zeroizing::new(text.to_owned())),
        },
    )
}

/// 32 bytes in base64, padded or not.
fn key(text: &str, alphabet: &Alphabet) -> Option<Zeroizing<[u8; 32]>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // One byte more than a key: what is longer does not fit, or is too long.
    let mut decoded = Zeroizing::new([0; 33]);
    let length = GeneralPurpose::new(alphabet, config)
        .decode_slice(text, decoded.as_mut_slice())
        .ok()?;
    let bytes: [u8; 32] = decoded.get(..length)?.try_into().ok()?;
    Some(Zeroizing::new(bytes))
}

fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, KekReason> {
    // Not waited for, should it be a pipe.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(KekReason::NotAFile);
    }
    if !is_kept_secret(&metadata) {
        return Err(KekReason::Mode(metadata.mode() & 0o7777));
    }
    at_most(file, MAX_BYTES)
}

/// Reads to the end, but not more than so many bytes.
fn at_most(from: impl io::Read, limit: usize) -> Result<Zeroizing<Vec<u8>>, KekReason> {
    // Reserved at once, so that no outgrown copy stays behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    let most = u64::try_from(limit + 1).expect("a small number");
    from.take(most).read_to_end(&mut bytes)?;
    match bytes.len() > limit {
        true => Err(KekReason::TooLong),
        false => Ok(bytes),
    }
}

/// Why there is no key-encryption key. Never says what was read.
#[derive(Debug, thiserror::Error)]
#[error("the keyring's key-encryption key cannot be had: {of}: {reason}")]
pub struct KekError {
    of: KekSource,
    reason: KekReason,
}

#[derive(Debug, thiserror::Error)]
enum KekReason {
    #[error(
        "it is empty: it must be 32 random bytes in base64 (openssl rand -base64 32) or a passphrase"
    )]
    Empty,
    #[error(
        "it is no text: it must be 32 random bytes in base64 (openssl rand -base64 32) or a passphrase"
    )]
    NotText,
    #[error("it is longer than {MAX_BYTES} bytes, so it is none")]
    TooLong,
    #[error("it is not a regular file")]
    NotAFile,
    #[error(
        "its mode is {0:04o}, and only 0600 or 0400 keeps it secret (or 0440, where root owns it)"
    )]
    Mode(u32),
    #[error("it printed nothing: it must print the key to its standard output")]
    PrintedNothing,
    #[error("it printed another key the second time: it must print the same each time")]
    Changes,
    #[error("it did not end within {0} seconds, and was killed")]
    Hangs(u64),
    #[error("it failed: {0}; what it said stands above, if it said anything")]
    Failed(std::process::ExitStatus),
    #[error("{0}")]
    Io(#[from] io::Error),
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn said(source: &KekSource) -> String {
        match source.read() {
            Ok(_) => "it is one".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn thirty_two_bytes_in_any_base64_are_a_key_and_all_else_is_a_passphrase() {
        let standard = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaG/////8=";
        let url = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaG_____8";
        for text in [
            standard,
            &standard[..43],
            url,
            &format!("{url}="),
            &format!("  {url}\r\n"),
        ] {
            let Kek::Key(key) = parse(text.as_bytes()).unwrap() else {
                panic!("{text}")
            };
            assert_eq!((key[1], key[31]), (1, 255));
        }
        for text in [
            "correct horse battery staple",
            &standard[4..],
            &format!("AAAA{url}"),
        ] {
            let Kek::Passphrase(words) = parse(format!("{text}\n").as_bytes()).unwrap() else {
                panic!("{text}")
            };
            assert_eq!(*words, text);
        }
    }

    #[test]
    fn what_people_guess_is_too_weak_to_encrypt_under() {
        let strong = |text: &str| parse(text.as_bytes()).unwrap().is_strong();
        assert!(!strong("password123") && !strong("qrseal") && !strong("aaaaaaaaaaaaaaaaaaaaaaaa"));
        assert!(strong("seventeen grey herons, one ladder"));
    }

    #[test]
    fn a_file_that_is_no_key_is_named_with_what_is_wrong() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("kek");
        let source = KekSource::File(path.clone());
        assert!(said(&source).contains("No such file"), "{}", said(&source));
        let cases: [(&[u8], u32, &str); 5] = [
            (b"\r\n", 0o600, "it is empty"),
            (b" \n", 0o400, "it is empty"),
            (b"\xff\xfe", 0o600, "it is no text"),
            (&[b'a'; 4097], 0o600, "longer than 4096"),
            (b"a passphrase", 0o644, "its mode is 0644"),
        ];
        for (text, mode, words) in cases {
            let _ = fs::remove_file(&path);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let said = said(&source);
            assert!(said.contains(words) && said.contains("kek_file"), "{said}");
        }
        assert!(said(&KekSource::File(home.path().to_owned())).contains("not a regular file"));
    }
}
