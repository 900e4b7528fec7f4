//! Named styles: the sections `[style.NAME]`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use toml::Table;

use super::Config;
use super::load::ConfigError;
use crate::drawing::{LogoSource, PrintedSize, StyleRequest};
use crate::qr::{Level, Logo, LogoShare, ModuleSize, QuietZone, Scale};

/// The styles by their names.
pub type Styles = BTreeMap<String, StyleRequest>;

/// The keys of one style; each may be left out.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStyle {
    ecl: Option<String>,
    scale: Option<u64>,
    quiet_zone: Option<u64>,
    dark: Option<String>,
    light: Option<String>,
    module_shape: Option<String>,
    finder_shape: Option<String>,
    caption: Option<String>,
    logo: Option<String>,
    logo_share: Option<u64>,
    module_mm: Option<f64>,
}

/// What a code of a style is tried with: about as much as the link of a small document.
const SAMPLE_DIGITS: usize = 200;
/// A logo file larger than this is not read.
const MAX_LOGO_BYTES: u64 = 1 << 20;

/// Whether this can be the name of a style: 1 to 32 small letters, digits, `-` and `_`, a letter first.
fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

/// The styles of the sections. Logos are read and decoded.
pub(super) fn read<'de, D: Deserializer<'de>>(sections: D) -> Result<Styles, D::Error> {
    BTreeMap::<String, Table>::deserialize(sections)?
        .into_iter()
        .map(|(name, section)| {
            if !is_name(&name) {
                return Err(D::Error::custom(format!(
                    "[style.{name}]: a style's name is 1 to 32 small letters, digits, - and _, a letter first"
                )));
            }
            let wrong = |why: String| D::Error::custom(format!("[style.{name}]: {why}"));
            let read: FileStyle = section
                .try_into()
                .map_err(|error: toml::de::Error| wrong(error.message().to_owned()))?;
            let looks = read.parse().map_err(wrong)?;
            Ok((name, looks))
        })
        .collect()
}

impl FileStyle {
    fn parse(self) -> Result<StyleRequest, String> {
        let logo_share = number("logo_share", self.logo_share, LogoShare::try_from)?;
        let logo = match self.logo {
            Some(path) => Some(LogoSource::Decoded(
                read_logo(Path::new(&path), logo_share.unwrap_or_default())
                    .map_err(|why| format!("logo: {path}: {why}"))?,
            )),
            None => None,
        };
        Ok(StyleRequest {
            ecl: word("ecl", self.ecl)?,
            scale: number("scale", self.scale, Scale::try_from)?,
            quiet_zone: number("quiet_zone", self.quiet_zone, QuietZone::try_from)?,
            dark: word("dark", self.dark)?,
            light: word("light", self.light)?,
            module_shape: word("module_shape", self.module_shape)?,
            finder_shape: word("finder_shape", self.finder_shape)?,
            caption: word("caption", self.caption)?,
            logo,
            logo_share,
            size: number("module_mm", self.module_mm, ModuleSize::from_mm)?
                .map(PrintedSize::Module),
        })
    }
}

fn word<T: FromStr<Err: std::fmt::Display>>(
    key: &str,
    text: Option<String>,
) -> Result<Option<T>, String> {
    text.map(|text| text.parse().map_err(|error| format!("{key}: {error}")))
        .transpose()
}

fn number<N, T, E: std::fmt::Display>(
    key: &str,
    number: Option<N>,
    parse: impl Fn(N) -> Result<T, E>,
) -> Result<Option<T>, String> {
    number
        .map(|number| parse(number).map_err(|error| format!("{key}: {error}")))
        .transpose()
}

fn read_logo(path: &Path, share: LogoShare) -> Result<Logo, String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_LOGO_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Logo::decode(&bytes, share).map_err(|error| error.to_string())
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    fn configured(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let logo = folder.path().join("logo.png");
        image::RgbImage::from_pixel(20, 20, image::Rgb([200, 0, 0]))
            .save(&logo)
            .expect("a picture is written");
        let file = folder.path().join("qrseal.toml");
        let text = text.replace("LOGO", logo.to_str().expect("a path in ASCII"));
        std::fs::write(&file, text).expect("writable");
        load(Some(&file), [])
    }

    #[test]
    fn styles_have_names_and_only_the_keys_that_they_need() {
        let config = configured(
            "[style.brand]\ndark = \"#123c7a\"\nmodule_shape = \"rounded\"\nlogo = \"LOGO\"\nlogo_share = 15\n\
             [style.label]\nmodule_mm = 1\necl = \"auto\"\n[style.empty]\n",
        )
        .expect("valid styles");
        let names: Vec<_> = config.styles.keys().map(String::as_str).collect();
        assert_eq!(names, ["brand", "empty", "label"]);
        assert!(config.styles["brand"].logo.is_some());
        assert!(config.styles["label"].size.is_some());
        config.prove_styles().expect("all of them scan");
    }

    #[test]
    fn a_style_that_is_wrong_is_named() {
        for (section, told) in [
            ("[style.Brand]", "small letters"),
            (
                "[style.brand]\ncolour = \"#000000\"",
                "unknown field `colour`",
            ),
            (
                "[style.brand]\ndark = \"blue\"",
                "dark: a colour is written #rrggbb",
            ),
            ("[style.brand]\nscale = 65", "scale: scale is"),
            ("[style.brand]\nscale = \"8\"", "expected u64"),
            (
                "[style.brand]\nmodule_shape = \"stars\"",
                "square, rounded or dots",
            ),
            ("[style.brand]\ncaption = \"日本\"", "caption: "),
            ("[style.brand]\nlogo = \"LOGO.none\"", "logo: "),
            (
                "[style.brand]\nlogo = \"/dev/null\"",
                "neither a PNG nor a JPEG",
            ),
            ("[style.brand]\nlogo_share = 50", "logo_share: "),
            ("[style]\nbrand = 1", "[style.brand]"),
        ] {
            let error = configured(section).expect_err(section).to_string();
            assert!(
                error.contains("brand") || error.contains("Brand"),
                "{section}: {error}"
            );
            assert!(error.contains(told), "{section}: {error}");
        }
    }

    #[test]
    fn a_style_that_would_not_scan_is_found_at_the_start() {
        for (keys, told) in [
            ("dark = \"#dddddd\"", "contrast"),
            ("module_shape = \"dots\"\nscale = 2", "scale"),
            ("logo = \"LOGO\"\nlogo_share = 30\necl = \"L\"", "logo"),
        ] {
            let config = configured(&format!("[style.brand]\n{keys}")).expect("valid values");
            let error = config.prove_styles().expect_err(keys).to_string();
            assert!(
                error.starts_with("[style.brand]: ") && error.contains(told),
                "{error}"
            );
        }
    }
}
