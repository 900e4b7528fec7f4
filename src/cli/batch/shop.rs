//! What rows are sealed with on the command line, and how fast PINs are hashed.
//!
//! Belongs here: keys, links, store and rooms of a run. Does not belong here: its rows and files.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::batch::{Drawing, Replays, Workshop};
use crate::cli::{Failure, setup};
use crate::clock;
use crate::config::Config;
use crate::issuing::{Issuer, Sealer, StoredRoom};
use crate::limits::DailyQuota;
use crate::link::Links;
use crate::long::LongWork;
use crate::pins::PinHashers;
use crate::pool::{Pool, PoolSettings, Room};
use crate::principal::Principal;
use crate::random;
use crate::samples::KnownSamples;
use crate::store::Store;
use crate::token::{Keyring, Nonce, Pin, pin_salt};

/// What sealing needs, beside each other.
pub struct Shop<'a> {
    keyring: &'a Keyring,
    store: Option<&'a dyn Store>,
    links: Links,
    pins: PinHashers,
    /// PINs that are hashed at once.
    pins_at_once: usize,
    long: LongWork,
    room: StoredRoom,
    max_inline_version: u8,
}

impl<'a> Shop<'a> {
    /// What a run with so many jobs needs.
    pub fn new(
        config: &Config,
        keyring: &'a Keyring,
        store: Option<&'a dyn Store>,
        jobs: usize,
    ) -> Result<Self, Failure> {
        let room = Room {
            at_once: jobs,
            queue: jobs,
        };
        let pins = Room {
            at_once: config.pin.hashes_at_once.min(jobs),
            queue: jobs,
        };
        let pool = Arc::new(Pool::new(PoolSettings {
            pins,
            pictures: room,
            picture_bytes: 0,
        }));
        let stored = StoredRoom::new(config.limits.stored_bytes);
        if let Some(store) = store {
            setup::wait_for(stored.look(store))?;
        }
        Ok(Self {
            keyring,
            store,
            links: Links::new(
                &config.public_url(),
                config.link.form,
                config.link.uppercase_scheme,
            ),
            pins: PinHashers::of(&pool),
            pins_at_once: pins.at_once.min(cores()),
            long: LongWork::of(&pool).with_samples(KnownSamples::beside(&config.keys.file)?),
            room: stored,
            max_inline_version: config.symbol.max_inline_version,
        })
    }

    /// It, for rows of which this is drawn.
    pub fn workshop(&self, drawing: Drawing) -> Workshop<'_> {
        Workshop {
            sealer: Sealer {
                issuer: Issuer {
                    keyring: self.keyring,
                    links: &self.links,
                },
                store: self.store,
                pins: &self.pins,
                long: &self.long,
                quota: DailyQuota::default(),
                room: &self.room,
                max_inline_version: self.max_inline_version,
            },
            made_by: Principal::Cli,
            network: None,
            share: None,
            subject: None,
            replays: Replays::Kept,
            asked: String::new(),
            drawing,
            pool: None,
            pixels: None,
        }
    }
}

/// The cores of the machine.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// PINs are slow to hash, so that they are slow to guess: how long that takes is told before it begins.
pub fn tell_rate_of_pins(shop: &Shop<'_>, rows: Option<&Path>) -> Result<(), Failure> {
    let pin = Pin::generate(&*random::bytes()?)
        .ok_or("the operating system's random numbers are not random")?;
    let salt = pin_salt(shop.keyring, &Nonce::from(*random::bytes()?), clock::now())?;
    let started = Instant::now();
    setup::wait_for(async { shop.pins.permit()?.hash(pin, salt).await })?;
    let each = started.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(shop.pins_at_once).unwrap_or(u32::MAX)) / each;
    let lines = rows
        .filter(|path| path.is_file())
        .map(count_lines)
        .transpose()?;
    let all = lines.map_or_else(String::new, |lines| {
        let minutes = f64::from(u32::try_from(lines).unwrap_or(u32::MAX)) / rate / 60.0;
        format!(": about {minutes:.1} minutes for the {lines} lines of the input")
    });
    eprintln!("PINs are hashed with 64 MiB each, about {rate:.1} a second{all}.");
    Ok(())
}

fn count_lines(path: &Path) -> Result<u64, Failure> {
    let (mut file, mut piece, mut lines) = (File::open(path)?, vec![0; 1 << 16], 0);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(lines),
            length => {
                lines += piece[..length].split(|byte| *byte == b'\n').count() as u64 - 1;
            }
        }
    }
}
