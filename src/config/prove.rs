//! Named styles, tried before the first request that names one.

use super::Config;
use super::error::ConfigError;
use crate::qr::Level;

/// What a code of a style is tried with: about as much as the link of a small document.
const SAMPLE_DIGITS: usize = 200;

impl Config {
    /// Draws a code of about 200 digits in every named style and reads it back, so that a style that cannot work is
    /// found before the first request that names it. Tens of milliseconds a style.
    ///
    /// # Errors
    ///
    /// The first style that would not scan, and why.
    pub fn prove_styles(&self) -> Result<(), ConfigError> {
        let text = format!("{}{}", self.public_url(), "7".repeat(SAMPLE_DIGITS));
        for (name, looks) in &self.styles {
            let drawn = looks
                .clone()
                .or(&self.symbol.looks())
                .look(Level::Medium.into())
                .map_err(|error| error.to_string())
                .and_then(|look| look.draw(&text).map_err(|error| error.to_string()));
            drawn.map_err(|why| ConfigError::Value(format!("[style.{name}]: {why}")))?;
        }
        Ok(())
    }
}
