//! Every option, as the description says it.

use serde_json::{Value, json};
use utoipa::openapi::{Object, ObjectBuilder, Type};

use super::sample;

/// Captions: not spaces alone. The letters that most need; the built-in font has some more.
const CAPTION: &str =
    "^[ !-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€]*[!-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€][ !-~¡-¬®-ſΑ-ΡΣ-ωА-я–—‘’“”…€]*$";

/// Where an option stands, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionOf {
    /// A sealed document.
    Token,
    /// A sealed document, where a secret may stand: in an envelope only.
    Secret,
    /// A symbol, also in an envelope's `style`.
    Symbol,
    /// A symbol: the name of a style, which stands elsewhere in an envelope.
    Style,
    /// A symbol, where there is room for a picture: in an envelope only.
    Picture,
    /// The answer.
    Answer,
}

/// One option: its name, where it belongs, its words and its schema.
pub struct OptionDoc {
    /// Its name in queries, envelopes and forms.
    pub name: &'static str,
    /// What it is an option of.
    pub of: OptionOf,
    /// What it does.
    pub words: &'static str,
    /// Its type and range.
    pub schema: Object,
}

/// Every option, once.
pub fn options() -> Vec<OptionDoc> {
    let mut all = of_requests();
    all.extend(of_styles());
    all.extend(of_shapes());
    all
}

fn of_requests() -> Vec<OptionDoc> {
    vec![
        option(
            "expires_in",
            OptionOf::Token,
            "Seconds for which the token opens, 60 to 315,360,000 (10 years), rounded up to the minute. Not given: as long as its key is enabled.",
            number(60, 315_360_000),
            None,
            json!(2_592_000),
        ),
        option(
            "max_opens",
            OptionOf::Token,
            "How often the token opens. It takes `expires_in`. Not given: as often as one likes. Opening a limited token takes a `POST`; link previews and mail scanners that only `GET` spend nothing.",
            number(1, 1_000_000),
            None,
            json!(1),
        ),
        option(
            "pin",
            OptionOf::Secret,
            "A PIN of 4 to 64 characters that opening takes besides the code. It takes `expires_in`. Those that are tried first (runs, repetitions, years, well-known words) are refused. It is not stored.",
            length(4, 64),
            None,
            json!("493817"),
        ),
        option(
            "pin_auto",
            OptionOf::Secret,
            "Draw a PIN of six digits. It is given once: as `pin` in a JSON answer, or below the symbol with `print_pin`. For codes in mail or on paper, which programs may open and whose buttons they may press. It takes `expires_in`.",
            flag(),
            None,
            json!(true),
        ),
        option(
            "print_pin",
            OptionOf::Secret,
            "Print the PIN that was drawn below the symbol, as its caption: against programs, not against whoever holds the paper.",
            flag(),
            None,
            json!(true),
        ),
        option(
            "codec",
            OptionOf::Token,
            "`auto`: the smallest of what the codecs give. `raw`: JSON text as it is, so that the length of the token tells nothing more about the content than its length; use it where a stranger chooses part of a document.",
            one_of(&["auto", "raw"]),
            Some(json!("auto")),
            json!("auto"),
        ),
        option(
            "effort",
            OptionOf::Token,
            "How hard to try for a smaller symbol, where the payload is packed. `fast`: microseconds. `best`: ten times as long or more, a tenth fewer bytes. `smallest`: milliseconds a kilobyte, two thirds of the bytes of `best`; payloads of more than 2,048 bytes are packed as with `best`. `codec` in the answer says what was used. If it is not given, the server's operator has chosen.",
            one_of(&["fast", "best", "smallest"]),
            None,
            json!("smallest"),
        ),
        option(
            "storage",
            OptionOf::Token,
            "Where the document is. `inline`: in the code itself, and nothing is stored. `stored`: encrypted in the server's store, so that the code has 42 digits whatever the document's size; who has the store and the keys, and not the code, cannot read it. `auto`: inline while the symbol is of version 22 or smaller (or as the server's operator has chosen), stored otherwise. If it is not given: `inline`. A stored document may have 1,048,576 bytes; without an API key it takes `expires_in`, a year at most.",
            one_of(&["inline", "stored", "auto"]),
            None,
            json!("stored"),
        ),
        option(
            "format",
            OptionOf::Answer,
            "Form of the answer: PNG or SVG picture, half blocks for a terminal, or JSON. It beats `Accept`.",
            one_of(&["png", "svg", "txt", "json"]),
            None,
            json!("png"),
        ),
    ]
}

