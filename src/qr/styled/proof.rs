//! Reading a picture back before it leaves.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma, RgbaImage};

use crate::qr::design::Design;
use crate::qr::find::has_finder;
use crate::qr::logo::Logo;
use crate::qr::read::{Look, lightest_dark, says, texts};
use crate::qr::seam;
use crate::qr::unscannable::Unscannable;

/// Pixels a module of the reduced picture: what a phone sees of a symbol that
/// fills a third of its view.
const REDUCED_MODULE_PX: u32 = 3;
/// Standard deviation of the blur, in pixels of the reduced picture.
const BLUR_PX: f32 = 0.6;

/// Pixels a module of the tilted picture, where it is nearest.
const TILTED_MODULE_PX: u32 = 4;
/// Standard deviation of its blur, in pixels: three tenths of a module.
const TILTED_BLUR_PX: f32 = 1.2;

/// Reads a picture at its own size, and reduced with a slight blur; and says whether it is read from aside in poor light, too.
pub(super) fn read_back(
    picture: &RgbaImage,
    design: &Design,
    text: &str,
) -> Result<bool, Unscannable> {
    let grey = grey_on_white(picture);
    let small = reduced(&grey, design.style.scale.px().into());
    for (picture, reduced) in [(&grey, false), (&small, true)] {
        // Only a logo can bring another text into the picture.
        let is_read = match design.logo {
            Some(_) => is_only(picture, text)?,
            None => is_read(picture, text),
        };
        if !is_read {
            return Err(Unscannable::NotReadBack { reduced });
        }
    }
    let tilted = tilted(&grey, design.style.scale.px().into());
    let codes = seam::caught(|| seam::codes(&tilted));
    match codes.iter().all(|code| code.text == text) {
        true => Ok(!codes.is_empty()),
        false => Err(Unscannable::AnotherText),
    }
}

/// Refuses a logo with the marks by which scanners find a symbol, dark or light: they would find it before the symbol, or
/// the symbol with it.
pub(super) fn no_finder_in(logo: &Logo) -> Result<(), Unscannable> {
    let mut grey = grey_on_white(logo.picture());
    for _ in 0..2 {
        if has_finder(&grey, lightest_dark(grey.as_raw())) {
            return Err(Unscannable::LogoLikeCode);
        }
        imageops::invert(&mut grey);
    }
    Ok(())
}

/// Brightness (ITU-R BT.709) on white paper.
fn grey_on_white(picture: &RgbaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let grey = (2126 * red + 7152 * green + 722 * blue) / 10_000;
        let mixed = (grey * alpha + 255 * (255 - alpha)) / 255;
        Luma([u8::try_from(mixed).expect("a mean of two bytes is a byte")])
    })
}

/// Drawn pictures lie flat and have even light, so that what sees round finders
/// and asks least comes first.
const LOOKS: [Look; 3] = [Look::Middles, Look::Global, Look::Local];

fn is_read(picture: &GrayImage, text: &str) -> bool {
    LOOKS.into_iter().any(|look| says(picture, look, text))
}

/// Whether any look finds the text; none may find another.
fn is_only(picture: &GrayImage, text: &str) -> Result<bool, Unscannable> {
    let found: Vec<String> = LOOKS
        .into_iter()
        .flat_map(|look| texts(picture, look))
        .collect();
    match found.iter().all(|found| found == text) {
        true => Ok(!found.is_empty()),
        false => Err(Unscannable::AnotherText),
    }
}

fn reduced(picture: &GrayImage, scale: u32) -> GrayImage {
    imageops::blur(&at_scale(picture, scale, REDUCED_MODULE_PX), BLUR_PX)
}

/// The picture with so many pixels a module, or as it is if it has fewer.
fn at_scale(picture: &GrayImage, scale: u32, module_px: u32) -> GrayImage {
    if scale <= module_px {
        return picture.clone();
    }
    let [width, height] = [picture.width(), picture.height()].map(|side| side * module_px / scale);
    imageops::resize(picture, width, height, FilterType::Triangle)
}

/// The picture as somebody sees it who stands aside in poor light: its far edge is a fifth shorter, everything is blurred and
/// half as bright.
fn tilted(picture: &GrayImage, scale: u32) -> GrayImage {
    let flat = at_scale(picture, scale, TILTED_MODULE_PX);
    let [across, down] = [flat.width(), flat.height()].map(|side| i64::from(side.max(2)) - 1);
    let pixel = |x: i64, y: i64| match (u32::try_from(x), u32::try_from(y)) {
        (Ok(x), Ok(y)) => flat.get_pixel_checked(x, y).map_or(255, |pixel| pixel.0[0]),
        _ => 255,
    };
    let seen = GrayImage::from_fn(flat.width(), flat.height(), |x, y| {
        // A line that is `far` lines from the near edge is `distance` away, in parts of five times the height: at the far edge
        // a quarter more than at the near one. Places in the picture are in parts of 256 of a pixel.
        let far = down - i64::from(y);
        let distance = 5 * down - far;
        let at_y = 256 * down * 5 * (down - far) / distance;
        let at_x = 128 * across + (256 * i64::from(x) - 128 * across) * 5 * down / distance;
        let ([left, top], [right, below]) = (
            [at_x, at_y].map(|at| at.div_euclid(256)),
            [at_x, at_y].map(|at| at.rem_euclid(256)),
        );
        let line =
            |y| i64::from(pixel(left, y)) * (256 - right) + i64::from(pixel(left + 1, y)) * right;
        let grey = (line(top) * (256 - below) + line(top + 1) * below) / (256 * 256);
        Luma([u8::try_from(grey / 2).expect("a mean of bytes is a byte")])
    });
    imageops::blur(&seen, TILTED_BLUR_PX)
}
