//! The options of a batch, a row each: commands and requests take them alike. What may be given more than once (`map`, `line`)
//! is no row.

use std::collections::BTreeMap;

use super::looks::{Offset, PaperLooks};
use super::number::Decimal;
use super::plan::BatchKind;
use super::rows::TextEncoding;
use super::sheet::{LabelSheet, SheetError};
use super::template::Template;
use crate::options::Place::{self, Command, Form, Query};
use crate::options::{HasOptions, OptionRow, Range, put, row, words};

/// What is asked of a batch beside what its codes are to be.
#[derive(Debug, Clone, Default)]
pub struct BatchOptions {
    /// What rows become.
    pub kind: Option<BatchKind>,
    /// The encoding of a table.
    pub encoding: Option<TextEncoding>,
    /// What stands between columns.
    pub delimiter: Option<Delimiter>,
    /// How decimals are written.
    pub decimal: Option<Decimal>,
    /// Names of files.
    pub name: Option<Template>,
    /// A sheet of labels, by its name or as it is.
    pub sheet: Option<String>,
    /// A page for each code.
    pub page: Option<String>,
    /// Labels of the first sheet that are gone.
    pub skip: Option<u32>,
    /// How far everything is moved.
    pub offset: Option<Offset>,
    /// How often each code is printed.
    pub copies: Option<u32>,
    /// Whether corners are marked.
    pub cut_marks: bool,
}

/// What stands between columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

words!(Delimiter {
    Comma = "comma",
    Semicolon = "semicolon",
    Tab = "tab",
    Pipe = "pipe",
});

impl Delimiter {
    /// Its byte.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

const ANYWHERE: &[Place] = &[Query, Form, Command];
const SKIP: Range = Range::Whole {
    least: 0,
    most: 9_999,
    unit: "labels",
};
const COPIES: Range = Range::Whole {
    least: 1,
    most: 1_000,
    unit: "",
};

/// A text whose form is told by what reads it.
const fn text(form: &'static str, most: usize) -> Range {
    Range::Text {
        form,
        pattern: "",
        chars: Some((1, most)),
    }
}

#[rustfmt::skip]
static ROWS: [OptionRow<BatchOptions>; 11] = [
    row("kind", ANYWHERE, BatchKind::RANGE, "link",
        "What each row becomes. `document`: a sealed document. `link`: a dynamic link to what the column `target` has. Not given: `document`.",
        |batch, given| put(&mut batch.kind, given.parsed())),
    row("encoding", ANYWHERE, text("the name of an encoding, such as windows-1252", 40), "windows-1252",
        "The encoding of the table. Not given: UTF-8, or UTF-16 where a byte order mark says so.",
        |batch, given| put(&mut batch.encoding, given.parsed())),
    row("delimiter", ANYWHERE, Delimiter::RANGE, "semicolon",
        "What stands between columns. Not given: found in the first line, of comma, semicolon and tab.",
        |batch, given| put(&mut batch.delimiter, given.parsed())),
    row("decimal", ANYWHERE, Decimal::RANGE, "comma",
        "How the table writes decimals. Not given: `point`.",
        |batch, given| put(&mut batch.decimal, given.parsed())),
    row("name", ANYWHERE, text("a text of 1 to 256 characters, with {{columns}} in it", 256), "{{id}}.png",
        "The name of each file. Fields and columns stand between `{{` and `}}`; what a file system does not take becomes `-`, and no \
         two rows may have one name. Not given: the number of the row.",
        |batch, given| put(&mut batch.name, given.parsed())),
    row("sheet", ANYWHERE, text("the name of a sheet, or what it looks like", 400), "avery-l7160",
        "Labels on sheets, in a PDF. `avery-l7160`, `avery-l7159`, `avery-5160`, one that is configured, or one's own in millimetres: \
         `page=a4,columns=3,rows=8,width=63.5,height=33.9,left=7.25,top=12.9,gap_x=2.5`.",
        |batch, given| put(&mut batch.sheet, given.text().map(str::to_owned))),
    row("page", ANYWHERE, text("a4, letter, or millimetres such as 62x29", 20), "62x29",
        "A page for each code, in a PDF, as printers of labels on rolls take it.",
        |batch, given| put(&mut batch.page, given.text().map(str::to_owned))),
    row("skip", ANYWHERE, SKIP, "3",
        "Labels of the first sheet that are gone already. Not given: none.",
        |batch, given| put(&mut batch.skip, ranged(SKIP, given.whole()?))),
    row("offset", ANYWHERE, text("millimetres to the right and down, such as 0.5,-1", 20), "0.5,-1",
        "How far everything is moved on paper, for printers that are off. Not given: not at all.",
        |batch, given| put(&mut batch.offset, given.parsed())),
    row("copies", ANYWHERE, COPIES, "2",
        "How often each code is printed. Not given: once.",
        |batch, given| put(&mut batch.copies, ranged(COPIES, given.whole()?))),
    row("cut_marks", ANYWHERE, Range::Flag, "true",
        "Mark the corners of labels, for cutting.",
        |batch, given| {
            batch.cut_marks = given.flag()?;
            Ok(())
        }),
];

impl BatchOptions {
    /// The sheet or page that is asked for, if one is.
    ///
    /// # Errors
    /// [`SheetError`]
    pub fn paper(
        &self,
        configured: &BTreeMap<String, LabelSheet>,
    ) -> Result<Option<LabelSheet>, SheetError> {
        match (&self.sheet, &self.page) {
            (Some(sheet), _) => LabelSheet::find(sheet, configured).map(Some),
            (None, Some(page)) => LabelSheet::of_page(page).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// What is asked of its pages.
    ///
    /// # Errors
    /// More labels are passed over than a page has.
    pub fn looks(&self, sheet: &LabelSheet) -> Result<PaperLooks, SheetError> {
        let skip = self.skip.unwrap_or(0);
        if skip >= sheet.labels() && skip > 0 {
            let labels = sheet.labels();
            return Err(SheetError::Wrong(format!(
                "skip passes over {skip} labels, and there are {labels} on a page"
            )));
        }
        Ok(PaperLooks {
            skip,
            offset: self.offset.unwrap_or_default(),
            copies: self.copies.unwrap_or(1),
            cut_marks: self.cut_marks,
            outlines: false,
        })
    }
}

fn ranged(range: Range, number: u64) -> Result<u32, String> {
    range.whole(number).map_err(|error| error.to_string())
}

impl HasOptions for BatchOptions {
    fn rows() -> &'static [OptionRow<Self>] {
        &ROWS
    }

    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let on_paper = self.sheet.is_some() || self.page.is_some();
        if self.sheet.is_some() && self.page.is_some() {
            return Err(("page", "is for one code a page: leave out sheet, or page"));
        }
        for (name, given) in [
            ("skip", self.skip.is_some()),
            ("offset", self.offset.is_some()),
            ("copies", self.copies.is_some()),
            ("cut_marks", self.cut_marks),
        ] {
            if given && !on_paper {
                return Err((name, "is for labels: it takes sheet or page"));
            }
        }
        Ok(())
    }
}
