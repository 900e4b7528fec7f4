//! The place of a logo, and what it costs.

use super::codewords;
use super::level::Level;
use super::logo::LogoShare;
use super::placement;
use super::symbol::Symbol;
use super::unscannable::Unscannable;

/// The square in the middle that is left free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// First column and row.
    pub(super) start: usize,
    /// Modules a side; odd, as symbols are.
    pub(super) side: usize,
}

impl Hole {
    /// The place for a logo of this share.
    ///
    /// # Errors
    ///
    /// [`Unscannable`] if it hides a finder or format information, or more than
    /// half of what any block can correct: the other half is for dirt and print.
    pub(super) fn new(symbol: &Symbol, share: LogoShare) -> Result<Self, Unscannable> {
        let fitting_percent = || {
            (LogoShare::MIN.percent()..share.percent())
                .rev()
                .find(|&percent| {
                    Self::of(symbol.modules(), percent).is_some_and(|hole| hole.fits(symbol))
                })
        };
        let Some(hole) = Self::of(symbol.modules(), share.percent()) else {
            return Err(Unscannable::LogoHidesPatterns {
                percent: share.percent(),
                modules: symbol.modules(),
                fitting_percent: fitting_percent(),
            });
        };
        if hole.fits(symbol) {
            return Ok(hole);
        }
        Err(Unscannable::Logo {
            percent: share.percent(),
            hidden: hole.most_hidden(symbol),
            allowed: allowed(symbol.version(), symbol.level()),
            level: symbol.level(),
            fitting_percent: fitting_percent(),
        })
    }

    pub(super) fn contains(self, x: usize, y: usize) -> bool {
        let range = self.start..self.start + self.side;
        range.contains(&x) && range.contains(&y)
    }

    /// None if it would reach what is not data: finders with their separators
    /// and format information take 9 modules from the left and from above.
    fn of(modules: usize, percent: u8) -> Option<Self> {
        let side = (modules * usize::from(percent) / 100).max(3);
        let side = if side.is_multiple_of(2) {
            side + 1
        } else {
            side
        };
        let start = (modules - side) / 2;
        (start >= 9).then_some(Self { start, side })
    }

    fn fits(self, symbol: &Symbol) -> bool {
        self.most_hidden(symbol) <= allowed(symbol.version(), symbol.level())
    }

    /// Codewords of which at least one module is hidden, in the block that has
    /// most of them.
    fn most_hidden(self, symbol: &Symbol) -> usize {
        let is_hidden = |&(x, y): &(u8, u8)| self.contains(x.into(), y.into());
        let blocks = codewords::block_of_each(symbol.version(), symbol.level());
        let mut hidden = vec![0; codewords::block_count(symbol.version(), symbol.level())];
        for (modules, block) in placement::modules(symbol.version()).iter().zip(blocks) {
            hidden[block] += usize::from(modules.iter().any(is_hidden));
        }
        hidden.into_iter().max().unwrap_or(0)
    }
}

/// Half of the codewords that a block can correct.
fn allowed(version: u8, level: Level) -> usize {
    codewords::correctable(version, level) / 2
}
