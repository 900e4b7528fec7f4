//! A profile to begin with.

use std::path::Path;

use super::ProfileName;
use super::folder::used_in;
use super::shipped::{LAST_SHIPPED_NUMBER, SHIPPED};
use crate::token::ClaimValue;

/// What a profile begins with; `NAME`, `TITLE` and `NUMBER` are filled in.
const TEMPLATE: &str = include_str!("template.toml");

/// The text of a new profile: the shipped one of this name, or one of its own with a number that none ever had.
///
/// # Errors
/// The folder or the file of numbers cannot be read.
pub fn begun(
    name: &ProfileName,
    folder: &Path,
    keyring: &Path,
    numbers: Option<&Path>,
) -> Result<String, String> {
    if let Some((.., text)) = SHIPPED.iter().find(|(known, ..)| *known == name.as_str()) {
        return Ok((*text).to_owned());
    }
    let used = used_in(folder, keyring, numbers)?;
    let number = (LAST_SHIPPED_NUMBER + 1..ClaimValue::MAX.value())
        .find(|number| !used.contains(number))
        .unwrap_or(LAST_SHIPPED_NUMBER + 1);
    let title = crate::labels::label(name.as_str());
    Ok(TEMPLATE
        .replace("NUMBER", &number.to_string())
        .replace("TITLE", &title)
        .replace("NAME", name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Styles;
    use crate::profiles::Profiles;

    #[test]
    fn what_a_profile_begins_with_is_one_and_each_has_a_number_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, files) = (
            folder.path().join("keyring.json"),
            folder.path().join("profiles"),
        );
        std::fs::create_dir(&files).unwrap();
        for (name, number) in [("badge", 32), ("name-card", 33), ("invoice", 1)] {
            let named: ProfileName = name.parse().unwrap();
            let text = begun(&named, &files, &keys, None).unwrap();
            std::fs::write(files.join(format!("{name}.toml")), text).unwrap();
            let profiles =
                Profiles::open(Some(&files), &keys, None, &Styles::new(), false).unwrap();
            assert_eq!(
                profiles.registry().find(name).unwrap().number.value(),
                number
            );
        }
    }
}
