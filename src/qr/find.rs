//! Finding a symbol by the middles of its finder patterns, as the reference
//! algorithm of ISO/IEC 18004 (clause 12) does: any line through a middle is
//! dark, light, three dark, light, dark. The corners of finders do not matter,
//! so that round ones are found, too.
//!
//! Not here: perspective. A symbol is taken to lie flat, turned as it may be.

use image::GrayImage;
use rqrr::SimpleGrid;

/// Middles that are tried as finders, those seen on most lines first.
const MAX_MIDDLES: usize = 12;

/// A point of a picture, in pixels.
type Point = (f64, f64);

/// The modules of a symbol, if three finders are found; several if their
/// number is doubtful, the most likely first.
pub(super) fn find(picture: &GrayImage, lightest_dark: u8) -> Vec<SimpleGrid> {
    let bits = Bits {
        picture,
        lightest_dark,
    };
    let middles = finder_middles(&bits);
    let Some([corner, right, below]) = best_triple(&middles) else {
        return Vec::new();
    };

    let module = (corner.module + right.module + below.module) / 3.0;
    let between =
        f64::midpoint(distance(corner.at, right.at), distance(corner.at, below.at)) / module;
    // Sides are 17 modules and 4 a version; finders are 7 apart from the ends.
    let versions = (1..=40_u32).map(|version| {
        (
            17 + 4 * version,
            (between + 7.0 - f64::from(17 + 4 * version)).abs(),
        )
    });
    let mut sides: Vec<(u32, f64)> = versions.filter(|(_, error)| *error < 6.0).collect();
    sides.sort_by(|a, b| a.1.total_cmp(&b.1));
    sides
        .into_iter()
        .map(|(side, _)| bits.sample([corner.at, right.at, below.at], side))
        .collect()
}

/// Whether anything in the picture looks like a finder on so many lines that it is no chance.
pub(super) fn has_finder(picture: &GrayImage, lightest_dark: u8) -> bool {
    let bits = Bits {
        picture,
        lightest_dark,
    };
    finder_middles(&bits).into_iter().any(|middle| {
        // A finder's core has three modules of lines.
        f64::from(middle.lines) >= (1.5 * middle.module).max(3.0)
    })
}

/// Black and white.
struct Bits<'a> {
    picture: &'a GrayImage,
    lightest_dark: u8,
}

/// What may be the middle of a finder.
#[derive(Clone, Copy)]
struct Middle {
    at: Point,
    /// Pixels of a module.
    module: f64,
    /// Lines on which it was seen.
    lines: u32,
}

impl Bits<'_> {
    fn is_dark(&self, x: u32, y: u32) -> bool {
        self.picture
            .get_pixel_checked(x, y)
            .is_some_and(|pixel| pixel.0[0] <= self.lightest_dark)
    }

    /// Samples the middle of every module.
    fn sample(&self, [corner, right, below]: [Point; 3], side: u32) -> SimpleGrid {
        let between = f64::from(side) - 7.0;
        let step = |to: Point| ((to.0 - corner.0) / between, (to.1 - corner.1) / between);
        let (along, down) = (step(right), step(below));
        let side = usize::try_from(side).expect("it is below 178");
        SimpleGrid::from_func(side, |x, y| {
            // Counted from the middle of the first finder.
            let [x, y] =
                [x, y].map(|at| f64::from(u32::try_from(at).expect("it is below 178")) - 3.0);
            let point = (
                corner.0 + x * along.0 + y * down.0,
                corner.1 + x * along.1 + y * down.1,
            );
            pixel(point).is_some_and(|(x, y)| self.is_dark(x, y))
        })
    }
}

fn finder_middles(bits: &Bits<'_>) -> Vec<Middle> {
    let mut middles: Vec<Middle> = Vec::new();
    for y in 0..bits.picture.height() {
        let mut runs = [0_u32; 5];
        let mut was_dark = false;
        for x in 0..=bits.picture.width() {
            let is_dark = bits.is_dark(x, y);
            if is_dark != was_dark {
                if was_dark && is_finder(runs) {
                    let ended =
                        f64::from(x) - f64::from(runs[4] + runs[3]) - f64::from(runs[2]) / 2.0;
                    if let Some(middle) = confirmed(bits, ended, y) {
                        merge(&mut middles, middle);
                    }
                }
                runs.rotate_left(1);
                runs[4] = 0;
                was_dark = is_dark;
            }
            runs[4] += 1;
        }
    }
    middles.sort_by_key(|middle| std::cmp::Reverse(middle.lines));
    middles.truncate(MAX_MIDDLES);
    middles
}

