//! `qrseal backup` and `qrseal restore`

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::{Failure, setup};
use crate::backup::{
    self, BackupFile, Header, Replayed, RestoreInto, Retention, WriteBackup, until_open,
};
use crate::clock::{self, rfc3339};
use crate::config::Config;
use crate::files::{self, Walk};
use crate::issuing::StoredRoom;
use crate::keys::{self, KekSource};
use crate::links::LinkChanger;
use crate::pins::PinHashers;
use crate::random;
use crate::store::{self, Store};
use crate::token::{Keyring, UnixTime};

/// Write a backup: store, configuration and, if it is encrypted, the keyring, in one file.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example, while the server runs:\n  qrseal --config /etc/qrseal.toml backup -o /backup/qrseal-$(date +%F)\n\n\
                  A plain keyring is not in it: encrypt the keyring (qrseal keys encrypt), say with --kek-file under what it is to be \
                  encrypted in the backup, or back it up by itself. See docs/backup.md."
)]
pub struct BackupArguments {
    /// The file, which must not exist yet; it gets mode 0600.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// The file with the key or the passphrase under which the keyring is encrypted in the backup, if not as its own file is.
    #[arg(long, value_name = "FILE")]
    kek_file: Option<PathBuf>,
}

/// Restore a backup into an empty store, or open again what that closed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example, with store.url and keys.file where nothing is yet:\n  \
                  qrseal --config /etc/qrseal.toml restore qrseal-2026-11-27 --audit audit.ndjson\n  \
                  qrseal --config /etc/qrseal.toml restore --reopen \"Ana Example, head of sales\"\n\n\
                  See docs/backup.md for what a restored installation cannot know."
)]
pub struct RestoreArguments {
    /// The backup.
    #[arg(value_name = "FILE", required_unless_present = "reopen")]
    file: Option<PathBuf>,
    /// The file with the key or the passphrase under which the keyring in the backup is encrypted, if not as keys.file is to be.
    #[arg(long, value_name = "FILE", requires = "file")]
    kek_file: Option<PathBuf>,
    /// An export of the audit log (qrseal audit export) that goes on behind the backup: revocations, disabled keys and accounts,
    /// erasures and targets in it are done again.
    #[arg(long, value_name = "FILE", requires = "file")]
    audit: Option<PathBuf>,
    /// Do not wait at the end: limited codes and those with a PIN that are issued in the next minutes stay closed, too.
    #[arg(long, requires = "file")]
    no_wait: bool,
    /// Make a plain keyring file, for a server that others reach.
    #[arg(long, requires = "file")]
    plain: bool,
    /// Let limited codes and those with a PIN open again that were issued before the restoration; the name of who takes the risk
    /// that they were opened meanwhile, for the audit log.
    #[arg(long, value_name = "WHO", conflicts_with = "file", value_parser = who)]
    reopen: Option<String>,
}

fn who(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    match (1..=200).contains(&length) && !text.chars().any(char::is_control) {
        true => Ok(text.to_owned()),
        false => Err("must be a name of at most 200 characters".to_owned()),
    }
}

pub fn write(
    config: &Config,
    config_file: Option<&Path>,
    arguments: &BackupArguments,
) -> Result<ExitCode, Failure> {
    let output = &arguments.output;
    let walk = Walk::default();
    let shown = output.display();
    let cannot = |error: std::io::Error| format!("cannot write {shown}: {error}");
    let (folder, name) = files::locate(output, walk).map_err(cannot)?;
    if folder.has(&name).map_err(cannot)? {
        return Err(format!("{shown} is there already, and is not replaced").into());
    }
    // Of this command alone: another one may write to the same name now.
    let mut partial = name.clone();
    partial.push(format!(
        ".{:016x}.partial",
        u64::from_be_bytes(*random::bytes()?)
    ));
    let file = folder.create(&partial).map_err(cannot)?;
    let kek = arguments.kek_file.clone().map(KekSource::File);
    let configuration = super::config::text(config_file)?;
    let request = WriteBackup {
        store_url: &config.store_url(),
        keyring: &config.keys.keyring(),
        kek: kek.as_ref(),
        configuration: &configuration,
        now: clock::now(),
    };
    let finished = || -> Result<backup::Written, Failure> {
        let (out, written) = backup::write(request, BufWriter::new(file))?;
        let file = out
            .into_inner()
            .map_err(|error| cannot(error.into_error()))?;
        file.sync_all().map_err(cannot)?;
        folder.link(&partial, &name).map_err(cannot)?;
        Ok(written)
    };
    let finished = finished();
    let _there_no_more = folder.remove(&partial);
    let written = finished?;
    folder.sync().map_err(cannot)?;
    println!(
        "{shown}: {} rows, {} bytes, {}",
        written.rows,
        written.bytes,
        match written.with_keyring {
            true => "with the keyring, encrypted",
            false =>
                "WITHOUT the keyring, which is plain: back it up by itself, or encrypt it (docs/backup.md)",
        }
    );
    Ok(ExitCode::SUCCESS)
}

