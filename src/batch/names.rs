//! Names of files, made of what rows say: one component of a path each, and no two the same.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use unicode_normalization::UnicodeNormalization as _;

/// The most bytes of a name, with its ending: file systems take 255.
const MAX_BYTES: usize = 200;
/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A text as one component of a path: what separates components, what a file system refuses and what a shell would take for
/// something else becomes `-`, and dots at its beginning are left out. The ending is kept if it has to be cut.
#[must_use]
pub fn component(text: &str, ending: &str) -> String {
    let plain: String = text
        .trim()
        .nfc()
        .map(|char| match char {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{2028}' | '\u{2029}' => '-',
            char if char.is_control() => '-',
            // Directions of writing would show another ending than there is.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '-',
            char => char,
        })
        .collect();
    let suffix = format!(".{ending}");
    let has_ending = plain.len() >= suffix.len()
        && plain.is_char_boundary(plain.len() - suffix.len())
        && plain[plain.len() - suffix.len()..].eq_ignore_ascii_case(&suffix);
    let stem = match has_ending {
        true => &plain[..plain.len() - suffix.len()],
        false => &plain,
    };
    let stem = stem
        .trim_start_matches(['.', ' ', '-'])
        .trim_end_matches(['.', ' ']);
    let mut end = stem.len().min(MAX_BYTES - suffix.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = stem[..end].trim_end_matches(['.', ' ']);
    let first = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numbered = |device: &str| {
        first
            .strip_prefix(device)
            .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    let is_device = DEVICES.contains(&first.as_str()) || numbered("com") || numbered("lpt");
    match stem {
        "" => format!("_{suffix}"),
        stem if is_device => format!("_{stem}{suffix}"),
        stem => format!("{stem}{suffix}"),
    }
}

/// The names that were given, and to which row.
#[derive(Debug, Default)]
pub struct Names {
    key: RandomState,
    /// By a keyed hash: two names share one in 2^64 pairs.
    rows: HashMap<u64, u64>,
}

impl Names {
    /// Gives a name to a row, unless another has it; that one then. File systems that do not tell capitals from small letters
    /// take two that differ in nothing else for one.
    ///
    /// # Errors
    /// The row that has it.
    pub fn give(&mut self, name: &str, row: u64) -> Result<(), u64> {
        let folded: String = name.chars().flat_map(char::to_lowercase).collect();
        match self.rows.entry(self.key.hash_one(folded)) {
            std::collections::hash_map::Entry::Occupied(taken) => Err(*taken.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::pedantic, clippy::type_complexity, reason = "tables of cases")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_component_whatever_a_row_says() {
        for (text, expected) in [
            ("INV-1.png", "INV-1.png"),
            ("INV-1", "INV-1.png"),
            ("INV-1.PNG", "INV-1.png"),
            ("2026/117", "2026-117.png"),
            ("../../etc/passwd", "etc-passwd.png"),
            ("..\\..\\boot.ini", "boot.ini.png"),
            ("..", "_.png"),
            ("", "_.png"),
            ("  . ", "_.png"),
            ("-rf", "rf.png"),
            ("a\0b\nc", "a-b-c.png"),
            ("C:\\x", "C--x.png"),
            ("CON", "_CON.png"),
            ("nul.txt", "_nul.txt.png"),
            ("COM1", "_COM1.png"),
            ("COMET", "COMET.png"),
            ("evil\u{202e}gnp.exe", "evil-gnp.exe.png"),
            ("\u{41}\u{30a}", "\u{c5}.png"),
            ("日本", "日本.png"),
        ] {
            assert_eq!(component(text, "png"), expected, "{text:?}");
        }
        let long = component(&"é".repeat(300), "png");
        assert!(long.len() <= MAX_BYTES && long.ends_with("é.png"), "{long}");
    }

    #[test]
    fn no_two_rows_have_one_name() {
        let mut names = Names::default();
        assert_eq!(names.give("A.png", 1), Ok(()));
        assert_eq!(names.give("B.png", 2), Ok(()));
        assert_eq!(names.give("a.png", 3), Err(1));
    }
}
