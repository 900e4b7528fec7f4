//! Options of a symbol's looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::options::Given;
use crate::drawing::{LogoSource, PrintedSize, StyleRequest};
use crate::qr::{
    Caption, Colour, FinderShape, Light, LogoShare, ModuleShape, ModuleSize, QuietZone, Scale,
};

/// The names of all of them.
pub(super) const NAMES: [&str; 12] = [
    "ecl",
    "scale",
    "quiet_zone",
    "dark",
    "light",
    "module_shape",
    "finder_shape",
    "caption",
    "logo",
    "logo_share",
    "module_mm",
    "width_mm",
];

/// Wider than any picture of modules of 50 mm would be.
const MAX_WIDTH_MM: f64 = 10_000.0;

/// What was given so far.
#[derive(Debug, Clone)]
pub(super) struct GivenLooks {
    /// The options themselves.
    pub(super) looks: StyleRequest,
    /// JSON pointer of what holds them: nothing, or `/style`.
    pub(super) place: &'static str,
    /// Characters of the logo in base64.
    pub(super) logo_chars: usize,
    max_logo_bytes: usize,
}

impl GivenLooks {
    pub(super) fn new(max_logo_bytes: usize) -> Self {
        Self {
            looks: StyleRequest::default(),
            place: "",
            logo_chars: 0,
            max_logo_bytes,
        }
    }

    /// Sets one option; `None` if there is no option of that name.
    pub(super) fn set(
        &mut self,
        name: &str,
        given: Given<'_>,
    ) -> Result<Option<&'static str>, String> {
        let looks = &mut self.looks;
        let Some(name) = NAMES.into_iter().find(|known| *known == name) else {
            return Ok(None);
        };
        match name {
            "ecl" => {
                let ecl = given.text()?.parse();
                looks.ecl = Some(ecl.map_err(|_| "must be L, M, Q, H or auto")?);
            }
            "scale" => {
                let scale = Scale::try_from(given.number()?);
                looks.scale =
                    Some(scale.map_err(
                        |_| "must be a whole number from 1 to 64 (pixels a module side)",
                    )?);
            }
            "quiet_zone" => {
                let modules = QuietZone::try_from(given.number()?);
                looks.quiet_zone =
                    Some(modules.map_err(|_| "must be a whole number from 0 to 16 (modules)")?);
            }
            "dark" => {
                let colour: Result<Colour, _> = given.text()?.parse();
                looks.dark = Some(colour.map_err(|_| "must be a colour like #1a2b3c")?);
            }
            "light" => {
                let light: Result<Light, _> = given.text()?.parse();
                looks.light =
                    Some(light.map_err(|_| "must be a colour like #ffffff, or transparent")?);
            }
            "module_shape" => {
                let shape: Result<ModuleShape, _> = given.text()?.parse();
                looks.module_shape = Some(shape.map_err(|_| "must be square, rounded or dots")?);
            }
            "finder_shape" => {
                let shape: Result<FinderShape, _> = given.text()?.parse();
                looks.finder_shape = Some(shape.map_err(|_| "must be square, rounded or circle")?);
            }
            "caption" => {
                let caption: Result<Caption, _> = given.text()?.parse();
                looks.caption = Some(caption.map_err(|error| error.to_string())?);
            }
            "logo" => {
                let file = self.logo(given)?;
                self.looks.logo = Some(LogoSource::File(file));
            }
            "logo_share" => {
                let share = LogoShare::try_from(given.number()?);
                looks.logo_share = Some(share.map_err(
                    |_| "must be a whole number from 5 to 30 (percent of the symbol's width)",
                )?);
            }
            "module_mm" => {
                let size = ModuleSize::from_mm(given.decimal()?);
                let size = size.map_err(|_| "must be from 0.1 to 50 (millimetres)")?;
                looks.size = Some(one_size(looks.size, PrintedSize::Module(size))?);
            }
            _ => {
                let width = given.decimal()?;
                if !(1.0..=MAX_WIDTH_MM).contains(&width) {
                    return Err("must be from 1 to 10000 (millimetres)".to_owned());
                }
                looks.size = Some(one_size(looks.size, PrintedSize::WidthMm(width))?);
            }
        }
        Ok(Some(name))
    }

    pub(super) fn set_logo(&mut self, file: Vec<u8>) -> Result<(), String> {
        if file.len() > self.max_logo_bytes {
            return Err(format!(
                "must be a picture of at most {} bytes",
                self.max_logo_bytes
            ));
        }
        self.looks.logo = Some(LogoSource::File(file));
        Ok(())
    }

    /// The bytes of a logo. They are looked into where the symbol is drawn, not here.
    fn logo(&mut self, given: Given<'_>) -> Result<Vec<u8>, String> {
        let most = self.max_logo_bytes;
        if most == 0 {
            return Err("logos in requests are switched off here".to_owned());
        }
        let text = match given {
            Given::Text(_) => {
                return Err("must be in a JSON body: a picture is too long for here".to_owned());
            }
            given => given.text()?,
        };
        self.logo_chars = text.len();
        let too_large = || format!("must be a picture of at most {most} bytes");
        if text.len() / 4 > most / 3 + 1 {
            return Err(too_large());
        }
        let bytes = STANDARD
            .decode(text)
            .map_err(|_| "must be a PNG or JPEG picture in base64 (RFC 4648, section 4)")?;
        if bytes.len() > most {
            return Err(too_large());
        }
        Ok(bytes)
    }
}

fn one_size(before: Option<PrintedSize>, size: PrintedSize) -> Result<PrintedSize, String> {
    match before {
        // The same option twice is another fault, which is found later.
        Some(before) if std::mem::discriminant(&before) != std::mem::discriminant(&size) => {
            Err("give either module_mm or width_mm".to_owned())
        }
        _ => Ok(size),
    }
}
