//! Dictionary 1, and what zstd prepares from it: once in the life of the process, and shared by all threads.

use std::sync::OnceLock;

use zstd::zstd_safe::{CDict, CompressionLevel, DDict};

use super::effort::Effort;

/// A dictionary as in RFC 8878, section 5; put together by `dictionary/build.py`.
pub(super) const DICTIONARY: &[u8] = include_bytes!("../dictionary-1.bin");

/// The levels of zstd behind the two efforts. They change what packing costs and yields, not the format.
///
/// 5 is the last level below which documents grow fast: 12 makes bodies 7 % smaller and takes two and a half times as
/// long for a small document, 3 makes them 7 % larger and takes half as long.
const FAST_LEVEL: CompressionLevel = 5;
const BEST_LEVEL: CompressionLevel = 19;

/// The dictionary, prepared for packing.
pub(super) fn for_packing(effort: Effort) -> &'static CDict<'static> {
    static FAST: OnceLock<CDict<'static>> = OnceLock::new();
    static BEST: OnceLock<CDict<'static>> = OnceLock::new();
    match effort {
        Effort::Fast => FAST.get_or_init(|| CDict::create_by_reference(DICTIONARY, FAST_LEVEL)),
        Effort::Best => BEST.get_or_init(|| CDict::create_by_reference(DICTIONARY, BEST_LEVEL)),
    }
}

/// The dictionary, prepared for unpacking.
pub(super) fn for_unpacking() -> &'static DDict<'static> {
    static PREPARED: OnceLock<DDict<'static>> = OnceLock::new();
    PREPARED.get_or_init(|| DDict::create_by_reference(DICTIONARY))
}
