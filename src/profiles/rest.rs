//! What of a document its page does not name, so that nothing stays away that was not meant to.

use std::borrow::Cow;

/// A member of a document, or of an object in it.
pub type Named<'a, T> = (Cow<'a, str>, T);

/// A member that no field shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Rest<'a, T> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its value.
    pub value: T,
    /// Of an object into which fields lead, what of it none of them shows; otherwise it is to be shown whole.
    pub inside: Option<Vec<Self>>,
}

/// What is left of `members` beside the values to which the names in `shown` lead. `inside`: the members of an object.
pub fn rest_of<'a, T: Copy>(
    members: Vec<Named<'a, T>>,
    shown: &[&[String]],
    inside: &impl Fn(T) -> Option<Vec<Named<'a, T>>>,
) -> Vec<Rest<'a, T>> {
    let left = members.into_iter().filter_map(|(name, value)| {
        let into: Vec<&[String]> = shown
            .iter()
            .filter_map(|names| names.split_first())
            .filter(|(first, _)| **first == *name)
            .map(|(_, names)| names)
            .collect();
        if into.iter().any(|names| names.is_empty()) {
            return None;
        }
        let inside = match into.is_empty() {
            true => None,
            false => inside(value).map(|members| rest_of(members, &into, inside)),
        };
        match inside {
            Some(inside) if inside.is_empty() => None,
            inside => Some(Rest {
                name,
                value,
                inside,
            }),
        }
    });
    left.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn inside(value: &Value) -> Option<Vec<Named<'_, &Value>>> {
        let members = value.as_object()?.iter();
        Some(members.map(|(name, value)| (name.into(), value)).collect())
    }

    /// The same as a document.
    fn written(rest: &[Rest<'_, &Value>]) -> Value {
        let members = rest.iter().map(|left| {
            let value = match &left.inside {
                Some(inside) => written(inside),
                None => left.value.clone(),
            };
            (left.name.to_string(), value)
        });
        Value::Object(members.collect())
    }

    #[test]
    fn what_is_not_named_is_left_wherever_it_stands() {
        let document = json!({
            "a": {"b": {"c": 1, "d": 2}, "e": 3}, "f": {"g": 4}, "h": 5, "i": [6, 7], "j": 8
        });
        let shown = ["a/b/c", "f/g", "h", "i/0", "j/k"];
        let shown = shown.map(|names| names.split('/').map(str::to_owned).collect::<Vec<_>>());
        let shown: Vec<_> = shown.iter().map(Vec::as_slice).collect();
        let rest = rest_of(inside(&document).unwrap(), &shown, &inside);
        let expected = json!({"a": {"b": {"d": 2}, "e": 3}, "i": [6, 7], "j": 8});
        assert_eq!(written(&rest), expected);
    }
}
