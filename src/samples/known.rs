//! The samples that a running program knows, which only become more.

use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::file::{path_beside, read};
use super::{MissingSamples, SampleHead, SampleSet, SampleSets, SamplesError};
use crate::stamp::{Stamp, stamp};

/// The time between two looks at the file for sets that codes name and nobody has.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The sets of an installation, as they were read last.
#[derive(Debug, Default)]
pub struct KnownSamples {
    /// Where they are read from; `None`: there are none.
    file: Option<PathBuf>,
    current: ArcSwap<SampleSets>,
    last: Mutex<LastLook>,
}

#[derive(Debug, Default)]
struct LastLook {
    /// What the file looked like.
    seen: Option<Stamp>,
    /// When a code named a set that was not there.
    missed: Option<Instant>,
    /// Whether something new was found then, of which nobody was told.
    untold: bool,
}

impl KnownSamples {
    /// Reads the file beside a keyring, which need not be there yet.
    ///
    /// # Errors
    /// [`SamplesError`]
    pub fn beside(keyring: &Path) -> Result<Self, SamplesError> {
        let file = path_beside(keyring);
        let seen = stamp(&file);
        let current = ArcSwap::from_pointee(read(&file)?);
        Ok(Self {
            file: Some(file),
            current,
            last: Mutex::new(LastLook {
                seen,
                ..LastLook::default()
            }),
        })
    }

    /// The sets of this moment.
    #[must_use]
    pub fn sets(&self) -> Arc<SampleSets> {
        self.current.load_full()
    }

    /// Reads the file again, if it changed or that is `asked` for. Whether there is something new since the last time, also if
    /// [`Self::find`] found it.
    ///
    /// # Errors
    /// [`SamplesError`], once for each state of the file, and again and again while it cannot be read or others may write it: the
    /// sets before stay in force.
    pub fn look(&self, asked: bool) -> Result<bool, SamplesError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = self.look_with(&mut last, asked)?;
        Ok(changed | mem::take(&mut last.untold))
    }

    fn look_with(&self, last: &mut LastLook, asked: bool) -> Result<bool, SamplesError> {
        let Some(file) = &self.file else {
            return Ok(false);
        };
        let now = stamp(file);
        if !asked && now == last.seen {
            return Ok(false);
        }
        let seen = mem::replace(&mut last.seen, now);
        let new = read(file).inspect_err(|error| {
            // The next time it may be readable, though it looks the same.
            if let SamplesError::Io { .. } | SamplesError::Mode { .. } = error {
                last.seen = seen;
            }
        })?;
        let before = self.current.load();
        if !new.goes_on_from(&before) {
            return Err(SamplesError::Lost(file.clone()));
        }
        let changed = new != **before;
        if changed {
            self.current.store(Arc::new(new));
        }
        Ok(changed)
    }

    /// The set that a body names. If it is not here, the file may have it by now: it is looked at, once a second at most.
    ///
    /// # Errors
    /// [`MissingSamples`]
    pub fn find(&self, head: SampleHead) -> Result<Arc<SampleSet>, MissingSamples> {
        if let Ok(found) = self.current.load().find(head) {
            return Ok(Arc::clone(found));
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if last
            .missed
            .is_none_or(|before| now.duration_since(before) >= LOOK_EVERY)
        {
            last.missed = Some(now);
            let seen = last.seen;
            match self.look_with(&mut last, true) {
                Ok(changed) => last.untold |= changed,
                // What is wrong with the file is said by whoever looks at it again and again.
                Err(_) => last.seen = seen,
            }
        }
        self.current.load().find(head).map(Arc::clone)
    }
}
