//! Styled symbols in pixels.

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageEncoder as _, Luma, Rgba, RgbaImage};

use super::radii::{DOT_RADIUS, FinderRings};
use crate::qr::colour::Light;
use crate::qr::contrast::Colours;
use crate::qr::design::Design;
use crate::qr::hole::Hole;
use crate::qr::outline::RADIUS_TENTHS;
use crate::qr::png::{PictureTooLarge, side_px};
use crate::qr::shape::{FinderShape, ModuleShape};
use crate::qr::symbol::Symbol;

/// Points of a pixel's side at which a shape is looked at.
const SAMPLES: u32 = 4;
/// Modules of a finder's side.
const FINDER: usize = 7;

/// Draws everything.
pub(super) fn draw(
    symbol: &Symbol,
    design: &Design,
    hole: Option<Hole>,
) -> Result<RgbaImage, PictureTooLarge> {
    let modules = design.style.modules(symbol);
    let caption = design
        .caption
        .as_ref()
        .map(|caption| (caption, caption.layout(modules)));
    // A picture is at least as high as it is wide.
    let rows = modules + caption.map_or(0, |(_, layout)| layout.height);
    let height = side_px(rows, design.style.scale)?;
    let scale = u32::from(design.style.scale.px());
    let width = px(modules) * scale;

    let mut ink = GrayImage::new(width, height);
    let margin = px(design.style.quiet_zone.modules()) * scale;
    draw_modules(symbol, design, hole, margin, &mut ink);
    if design.finders != FinderShape::Square {
        draw_finders(symbol, design.finders, scale, margin, &mut ink);
    }
    if let Some((caption, layout)) = caption {
        let line = caption.ink(layout, scale);
        let left = i64::from(width.saturating_sub(line.width()) / 2);
        imageops::replace(&mut ink, &line, left, i64::from(width));
    }
    let mut picture = coloured(&ink, design.style.colours);
    if let (Some(logo), Some(hole)) = (&design.logo, hole) {
        draw_logo(logo.picture(), hole, scale, margin, &mut picture);
    }
    Ok(picture)
}

/// A PNG of it: without an alpha channel if nothing is transparent.
pub(super) fn png(picture: &RgbaImage, design: &Design) -> Vec<u8> {
    let picture = DynamicImage::from(picture.clone());
    let picture = match design.style.colours.light() {
        Light::Colour(_) => DynamicImage::from(picture.into_rgb8()),
        Light::Transparent => picture,
    };
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new_with_quality(
        &mut bytes,
        image::codecs::png::CompressionType::Default,
        image::codecs::png::FilterType::NoFilter,
    )
    .write_image(
        picture.as_bytes(),
        picture.width(),
        picture.height(),
        picture.color().into(),
    )
    .expect("memory takes any picture");
    bytes
}

fn draw_modules(
    symbol: &Symbol,
    design: &Design,
    hole: Option<Hole>,
    margin: u32,
    ink: &mut GrayImage,
) {
    let scale = u32::from(design.style.scale.px());
    let is_free = |x: usize, y: usize| hole.is_some_and(|hole| hole.contains(x, y));
    let dark = |x: usize, y: usize| symbol.is_dark(x, y) && !is_free(x, y);
    // A tile for each set of round corners: 1 upper left, 2 upper right,
    // 4 lower right, 8 lower left.
    let tiles: Vec<GrayImage> = (0..16_u32)
        .map(|corners| match design.modules {
            ModuleShape::Square => GrayImage::from_pixel(scale, scale, Luma([255])),
            ModuleShape::Rounded => shape(scale, 1.0, |x, y| is_in_rounded_module(x, y, corners)),
            ModuleShape::Dots => shape(scale, 1.0, |x, y| (x - 0.5).hypot(y - 0.5) <= DOT_RADIUS),
        })
        .collect();
    let square = GrayImage::from_pixel(scale, scale, Luma([255]));
    for y in 0..symbol.modules() {
        for x in (0..symbol.modules()).filter(|&x| dark(x, y)) {
            if design.finders != FinderShape::Square && symbol.is_finder(x, y) {
                continue;
            }
            let tile = if symbol.is_finder(x, y) || symbol.is_alignment(x, y) {
                &square
            } else {
                let [up, right, down, left] = [
                    dark(x, y.wrapping_sub(1)),
                    dark(x + 1, y),
                    dark(x, y + 1),
                    dark(x.wrapping_sub(1), y),
                ];
                let corners = [!up && !left, !up && !right, !down && !right, !down && !left];
                let index = corners
                    .iter()
                    .rev()
                    .fold(0, |index, &round| index * 2 + usize::from(round));
                &tiles[index]
            };
            imageops::replace(
                ink,
                tile,
                i64::from(margin + px(x) * scale),
                i64::from(margin + px(y) * scale),
            );
        }
    }
}

