//! The file: a line that says what it is, then frames, each a byte for its kind, four for its length and its bytes; the last
//! has the digest of all before it, and a MAC of that under the keyring.

use std::io::{self, BufReader, Read, SeekFrom, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::BackupError;
use crate::hex::hex;
use crate::store::DumpPart;
use crate::token::{Keyring, Slot};

const FIRST_LINE: &[u8] = b"qrseal-backup-1\n";
/// Far more than ten documents of a mebibyte need.
const MAX_FRAME_BYTES: u32 = 64 << 20;

const HEADER: u8 = b'H';
const CONFIGURATION: u8 = b'C';
const KEYRING: u8 = b'K';
const SAMPLES: u8 = b'S';
const TABLE: u8 = b'T';
const ROWS: u8 = b'R';
const END: u8 = b'E';

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of qrseal that made it.
    pub version: String,
    /// Of the store.
    pub schema: u64,
    /// Seconds since 1970.
    pub made_at: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFrame {
    name: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    sha256: String,
    slot: u8,
    mac: String,
}

/// A frame as it is read.
pub(super) enum Frame {
    Header(Header),
    Configuration(String),
    /// Encrypted.
    Keyring(Vec<u8>),
    /// The file of samples.
    Samples(Vec<u8>),
    Part(DumpPart),
}

/// Writes a backup.
pub(super) struct Writer<W> {
    out: W,
    sha256: Sha256,
    pub(super) bytes: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, header: &Header) -> io::Result<Self> {
        let mut writer = Self {
            out,
            sha256: Sha256::new(),
            bytes: 0,
        };
        writer.put(FIRST_LINE)?;
        writer.frame(HEADER, &serde_json::to_vec(header)?)?;
        Ok(writer)
    }

    pub(super) fn configuration(&mut self, text: &str) -> io::Result<()> {
        self.frame(CONFIGURATION, text.as_bytes())
    }

    pub(super) fn keyring(&mut self, encrypted: &[u8]) -> io::Result<()> {
        self.frame(KEYRING, encrypted)
    }

    pub(super) fn samples(&mut self, file: &[u8]) -> io::Result<()> {
        self.frame(SAMPLES, file)
    }

    pub(super) fn part(&mut self, part: DumpPart) -> io::Result<()> {
        match part {
            DumpPart::Table { name, columns } => {
                self.frame(TABLE, &serde_json::to_vec(&TableFrame { name, columns })?)
            }
            DumpPart::Rows(bytes) => self.frame(ROWS, &bytes),
        }
    }

    /// Writes the end, and gives back what it wrote into.
    pub(super) fn end(mut self, keyring: &Keyring) -> io::Result<(W, u64)> {
        let digest: [u8; 32] = self.sha256.clone().finalize().into();
        let slot = keyring.primary().slot();
        let end = End {
            sha256: hex(&digest),
            slot: slot.into(),
            mac: hex(&mac(keyring, slot, &digest).expect("the primary key has a secret")),
        };
        self.frame(END, &serde_json::to_vec(&end)?)?;
        self.out.flush()?;
        Ok((self.out, self.bytes))
    }

    fn frame(&mut self, kind: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len())
            .ok()
            .filter(|length| *length <= MAX_FRAME_BYTES)
            .ok_or_else(|| io::Error::other("a part of the store is too large for a backup"))?;
        self.put(&[kind])?;
        self.put(&length.to_be_bytes())?;
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.bytes += u64::try_from(bytes.len()).expect("memory is smaller");
        self.out.write_all(bytes)
    }
}

fn mac(keyring: &Keyring, slot: Slot, digest: &[u8; 32]) -> Option<[u8; 32]> {
    keyring.ledger_digest(slot, "backup", &[digest])
}

