//! The penalty of the eight masks (ISO/IEC 18004, 7.8.3), several at once: a
//! word holds 64 modules of a row, a vector that word under some of the masks,
//! and every step below is a shift or a bit operation on whole rows. Columns
//! need no transposing: they are the same steps with neighbouring rows in the
//! place of shifted ones.
//!
//! How wide vectors are depends on the processor. All is compiled for several
//! generations of them, and the caller takes the right one when the program
//! runs.

#![allow(
    clippy::inline_always,
    clippy::needless_range_loop,
    reason = "only what is inlined is compiled for the processor that was found, and closures may not be"
)]

use fearless_simd::{Simd, prelude::*};

use super::geometry::{Lanes, MASKS};
use super::layout::Template;

/// Light rows above and below a symbol: a finder-like pattern is 7 modules with
/// 4 light ones before or after it.
const ROWS_ABOVE: usize = 4;
const ROWS_BELOW: usize = 10;
const WINDOW: usize = ROWS_ABOVE + 1 + ROWS_BELOW;

const BLOCK: u64 = 3;
const FINDER_LIKE: u64 = 40;

/// Rows of a symbol and of the light ones around it.
pub(super) const fn with_light_rows(side: usize) -> usize {
    ROWS_ABOVE + side + ROWS_BELOW
}

/// Applies the mask with the lowest penalty, the first of equals, and says
/// which one it is, beside the words of the rows, one row after the other. `room` is light, and has
/// [`with_light_rows`] or more.
#[inline(always)]
pub(super) fn masked<S: Simd, const LIMBS: usize>(
    simd: S,
    data: &[[u64; LIMBS]],
    template: &Template,
    room: &mut [[Lanes; LIMBS]],
) -> (u8, Vec<u64>) {
    let side = data.len();
    let candidates = &mut room[..with_light_rows(side)];
    fill(simd, candidates, data, template);
    let penalties = penalties(simd, candidates);
    let (number, mask) = (0..)
        .zip(0..MASKS)
        .min_by_key(|&(_, mask)| penalties[mask])
        .expect("there are eight masks");
    let words = candidates[ROWS_ABOVE..][..side].as_flattened().iter();
    (number, words.map(|lanes| lanes.0[mask]).collect())
}

/// The rows of the symbol under each mask, between light ones.
#[inline(always)]
fn fill<S: Simd, const LIMBS: usize>(
    simd: S,
    candidates: &mut [[Lanes; LIMBS]],
    data: &[[u64; LIMBS]],
    template: &Template,
) {
    let (template, _) = template.rows.as_chunks::<LIMBS>();
    let rows = candidates[ROWS_ABOVE..].iter_mut().zip(template).zip(data);
    for ((row, template), data) in rows {
        for ((lanes, template), data) in row.iter_mut().zip(template).zip(data) {
            let data = S::u64s::splat(simd, *data);
            let (lanes, template) = (lanes.0.chunks_exact_mut(S::u64s::LEN), template.0);
            for (lanes, template) in lanes.zip(template.chunks_exact(S::u64s::LEN)) {
                (data ^ S::u64s::from_slice(simd, template)).store_slice(lanes);
            }
        }
    }
}

/// The penalty of each mask; column 0 is bit 0 of word 0, and bits beyond the
/// side are 0.
#[inline(always)]
fn penalties<S: Simd, const LIMBS: usize>(simd: S, rows: &[[Lanes; LIMBS]]) -> [u64; MASKS] {
    let mut penalties = [0; MASKS];
    for (index, penalties) in penalties.chunks_exact_mut(S::u64s::LEN).enumerate() {
        penalties_from(simd, index * S::u64s::LEN, rows).store_slice(penalties);
    }
    penalties
}

