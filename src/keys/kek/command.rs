//! A program that prints the key-encryption key: a vault's, `systemd-creds`, or that of a hardware module.
//!
//! It is run without a shell and without input, in a process group of its own, and ends in time or is killed with its
//! group. Its standard error stays the caller's: only that says why a vault refused.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use zeroize::Zeroizing;

use super::{KekReason, at_most};

/// For how long it may run.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// What it prints, at most `limit` bytes.
pub(super) fn run(
    command: &[String],
    patience: Duration,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, KekReason> {
    let until = Instant::now() + patience;
    let (program, arguments) = command.split_first().ok_or(KekReason::Empty)?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let printed = child.stdout.take().expect("it is piped");
    let (tell, told) = mpsc::channel();
    // Reading from a pipe has no time limit, so it is done elsewhere. It ends with whatever holds the pipe: that is in the group
    // that is killed, unless it made a group or a session of its own. Then the thread waits on, and nobody for it.
    thread::spawn(move || tell.send(at_most(printed, limit)));
    let outcome = match told.recv_timeout(patience) {
        Ok(Ok(text)) => wait(&mut child, until)?
            .ok_or(KekReason::Hangs(patience.as_secs()))
            .and_then(|status| match (status.success(), text.is_empty()) {
                (false, _) => Err(KekReason::Failed(status)),
                (true, true) => Err(KekReason::PrintedNothing),
                (true, false) => Ok(text),
            }),
        Ok(Err(reason)) => Err(reason),
        Err(_) => Err(KekReason::Hangs(patience.as_secs())),
    };
    // One that ended was waited for, and its group's number may be another's by now: what it left behind runs on. One that did
    // not keeps its number, so that its group can be killed.
    let ended = matches!(
        outcome,
        Ok(_) | Err(KekReason::Failed(_) | KekReason::PrintedNothing)
    );
    if !ended {
        let _already_gone = kill_process_group(Pid::from_child(&child), Signal::KILL);
        child.wait()?;
    }
    outcome
}

/// How it ended, if it did in time.
fn wait(child: &mut Child, until: Instant) -> Result<Option<ExitStatus>, KekReason> {
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if Instant::now() >= until => return Ok(None),
            None => thread::sleep(BETWEEN_LOOKS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of what a shell does.
    fn shell(script: &str, patience: Duration) -> Result<Vec<u8>, String> {
        let command = ["sh", "-c", script].map(str::to_owned);
        run(&command, patience, 100)
            .map(|text| text.to_vec())
            .map_err(|reason| reason.to_string())
    }

    #[test]
    fn what_the_program_prints_is_taken_if_it_ends_well() {
        assert_eq!(shell("cat; echo secret", PATIENCE).unwrap(), b"secret\n");
        for (script, words) in [
            ("exit 0", "printed nothing"),
            ("echo secret; exit 3", "exit status: 3"),
            ("yes", "longer than"),
            ("kill -9 $$", "signal: 9"),
        ] {
            let said = shell(script, PATIENCE).unwrap_err();
            assert!(said.contains(words) && !said.contains("secret"), "{said}");
        }
        let said = run(&["/nowhere/at-all".to_owned()], PATIENCE, 100).unwrap_err();
        assert!(said.to_string().contains("No such file"), "{said}");
    }

    #[test]
    fn a_program_that_hangs_is_killed_with_all_that_it_started() {
        for script in [
            "exec sleep 600",
            "sleep 600 & wait",
            "echo secret; exec >&-; exec sleep 600",
            "sleep 600 & echo secret",
        ] {
            let said = shell(script, Duration::from_millis(100)).unwrap_err();
            assert!(said.contains("was killed"), "{script}: {said}");
        }
    }
}
