//! Named styles: the sections `[style.NAME]`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _};
use toml::Table;

use crate::drawing::StyleRequest;
pub use crate::drawing::Styles;

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
            let style = StyleRequest::of_section(&section, &|path| read_file(Path::new(path)));
            let style = style.map_err(wrong)?;
            Ok((name, style))
        })
        .collect()
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_LOGO_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, ConfigError, load};
    use crate::options::{HasOptions as _, Place, Range};

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
    fn the_example_in_the_configuration_file_has_every_option_of_a_style() {
        let file = include_str!("../../config/qrseal.toml");
        for row in StyleRequest::rows() {
            let facts = &row.facts;
            if !facts.stands_in(Place::Config) {
                continue;
            }
            let quote = match facts.range {
                Range::Whole { .. } | Range::Decimal { .. } => "",
                _ => "\"",
            };
            let value = format!("{} = {quote}{}{quote}", facts.name, facts.example);
            let line = format!("# {value:<26} {}", facts.summary());
            assert!(file.lines().any(|known| known == line), "missing: {line}");
        }
    }

    #[test]
    fn a_style_that_is_wrong_is_named() {
        for (section, told) in [
            ("[style.Brand]", "small letters"),
            (
                "[style.brand]\ncolour = \"#000000\"",
                "unknown key `colour`",
            ),
            (
                "[style.brand]\ndark = \"blue\"",
                "dark: must be a colour like #1a2b3c",
            ),
            (
                "[style.brand]\nscale = 65",
                "scale: must be a whole number from 1 to 64",
            ),
            ("[style.brand]\nscale = \"8\"", "scale: must be a number"),
            ("[style.brand]\nwidth_mm = 30", "unknown key `width_mm`"),
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
