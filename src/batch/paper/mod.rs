//! Sheets of labels as PDF, written page by page (ISO 32000): one page and a few numbers of those before it are in memory.
//!
//! Belongs here: pages, the labels on them, letters of the fonts that were used, and the tables at the end. Does not belong here:
//! where on a label things stand ([`LabelSheet`]), and what a code looks like (`qr`).

mod letters;
mod marks;
mod objects;

use std::io::{self, Write};

use pdf_writer::{Chunk, Content, Filter, Finish as _, Name, Rect, Ref, TextStr};

use self::letters::Letters;
use self::marks::MARK_MM;
use self::objects::{CATALOG, INFO, Objects, TREE};
use super::looks::PaperLooks;
use super::sheet::{LETTERS_MM, LINE_MM, LabelSheet, Place};
use super::text::{Glyph, Typeface, fit};
use crate::qr::{LOGO, LogoObjects, POINTS_PER_MM, Vectors, deflated, single};

/// Labels on pages.
pub struct LabelPaper<W> {
    file: Objects<W>,
    sheet: LabelSheet,
    looks: PaperLooks,
    letters: Letters,
    page: Option<Vec<u8>>,
    /// Labels of the page that are taken.
    taken: u32,
    pages: Vec<Ref>,
    logo: Option<Ref>,
    /// Labels that the page has, each once however often it stands there.
    forms: Vec<Ref>,
}

/// A label that can be printed.
#[derive(Debug, Clone)]
pub struct Label {
    /// The code.
    pub code: Vectors,
    /// Where it and its lines stand.
    pub place: Place,
    /// The lines.
    pub lines: Vec<Vec<Glyph>>,
}

/// Why a label cannot be printed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PaperError {
    /// The label is too small.
    #[error(transparent)]
    TooSmall(#[from] super::sheet::TooSmall),
    /// A letter that no font has.
    #[error(
        "a line has the letter {0:?}, which can not be set: Latin, Greek and Cyrillic letters can, and others that are written from \
         the left with a font of batch.fonts"
    )]
    Letter(char),
}

