//! Options of codes as flags of the command line, made of the same rows as those of requests.

use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser, ValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, value_parser};

use super::Failure;
use super::input::read;
use crate::options::{Given, HasOptions, OptionRow, Place, Range};

/// A file of an option larger than this is not read.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The flags of the options of `T`.
#[derive(Debug, Clone)]
pub struct Flags<T: HasOptions> {
    set: T,
    files: Vec<(&'static OptionRow<T>, PathBuf)>,
}

impl<T: HasOptions> Flags<T> {
    /// What the flags say; files that they name are read.
    pub fn read(&self) -> Result<T, Failure> {
        let mut set = self.set.clone();
        for (row, path) in &self.files {
            let bytes = read(path, MAX_FILE_BYTES)?;
            let done = (row.set)(&mut set, Given::File(&bytes));
            done.map_err(|why| format!("{}: {why}", path.display()))?;
        }
        Ok(set)
    }
}

fn rows<T: HasOptions>() -> impl Iterator<Item = &'static OptionRow<T>> {
    T::rows()
        .iter()
        .filter(|row| row.facts.stands_in(Place::Command))
}

impl<T: HasOptions> clap::Args for Flags<T> {
    fn augment_args(command: Command) -> Command {
        rows::<T>().fold(command, |command, row| {
            let facts = &row.facts;
            let arg = Arg::new(facts.name)
                .long(facts.flag())
                .help(facts.summary());
            command.arg(match facts.range {
                Range::Flag => arg.action(ArgAction::SetTrue),
                Range::Picture => arg.value_name("FILE").value_parser(value_parser!(PathBuf)),
                _ => arg
                    .value_name(facts.name.to_uppercase())
                    .value_parser(ValueParser::new(RowParser(row)))
                    .hide_possible_values(true),
            })
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: HasOptions> FromArgMatches for Flags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let wrong = |name: &str, why: &str| {
            let flag = name.replace('_', "-");
            clap::Error::raw(ErrorKind::ArgumentConflict, format!("--{flag} {why}\n"))
        };
        let (mut set, mut files) = (T::default(), Vec::new());
        for row in rows::<T>() {
            let name = row.facts.name;
            let text;
            let given = match row.facts.range {
                Range::Flag if !matches.get_flag(name) => continue,
                Range::Flag => Given::Bool(true),
                Range::Picture => {
                    let path = matches.get_one::<PathBuf>(name);
                    files.extend(path.map(|path| (row, path.clone())));
                    continue;
                }
                _ => match matches.get_one::<String>(name) {
                    None => continue,
                    Some(value) => {
                        text = value;
                        Given::Text(text)
                    }
                },
            };
            (row.set)(&mut set, given).map_err(|why| wrong(name, &why))?;
        }
        set.check().map_err(|(name, why)| wrong(name, why))?;
        Ok(Self { set, files })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Takes the text that the row takes, and shells complete its words.
struct RowParser<T: 'static>(&'static OptionRow<T>);

impl<T> Clone for RowParser<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T: HasOptions> TypedValueParser for RowParser<T> {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        let row = self.0;
        let taken = move |text: &str| {
            (row.set)(&mut T::default(), Given::Text(text)).map(|()| text.to_owned())
        };
        taken.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        match self.0.facts.range {
            Range::Words(words) => Some(Box::new(words.iter().map(PossibleValue::new))),
            _ => None,
        }
    }
}
