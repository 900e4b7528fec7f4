//! What people and programs are told of links.

use std::fmt::Write as _;

use crate::cli::Failure;
use crate::clock;
use crate::links::{LinkAnswer, OwnedLink, ScanReport};
use crate::token::TokenId;

pub(super) fn tell(link: OwnedLink, json: bool) -> Result<(), Failure> {
    let answer = LinkAnswer::from(link);
    if json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(());
    }
    let value = serde_json::to_value(&answer)?;
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::Array(rules) if rules.is_empty() => {}
            serde_json::Value::String(text) => println!("{name:14} {text}"),
            value => println!("{name:14} {value}"),
        }
    }
    Ok(())
}

pub(super) fn line(link: &OwnedLink) -> String {
    let target = link.written.as_ref().map_or("", |link| &link.target);
    let mut line = format!("{}  {:8}  {target}", link.row.id, link.state.as_str());
    if let Some(note) = &link.row.note {
        let _always = write!(line, "  ({note})");
    }
    if let Some(blocked) = &link.blocked {
        let _always = write!(line, "  STOPPED: {blocked}");
    }
    line
}

pub(super) fn table(report: &ScanReport) -> String {
    let mut text = format!(
        "{:20} {:>9} {:>9} {:>9} {:>9} {:>9}\n",
        "", "ios", "android", "desktop", "other", "bots"
    );
    let steps = report.steps().into_iter();
    let rows = steps.map(|(at, counts)| (clock::rfc3339(at), counts));
    for (name, counts) in rows.chain([("total".to_owned(), report.total())]) {
        let _always = writeln!(
            text,
            "{name:20} {:>9} {:>9} {:>9} {:>9} {:>9}",
            counts.ios, counts.android, counts.desktop, counts.other, counts.bots
        );
    }
    text
}

pub(super) fn unknown(id: TokenId) -> Failure {
    format!("there is no link {id}").into()
}
