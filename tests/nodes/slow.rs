//! Thousands of clients that send a byte now and then: the others do not wait for them.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::balancer::{Balancer, NAME};
use crate::clients::Client;
use crate::full;
use crate::site::{Site, connect_from};
use crate::times::Times;

/// Where slow clients come from, so that what is counted by address counts them for themselves: a hundred of each of the four
/// threads from one address, since a node lets 256 connections of one in.
fn theirs(number: usize) -> Ipv4Addr {
    let last = u8::try_from(2 + number / 100).expect("a few thousand clients");
    Ipv4Addr::new(127, 0, 0, last)
}

#[test]
fn thousands_of_slow_connections_leave_the_others_working() {
    let (connections, time) = match full() {
        true => (2_000, Duration::from_secs(30)),
        false => (240, Duration::from_secs(3)),
    };
    let site = Site::start(&[]);
    let mut mint = site.mint();
    let (plain, codes) = (mint.plain(), mint.limited(100_000, 1));
    let next = AtomicUsize::new(0);
    let node = site.nodes[0].address();
    let honest = |over: &dyn Fn() -> bool| {
        let [mut through_nginx, mut at_node] = [Times::default(), Times::default()];
        let (passing, kept) = (site.passing_client(), site.client());
        while !over() {
            // At the node too, each on a connection of its own.
            let direct = Client::of(&format!("http://{node}"));
            let clients = [
                (&passing, &mut through_nginx),
                (&kept, &mut Times::default()),
                (&direct, &mut at_node),
            ];
            for (client, times) in clients {
                let code = &codes[next.fetch_add(1, Ordering::SeqCst)];
                let begin = Instant::now();
                let looked = client
                    .get(&format!("/{}", plain.digits))
                    .expect("an answer");
                let opened = client.open(&code.digits).expect("an answer");
                times.add(begin.elapsed());
                assert_eq!(
                    (looked.status, opened.status),
                    (200, 200),
                    "{looked:?} {opened:?}"
                );
            }
            // As often as people come.
            thread::sleep(Duration::from_millis(2));
        }
        [through_nginx, at_node]
    };
    let end = Instant::now() + time;
    let usual = honest(&|| Instant::now() >= end);

    let crowd = Crowd::new(&site.balancer, node);
    let over = AtomicBool::new(false);
    let crowded = thread::scope(|scope| {
        for part in 0..4 {
            let (crowd, over) = (&crowd, &over);
            scope.spawn(move || crowd.drip(part, connections / 4, over));
        }
        while crowd.open.load(Ordering::SeqCst) < connections {
            thread::sleep(Duration::from_millis(10));
        }
        let end = Instant::now() + time;
        let crowded = honest(&|| Instant::now() >= end);
        over.store(true, Ordering::SeqCst);
        crowded
    });
    for (way, usual, crowded) in [
        ("nginx", &usual[0], &crowded[0]),
        ("a node itself", &usual[1], &crowded[1]),
    ] {
        println!(
            "slow connections: {connections} of them ({} were closed and made again); a GET and an open through {way}: usually \
             {usual}, then {crowded} ({} times, none failed)",
            crowd.again.load(Ordering::SeqCst),
            crowded.count()
        );
        if full() {
            assert!(crowded.within(99) < usual.within(99) * 2, "{way}");
        }
    }
}

/// Slow clients of all kinds.
struct Crowd {
    nginx: SocketAddr,
    node: SocketAddr,
    tls: Arc<ClientConfig>,
    open: AtomicUsize,
    again: AtomicUsize,
    /// Handshakes one after the other: the crowd is slow, not a flood.
    making: Mutex<()>,
}

/// A connection, and what it sends a byte of now and then.
struct Slow {
    stream: Box<dyn Write>,
    next: std::iter::Chain<
        std::slice::Iter<'static, u8>,
        std::iter::Cycle<std::slice::Iter<'static, u8>>,
    >,
}

impl Crowd {
    fn new(balancer: &Balancer, node: SocketAddr) -> Self {
        let mut trusted = RootCertStore::empty();
        let certificate = CertificateDer::from(balancer.certificate().der().to_vec());
        trusted.add(certificate).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Self {
            nginx: SocketAddr::from(([127, 0, 0, 1], balancer.port())),
            node,
            tls: Arc::new(tls),
            open: AtomicUsize::new(0),
            again: AtomicUsize::new(0),
            making: Mutex::new(()),
        }
    }

    /// Keeps so many connections, and sends a byte on each of them twice a second.
    fn drip(&self, part: usize, count: usize, over: &AtomicBool) {
        let mut slow: Vec<Option<Slow>> = (0..count).map(|_| None).collect();
        while !over.load(Ordering::SeqCst) {
            let begin = Instant::now();
            for (number, slow) in slow.iter_mut().enumerate() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let is_taken = slow.as_mut().map(Slow::send);
                match is_taken {
                    None => self.open.fetch_add(1, Ordering::SeqCst),
                    Some(true) => continue,
                    Some(false) => self.again.fetch_add(1, Ordering::SeqCst),
                };
                *slow = Some(self.make(part + number));
            }
            thread::sleep(Duration::from_millis(500).saturating_sub(begin.elapsed()));
        }
    }

    fn make(&self, number: usize) -> Slow {
        const HELLO: &[u8] = &[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
        const HEAD: &[u8] = b"GET /codes/0123 HTTP/1.1\r\nHost: a\r\nX-Slow: ";
        const BODY: &[u8] =
            b"POST /codes/api/tokens HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
            Content-Length: 200000\r\n\r\n";
        let _one_at_a_time = self.making.lock().unwrap();
        let tls = || -> Box<dyn Write> {
            let name = ServerName::try_from(NAME).expect("a name");
            let connection = ClientConnection::new(Arc::clone(&self.tls), name).expect("a client");
            let mut stream = StreamOwned::new(connection, from_theirs(number, self.nginx));
            stream.flush().expect("a handshake");
            Box::new(stream)
        };
        let (mut stream, at_once, slowly): (Box<dyn Write>, &[u8], &'static [u8]) = match number % 5
        {
            0 => (Box::new(from_theirs(number, self.nginx)), b"", HELLO),
            1 => (tls(), b"", HEAD),
            2 => (tls(), BODY, b""),
            3 => (Box::new(from_theirs(number, self.node)), b"", HEAD),
            _ => (Box::new(from_theirs(number, self.node)), BODY, b""),
        };
        // It may be closed already: then it is made again.
        let _sent = stream.write_all(at_once);
        Slow {
            stream,
            next: slowly.iter().chain(b"1".iter().cycle()),
        }
    }
}

impl Slow {
    /// Sends one byte; false if nobody takes it any more.
    fn send(&mut self) -> bool {
        let byte = self.next.next().expect("without end");
        self.stream.write_all(&[*byte]).is_ok() && self.stream.flush().is_ok()
    }
}

fn from_theirs(number: usize, to: SocketAddr) -> TcpStream {
    let stream = connect_from(theirs(number), to);
    let patience = Some(Duration::from_secs(5));
    stream.set_write_timeout(patience).expect("a socket");
    stream
}
