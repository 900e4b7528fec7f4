//! What it costs to count: a plain code that was opened, and a request of any other kind.

#![allow(missing_docs)]

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use qrseal::telemetry::metrics;

/// Requests between two rounds of upkeep: a busy second's.
const BETWEEN_UPKEEP: u32 = 20_000;

fn counting(criterion: &mut Criterion) {
    metrics::install();
    let took = Duration::from_micros(20);
    let mut counted = 0;
    // What was measured is put into its buckets now and then; that is a part of what it costs.
    let mut tidied = |count: &mut dyn FnMut()| {
        count();
        counted += 1;
        if counted % BETWEEN_UPKEEP == 0 {
            metrics::tidy();
        }
    };
    criterion.bench_function("metrics/plain code opened", |bencher| {
        bencher.iter(|| tidied(&mut || metrics::plain_opened(took)));
    });
    criterion.bench_function("metrics/request answered", |bencher| {
        let mut request =
            || metrics::request("POST", "/api/qrcode/encrypted-payload", 201, None, took);
        bencher.iter(|| tidied(&mut request));
    });
}

criterion_group!(benches, counting);
criterion_main!(benches);
