//! Shapes of modules and finder patterns.

use crate::options::words;

/// How single modules look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ModuleShape {
    /// As the standard draws them.
    #[default]
    Square,
    /// Squares that flow together, their outer corners round.
    Rounded,
    /// A dot for each module.
    Dots,
}

/// How the three finder patterns look. They are always drawn as whole rings:
/// of finders made of separate dots hardly any scanner finds one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FinderShape {
    /// As the standard draws them.
    #[default]
    Square,
    /// Square rings with round corners.
    Rounded,
    /// Circles.
    Circle,
}

words!(ModuleShape {
    Square = "square",
    Rounded = "rounded",
    Dots = "dots",
});

words!(FinderShape {
    Square = "square",
    Rounded = "rounded",
    Circle = "circle",
});
