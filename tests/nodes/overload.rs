//! Three times as many requests as there can be answers: most of the answers that there can be still come.

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
    let memory_before = site.memory_mib();
    let peak = [16, 64, 256]
        .map(|clients| flood.patiently(clients, warm).good_a_second())
        .into_iter()
        .fold(0.0, f64::max);
    let (overload, memory_most) = thread::scope(|scope| {
        let flooding = scope.spawn(|| flood.regardless(3.0 * peak, most, time));
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
        let usual = flood.regardless(0.3 * peak, most, Duration::from_secs(1));
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
