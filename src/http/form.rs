//! Names and values of a query or a form (`application/x-www-form-urlencoded`), decoded strictly: bytes that are no UTF-8
//! would be another text than the one that was meant.

use percent_encoding::percent_decode;

/// What is said of a value that is not UTF-8.
pub const NOT_UTF_8: &str = "is not UTF-8";

/// The pairs in their order: a name, and its value unless one of both is not UTF-8.
pub fn pairs(encoded: &[u8]) -> impl Iterator<Item = (String, Option<String>)> {
    encoded
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let mut part = || decoded(parts.next().unwrap_or_default());
            match (part(), part()) {
                (Ok(name), Ok(value)) => (name, Some(value)),
                (Ok(name), Err(_)) => (name, None),
                (Err(broken), _) => (broken, None),
            }
        })
}

/// The text, or what is readable of it.
fn decoded(part: &[u8]) -> Result<String, String> {
    let spaced: Vec<u8> = part
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    String::from_utf8(percent_decode(&spaced).collect())
        .map_err(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_what_the_url_standard_makes_of_them_unless_they_are_no_utf_8() {
        for text in [
            "a=1&b=2",
            "",
            "&&a&=b&c=",
            "a=b=c&d=%3D%26%2B+x",
            "%C3%A9=caf%C3%A9&x=%zz&y=%4",
            "a=1&a=2",
        ] {
            let expected: Vec<_> = url::form_urlencoded::parse(text.as_bytes())
                .map(|(name, value)| (name.into_owned(), Some(value.into_owned())))
                .collect();
            assert_eq!(
                pairs(text.as_bytes()).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
        let broken: Vec<_> = pairs(b"a=caf%E9&%FF=1&b=\xff&c=%C3").collect();
        assert!(
            broken.iter().all(|(_, value)| value.is_none()),
            "{broken:?}"
        );
        assert_eq!((&*broken[0].0, &*broken[2].0), ("a", "b"));
    }
}
