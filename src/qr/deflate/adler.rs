//! Adler-32 (RFC 1950, 8.2), in one step for all copies of a row.

const MODULUS: u64 = 65_521;

pub(super) struct Adler {
    sum: u64,
    sum_of_sums: u64,
    /// The row that is being added, as if it stood alone and the sum began at 0.
    row: Span,
}

/// The sums over some bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    /// How many bytes.
    length: u64,
    sum: u64,
    sum_of_sums: u64,
}

impl Span {
    /// Of that many bytes; `sum_of_sums` counts each as often as bytes begin with it.
    pub(super) fn of_row(length: usize, sum: u64, sum_of_sums: u64) -> Self {
        Self {
            length: length as u64,
            sum,
            sum_of_sums,
        }
    }

    fn byte(byte: u8) -> Self {
        Self {
            length: 1,
            sum: byte.into(),
            sum_of_sums: byte.into(),
        }
    }

    fn then(self, next: Self) -> Self {
        Self {
            length: self.length + next.length,
            sum: self.sum + next.sum,
            sum_of_sums: self.sum_of_sums + next.length * self.sum + next.sum_of_sums,
        }
    }
}

impl Adler {
    pub(super) fn new() -> Self {
        Self {
            sum: 1,
            sum_of_sums: 0,
            row: Span::default(),
        }
    }

    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.row = self.row.then(Span::byte(byte));
    }

    #[inline]
    pub(super) fn bytes(&mut self, sums: Span) {
        self.row = self.row.then(sums);
    }

    /// The row since the last end comes `times` times, 1 to 4,096.
    ///
    /// Divided is only at the end: 4,096 rows of 513 bytes add up to less than 2^30, and the sums of that to less than 2^51.
    #[inline]
    pub(super) fn end_row(&mut self, times: usize) {
        let times = times as u64;
        let Span {
            length,
            sum,
            sum_of_sums,
        } = std::mem::take(&mut self.row);
        self.sum_of_sums +=
            times * (length * self.sum + sum_of_sums) + length * sum * (times * (times - 1) / 2);
        self.sum += times * sum;
    }

    pub(super) fn value(&self) -> u32 {
        let [sum, sum_of_sums] = [self.sum, self.sum_of_sums].map(|sum| sum % MODULUS);
        u32::try_from(sum_of_sums << 16 | sum).expect("both sums are below 65,521")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_rows_count_as_if_they_were_written_out() {
        let rows: [(&[u8], usize); 4] = [
            (&[0, 255, 255], 4096),
            (&[0, 1, 2], 1),
            (&[255; 513], 64),
            (&[7], 3),
        ];
        let mut adler = Adler::new();
        let (mut a, mut b) = (1_u32, 0_u32);
        for (row, times) in rows {
            for &byte in row {
                adler.byte(byte);
            }
            adler.end_row(times);
            for &byte in &row.repeat(times) {
                a = (a + u32::from(byte)) % 65_521;
                b = (b + a) % 65_521;
            }
        }
        assert_eq!(adler.value(), b << 16 | a);
    }
}