fn of_styles() -> Vec<OptionDoc> {
    vec![
        option(
            "style",
            OptionOf::Style,
            "Name of a style that the server's operator configured. What is given beside it comes first.",
            text("^[a-z][a-z0-9_-]{0,31}$"),
            None,
            json!("brand"),
        ),
        option(
            "ecl",
            OptionOf::Symbol,
            "Error correction level: about 7 % (L), 15 % (M), 25 % (Q) or 30 % (H) of the codewords may be damaged. `auto`: as high as a logo needs, and the highest that needs no larger symbol than that; the default of plain codes and with a logo.",
            one_of(&["L", "M", "Q", "H", "auto"]),
            None,
            json!("M"),
        ),
        option(
            "scale",
            OptionOf::Symbol,
            "Pixels a module side. A picture has at most 4,096 pixels a side.",
            number(1, 64),
            Some(json!(8)),
            json!(8),
        ),
        option(
            "quiet_zone",
            OptionOf::Symbol,
            "Light modules around the symbol; the standard asks for 4.",
            number(0, 16),
            Some(json!(4)),
            json!(4),
        ),
        option(
            "dark",
            OptionOf::Symbol,
            "Colour of dark modules. It has to stand out from the light ones, and be the darker of the two.",
            text("^#[0-9A-Fa-f]{6}$"),
            Some(json!("#000000")),
            json!("#1a2b3c"),
        ),
        option(
            "light",
            OptionOf::Symbol,
            "Colour of light modules and quiet zone, or `transparent`.",
            text("^(#[0-9A-Fa-f]{6}|transparent)$"),
            Some(json!("#ffffff")),
            json!("#ffffff"),
        ),
        option(
            "module_mm",
            OptionOf::Symbol,
            "Width of a module in print, in millimetres: SVG gets its size in mm, PNG its resolution. Not together with `width_mm`.",
            decimal(0.1, 50.0),
            None,
            json!(0.5),
        ),
        option(
            "width_mm",
            OptionOf::Symbol,
            "Width of the picture in print with its quiet zone, in millimetres; a module has to come out at 0.1 to 50 mm. Not together with `module_mm`.",
            decimal(1.0, 10_000.0),
            None,
            json!(30),
        ),
    ]
}

fn of_shapes() -> Vec<OptionDoc> {
    vec![
        option(
            "module_shape",
            OptionOf::Symbol,
            "Shape of single modules. Shapes other than squares need a quiet zone of 4, a scale of 4 and a version of at most 25.",
            one_of(&["square", "rounded", "dots"]),
            Some(json!("square")),
            json!("rounded"),
        ),
        option(
            "finder_shape",
            OptionOf::Symbol,
            "Shape of the three finder patterns, which are always drawn as whole rings.",
            one_of(&["square", "rounded", "circle"]),
            Some(json!("square")),
            json!("circle"),
        ),
        option(
            "caption",
            OptionOf::Symbol,
            "A line below the symbol: 1 to 32 Latin, Greek or Cyrillic letters with their accents, digits and punctuation.",
            text(CAPTION).max_length(Some(32)),
            None,
            json!("Table 12"),
        ),
        option(
            "logo",
            OptionOf::Picture,
            "A picture for the middle: the bytes of a PNG or JPEG in base64 (RFC 4648, section 4), at most 4,096 pixels a side and 4 million in all. Only its pixels are kept.",
            text("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")
                .min_length(Some(1))
                .content_encoding("base64"),
            None,
            json!(sample::LOGO),
        ),
        option(
            "logo_share",
            OptionOf::Symbol,
            "Width of the place for a logo, in percent of the symbol's. It may hide half of what the error correction level can correct.",
            number(5, 30),
            Some(json!(20)),
            json!(20),
        ),
    ]
}

fn option(
    name: &'static str,
    of: OptionOf,
    words: &'static str,
    schema: ObjectBuilder,
    default: Option<Value>,
    example: Value,
) -> OptionDoc {
    OptionDoc {
        name,
        of,
        words,
        schema: schema.default(default).examples([example]).build(),
    }
}

fn length(least: usize, most: usize) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(least))
        .max_length(Some(most))
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

fn number(least: i32, most: i32) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(most))
}

fn decimal(least: f64, most: f64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(least))
        .maximum(Some(most))
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
}

fn one_of(values: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values.iter().map(|value| json!(value))))
}
