//! Reading the configuration: the embedded defaults, then a file, then the environment.
//!
//! Does not belong here: how the text of a variable becomes a value (`environment`), and what is shown of what was read (`shown`).

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::Config;
use super::environment::{named_file_of, secret, set_from_environment};
use super::error::ConfigError;

/// `config/qrseal.toml`: every key with its default, unit and reason.
pub const DEFAULTS: &str = include_str!("../../config/qrseal.toml");

/// A configuration file larger than this is not read: it is not one.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The sections that hold sections of their own: one for each style, and one for each sheet of labels.
pub(super) const NAMED: [&str; 2] = ["style", "sheet"];

/// The folder in which systemd shows a service its credentials, and the name of the one that is the keyring's key-encryption key.
const CREDENTIALS: (&str, &str) = ("CREDENTIALS_DIRECTORY", "qrseal-kek");

/// The configuration from the embedded defaults, `file` if one is given, and the `QRSEAL_*` variables of
/// `environment`, each overriding what stands before it. A credential of systemd with the name `qrseal-kek` is `keys.kek_file`
/// where nothing else says where the key-encryption key is.
///
/// # Errors
///
/// An unreadable file, an unknown key or variable, a value of the wrong type or out of its range.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let (settings, _) = layered(file, environment)?;
    Config::from_table(settings).map_err(ConfigError::Value)
}

/// By `section.key`, where a setting is from that is not the default.
pub(super) type Places = BTreeMap<String, String>;

/// The settings in force, and where they are from.
pub(super) fn layered(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(Table, Places), ConfigError> {
    let mut settings: Table = DEFAULTS
        .parse()
        .expect("the embedded configuration is TOML");
    let mut places = Places::new();
    if let Some(path) = file {
        let table = read(path)?;
        let place = path.display().to_string();
        override_with(&mut settings, &mut places, table, &place)?;
    }
    let mut credentials = None;
    for (name, value) in environment {
        if name == CREDENTIALS.0 {
            credentials = Some(Path::new(&value).join(CREDENTIALS.1));
        }
        if let Some(key) = name.strip_prefix("QRSEAL_") {
            let path = match named_file_of(&settings, key) {
                None => set_from_environment(&mut settings, &name, key, &value)?,
                Some(key) => {
                    let text = secret(&name, Path::new(&value))?;
                    set_from_environment(&mut settings, &name, key, &text)?
                }
            };
            if let Some(other) = places
                .get(&path)
                .filter(|place| place.starts_with("QRSEAL_") && **place != name)
            {
                return Err(ConfigError::Key {
                    place: format!("environment variable {name}"),
                    message: format!("{other} sets `{path}`, too: take one of them away"),
                });
            }
            places.insert(path, name);
        }
    }
    if let Some(credential) = credentials.filter(|file| file.exists()) {
        take_credential(&mut settings, &mut places, &credential);
    }
    Ok((settings, places))
}

fn take_credential(settings: &mut Table, places: &mut Places, credential: &Path) {
    let Some(Value::Table(keys)) = settings.get_mut("keys") else {
        return;
    };
    let is_set = |key: &str| match keys.get(key) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(words)) => !words.is_empty(),
        _ => false,
    };
    if is_set("kek_file") || is_set("kek_command") {
        return;
    }
    let file = Value::String(credential.display().to_string());
    keys.insert("kek_file".to_owned(), file);
    places.insert("keys.kek_file".to_owned(), CREDENTIALS.0.to_owned());
}

fn read(path: &Path) -> Result<Table, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_FILE_BYTES {
        return Err(ConfigError::TooLarge(path.to_path_buf()));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    text.parse()
        .map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: path.to_path_buf(),
            message: error.to_string(),
        })
}

