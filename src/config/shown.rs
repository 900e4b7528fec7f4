//! The settings in force, as people are shown them: where each is from, and nothing that is secret.

use std::path::Path;

use toml::{Table, Value};

use super::Config;
use super::error::ConfigError;
use super::load::{NAMED, layered};
use crate::events::Receiver;

/// In place of what is secret.
const HIDDEN: &str = "***";

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The section, such as `server` or `style.brand`.
    pub section: String,
    /// Its name in there.
    pub key: String,
    /// The value as TOML; a password in it is hidden.
    pub value: String,
    /// Where it is from: `default`, a file, or an environment variable.
    pub place: String,
}

/// What [`load`](super::load()) would take, setting by setting, sorted by name; named styles come last.
///
/// # Errors
///
/// As [`load`](super::load()).
pub fn settings(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Setting>, ConfigError> {
    let (table, places) = layered(file, environment)?;
    Config::from_table(table.clone()).map_err(ConfigError::Value)?;
    let mut sections: Vec<(String, &Table)> = Vec::new();
    for (name, values) in table
        .iter()
        .filter(|(name, _)| !NAMED.contains(&name.as_str()))
    {
        let Some(values) = values.as_table() else {
            continue;
        };
        sections.push((name.clone(), values));
        for (key, value) in values {
            sections.extend(
                value
                    .as_table()
                    .map(|values| (format!("{name}.{key}"), values)),
            );
        }
    }
    for of in NAMED {
        let named = table.get(of).and_then(Value::as_table);
        for (name, values) in named.into_iter().flatten() {
            let name = format!("{of}.{name}");
            sections.extend(values.as_table().map(|values| (name, values)));
        }
    }
    let mut settings = Vec::new();
    for (section, values) in &sections {
        for (key, value) in *values {
            let path = format!("{section}.{key}");
            if sections.iter().any(|(section, _)| *section == path) {
                continue;
            }
            let value = match value {
                Value::String(url) if path == "store.url" => {
                    Value::String(without_password(url)).to_string()
                }
                Value::String(secret) if path == "events.secret" && !secret.is_empty() => {
                    Value::String(HIDDEN.to_owned()).to_string()
                }
                value if path == "events.targets" => shown_targets(value).to_string(),
                value => value.to_string(),
            };
            settings.push(Setting {
                place: places
                    .get(&path)
                    .map_or("default", String::as_str)
                    .to_owned(),
                section: section.clone(),
                key: key.clone(),
                value,
            });
        }
    }
    Ok(settings)
}

/// The addresses that are told of events, of which no more is shown than in logs.
fn shown_targets(targets: &Value) -> Value {
    let shown = |target: &Value| {
        let receiver = target.as_str().and_then(|text| text.parse().ok());
        let shown = receiver.map(|receiver: Receiver| receiver.to_string());
        Value::String(shown.unwrap_or_else(|| HIDDEN.to_owned()))
    };
    match targets {
        Value::Array(targets) => Value::Array(targets.iter().map(shown).collect()),
        target => shown(target),
    }
}

/// The URL of a database, with `***` in place of a password. Rather too much is hidden than too little: in a URL that is not
/// written as it should be, a password may hold what otherwise ends it.
fn without_password(url: &str) -> String {
    let mut url = url.to_owned();
    if let Some(start) = url.to_lowercase().find("password=") {
        let start = start + "password=".len();
        url.replace_range(start.., HIDDEN);
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return url;
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:{HIDDEN}@{host}"),
            None => url,
        },
        None => url,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn each_setting_says_where_it_is_from_and_hides_a_password() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        write!(
            file,
            "[server]\nworkers = 3\n[style.brand]\nscale = 5\n[store]\nurl = \"postgres://q:se@cr/et@db/x\"\n"
        )
        .expect("writable");
        let path = file.path().display().to_string();
        let variable = ("QRSEAL_LOG__LEVEL".to_owned(), "warn".to_owned());
        let settings = settings(Some(file.path()), [variable]).expect("valid");
        let found = |section: &str, key: &str| {
            settings
                .iter()
                .find(|setting| setting.section == section && setting.key == key)
                .map(|setting| (setting.value.as_str(), setting.place.as_str()))
        };
        assert_eq!(found("server", "workers"), Some(("3", path.as_str())));
        assert_eq!(found("style.brand", "scale"), Some(("5", path.as_str())));
        assert_eq!(
            found("log", "level"),
            Some(("\"warn\"", "QRSEAL_LOG__LEVEL"))
        );
        assert_eq!(found("log", "requests"), Some(("true", "default")));
        assert_eq!(
            found("store", "url"),
            Some(("\"postgres://q:***@db/x\"", path.as_str()))
        );
        let hidden = without_password("postgres://db/x?user=q&password=a@b:c");
        assert_eq!(hidden, "postgres://db/x?user=q&password=***");
    }
}
