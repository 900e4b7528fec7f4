//! Places on a map.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentError, refuse};

/// A place (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Geo {
    /// Degrees north, -90 to 90.
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: f64,
}

impl Geo {
    /// `geo:48.201,16.3695` (RFC 5870), to the centimetre: seven decimals.
    pub(super) fn to_text(self) -> Result<String, ContentError> {
        if !(-90.0..=90.0).contains(&self.latitude) {
            return refuse("latitude", "must be degrees from -90 to 90");
        }
        if !(-180.0..=180.0).contains(&self.longitude) {
            return refuse("longitude", "must be degrees from -180 to 180");
        }
        // The poles have no longitude, and the date line has one only (3.4.2).
        let is_pole = decimal(self.latitude.abs()) == "90";
        let longitude = if is_pole { 0.0 } else { self.longitude };
        let longitude = decimal(longitude);
        let longitude = if longitude == "-180" {
            "180"
        } else {
            &longitude
        };
        Ok(format!("geo:{},{longitude}", decimal(self.latitude)))
    }
}

fn decimal(degrees: f64) -> String {
    let text = format!("{degrees:.7}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(latitude: f64, longitude: f64) -> String {
        Geo {
            latitude,
            longitude,
        }
        .to_text()
        .unwrap()
    }

    #[test]
    fn places_are_decimal_degrees_without_what_says_nothing() {
        assert_eq!(text(48.2010, 16.3695), "geo:48.201,16.3695");
        assert_eq!(text(-0.000_000_01, 10.0), "geo:0,10");
        assert_eq!(text(1e-7, -179.999_999_99), "geo:0.0000001,180");
        assert_eq!(text(90.0, 12.0), "geo:90,0");
        assert_eq!(text(-90.0, -180.0), "geo:-90,0");
    }

    #[test]
    fn places_off_the_globe_are_refused() {
        let field = |latitude, longitude| {
            Geo {
                latitude,
                longitude,
            }
            .to_text()
            .unwrap_err()
            .field
        };
        assert_eq!(field(90.1, 0.0), "latitude");
        assert_eq!(field(f64::NAN, 0.0), "latitude");
        assert_eq!(field(0.0, -180.5), "longitude");
    }
}
