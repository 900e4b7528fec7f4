//! What a scan's look into the block lists costs among a million names: a host that no list has, which asks for each name above
//! it, and one that a list has; and how much memory the names take.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;

use criterion::{Criterion, criterion_group, criterion_main};
use qrseal::targets::BlockList;

const NAMES: u32 = 1_000_000;

fn looking_up(c: &mut Criterion) {
    let mut text = String::new();
    for n in 0..NAMES {
        writeln!(text, "0.0.0.0 {}", name(n)).expect("a String takes everything");
    }
    let mut list = BlockList::default();
    list.add(0, Cursor::new(text)).expect("a list of hosts");
    list.finish();
    let memory = list.memory_bytes();
    println!("block list: {NAMES} names take {} KiB", memory / 1024);
    assert!(memory <= 64 << 20, "{memory} bytes");
    let mut group = c.benchmark_group("block list");
    // Another name each time: what was asked last is in the processor's cache.
    let mut n = 0_u32;
    group.bench_function("no list has it", |b| {
        b.iter(|| {
            n = n.wrapping_add(1);
            list.blocks(black_box(&format!("www.shop-{n}.example.com")))
        });
    });
    group.bench_function("a list has it", |b| {
        b.iter(|| {
            n = (n + 7_919) % NAMES;
            list.blocks(black_box(&name(n)))
        });
    });
    group.finish();
}

fn name(n: u32) -> String {
    format!(
        "host-{:08x}.tracking.example",
        n.wrapping_mul(2_654_435_761)
    )
}

criterion_group!(benches, looking_up);
criterion_main!(benches);
