//! Sheets of labels, and where on a label a code and its lines stand. Everything is in millimetres from the upper left corner.

use std::str::FromStr;

use serde::Deserialize;

use crate::qr::ModuleSize;

/// Free at every edge of a label: die cutting is off by as much.
const PADDING_MM: f64 = 1.5;
/// Between a code and the lines beside or below it.
const BESIDE_MM: f64 = 1.5;
/// The height of a line, and of its letters: 8 points.
pub const LINE_MM: f64 = 3.4;
/// The size of the letters.
pub const LETTERS_MM: f64 = 2.822;
/// The most lines of a label.
pub const MAX_LINES: usize = 8;
/// From this shape on lines stand beside the code.
const WIDE: f64 = 1.5;
/// What millimetres may differ by: programs round them.
const SLACK_MM: f64 = 0.02;

/// A sheet of labels, or a page with one on it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSheet {
    /// The paper: `a4`, `letter`, or such as `62x29`.
    #[serde(deserialize_with = "paper")]
    page: (f64, f64),
    columns: u32,
    rows: u32,
    /// Of a label.
    width: f64,
    height: f64,
    /// Left of the first column, and above the first row.
    #[serde(default)]
    left: f64,
    #[serde(default)]
    top: f64,
    /// Between columns and rows.
    #[serde(default)]
    gap_x: f64,
    #[serde(default)]
    gap_y: f64,
}

/// Sheets that everybody has, by their names.
const KNOWN: [(&str, LabelSheet); 3] = [
    (
        "avery-l7160",
        LabelSheet {
            page: A4,
            columns: 3,
            rows: 7,
            width: 63.5,
            height: 38.1,
            left: 7.25,
            top: 15.15,
            gap_x: 2.5,
            gap_y: 0.0,
        },
    ),
    (
        "avery-l7159",
        LabelSheet {
            page: A4,
            columns: 3,
            rows: 8,
            width: 63.5,
            height: 33.9,
            left: 7.25,
            top: 12.9,
            gap_x: 2.5,
            gap_y: 0.0,
        },
    ),
    (
        "avery-5160",
        LabelSheet {
            page: LETTER,
            columns: 3,
            rows: 10,
            width: 66.675,
            height: 25.4,
            left: 4.762,
            top: 12.7,
            gap_x: 3.175,
            gap_y: 0.0,
        },
    ),
];

const A4: (f64, f64) = (210.0, 297.0);
const LETTER: (f64, f64) = (215.9, 279.4);

/// Why a sheet is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// No such name.
    #[error("there is no sheet {0:?}: {known} and those of the configuration are known, and one of your own is written page=a4,columns=3,rows=8,width=63.5,height=33.9,left=7.25,top=12.9,gap_x=2.5", known = KNOWN.map(|(name, _)| name).join(", "))]
    Unknown(String),
    /// What it says is wrong.
    #[error("the sheet: {0}")]
    Wrong(String),
}

impl LabelSheet {
    /// A page that is one label.
    ///
    /// # Errors
    /// What the page must be.
    pub fn of_page(text: &str) -> Result<Self, SheetError> {
        let (width, height) = parse_paper(text).map_err(SheetError::Wrong)?;
        Self {
            page: (width, height),
            columns: 1,
            rows: 1,
            width,
            height,
            left: 0.0,
            top: 0.0,
            gap_x: 0.0,
            gap_y: 0.0,
        }
        .checked()
    }

    /// The sheet that a name or a description means; `configured` comes first.
    ///
    /// # Errors
    /// [`SheetError`]
    pub fn find(
        text: &str,
        configured: &std::collections::BTreeMap<String, Self>,
    ) -> Result<Self, SheetError> {
        if text.contains('=') {
            return text.parse();
        }
        let known = KNOWN.iter().find(|(name, _)| *name == text);
        let known = known.map(|(_, sheet)| *sheet);
        let sheet = configured.get(text).copied().or(known);
        sheet.ok_or_else(|| SheetError::Unknown(text.chars().take(40).collect()))
    }

