//! Three times as many requests as there can be answers: most of the answers that there can be still come.
//!
//! Whoever floods does not do it on the nodes' own processors. So the nodes and the database have one core, and the clients
//! and nginx the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::clients::new_open_id;
use crate::flood::Flood;
use crate::full;
use crate::site::{PATH, Site};

#[test]
fn three_times_the_capacity_leaves_most_of_it_and_passes_without_a_trace() {
    let (warm, time, most) = match full() {
        true => (Duration::from_secs(10), Duration::from_secs(60), 6_000),
        false => (Duration::from_secs(2), Duration::from_secs(4), 600),
    };
    let site = Site::start(&[]);
    let mut mint = site.mint();
    let plain = mint.plain().digits;
    let codes: Vec<_> = mint
        .limited(20_000, 100_000)
        .into_iter()
        .map(|code| code.digits)
        .collect();
    let turn = AtomicUsize::new(0);
    // One half looks at plain codes, the other opens limited ones.
    let flood = Flood::of(site.balancer.plain_address(), move || {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        if turn.is_multiple_of(2) {
            return format!("GET {PATH}/{plain} HTTP/1.1\r\nHost: a\r\n\r\n").into();
        }
        let body = format!(r#"{{"open_id":"{}"}}"#, new_open_id());
        format!(
            "POST {PATH}/{} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            codes[turn / 2 % codes.len()],
            body.len()
        )
        .into()
    });
    separate(&site);
    let memory_before = site.memory_mib();
    let peak = [16, 64, 256]
        .map(|clients| elsewhere(|| flood.patiently(clients, warm)).good_a_second())
        .into_iter()
        .fold(0.0, f64::max);
    let (overload, memory_most) = thread::scope(|scope| {
        let flooding = scope.spawn(|| elsewhere(|| flood.regardless(3.0 * peak, most, time)));
        let mut most = vec![0; site.nodes.len()];
        while !flooding.is_finished() {
            for (most, now) in most.iter_mut().zip(site.memory_mib()) {
                *most = now.max(*most);
            }
            thread::sleep(Duration::from_millis(100));
        }
        (flooding.join().unwrap(), most)
    });
    let over = Instant::now();
    let back = loop {
        let usual = elsewhere(|| flood.regardless(0.3 * peak, most, Duration::from_secs(1)));
        if usual.refused + usual.missed == 0 {
            break over.elapsed();
        }
        assert!(over.elapsed() < Duration::from_secs(60), "{usual:?}");
    };
    let share = overload.good_a_second() / peak;
    println!(
        "overload: at most {peak:.0} good answers a second; with {:.0} requests a second {:.0} ({:.0} %), {}; {} were told to come \
         back, {} got nothing within 3 s (or {most} waited already); back to normal {:.1} s after; resident memory of the nodes {memory_before:?} MiB before, \
         {memory_most:?} MiB at most, {:?} MiB after",
        3.0 * peak,
        overload.good_a_second(),
        100.0 * share,
        overload.times,
        overload.refused,
        overload.missed,
        back.as_secs_f64(),
        site.memory_mib()
    );
    assert!(overload.good > 0);
    if full() {
        assert!(share >= 0.8, "goodput {share:.2} of the peak");
        assert!(back <= Duration::from_secs(11), "{back:?}");
        assert!(
            memory_most.iter().all(|mib| *mib < 256),
            "{memory_most:?} MiB"
        );
    }
}

/// Gives the nodes and the database the first core, and nginx the others.
fn separate(site: &Site) {
    for node in &site.nodes {
        put_on(THEIRS, node.process_id());
    }
    for process in with_children(site.cluster.process_id()) {
        put_on(THEIRS, process);
    }
    for process in with_children(site.balancer.process_id()) {
        put_on(&others(), process);
    }
}

/// Does `work` on a thread that has the cores that the nodes do not have.
fn elsewhere<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let working = scope.spawn(|| {
            let thread = std::fs::read_link("/proc/thread-self").unwrap();
            let thread = thread.file_name().unwrap().to_str().unwrap();
            taskset(&["-cp", &others(), thread]);
            work()
        });
        working.join().unwrap()
    })
}

const THEIRS: &str = "0";

/// All cores but the first; with one core, that one.
fn others() -> String {
    match thread::available_parallelism().map_or(1, std::num::NonZero::get) {
        1 => THEIRS.to_owned(),
        cores => format!("1-{}", cores - 1),
    }
}

fn with_children(process: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap();
    let children = children
        .split_whitespace()
        .map(|child| child.parse().unwrap());
    std::iter::once(process).chain(children).collect()
}

fn put_on(cores: &str, process: u32) {
    taskset(&["-acp", cores, &process.to_string()]);
}

fn taskset(arguments: &[&str]) {
    let output = std::process::Command::new("taskset")
        .args(arguments)
        .output();
    // A process of the database may have ended meanwhile.
    assert!(output.is_ok(), "taskset: {output:?}");
}
