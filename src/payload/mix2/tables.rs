//! Numbers that never change: the logistic functions, the bit histories, and the one hash. Integers only, by rule.

use std::sync::LazyLock;

/// The logistic domain counts 256ths of a nat. Sums are cut at 11 nats, inputs at just under 8.
pub(super) const MOST_LOGIT: i32 = 2_815;
const MOST_INPUT: i32 = 2_047;
/// A history counts no more of one bit alone.
pub(super) const MOST_REPEATED: u8 = 20;
/// One in the fixed point of `squash`'s table.
const ONE: u128 = 1 << 48;
/// Half the length of tables by a logit, which have what belongs to 0 in the middle.
const REACH: usize = 4_096;
pub(super) const LOGITS: usize = 2 * REACH;

/// The tables, made at the first use.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::make);

/// All tables.
#[derive(Debug)]
pub(super) struct Tables {
    squash: [u16; LOGITS],
    stretch: [i16; 4_096],
    /// The history after a 0 and after a 1.
    pub(super) next: [[u8; 2]; 256],
    /// How many zeros and ones a history stands for.
    pub(super) counts: [[u8; 2]; 256],
    /// The histories of a nibble's tree that was followed by the same nibble `n` times, by `16 n +` the nibble.
    pub(super) along: [[u8; 16]; 512],
    /// `65536 / (n + 1.5)`: how much the nth observation counts.
    pub(super) share: [u32; 256],
}

impl Tables {
    fn make() -> Self {
        let squash = squash_table();
        let (next, counts) = histories();
        Self {
            stretch: stretch_table(&squash),
            squash,
            along: along(&repeated(&next)),
            next,
            counts,
            share: std::array::from_fn(|n| 131_072 / (2 * u32::try_from(n).unwrap_or(0) + 3)),
        }
    }

    /// `65536 / (1 + e^(-x/256))`, 1 to 65,535: the probability of a 1, in 65,536ths. `logit` is within ±[`MOST_LOGIT`].
    #[inline]
    pub(super) fn squash(&self, logit: i32) -> i32 {
        i32::from(self.squash[logit_at(logit)])
    }

    /// The inverse of squash for the 4,096 cells of 16 probabilities, within ±2,047.
    #[inline]
    pub(super) fn stretch(&self, probability: u32) -> i16 {
        self.stretch[(probability >> 4) as usize & 4_095]
    }
}

/// Where in a table what belongs to a logit stands.
#[inline]
pub(super) fn logit_at(logit: i32) -> usize {
    (logit + 4_096).cast_unsigned() as usize % LOGITS
}

fn squash_table() -> [u16; LOGITS] {
    // e^(1/256) from its series, each term one exact division.
    let (mut step, mut term) = (ONE, ONE);
    for k in 1..12 {
        term = term / 256 / k;
        step += term;
    }
    let mut table = [1; LOGITS];
    let mut power = ONE;
    for k in 0..REACH {
        let probability = ((power << 16) / (power + ONE)).clamp(1, 65_535);
        let probability = u16::try_from(probability).unwrap_or(u16::MAX);
        table[REACH + k] = probability;
        if k > 0 {
            table[REACH - k] = 0_u16.wrapping_sub(probability);
        }
        power = (power * step) >> 48;
    }
    table
}

fn stretch_table(squash: &[u16; LOGITS]) -> [i16; 4_096] {
    let mut table = [0; 4_096];
    let mut logit = 0_i32;
    // The upper half; the lower one mirrors it.
    for cell in 2_048..4_096_usize {
        let middle = cell * 16 + 8;
        let reached =
            |logit: i32| usize::from(squash[usize::try_from(logit).unwrap_or(0) + REACH]) >= middle;
        while logit < MOST_INPUT && !reached(logit) {
            logit += 1;
        }
        let value = i16::try_from(logit).unwrap_or(i16::MAX);
        table[cell] = value;
        table[4_095 - cell] = -value;
    }
    table
}

/// How many of the more frequent bit a history may count, by how many it counts of the rarer one.
const MOST: [u8; 6] = [20, 48, 15, 8, 6, 5];

/// How many histories there are for these counts: two, by the last bit, where the counts are small.
fn kinds(zeros: u8, ones: u8) -> usize {
    let (more, less) = (zeros.max(ones), zeros.min(ones));
    match MOST.get(usize::from(less)) {
        Some(&most) if more <= most => 1 + usize::from(less > 0 && more + less <= 17),
        _ => 0,
    }
}

