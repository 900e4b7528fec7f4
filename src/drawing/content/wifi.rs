//! Networks to join.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, escaped, refuse};

/// A wireless network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wifi {
    /// The name of the network, 1 to 32 bytes of UTF-8 (IEEE 802.11, 9.4.2.2).
    #[schema(
        min_length = 1,
        max_length = 32,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    pub ssid: String,
    /// How it is protected.
    #[serde(default)]
    pub security: WifiSecurity,
    /// The password: for WPA 8 to 63 characters of ASCII or 64 hexadecimal
    /// digits (IEEE 802.11, J.4.1), none for an open network.
    #[schema(pattern = "^[ -~]{5,64}$")]
    pub password: Option<String>,
    /// Whether the network does not tell its name.
    #[serde(default)]
    pub hidden: bool,
}

/// How a network is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WifiSecurity {
    /// WPA, WPA2 or WPA3 with a password.
    #[default]
    Wpa,
    /// WEP, of old networks.
    Wep,
    /// No password.
    Open,
}

impl Wifi {
    /// `WIFI:T:WPA;S:name;P:password;;` with backslashes before `\ ; , " :`
    /// (`ZXing`, "Barcode Contents", "Wi-Fi Network config").
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        if !(1..=32).contains(&self.ssid.len()) || self.ssid.contains(char::is_control) {
            return refuse("ssid", "must be 1 to 32 bytes of text");
        }
        let password = self.password.as_deref();
        let (kind, password) = match (self.security, password) {
            (WifiSecurity::Open, None) => ("nopass", None),
            (WifiSecurity::Open, Some(_)) => {
                return refuse("password", "must be left out for an open network");
            }
            (WifiSecurity::Wpa, Some(password)) if is_wpa_password(password) => {
                ("WPA", Some(password))
            }
            (WifiSecurity::Wpa, _) => {
                return refuse(
                    "password",
                    "must be 8 to 63 ASCII characters, or 64 hexadecimal digits",
                );
            }
            (WifiSecurity::Wep, Some(password)) if is_wep_key(password) => ("WEP", Some(password)),
            (WifiSecurity::Wep, _) => {
                return refuse(
                    "password",
                    "must be 5 or 13 ASCII characters, or 10 or 26 hexadecimal digits",
                );
            }
        };
        let escape = |text: &str| escaped(text, &['\\', ';', ',', '"', ':']);
        let mut text = format!("WIFI:T:{kind};S:{};", escape(&self.ssid));
        if let Some(password) = password {
            text.extend(["P:", &escape(password), ";"]);
        }
        if self.hidden {
            text.push_str("H:true;");
        }
        text.push(';');
        Ok(text)
    }
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_wpa_password(password: &str) -> bool {
    (8..=63).contains(&password.len()) && is_printable(password)
        || password.len() == 64 && is_hex(password)
}

fn is_wep_key(key: &str) -> bool {
    matches!(key.len(), 5 | 13) && is_printable(key) || matches!(key.len(), 10 | 26) && is_hex(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wifi(ssid: &str, security: WifiSecurity, password: Option<&str>) -> Wifi {
        Wifi {
            ssid: ssid.to_owned(),
            security,
            password: password.map(str::to_owned),
            hidden: false,
        }
    }

    #[test]
    fn networks_are_written_with_what_is_special_escaped() {
        let plain = wifi("mynetwork", WifiSecurity::Wpa, Some("mypassword"));
        assert_eq!(
            plain.to_text().unwrap(),
            "WIFI:T:WPA;S:mynetwork;P:mypassword;;"
        );
        let special = wifi(r#""foo;bar\baz":a,b"#, WifiSecurity::Open, None);
        assert_eq!(
            special.to_text().unwrap(),
            r#"WIFI:T:nopass;S:\"foo\;bar\\baz\"\:a\,b;;"#
        );
        let hidden = Wifi {
            hidden: true,
            ..wifi("Café", WifiSecurity::Wep, Some("12345"))
        };
        assert_eq!(
            hidden.to_text().unwrap(),
            "WIFI:T:WEP;S:Café;P:12345;H:true;;"
        );
    }

    #[test]
    fn names_and_passwords_that_no_network_has_are_refused() {
        let field = |wifi: Wifi| wifi.to_text().unwrap_err().field;
        assert_eq!(field(wifi("", WifiSecurity::Open, None)), "ssid");
        assert_eq!(
            field(wifi(&"a".repeat(33), WifiSecurity::Open, None)),
            "ssid"
        );
        assert_eq!(field(wifi("a\nb", WifiSecurity::Open, None)), "ssid");
        assert_eq!(
            field(wifi("a", WifiSecurity::Open, Some("12345678"))),
            "password"
        );
        for password in [
            None,
            Some("1234567"),
            Some("pässword"),
            Some(&*"g".repeat(64)),
        ] {
            assert_eq!(field(wifi("a", WifiSecurity::Wpa, password)), "password");
        }
        assert!(
            wifi("a", WifiSecurity::Wpa, Some(&"f".repeat(64)))
                .to_text()
                .is_ok()
        );
    }
}