/// A backup that was read to its end once, and is whole.
pub struct BackupFile<R> {
    input: R,
    /// What it says of itself.
    pub header: Header,
    /// The configuration of the installation, without secrets.
    pub configuration: String,
    /// Its keyring, encrypted, if it has one.
    pub(super) keyring: Option<Vec<u8>>,
    /// Its file of samples, if it has one.
    pub(super) samples: Option<Vec<u8>>,
    digest: [u8; 32],
    end: End,
}

impl<R: Read + io::Seek> BackupFile<R> {
    /// Reads a backup to its end.
    ///
    /// # Errors
    ///
    /// [`BackupError::Damaged`] if it was cut, changed, or is none.
    pub fn open(mut input: R) -> Result<Self, BackupError> {
        let (mut header, mut configuration) = (None, None);
        let (mut keyring, mut samples) = (None, None);
        let mut frames = Frames::begin(&mut input)?;
        while let Some(frame) = frames.next()? {
            match frame {
                Frame::Header(found) => header = Some(found),
                Frame::Configuration(found) => configuration = Some(found),
                Frame::Keyring(found) => keyring = Some(found),
                Frame::Samples(found) => samples = Some(found),
                Frame::Part(_) => {}
            }
        }
        let (digest, end) = frames.end()?;
        match (header, configuration) {
            (Some(header), Some(configuration)) => Ok(Self {
                input,
                header,
                configuration,
                keyring,
                samples,
                digest,
                end,
            }),
            _ => Err(BackupError::Damaged("it lacks its beginning")),
        }
    }

    /// Whether it was written with this keyring, and not changed by anybody without it.
    #[must_use]
    pub fn is_of(&self, keyring: &Keyring) -> bool {
        let slot = Slot::try_from(self.end.slot).ok();
        slot.and_then(|slot| mac(keyring, slot, &self.digest))
            .is_some_and(|mac| {
                bool::from(subtle::ConstantTimeEq::ct_eq(
                    hex(&mac).as_bytes(),
                    self.end.mac.as_bytes(),
                ))
            })
    }

    /// Hands on the parts of the store.
    pub(super) fn parts(
        &mut self,
        mut each: impl FnMut(&DumpPart) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        self.input.seek(SeekFrom::Start(0))?;
        let mut frames = Frames::begin(&mut self.input)?;
        while let Some(frame) = frames.next()? {
            if let Frame::Part(part) = frame {
                each(&part)?;
            }
        }
        let (digest, _) = frames.end()?;
        match digest == self.digest {
            true => Ok(()),
            false => Err(BackupError::Damaged("it changed while it was read")),
        }
    }
}

/// Reads frames, one after the other.
struct Frames<R> {
    input: BufReader<R>,
    sha256: Sha256,
    end: Option<([u8; 32], End)>,
}

impl<R: Read> Frames<R> {
    fn begin(input: R) -> Result<Self, BackupError> {
        let mut frames = Self {
            input: BufReader::new(input),
            sha256: Sha256::new(),
            end: None,
        };
        let mut line = [0; FIRST_LINE.len()];
        frames.fill(&mut line)?;
        match line == FIRST_LINE {
            true => Ok(frames),
            false => Err(BackupError::Damaged("it is no backup of qrseal")),
        }
    }

