//! The line that each request gets, written without `tracing`'s machinery: it must be cheap enough to leave on.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use super::LogSink;
use crate::config::LogFormat;
use crate::principal::Principal;
use crate::token::TokenId;

/// Writes request lines to a sink.
#[derive(Clone)]
pub struct RequestLog {
    sink: LogSink,
    format: LogFormat,
}

/// What is said about a request. Nothing in it comes from the client unchecked: not the path, but the route's
/// template; not the query; no header but an id of hexadecimal digits and hyphens.
#[derive(Debug, Clone, Copy)]
pub struct RequestLine<'a> {
    /// When the answer was ready.
    pub at: Timestamp,
    /// The method, or `(other)` for one that no route knows.
    pub method: &'a str,
    /// The route's template, such as `/{digits}`.
    pub route: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// From the request's headers to the answer's.
    pub duration: Duration,
    /// The token, if the request was about one that is authentic.
    pub token_id: Option<TokenId>,
    /// Who asked, where not everybody may.
    pub by: Option<Principal>,
    /// The id that a problem's body names too.
    pub request_id: &'a str,
    /// The problem's code, if there was one.
    pub code: Option<&'a str>,
}

thread_local! {
    static LINE: RefCell<String> = RefCell::new(String::with_capacity(512));
    // Formatting a date costs more than the rest of a line, and it changes once a second.
    static SECOND: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) };
}

impl RequestLog {
    /// Request lines in `format` for `sink`.
    #[must_use]
    pub fn new(sink: LogSink, format: LogFormat) -> Self {
        Self { sink, format }
    }

    /// Writes the line of one request.
    pub fn write(&self, line: &RequestLine<'_>) {
        LINE.with_borrow_mut(|text| {
            text.clear();
            // Writing to a string cannot fail.
            let _infallible = match self.format {
                LogFormat::Text => line.write_text(text),
                LogFormat::Json => line.write_json(text),
            };
            self.sink.write_lines(text.as_bytes());
        });
    }
}

impl RequestLine<'_> {
    fn severity(&self) -> &'static str {
        match self.status {
            500.. => "ERROR",
            _ => "INFO",
        }
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        write_time(self.at, out)?;
        // By hand: `write!` of the same line takes four times as long, for every request.
        out.push_str(match self.status {
            500.. => " ERROR request method=",
            _ => "  INFO request method=",
        });
        out.push_str(self.method);
        out.push_str(" route=");
        out.push_str(self.route);
        out.push_str(" status=");
        out.push_str(itoa::Buffer::new().format(self.status));
        out.push_str(" duration_us=");
        out.push_str(itoa::Buffer::new().format(self.duration.as_micros()));
        out.push_str(" request_id=");
        out.push_str(self.request_id);
        if let Some(code) = self.code {
            out.push_str(" code=");
            out.push_str(code);
        }
        if let Some(by) = self.by {
            write!(out, " by={by}")?;
        }
        if let Some(id) = self.token_id {
            write!(out, " token_id={id}")?;
        }
        out.write_char('\n')
    }

    fn write_json(&self, out: &mut String) -> std::fmt::Result {
        out.push_str(r#"{"timestamp":""#);
        write_time(self.at, out)?;
        write!(
            out,
            r#"","level":"{}","message":"request","method":"{}","route":"{}","status":{},"duration_us":{},"request_id":"{}""#,
            self.severity(),
            self.method,
            self.route,
            self.status,
            self.duration.as_micros(),
            self.request_id
        )?;
        if let Some(code) = self.code {
            write!(out, r#","code":"{code}""#)?;
        }
        if let Some(by) = self.by {
            write!(out, r#","by":"{by}""#)?;
        }
        if let Some(id) = self.token_id {
            write!(out, r#","token_id":"{id}""#)?;
        }
        out.push_str("}\n");
        Ok(())
    }
}

/// RFC 3339 with microseconds, as the other lines of the log have it.
fn write_time(at: Timestamp, out: &mut String) -> std::fmt::Result {
    SECOND.with_borrow_mut(|(second, text)| {
        if *second != at.as_second() {
            *second = at.as_second();
            text.clear();
            write!(text, "{}", at.strftime("%Y-%m-%dT%H:%M:%S"))?;
        }
        out.push_str(text);
        // With the 1 gone, six digits are left.
        let micros = 1_000_000 + at.subsec_microsecond().unsigned_abs();
        out.push('.');
        out.push_str(&itoa::Buffer::new().format(micros)[1..]);
        out.push('Z');
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> RequestLine<'static> {
        RequestLine {
            at: Timestamp::from_microsecond(1_795_329_630_858_042).expect("in range"),
            method: "GET",
            route: "/{digits}",
            status: 200,
            duration: Duration::from_micros(17),
            token_id: Some("404142434445464748494a4b".parse().expect("a token id")),
            by: Some(Principal::Key(3)),
            request_id: "0123456789abcdef",
            code: None,
        }
    }

    #[test]
    fn a_text_line_is_one_line_of_names_and_values() {
        let mut out = String::new();
        line().write_text(&mut out).expect("a string takes all");
        assert_eq!(
            out,
            "2026-11-22T06:40:30.858042Z  INFO request method=GET route=/{digits} status=200 duration_us=17 \
             request_id=0123456789abcdef by=key:3 token_id=404142434445464748494a4b\n"
        );
    }

    #[test]
    fn a_json_line_is_one_json_object() {
        let mut out = String::new();
        let failed = RequestLine {
            status: 503,
            code: Some("temporarily_unavailable"),
            ..line()
        };
        failed.write_json(&mut out).expect("a string takes all");
        let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(value["level"], "ERROR");
        assert_eq!(value["status"], 503);
        assert_eq!(value["by"], "key:3");
        assert_eq!(value["code"], "temporarily_unavailable");
        assert_eq!(value["timestamp"], "2026-11-22T06:40:30.858042Z");
    }
}