/// The penalties of as many masks as fit a vector, from one mask on.
#[inline(always)]
fn penalties_from<S: Simd, const LIMBS: usize>(
    simd: S,
    first: usize,
    rows: &[[Lanes; LIMBS]],
) -> S::u64s {
    let side = rows.len() + 1 - WINDOW;
    let columns = Modules::<S, LIMBS>::columns(simd, side);
    let columns_with_right = Modules::<S, LIMBS>::columns(simd, side - 1);

    // What rows above have left to be continued. Equal to the module below, for
    // one, two and three rows:
    let none = Modules::<S, LIMBS>::columns(simd, 0);
    let (mut equal_above, mut equal_2_above, mut equal_3_above) = (none, none, none);
    // Five equal modules that ended one row above, and one or two:
    let (mut five_above, mut five_2_above) = (none, none);
    // Equal to the module below and to the one on the right:
    let mut corner_above = none;

    let zero = S::u64s::splat(simd, 0);
    let (mut ones, mut blocks, mut finders, mut dark) = (zero, zero, zero, zero);

    for (y, window) in rows.windows(WINDOW).enumerate() {
        let window: &[[Lanes; LIMBS]; WINDOW] =
            window.try_into().expect("a window has that length");
        let near = |y: usize| Modules::<S, LIMBS>::load(simd, &window[ROWS_ABOVE + y], first);
        let far = |y: usize| Modules::<S, LIMBS>::load(simd, &window[y], first);
        let row = near(0);

        // Five or more of one colour in a row: 3 points and one for every
        // further module, which is one for every module but two.
        let right = row.right(1);
        let equal = columns_with_right.and_not(row ^ right);
        let equal_2 = equal & equal.right(1);
        let five = equal_2 & equal_2.right(2);
        let run = five | five.left(1) | five.left(2);

        // The same downwards.
        let columns_with_below = if y + 1 < side { columns } else { none };
        let below = columns_with_below.and_not(row ^ near(1));
        let five_down = below & equal_3_above;
        let run_down = five_down | five_2_above;

        // Blocks of two by two.
        let block = equal & corner_above;

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

        ones += run.count() + run_down.count();
        blocks += block.count();
        finders += finder.count() + finder_down.count();
        dark += row.count();

        equal_3_above = equal_2_above & below;
        equal_2_above = equal_above & below;
        equal_above = below;
        five_2_above = five_down | five_above;
        five_above = five_down;
        corner_above = equal & below;
    }

    // Runs that end at the lower edge have one module left: no five end in the
    // last row itself, which is equal to none below.
    ones += five_2_above.count();

    let mut penalties = ones + blocks * BLOCK + finders * FINDER_LIKE;
    let modules = (0..side * side).fold(0_u64, |count, _| count + 1);
    for lane in 0..S::u64s::LEN {
        penalties[lane] += imbalance(dark[lane], modules);
    }
    penalties
}

/// One point for every half percent that the dark modules are away from half.
///
/// The standard has ten points for every five percent; the finer steps are
/// those of the `qrcode` crate, so that both choose the same mask.
#[inline(always)]
fn imbalance(dark: u64, modules: u64) -> u64 {
    (dark * 200 / modules).abs_diff(100)
}

/// One row of modules under some masks.
#[derive(Clone, Copy)]
struct Modules<S: Simd, const LIMBS: usize>([S::u64s; LIMBS]);

impl<S: Simd, const LIMBS: usize> Modules<S, LIMBS> {
    #[inline(always)]
    fn load(simd: S, row: &[Lanes; LIMBS], first: usize) -> Self {
        let mut words = [S::u64s::splat(simd, 0); LIMBS];
        for limb in 0..LIMBS {
            words[limb] = S::u64s::from_slice(simd, &row[limb].0[first..first + S::u64s::LEN]);
        }
        Self(words)
    }

    /// A 1 in the first `count` columns.
    #[inline(always)]
    fn columns(simd: S, count: usize) -> Self {
        let mut words = [S::u64s::splat(simd, 0); LIMBS];
        for limb in 0..LIMBS {
            let word = match count.saturating_sub(limb * 64) {
                0 => 0,
                bits @ 1..=63 => (1 << bits) - 1,
                _ => u64::MAX,
            };
            words[limb] = S::u64s::splat(simd, word);
        }
        Self(words)
    }

    /// In each column the module `columns` further right; light beyond the end.
    #[inline(always)]
    fn right(self, columns: u32) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] >>= columns;
            if limb + 1 < LIMBS {
                words[limb] |= self.0[limb + 1] << (64 - columns);
            }
        }
        Self(words)
    }

    /// In each column the module `columns` further left; light beyond the end.
    #[inline(always)]
    fn left(self, columns: u32) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] <<= columns;
            if limb > 0 {
                words[limb] |= self.0[limb - 1] >> (64 - columns);
            }
        }
        Self(words)
    }

    #[inline(always)]
    fn and_not(self, other: Self) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] &= !other.0[limb];
        }
        Self(words)
    }

    #[inline(always)]
    fn count(self) -> S::u64s {
        let mut count = self.0[0].count_ones();
        for limb in 1..LIMBS {
            count += self.0[limb].count_ones();
        }
        count
    }
}

