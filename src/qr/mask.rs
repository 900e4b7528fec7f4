//! The penalty of the eight masks (ISO/IEC 18004, 7.8.3), all at once: a word
//! holds 64 modules of a row, one lane for each mask, and every step below is
//! a shift or a bit operation on whole rows. Columns need no transposing: they
//! are the same steps with neighbouring rows in the place of shifted ones.

/// Masks to choose from.
pub(super) const MASKS: usize = 8;
/// The same 64 modules under each mask.
pub(super) type Lanes = [u64; MASKS];

/// Light rows that a symbol must have above and below it for [`best`]: a
/// finder-like pattern is 7 modules with 4 light ones before or after it.
pub(super) const ROWS_ABOVE: usize = 4;
pub(super) const ROWS_BELOW: usize = 10;
const WINDOW: usize = ROWS_ABOVE + 1 + ROWS_BELOW;

const BLOCK: u64 = 3;
const FINDER_LIKE: u64 = 40;

/// The mask with the lowest penalty, the first of equals.
///
/// `rows` are the rows of a symbol between [`ROWS_ABOVE`] and [`ROWS_BELOW`]
/// rows of zeros; column 0 is bit 0 of word 0, and bits beyond the side are 0.
pub(super) fn best<const LIMBS: usize>(rows: &[[Lanes; LIMBS]]) -> usize {
    let penalties = penalties(rows);
    (0..MASKS)
        .min_by_key(|&mask| penalties[mask])
        .expect("there are eight masks")
}

/// What rows above have left to be continued, for one row of modules.
#[derive(Clone, Copy)]
struct Above<const LIMBS: usize> {
    /// Equal to the module below it, for 1 and for 3 rows.
    equal: [Lanes; LIMBS],
    equal_2: [Lanes; LIMBS],
    equal_3: [Lanes; LIMBS],
    /// Five equal modules that ended one row above, and one or two.
    five: [Lanes; LIMBS],
    five_2: [Lanes; LIMBS],
    /// Equal to the module below and to the one on the right.
    corner: [Lanes; LIMBS],
}

fn penalties<const LIMBS: usize>(rows: &[[Lanes; LIMBS]]) -> [u64; MASKS] {
    let side = rows.len() + 1 - WINDOW;
    let columns = first_columns::<LIMBS>(side);
    let columns_with_right = first_columns::<LIMBS>(side - 1);

    let zero = [[0; MASKS]; LIMBS];
    let mut above = Above {
        equal: zero,
        equal_2: zero,
        equal_3: zero,
        five: zero,
        five_2: zero,
        corner: zero,
    };
    let mut scores = [0; MASKS];
    let mut dark = [0; MASKS];

    for (y, window) in rows.windows(WINDOW).enumerate() {
        let window: &[[Lanes; LIMBS]; WINDOW] =
            window.try_into().expect("a window has that length");
        let columns_with_below = if y + 1 < side { columns } else { [0; LIMBS] };
        for lane in 0..MASKS {
            let near = |y: usize| Row::<LIMBS>::of(&window[ROWS_ABOVE + y], lane);
            let far = |y: usize| Row::<LIMBS>::of(&window[y], lane);
            let row = near(0);

            // Five or more of one colour in a row: 3 points and one for every
            // further module, which is one for every module but two.
            let right = row.right(1);
            let equal = (row ^ right).zeros(columns_with_right);
            let equal_2 = equal & equal.right(1);
            let five = equal_2 & equal_2.right(2);
            let run = five | five.left(1) | five.left(2);

            // The same downwards.
            let below = (row ^ near(1)).zeros(columns_with_below);
            let five_down = below & Row::of(&above.equal_3, lane);
            let run_down = five_down | Row::of(&above.five_2, lane);

            // Blocks of two by two.
            let block = equal & Row::of(&above.corner, lane);

            // Dark, light, three dark, light, dark, and four light modules
            // before or after; beyond the edge all is light.
            let start = row.and_not(right);
            let finder = start & (row & right).right(2) & start.right(4) & row.right(6);
            let pair = row.left(1) | row.left(2);
            let before = pair | pair.left(2);
            let pair = row | right;
            let after = (pair | pair.right(2)).right(7);
            let finder = finder.and_not(before & after);

            let finder_down = (row & near(2) & near(3) & near(4) & near(6))
                .and_not(near(1))
                .and_not(near(5));
            let before = far(0) | far(1) | far(2) | far(3);
            let after = near(7) | near(8) | near(9) | near(10);
            let finder_down = finder_down.and_not(before & after);

            scores[lane] += run.count()
                + run_down.count()
                + BLOCK * block.count()
                + FINDER_LIKE * (finder.count() + finder_down.count());
            dark[lane] += row.count();

            (Row::of(&above.equal_2, lane) & below).put(&mut above.equal_3, lane);
            (Row::of(&above.equal, lane) & below).put(&mut above.equal_2, lane);
            below.put(&mut above.equal, lane);
            (five_down | Row::of(&above.five, lane)).put(&mut above.five_2, lane);
            five_down.put(&mut above.five, lane);
            (equal & below).put(&mut above.corner, lane);
        }
    }

    // Runs that end at the lower edge have one module left: no five end in the
    // last row itself, which is equal to none below.
    for (lane, score) in scores.iter_mut().enumerate() {
        *score += Row::<LIMBS>::of(&above.five_2, lane).count();
    }

    let modules = (0..side * side).fold(0_u64, |count, _| count + 1);
    for (score, dark) in scores.iter_mut().zip(dark) {
        *score += imbalance(dark, modules);
    }
    scores
}