pub fn restore(config: &Config, arguments: &RestoreArguments) -> Result<ExitCode, Failure> {
    let Some(file) = &arguments.file else {
        return reopen(config, arguments.reopen.as_deref().unwrap_or_default());
    };
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", file.display());
    // Read before anything is changed.
    let log = arguments.audit.as_ref().map(|path| {
        File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    });
    let log = log.transpose()?;
    let mut backup = BackupFile::open(File::open(file).map_err(cannot)?)?;
    let made_at = UnixTime::from_secs(backup.header.made_at);
    let keyring_file = config.keys.keyring();
    if config.keys.is_plain()
        && !config.is_local()
        && !arguments.plain
        && !keyring_file.path.exists()
    {
        return Err(
            "a server that others reach should have a keyring that is encrypted: say with keys.kek_file or keys.kek_command \
             under what (docs/keys.md), or with --plain that only the file's mode keeps it secret"
                .into(),
        );
    }
    let kek = arguments.kek_file.clone().map(KekSource::File);
    let into = RestoreInto {
        store_url: &config.store_url(),
        keyring: &keyring_file,
        kek: kek.as_ref(),
    };
    let now = clock::now();
    let restored = backup::restore(&mut backup, into, now)?;
    let store = restored.filled.connect()?;
    let retention = Retention {
        scans_since: config.links.scans_kept_since(now),
        audit_since: config.audit.kept_since(now),
    };
    setup::wait_for(backup::settle(
        &*store,
        &restored.keyring,
        retention,
        &restored.header,
        now,
    ))?;
    let replayed = match log {
        Some(log) => Some(replay(config, &restored.keyring, &*store, log, made_at)?),
        None => None,
    };
    drop(store);
    let newest = replayed.as_ref().and_then(|replayed| replayed.newest);
    let closed_to = backup::closed_to(restored.filled.now(clock::now()), &restored.header, newest);
    let wait = until_open(closed_to, restored.filled.now(clock::now()));
    restored.filled.release(closed_to)?;
    println!(
        "{} holds what the backup of {} holds{}.",
        store::name(&config.store_url()),
        rfc3339(made_at),
        match restored.keyring_written {
            true => format!(", and {} its keyring", keyring_file.path.display()),
            false => String::new(),
        }
    );
    print!("{}", unknown(&restored.header, replayed.as_ref()));
    let from = rfc3339(closed_to.plus_secs(60));
    match arguments.no_wait {
        true => println!(
            "Limited codes and those with a PIN that are issued before {from} stay closed, too."
        ),
        false => {
            eprintln!(
                "Waiting {wait} s: codes that are issued from {from} on are told from those of before."
            );
            std::thread::sleep(Duration::from_secs(wait));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn replay(
    config: &Config,
    keyring: &Keyring,
    store: &dyn Store,
    log: File,
    since: UnixTime,
) -> Result<Replayed, Failure> {
    let policy = super::links::policy(config)?;
    let room = StoredRoom::new(config.limits.stored_bytes);
    let pins = PinHashers::one();
    let changer = LinkChanger {
        keyring,
        store,
        policy: &policy,
        pins: &pins,
        room: &room,
        share_bytes: None,
    };
    let lines = BufReader::new(log).lines();
    Ok(setup::wait_for(async {
        room.look(store).await?;
        backup::replay(store, changer, lines, since).await
    })?)
}

/// What was done again, and what nobody can know.
fn unknown(header: &Header, replayed: Option<&Replayed>) -> String {
    let since = rfc3339(UnixTime::from_secs(header.made_at));
    let mut lines = vec![
        "Everybody signs in again; recovery codes, backup codes of second factors and passes are good no more.".to_owned(),
        "Limited codes and those with a PIN that were issued until now stay closed (token_closed), because nobody knows how \
         often they were opened since: qrseal restore --reopen WHO opens them."
            .to_owned(),
    ];
    match replayed {
        Some(done) => {
            lines.push(format!(
                "Done again from the audit log: {} codes revoked or deleted, {} receipts and {} visits erased, {} check-in lists \
                 deleted, {} API keys disabled, {} accounts changed, {} links led elsewhere. {} stored documents and links that \
                 were made since are lost.",
                done.ended,
                done.erased,
                done.visits,
                done.lists,
                done.api_keys,
                done.accounts,
                done.targets,
                done.lost
            ));
            lines.extend(done.not.iter().map(|what| format!("Not done again: {what}")));
            if done.not_told > 0 {
                lines.push(format!("Not done again: {} more.", done.not_told));
            }
            lines.push("What the log does not have, nobody knows, either.".to_owned());
        }
        None => lines.push(format!(
            "Since {since}, without --audit nobody knows: which codes were revoked (they open again), which API keys and accounts \
             were disabled (they are good again), whose password or second factor was changed (those of the backup are good again), \
             what was erased or deleted (it is there again), and where links were led."
        )),
    }
    lines.push(format!(
        "Lost since {since}: stored documents, dynamic links, API keys and accounts that were made, receipts, scans and check-ins: codes that \
         check-in lists let in since enter again, unless they are limited."
    ));
    lines.push(String::new());
    lines.join("\n")
}

fn reopen(config: &Config, who: &str) -> Result<ExitCode, Failure> {
    let store = setup::store(config)?;
    let keyring = keys::load(&config.keys.keyring())?;
    let any = setup::wait_for(backup::reopen(&*store, &keyring, who, clock::now()))?;
    println!(
        "{}",
        match any {
            true =>
                "What was closed by the restoration opens again, and the audit log says who decided that.",
            false => "Nothing was closed.",
        }
    );
    Ok(ExitCode::SUCCESS)
}
