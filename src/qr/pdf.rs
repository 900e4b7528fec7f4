//! PDF: a symbol in vectors, for a page of its own or a place on a larger one (ISO 32000).
//!
//! Belongs here: what is drawn of one symbol. Does not belong here: sheets, and text that is not a caption of the symbol.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::LineCapStyle;
use pdf_writer::{Chunk, Content, Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};

use super::caption::Curve;
use super::colour::{Colour, Light};
use super::design::Design;
use super::drawn::{DrawnModules, count};
use super::geometry::Row;
use super::hole::Hole;
use super::logo::Logo;
use super::outline::{Corner, Corners, RADIUS_TENTHS, borders};
use super::shape::{FinderShape, ModuleShape};
use super::style::{ModuleSize, Style};
use super::styled::{DOT_RADIUS, FinderRings};
use super::symbol::Symbol;

/// Points of a millimetre: PDF counts 72 to the inch.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// The name of the picture in the middle, among the resources of the page.
pub const LOGO: Name<'static> = Name(b"Logo");
/// How far the control points of a cubic curve are from the ends of a quarter of a circle, in radii.
const QUARTER: f64 = 0.552_284_75;

/// A symbol as a page has it: one unit a module, the first row on top.
#[derive(Clone, Debug)]
pub struct Vectors {
    content: Vec<u8>,
    /// Modules of the width, with the quiet zone.
    width: usize,
    /// Modules of the height, with quiet zone and caption.
    height: usize,
    logo: Option<Logo>,
}

impl Vectors {
    /// A plain symbol.
    pub fn plain(symbol: &Symbol, style: &Style) -> Self {
        Self::of(symbol, &Design::from(*style), None)
    }

    pub(super) fn of(symbol: &Symbol, design: &Design, hole: Option<Hole>) -> Self {
        let margin = design.style.quiet_zone.modules();
        let width = design.style.modules(symbol);
        let caption = design
            .caption
            .as_ref()
            .map(|caption| (caption, caption.layout(width)));
        let height = width + caption.map_or(0, |(_, layout)| layout.height);
        let mut ink = Ink(Content::new());
        if let Light::Colour(light) = design.style.colours.light() {
            ink.fill_with(light);
            ink.0
                .rect(0.0, 0.0, single(count(width)), single(count(height)));
            ink.0.fill_nonzero();
        }
        ink.fill_with(design.style.colours.dark());
        ink.modules(symbol, design, hole);
        if design.finders != FinderShape::Square {
            ink.finders(symbol, design.finders, margin);
        }
        if let Some((caption, layout)) = caption {
            let mut at = (0.0, 0.0);
            caption.curves(layout, width, |curve| ink.curve(&mut at, curve));
            ink.0.fill_nonzero();
        }
        let logo = match (&design.logo, hole) {
            (Some(logo), Some(hole)) => {
                ink.logo(logo, margin, hole);
                Some(logo.clone())
            }
            _ => None,
        };
        Self {
            content: ink.0.finish().into_vec(),
            width,
            height,
            logo,
        }
    }

