//! More than a plain style: shapes, a logo, a caption.

use super::caption::Caption;
use super::logo::Logo;
use super::shape::{FinderShape, ModuleShape};
use super::style::Style;
use super::symbol::Symbol;

/// How a symbol is drawn, with all that a plain [`Style`] does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Design {
    /// Sizes and colours.
    pub style: Style,
    /// Shape of single modules.
    pub modules: ModuleShape,
    /// Shape of the three finder patterns.
    pub finders: FinderShape,
    /// A picture in the middle.
    pub logo: Option<Logo>,
    /// A line of text below.
    pub caption: Option<Caption>,
}

impl Design {
    /// Whether a plain picture of the same style is all there is to draw.
    pub fn is_plain(&self) -> bool {
        !self.has_shapes() && self.logo.is_none() && self.caption.is_none()
    }

    /// Pixels of the picture of this symbol, quiet zone and caption included.
    pub fn pixels(&self, symbol: &Symbol) -> usize {
        let modules = self.style.modules(symbol);
        let caption = self.caption.as_ref();
        let rows = modules + caption.map_or(0, |caption| caption.layout(modules).height);
        let scale = usize::from(self.style.scale.px());
        modules * rows * scale * scale
    }

    pub(super) fn has_shapes(&self) -> bool {
        (self.modules, self.finders) != (ModuleShape::Square, FinderShape::Square)
    }
}

impl From<Style> for Design {
    fn from(style: Style) -> Self {
        Self {
            style,
            ..Self::default()
        }
    }
}