    /// The same, if its labels are on the page.
    ///
    /// # Errors
    /// [`SheetError::Wrong`]
    pub fn checked(self) -> Result<Self, SheetError> {
        let wrong = |detail: String| Err(SheetError::Wrong(detail));
        let sizes = [self.page.0, self.page.1, self.width, self.height];
        if !sizes.iter().all(|size| (5.0..=2_000.0).contains(size)) {
            return wrong("page and labels are 5 to 2000 mm wide and high".to_owned());
        }
        let gaps = [self.left, self.top, self.gap_x, self.gap_y];
        if !gaps.iter().all(|gap| (0.0..=500.0).contains(gap)) {
            return wrong("margins and gaps are 0 to 500 mm".to_owned());
        }
        if !(1..=100).contains(&self.columns) || !(1..=100).contains(&self.rows) {
            return wrong("there are 1 to 100 columns and rows".to_owned());
        }
        let across = |count: u32, size: f64, gap: f64, before: f64| {
            before + f64::from(count) * size + f64::from(count - 1) * gap
        };
        let right = across(self.columns, self.width, self.gap_x, self.left);
        let bottom = across(self.rows, self.height, self.gap_y, self.top);
        if right > self.page.0 + SLACK_MM || bottom > self.page.1 + SLACK_MM {
            return wrong(format!(
                "its labels reach to {right:.1} by {bottom:.1} mm, and the page has {} by {} mm",
                self.page.0, self.page.1
            ));
        }
        Ok(self)
    }

    /// Width and height of the page.
    #[must_use]
    pub fn page(&self) -> (f64, f64) {
        self.page
    }

    /// Labels of a page.
    #[must_use]
    pub fn labels(&self) -> u32 {
        self.columns * self.rows
    }

    /// The upper left corner of a label, counted along the rows from 0.
    #[must_use]
    pub fn corner(&self, label: u32) -> (f64, f64) {
        let (column, row) = (label % self.columns, label / self.columns);
        (
            self.left + f64::from(column) * (self.width + self.gap_x),
            self.top + f64::from(row) * (self.height + self.gap_y),
        )
    }

    /// Width and height of a label.
    #[must_use]
    pub fn label(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// Where a code of so many modules and its lines stand on a label.
    ///
    /// # Errors
    /// [`TooSmall`]
    pub fn place(
        &self,
        (columns, rows): (usize, usize),
        size: Option<ModuleSize>,
        lines: usize,
    ) -> Result<Place, TooSmall> {
        let (width, height) = (
            self.width - 2.0 * PADDING_MM,
            self.height - 2.0 * PADDING_MM,
        );
        let (columns, rows) = (small(columns), small(rows));
        let text_height = small(lines) * LINE_MM;
        let beside = lines > 0 && width >= WIDE * height;
        let room = match (lines, beside) {
            (0, _) => (width, height),
            // A third of the label is left to the lines.
            (_, true) => (width * 2.0 / 3.0 - BESIDE_MM, height),
            (_, false) => (width, height - text_height - BESIDE_MM),
        };
        let module = match size {
            Some(size) => size.mm(),
            // A micrometre is the smallest step of sizes.
            None => ((room.0 / columns).min(room.1 / rows) * 1000.0).floor() / 1000.0,
        };
        let least = size.unwrap_or(ModuleSize::ARMS_LENGTH).mm();
        let fits = columns * module <= room.0 + SLACK_MM && rows * module <= room.1 + SLACK_MM;
        if !fits || module < least || text_height > height + SLACK_MM {
            return Err(TooSmall {
                module_mm: least,
                needed: (columns * least, rows * least),
                there: (room.0.max(0.0), room.1.max(0.0)),
            });
        }
        let code = (columns * module, rows * module);
        let text_width = match beside {
            true => width - code.0 - BESIDE_MM,
            false => width,
        };
        Ok(match beside {
            true => Place {
                module_mm: module,
                code: (PADDING_MM, PADDING_MM + (height - code.1) / 2.0),
                text: (
                    PADDING_MM + code.0 + BESIDE_MM,
                    PADDING_MM + (height - text_height) / 2.0,
                ),
                text_width,
                centred: false,
            },
            false => {
                let rest = match lines {
                    0 => 0.0,
                    _ => text_height + BESIDE_MM,
                };
                let top = PADDING_MM + (height - rest - code.1) / 2.0;
                Place {
                    module_mm: module,
                    code: (PADDING_MM + (width - code.0) / 2.0, top),
                    text: (PADDING_MM, top + code.1 + BESIDE_MM),
                    text_width,
                    centred: true,
                }
            }
        })
    }
}

/// Where things stand on a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Of a module.
    pub module_mm: f64,
    /// The upper left corner of the code.
    pub code: (f64, f64),
    /// The upper left corner of the lines.
    pub text: (f64, f64),
    /// How wide a line may be.
    pub text_width: f64,
    /// Whether lines stand in the middle of that.
    pub centred: bool,
}

/// The label is too small.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "the label is too small for this code: at {module_mm} mm a dot it takes {:.1} by {:.1} mm, and there are {:.1} by {:.1} mm; take \
     larger labels, fewer lines, a smaller module_mm or a lower ecl",
    needed.0, needed.1, there.0, there.1
)]
pub struct TooSmall {
    module_mm: f64,
    needed: (f64, f64),
    there: (f64, f64),
}

