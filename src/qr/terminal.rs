//! Symbols as text, two modules a character: the upper and the lower half.

use super::style::Style;
use super::symbol::Symbol;

/// Black on white from the fixed part of the 256 colours (16 and 231), which
/// colour schemes do not change.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// The symbol for a terminal, black on white whatever the colours there are;
/// of the style only the quiet zone counts. Every line ends with a newline.
pub fn terminal(symbol: &Symbol, style: &Style) -> String {
    draw(symbol, style, BLACK_ON_WHITE, RESET)
}

/// The same without colours, for files and for where escape sequences would be
/// shown: dark modules are ink, so that it scans as dark text on a light
/// ground, not the other way round.
pub fn text(symbol: &Symbol, style: &Style) -> String {
    draw(symbol, style, "", "")
}

fn draw(symbol: &Symbol, style: &Style, before: &str, after: &str) -> String {
    let margin = style.quiet_zone.modules();
    let side = style.modules(symbol);
    let dark = |x: usize, y: usize| {
        x.checked_sub(margin)
            .zip(y.checked_sub(margin))
            .is_some_and(|(x, y)| symbol.is_dark(x, y))
    };
    let mut text = String::new();
    for y in (0..side).step_by(2) {
        text.push_str(before);
        text.extend((0..side).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (false, false) => ' ',
            (true, false) => '▀',
            (false, true) => '▄',
            (true, true) => '█',
        }));
        text.push_str(after);
        text.push('\n');
    }
    text
}
