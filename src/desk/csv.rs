//! Check-ins as a table for spreadsheets, a line each.

use jiff::tz::TimeZone;

use super::settings::ListSettings;
use super::zone;
use crate::spreadsheet::safe;
use crate::store::{CheckInRecord, ListRecord};

/// The names of the columns.
pub const CSV_HEAD: &str = "time,list,gate,kind,outcome,people,token_id,made_by,automatic,no_entry,undone_at,undone_by,id\r\n";

/// The zone of a list's place.
#[must_use]
pub fn zone_of(list: &ListRecord) -> TimeZone {
    ListSettings::read(&list.settings).map_or(TimeZone::UTC, |settings| settings.zone())
}

/// A check-in as a line, with its line feed; times are those of the list's place, with their offset. No cell is a formula.
#[must_use]
pub fn csv_line(row: &CheckInRecord, list: &ListRecord, zone: &TimeZone) -> String {
    let by = |by: Option<crate::principal::Principal>| by.map(|by| by.to_string());
    let cells = [
        zone::local(row.happened_at, zone),
        list.name.clone(),
        row.gate.clone().unwrap_or_default(),
        row.kind.as_str().to_owned(),
        row.outcome.as_str().to_owned(),
        row.people.to_string(),
        row.token.map(|token| token.to_string()).unwrap_or_default(),
        by(row.made_by).unwrap_or_default(),
        row.made_by.is_none().to_string(),
        row.no_entry.to_string(),
        row.undone_at
            .map(|at| zone::local(at, zone))
            .unwrap_or_default(),
        by(row.undone_by).unwrap_or_default(),
        row.id.to_string(),
    ];
    let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell (RFC 4180) that is no formula.
pub(super) fn cell(text: &str) -> String {
    let text = safe(text);
    match text.contains(['"', ',', ';', '\'']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_a_reader_of_tables_gets_the_rest_as_it_was() {
        let injections = [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\r=1", "' =1"),
            ("\n=1", "' =1"),
            ("\"=1", "'\"=1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A", "'＠A"),
        ];
        for (text, expected) in injections {
            for (behind, stands) in [
                ("", ""),
                ("\",\"=2", "\",\"=2"),
                ("\r\n=3", "  =3"),
                (";=4", ";'=4"),
            ] {
                let read = read_back(&cell(&format!("{text}{behind}")));
                assert_eq!(read, [format!("{expected}{stands}")], "{text:?}{behind:?}");
            }
        }
        for text in ["", "Ana", "a, \"b\"", "1;2", "O'Hara", "ünï, ç", "a=b"] {
            assert_eq!(read_back(&cell(text)), [text], "{text:?}");
        }
        assert_eq!(cell("a\nb"), "a b", "each check-in is a line");
    }

    /// The cells of one line, as RFC 4180 has it.
    fn read_back(line: &str) -> Vec<String> {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    }
}
