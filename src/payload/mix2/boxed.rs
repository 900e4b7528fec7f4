//! Tables that are too large for the stack.

/// A table of equal entries, made where it stays.
pub(super) fn boxed<T: Copy, const N: usize>(entry: T) -> Box<[T; N]> {
    match vec![entry; N].into_boxed_slice().try_into() {
        Ok(table) => table,
        Err(_) => unreachable!("it has N entries"),
    }
}
