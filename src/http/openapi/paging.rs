//! What is said of the pages of lists.

use serde_json::json;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::{ObjectBuilder, Type};

use super::parts::{filter, string};
use crate::cursor::{Cursor, MOST_ROWS, USUAL_ROWS};

/// A cursor: the end of a page of tokens.
pub const CURSOR: &str = "AAAAAGsAjohAQUJDREVGR0hJSks";

/// The parameters that say how long a page is and where it begins. A list that is `filtered` has others, which go with the cursor.
pub fn page_of(filtered: bool, cursor: &str) -> [Parameter; 2] {
    let rows = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MOST_ROWS))
        .build();
    let words = match filtered {
        true => {
            "Where the page before ended: its `next_cursor`, with the other parameters as they were."
        }
        false => "Where the page before ended: its `next_cursor`.",
    };
    let pattern = string().pattern(Some(Cursor::PATTERN)).build();
    [
        filter(
            "limit",
            &format!("How many; {USUAL_ROWS} if it is not given."),
            rows,
            json!(USUAL_ROWS),
        ),
        filter("cursor", words, pattern, json!(cursor)),
    ]
}
