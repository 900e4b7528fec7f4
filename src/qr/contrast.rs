//! Dark and light together.

use super::colour::{Colour, Light};
use super::unscannable::{LEAST_CONTRAST, Unscannable};

/// Two colours that a scanner can tell apart: dark modules on light ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colours {
    dark: Colour,
    light: Light,
}

impl Colours {
    /// The least contrast ratio that is accepted, as WCAG 2.2 defines it (1 is
    /// none, 21 is black on white).
    ///
    /// At 3 the dark colour reflects less than a third of what the light one
    /// does. Scanners threshold a grey picture locally, so that this leaves
    /// room for shadows and cheap print; below it, phones begin to fail.
    pub const LEAST_CONTRAST: f64 = LEAST_CONTRAST;

    /// Pairs a dark with a light colour. Transparent counts as white: what it
    /// is put on is not known here.
    ///
    /// # Errors
    ///
    /// [`Unscannable::Inverted`] if the dark colour is not the darker one,
    /// [`Unscannable::Contrast`] below [`Self::LEAST_CONTRAST`].
    pub fn new(dark: Colour, light: Light) -> Result<Self, Unscannable> {
        let behind = match light {
            Light::Colour(colour) => colour,
            Light::Transparent => Colour::WHITE,
        };
        let (low, high) = (dark.luminance() + 0.05, behind.luminance() + 0.05);
        if low > high {
            return Err(Unscannable::Inverted {
                dark,
                light: behind,
            });
        }
        let ratio = high / low;
        if ratio < Self::LEAST_CONTRAST {
            return Err(Unscannable::Contrast { ratio });
        }
        Ok(Self { dark, light })
    }

    /// The contrast ratio, as WCAG 2.2 defines it: 3 to 21.
    pub fn contrast(self) -> f64 {
        let behind = match self.light {
            Light::Colour(colour) => colour,
            Light::Transparent => Colour::WHITE,
        };
        (behind.luminance() + 0.05) / (self.dark.luminance() + 0.05)
    }

    /// The colour of dark modules.
    pub fn dark(self) -> Colour {
        self.dark
    }

    /// The colour of light modules and the quiet zone.
    pub fn light(self) -> Light {
        self.light
    }
}

/// Black on white.
impl Default for Colours {
    fn default() -> Self {
        Self {
            dark: Colour::BLACK,
            light: Light::Colour(Colour::WHITE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let ratio =
            |dark: &str| match Colours::new(dark.parse().unwrap(), Light::Colour(Colour::WHITE)) {
                Err(Unscannable::Contrast { ratio }) => ratio,
                other => panic!("{other:?}"),
            };
        // Published values for text on white.
        assert!((ratio("#ffffff") - 1.0).abs() < 1e-9);
        assert!((ratio("#999999") - 2.849).abs() < 0.001);
        assert!((ratio("#00ff00") - 1.372).abs() < 0.001);
    }

    #[test]
    fn light_on_dark_and_low_contrast_are_refused_and_dark_on_light_is_not() {
        let new =
            |dark: &str, light: &str| Colours::new(dark.parse().unwrap(), light.parse().unwrap());
        assert!(new("#000000", "#ffffff").is_ok());
        assert!(new("#c00000", "transparent").is_ok());
        assert!(matches!(
            new("#ffffff", "#000000"),
            Err(Unscannable::Inverted { .. })
        ));
        assert!(matches!(
            new("#ffff00", "transparent"),
            Err(Unscannable::Contrast { .. })
        ));
        let message = new("#959595", "#ffffff").unwrap_err().to_string();
        assert!(
            message.contains("is 2.99,") && message.contains("need 3.0"),
            "{message}"
        );
    }
}
