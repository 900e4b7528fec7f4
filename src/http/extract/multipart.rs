//! Forms with a file in them: `multipart/form-data` (RFC 7578), as browsers send it.

/// One field of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) value: &'a [u8],
}

/// The boundary of a `Content-Type` value (RFC 2046, 5.1.1): 1 to 70 characters.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let value = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let value = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value);
    let fits = (1..=70).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"');
    fits.then_some(value)
}

/// The fields in their order; `None` if the body has another form or more than `most` fields.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str, most: usize) -> Option<Vec<Part<'a>>> {
    let read = Read::new(body, boundary, most)?;
    read.is_whole.then_some(read.parts)
}

/// The fields of a body that was cut off, and of the next one as much as there is, if its value had begun.
pub(super) fn start<'a>(
    body: &'a [u8],
    boundary: &str,
    most: usize,
) -> Option<(Vec<Part<'a>>, Option<Part<'a>>)> {
    let read = Read::new(body, boundary, most)?;
    Some((read.parts, read.cut))
}

/// What could be read.
struct Read<'a> {
    parts: Vec<Part<'a>>,
    /// The part that has no end.
    cut: Option<Part<'a>>,
    /// The body has its end.
    is_whole: bool,
}

impl<'a> Read<'a> {
    fn new(body: &'a [u8], boundary: &str, most: usize) -> Option<Self> {
        // The first delimiter has no line break before it.
        let first = format!("--{boundary}");
        let delimiter = format!("\r\n--{boundary}");
        let mut rest = body.strip_prefix(first.as_bytes())?;
        let mut read = Self {
            parts: Vec::new(),
            cut: None,
            is_whole: false,
        };
        loop {
            if rest.starts_with(b"--") {
                read.is_whole = true;
                return Some(read);
            }
            if read.parts.len() == most {
                return None;
            }
            let Some((headers, after)) = split(rest, b"\r\n\r\n") else {
                return Some(read);
            };
            let name = name(std::str::from_utf8(headers.strip_prefix(b"\r\n")?).ok()?)?;
            let Some((value, after)) = split(after, delimiter.as_bytes()) else {
                read.cut = Some(Part { name, value: after });
                return Some(read);
            };
            read.parts.push(Part { name, value });
            rest = after;
        }
    }
}

fn split<'a>(text: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = text.windows(at.len()).position(|window| window == at)?;
    Some((&text[..place], &text[place + at.len()..]))
}

/// The name of a field, without the escapes that browsers write: our fields need none.
fn name(headers: &str) -> Option<String> {
    let (_, disposition) = headers
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(header, _)| header.eq_ignore_ascii_case("content-disposition"))?;
    let mut parameters = disposition.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("form-data") {
        return None;
    }
    let name = parameters.find_map(|parameter| parameter.strip_prefix("name=\""))?;
    Some(name.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_a_browser_writes_them() {
        let body = b"--XyZ\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\r\n}\r\n--XyZ\r\n\
            content-disposition: form-data; name=\"logo\"; filename=\"a;b.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x00\r\n--XyZ--\r\n";
        let parts = parts(body, "XyZ", 2).unwrap();
        assert_eq!(parts[0].name, "payload");
        assert_eq!(parts[0].value, b"{\r\n}");
        assert_eq!(parts[1].name, "logo");
        assert_eq!(parts[1].value, b"\x89PNG\r\n\x00");
        assert_eq!(super::parts(body, "XyZ", 1), None);
        assert_eq!(super::parts(body, "Xy", 9), None);
    }

    #[test]
    fn what_is_cut_off_is_refused_wherever_it_is_cut() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--";
        assert!(parts(body, "b", 9).is_some());
        for end in 0..body.len() - 1 {
            assert_eq!(parts(&body[..end], "b", 9), None, "{end}");
        }
        let (whole, cut) = start(&body[..body.len() - 6], "b", 9).unwrap();
        assert_eq!((whole.len(), cut.unwrap().name), (0, "a".to_owned()));
        let (whole, cut) = start(&body[..body.len() - 2], "b", 9).unwrap();
        assert_eq!((whole[0].value, cut), (&b"1"[..], None));
        for wrong in [
            &b"--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--"[..],
            b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
            b"--b\r\nname=\"a\"\r\n\r\n1\r\n--b--",
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--",
        ] {
            assert_eq!(parts(wrong, "b", 9), None);
        }
    }

    #[test]
    fn a_boundary_is_a_parameter_of_the_type() {
        for (text, expected) in [
            ("multipart/form-data; boundary=XyZ", Some("XyZ")),
            ("multipart/form-data; charset=x; Boundary=\"a b\"", None),
            ("multipart/form-data; boundary=\"XyZ\"", Some("XyZ")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
        ] {
            assert_eq!(boundary(text), expected, "{text}");
        }
    }
}
