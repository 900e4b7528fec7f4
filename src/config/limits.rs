//! The section `[limits]`.

use serde::Deserialize;

use super::values;
use crate::limits::{DailyQuota, PerMinute};
use crate::qr::MAX_SIDE_PX;

/// Limits of use and of size.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsSettings {
    /// Whether rates and quotas are in force.
    pub enabled: bool,
    /// Requests of a client to open a token, a minute; this and the other rates and quotas: 0 for no limit.
    #[serde(deserialize_with = "values::rate")]
    pub opens_per_minute: u32,
    /// Of these, those with something that is no token of ours.
    #[serde(deserialize_with = "values::rate")]
    pub unrecognised_per_minute: u32,
    /// Of these, those that make the server look at a PIN.
    #[serde(deserialize_with = "values::rate")]
    pub pin_tries_per_minute: u32,
    /// Plain codes of a client.
    #[serde(deserialize_with = "values::rate")]
    pub drawings_per_minute: u32,
    /// Pixels of styled symbols of a client without an API key.
    #[serde(deserialize_with = "values::rate")]
    pub styled_pixels_per_minute: u32,
    /// The same of an API key.
    #[serde(deserialize_with = "values::rate")]
    pub key_pixels_per_minute: u32,
    /// Forms of a client with a password or a recovery code.
    #[serde(deserialize_with = "values::rate")]
    pub sign_ins_per_minute: u32,
    /// Requests to issue of an API key, or of a client where issuing needs none.
    #[serde(deserialize_with = "values::rate")]
    pub issues_per_minute: u32,
    /// Bytes of their bodies.
    #[serde(deserialize_with = "values::rate")]
    pub issue_bytes_per_minute: u32,
    /// Requests to issue, a UTC day.
    #[serde(deserialize_with = "values::quota")]
    pub issues_per_day: Option<u64>,
    /// Bytes of their bodies.
    #[serde(deserialize_with = "values::quota")]
    pub issue_bytes_per_day: Option<u64>,
    /// Pixels of a styled symbol for whoever has no API key, 65,536 to 16,777,216.
    #[serde(deserialize_with = "values::count::<65_536, 16_777_216, _>")]
    pub max_anonymous_styled_pixels: usize,
    /// Bytes of a request body, without the logo in it.
    #[serde(deserialize_with = "values::count::<1024, 16_777_216, _>")]
    pub max_body_bytes: usize,
    /// Bytes of a request body whose document is to be stored, the same.
    #[serde(deserialize_with = "values::count::<1024, 16_777_216, _>")]
    pub max_stored_bytes: usize,
    /// Bytes of all records in the store together; `None` for no limit.
    #[serde(deserialize_with = "values::quota")]
    pub stored_bytes: Option<u64>,
    /// Of these, what a client without an API key may have there, each record with [`RECORD_OVERHEAD_BYTES`].
    ///
    /// [`RECORD_OVERHEAD_BYTES`]: crate::store::RECORD_OVERHEAD_BYTES
    #[serde(deserialize_with = "values::quota")]
    pub stored_bytes_per_client: Option<u64>,
    /// Rows of a batch over HTTP, 1 to 10,000,000.
    #[serde(deserialize_with = "values::count::<1, 10_000_000, _>")]
    pub max_batch_rows: usize,
    /// Bytes of a logo in a request, 0 for none, at most 1 MiB.
    #[serde(deserialize_with = "values::count::<0, 1_048_576, _>")]
    pub max_logo_bytes: usize,
}

impl LimitsSettings {
    /// Rates of each client or API key, all without limit if they are off.
    #[must_use]
    pub fn per_minute(&self) -> PerMinute {
        if !self.enabled {
            return PerMinute::UNLIMITED;
        }
        PerMinute {
            opens: self.opens_per_minute,
            unrecognised: self.unrecognised_per_minute,
            pin_tries: self.pin_tries_per_minute,
            issues: self.issues_per_minute,
            issue_bytes: self.issue_bytes_per_minute,
            drawings: self.drawings_per_minute,
            styled_pixels: self.styled_pixels_per_minute,
            key_pixels: self.key_pixels_per_minute,
            sign_ins: self.sign_ins_per_minute,
        }
    }

    /// Quotas of a UTC day, none if they are off.
    #[must_use]
    pub fn per_day(&self) -> DailyQuota {
        if !self.enabled {
            return DailyQuota::default();
        }
        DailyQuota {
            issues: self.issues_per_day,
            issue_bytes: self.issue_bytes_per_day,
        }
    }

    /// Bytes of the largest document, which may be one that is to be stored.
    #[must_use]
    pub fn largest_body_bytes(&self) -> usize {
        self.max_body_bytes.max(self.max_stored_bytes)
    }

    /// Bytes of a logo in JSON: base64.
    #[must_use]
    pub fn logo_text_bytes(&self) -> usize {
        self.max_logo_bytes.div_ceil(3) * 4
    }

    /// Bytes of the start page's form: of a document whose every byte is percent-encoded, or of the largest with a file and
    /// the file before it, which a page without script cannot keep but in base64.
    #[must_use]
    pub fn page_form_bytes(&self) -> usize {
        let with_files = self.largest_body_bytes() + self.max_logo_bytes.div_ceil(3) * 7;
        with_files.max(self.max_body_bytes * 3)
    }

    /// Bytes of the largest request that any route takes.
    #[must_use]
    pub fn largest_request_bytes(&self) -> usize {
        (self.largest_body_bytes() + self.logo_text_bytes()).max(self.page_form_bytes())
    }

    /// What no value says alone: the largest body must fit into a minute's bytes.
    pub(super) fn check(&self) -> Result<(), String> {
        // Rates of bytes are counted by the KiB.
        let largest = (self.largest_body_bytes() + self.logo_text_bytes()).next_multiple_of(1024);
        let rate = self.issue_bytes_per_minute;
        if rate != 0 && (rate as usize) < largest {
            return Err(format!(
                "limits.issue_bytes_per_minute must be 0 or at least {largest}, or the largest body that limits.max_body_bytes, \
                 limits.max_stored_bytes and limits.max_logo_bytes let in would never be taken"
            ));
        }
        let (rate, most) = (
            self.styled_pixels_per_minute as usize,
            self.max_anonymous_styled_pixels,
        );
        if rate != 0 && rate < most.next_multiple_of(1024) {
            return Err(format!(
                "limits.styled_pixels_per_minute must be 0 or at least {}, or the largest picture that \
                 limits.max_anonymous_styled_pixels lets in would never be drawn",
                most.next_multiple_of(1024)
            ));
        }
        let (rate, most) = (self.key_pixels_per_minute, MAX_SIDE_PX * MAX_SIDE_PX);
        if rate != 0 && rate < most {
            return Err(format!(
                "limits.key_pixels_per_minute must be 0 or at least {most}, or the largest picture would never be drawn"
            ));
        }
        Ok(())
    }
}
