//! Many clients want the same codes of three nodes: exactly as many opens as were promised, also while nodes die.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::balancer::Balancer;
use crate::clients::{Client, Reply, together};
use crate::fixture::Server;
use crate::full;
use crate::mint::{Code, Mint};
use crate::random::Random;
use crate::site::{PATH, Site, open_until_told, receipt, start_again};

const CLIENTS: usize = 64;

/// A code, for how many opens it is, how many clients want it, and how many of them got the document.
pub struct Wanted {
    code: Code,
    may: usize,
    by: usize,
    opened: AtomicUsize,
}

impl Wanted {
    /// How many clients got the document.
    pub fn opens(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// How many opens it is for.
    pub fn may(&self) -> usize {
        self.may
    }
}

#[test]
fn of_many_clients_of_three_nodes_exactly_as_many_open_as_may() {
    let (single, seven, runs) = match full() {
        true => (10_000, 1_000, 5),
        false => (150, 15, 1),
    };
    let site = Site::start(&[]);
    let mut mint = site.mint();
    for run in 1..=runs {
        let begin = Instant::now();
        let wanted = wanted(&mut mint, &[(single, 1, 4), (seven, 7, 16)]);
        let again = race(&site.balancer, &wanted, &AtomicBool::new(false));
        for wanted in &wanted {
            let opened = wanted.opens();
            assert_eq!(opened, wanted.may, "{}", wanted.code.id);
        }
        report(&format!("run {run}"), &wanted, again, begin.elapsed());
        let compared = compare_with_receipts(&site, &wanted, |answered, opens| answered <= opens);
        println!("    the ledger has all opens of {compared} codes");
    }
}

#[test]
fn while_nodes_die_no_more_open_than_may_and_what_was_answered_is_in_the_ledger() {
    let (single, seven, runs, most_kills) = match full() {
        true => (10_000, 1_000, 5, usize::MAX),
        false => (5_000, 500, 1, 3),
    };
    let mut site = Site::start(&[]);
    let mut mint = site.mint();
    let mut random = Random::from_seed(0x5eed);
    for run in 1..=runs {
        let begin = Instant::now();
        let wanted = wanted(&mut mint, &[(single, 1, 4), (seven, 7, 16)]);
        let (plain, held) = (mint.plain(), mint.one(1));
        let (over, enough) = (AtomicBool::new(false), AtomicBool::new(false));
        let looks = AtomicUsize::new(0);
        let Site {
            nodes, balancer, ..
        } = &mut site;
        let balancer = &*balancer;
        let (plain, held, over, looks) = (&plain, &held, &over, &looks);
        let (kills, again) = thread::scope(|scope| {
            let racing = scope.spawn(|| {
                let again = race(balancer, &wanted, &enough);
                over.store(true, Ordering::SeqCst);
                again
            });
            for client in [balancer.client(PATH), balancer.passing_client(PATH)] {
                scope.spawn(move || look(&client, plain, held, over, looks));
            }
            // Nodes end with the thread that started them: this one.
            let mut kills = 0;
            while !over.load(Ordering::SeqCst) {
                if kills == most_kills {
                    enough.store(true, Ordering::SeqCst);
                } else {
                    kills += kill_one(nodes, over, &mut random);
                }
                thread::sleep(Duration::from_millis(10));
            }
            (kills, racing.join().unwrap())
        });
        for wanted in &wanted {
            let opened = wanted.opens();
            assert!(
                opened <= wanted.may,
                "{} opened {opened} times",
                wanted.code.id
            );
        }
        report(
            &format!("run {run} with {kills} kills"),
            &wanted,
            again,
            begin.elapsed(),
        );
        println!(
            "    {} GETs of a plain code and of a limited one meanwhile: none failed",
            looks.load(Ordering::SeqCst)
        );
        assert!(kills > 0);
        let compared = compare_with_receipts(&site, &wanted, |answered, opens| answered <= opens);
        println!("    the ledger has all opens of {compared} codes");
    }
}

/// Kills a random node when two seconds are over, and starts it again; how many were killed.
fn kill_one(nodes: &mut [Server], over: &AtomicBool, random: &mut Random) -> usize {
    let next = Instant::now() + Duration::from_secs(2);
    while Instant::now() < next {
        if over.load(Ordering::SeqCst) {
            return 0;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let node = &mut nodes[random.below(3)];
    node.kill();
    start_again(node);
    1
}

/// Codes: how many, for how many opens each, and how many clients want each.
pub fn wanted(mint: &mut Mint, codes: &[(usize, usize, usize)]) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for (count, may, by) in codes.iter().copied() {
        let minted = mint.limited(count, u32::try_from(may).unwrap());
        wanted.extend(wanted_of(minted, may, by));
    }
    wanted
}

/// Codes that may be opened so often, and so many clients want each.
pub fn wanted_of(codes: Vec<Code>, may: usize, by: usize) -> Vec<Wanted> {
    codes
        .into_iter()
        .map(|code| Wanted {
            code,
            may,
            by,
            opened: AtomicUsize::new(0),
        })
        .collect()
}

/// Lets clients want each code, those of one code close to each other, until all have got an answer or it is enough. How
/// often a client had to ask again because nobody could tell it.
pub fn race(balancer: &Balancer, wanted: &[Wanted], enough: &AtomicBool) -> usize {
    let turns: Vec<&Wanted> = wanted
        .iter()
        .flat_map(|wanted| std::iter::repeat_n(wanted, wanted.by))
        .collect();
    let next = AtomicUsize::new(0);
    let again = together(CLIENTS, |_| {
        let client = balancer.client(PATH);
        let mut again = 0;
        while !enough.load(Ordering::SeqCst) {
            let Some(wanted) = turns.get(next.fetch_add(1, Ordering::SeqCst)) else {
                break;
            };
            let (reply, repeats) = open_until_told(&client, &wanted.code);
            again += repeats;
            match (reply.status, reply.code().as_str()) {
                (200, _) => {
                    wanted.opened.fetch_add(1, Ordering::SeqCst);
                }
                (410, "token_used_up") => {}
                _ => panic!("{reply:?}"),
            }
        }
        again
    });
    again.iter().sum()
}

/// Looks at a plain and at a limited code again and again: there is always an answer.
fn look(client: &Client, plain: &Code, held: &Code, over: &AtomicBool, looks: &AtomicUsize) {
    let told = |code: &Code| -> Reply {
        let reply = client.get(&format!("/{}", code.digits));
        looks.fetch_add(1, Ordering::SeqCst);
        reply.expect("an answer")
    };
    while !over.load(Ordering::SeqCst) {
        let reply = told(plain);
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = told(held);
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (403, "open_required"),
            "{reply:?}"
        );
        // As often as many phones look, and no more: the races are what loads the nodes.
        thread::sleep(Duration::from_millis(5));
    }
}

fn report(what: &str, wanted: &[Wanted], again: usize, time: Duration) {
    let opens = |may| -> usize {
        let of_these = wanted.iter().filter(|wanted| wanted.may == may);
        of_these.map(Wanted::opens).sum()
    };
    let codes = |may| wanted.iter().filter(|wanted| wanted.may == may).count();
    println!(
        "races on three nodes, {what}: {CLIENTS} clients, {} single-use codes opened {} times, {} max-7 codes {} times, \
         asked again {again} times, in {:.1} s",
        codes(1),
        opens(1),
        codes(7),
        opens(7),
        time.as_secs_f64()
    );
}

/// Compares the opens of each code that were answered with those that the ledger has; how many codes there were.
pub fn compare_with_receipts(
    site: &Site,
    wanted: &[Wanted],
    agree: impl Fn(usize, usize) -> bool + Sync,
) -> usize {
    let compared = together(8, |number| {
        let issuer = site.issuer();
        let mine = wanted.iter().skip(number).step_by(8);
        mine.filter(|wanted| wanted.opens() > 0)
            .map(|wanted| {
                let receipt = receipt(&issuer, wanted.code.id);
                let opens = usize::try_from(receipt["opens"].as_u64().unwrap()).unwrap();
                assert!(
                    opens <= wanted.may && agree(wanted.opens(), opens),
                    "{} answered: {receipt}",
                    wanted.opens()
                );
            })
            .count()
    });
    compared.iter().sum()
}