    /// What draws it, in modules from the upper left corner; y grows downwards.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// Modules of width and height, all included.
    pub fn modules(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The picture that `content` shows as [`LOGO`].
    pub fn logo(&self) -> Option<&Logo> {
        self.logo.as_ref()
    }

    /// A page as large as the symbol. `title` is what stands on the window of a viewer.
    pub fn page(&self, size: Option<ModuleSize>, title: &str) -> Vec<u8> {
        let module = size.unwrap_or(ModuleSize::PAGE).mm() * POINTS_PER_MM;
        let (width, height) = (module * count(self.width), module * count(self.height));
        let mut content = Content::new();
        let scale = single(module);
        content.transform([scale, 0.0, 0.0, -scale, 0.0, single(height)]);
        let content = [content.finish().as_slice(), b"\n", &self.content].concat();

        let mut pdf = Pdf::new();
        let [catalog, pages, page, stream, info, picture, mask] =
            [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
        let mut root = pdf.catalog(catalog);
        root.pages(pages);
        let mut viewer = root.viewer_preferences();
        // Otherwise printers make it fit the paper, and no module is as large as it is to be.
        viewer.pair(Name(b"PrintScaling"), Name(b"None"));
        viewer.display_doc_title(true);
        viewer.finish();
        root.finish();
        pdf.pages(pages).kids([page]).count(1);
        let mut of_page = pdf.page(page);
        of_page.parent(pages);
        of_page.media_box(Rect::new(0.0, 0.0, single(width), single(height)));
        of_page.contents(stream);
        let mut resources = of_page.resources();
        if self.logo.is_some() {
            resources.x_objects().pair(LOGO, picture);
        }
        resources.finish();
        of_page.finish();
        let content = deflated(&content);
        pdf.stream(stream, &content).filter(Filter::FlateDecode);
        pdf.document_info(info).title(TextStr(title));
        if let Some(logo) = &self.logo {
            let objects = LogoObjects::of(logo);
            objects.write_colours(&mut pdf, picture, mask);
            objects.write_alpha(&mut pdf, mask);
        }
        pdf.finish()
    }
}

/// The bytes in a stream of PDF's `FlateDecode`.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

/// The pixels of a logo as PDF has them: colours, and what is seen through.
#[derive(Debug)]
pub struct LogoObjects {
    width: i32,
    height: i32,
    colours: Vec<u8>,
    alpha: Vec<u8>,
}

impl LogoObjects {
    /// The pixels of a logo.
    pub fn of(logo: &Logo) -> Self {
        let picture = logo.picture();
        let pixels = || picture.pixels().map(|pixel| pixel.0);
        let colours: Vec<u8> = pixels()
            .flat_map(|[red, green, blue, _]| [red, green, blue])
            .collect();
        let alpha: Vec<u8> = pixels().map(|[_, _, _, alpha]| alpha).collect();
        let side = |pixels: u32| i32::try_from(pixels).expect("a logo has at most 512 a side");
        Self {
            width: side(picture.width()),
            height: side(picture.height()),
            colours: deflated(&colours),
            alpha: deflated(&alpha),
        }
    }

    /// Writes the colours, which are seen as `mask` has it.
    pub fn write_colours(&self, into: &mut Chunk, picture: Ref, mask: Ref) {
        let mut colours = into.image_xobject(picture, &self.colours);
        colours.filter(Filter::FlateDecode);
        colours.width(self.width).height(self.height);
        colours.color_space().device_rgb();
        colours.bits_per_component(8).s_mask(mask);
    }

    /// Writes how much each pixel hides.
    pub fn write_alpha(&self, into: &mut Chunk, mask: Ref) {
        let mut alpha = into.image_xobject(mask, &self.alpha);
        alpha.filter(Filter::FlateDecode);
        alpha.width(self.width).height(self.height);
        alpha.color_space().device_gray();
        alpha.bits_per_component(8);
    }
}

struct Ink(Content);

impl Ink {
    fn fill_with(&mut self, colour: Colour) {
        let [red, green, blue] = colour.to_rgb().map(|part| f32::from(part) / 255.0);
        self.0.set_fill_rgb(red, green, blue);
        self.0.set_stroke_rgb(red, green, blue);
    }

    fn modules(&mut self, symbol: &Symbol, design: &Design, hole: Option<Hole>) {
        let margin = design.style.quiet_zone.modules();
        let drawn = DrawnModules {
            symbol,
            design,
            hole,
        };
        let is_there = |x: usize, y: usize| drawn.is_there(x, y);
        let is_square = |x: usize, y: usize| drawn.is_square(x, y);
        match design.modules {
            ModuleShape::Square if hole.is_none() && design.finders == FinderShape::Square => {
                self.areas(&symbol.rows().collect::<Vec<_>>(), margin, Corners::Sharp);
            }
            ModuleShape::Square => self.areas(&drawn.rows(&is_there), margin, Corners::Sharp),
            ModuleShape::Rounded => {
                let round = |x, y| !is_square(x, y);
                self.areas(&drawn.rows(&is_there), margin, Corners::Round(&round));
            }
            ModuleShape::Dots => {
                let squares = drawn.rows(&|x, y| is_there(x, y) && is_square(x, y));
                self.areas(&squares, margin, Corners::Sharp);
                // Lines of no length with round ends.
                self.0.set_line_cap(LineCapStyle::RoundCap);
                self.0.set_line_width(single(2.0 * DOT_RADIUS));
                let dots = drawn.rows(&|x, y| is_there(x, y) && !is_square(x, y));
                for (y, row) in dots.iter().enumerate() {
                    for x in (0..symbol.modules()).filter(|x| row[x / 64] >> (x % 64) & 1 == 1) {
                        let (x, y) = (count(x + margin) + 0.5, count(y + margin) + 0.5);
                        self.move_to((x, y));
                        self.line_to((x, y));
                    }
                }
                self.0.stroke();
            }
        }
    }

    fn areas(&mut self, rows: &[Row], margin: usize, corners: Corners<'_>) {
        let margin = count(margin);
        borders(rows, corners, |border| self.area(border, margin));
        self.0.fill_nonzero();
    }

    fn area(&mut self, border: &[Corner], margin: f64) {
        let radius = f64::from(u8::try_from(RADIUS_TENTHS).expect("a few")) / 10.0;
        let place = |corner: &Corner| (count(corner.x) + margin, count(corner.y) + margin);
        let [first, ..] = border else { return };
        let radius_of = |corner: &Corner| if corner.round { radius } else { 0.0 };
        self.move_to(beyond(place(first), first.step(), radius_of(first)));
        let ends = border.iter().skip(1).chain([first]);
        for (from, to) in border.iter().zip(ends) {
            let (before, after) = (from.step(), to.step());
            let at = place(to);
            let round = radius_of(to);
            self.line_to(beyond(at, before, -round));
            if to.round {
                let rest = round * (1.0 - QUARTER);
                self.cubic_to(
                    beyond(at, before, -rest),
                    beyond(at, after, rest),
                    beyond(at, after, round),
                );
            }
        }
        self.0.close_path();
    }

    fn finders(&mut self, symbol: &Symbol, shape: FinderShape, margin: usize) {
        let rings = FinderRings::of(shape);
        let far = symbol.modules() - 7;
        self.0.set_line_width(1.0);
        for (x, y) in [(0, 0), (far, 0), (0, far)] {
            let (x, y) = (count(margin + x), count(margin + y));
            // The ring is a line one module wide, half way between its radii.
            let middle = f64::midpoint(rings.outer, rings.inner);
            self.rounded((x + 0.5, y + 0.5), 6.0, middle);
            self.0.stroke();
            self.rounded((x + 2.0, y + 2.0), 3.0, rings.core);
            self.0.fill_nonzero();
        }
    }

    /// The border of a square with round corners.
    fn rounded(&mut self, (x, y): (f64, f64), side: f64, radius: f64) {
        let corners = [
            ((x + side, y), (1.0, 0.0), (0.0, 1.0)),
            ((x + side, y + side), (0.0, 1.0), (-1.0, 0.0)),
            ((x, y + side), (-1.0, 0.0), (0.0, -1.0)),
            ((x, y), (0.0, -1.0), (1.0, 0.0)),
        ];
        let rest = radius * (1.0 - QUARTER);
        self.move_to((x + radius, y));
        for (corner, before, after) in corners {
            self.line_to(beyond(corner, before, -radius));
            self.cubic_to(
                beyond(corner, before, -rest),
                beyond(corner, after, rest),
                beyond(corner, after, radius),
            );
        }
        self.0.close_path();
    }

    fn curve(&mut self, at: &mut (f64, f64), curve: Curve) {
        let (from, third) = (*at, 2.0 / 3.0);
        let towards = |from: (f64, f64), by: (f64, f64)| {
            (
                from.0 + (by.0 - from.0) * third,
                from.1 + (by.1 - from.1) * third,
            )
        };
        *at = match curve {
            Curve::Move(to) => {
                self.move_to(to);
                to
            }
            Curve::Line(to) => {
                self.line_to(to);
                to
            }
            Curve::Quad(by, to) => {
                self.cubic_to(towards(from, by), towards(to, by), to);
                to
            }
            Curve::Cubic(by, and, to) => {
                self.cubic_to(by, and, to);
                to
            }
        };
    }

    fn logo(&mut self, logo: &Logo, margin: usize, hole: Hole) {
        let start = count(margin + hole.start) + 0.5;
        let side = count(hole.side - 1);
        let (width, height) = logo.picture().dimensions();
        let longer = f64::from(width.max(height));
        let (width, height) = (
            side * f64::from(width) / longer,
            side * f64::from(height) / longer,
        );
        let (left, top) = (start + (side - width) / 2.0, start + (side - height) / 2.0);
        self.0.save_state();
        // A picture stands on the unit square, its first row on top where y grows upwards.
        let matrix = [width, 0.0, 0.0, -height, left, top + height].map(single);
        self.0.transform(matrix).x_object(LOGO);
        self.0.restore_state();
    }

    fn move_to(&mut self, (x, y): (f64, f64)) {
        self.0.move_to(single(x), single(y));
    }

    fn line_to(&mut self, (x, y): (f64, f64)) {
        self.0.line_to(single(x), single(y));
    }

    fn cubic_to(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), (x, y): (f64, f64)) {
        let [x1, y1, x2, y2, x, y] = [x1, y1, x2, y2, x, y].map(single);
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }
}

/// A place so far from another in a direction.
fn beyond((x, y): (f64, f64), (right, down): (f64, f64), by: f64) -> (f64, f64) {
    (x + right * by, y + down * by)
}

/// Lengths on a page.
#[expect(
    clippy::cast_possible_truncation,
    reason = "half the precision is a thousandth of a dot of any printer"
)]
pub fn single(length: f64) -> f32 {
    length as f32
}
