//! What became of a run, in numbers.

use std::fmt;

use super::make::Made;

/// Failures that are told one by one.
const MOST_TOLD: usize = 20;

/// What became of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Rows that were looked at.
    pub rows: u64,
    /// Codes that were made.
    pub made: u64,
    /// Rows of which none was made.
    pub failed: u64,
    /// The first of them, with the reason.
    pub failures: Vec<(u64, String)>,
    /// How many symbols of each version, the first being version 1.
    versions: Vec<u64>,
}

impl Summary {
    /// Counts a code.
    pub fn add_made(&mut self, made: &Made) {
        self.rows += 1;
        self.made += 1;
        let version = usize::from(made.version);
        if self.versions.len() < version {
            self.versions.resize(version, 0);
        }
        if let Some(count) = self.versions.get_mut(version.saturating_sub(1)) {
            *count += 1;
        }
    }

    /// Counts a row that failed.
    pub fn add_failure(&mut self, row: u64, why: &str) {
        self.rows += 1;
        self.failed += 1;
        if self.failures.len() < MOST_TOLD {
            self.failures.push((row, why.to_owned()));
        }
    }

    /// Failures that are not among those told one by one.
    #[must_use]
    pub fn untold(&self) -> u64 {
        self.failed - self.failures.len() as u64
    }

    /// How many symbols there are of each version that there is.
    pub fn versions(&self) -> impl Iterator<Item = (usize, u64)> {
        (1..)
            .zip(self.versions.iter().copied())
            .filter(|(_, count)| *count > 0)
    }
}

/// The versions in words: `version 6 (480), 7 (20)`.
pub struct Versions<'a>(pub &'a Summary);

impl fmt::Display for Versions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (version, count)) in self.0.versions().enumerate() {
            let before = if place == 0 { "version " } else { ", " };
            write!(f, "{before}{version} ({count})")?;
        }
        Ok(())
    }
}
