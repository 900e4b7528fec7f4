//! Reading a picture back before it leaves.

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, RgbaImage};

use crate::qr::design::Design;
use crate::qr::read::{Look, on_white, read_symbols};
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
    let grey = on_white(&DynamicImage::from(picture.clone()).into_luma_alpha8());
    if !is_read(&grey, text) {
        return Err(Unscannable::NotReadBack { reduced: false });
    }
    if !is_read(&reduced(&grey, design.style.scale.px().into()), text) {
        return Err(Unscannable::NotReadBack { reduced: true });
    }
    Ok(())
}

fn is_read(picture: &GrayImage, text: &str) -> bool {
    Look::ALL
        .into_iter()
        .any(|look| read_symbols(picture, look).as_deref() == Ok(text))
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
