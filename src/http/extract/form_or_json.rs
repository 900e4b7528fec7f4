//! A body that a page's form sends, or a program.

use bytes::Bytes;

/// A form's fields or a JSON body, whichever came.
pub enum FormOrJson {
    /// `application/x-www-form-urlencoded`
    Form(Vec<(String, String)>),
    /// `application/json` or `.../...+json`
    Json(Bytes),
}
