//! Sheets of labels: the sections `[sheet.NAME]`.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::batch::LabelSheet;

/// The sheets by their names.
pub type Sheets = BTreeMap<String, LabelSheet>;

/// The sheets of the sections, whose labels are on their pages.
pub(super) fn read<'de, D: Deserializer<'de>>(sections: D) -> Result<Sheets, D::Error> {
    BTreeMap::<String, LabelSheet>::deserialize(sections)?
        .into_iter()
        .map(|(name, sheet)| {
            let checked = sheet.checked();
            let sheet =
                checked.map_err(|why| D::Error::custom(format!("[sheet.{name}]: {why}")))?;
            Ok((name, sheet))
        })
        .collect()
}
