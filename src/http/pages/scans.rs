//! How often links were scanned: a chart of bars, and the same as a table.

use std::collections::BTreeMap;

use askama::Template;

use super::site::{self, Site};
use super::words::Moment;
use crate::links::StepCounts;

/// Bars of a chart; of a longer time the latest.
const MAX_BARS: u64 = 168;

/// Units of the chart: width of a bar and its gap, and height of all.
const BAR: u64 = 8;
const HEIGHT: u64 = 160;

/// Scans, as their page shows them.
#[derive(Debug, Clone)]
pub struct ScansView<'a> {
    /// What the link is called: its note, or its id.
    pub name: &'a str,
    /// Whether hours are added up, and not days.
    pub by_hour: bool,
    /// The beginning of the first step, in seconds since 1970.
    pub first: i64,
    /// Seconds of a step.
    pub step_secs: u64,
    /// How many steps there are.
    pub steps: u64,
    /// The steps that had scans, by their beginnings.
    pub counts: BTreeMap<i64, StepCounts>,
    /// All together.
    pub total: StepCounts,
}

impl ScansView<'_> {
    /// The same, drawn.
    pub(super) fn drawn(&self, site: &Site<'_>) -> DrawnScans {
        let latest = self.counts.iter().rev();
        DrawnScans {
            by_hour: self.by_hour,
            chart: Chart::of(self),
            rows: latest
                .map(|(at, counts)| (site.moment(*at), *counts))
                .collect(),
        }
    }
}

/// Scans as `scans_part.html` shows them.
pub(super) struct DrawnScans {
    pub(super) by_hour: bool,
    pub(super) chart: Chart,
    /// The steps that had scans, the latest first.
    pub(super) rows: Vec<(Moment, StepCounts)>,
}

/// The page.
#[must_use]
pub fn scans(site: &Site<'_>, view: &ScansView<'_>) -> String {
    site::render(&ScansPage {
        site,
        view,
        drawn: view.drawn(site),
    })
}

/// A part of a bar.
pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) height: u64,
}

/// Bars, from the bottom up by kind of device.
pub(super) struct Chart {
    pub(super) width: u64,
    pub(super) parts: Vec<Part>,
    /// What the highest bar stands for.
    pub(super) most: u64,
}

impl Chart {
    pub(super) fn of(view: &ScansView<'_>) -> Self {
        let bars = view.steps.clamp(1, MAX_BARS);
        let skipped = view.steps.saturating_sub(bars);
        let of_step = |counts: &StepCounts| {
            [
                ("ios", counts.ios),
                ("android", counts.android),
                ("desktop", counts.desktop),
                ("other", counts.other),
                ("bots", counts.bots),
            ]
        };
        let number = |at: i64| {
            let secs = u64::try_from(at.saturating_sub(view.first)).ok()?;
            (secs / view.step_secs.max(1)).checked_sub(skipped)
        };
        let shown = || {
            let all = view.counts.iter();
            all.filter_map(|(at, counts)| Some((number(*at)?, of_step(counts))))
        };
        let sum = |kinds: &[(&str, u64)]| {
            kinds
                .iter()
                .fold(0_u64, |sum, (_, scans)| sum.saturating_add(*scans))
        };
        let most = shown().map(|(_, kinds)| sum(&kinds)).max();
        let most = most.unwrap_or_default().max(1);
        let mut parts = Vec::new();
        for (bar, kinds) in shown() {
            let mut below = 0_u64;
            for (class, scans) in kinds {
                let (from, to) = (
                    scaled(below, most),
                    scaled(below.saturating_add(scans), most),
                );
                below = below.saturating_add(scans);
                if to > from {
                    parts.push(Part {
                        class,
                        x: bar * BAR,
                        y: HEIGHT - to,
                        height: to - from,
                    });
                }
            }
        }
        Self {
            width: bars * BAR,
            parts,
            most,
        }
    }
}

/// So many of the highest bar's, in units of the chart.
fn scaled(scans: u64, most: u64) -> u64 {
    let units = u128::from(scans) * u128::from(HEIGHT) / u128::from(most.max(1));
    u64::try_from(units).unwrap_or(HEIGHT).min(HEIGHT)
}

#[derive(Template)]
#[template(path = "scans.html")]
struct ScansPage<'a> {
    site: &'a Site<'a>,
    view: &'a ScansView<'a>,
    drawn: DrawnScans,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    const SITE: Site<'_> = Site {
        base: "/codes",
        issuer: "Shop & <Co>",
        contact: None,
        version: "1.2.3",
        language: Language::English,
        docs: true,
        chosen: false,
        switch: None,
    };

    fn view(counts: &[(i64, StepCounts)]) -> ScansView<'static> {
        ScansView {
            name: "table <7>",
            by_hour: false,
            first: 86_400 * 20_000,
            step_secs: 86_400,
            steps: 30,
            counts: counts
                .iter()
                .map(|(day, counts)| (86_400 * (20_000 + day), *counts))
                .collect(),
            total: StepCounts::default(),
        }
    }

    #[test]
    fn each_step_is_a_bar_of_its_kinds_and_a_row_of_the_table() {
        let busy = StepCounts {
            ios: 30,
            android: 10,
            ..StepCounts::default()
        };
        let quiet = StepCounts {
            bots: 20,
            ..StepCounts::default()
        };
        let html = scans(&SITE, &view(&[(0, busy), (29, quiet)]));
        for part in [
            "table &#60;7&#62;",
            "viewBox=\"0 0 240 160\"",
            "<rect class=\"ios\" x=\"0\" y=\"40\" width=\"7\" height=\"120\"/>",
            "<rect class=\"android\" x=\"0\" y=\"0\" width=\"7\" height=\"40\"/>",
            "<rect class=\"bots\" x=\"232\" y=\"80\" width=\"7\" height=\"80\"/>",
            "<td class=\"n\">30</td>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains(" style="));
    }

    #[test]
    fn numbers_that_cannot_be_make_no_chart_that_cannot_be() {
        let all = StepCounts {
            ios: u64::MAX,
            bots: u64::MAX,
            ..StepCounts::default()
        };
        let html = scans(&SITE, &view(&[(-5, all), (3, all), (5_000, all)]));
        assert!(html.contains("viewBox=\"0 0 240 160\""));
        assert!(scans(&SITE, &view(&[])).contains("No scans yet"));
    }
}