impl FromStr for LabelSheet {
    type Err = SheetError;

    fn from_str(text: &str) -> Result<Self, SheetError> {
        let wrong = |detail: String| SheetError::Wrong(detail);
        let mut table = toml::Table::new();
        for pair in text.split(',') {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| wrong(format!("{pair:?} is not NAME=VALUE")))?;
            let name = name.trim().replace('-', "_");
            let value = value.trim();
            let value = match value.parse::<i64>() {
                Ok(whole) => toml::Value::Integer(whole),
                Err(_) => match value.parse::<f64>() {
                    Ok(number) => toml::Value::Float(number),
                    Err(_) => toml::Value::String(value.to_owned()),
                },
            };
            if table.insert(name.clone(), value).is_some() {
                return Err(wrong(format!("{name} is given twice")));
            }
        }
        let sheet: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
        sheet.checked()
    }
}

fn paper<'de, D: serde::Deserializer<'de>>(value: D) -> Result<(f64, f64), D::Error> {
    let text = String::deserialize(value)?;
    parse_paper(&text).map_err(serde::de::Error::custom)
}

fn parse_paper(text: &str) -> Result<(f64, f64), String> {
    match text.to_ascii_lowercase().as_str() {
        "a4" => Ok(A4),
        "letter" => Ok(LETTER),
        other => other
            .trim_end_matches("mm")
            .split_once('x')
            .and_then(|(width, height)| {
                Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
            })
            .ok_or_else(|| "a page is a4, letter, or millimetres such as 62x29".to_owned()),
    }
}

/// Modules and lines are few.
fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn known_sheets_are_on_their_pages() {
        for (name, sheet) in KNOWN {
            assert_eq!(sheet.checked(), Ok(sheet), "{name}");
            assert_eq!(LabelSheet::find(name, &BTreeMap::new()), Ok(sheet));
        }
        let l7160 = KNOWN[0].1;
        assert_eq!(l7160.labels(), 21);
        assert_eq!(l7160.corner(4), (7.25 + 66.0, 15.15 + 38.1));
    }

    #[test]
    fn a_sheet_of_ones_own_is_read_and_what_is_wrong_with_it_is_said() {
        let own = "page=a4,columns=3,rows=8,width=63.5,height=33.9,left=7.25,top=12.9,gap-x=2.5";
        assert_eq!(own.parse(), Ok(KNOWN[1].1));
        for (text, told) in [
            (
                "page=a4,columns=4,rows=8,width=63.5,height=33.9",
                "reach to 254.0",
            ),
            (
                "page=a4,columns=0,rows=8,width=63.5,height=33.9",
                "1 to 100",
            ),
            (
                "page=a5,columns=1,rows=1,width=50,height=30",
                "a page is a4",
            ),
            ("page=a4,columns=1,rows=1,width=50", "height"),
            ("page=a4,columns=1,rows=1,width=50,height=30,wide=3", "wide"),
            ("page=a4,page=a4", "twice"),
            ("page=a4,columns=1,rows=1,width=nan,height=30", "5 to 2000"),
            ("avery-0000", "there is no sheet"),
        ] {
            let error = LabelSheet::find(text, &BTreeMap::new()).unwrap_err();
            assert!(error.to_string().contains(told), "{text}: {error}");
        }
        assert!(LabelSheet::of_page("62x29").is_ok());
        assert!(LabelSheet::of_page("62").is_err());
    }

    #[test]
    fn a_code_is_as_large_as_fits_and_what_is_too_small_says_how_much_it_needs() {
        let sheet = KNOWN[0].1;
        let alone = sheet.place((45, 45), None, 0).unwrap();
        assert!((alone.module_mm - 0.78).abs() < 0.001, "{alone:?}");
        let beside = sheet.place((45, 45), None, 2).unwrap();
        assert!(!beside.centred && beside.text.0 > beside.code.0 + 35.0);
        let asked = ModuleSize::from_mm(0.5).unwrap();
        assert_eq!(
            sheet.place((45, 45), Some(asked), 3).unwrap().module_mm,
            0.5
        );
        let error = sheet.place((101, 101), None, 0).unwrap_err().to_string();
        assert!(
            error.contains(
                "at 0.4 mm a dot it takes 40.4 by 40.4 mm, and there are 60.5 by 35.1 mm"
            ),
            "{error}"
        );
        let roll = LabelSheet::of_page("29x62").unwrap();
        let below = roll.place((45, 45), None, 2).unwrap();
        assert!(below.centred && below.text.1 > below.code.1 + 25.0);
    }
}