fn is_in_rounded_module(x: f64, y: f64, corners: u32) -> bool {
    let radius = tenths(RADIUS_TENTHS);
    let (left, top) = (x < 0.5, y < 0.5);
    let corner = match (left, top) {
        (true, true) => 1,
        (false, true) => 2,
        (false, false) => 4,
        (true, false) => 8,
    };
    if corners & corner == 0 {
        return true;
    }
    // Distance from the centre of the arc, towards the corner only.
    let beyond = |at: f64, low: bool| {
        if low {
            radius - at
        } else {
            at - (1.0 - radius)
        }
    };
    beyond(x, left).max(0.0).hypot(beyond(y, top).max(0.0)) <= radius
}

fn draw_finders(
    symbol: &Symbol,
    finders: FinderShape,
    scale: u32,
    margin: u32,
    ink: &mut GrayImage,
) {
    let rings = FinderRings::of(finders);
    let tile = shape(scale * px(FINDER), 7.0, |x, y| {
        let inside = |side: f64, radius: f64| {
            // A square with round corners around the middle of the finder.
            let beyond = |at: f64| ((at - 3.5).abs() - (side / 2.0 - radius)).max(0.0);
            beyond(x).hypot(beyond(y)) <= radius
        };
        inside(7.0, rings.outer) && !inside(5.0, rings.inner) || inside(3.0, rings.core)
    });
    let far = symbol.modules() - FINDER;
    for (x, y) in [(0, 0), (far, 0), (0, far)] {
        imageops::replace(
            ink,
            &tile,
            i64::from(margin + px(x) * scale),
            i64::from(margin + px(y) * scale),
        );
    }
}

/// The ink of a shape on a square of that many pixels and modules a side.
fn shape(side: u32, modules: f64, is_inside: impl Fn(f64, f64) -> bool) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32, sample: u32| {
            (f64::from(pixel) + (f64::from(sample) + 0.5) / f64::from(SAMPLES)) * modules
                / f64::from(side)
        };
        let inside = (0..SAMPLES * SAMPLES)
            .filter(|sample| is_inside(at(x, sample % SAMPLES), at(y, sample / SAMPLES)))
            .fold(0_u32, |count, _| count + 1);
        Luma([u8::try_from(inside * 255 / (SAMPLES * SAMPLES)).expect("it is a share of 255")])
    })
}

fn coloured(ink: &GrayImage, colours: Colours) -> RgbaImage {
    let dark = colours.dark().to_rgb();
    let mix: Vec<Rgba<u8>> = (0..=u8::MAX)
        .map(|share| match colours.light() {
            Light::Colour(light) => {
                let [red, green, blue] = std::array::from_fn(|channel| {
                    blend(dark[channel], light.to_rgb()[channel], share)
                });
                Rgba([red, green, blue, 255])
            }
            // White where nothing is, for readers that do not know of transparency.
            Light::Transparent if share == 0 => Rgba([255, 255, 255, 0]),
            Light::Transparent => Rgba([dark[0], dark[1], dark[2], share]),
        })
        .collect();
    RgbaImage::from_fn(ink.width(), ink.height(), |x, y| {
        mix[usize::from(ink.get_pixel(x, y).0[0])]
    })
}

fn blend(dark: u8, light: u8, share: u8) -> u8 {
    let [dark, light, share] = [dark, light, share].map(u32::from);
    u8::try_from((dark * share + light * (255 - share) + 127) / 255)
        .expect("a mean of bytes is a byte")
}

/// Fits the logo into the hole, half a module away from its border.
fn draw_logo(logo: &RgbaImage, hole: Hole, scale: u32, margin: u32, picture: &mut RgbaImage) {
    let room = (px(hole.side) - 1) * scale;
    let longer = logo.width().max(logo.height());
    let fit = |length: u32| (length * room / longer).max(1);
    let fitted = imageops::resize(
        logo,
        fit(logo.width()),
        fit(logo.height()),
        FilterType::CatmullRom,
    );
    let middle = margin * 2 + px(hole.start * 2 + hole.side) * scale;
    let place = |length: u32| i64::from((middle - length) / 2);
    imageops::overlay(
        picture,
        &fitted,
        place(fitted.width()),
        place(fitted.height()),
    );
}

/// Modules are few.
fn px(modules: usize) -> u32 {
    u32::try_from(modules).expect("a picture has at most a few hundred modules a side")
}

fn tenths(number: usize) -> f64 {
    f64::from(px(number)) / 10.0
}
