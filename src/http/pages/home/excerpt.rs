//! The place where a document is wrong, short enough to stand beside the form.

/// Characters shown on each side of the place where a document is wrong.
const EXCERPT_CHARS: usize = 28;

/// The line of a document that is wrong, around the place.
#[derive(Debug, PartialEq)]
pub(super) struct Excerpt {
    pub before: String,
    pub at: String,
    pub after: String,
}

impl Excerpt {
    /// The excerpt around `place`, a line and a column from 1; `None` if the document has no such line.
    pub(super) fn at(payload: &str, (line, column): (usize, usize)) -> Option<Self> {
        let line = payload
            .split('\n')
            .nth(line.checked_sub(1)?)?
            .trim_end_matches('\r');
        let index = column.checked_sub(1)?;
        let start = index.saturating_sub(EXCERPT_CHARS);
        let before: String = line.chars().skip(start).take(index - start).collect();
        let mut rest = line.chars().skip(index);
        let at = rest.next().map_or_else(String::new, String::from);
        let after: String = rest.by_ref().take(EXCERPT_CHARS).collect();
        let cut = |yes: bool| if yes { "…" } else { "" };
        Some(Self {
            before: format!("{}{before}", cut(start > 0)),
            at,
            after: format!("{after}{}", cut(rest.next().is_some())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_holds_the_place() {
        let line = format!("{}!{}", "a".repeat(100), "b".repeat(100));
        let excerpt = Excerpt::at(&line, (1, 101)).expect("the line exists");
        assert_eq!(
            (&*excerpt.before, &*excerpt.at),
            (&*format!("…{}", "a".repeat(28)), "!")
        );
        assert_eq!(excerpt.after, format!("{}…", "b".repeat(28)));
        assert_eq!(
            Excerpt::at("ab\r\ncd", (1, 3))
                .expect("the end of a line")
                .at,
            ""
        );
        for place in [(0, 1), (1, 0), (3, 1), (usize::MAX, usize::MAX)] {
            assert_eq!(Excerpt::at("a\nb", place), None);
        }
    }
}
