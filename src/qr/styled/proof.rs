//! Reading a picture back before it leaves.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma, RgbaImage};

use crate::qr::design::Design;
use crate::qr::find::has_finder;
use crate::qr::logo::Logo;
use crate::qr::read::{Look, lightest_dark, says, texts};
use crate::qr::unscannable::Unscannable;

/// Pixels a module of the reduced picture: what a phone sees of a symbol that
/// fills a third of its view.
const REDUCED_MODULE_PX: u32 = 3;
/// Standard deviation of the blur, in pixels of the reduced picture.
const BLUR_PX: f32 = 0.6;

/// Reads a picture at its own size, and reduced with a slight blur.
pub(super) fn read_back(
    picture: &RgbaImage,
    design: &Design,
    text: &str,
) -> Result<(), Unscannable> {
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
    Ok(())
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
    let length = |length: u32| {
        if scale > REDUCED_MODULE_PX {
            length * REDUCED_MODULE_PX / scale
        } else {
            length
        }
    };
    let small = imageops::resize(
        picture,
        length(picture.width()),
        length(picture.height()),
        FilterType::Triangle,
    );
    imageops::blur(&small, BLUR_PX)
}
