//! A code that was seen in a picture.

/// A code in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// What it says.
    pub text: String,
    /// What it holds, where that is not UTF-8: `text` is then the likeliest reading of it.
    pub bytes: Option<Vec<u8>>,
    /// Its corners in pixels of the picture, clockwise from the top left as the code lies.
    pub corners: Vec<(f64, f64)>,
}