impl<W: Write> LabelPaper<W> {
    /// Pages that are written to `out`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn new(
        out: W,
        sheet: LabelSheet,
        looks: PaperLooks,
        typeface: Typeface,
    ) -> io::Result<Self> {
        let mut file = Objects::new(out)?;
        Ok(Self {
            letters: Letters::new(typeface, &mut file),
            file,
            sheet,
            looks,
            page: None,
            taken: looks.skip % sheet.labels(),
            pages: Vec::new(),
            logo: None,
            forms: Vec::new(),
        })
    }

    /// Prints a label, as often as was asked for.
    ///
    /// # Errors
    /// What the output says.
    pub fn put(&mut self, label: &Label) -> io::Result<()> {
        if let (Some(logo), None) = (label.code.logo(), self.logo) {
            let (picture, mask) = (self.file.next(), self.file.next());
            let objects = LogoObjects::of(logo);
            let (mut colours, mut alpha) = (Chunk::new(), Chunk::new());
            objects.write_colours(&mut colours, picture, mask);
            objects.write_alpha(&mut alpha, mask);
            self.file.write(picture, &colours)?;
            self.file.write(mask, &alpha)?;
            self.logo = Some(picture);
        }
        let form = self.draw(label)?;
        for _ in 0..self.looks.copies {
            let corner = self.next_label()?;
            self.stamp(form, corner);
        }
        Ok(())
    }

    /// The output.
    #[must_use]
    pub fn get_ref(&self) -> &W {
        self.file.get_ref()
    }

    /// Prints these lines on pages of their own, if there are any. What no font has is left out.
    ///
    /// # Errors
    /// What the output says.
    pub fn tell(&mut self, lines: &[String]) -> io::Result<()> {
        let (width, height) = self.sheet.page();
        let margin = (width.min(height) / 20.0).min(10.0);
        let mut y = f64::INFINITY;
        for line in lines {
            if y + LINE_MM > height - margin {
                self.end_page()?;
                self.begin_empty_page();
                y = margin;
            }
            y += LINE_MM;
            let known: String = line
                .chars()
                .filter(|char| self.letters.typeface().glyphs(&char.to_string()).is_ok())
                .collect();
            let glyphs = self.letters.typeface().glyphs(&known).unwrap_or_default();
            let ellipsis = self.letters.ellipsis;
            let (glyphs, size) = fit(glyphs, ellipsis, width - 2.0 * margin, LETTERS_MM);
            let mut content = Content::new();
            self.letters.show(&mut content, &glyphs, size, (margin, y));
            if let Some(page) = &mut self.page {
                page.extend_from_slice(&piece(content));
            }
        }
        Ok(())
    }

    /// Writes what is left, and gives the output back. A sheet without labels is a page with what else was asked for.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(mut self) -> io::Result<W> {
        if self.page.is_none() && self.pages.is_empty() {
            self.begin_page();
        }
        self.end_page()?;
        let Self {
            mut file,
            letters,
            pages,
            ..
        } = self;
        letters.write(&mut file)?;
        let mut tree = Chunk::new();
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        tree.pages(TREE).kids(pages).count(count);
        file.write(TREE, &tree)?;
        let mut catalog = Chunk::new();
        let mut root = catalog
            .indirect(CATALOG)
            .start::<pdf_writer::writers::Catalog<'_>>();
        root.pages(TREE);
        // Otherwise printers make it fit the paper, and no label is where it is to be.
        root.viewer_preferences()
            .pair(Name(b"PrintScaling"), Name(b"None"));
        root.finish();
        file.write(CATALOG, &catalog)?;
        let mut info = Chunk::new();
        info.indirect(INFO)
            .dict()
            .pair(Name(b"Title"), TextStr("Labels"));
        file.write(INFO, &info)?;
        file.finish()
    }

    /// The corner of the next label, on a new page if this one is full.
    fn next_label(&mut self) -> io::Result<(f64, f64)> {
        if self.page.is_some() && self.taken == self.sheet.labels() {
            self.end_page()?;
        }
        if self.page.is_none() {
            self.begin_page();
        }
        let corner = self.sheet.corner(self.taken);
        self.taken += 1;
        Ok(corner)
    }

    /// From there on everything is in millimetres from the upper left corner.
    fn begin_empty_page(&mut self) {
        let mut content = Content::new();
        let (offset, height) = (self.looks.offset, self.sheet.page().1);
        let scale = POINTS_PER_MM;
        let matrix = [
            scale,
            0.0,
            0.0,
            -scale,
            offset.x * scale,
            (height - offset.y) * scale,
        ];
        content.transform(matrix.map(single));
        self.page = Some(piece(content));
    }

    fn begin_page(&mut self) {
        self.begin_empty_page();
        let mut content = Content::new();
        marks::draw(&mut content, &self.sheet, self.looks);
        if let Some(page) = &mut self.page {
            page.extend_from_slice(&piece(content));
        }
    }

    fn end_page(&mut self) -> io::Result<()> {
        let Some(content) = self.page.take() else {
            return Ok(());
        };
        self.taken = 0;
        let (page, stream) = (self.file.next(), self.file.next());
        let packed = deflated(&content);
        let mut of_stream = Chunk::new();
        of_stream
            .stream(stream, &packed)
            .filter(Filter::FlateDecode);
        self.file.write(stream, &of_stream)?;
        let mut of_page = Chunk::new();
        let mut written = of_page.page(page);
        let (width, height) = self.sheet.page();
        let [width, height] = [width, height].map(|mm| single(mm * POINTS_PER_MM));
        written.parent(TREE).contents(stream);
        written.media_box(Rect::new(0.0, 0.0, width, height));
        let mut resources = written.resources();
        let mut forms = resources.x_objects();
        for form in self.forms.drain(..) {
            forms.pair(Name(form_name(form).as_bytes()), form);
        }
        forms.finish();
        self.letters.name(&mut resources);
        resources.finish();
        written.finish();
        self.file.write(page, &of_page)?;
        self.pages.push(page);
        Ok(())
    }

    /// Draws a label once, as it stands with its upper left corner at 0 (8.10): a page with many has as many of its names.
    fn draw(&mut self, label: &Label) -> io::Result<Ref> {
        let place = label.place;
        let (x, y) = place.code;
        let module = place.module_mm;
        let mut content = Content::new();
        content.transform([module, 0.0, 0.0, module, x, y].map(single));
        let mut drawn = b"q\n".to_vec();
        drawn.extend_from_slice(&piece(content));
        drawn.extend_from_slice(label.code.content());
        drawn.extend_from_slice(b"\nQ\n");
        for (number, line) in (0_u32..).zip(&label.lines) {
            let ellipsis = self.letters.ellipsis;
            let (glyphs, size) = fit(line.clone(), ellipsis, place.text_width, LETTERS_MM);
            let width: f64 = glyphs.iter().map(|glyph| glyph.advance * size).sum();
            let start = match place.centred {
                true => (place.text_width - width).max(0.0) / 2.0,
                false => 0.0,
            };
            let x = place.text.0 + start;
            // Letters reach three quarters of a line above where they stand.
            let y = place.text.1 + (f64::from(number) + 0.75) * LINE_MM;
            let mut content = Content::new();
            self.letters.show(&mut content, &glyphs, size, (x, y));
            drawn.extend_from_slice(&piece(content));
        }
        let form = self.file.next();
        let packed = deflated(&drawn);
        let mut chunk = Chunk::new();
        let mut written = chunk.form_xobject(form, &packed);
        written.filter(Filter::FlateDecode);
        let (width, height) = self.sheet.label();
        let (right, bottom) = (single(width + MARK_MM), single(height + MARK_MM));
        written.bbox(Rect::new(-single(MARK_MM), -single(MARK_MM), right, bottom));
        let mut resources = written.resources();
        if let (Some(logo), Some(_)) = (self.logo, label.code.logo()) {
            resources.x_objects().pair(LOGO, logo);
        }
        self.letters.name(&mut resources);
        resources.finish();
        written.finish();
        self.file.write(form, &chunk)?;
        Ok(form)
    }

    /// Puts a label that was drawn at a corner.
    fn stamp(&mut self, form: Ref, (left, top): (f64, f64)) {
        let Some(page) = &mut self.page else {
            return;
        };
        if self.forms.last() != Some(&form) {
            self.forms.push(form);
        }
        let mut content = Content::new();
        content.save_state();
        content.transform([1.0, 0.0, 0.0, 1.0, left, top].map(single));
        content.x_object(Name(form_name(form).as_bytes()));
        content.restore_state();
        page.extend_from_slice(&piece(content));
    }
}