/// The counts after one more bit: the other bit's count is discounted, then both shrink until there is a history for them.
fn after(zeros: u8, ones: u8, bit: u8) -> (u8, u8) {
    if zeros < ones {
        let (ones, zeros) = after(ones, zeros, 1 - bit);
        return (zeros, ones);
    }
    let discount = |n: u8| match n {
        0..=5 => n,
        6 => 5,
        7 => 6,
        _ => 7,
    };
    let (mut more, mut less) = if bit == 1 {
        (discount(zeros), ones + 1)
    } else {
        (zeros + 1, discount(ones))
    };
    while kinds(more, less) == 0 {
        if less < 2 {
            more -= 1;
        } else {
            let (m, l) = (u16::from(more), u16::from(less));
            more = u8::try_from((m * (l - 1) + l / 2) / l).unwrap_or(u8::MAX);
            less -= 1;
        }
    }
    (more, less)
}

/// 255 histories, numbered by the sum of their counts, then by their ones, then by their last bit; 0 has seen nothing.
fn histories() -> ([[u8; 2]; 256], [[u8; 2]; 256]) {
    let mut all = Vec::new();
    for sum in 0..50 {
        for ones in 0..=sum {
            all.extend((0..kinds(sum - ones, ones)).map(|last| (sum - ones, ones, last)));
        }
    }
    let find = |(zeros, ones), bit: u8| {
        let first = all.iter().position(|h| (h.0, h.1) == (zeros, ones));
        let last = usize::from(bit).min(kinds(zeros, ones) - 1);
        u8::try_from(first.unwrap_or(0) + last).unwrap_or(0)
    };
    let (mut next, mut counts) = ([[0; 2]; 256], [[0; 2]; 256]);
    for (n, &(zeros, ones, _)) in all.iter().enumerate() {
        next[n] = [
            find(after(zeros, ones, 0), 0),
            find(after(zeros, ones, 1), 1),
        ];
        counts[n] = [zeros, ones];
    }
    (next, counts)
}

/// The history of the same bit `n` times in a row, by `n` and the bit.
fn repeated(next: &[[u8; 2]; 256]) -> [[u8; 2]; MOST_REPEATED as usize + 1] {
    let mut table = [[0; 2]; MOST_REPEATED as usize + 1];
    for times in 1..table.len() {
        for bit in 0..2 {
            table[times][bit] = next[usize::from(table[times - 1][bit])][bit];
        }
    }
    table
}

/// See [`Tables::along`].
fn along(repeated: &[[u8; 2]]) -> [[u8; 16]; 512] {
    let mut table = [[0; 16]; 512];
    for (times, same) in repeated.iter().enumerate() {
        for nibble in 0..16 {
            let mut node = 1;
            for shift in (0..4).rev() {
                let bit = nibble >> shift & 1;
                table[16 * times + nibble][node] = same[bit];
                node = node << 1 | bit;
            }
        }
    }
    table
}

/// The hash of all contexts.
#[inline]
pub(super) fn hash(a: u32, b: u32) -> u32 {
    let x = a
        .wrapping_mul(0x9E37_79B1)
        .wrapping_add(b.wrapping_mul(0x85EB_CA6B))
        .wrapping_add(0x27D4_EB2F);
    let x = (x ^ (x >> 15)).wrapping_mul(0xC2B2_AE3D);
    x ^ (x >> 13)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_tables_are_as_the_format_says() {
        let tables = &*TABLES;
        assert_eq!(
            [-MOST_LOGIT, -256, -1, 0, 1, 256, MOST_LOGIT].map(|x| tables.squash(x)),
            [2, 17_626, 32_705, 32_768, 32_831, 47_910, 65_534]
        );
        assert_eq!(
            [0, 32_767, 32_768, 65_535].map(|p| tables.stretch(p)),
            [-2_047, -1, 1, 2_047]
        );
        assert_eq!(tables.next[0], [1, 2]);
        assert_eq!(tables.counts[254], [1, 48]);
        assert_eq!(tables.next[255], [0, 0]);
        let [zeros, ones] = [0, 15].map(|nibble| tables.along[16 * 20 + nibble][1]);
        assert_eq!(
            [zeros, ones].map(|history| tables.counts[usize::from(history)]),
            [[20, 0], [0, 20]]
        );
        assert_eq!(tables.next[usize::from(ones)][1], ones);
    }
}
