//! Pages of lists.

use clap::builder::RangedI64ValueParser;

use crate::cursor::MOST_ROWS;

/// How many rows: 1 to [`MOST_ROWS`].
pub fn limit() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(MOST_ROWS))
}
