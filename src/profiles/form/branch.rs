//! A document that is put together from what was typed.

use serde_json::Value;

/// A part of a document that is being put together, in the order of the form.
pub(super) enum Branch {
    Leaf(String),
    Object(Vec<(String, Branch)>),
}

impl Default for Branch {
    fn default() -> Self {
        Self::Object(Vec::new())
    }
}

impl Branch {
    /// The branch to which names lead, made where it is missing; none behind a leaf.
    pub(super) fn at(&mut self, path: &[String]) -> Option<&mut Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let Self::Object(members) = self else {
            return None;
        };
        let place = members.iter().position(|(name, _)| name == first);
        let place = place.unwrap_or_else(|| {
            members.push((first.clone(), Self::default()));
            members.len() - 1
        });
        members.get_mut(place)?.1.at(rest)
    }

    /// Puts a branch where names lead.
    pub(super) fn put(&mut self, path: &[String], branch: Self) {
        if let Some(place) = self.at(path) {
            *place = branch;
        }
    }

    /// Adds the JSON of it.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Leaf(json) => out.push_str(json),
            Self::Object(members) => {
                out.push('{');
                for (place, (name, branch)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::String(name.clone()).to_string());
                    out.push(':');
                    branch.write(out);
                }
                out.push('}');
            }
        }
    }
}
