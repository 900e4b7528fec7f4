//! Tries at a secret from one network, and the locks that they set. What is tried says where they are counted.

/// The columns after one more try; whoever spends it adds that none is counted while a lock is set (`locked_until <= $3`). The last
/// of so many sets the lock that the next one meets, each twice as long as the one before. `$3` is now, `$4` one less than the tries before a lock, `$5` and `$6` the
/// first lock and the longest in seconds.
macro_rules! next_try {
    ($table:literal) => {
        concat!(
            "tries = CASE WHEN ",
            $table,
            ".tries >= $4 THEN 0 ELSE ",
            $table,
            ".tries + 1 END, locked_until = CASE WHEN ",
            $table,
            ".tries < $4 THEN ",
            $table,
            ".locked_until WHEN ",
            $table,
            ".lock_seconds = 0 THEN $3 + $5 WHEN ",
            $table,
            ".lock_seconds * 2 > $6 THEN $3 + $6 ELSE $3 + ",
            $table,
            ".lock_seconds * 2 END, lock_seconds = CASE WHEN ",
            $table,
            ".tries < $4 THEN ",
            $table,
            ".lock_seconds WHEN ",
            $table,
            ".lock_seconds = 0 THEN $5 WHEN ",
            $table,
            ".lock_seconds * 2 > $6 THEN $6 ELSE ",
            $table,
            ".lock_seconds * 2 END"
        )
    };
}

pub(super) use next_try;
