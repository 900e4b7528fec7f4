//! The figures as text for people and as JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::measure::{InScheme, LEVELS, Measured};
use crate::schemes::{OURS, SCHEMES};
use crate::segments::Fit;

/// Where level M is in [`LEVELS`].
const MEDIUM: usize = 1;

/// Every document in every scheme.
pub fn documents(measured: &[Measured]) -> String {
    let mut text = String::new();
    for document in measured {
        let _ = writeln!(text, "{}, {} bytes", document.name, document.payload_bytes);
        let _ = writeln!(
            text,
            "  {:22} {:>6} {:>6}   {:>12} {:>12} {:>12}   of M",
            "", "link", "bits", "L  v   area", "M  v   area", "Q  v   area"
        );
        for (scheme, result) in SCHEMES.iter().zip(&document.by_scheme) {
            let _ = write!(
                text,
                "  {:22} {:>6} {:>6}  ",
                scheme.name, result.link_characters, result.fits[MEDIUM].bits
            );
            for fit in &result.fits {
                let _ = write!(text, " {:>12}", version_and_area(*fit));
            }
            let _ = writeln!(
                text,
                "   {:>5}",
                times_ours(result, &document.by_scheme[OURS])
            );
        }
        text.push('\n');
    }
    text
}

fn version_and_area(fit: Fit) -> String {
    match (fit.version, fit.area_modules()) {
        (Some(version), Some(area)) => format!("{version:>2}  {area:>5}"),
        _ => "too large".to_owned(),
    }
}

fn times_ours(result: &InScheme, ours: &InScheme) -> String {
    match (
        result.fits[MEDIUM].area_modules(),
        ours.fits[MEDIUM].area_modules(),
    ) {
        (Some(area), Some(ours)) => format!("x{:.2}", f64::from(area) / f64::from(ours)),
        _ => "-".to_owned(),
    }
}

/// The means over all documents that every scheme has a symbol for, and by family.
pub fn means(measured: &[Measured]) -> String {
    let mut text = String::new();
    let bytes: usize = measured.iter().map(|document| document.payload_bytes).sum();
    let _ = writeln!(text, "{} documents, {bytes} bytes", measured.len());
    for (level, name) in LEVELS.iter().enumerate() {
        let compared = measured
            .iter()
            .filter(|document| document.fits_everywhere(level))
            .count();
        let _ = writeln!(
            text,
            "  level {name}: means over {compared} documents that fit a symbol in every scheme"
        );
    }
    let _ = writeln!(
        text,
        "\n  {:22} {:>7}   {:>12} {:>12} {:>12}   {:>6} {:>7} {:>9}",
        "mean",
        "bits M",
        "L  v    area",
        "M  v    area",
        "Q  v    area",
        "of M",
        "larger",
        "too large"
    );
    for (index, scheme) in SCHEMES.iter().enumerate() {
        let _ = write!(
            text,
            "  {:22} {:>7.0}  ",
            scheme.name,
            Mean::of(measured, index, MEDIUM).bits
        );
        for level in 0..LEVELS.len() {
            let mean = Mean::of(measured, index, level);
            let _ = write!(text, " {:>5.2} {:>6.0}", mean.version, mean.area);
        }
        let ours = Mean::of(measured, OURS, MEDIUM).area;
        let larger = measured
            .iter()
            .filter(|document| is_larger(&document.by_scheme, index))
            .count();
        let too_large = measured
            .iter()
            .filter(|document| document.by_scheme[index].fits[MEDIUM].version.is_none());
        let _ = writeln!(
            text,
            "   x{:>5.2} {larger:>7} {:>9}",
            Mean::of(measured, index, MEDIUM).area / ours,
            too_large.count()
        );
    }
    text.push_str("\n  of M: mean area at level M over ours; larger: documents whose symbol at M is larger than ours;\n");
    text.push_str("  too large: documents that fit no symbol at M. Areas in modules, with the quiet zone of 4.\n");
    text + &families(measured)
}