fn form_name(form: Ref) -> String {
    format!("L{}", form.get())
}

fn piece(content: Content) -> Vec<u8> {
    let mut piece = content.finish().into_vec();
    piece.push(b'\n');
    piece
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;
    use crate::qr::{Level, Style, Symbol};

    fn label(sheet: &LabelSheet, typeface: &Typeface, line: &str) -> Label {
        let symbol = Symbol::encode("https://QR.EXAMPLE/0123", Level::Medium).unwrap();
        let code = Vectors::plain(&symbol, &Style::default());
        Label {
            place: sheet.place(code.modules(), None, 1).unwrap(),
            lines: vec![typeface.glyphs(line).unwrap()],
            code,
        }
    }

    fn pages(labels: u32, looks: PaperLooks) -> (usize, Vec<u8>) {
        let sheet: LabelSheet = "page=a4,columns=2,rows=2,width=60,height=40"
            .parse()
            .unwrap();
        let typeface = Typeface::new(Vec::new());
        let mut paper = LabelPaper::new(Vec::new(), sheet, looks, typeface.clone()).unwrap();
        for number in 0..labels {
            let label = label(&sheet, &typeface, &format!("Nr. {number}"));
            paper.put(&label).unwrap();
        }
        let file = paper.finish().unwrap();
        let text = String::from_utf8_lossy(&file);
        (text.matches("/Type /Page\n").count(), file)
    }

    #[test]
    fn labels_fill_pages_from_where_a_sheet_was_begun() {
        let looks = PaperLooks::default();
        assert_eq!(pages(0, looks).0, 1);
        assert_eq!(pages(4, looks).0, 1);
        assert_eq!(pages(5, looks).0, 2);
        assert_eq!(pages(4, PaperLooks { skip: 1, ..looks }).0, 2);
        assert_eq!(pages(3, PaperLooks { copies: 3, ..looks }).0, 3);
    }

    #[test]
    fn a_code_is_drawn_once_however_often_it_is_printed() {
        let bytes = |copies| {
            let looks = PaperLooks {
                copies,
                ..PaperLooks::default()
            };
            let (pages, file) = pages(1, looks);
            let text = String::from_utf8_lossy(&file).into_owned();
            assert_eq!(text.matches("/Subtype /Form").count(), 1);
            (pages, file.len())
        };
        let (one, four, twelve) = (bytes(1), bytes(4), bytes(12));
        assert_eq!((one.0, four.0, twelve.0), (1, 1, 3));
        assert!(four.1 < one.1 + 200, "{one:?} {four:?}");
        assert!(twelve.1 < four.1 + 2 * 1_000, "{four:?} {twelve:?}");
    }

    #[test]
    fn every_object_stands_where_the_table_says_and_printers_are_told_not_to_scale() {
        let (_, file) = pages(
            9,
            PaperLooks {
                outlines: true,
                cut_marks: true,
                ..PaperLooks::default()
            },
        );
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("/PrintScaling /None"));
        let start: usize = text
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let table = std::str::from_utf8(&file[start..]).unwrap();
        let entries: Vec<&str> = table
            .lines()
            .skip(3)
            .take_while(|line| line.ends_with("n "))
            .collect();
        assert!(entries.len() > 8, "{table}");
        for (number, entry) in entries.iter().enumerate() {
            let at: usize = entry[..10].parse().unwrap();
            let expected = format!("{} 0 obj", number + 1);
            assert!(file[at..].starts_with(expected.as_bytes()), "{expected}");
        }
    }
}
