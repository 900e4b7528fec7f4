//! Dynamic links: codes that lead elsewhere, and change after they were printed.

pub mod block_lists;