/// Dark, light, three dark, light, dark, each within half a module.
fn is_finder(runs: [u32; 5]) -> bool {
    let total: u32 = runs.iter().sum();
    let module = f64::from(total) / 7.0;
    let expected = [1.0, 1.0, 3.0, 1.0, 1.0];
    total >= 7
        && runs.iter().zip(expected).all(|(&run, modules)| {
            (f64::from(run) - modules * module).abs() < 0.5 * modules * module
        })
}

/// Looks at the column through the middle, and again at the row.
fn confirmed(bits: &Bits<'_>, x: f64, y: u32) -> Option<Middle> {
    let column = pixel((x, f64::from(y)))?.0;
    let (middle_y, module_y) = across(f64::from(y), |at| bits.is_dark(column, at))?;
    let row = pixel((x, middle_y))?.1;
    let (middle_x, module_x) = across(x, |at| bits.is_dark(at, row))?;
    let alike = (module_x - module_y).abs() < 0.3 * module_x.max(module_y);
    alike.then_some(Middle {
        at: (middle_x, middle_y),
        module: f64::midpoint(module_x, module_y),
        lines: 1,
    })
}

/// Middle and module of a finder on a line, from a point in its core.
fn across(from: f64, is_dark: impl Fn(u32) -> bool) -> Option<(f64, f64)> {
    let start = pixel((from, 0.0))?.0;
    let mut runs = [0_u32; 5];
    let mut low = start;
    for (run, dark) in [(2, true), (1, false), (0, true)] {
        while low > 0 && is_dark(low - 1) == dark && runs[run] < 1_000 {
            low -= 1;
            runs[run] += 1;
        }
    }
    let mut high = start;
    for (run, dark) in [(2, true), (3, false), (4, true)] {
        // Beyond the picture all is light, and a run of light must end.
        while is_dark(high) == dark && runs[run] < 1_000 {
            high += 1;
            runs[run] += 1;
        }
    }
    is_finder(runs).then(|| {
        let core_end = high - runs[4] - runs[3];
        let middle = f64::from(core_end) - f64::from(runs[2]) / 2.0;
        (middle, f64::from(runs.iter().sum::<u32>()) / 7.0)
    })
}

fn merge(middles: &mut Vec<Middle>, new: Middle) {
    match middles
        .iter_mut()
        .find(|known| distance(known.at, new.at) < 2.0 * known.module)
    {
        Some(known) => {
            let (old, lines) = (f64::from(known.lines), f64::from(known.lines) + 1.0);
            let mean = |old_mean: f64, value: f64| (old_mean * old + value) / lines;
            known.at = (mean(known.at.0, new.at.0), mean(known.at.1, new.at.1));
            known.module = mean(known.module, new.module);
            known.lines += 1;
        }
        None => middles.push(new),
    }
}

/// Three of one size that make a right angle with equal legs: the middle at
/// the angle, the one to its right, and the one below.
fn best_triple(middles: &[Middle]) -> Option<[Middle; 3]> {
    let mut best: Option<(f64, [Middle; 3])> = None;
    for corner in middles {
        for right in middles {
            for below in middles {
                let along = (right.at.0 - corner.at.0, right.at.1 - corner.at.1);
                let down = (below.at.0 - corner.at.0, below.at.1 - corner.at.1);
                let (width, height) = (along.0.hypot(along.1), down.0.hypot(down.1));
                let modules = [corner.module, right.module, below.module];
                let largest = modules.into_iter().fold(0.0, f64::max);
                let smallest = modules.into_iter().fold(f64::INFINITY, f64::min);
                // Finders of version 1 are 14 modules apart.
                if width.min(height) < 12.0 * smallest {
                    continue;
                }
                let turn = along.0 * down.1 - along.1 * down.0;
                let error = (turn / (width * height) - 1.0).abs()
                    + (width - height).abs() / width.max(height)
                    + (largest - smallest) / largest;
                if error < 0.5 && best.as_ref().is_none_or(|(least, _)| error < *least) {
                    best = Some((error, [*corner, *right, *below]));
                }
            }
        }
    }
    best.map(|(_, triple)| triple)
}

fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// The pixel that holds a point; none left of or above the picture.
fn pixel((x, y): Point) -> Option<(u32, u32)> {
    let whole = |at: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is checked"
        )]
        (0.0..65_536.0).contains(&at).then_some(at as u32)
    };
    Some((whole(x)?, whole(y)?))
}
