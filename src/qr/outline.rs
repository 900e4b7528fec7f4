//! The borders of dark areas, and the same as SVG path data.

use super::geometry::Row;

/// How much of a module's side a round corner takes, in tenths.
pub(super) const RADIUS_TENTHS: usize = 4;

/// Which corners are round.
#[derive(Clone, Copy)]
pub(super) enum Corners<'a> {
    /// None. Modules that touch at a corner have one border in common, which
    /// makes fewer subpaths.
    Sharp,
    /// The outer corners of the modules for which this is true. Modules that
    /// touch at a corner only have a border each.
    Round(&'a dyn Fn(usize, usize) -> bool),
}

/// Writes the borders of all dark areas as path data. Columns and rows are moved by `margin`.
pub(super) fn outline(rows: &[Row], margin: usize, corners: Corners<'_>, out: &mut String) {
    let mut pen = Pen {
        out,
        last_start: None,
    };
    borders(rows, corners, |border| {
        pen.subpath(border, margin, corners);
    });
}

/// Walks around every dark area once, with the dark on the right hand: outer
/// borders clockwise, holes the other way, so that either fill rule fills it.
pub(super) fn borders(rows: &[Row], corners: Corners<'_>, mut see: impl FnMut(&[Corner])) {
    // Upper edges of dark modules that no walk has passed yet.
    let mut edges = rows.to_vec();
    for (row, above) in edges.iter_mut().skip(1).zip(rows) {
        for (word, above) in row.iter_mut().zip(above) {
            *word &= !above;
        }
    }
    for y in 0..edges.len() {
        for limb in 0..edges[y].len() {
            while edges[y][limb] != 0 {
                let x = limb * 64
                    + usize::try_from(edges[y][limb].trailing_zeros()).expect("it is below 64");
                let border = walk(rows, (x, y), &mut edges, corners);
                see(&border);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    East,
    South,
    West,
    North,
}

impl Heading {
    fn right(self) -> Self {
        match self {
            Self::East => Self::South,
            Self::South => Self::West,
            Self::West => Self::North,
            Self::North => Self::East,
        }
    }

    fn left(self) -> Self {
        self.right().right().right()
    }
}

/// A corner of a border, and how it goes on from there.
pub(super) struct Corner {
    pub(super) x: usize,
    pub(super) y: usize,
    heading: Heading,
    pub(super) round: bool,
}

impl Corner {
    /// Columns and rows of a step from there.
    pub(super) fn step(&self) -> (f64, f64) {
        match self.heading {
            Heading::East => (1.0, 0.0),
            Heading::South => (0.0, 1.0),
            Heading::West => (-1.0, 0.0),
            Heading::North => (0.0, -1.0),
        }
    }
}

/// One closed walk from the upper left corner of a module, to the east.
fn walk(
    rows: &[Row],
    start: (usize, usize),
    edges: &mut [Row],
    corners: Corners<'_>,
) -> Vec<Corner> {
    // Beyond the left and upper border is a huge column or row: light.
    let dark = |(x, y): (usize, usize)| {
        rows.get(y)
            .and_then(|row| row.get(x / 64))
            .is_some_and(|word| word >> (x % 64) & 1 == 1)
    };
    let (mut x, mut y) = start;
    let mut heading = Heading::East;
    let mut border = Vec::new();
    loop {
        match heading {
            Heading::East => {
                edges[y][x / 64] &= !(1 << (x % 64));
                x += 1;
            }
            Heading::South => y += 1,
            Heading::West => x -= 1,
            Heading::North => y -= 1,
        }
        let (west, north) = (x.wrapping_sub(1), y.wrapping_sub(1));
        // The modules ahead on the left and the right hand, and the one just passed.
        let (left, right, passed) = match heading {
            Heading::East => ((x, north), (x, y), (west, y)),
            Heading::South => ((x, y), (west, y), (west, north)),
            Heading::West => ((west, y), (west, north), (x, north)),
            Heading::North => ((west, north), (x, north), (x, y)),
        };
        let (next, round) = match (dark(left), dark(right), corners) {
            (false, true, _) => continue,
            (true, true, _) | (true, false, Corners::Sharp) => (heading.left(), false),
            (false, false, Corners::Sharp) => (heading.right(), false),
            (_, false, Corners::Round(is_round)) => (heading.right(), is_round(passed.0, passed.1)),
        };
        heading = next;
        border.push(Corner {
            x,
            y,
            heading,
            round,
        });
        if (x, y) == start && heading == Heading::East {
            // Where it began is written first.
            border.rotate_right(1);
            return border;
        }
    }
}

/// Writes subpaths one after the other, in relative steps. Lengths are tenths
/// of a module.
struct Pen<'a> {
    out: &'a mut String,
    last_start: Option<(usize, usize)>,
}

impl Pen<'_> {
    fn subpath(&mut self, border: &[Corner], margin: usize, corners: Corners<'_>) {
        let radius = |corner: &Corner| if corner.round { RADIUS_TENTHS } else { 0 };
        let [first, ..] = border else { return };
        // The first side goes east.
        self.move_to((
            (first.x + margin) * 10 + radius(first),
            (first.y + margin) * 10,
        ));
        let ends = border.iter().skip(1).chain([first]);
        for (index, (from, to)) in border.iter().zip(ends).enumerate() {
            let closing = index + 1 == border.len();
            if closing && matches!(corners, Corners::Sharp) {
                // The last side is left to the z.
                break;
            }
            let length =
                (from.x.abs_diff(to.x) + from.y.abs_diff(to.y)) * 10 - radius(from) - radius(to);
            self.line(from.heading, length);
            if to.round {
                self.arc(from.heading);
            }
        }
        self.out.push('z');
    }

    /// Starts a subpath; the point before it is where the last one started.
    fn move_to(&mut self, (x, y): (usize, usize)) {
        let (command, (last_x, last_y)) = match self.last_start {
            None => ('M', (0, 0)),
            Some(last) => ('m', last),
        };
        self.out.push(command);
        self.step(x, last_x);
        // A minus needs no space before it.
        if y >= last_y {
            self.out.push(' ');
        }
        self.step(y, last_y);
        self.last_start = Some((x, y));
    }

    fn line(&mut self, heading: Heading, length: usize) {
        if length == 0 {
            return;
        }
        self.out.push(match heading {
            Heading::East | Heading::West => 'h',
            Heading::South | Heading::North => 'v',
        });
        match heading {
            Heading::East | Heading::South => self.step(length, 0),
            Heading::West | Heading::North => self.step(0, length),
        }
    }

    /// A quarter of a circle to the right. Numbers that begin with a point or a
    /// minus need no space before them.
    fn arc(&mut self, heading: Heading) {
        let plus = (RADIUS_TENTHS, 0);
        let minus = (0, RADIUS_TENTHS);
        self.out.push('a');
        self.step(plus.0, plus.1);
        self.step(plus.0, plus.1);
        self.out.push_str(" 0 0 1 ");
        let (x, y) = match heading {
            Heading::East => (plus, plus),
            Heading::South => (minus, plus),
            Heading::West => (minus, minus),
            Heading::North => (plus, minus),
        };
        self.step(x.0, x.1);
        self.step(y.0, y.1);
    }

    /// Writes `to - from`, which are tenths, in the shortest form.
    fn step(&mut self, to: usize, from: usize) {
        if to < from {
            self.out.push('-');
        }
        let tenths = to.abs_diff(from);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        if whole > 0 || tenth == 0 {
            self.whole(whole);
        }
        if tenth > 0 {
            self.out.push('.');
            self.whole(tenth);
        }
    }

    /// The formatter of the standard library takes several times as long.
    fn whole(&mut self, number: usize) {
        if number >= 10 {
            self.whole(number / 10);
        }
        let digit = u8::try_from(number % 10).expect("a digit is below 10");
        self.out.push(char::from(b'0' + digit));
    }
}