/// One point for every half percent that the dark modules are away from half.
///
/// The standard has ten points for every five percent; the finer steps are
/// those of the `qrcode` crate, so that both choose the same mask.
fn imbalance(dark: u64, modules: u64) -> u64 {
    (dark * 200 / modules).abs_diff(100)
}

/// Words with a 1 in the first `count` columns.
fn first_columns<const LIMBS: usize>(count: usize) -> [u64; LIMBS] {
    std::array::from_fn(|limb| match count.saturating_sub(limb * 64) {
        0 => 0,
        bits @ 1..=63 => (1 << bits) - 1,
        _ => u64::MAX,
    })
}

/// One row of modules under one mask.
#[derive(Clone, Copy)]
struct Row<const LIMBS: usize>([u64; LIMBS]);

impl<const LIMBS: usize> Row<LIMBS> {
    #[inline]
    fn of(lanes: &[Lanes; LIMBS], lane: usize) -> Self {
        Self(std::array::from_fn(|limb| lanes[limb][lane]))
    }

    #[inline]
    fn put(self, lanes: &mut [Lanes; LIMBS], lane: usize) {
        for (lanes, word) in lanes.iter_mut().zip(self.0) {
            lanes[lane] = word;
        }
    }

    /// In each column the module `columns` further right; light beyond the end.
    #[inline]
    fn right(self, columns: u32) -> Self {
        Self(std::array::from_fn(|limb| {
            let next = if limb + 1 < LIMBS {
                self.0[limb + 1] << (64 - columns)
            } else {
                0
            };
            self.0[limb] >> columns | next
        }))
    }

    /// In each column the module `columns` further left; light beyond the end.
    #[inline]
    fn left(self, columns: u32) -> Self {
        Self(std::array::from_fn(|limb| {
            let next = if limb > 0 {
                self.0[limb - 1] >> (64 - columns)
            } else {
                0
            };
            self.0[limb] << columns | next
        }))
    }

    #[inline]
    fn and_not(self, other: Self) -> Self {
        Self(std::array::from_fn(|limb| self.0[limb] & !other.0[limb]))
    }

    /// 1 where this row has a 0 and `within` a 1.
    #[inline]
    fn zeros(self, within: [u64; LIMBS]) -> Self {
        Self(within).and_not(self)
    }

    #[inline]
    fn count(self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

impl<const LIMBS: usize> std::ops::BitAnd for Row<LIMBS> {
    type Output = Self;
    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(std::array::from_fn(|limb| self.0[limb] & other.0[limb]))
    }
}

impl<const LIMBS: usize> std::ops::BitOr for Row<LIMBS> {
    type Output = Self;
    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(std::array::from_fn(|limb| self.0[limb] | other.0[limb]))
    }
}

impl<const LIMBS: usize> std::ops::BitXor for Row<LIMBS> {
    type Output = Self;
    #[inline]
    fn bitxor(self, other: Self) -> Self {
        Self(std::array::from_fn(|limb| self.0[limb] ^ other.0[limb]))
    }
}
