//! `qrseal check`: what is wrong with this installation, and what to do about it.

use std::process::ExitCode;

use super::setup;
use crate::config::Config;
use crate::keys::{self, KeysError};
use crate::token::{KeyState, TOKEN_EPOCH};

enum Finding {
    Good(String),
    Note(String),
    Wrong(String),
}

pub fn run(config: &Config) -> ExitCode {
    let findings = [keyring(config), clock(), address(config), exposure(config)];
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
    match keys::load(&config.keys.file) {
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
        Err(KeysError::Missing { .. }) if config.is_local() => Finding::Note(format!(
            "keyring {file} does not exist yet; `qrseal serve` makes it on its first start"
        )),
        Err(error) => Finding::Wrong(error.to_string()),
    }
}

fn clock() -> Finding {
    if setup::now() < TOKEN_EPOCH {
        return Finding::Wrong(
            "the clock is before 2025: tokens cannot be issued; set the time".to_owned(),
        );
    }
    Finding::Good("the clock is within the years of the token format".to_owned())
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

fn exposure(config: &Config) -> Finding {
    if let Some(problem) = setup::exposure_problem(config) {
        return Finding::Wrong(problem);
    }
    if config.is_local() {
        return Finding::Good("only this machine reaches the server, and may issue".to_owned());
    }
    Finding::Note("anyone who reaches the server may issue (auth.issuing = \"open\")".to_owned())
}