/// At level M, and a symbol that does not exist is larger than one that does.
fn is_larger(by_scheme: &[InScheme], index: usize) -> bool {
    let side = |scheme: usize| by_scheme[scheme].fits[MEDIUM].version.unwrap_or(u8::MAX);
    side(index) > side(OURS)
}

fn families(measured: &[Measured]) -> String {
    let mut families: BTreeMap<&str, Vec<&Measured>> = BTreeMap::new();
    for document in measured {
        families
            .entry(document.family())
            .or_default()
            .push(document);
    }
    if families.len() == 1 || families.len() == measured.len() {
        return String::new();
    }
    let mut text = format!("\n  {:22} {:>4}", "mean area at M of ours", "");
    for scheme in &SCHEMES[OURS + 1..] {
        let _ = write!(
            text,
            " {:>8}",
            scheme
                .name
                .split_once(", ")
                .map_or(scheme.name, |(_, last)| last)
                .split(' ')
                .next()
                .unwrap_or_default()
        );
    }
    text.push('\n');
    for (family, documents) in families {
        let ours = Mean::of(documents.iter().copied(), OURS, MEDIUM).area;
        let _ = write!(text, "  {family:22} {:>4}", documents.len());
        for index in OURS + 1..SCHEMES.len() {
            let _ = write!(
                text,
                " {:>8.2}",
                Mean::of(documents.iter().copied(), index, MEDIUM).area / ours
            );
        }
        text.push('\n');
    }
    text
}

/// Means over the documents that fit a symbol in every scheme.
struct Mean {
    bits: f64,
    version: f64,
    area: f64,
}

impl Mean {
    fn of<'a>(
        measured: impl IntoIterator<Item = &'a Measured>,
        scheme: usize,
        level: usize,
    ) -> Self {
        let compared = measured
            .into_iter()
            .filter(|document| document.fits_everywhere(level));
        let (mut count, mut sum) = (
            0.0,
            Self {
                bits: 0.0,
                version: 0.0,
                area: 0.0,
            },
        );
        for fit in compared.map(|document| document.by_scheme[scheme].fits[level]) {
            count += 1.0;
            sum.bits += f64::from(fit.bits);
            sum.version += fit.version.map_or(0.0, f64::from);
            sum.area += fit.area_modules().map_or(0.0, f64::from);
        }
        Self {
            bits: sum.bits / count,
            version: sum.version / count,
            area: sum.area / count,
        }
    }
}

/// All figures: an object with `schemes`, `documents` and `means`; a symbol that does not exist is `null`.
pub fn json(measured: &[Measured]) -> serde_json::Result<String> {
    let schemes: Vec<Value> = SCHEMES
        .iter()
        .map(|scheme| json!({ "name": scheme.name, "specification": scheme.specification }))
        .collect();
    let documents = measured.iter().map(|document| {
        let results = SCHEMES.iter().zip(&document.by_scheme).map(|(scheme, result)| {
            let levels = LEVELS.iter().zip(result.fits).map(|(level, fit)| {
                let figures = json!({ "bits": fit.bits, "version": fit.version, "area_modules": fit.area_modules() });
                (level.as_str().to_owned(), figures)
            });
            let mut figures: serde_json::Map<String, Value> = levels.collect();
            figures.insert("link_characters".to_owned(), result.link_characters.into());
            (scheme.name.to_owned(), Value::Object(figures))
        });
        json!({
            "name": document.name,
            "payload_bytes": document.payload_bytes,
            "schemes": Value::Object(results.collect()),
        })
    });
    let means = SCHEMES.iter().enumerate().map(|(index, scheme)| {
        let levels = LEVELS.iter().enumerate().map(|(level, name)| {
            let Mean {
                bits,
                version,
                area,
            } = Mean::of(measured, index, level);
            (
                name.as_str().to_owned(),
                json!({ "bits": bits, "version": version, "area_modules": area }),
            )
        });
        (scheme.name.to_owned(), Value::Object(levels.collect()))
    });
    let report = json!({
        "schemes": schemes,
        "documents": documents.collect::<Vec<_>>(),
        "means": Value::Object(means.collect()),
    });
    serde_json::to_string_pretty(&report).map(|text| text + "\n")
}