/// Puts each value of `table` over the default of the same name; every name must have a default.
fn override_with(
    settings: &mut Table,
    places: &mut Places,
    table: Table,
    place: &str,
) -> Result<(), ConfigError> {
    for (section, values) in table {
        if let Some(of) = NAMED.into_iter().find(|of| *of == section) {
            add_named(settings, places, (of, values), place)?;
            continue;
        }
        let Some(Value::Table(known)) = settings.get_mut(&section) else {
            return Err(unknown(place, &section, settings.keys()));
        };
        override_section(known, places, (&section, values), place)?;
    }
    Ok(())
}

/// Puts the values of one section over its defaults; a section may hold another one.
fn override_section(
    known: &mut Table,
    places: &mut Places,
    (section, values): (&str, Value),
    place: &str,
) -> Result<(), ConfigError> {
    let Value::Table(values) = values else {
        return Err(ConfigError::Key {
            place: place.to_owned(),
            message: format!("`{section}` is a section: write [{section}]"),
        });
    };
    for (key, value) in values {
        let path = format!("{section}.{key}");
        match known.get_mut(&key) {
            None => return Err(unknown(place, &path, known.keys())),
            Some(Value::Table(inner)) => override_section(inner, places, (&path, value), place)?,
            Some(default) if !default.same_type(&value) => {
                return Err(ConfigError::Key {
                    place: place.to_owned(),
                    message: format!(
                        "`{path}` must be of type {}, not {}",
                        default.type_str(),
                        value.type_str()
                    ),
                });
            }
            Some(default) => {
                *default = value;
                places.insert(path, place.to_owned());
            }
        }
    }
    Ok(())
}

/// Puts sections like `[style.NAME]` beside the others: their names are the operator's, and there is no default.
fn add_named(
    settings: &mut Table,
    places: &mut Places,
    (of, sections): (&str, Value),
    place: &str,
) -> Result<(), ConfigError> {
    let wrong = |name: &str| ConfigError::Key {
        place: place.to_owned(),
        message: format!("{of}s are sections of their own: write [{of}.{name}]"),
    };
    let Value::Table(sections) = sections else {
        return Err(wrong("NAME"));
    };
    if let Some((name, _)) = sections.iter().find(|(_, section)| !section.is_table()) {
        return Err(wrong(name));
    }
    for (name, section) in &sections {
        for key in section.as_table().into_iter().flat_map(Table::keys) {
            places.insert(format!("{of}.{name}.{key}"), place.to_owned());
        }
    }
    settings.insert(of.to_owned(), Value::Table(sections));
    Ok(())
}

