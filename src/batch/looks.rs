//! What is asked of the pages of labels: where printing begins, how often, how far everything is moved, what is drawn beside.

use std::str::FromStr;

/// What is asked of the pages.
#[derive(Debug, Clone, Copy)]
pub struct PaperLooks {
    /// Labels of the first page that are gone already.
    pub skip: u32,
    /// How far everything is moved.
    pub offset: Offset,
    /// How often each code is printed.
    pub copies: u32,
    /// Whether corners are marked for cutting.
    pub cut_marks: bool,
    /// Whether the outlines of all labels are drawn, to hold against a sheet.
    pub outlines: bool,
}

impl Default for PaperLooks {
    fn default() -> Self {
        Self {
            skip: 0,
            offset: Offset::default(),
            copies: 1,
            cut_marks: false,
            outlines: false,
        }
    }
}

/// How far everything is moved, for printers that are off.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Offset {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let number = text.trim().parse::<f64>().ok();
            number.filter(|number| (-50.0..=50.0).contains(number))
        };
        text.split_once(',')
            .and_then(|(x, y)| {
                Some(Self {
                    x: number(x)?,
                    y: number(y)?,
                })
            })
            .ok_or_else(|| {
                "must be millimetres to the right and down, such as 0.5,-1, each -50 to 50"
                    .to_owned()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_moved_by_millimetres_to_the_right_and_down() {
        assert_eq!("0.5,-1".parse(), Ok(Offset { x: 0.5, y: -1.0 }));
        assert!("5".parse::<Offset>().is_err() && "51,0".parse::<Offset>().is_err());
    }
}
