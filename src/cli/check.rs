//! `qrseal check`: what is wrong with this installation, and what to do about it.

use std::process::ExitCode;

use jiff::Timestamp;

use super::setup::{self, Issuers};
use crate::certificate;
use crate::clock;
use crate::config::{Config, Issuing};
use crate::keys::{self, KeysError};
use crate::samples::{self, KnownSamples, SamplesError};
use crate::store::{self, StoreError, StoreReport};
use crate::token::{KeyState, TOKEN_EPOCH, UnixTime};

enum Finding {
    Good(String),
    Note(String),
    Wrong(String),
}

pub fn run(config: &Config) -> ExitCode {
    let mut findings = vec![keyring(config), clock()];
    findings.extend(plain_keyring(config));
    findings.extend(samples(config));
    findings.extend(certificate(config));
    findings.extend(store(config));
    findings.extend([address(config), exposure(config), styles(config)]);
    let mut code = ExitCode::SUCCESS;
    for finding in &findings {
        match finding {
            Finding::Good(words) => println!("ok     {words}"),
            Finding::Note(words) => println!("note   {words}"),
            Finding::Wrong(words) => {
                println!("wrong  {words}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn keyring(config: &Config) -> Finding {
    let file = config.keys.file.display();
    match keys::load(&config.keys.keyring()) {
        Ok(keyring) => {
            let open = |state| matches!(state, KeyState::Primary | KeyState::Enabled);
            let opening = keyring
                .keys()
                .iter()
                .filter(|key| open(key.state()))
                .count();
            Finding::Good(format!(
                "keyring {file}: {opening} of {} keys open tokens, slot {} seals",
                keyring.keys().len(),
                keyring.primary().slot()
            ))
        }
        Err(KeysError::Missing { .. }) if config.is_local() => {
            match setup::no_store_without_keyring(config) {
                Ok(()) => Finding::Note(format!(
                    "keyring {file} does not exist yet; `qrseal serve` makes it on its first start"
                )),
                Err(error) => Finding::Wrong(error.to_string()),
            }
        }
        Err(error) => Finding::Wrong(error.to_string()),
    }
}

/// That the keyring file is plain, where it is.
fn plain_keyring(config: &Config) -> Option<Finding> {
    let plain = config.keys.is_plain() && config.keys.file.exists();
    plain.then(|| Finding::Note(setup::PLAIN_KEYRING.to_owned()))
}

/// The samples of profiles, and whether those are there that the audit log tells of.
fn samples(config: &Config) -> Vec<Finding> {
    let file = samples::path_beside(&config.keys.file);
    let sets = match KnownSamples::beside(&config.keys.file) {
        Ok(known) => known.sets(),
        Err(error) => return vec![Finding::Wrong(error.to_string())],
    };
    if sets.is_cut() {
        return vec![Finding::Wrong(SamplesError::Cut(file).to_string())];
    }
    let file = file.display();
    let in_use = sets.all().filter(|set| sets.uses(set)).count();
    // What is wrong with keyring or store is told about these.
    let told = keys::load(&config.keys.keyring())
        .ok()
        .and_then(|keyring| setup::told_samples(config, &keyring).ok());
    let told = told.unwrap_or_default();
    let lost = sets.lacks(&told).map(|told| {
        let number = told.number;
        match sets.passes_over(number) {
            true => Finding::Note(format!(
                "samples {file}: set {number} is lost, so codes that were made after it do not open"
            )),
            false => Finding::Wrong(format!(
                "samples {file}: set {number}, of which the audit log tells, is missing or is another one: codes that were made after \
                 it do not open; restore the file"
            )),
        }
    });
    let mut findings: Vec<Finding> = lost.collect();
    // "None" is no comfort beside what is missing.
    match sets.all().count() {
        0 if !findings.is_empty() => {}
        0 => findings.push(Finding::Good(format!("samples {file}: none"))),
        1 => findings.push(Finding::Good(format!(
            "samples {file}: 1 set, {in_use} in use"
        ))),
        count => findings.push(Finding::Good(format!(
            "samples {file}: {count} sets, {in_use} in use"
        ))),
    }
    findings
}

/// The certificate with which the server speaks TLS itself, where it does.
fn certificate(config: &Config) -> Option<Finding> {
    let files = config.server.tls.files()?;
    let provider = rustls::crypto::ring::default_provider();
    Some(match certificate::read(&files, &provider, clock::now()) {
        Ok(certificate) => Finding::Good(format!(
            "certificate {}: it fits its key, and ends {}",
            files.certificate.display(),
            moment(certificate.not_after)
        )),
        Err(error) => Finding::Wrong(error.to_string()),
    })
}

fn clock() -> Finding {
    if clock::now() < TOKEN_EPOCH {
        return Finding::Wrong(
            "the clock is before 2025: tokens cannot be issued; set the time".to_owned(),
        );
    }
    Finding::Good("the clock is within the years of the token format".to_owned())
}

/// Seconds by which the ledger's times may be ahead of this clock without a word: clocks of several machines differ.
const CLOCK_TOLERANCE_SECS: u64 = 60;

fn store(config: &Config) -> Vec<Finding> {
    let url = config.store_url();
    let name = store::name(&url);
    match report(&url) {
        Ok(Some(report)) => findings_in(&report, clock::now()),
        Ok(None) => vec![Finding::Note(format!(
            "store {name} does not exist yet; `qrseal serve` makes it on its first start"
        ))],
        Err(error) => vec![Finding::Wrong(format!("store {name}: {error}"))],
    }
}

/// What a look at the store found; `None` if there is no store yet. Looking never makes or migrates one.
fn report(url: &str) -> Result<Option<StoreReport>, StoreError> {
    if !store::exists(url)? {
        return Ok(None);
    }
    let store = store::connect(url, false)?;
    super::setup::wait_for(store.check()).map(Some)
}

fn findings_in(report: &StoreReport, now: UnixTime) -> Vec<Finding> {
    let kind = &report.kind;
    let mut findings: Vec<Finding> = report
        .problems
        .iter()
        .map(|problem| Finding::Wrong(format!("store {kind}: {problem}")))
        .collect();
    findings.extend(
        report
            .notes
            .iter()
            .map(|note| Finding::Note(format!("store {kind}: {note}"))),
    );
    if report.clock_ahead_secs.unsigned_abs() > CLOCK_TOLERANCE_SECS / 2 {
        findings.push(Finding::Wrong(format!(
            "this machine's clock is {} s ahead of the store's: set the time, or the server is not ready",
            report.clock_ahead_secs
        )));
    }
    if report.problems.is_empty() {
        findings.push(Finding::Good(format!(
            "store {kind}: sound, schema version {}",
            report.schema_version
        )));
    }
    let ahead = |at: UnixTime| at > now.plus_secs(CLOCK_TOLERANCE_SECS);
    if let Some(newest) = report.newest_at.filter(|at| ahead(*at)) {
        findings.push(Finding::Wrong(format!(
            "the clock is behind: the store saw {}, and the clock says {}; set the time",
            moment(newest),
            moment(now)
        )));
    }
    if let Some(purged_to) = report.purged_to.filter(|at| ahead(*at)) {
        findings.push(Finding::Wrong(format!(
            "the clock was ahead once: limited and PIN codes that end before {} do not open any more",
            moment(purged_to)
        )));
    }
    findings
}

fn moment(at: UnixTime) -> String {
    i64::try_from(at.as_secs())
        .ok()
        .and_then(|secs| Timestamp::from_second(secs).ok())
        .map_or_else(|| format!("second {}", at.as_secs()), |at| at.to_string())
}

fn address(config: &Config) -> Finding {
    let url = config.public_url();
    if config.phone_cannot_reach() {
        return Finding::Note(format!(
            "links begin with {url}, which a phone cannot reach: set server.public_url (QRSEAL_SERVER__PUBLIC_URL) to \
             the address at which phones reach this server"
        ));
    }
    if url.scheme() == "http" {
        return Finding::Note(format!(
            "links begin with {url}: without https anyone on the way can read what is opened"
        ));
    }
    Finding::Good(format!("links begin with {url}"))
}

fn styles(config: &Config) -> Finding {
    match config.prove_styles() {
        Ok(()) if config.styles.is_empty() => Finding::Good("no named styles".to_owned()),
        Ok(()) => Finding::Good(format!(
            "{} named styles, each read back from a picture",
            config.styles.len()
        )),
        Err(error) => Finding::Wrong(error.to_string()),
    }
}

fn exposure(config: &Config) -> Finding {
    let issuers = issuers(config).unwrap_or_default();
    if let Some(problem) = setup::exposure_problem(config, issuers.any) {
        return Finding::Wrong(problem);
    }
    if let Some(problem) = issuers.problem(config) {
        return Finding::Wrong(problem.to_owned());
    }
    let (keys, accounts) = (issuers.keys, issuers.accounts);
    if config.auth.issuing == Issuing::Open && !config.is_local() {
        return Finding::Note(format!(
            "anyone who reaches the server may issue (auth.issuing = \"open\"); {keys} API keys and {accounts} accounts are in \
             use"
        ));
    }
    match issuers.any {
        true => Finding::Good(format!(
            "{keys} API keys are in use, {} of them may issue; {accounts} accounts are in use, {} of them may issue; nobody else \
             may",
            issuers.issuing_keys, issuers.issuing_accounts
        )),
        false => Finding::Good("only this machine reaches the server, and may issue".to_owned()),
    }
}

/// The API keys and accounts, if there is a store to tell.
fn issuers(config: &Config) -> Option<Issuers> {
    let url = config.store_url();
    if !store::exists(&url).ok()? {
        return None;
    }
    let store = store::connect(&url, false).ok()?;
    setup::wait_for(Issuers::of(&*store, clock::now())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);

    fn report() -> StoreReport {
        StoreReport {
            kind: "SQLite".to_owned(),
            schema_version: 1,
            clock_ahead_secs: 0,
            newest_at: Some(NOW),
            purged_to: None,
            problems: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What is wrong, in words.
    fn wrong(report: &StoreReport) -> Vec<String> {
        findings_in(report, NOW)
            .into_iter()
            .filter_map(|finding| match finding {
                Finding::Wrong(words) => Some(words),
                Finding::Good(_) | Finding::Note(_) => None,
            })
            .collect()
    }

    #[test]
    fn a_sound_store_and_a_right_clock_are_nothing_to_tell() {
        assert_eq!(wrong(&report()), [""; 0]);
        let tolerated = StoreReport {
            newest_at: Some(NOW.plus_secs(CLOCK_TOLERANCE_SECS)),
            ..report()
        };
        assert_eq!(wrong(&tolerated), [""; 0]);
    }

    #[test]
    fn a_clock_behind_what_the_store_has_seen_is_wrong() {
        let seen = StoreReport {
            newest_at: Some(NOW.plus_secs(3_600)),
            ..report()
        };
        let words = wrong(&seen).join("\n");
        assert!(words.contains("the clock is behind"), "{words}");
        assert!(words.contains("2026-11-18T"), "{words}");
    }

    #[test]
    fn codes_that_a_wrong_clock_has_ended_are_told() {
        let purged = StoreReport {
            purged_to: Some(NOW.plus_secs(3_600)),
            ..report()
        };
        let words = wrong(&purged).join("\n");
        assert!(words.contains("do not open any more"), "{words}");
    }

    #[test]
    fn a_damaged_store_is_wrong_and_not_sound() {
        let damaged = StoreReport {
            problems: vec!["it is damaged".to_owned()],
            ..report()
        };
        assert_eq!(wrong(&damaged), ["store SQLite: it is damaged"]);
        let good = findings_in(&damaged, NOW)
            .iter()
            .any(|finding| matches!(finding, Finding::Good(_)));
        assert!(!good);
    }
}
