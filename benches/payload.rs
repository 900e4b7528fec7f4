//! What checking, minifying and packing a document costs.
//!
//! `cargo bench --bench payload`

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use qrseal::payload::zstd1::{Effort, pack, unpack};
use qrseal::payload::{MAX_BYTES, MAX_MEMBERS, check, minify};

/// An invoice as a program writes it, 224 bytes, and as a person indents it.
const INVOICE: &str = r#"{"id":"INV-2026-0042","issued_on":"2026-03-14","seller":"Nordlicht Papier GmbH","buyer":"Anna Berg","lines":[{"item":"Paper A4, 500 sheets","qty":2,"price":6.90},{"item":"Ink, black","qty":1,"price":21.50}],"total":35.30}"#;
const INDENTED: &str = r#"{
  "id": "INV-2026-0042",
  "issued_on": "2026-03-14",
  "seller": "Nordlicht Papier GmbH",
  "buyer": "Anna Berg",
  "lines": [
    { "item": "Paper A4, 500 sheets", "qty": 2, "price": 6.90 },
    { "item": "Ink, black", "qty": 1, "price": 21.50 }
  ],
  "total": 35.30
}"#;

fn json(criterion: &mut Criterion) {
    let member = |n: usize| {
        format!(
            "\"a long name that differs from the others at its end only {:03}\":1",
            n * 607 % MAX_MEMBERS
        )
    };
    let long_names: Vec<String> = (0..MAX_MEMBERS).map(member).collect();
    let same_names = "{\"a\":0,\"\\u0062\":0,\"c\":0}";
    let cases = [
        ("invoice", INVOICE.to_owned()),
        ("indented invoice", INDENTED.to_owned()),
        (
            "65 KiB in one string",
            format!("\"{}\"", "x".repeat(MAX_BYTES - 2)),
        ),
        (
            "65 KiB of numbers",
            format!("[{}0]", "1.5,".repeat(MAX_BYTES / 4 - 1)),
        ),
        ("1,000 long names", format!("{{{}}}", long_names.join(","))),
        (
            "65 KiB of small objects",
            format!("[{}0]", format!("{same_names},").repeat(MAX_BYTES / 26 - 1)),
        ),
    ];
    let mut group = criterion.benchmark_group("json");
    for (name, document) in &cases {
        group.throughput(Throughput::Bytes(document.len() as u64));
        group.bench_function(format!("minify {name}"), |bencher| {
            bencher.iter(|| minify(black_box(document.as_bytes())));
        });
        group.bench_function(format!("check {name}"), |bencher| {
            bencher.iter(|| check(black_box(document.as_bytes())).is_ok());
        });
    }
    group.finish();
}

fn codec_1(criterion: &mut Criterion) {
    let document = minify(INVOICE.as_bytes()).expect("the invoice is JSON");
    let body = pack(&document, Effort::Fast).expect("the invoice gets smaller");
    let mut group = criterion.benchmark_group("codec 1");
    group.bench_function("pack invoice, fast", |bencher| {
        bencher.iter(|| pack(black_box(&document), Effort::Fast));
    });
    group.bench_function("pack invoice, best", |bencher| {
        bencher.iter(|| pack(black_box(&document), Effort::Best));
    });
    group.bench_function("unpack invoice", |bencher| {
        bencher.iter(|| unpack(black_box(&body)));
    });
    group.finish();
}

criterion_group!(benches, json, codec_1);
criterion_main!(benches);
