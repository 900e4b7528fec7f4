//! `qrseal lists passes`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::RIGHT;
use crate::audit::By;
use crate::cli::output::{Output, drawn, resolved};
use crate::cli::{Failure, page};
use crate::clock;
use crate::config::Config;
use crate::cursor::{Cursor, USUAL_ROWS};
use crate::desk::{
    DrawPass, PassAnswer, PassNote, PassesAnswer, draw_pass, list_passes, revoke_pass,
};
use crate::drawing::StyleRequest;
use crate::principal::Principal;
use crate::qr::{LevelChoice, Symbol};
use crate::store::{ListId, PassId, Store};
use crate::token::Keyring;

/// Draw, list and revoke passes, with which volunteers' phones are signed in to the desk.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal lists passes create ID --until 2026-11-28T02:00 --note 'north door' -o pass.png\n  \
                  qrseal lists passes list ID\n  qrseal lists passes revoke ID 12"
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Draw a pass: a link, written to standard output, once, that signs one phone in to the desk for this list.
    Create {
        /// The list's id.
        list: ListId,
        /// Until when it is good, within 31 days: RFC 3339, or without an offset a time of the list's place.
        #[arg(long, value_name = "TIME")]
        until: String,
        /// What it is known by, such as whose phone it is for.
        #[arg(long, value_name = "TEXT")]
        note: Option<PassNote>,
        /// File to write the QR code to; its ending (.png, .svg, .pdf, .txt) chooses the form.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Write link and pass to standard output as JSON; else the link.
        #[arg(long)]
        json: bool,
    },
    /// List the passes of a list, the newest first.
    List {
        /// The list's id.
        list: ListId,
        /// How many.
        #[arg(long, default_value_t = USUAL_ROWS, value_parser = page::limit())]
        limit: u32,
        /// Where the page before ended.
        #[arg(long)]
        cursor: Option<Cursor>,
        /// JSON, as `GET /api/lists/{id}/passes`.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a pass, and sign the phone out that has it.
    Revoke {
        /// The list's id.
        list: ListId,
        /// The pass's number.
        pass: u64,
    },
}

pub(super) async fn execute(
    config: &Config,
    keyring: &Keyring,
    store: &dyn Store,
    arguments: Arguments,
) -> Result<ExitCode, Failure> {
    let now = clock::now();
    let by = By::fresh(Principal::Cli, keyring)?;
    match arguments.verb {
        Verb::Create {
            list,
            until,
            note,
            output,
            json,
        } => {
            let output = output.as_deref().map(|file| Output {
                file: Some(file),
                format: None,
            });
            // A file of no known kind takes no pass.
            let format = output.as_ref().map(Output::format).transpose()?;
            let asked = DrawPass {
                list,
                until: &until,
                note,
                right: RIGHT,
                now,
            };
            let (pass, code) = draw_pass(store, asked, by).await?;
            let link = code.link(&config.public_url());
            if let (Some(output), Some(format)) = (output, format) {
                let style = StyleRequest::default();
                let look = resolved(style, config, None, LevelChoice::Auto, None)?;
                let symbol = Symbol::encode(&link, look.level)?;
                let drawn = drawn(look, &link, &symbol)?;
                output.write(&output.picture(&drawn, format, "QR code of a pass")?)?;
            }
            let pass = PassAnswer::of(pass, now);
            match json {
                true => {
                    let told = json!({ "link": link, "pass": pass });
                    println!("{}", serde_json::to_string_pretty(&told)?);
                }
                false => {
                    eprintln!(
                        "Pass {}, until {}. Its link is told only now:",
                        pass.id, pass.until
                    );
                    println!("{link}");
                }
            }
        }
        Verb::List {
            list,
            limit,
            cursor,
            json,
        } => {
            let (passes, next) = list_passes(store, list, cursor, limit, RIGHT).await?;
            let passes = passes.into_iter().map(|pass| PassAnswer::of(pass, now));
            let answer = PassesAnswer {
                passes: passes.collect(),
                next_cursor: next.map(|cursor| cursor.to_string()),
            };
            if json {
                println!("{}", serde_json::to_string_pretty(&answer)?);
                return Ok(ExitCode::SUCCESS);
            }
            for pass in answer.passes {
                let note = pass.note.unwrap_or_default();
                let browser = pass.browser.unwrap_or_default();
                println!(
                    "{:>6}  {:<8}  until {}  {note}  {browser}",
                    pass.id, pass.state, pass.until
                );
            }
            if let Some(next) = answer.next_cursor {
                eprintln!("There are more: --cursor {next}");
            }
        }
        Verb::Revoke { list, pass } => {
            revoke_pass(store, list, PassId(pass), RIGHT, by, now).await?;
            eprintln!("Pass {pass} is revoked.");
        }
    }
    Ok(ExitCode::SUCCESS)
}
