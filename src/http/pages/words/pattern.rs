//! A message that is said many times in one page, resolved once.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::resolve;

/// The text of a message, with private characters where its variables go.
#[derive(Debug)]
pub(in crate::http::pages) struct Pattern(String);

/// The character that stands for the first variable; the others follow it.
const FIRST_SLOT: char = '\u{e000}';

impl Pattern {
    /// The message `key`, whose variables are `names`. It must not choose between variants by one of them.
    pub(super) fn new<const N: usize>(
        bundle: &FluentBundle<FluentResource>,
        key: &str,
        names: [&str; N],
    ) -> Self {
        let slots = (FIRST_SLOT..).map(String::from);
        let args: FluentArgs<'_> = names.into_iter().zip(slots).collect();
        Self(resolve(bundle, key, Some(&args)).unwrap_or_else(|| key.to_owned()))
    }

    /// Appends the text with `values` in the order of the names.
    pub(in crate::http::pages) fn push<const N: usize>(&self, out: &mut String, values: [&str; N]) {
        for c in self.0.chars() {
            let value = u32::from(c)
                .checked_sub(u32::from(FIRST_SLOT))
                .and_then(|slot| values.get(usize::try_from(slot).ok()?));
            match value {
                Some(value) => out.push_str(value),
                None => out.push(c),
            }
        }
    }

    /// The text with `values` in the order of the names.
    pub(in crate::http::pages) fn fill<const N: usize>(&self, values: [&str; N]) -> String {
        let mut out = String::with_capacity(self.0.len() + 16);
        self.push(&mut out, values);
        out
    }
}