fn unknown<'a>(place: &str, name: &str, known: impl Iterator<Item = &'a String>) -> ConfigError {
    let known: Vec<&str> = known.map(String::as_str).collect();
    ConfigError::Key {
        place: place.to_owned(),
        message: format!("unknown key `{name}`; known here: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::config::{Issuing, LogFormat, settings};
    use crate::keys::KekSource;

    fn from_file(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("writable");
        load(Some(file.path()), [])
    }

    fn from_environment(name: &str, value: &str) -> Result<Config, ConfigError> {
        load(None, [(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn the_embedded_file_is_a_complete_configuration() {
        let config = load(None, []).expect("the defaults are valid");
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
        assert!(config.server.public_url.is_none());
        assert_eq!(config.auth.issuing, Issuing::Local);
    }

    #[test]
    fn a_file_overrides_defaults_and_the_environment_overrides_the_file() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        write!(file, "[server]\nworkers = 3\n[log]\nformat = \"json\"\n").expect("writable");
        let variable = ("QRSEAL_SERVER__WORKERS".to_owned(), "5".to_owned());
        let config = load(Some(file.path()), [variable]).expect("valid");
        assert_eq!(config.server.workers, 5);
        assert_eq!(config.log.format, LogFormat::Json);
    }

    #[test]
    fn a_list_is_an_array_in_the_file_and_has_commas_in_the_environment() {
        let from_file = from_file("[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"127.0.0.1\"]");
        let variable = from_environment("QRSEAL_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1");
        let trusted = from_file.expect("valid").server.trusted_proxies;
        assert_eq!(variable.expect("valid").server.trusted_proxies, trusted);
        let as_in_the_file = from_environment(
            "QRSEAL_SERVER__TRUSTED_PROXIES",
            "[\"10.0.0.0/8\", \"127.0.0.1\"]",
        );
        assert_eq!(
            as_in_the_file.expect("valid").server.trusted_proxies,
            trusted
        );
        for broken in ["[10.0.0.0/8]", "[\"10.0.0.0/8\"", "[]\nx = 1", "[1]"] {
            from_environment("QRSEAL_SERVER__TRUSTED_PROXIES", broken).expect_err(broken);
        }
        assert!(trusted.contains([10, 1, 2, 3].into()));
    }

    #[test]
    fn a_credential_of_systemd_is_the_key_encryption_key_unless_the_configuration_names_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let variables = |more: &[(&str, &str)]| {
            let folder = folder.path().display().to_string();
            let mut all = vec![("CREDENTIALS_DIRECTORY".to_owned(), folder)];
            all.extend(
                more.iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            );
            load(None, all).map(|config| config.keys.keyring().kek)
        };
        assert_eq!(variables(&[]).expect("valid"), KekSource::None);
        let credential = folder.path().join("qrseal-kek");
        std::fs::write(&credential, "x").expect("writable");
        assert_eq!(variables(&[]).expect("valid"), KekSource::File(credential));
        let named = ("QRSEAL_KEYS__KEK_FILE", "/etc/kek");
        let command = ("QRSEAL_KEYS__KEK_COMMAND", "vault,read");
        assert_eq!(
            variables(&[named]).expect("valid"),
            KekSource::File("/etc/kek".into())
        );
        assert_eq!(
            variables(&[command]).expect("valid"),
            KekSource::Command(vec!["vault".to_owned(), "read".to_owned()])
        );
        let both = variables(&[named, command]).expect_err("both");
        assert!(both.to_string().contains("take one of them away"), "{both}");
    }

    #[test]
    fn a_section_in_a_section_is_set_key_by_key() {
        let file = "[server]\nlisten = \"127.0.0.1:8443\"\n[server.tls]\ncertificate = \"a.pem\"\n";
        let alone = from_file(file).expect_err("its key is missing").to_string();
        assert!(
            alone.contains("a.pem") && alone.contains("server.tls.key names no file"),
            "{alone}"
        );
        let mut written = tempfile::NamedTempFile::new().expect("a temporary file");
        written.write_all(file.as_bytes()).expect("writable");
        let key = ("QRSEAL_SERVER__TLS__KEY".to_owned(), "b.pem".to_owned());
        let config = load(Some(written.path()), [key.clone()]).expect("valid");
        let files = config.server.tls.files().expect("both are named");
        assert_eq!(
            (files.certificate.to_str(), files.key.to_str()),
            (Some("a.pem"), Some("b.pem"))
        );
        assert_eq!(config.public_url().as_str(), "https://127.0.0.1:8443/");
        let settings = settings(Some(written.path()), [key]).expect("valid");
        let tls: Vec<_> = settings
            .iter()
            .filter(|setting| setting.section == "server.tls")
            .collect();
        assert_eq!(tls.len(), 2);
        assert_eq!(
            (&*tls[1].key, &*tls[1].place),
            ("key", "QRSEAL_SERVER__TLS__KEY")
        );
        assert!(!settings.iter().any(|setting| setting.key == "tls"));

        let error = from_file("[server.tls]\ncert = \"a.pem\"")
            .expect_err("unknown")
            .to_string();
        assert!(
            error.contains("`server.tls.cert`; known here: certificate, key"),
            "{error}"
        );
        let error = from_file("[server]\ntls = \"a.pem\"")
            .expect_err("a section")
            .to_string();
        assert!(error.contains("write [server.tls]"), "{error}");
        from_environment("QRSEAL_SERVER__TLS", "a.pem").expect_err("a section");
        from_environment("QRSEAL_SERVER__TLS__CERT", "a.pem").expect_err("unknown");
    }

    #[test]
    fn unknown_keys_and_variables_are_errors_that_name_what_is_known() {
        for text in [
            "[server]\nlisten_on = \"x\"",
            "[sever]\nlisten = \"x\"",
            "server = 1",
        ] {
            assert!(
                matches!(from_file(text), Err(ConfigError::Key { .. })),
                "{text}"
            );
        }
        let error = from_file("[link]\nfrom = \"path\"").expect_err("unknown key");
        assert!(error.to_string().contains("form"), "{error}");
        for name in [
            "QRSEAL_LISTEN",
            "QRSEAL_SERVER__PORT",
            "QRSEAL_",
            "QRSEAL_SERVER_LISTEN",
        ] {
            let error = from_environment(name, "1").expect_err("unknown variable");
            assert!(error.to_string().contains(name), "{error}");
        }
        from_environment("PATH", "/bin").expect("other variables are not ours");
    }

    #[test]
    fn a_value_of_the_wrong_type_or_range_is_refused_with_its_name() {
        for (name, value) in [
            ("QRSEAL_SERVER__WORKERS", "many"),
            ("QRSEAL_SERVER__WORKERS", "-1"),
            ("QRSEAL_SERVER__WORKERS", "1025"),
            ("QRSEAL_SERVER__LISTEN", "8080"),
            ("QRSEAL_SERVER__PUBLIC_URL", "qr.example.com"),
            ("QRSEAL_SERVER__PUBLIC_URL", "ftp://qr.example.com"),
            (
                "QRSEAL_SERVER__PUBLIC_URL",
                "https://user:pw@qr.example.com",
            ),
            ("QRSEAL_SERVER__PUBLIC_URL", "https://qr.example.com/?a=b"),
            ("QRSEAL_SERVER__MAX_REQUESTS", "0"),
            ("QRSEAL_SERVER__TRUSTED_PROXIES", "everybody"),
            ("QRSEAL_SERVER__TRUSTED_PROXIES", "0.0.0.0/0"),
            ("QRSEAL_SERVER__FORWARDED_HEADER", "x-real-ip"),
            ("QRSEAL_KEYS__FILE", ""),
            ("QRSEAL_EVENTS__TARGETS", "https://hooks.example.com/"),
            ("QRSEAL_EVENTS__TARGETS", "http://hooks.example.com/"),
            ("QRSEAL_EVENTS__SECRET", "secret"),
            ("QRSEAL_EVENTS__TYPES", "token.issued"),
            ("QRSEAL_EVENTS__OUTBOX", "99"),
            ("QRSEAL_KEYS__ROTATE_EVERY", "89d"),
            ("QRSEAL_ISSUING__MAX_EXPIRES_IN", "soon"),
            ("QRSEAL_LIMITS__ENABLED", "yes"),
            ("QRSEAL_LIMITS__OPENS_PER_MINUTE", "-1"),
            ("QRSEAL_LIMITS__ISSUE_BYTES_PER_MINUTE", "612000"),
            ("QRSEAL_LIMITS__ISSUES_PER_DAY", "-1"),
            ("QRSEAL_AUTH__ISSUING", "everyone"),
            ("QRSEAL_SYMBOL__ECL", "X"),
            ("QRSEAL_SYMBOL__SCALE", "65"),
            ("QRSEAL_SYMBOL__QUIET_ZONE", "17"),
            ("QRSEAL_LINK__FORM", "short"),
            ("QRSEAL_PAYLOAD__CODEC", "brotli"),
            ("QRSEAL_PAYLOAD__EFFORT", "slow"),
            ("QRSEAL_PIN__HASHES_AT_ONCE", "0"),
            ("QRSEAL_PIN__QUEUE", "1001"),
            ("QRSEAL_STORE__URL", "mysql://x"),
            ("QRSEAL_LOG__LEVEL", "loud"),
        ] {
            from_environment(name, value).expect_err(&format!("{name}={value}"));
        }
    }
}
