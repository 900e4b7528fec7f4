//! PINs on the command line: from a file or typed on a terminal, never an argument, which others could see.

use std::fs::File;
use std::io::{IsTerminal as _, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::Failure;

/// No file with a PIN is longer.
const MAX_FILE_BYTES: u64 = 4096;

/// The first line of a file, or of standard input if it is `-`.
pub fn first_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin()
            .take(MAX_FILE_BYTES)
            .read_to_string(&mut text),
        false => {
            File::open(path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text))
        }
    };
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

/// What is typed after `prompt`, unseen where the terminal can do that; `None` if there is no terminal.
pub fn ask(prompt: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    eprint!("{prompt}");
    std::io::stderr().flush()?;
    let echo = Echo::off();
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut line)?;
    if echo.is_some() {
        eprintln!();
    }
    drop(echo);
    Ok(Some(Zeroizing::new(
        line.trim_end_matches(['\r', '\n']).to_owned(),
    )))
}

/// A terminal that does not show what is typed, until this is dropped.
struct Echo;

impl Echo {
    fn off() -> Option<Self> {
        stty("-echo").then_some(Self)
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        stty("echo");
    }
}

/// POSIX's `stty`; where there is none, the terminal stays as it is.
fn stty(setting: &str) -> bool {
    Command::new("stty")
        .arg(setting)
        .stdin(Stdio::inherit())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
