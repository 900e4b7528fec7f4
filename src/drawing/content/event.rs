//! Events for a calendar.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, SchemaType};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use super::{ContentError, line, refuse, vtext};

/// An event. Times are RFC 3339 (`2026-05-01T18:00:00+02:00`), or dates for
/// whole days (`2026-05-01`), both of the same kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Event {
    /// What it is called.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
    )]
    #[schema(required = true)]
    pub summary: String,
    /// When it begins.
    #[schema(schema_with = time_or_date)]
    #[schema(required = true)]
    pub starts_at: String,
    /// When it ends; for whole days the last of them.
    #[schema(schema_with = time_or_date_or_none)]
    pub ends_at: Option<String>,
    /// Where it is.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub location: Option<String>,
    /// More about it.
    #[schema(pattern = "^([^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]|\\r\\n)*$")]
    pub description: Option<String>,
}

/// A time or a date, as the description of the interface says it.
fn time_or_date() -> AnyOfBuilder {
    time_or_date_of(&Type::String.into())
}

fn time_or_date_of(kind: &SchemaType) -> AnyOfBuilder {
    let text = |format| {
        ObjectBuilder::new()
            .schema_type(kind.clone())
            .format(Some(SchemaFormat::KnownFormat(format)))
    };
    AnyOfBuilder::new()
        .description(Some(
            "A time (RFC 3339), or a date for whole days. The end is not before the beginning and of the same kind; for \
             whole days it is the last of them.",
        ))
        .item(text(KnownFormat::DateTime))
        .item(text(KnownFormat::Date))
        .examples([serde_json::json!("2026-05-01T18:00:00+02:00")])
}

fn time_or_date_or_none() -> AnyOfBuilder {
    time_or_date_of(&SchemaType::from_iter([Type::String, Type::Null]))
}

#[derive(Clone, Copy)]
enum When {
    At(Timestamp),
    On(Date),
}

impl Event {
    /// iCalendar (RFC 5545), lines ending with CRLF and not folded. `PRODID`,
    /// `UID` and `DTSTAMP`, which a stored calendar must have, are left out:
    /// phones do not ask for them in a symbol, and they cost modules.
    pub(super) fn to_text(&self) -> Result<String, ContentError> {
        line(
            "summary",
            &self.summary,
            200,
            "must be 1 to 200 characters on one line",
        )?;
        let starts_at = When::parse("starts_at", &self.starts_at)?;
        let ends_at = self
            .ends_at
            .as_deref()
            .map(|text| When::parse("ends_at", text))
            .transpose()?;
        // Times and dates do not compare.
        if ends_at.is_some_and(|ends_at| {
            ends_at
                .compare(starts_at)
                .is_none_or(std::cmp::Ordering::is_lt)
        }) {
            return refuse(
                "ends_at",
                "must not be before starts_at, and be a time or a date as that is",
            );
        }

        let mut lines = vec![
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "BEGIN:VEVENT".to_owned(),
        ];
        lines.push(format!("SUMMARY:{}", vtext("summary", &self.summary)?));
        lines.push(starts_at.property("DTSTART"));
        if let Some(ends_at) = ends_at {
            lines.push(ends_at.end()?.property("DTEND"));
        }
        for (name, field, value) in [
            ("LOCATION", "location", &self.location),
            ("DESCRIPTION", "description", &self.description),
        ] {
            if let Some(value) = value {
                lines.push(format!("{name}:{}", vtext(field, value)?));
            }
        }
        lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
        Ok(lines.join("\r\n") + "\r\n")
    }
}

impl When {
    fn parse(field: &'static str, text: &str) -> Result<Self, ContentError> {
        if text.len() == 10
            && let Ok(date) = text.parse()
        {
            return Ok(Self::On(date));
        }
        match text.parse() {
            Ok(time) => Ok(Self::At(time)),
            Err(_) => refuse(
                field,
                "must be a time such as 2026-05-01T18:00:00+02:00, or a date such as 2026-05-01",
            ),
        }
    }

    fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::At(a), Self::At(b)) => Some(a.cmp(&b)),
            (Self::On(a), Self::On(b)) => Some(a.cmp(&b)),
            _ => None,
        }
    }

    /// `DTEND` is the first moment that is no longer part of it (3.6.1).
    fn end(self) -> Result<Self, ContentError> {
        match self {
            Self::At(_) => Ok(self),
            Self::On(date) => match date.tomorrow() {
                Ok(next) => Ok(Self::On(next)),
                Err(_) => refuse("ends_at", "must be a date before the year 10000"),
            },
        }
    }

    fn property(self, name: &str) -> String {
        match self {
            Self::At(time) => format!("{name}:{}", time.strftime("%Y%m%dT%H%M%SZ")),
            Self::On(date) => format!("{name};VALUE=DATE:{}", date.strftime("%Y%m%d")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(starts_at: &str, ends_at: Option<&str>) -> Event {
        Event {
            summary: "Concert, open air".to_owned(),
            starts_at: starts_at.to_owned(),
            ends_at: ends_at.map(str::to_owned),
            ..Event::default()
        }
    }

    #[test]
    fn times_are_written_in_utc_and_texts_escaped() {
        let concert = Event {
            location: Some("Main Square; Linz".to_owned()),
            description: Some("Doors at 18:00\nBring a coat".to_owned()),
            ..event(
                "2026-05-01T19:30:00+02:00",
                Some("2026-05-01T22:00:00+02:00"),
            )
        };
        assert_eq!(
            concert.to_text().unwrap(),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Concert\\, open air\r\n\
             DTSTART:20260501T173000Z\r\nDTEND:20260501T200000Z\r\nLOCATION:Main Square\\; Linz\r\n\
             DESCRIPTION:Doors at 18:00\\nBring a coat\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
    }

    #[test]
    fn whole_days_end_on_the_day_after_the_last() {
        let fair = event("2026-12-30", Some("2026-12-31")).to_text().unwrap();
        assert!(
            fair.contains("DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270101\r\n"),
            "{fair}"
        );
    }

    #[test]
    fn what_is_no_time_or_ends_too_early_is_refused() {
        let field = |event: Event| event.to_text().unwrap_err().field;
        for starts_at in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-05-01T18:00:00",
            "01.05.2026",
        ] {
            assert_eq!(field(event(starts_at, None)), "starts_at", "{starts_at}");
        }
        assert_eq!(field(event("2026-05-02", Some("2026-05-01"))), "ends_at");
        assert_eq!(
            field(event("2026-05-02", Some("2026-05-02T10:00:00Z"))),
            "ends_at"
        );
        assert_eq!(
            field(Event {
                summary: "a\nb".to_owned(),
                ..event("2026-05-02", None)
            }),
            "summary"
        );
        assert_eq!(
            field(Event {
                location: Some("a\u{7}".to_owned()),
                ..event("2026-05-02", None)
            }),
            "location"
        );
    }
}
