//! The options of a symbol's looks, a row each: requests, commands and the configuration's styles take them alike.

use super::{LogoSource, PrintedSize, StyleRequest};
use crate::options::Place::{self, Command, Config, Envelope, Form, Query};
use crate::options::{HasOptions, OptionRow, Range, put, row};
use crate::qr::{
    Caption, Colour, FinderShape, LevelChoice, Light, LogoShare, ModuleShape, ModuleSize,
    QuietZone, Scale,
};

const ANYWHERE: &[Place] = &[Query, Envelope, Form, Config, Command];
/// Its name is its section's in the configuration.
const NOT_IN_A_STYLE: &[Place] = &[Query, Envelope, Form, Command];
/// A file is too long for a URL.
const FILES: &[Place] = &[Envelope, Form, Config, Command];

/// How the name of a style is written.
const STYLE_NAME: Range = Range::Text {
    form: "1 to 32 small letters, digits, - and _, a letter first",
    pattern: "^[a-z][a-z0-9_-]{0,31}$",
    chars: None,
};

#[rustfmt::skip]
static ROWS: [OptionRow<StyleRequest>; 13] = [
    row("style", NOT_IN_A_STYLE, STYLE_NAME, "brand",
        "Name of a style that the server's operator configured. What is given beside it comes first.",
        |style, given| put(&mut style.named, given.text().map(str::to_owned))),
    row("ecl", ANYWHERE, LevelChoice::RANGE, "M",
        "Error correction level. About 7 % (`L`), 15 % (`M`), 25 % (`Q`) or 30 % (`H`) of the codewords may be damaged. \
         `auto`: as high as a logo needs, and the highest that needs no larger symbol than that; plain codes and codes with a \
         logo have it unless told otherwise.",
        |style, given| put(&mut style.ecl, given.parsed())),
    row("scale", ANYWHERE, Scale::RANGE, "8",
        "Pixels a module side. 4 or more with shapes; a picture has at most 4,096 pixels a side. Not given: what the server's \
         operator configured, 8 as a rule.",
        |style, given| put(&mut style.scale, given.whole())),
    row("quiet_zone", ANYWHERE, QuietZone::RANGE, "4",
        "Light modules around the symbol. The standard asks for 4, and shapes, logos and captions take them. Not given: what \
         the server's operator configured, 4 as a rule.",
        |style, given| put(&mut style.quiet_zone, given.whole())),
    row("dark", ANYWHERE, Colour::RANGE, "#1a2b3c",
        "Colour of dark modules. It has to stand out from the light ones by a contrast of 3, and be the darker of the two. \
         Not given: black.",
        |style, given| put(&mut style.dark, given.parsed())),
    row("light", ANYWHERE, Light::RANGE, "#ffffff",
        "Colour of light modules and quiet zone. Not given: white.",
        |style, given| put(&mut style.light, given.parsed())),
    row("module_shape", ANYWHERE, ModuleShape::RANGE, "rounded",
        "Shape of single modules. Shapes other than squares need a quiet zone of 4, a scale of 4 and a version of at most 25. \
         Not given: `square`.",
        |style, given| put(&mut style.module_shape, given.parsed())),
    row("finder_shape", ANYWHERE, FinderShape::RANGE, "circle",
        "Shape of the three finder patterns, which are always drawn as whole rings. Not given: `square`.",
        |style, given| put(&mut style.finder_shape, given.parsed())),
    row("caption", ANYWHERE, Caption::RANGE, "Table 12",
        "A line below the symbol.",
        |style, given| put(&mut style.caption, given.parsed())),
    row("logo", FILES, Range::Picture, "brand.png",
        "A PNG or JPEG picture for the middle. In JSON it is in base64 (RFC 4648, section 4). At most 4,096 pixels a side and 4 million in all; only its pixels are kept.",
        |style, given| put(&mut style.logo, given.file().map(LogoSource::File))),
    row("logo_share", ANYWHERE, LogoShare::RANGE, "20",
        "Width of the place for a logo, in percent of the symbol's. It may hide half of what the error correction level can \
         correct. Not given: 20.",
        |style, given| put(&mut style.logo_share, given.whole())),
    row("module_mm", ANYWHERE, ModuleSize::RANGE, "0.5",
        "Width of a module in print, in millimetres. SVG and PDF get their size in mm, PNG its resolution; a PDF for which none is given has 0.5 mm. Not together with `width_mm`.",
        |style, given| {
            let size = ModuleSize::from_mm(given.decimal()?).map_err(|error| error.to_string())?;
            set_size(style, PrintedSize::Module(size))
        }),
    row("width_mm", NOT_IN_A_STYLE, PrintedSize::WIDTH, "30",
        "Width of the picture in print with its quiet zone, in millimetres. A module has to come out at 0.1 to 50 mm. Not \
         together with `module_mm`.",
        |style, given| {
            let width = PrintedSize::WIDTH.decimal(given.decimal()?).map_err(|error| error.to_string())?;
            set_size(style, PrintedSize::WidthMm(width))
        }),
];

impl HasOptions for StyleRequest {
    fn rows() -> &'static [OptionRow<Self>] {
        &ROWS
    }
}

fn set_size(style: &mut StyleRequest, size: PrintedSize) -> Result<(), String> {
    match style.size {
        // The same option twice is another fault, which is found elsewhere.
        Some(before) if std::mem::discriminant(&before) != std::mem::discriminant(&size) => {
            Err("give either module_mm or width_mm".to_owned())
        }
        _ => put(&mut style.size, Ok(size)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Given;

    #[test]
    fn a_picture_has_one_size_in_print() {
        let mut style = StyleRequest::default();
        let mut set =
            |name, text| (StyleRequest::row(name).unwrap().set)(&mut style, Given::Text(text));
        assert_eq!(set("width_mm", "30"), Ok(()));
        assert!(set("module_mm", "0.5").is_err());
        assert!(set("width_mm", "0.9").is_err());
    }
}
