//! The objects of a PDF file, written one after the other, and the table of where they are.

use std::io::{self, Write};

use pdf_writer::{Chunk, Ref};

/// What everything begins with.
pub(super) const CATALOG: Ref = Ref::new(1);
/// The tree of pages.
pub(super) const TREE: Ref = Ref::new(2);
/// What a viewer shows of the file.
pub(super) const INFO: Ref = Ref::new(3);
/// The first number that is free for others.
pub(super) const FIRST_FREE: i32 = 4;

/// A file on its way.
pub(super) struct Objects<W> {
    out: W,
    at: u64,
    next: i32,
    /// Where each object begins, the first at 0.
    places: Vec<u64>,
}

impl<W: Write> Objects<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut objects = Self {
            out,
            at: 0,
            next: FIRST_FREE,
            places: Vec::new(),
        };
        // The bytes above ASCII tell programs that this is no text (7.5.2).
        objects.write_all(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(objects)
    }

    pub(super) fn get_ref(&self) -> &W {
        &self.out
    }

    /// The number of a new object.
    pub(super) fn next(&mut self) -> Ref {
        let next = Ref::new(self.next);
        self.next += 1;
        next
    }

    /// Writes the one object of a chunk.
    pub(super) fn write(&mut self, id: Ref, object: &Chunk) -> io::Result<()> {
        let place = usize::try_from(id.get() - 1).unwrap_or(0);
        if self.places.len() <= place {
            self.places.resize(place + 1, 0);
        }
        self.places[place] = self.at;
        self.write_all(object.as_bytes())
    }

    /// Writes the table and what leads to it (7.5.4, 7.5.5).
    pub(super) fn finish(mut self) -> io::Result<W> {
        let start = self.at;
        let count = self.places.len() + 1;
        self.write_all(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes())?;
        for place in std::mem::take(&mut self.places) {
            self.write_all(format!("{place:010} 00000 n \n").as_bytes())?;
        }
        let [catalog, info] = [CATALOG, INFO].map(Ref::get);
        let trailer = format!(
            "trailer\n<< /Size {count} /Root {catalog} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        );
        self.write_all(trailer.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}
