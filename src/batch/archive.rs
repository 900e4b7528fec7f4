//! ZIP files, written as their pictures are drawn: stored, since a PNG does not get smaller (APPNOTE.TXT 6.3).
//!
//! Of what was written 46 bytes and the name are kept for each entry, which is why this is not left to a crate that keeps ten
//! times as much. Sizes and checksums stand before each entry, so that programs that read a stream can read it, too.

use std::io::{self, Write};

use jiff::civil::DateTime;

/// Beyond these the longer records of ZIP64 are needed.
const MAX_32: u64 = 0xffff_ffff;
const MAX_16: u64 = 0xffff;
/// "Names are UTF-8": bit 11.
const FLAGS: u16 = 1 << 11;
/// Made on Unix, in the upper byte of the version that made an entry.
const UNIX: u16 = 0x0300;
/// A regular file that its owner reads and writes, as Unix has it.
const MODE: u32 = 0o100_600 << 16;

/// A ZIP file on its way.
pub struct Archive<W> {
    out: W,
    at: u64,
    entries: u64,
    /// The records of the central directory.
    directory: Vec<u8>,
    /// Date and time of all entries, as DOS has them.
    modified: (u16, u16),
}

impl<W: Write> Archive<W> {
    /// An archive whose entries bear this time.
    #[must_use]
    pub fn new(out: W, modified: DateTime) -> Self {
        let whole = |number: i8| u16::try_from(number).unwrap_or_default();
        let years = u16::try_from(modified.year() - 1980)
            .unwrap_or_default()
            .min(127);
        let date = (years << 9) | (whole(modified.month()) << 5) | whole(modified.day());
        let seconds = whole(modified.second()) / 2;
        let time = (whole(modified.hour()) << 11) | (whole(modified.minute()) << 5) | seconds;
        Self {
            out,
            at: 0,
            entries: 0,
            directory: Vec::new(),
            modified: (time, date),
        }
    }

    /// The output.
    #[must_use]
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// Writes a file.
    ///
    /// # Errors
    /// What the output says; a name of more than 65,535 bytes or a file of more than 4 GiB.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let too_large = || io::Error::other("the file is too large for a ZIP file");
        let size = u32::try_from(content.len()).map_err(|_| too_large())?;
        let name_bytes = u16::try_from(name.len()).map_err(|_| too_large())?;
        // What both records have in common.
        let mut facts = Vec::with_capacity(26);
        let (time, date) = self.modified;
        for number in [FLAGS, 0, time, date] {
            facts.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc32fast::hash(content), size, size] {
            facts.extend_from_slice(&number.to_le_bytes());
        }
        facts.extend_from_slice(&name_bytes.to_le_bytes());

        let begins = self.at;
        let mut head = b"PK\x03\x04\x14\x00".to_vec();
        head.extend_from_slice(&facts);
        head.extend_from_slice(&0_u16.to_le_bytes());
        head.extend_from_slice(name.as_bytes());
        self.write_all(&head)?;
        self.write_all(content)?;

        // Where an entry begins beyond 4 GiB, a field of its own says it.
        let extra = match begins >= MAX_32 {
            true => [
                &1_u16.to_le_bytes()[..],
                &8_u16.to_le_bytes(),
                &begins.to_le_bytes(),
            ]
            .concat(),
            false => Vec::new(),
        };
        let needed: u16 = if extra.is_empty() { 20 } else { 45 };
        let made_by = UNIX + needed;
        let directory = &mut self.directory;
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&made_by.to_le_bytes());
        directory.extend_from_slice(&needed.to_le_bytes());
        directory.extend_from_slice(&facts);
        let extra_bytes = u16::try_from(extra.len()).unwrap_or_default();
        for number in [extra_bytes, 0, 0, 0] {
            directory.extend_from_slice(&number.to_le_bytes());
        }
        directory.extend_from_slice(&MODE.to_le_bytes());
        let place = u32::try_from(begins).unwrap_or(u32::MAX);
        directory.extend_from_slice(&place.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        directory.extend_from_slice(&extra);
        self.entries += 1;
        Ok(())
    }

    /// Writes the directory, and gives the output back.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(mut self) -> io::Result<W> {
        let (start, entries) = (self.at, self.entries);
        let directory = std::mem::take(&mut self.directory);
        let size = directory.len() as u64;
        self.write_all(&directory)?;
        let end = self.at;
        let mut tail = Vec::new();
        if start >= MAX_32 || size >= MAX_32 || entries >= MAX_16 {
            tail.extend_from_slice(b"PK\x06\x06");
            tail.extend_from_slice(&44_u64.to_le_bytes());
            for number in [UNIX + 45, 45_u16] {
                tail.extend_from_slice(&number.to_le_bytes());
            }
            tail.extend_from_slice(&[0; 8]);
            for number in [entries, entries, size, start] {
                tail.extend_from_slice(&number.to_le_bytes());
            }
            tail.extend_from_slice(b"PK\x06\x07");
            tail.extend_from_slice(&0_u32.to_le_bytes());
            tail.extend_from_slice(&end.to_le_bytes());
            tail.extend_from_slice(&1_u32.to_le_bytes());
        }
        tail.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        let entries = u16::try_from(entries).unwrap_or(u16::MAX);
        for number in [entries, entries] {
            tail.extend_from_slice(&number.to_le_bytes());
        }
        for number in [size, start] {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            tail.extend_from_slice(&number.to_le_bytes());
        }
        tail.extend_from_slice(&0_u16.to_le_bytes());
        self.write_all(&tail)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    fn archive(files: usize) -> Vec<u8> {
        let at = jiff::civil::date(2026, 11, 27).at(12, 30, 8, 0);
        let mut archive = Archive::new(Vec::new(), at);
        for number in 0..files {
            let name = format!("é {number}.txt");
            archive.add(&name, name.as_bytes()).unwrap();
        }
        archive.finish().unwrap()
    }

    #[test]
    fn another_reader_reads_what_was_written_beyond_what_the_old_format_counts() {
        for files in [0, 1, 3, 70_000] {
            let mut read = zip::ZipArchive::new(Cursor::new(archive(files))).unwrap();
            assert_eq!(read.len(), files);
            for number in [0, files / 2, files.saturating_sub(1)]
                .into_iter()
                .filter(|at| *at < files)
            {
                let mut entry = read.by_index(number).unwrap();
                let mut text = String::new();
                let name = entry.name().unwrap().into_owned();
                entry.read_to_string(&mut text).unwrap();
                assert_eq!(
                    (name, text),
                    (format!("é {number}.txt"), format!("é {number}.txt"))
                );
            }
        }
    }

    #[test]
    fn entries_are_read_from_a_stream_too() {
        let bytes = archive(3);
        let mut stream = &bytes[..];
        let mut names = Vec::new();
        while let Some(entry) = zip::read::read_zipfile_from_stream(&mut stream).unwrap() {
            names.push(entry.name().unwrap().into_owned());
        }
        assert_eq!(names, ["é 0.txt", "é 1.txt", "é 2.txt"]);
    }
}
