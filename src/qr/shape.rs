//! Shapes of modules and finder patterns.

use std::fmt;
use std::str::FromStr;

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

/// A word that names no shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the shape of {of} is {shapes}")]
pub struct ParseShapeError {
    of: &'static str,
    shapes: &'static str,
}

impl ModuleShape {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Square, Self::Rounded, Self::Dots];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Rounded => "rounded",
            Self::Dots => "dots",
        }
    }
}

impl FinderShape {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Square, Self::Rounded, Self::Circle];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Rounded => "rounded",
            Self::Circle => "circle",
        }
    }
}

impl FromStr for ModuleShape {
    type Err = ParseShapeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = ParseShapeError {
            of: "modules",
            shapes: "square, rounded or dots",
        };
        Self::ALL
            .into_iter()
            .find(|shape| shape.as_str() == text)
            .ok_or(error)
    }
}

impl FromStr for FinderShape {
    type Err = ParseShapeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = ParseShapeError {
            of: "finders",
            shapes: "square, rounded or circle",
        };
        Self::ALL
            .into_iter()
            .find(|shape| shape.as_str() == text)
            .ok_or(error)
    }
}

impl fmt::Display for ModuleShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for FinderShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