    fn next(&mut self) -> Result<Option<Frame>, BackupError> {
        const SHAPE: BackupError =
            BackupError::Damaged("it was changed: a part of it cannot be read");
        let before = self.sha256.clone();
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length);
        if length > MAX_FRAME_BYTES {
            return Err(SHAPE);
        }
        let mut bytes = Vec::new();
        let most = u64::from(length);
        // Not reserved at once: what says how long it is may be wrong.
        let read = self.input.by_ref().take(most).read_to_end(&mut bytes)?;
        if u64::try_from(read).ok() != Some(most) {
            return Err(CUT);
        }
        self.sha256.update(&bytes);
        let text = |bytes| String::from_utf8(bytes).map_err(|_| SHAPE);
        Ok(Some(match kind {
            HEADER => Frame::Header(serde_json::from_slice(&bytes).map_err(|_| SHAPE)?),
            CONFIGURATION => Frame::Configuration(text(bytes)?),
            KEYRING => Frame::Keyring(bytes),
            SAMPLES => Frame::Samples(bytes),
            TABLE => {
                let TableFrame { name, columns } =
                    serde_json::from_slice(&bytes).map_err(|_| SHAPE)?;
                Frame::Part(DumpPart::Table { name, columns })
            }
            ROWS => Frame::Part(DumpPart::Rows(bytes)),
            END => {
                let end: End = serde_json::from_slice(&bytes).map_err(|_| SHAPE)?;
                let digest: [u8; 32] = before.finalize().into();
                if hex(&digest) != end.sha256 {
                    return Err(BackupError::Damaged(
                        "it was changed: its digest does not fit",
                    ));
                }
                self.end = Some((digest, end));
                return Ok(None);
            }
            _ => return Err(SHAPE),
        }))
    }

    /// The end, behind which there is nothing.
    fn end(mut self) -> Result<([u8; 32], End), BackupError> {
        let mut more = [0];
        if self.input.read(&mut more)? > 0 {
            return Err(BackupError::Damaged("there is more behind its end"));
        }
        self.end.ok_or(CUT)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        self.input
            .read_exact(bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => CUT,
                _ => error.into(),
            })?;
        self.sha256.update(&*bytes);
        Ok(())
    }
}

const CUT: BackupError = BackupError::Damaged("it was cut");

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::token::{Secret, TOKEN_EPOCH};

    fn keyring(secret: u8) -> Keyring {
        Keyring::with_first_key("a", Secret::from([secret; 32]), TOKEN_EPOCH).unwrap()
    }

    fn written() -> Vec<u8> {
        let header = Header {
            version: "1".to_owned(),
            schema: 7,
            made_at: 9,
        };
        let mut writer = Writer::begin(Vec::new(), &header).unwrap();
        writer.configuration("[server]\n").unwrap();
        writer.keyring(b"{}").unwrap();
        writer.samples(b"[]").unwrap();
        for part in parts() {
            writer.part(part).unwrap();
        }
        writer.end(&keyring(7)).unwrap().0
    }

    fn parts() -> [DumpPart; 2] {
        [
            DumpPart::Table {
                name: "tokens".to_owned(),
                columns: vec!["id".to_owned()],
            },
            DumpPart::Rows(vec![1, 2, 3]),
        ]
    }

    #[test]
    fn what_was_written_is_read_and_fits_its_keyring_only() {
        let mut file = BackupFile::open(Cursor::new(written())).unwrap();
        assert_eq!((file.header.schema, file.header.made_at), (7, 9));
        assert_eq!(file.configuration, "[server]\n");
        assert_eq!(file.keyring.as_deref(), Some(&b"{}"[..]));
        assert_eq!(file.samples.as_deref(), Some(&b"[]"[..]));
        assert!(file.is_of(&keyring(7)) && !file.is_of(&keyring(8)));
        let mut found = Vec::new();
        file.parts(|part| {
            found.push(part.clone());
            Ok(())
        })
        .unwrap();
        assert_eq!(found, parts());
    }

    #[test]
    fn no_backup_that_was_cut_or_has_one_bit_changed_is_taken() {
        let whole = written();
        let taken = |bytes: &[u8]| match BackupFile::open(Cursor::new(bytes)) {
            // The MAC is not a matter of the digest.
            Ok(file) => file.is_of(&keyring(7)),
            Err(_) => false,
        };
        assert!(taken(&whole));
        for at in 0..whole.len() {
            assert!(!taken(&whole[..at]), "cut at {at}");
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                assert!(!taken(&changed), "bit {bit} of byte {at}");
            }
        }
        assert!(!taken(&[&whole[..], b"\n"].concat()), "something behind it");
    }
}
