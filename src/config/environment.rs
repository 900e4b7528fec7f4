//! Settings from `QRSEAL_*` variables, and from files that such variables name.

use std::path::Path;

use toml::{Table, Value};

use super::error::ConfigError;

/// A value that is in a file of its own.
const MAX_SECRET_BYTES: u64 = 64 << 10;

/// The setting whose value is in a file, if this variable names one: `STORE__URL` of `STORE__URL_FILE`.
pub(super) fn named_file_of<'k>(settings: &Table, key: &'k str) -> Option<&'k str> {
    let is_setting = |key: &str| {
        let key = key.to_lowercase();
        let (section, key) = key.split_once("__")?;
        let value = key
            .split("__")
            .try_fold(settings.get(section)?, |value, key| value.get(key))?;
        (!value.is_table()).then_some(())
    };
    let of_file = key.strip_suffix("_FILE")?;
    (is_setting(key).is_none() && is_setting(of_file).is_some()).then_some(of_file)
}

/// What a file holds that a variable names, without the line feed at its end.
pub(super) fn secret(name: &str, path: &Path) -> Result<String, ConfigError> {
    let wrong = |why: String| ConfigError::Key {
        place: format!("environment variable {name}"),
        message: format!("cannot read {}: {why}", path.display()),
    };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    std::io::Read::read_to_string(
        &mut std::io::Read::take(file, MAX_SECRET_BYTES + 1),
        &mut text,
    )
    .map_err(|error| wrong(error.to_string()))?;
    if text.len() as u64 > MAX_SECRET_BYTES {
        return Err(wrong(format!("it is larger than {MAX_SECRET_BYTES} bytes")));
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Sets `SECTION__KEY` to `text`, read as the type of its default, and says which setting that is: `section.key`.
pub(super) fn set_from_environment(
    settings: &mut Table,
    name: &str,
    key: &str,
    text: &str,
) -> Result<String, ConfigError> {
    let wrong = |message: String| ConfigError::Key {
        place: format!("environment variable {name}"),
        message,
    };
    let key = key.to_lowercase();
    let default = key.split_once("__").and_then(|(section, key)| {
        key.split("__")
            .try_fold(settings.get_mut(section)?, |value, key| value.get_mut(key))
            .filter(|value| !value.is_table())
    });
    let Some(default) = default else {
        return Err(wrong(
            "unknown; variables are QRSEAL_<SECTION>__<KEY>, with the sections and keys of config/qrseal.toml"
                .to_owned(),
        ));
    };
    *default = match default {
        Value::Integer(_) => Value::Integer(
            text.parse()
                .map_err(|_| wrong("must be a whole number".to_owned()))?,
        ),
        Value::Boolean(_) => Value::Boolean(
            text.parse()
                .map_err(|_| wrong("must be true or false".to_owned()))?,
        ),
        // A list is written with commas, or as the file has it.
        Value::Array(_) if text.trim_start().starts_with('[') => {
            let read: Result<Table, _> = format!("list = {text}").parse();
            let alone = read.ok().filter(|table| table.len() == 1);
            match alone.and_then(|mut table| table.remove("list")) {
                Some(list @ Value::Array(_)) => list,
                _ => return Err(wrong(
                    "must be a list such as [\"10.0.0.0/8\", \"127.0.0.1\"], or the same with commas alone: 10.0.0.0/8,127.0.0.1"
                        .to_owned(),
                )),
            }
        }
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        ),
        _ => Value::String(text.to_owned()),
    };
    Ok(key.replace("__", "."))
}
