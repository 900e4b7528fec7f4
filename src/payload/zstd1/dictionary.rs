//! Dictionary 1, and what zstd prepares from it once in the life of the process, for all threads.

use std::sync::OnceLock;

use zstd::zstd_safe::{CDict, CompressionLevel, DDict};

/// A dictionary as in RFC 8878, section 5; put together by `dictionary/build.py`.
pub(super) const DICTIONARY: &[u8] = include_bytes!("../dictionary-1.bin");

/// zstd's level for [`Effort::Best`](super::Effort::Best). It changes what packing costs and yields, not the format.
const BEST_LEVEL: CompressionLevel = 19;

/// The dictionary, prepared for packing with that level.
pub(super) fn for_best() -> &'static CDict<'static> {
    static PREPARED: OnceLock<CDict<'static>> = OnceLock::new();
    PREPARED.get_or_init(|| CDict::create_by_reference(DICTIONARY, BEST_LEVEL))
}

/// The dictionary, prepared for unpacking.
pub(super) fn for_unpacking() -> &'static DDict<'static> {
    static PREPARED: OnceLock<DDict<'static>> = OnceLock::new();
    PREPARED.get_or_init(|| DDict::create_by_reference(DICTIONARY))
}
