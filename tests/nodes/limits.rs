//! One client that calls itself many is limited as one.

use std::io::{BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use crate::site::{PATH, Site, connect_from};

const REQUESTS: usize = 1_000;
const A_MINUTE: usize = 120;

#[test]
fn a_thousand_requests_with_forged_addresses_are_limited_as_one_client() {
    let rate = A_MINUTE.to_string();
    let site = Site::start(&[
        ("QRSEAL_LIMITS__ENABLED", "true"),
        ("QRSEAL_LIMITS__OPENS_PER_MINUTE", &rate),
    ]);
    let plain = site.mint().plain();
    let path = format!("{PATH}/{}", plain.digits);
    let attacker = Ipv4Addr::new(127, 0, 0, 3);
    let (nginx, node) = (site.balancer.plain_address(), site.nodes[0].address());
    // Each node counts for itself. What is asked of one node directly comes from nobody that it trusts.
    for (way, to, from, nodes) in [
        ("nginx", nginx, attacker, 3),
        ("a node itself", node, Ipv4Addr::new(127, 0, 0, 4), 1),
    ] {
        let begin = Instant::now();
        let statuses = ask(to, from, &path, REQUESTS);
        let answered = statuses.iter().filter(|status| **status == 200).count();
        let limited = statuses.iter().filter(|status| **status == 429).count();
        assert_eq!(answered + limited, REQUESTS, "{way}: {statuses:?}");
        // A minute's worth at once, and what comes back meanwhile.
        let seconds = usize::try_from(begin.elapsed().as_secs()).unwrap() + 1;
        let most = nodes * (A_MINUTE + seconds * A_MINUTE / 60 + 1);
        println!(
            "limits: of {REQUESTS} requests with forged addresses through {way} {answered} were answered, {limited} got 429"
        );
        assert!(
            (nodes * A_MINUTE / 2..=most).contains(&answered),
            "{answered}, at most {most}"
        );
        let other = ask(to, Ipv4Addr::new(127, 0, 0, 5), &path, 10);
        assert!(
            other.iter().all(|status| *status == 200),
            "somebody else is not limited: {other:?}"
        );
    }
    let limited = {
        let client = site.client();
        let replies = (0..REQUESTS).map(|_| client.get(&format!("/{}", plain.digits)).unwrap());
        let mut limited = replies.skip_while(|reply| reply.status == 200);
        limited.next().expect("at some time it is too much")
    };
    assert_eq!(
        (limited.status, limited.code().as_str()),
        (429, "rate_limited")
    );
    assert!(limited.retry_after.is_some(), "{limited:?}");
}

/// Asks so often, each time from another address by its own account; the statuses.
fn ask(to: SocketAddr, from: Ipv4Addr, path: &str, times: usize) -> Vec<u16> {
    let mut connection = BufReader::new(connect_from(from, to));
    (0..times)
        .map(|time| {
            let forged = format!("10.{}.{}.7", time / 250, time % 250);
            // nginx takes a thousand requests on a connection; then there is a new one.
            if time % 500 == 499 {
                connection = BufReader::new(connect_from(from, to));
            }
            write!(
                connection.get_mut(),
                "GET {path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {forged}\r\nX-Forwarded-For: 127.0.0.1, {forged}\r\n\
                 Forwarded: for={forged}\r\nX-Real-IP: {forged}\r\n\r\n"
            )
            .unwrap();
            read_answer(&mut connection)
        })
        .collect()
}

/// The status of an answer, which is read to its end.
fn read_answer(connection: &mut impl std::io::BufRead) -> u16 {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(
            connection.read_line(&mut head).unwrap() > 0,
            "the answer ends early: {head}"
        );
    }
    let head = head.to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    connection
        .read_exact(&mut vec![0; length.parse().unwrap()])
        .unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
