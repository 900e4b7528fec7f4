//! `qrseal config`

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::{Failure, setup};
use crate::config::{DEFAULTS, Setting};

/// Print the settings in force, and where each is from.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal --config /etc/qrseal.toml config\n  qrseal config --default > qrseal.toml\n\n\
                  What is printed is a configuration file itself. Secrets are hidden: a password in store.url, events.secret, and what \
                  stands behind the host in events.targets."
)]
pub struct Arguments {
    /// Print the file of all settings with their defaults and reasons instead.
    #[arg(long)]
    default: bool,
}

pub fn run(file: Option<&Path>, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.default {
        print!("{DEFAULTS}");
        return Ok(ExitCode::SUCCESS);
    }
    print!("{}", text(file)?);
    Ok(ExitCode::SUCCESS)
}

/// The settings in force as a configuration file, without passwords.
pub fn text(file: Option<&Path>) -> Result<String, Failure> {
    let (mut text, mut section) = (String::new(), None);
    for setting in setup::settings(file)? {
        if section.as_ref() != Some(&setting.section) {
            let before = if section.is_some() { "\n" } else { "" };
            writeln!(text, "{before}[{}]", setting.section)?;
        }
        writeln!(text, "{}", line(&setting))?;
        section = Some(setting.section);
    }
    Ok(text)
}

fn line(setting: &Setting) -> String {
    let assignment = format!("{} = {}", setting.key, setting.value);
    format!("{assignment:<45} # {}", setting.place)
}
