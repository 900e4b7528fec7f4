//! How often links were scanned: the verb that adds up, and its forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::rfc3339;
use crate::options::words;
use crate::store::{Device, ScanQuery, ScanSum, ScansOf, Store, StoreError};
use crate::token::UnixTime;

const HOUR_SECS: u64 = 60 * 60;
const DAY_SECS: u64 = 24 * HOUR_SECS;

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    /// An hour.
    Hour,
    /// A UTC day.
    #[default]
    Day,
}

words!(Step {
    Hour = "hour",
    Day = "day",
});

impl Step {
    /// Its seconds.
    #[must_use]
    pub fn secs(self) -> u64 {
        match self {
            Self::Hour => HOUR_SECS,
            Self::Day => DAY_SECS,
        }
    }

    /// The most steps of a report: a month of hours, and ten years of days.
    #[must_use]
    pub fn most(self) -> u64 {
        match self {
            Self::Hour => 31 * 24,
            Self::Day => 3_660,
        }
    }
}

/// Which scans to report.
#[derive(Debug, Clone)]
pub struct ShowScans {
    /// Whose.
    pub of: ScansOf,
    /// From the beginning of the step that this time is in.
    pub from: UnixTime,
    /// To the end of the step that this time is in.
    pub until: UnixTime,
    /// What is added up.
    pub by: Step,
}

impl ShowScans {
    /// A month of days up to now.
    #[must_use]
    pub fn latest(of: ScansOf, now: UnixTime) -> Self {
        Self {
            of,
            from: UnixTime::from_secs(now.as_secs().saturating_sub(30 * DAY_SECS)),
            until: now,
            by: Step::Day,
        }
    }

    /// What is wrong with its times, if anything is: the name of one, and why.
    #[must_use]
    pub fn fault(&self) -> Option<(&'static str, String)> {
        if self.from > self.until {
            return Some(("from", "must be before until".to_owned()));
        }
        let steps = (self.until.as_secs() - self.from.as_secs()) / self.by.secs();
        let (most, by) = (self.by.most(), self.by);
        (steps > most).then(|| {
            (
                "from",
                format!("is too early: by {by} a report has {most} steps at most"),
            )
        })
    }
}

/// Scans of links over a time.
#[derive(Debug, Clone)]
pub struct ScanReport {
    /// The beginning of the first step.
    pub from: UnixTime,
    /// The end of the last.
    pub until: UnixTime,
    /// What was added up.
    pub by: Step,
    /// What there were, in the order of time; steps without scans are left out.
    pub sums: Vec<ScanSum>,
}

/// The scans of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct StepCounts {
    /// By iPhones and iPads.
    pub ios: u64,
    /// By Android devices.
    pub android: u64,
    /// By computers.
    pub desktop: u64,
    /// By what does not say what it is.
    pub other: u64,
    /// By programs that open links by themselves, whatever they say that they run on.
    pub bots: u64,
}

impl StepCounts {
    fn add(&mut self, sum: &ScanSum) {
        let count = match (sum.bot, sum.device) {
            (true, _) => &mut self.bots,
            (false, Device::Ios) => &mut self.ios,
            (false, Device::Android) => &mut self.android,
            (false, Device::Desktop) => &mut self.desktop,
            (false, Device::Other) => &mut self.other,
        };
        *count = count.saturating_add(sum.scans);
    }

    /// Scans that were not a program's.
    #[must_use]
    pub fn people(&self) -> u64 {
        [self.ios, self.android, self.desktop, self.other]
            .iter()
            .fold(0, |all, count| u64::saturating_add(all, *count))
    }
}

impl ScanReport {
    /// Each step that had scans, in the order of time.
    #[must_use]
    pub fn steps(&self) -> BTreeMap<UnixTime, StepCounts> {
        let mut steps: BTreeMap<_, StepCounts> = BTreeMap::new();
        for sum in &self.sums {
            steps.entry(sum.at).or_default().add(sum);
        }
        steps
    }

    /// All together.
    #[must_use]
    pub fn total(&self) -> StepCounts {
        let mut total = StepCounts::default();
        for sum in &self.sums {
            total.add(sum);
        }
        total
    }

    /// As CSV (RFC 4180).
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = String::from("at,device,bot,scans\r\n");
        for sum in &self.sums {
            let (at, device) = (rfc3339(sum.at), sum.device);
            let _always = write!(csv, "{at},{device},{},{}\r\n", sum.bot, sum.scans);
        }
        csv
    }
}

/// Adds up scans.
///
/// # Errors
/// What the store says.
pub async fn report(store: &dyn Store, request: ShowScans) -> Result<ScanReport, StoreError> {
    let step = request.by.secs();
    let from = request.from.as_secs() - request.from.as_secs() % step;
    let until = (request.until.as_secs() - request.until.as_secs() % step).saturating_add(step);
    let (from, until) = (UnixTime::from_secs(from), UnixTime::from_secs(until));
    let query = ScanQuery {
        of: request.of,
        from,
        until,
        step_secs: step,
    };
    Ok(ScanReport {
        from,
        until,
        by: request.by,
        sums: store.scans(query).await?,
    })
}
