//! Cells of tables that people open as spreadsheets: none of them is a formula.

use std::borrow::Cow;

/// What begins a formula; some programs take the wide letters for the narrow ones.
const FORMULAS: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe stands before what would begin one, and
/// control characters are spaces, so that each row is a line. Where lists have semicolons, spreadsheets begin a cell behind each,
/// whatever quotes there are.
#[must_use]
pub fn safe(cell: &str) -> String {
    let plain: String = cell
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    let parts = plain.split(';').map(|part| match is_risky(part) {
        true => Cow::Owned(format!("'{part}")),
        false => Cow::Borrowed(part),
    });
    parts.collect::<Vec<_>>().join(";")
}

/// What a cell said.
#[must_use]
pub fn said(cell: &str) -> String {
    let parts = cell.split(';').map(|part| {
        let plain = part.strip_prefix('\'').filter(|rest| is_risky(rest));
        plain.unwrap_or(part)
    });
    parts.collect::<Vec<_>>().join(";")
}

/// Whether a cell, or what becomes one, takes an apostrophe. What has one already gets another, so that it is read as it was.
fn is_risky(part: &str) -> bool {
    part.trim_start_matches(|char: char| char.is_whitespace() || char == '"')
        .starts_with(FORMULAS)
        || part.starts_with('\'')
}