impl<S: Simd, const LIMBS: usize> std::ops::BitAnd for Modules<S, LIMBS> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] &= other.0[limb];
        }
        Self(words)
    }
}

impl<S: Simd, const LIMBS: usize> std::ops::BitOr for Modules<S, LIMBS> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] |= other.0[limb];
        }
        Self(words)
    }
}

impl<S: Simd, const LIMBS: usize> std::ops::BitXor for Modules<S, LIMBS> {
    type Output = Self;
    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        let mut words = self.0;
        for limb in 0..LIMBS {
            words[limb] ^= other.0[limb];
        }
        Self(words)
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    /// The rules of the standard, module by module.
    fn penalty(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> u64 {
        let mut penalty = 0;
        let lines = (0..side).flat_map(|at| {
            let row: Vec<bool> = (0..side).map(|x| is_dark(x, at)).collect();
            let column: Vec<bool> = (0..side).map(|y| is_dark(at, y)).collect();
            [row, column]
        });
        for line in lines {
            for run in line.chunk_by(|a, b| a == b).filter(|run| run.len() >= 5) {
                penalty += run.len() as u64 - 2;
            }
            let light = [false; 4];
            let wide = [&light[..], &line, &light[..]].concat();
            for window in wide.windows(15) {
                let (before, rest) = window.split_at(4);
                let (pattern, after) = rest.split_at(7);
                let looks_like = pattern == [true, false, true, true, true, false, true];
                if looks_like && (*before == light || *after == light) {
                    penalty += FINDER_LIKE;
                }
            }
        }
        for y in 1..side {
            for x in 1..side {
                let dark =
                    [(x - 1, y - 1), (x, y - 1), (x - 1, y), (x, y)].map(|(x, y)| is_dark(x, y));
                if dark == [dark[0]; 4] {
                    penalty += BLOCK;
                }
            }
        }
        let dark = (0..side * side).filter(|at| is_dark(at % side, at / side));
        penalty + imbalance(dark.count() as u64, (side * side) as u64)
    }

    fn levels() -> Vec<Level> {
        let best = Level::new();
        let mut levels = vec![Level::baseline(), best];
        #[cfg(target_arch = "x86_64")]
        {
            levels.extend(best.as_sse4_2().map(Level::Sse4_2));
            levels.extend(best.as_avx2().map(Level::Avx2));
        }
        levels
    }

    fn assert_penalties<const LIMBS: usize>(side: usize) {
        let mut state = side as u64;
        let mut random = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            state ^ state >> 29
        };
        let mut rows = vec![[Lanes::LIGHT; LIMBS]; ROWS_ABOVE + side + ROWS_BELOW];
        for row in &mut rows[ROWS_ABOVE..][..side] {
            for (limb, lanes) in row.iter_mut().enumerate() {
                let columns = (side - limb * 64).min(64);
                for (mask, word) in lanes.0.iter_mut().enumerate() {
                    // Some lanes with long runs, some with patterns.
                    let pattern =
                        0x5d0b_a174_2e85_d0ba_u64.rotate_left(u32::try_from(mask).unwrap());
                    let modules = match mask % 3 {
                        0 => random(),
                        1 => random() & random() & random(),
                        _ => pattern ^ (random() & random() & random()),
                    };
                    *word = modules & (u64::MAX >> (64 - columns));
                }
            }
        }
        let expected: [u64; MASKS] = std::array::from_fn(|mask| {
            let rows = &rows[ROWS_ABOVE..];
            penalty(side, |x, y| rows[y][x / 64].0[mask] >> (x % 64) & 1 == 1)
        });
        for level in levels() {
            let counted = dispatch!(level, simd => penalties(simd, &rows));
            assert_eq!(counted, expected, "{level:?}, {side} modules");
        }
    }

    #[test]
    fn every_processor_counts_as_the_standard_does() {
        assert_penalties::<1>(21);
        assert_penalties::<1>(61);
        assert_penalties::<2>(65);
        assert_penalties::<2>(125);
        assert_penalties::<3>(129);
        assert_penalties::<3>(177);
    }
}
