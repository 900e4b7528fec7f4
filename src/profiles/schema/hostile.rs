//! Schemas and documents that mean harm: each schema is refused in a few words, or holds documents in an effort that is bounded.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{MAX_FAULTS, MAX_MANY_FAULTS, MAX_TOLD_CHARS};
use crate::drawing::Styles;
use crate::profiles::form::fields_of;
use crate::profiles::{Page, Profile, ProfileError, Source, read};

const KINDS: u64 = 20;
const OF_EACH_KIND: u64 = 10;
/// What a schema may cost at most, as `bounds.rs` says.
const MOST: u64 = 2_000;

/// The same numbers in every run.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn between(&mut self, first: u64, last: u64) -> usize {
        usize::try_from(first + self.below(last - first + 1)).unwrap()
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.between(0, choices.len() as u64 - 1)]
    }
}

fn nested(depth: usize, innermost: Value, around: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(innermost, |inner, _| around(inner))
}

fn zeros(count: usize) -> Value {
    Value::Array(vec![json!(0); count])
}

fn defs(count: usize, each: impl Fn(usize) -> Value) -> Value {
    let all: Map<String, Value> = (0..count)
        .map(|place| (format!("d{place}"), each(place)))
        .collect();
    Value::Object(all)
}

fn reference(place: usize) -> Value {
    json!({"$ref": format!("#/$defs/d{place}")})
}

const PATTERNS: [&str; 14] = [
    "^(a+)+$",
    "^(a|aa)+$",
    "^(a|a?)+$",
    "^(.*a){25}$",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(?:a?){300}a{300}",
    "(a{1000}){1000}",
    "((((((((a*)*)*)*)*)*)*)*)*b",
    "(?=a+)b",
    "(?<!a)b",
    "(a+)\\1",
    "\\p{L}{500}",
    "(",
];

/// A schema that means harm in one of twenty ways, and a document that suits it.
fn schema(kind: u64, seeded: &mut Seeded) -> (Value, Value) {
    let size = seeded.between(2, 60);
    let text = "a".repeat(seeded.between(1, 4_000)) + "!";
    match kind {
        0 => {
            let around = |inner| json!({"type": "object", "properties": {"a": inner}});
            let document = nested(size.min(31), json!(1), |inner| json!({"a": inner}));
            (nested(size, json!({"type": "string"}), around), document)
        }
        1 => {
            let schema = nested(size, json!(false), |inner| json!({"items": inner}));
            (
                schema,
                nested(size.min(31), json!(0), |inner| json!([inner])),
            )
        }
        2 => {
            let round = defs(
                size,
                |place| json!({"items": reference((place + 1) % size)}),
            );
            (
                json!({"$ref": "#/$defs/d0", "$defs": round}),
                json!([[[[]]]]),
            )
        }
        3 => {
            let levels = seeded.between(2, 30);
            let twice = defs(levels + 1, |place| match place == levels {
                true => json!({"type": "string"}),
                false => json!({"allOf": [reference(place + 1), reference(place + 1)]}),
            });
            (json!({"$ref": "#/$defs/d0", "$defs": twice}), json!(0))
        }
        4 => {
            let target = seeded.of(&[
                "#",
                "#/properties/a",
                "#/$defs/%64",
                "#/$defs/a/b",
                "http://169.254.169.254/",
                "file:///etc/passwd",
                "other.json",
                "",
                "#/$defs/none",
                "#anchor",
            ]);
            (
                json!({"properties": {"a": {"$ref": target}}}),
                json!({"a": 1}),
            )
        }
        5 => (json!({"pattern": seeded.of(&PATTERNS)}), json!(text)),
        6 => {
            let patterns: Map<String, Value> = (0..size * 4)
                .map(|place| (format!("^(a+)+{place}$"), json!(place % 2 == 0)))
                .collect();
            let members: Map<String, Value> = (0..200)
                .map(|place| (format!("aaaaaaaaaaaaaaaaaaaa{place}"), json!(0)))
                .collect();
            (
                json!({"patternProperties": patterns}),
                Value::Object(members),
            )
        }
        7 => {
            let count = seeded.of(&[400, 500, 501, 5_000, 20_000]);
            let choices: Vec<String> = (0..count).map(|place| format!("choice {place}")).collect();
            (json!({"items": {"enum": choices}}), zeros(4_000))
        }
        8 => {
            let unique = json!({"uniqueItems": true, "contains": {"const": 1}, "minContains": 2});
            let row = |inner| json!({"items": inner, "uniqueItems": true});
            let items: Vec<Value> = (0..4_000).map(|place| json!({"a": place})).collect();
            (nested(size % 3, unique, row), Value::Array(items))
        }
        9 => {
            let branches = vec![json!({"items": {"type": "string"}}); seeded.of(&[10, 600, 3_000])];
            let keyword = seeded.of(&["anyOf", "oneOf", "allOf"]);
            (json!({keyword: branches}), zeros(16_000))
        }
        _ => wide_schema(kind, seeded),
    }
}

/// The other ten ways.
fn wide_schema(kind: u64, seeded: &mut Seeded) -> (Value, Value) {
    let size = seeded.between(2, 60);
    match kind {
        10 => {
            let around = |inner: Value| json!({"anyOf": [inner.clone(), inner]});
            (
                nested(size % 12, json!({"type": "string"}), around),
                json!(0),
            )
        }
        11 => {
            let count = seeded.of(&[100, 1_000, 10_000]);
            let fields: Map<String, Value> = (0..count)
                .map(|place| (format!("field{place}"), json!({"type": "string"})))
                .collect();
            let names: Vec<&String> = fields.keys().collect();
            let schema = json!({"type": "object", "required": names, "properties": fields});
            (schema, json!({}))
        }
        12 => {
            let around = |inner: Value| json!({"additionalProperties": inner, "propertyNames": {"maxLength": 1}});
            (
                nested(size % 20, json!(false), around),
                json!({"aa": {"bb": {"cc": {}}}}),
            )
        }
        13 => {
            let keyword = seeded.of(&[
                "type",
                "required",
                "maxLength",
                "multipleOf",
                "items",
                "properties",
                "allOf",
                "enum",
                "pattern",
                "minContains",
                "format",
                "dependentRequired",
            ]);
            let value = seeded.of(&[-1.0, 0.0, 0.5, 1e300, 1e-300]);
            (json!({keyword: value}), json!([1, "a", {}]))
        }
        14 => {
            let name = seeded
                .of(&["~", "/", "\u{0}", "\u{202e}", "a/b~c"])
                .repeat(size * 1_000);
            (json!({"properties": {&name: {&name: 1}}}), json!({name: 1}))
        }
        15 => {
            let unused = defs(size * 80, |place| json!({"items": reference(place + 1)}));
            (json!({"$defs": unused}), json!([]))
        }
        16 => {
            let around = |inner: Value| json!({"if": inner, "then": {"not": inner}, "else": inner});
            (nested(size % 7, json!({"minItems": 1}), around), zeros(100))
        }
        17 => {
            let huge = nested(size, zeros(200), |inner| json!([inner, "x"]));
            (json!({"items": {"const": huge}}), zeros(2_000))
        }
        18 => {
            let name = "n".repeat(size * 1_000);
            (
                json!({"required": [name], "minProperties": 1e18}),
                json!({"a": "a".repeat(4_000)}),
            )
        }
        _ => (anything(seeded, 0), anything(seeded, 0)),
    }
}

/// JSON with keywords and values that may stand anywhere.
fn anything(seeded: &mut Seeded, depth: usize) -> Value {
    let kind = if depth > 8 {
        seeded.below(4)
    } else {
        seeded.below(8)
    };
    match kind {
        0 => json!(seeded.next() % 100),
        1 => json!(seeded.below(2) == 0),
        2 => json!(seeded.of(&["string", "object", "date", "#/$defs/a", "a+", ""])),
        3 => Value::Null,
        4 => (0..seeded.below(4))
            .map(|_| anything(seeded, depth + 1))
            .collect(),
        _ => {
            let mut members = Map::new();
            for _ in 0..seeded.below(5) {
                let keyword = seeded.of(&[
                    "type",
                    "properties",
                    "items",
                    "$defs",
                    "$ref",
                    "allOf",
                    "if",
                    "not",
                    "a",
                    "enum",
                    "const",
                    "format",
                    "pattern",
                    "required",
                    "additionalProperties",
                ]);
                members.insert(keyword.to_owned(), anything(seeded, depth + 1));
            }
            Value::Object(members)
        }
    }
}

/// A profile whose schema is in a file beside it.
fn profile(schema: &Value) -> Result<Profile, ProfileError> {
    let bytes = schema.to_string().into_bytes();
    let text = "number = 40\ntitle = \"Hostile\"\nschema = \"hostile.schema.json\"\n";
    read(Source {
        name: "hostile",
        text,
        styles: &Styles::new(),
        beside: &|_| Ok(bytes.clone()),
    })
}

/// Documents that are long, deep, or strange.
fn documents(own: &Value) -> Vec<String> {
    let mut deep = String::new();
    for _ in 0..200 {
        deep.push('[');
    }
    let mut members = String::from("{");
    for place in 0..1_000 {
        write!(members, "\"{}{place}\":0,", "n".repeat(20)).unwrap();
    }
    members.push_str("\"z\":1e300}");
    vec![
        own.to_string(),
        deep,
        members,
        format!("\"{}\"", "\\u0000".repeat(1_000)),
        "9".repeat(5_000),
    ]
}

#[test]
fn two_hundred_hostile_schemas_are_refused_in_a_few_words_or_hold_documents_in_bounded_effort() {
    let (mut taken, mut refused) = (0, 0);
    for kind in 0..KINDS {
        for round in 1..=OF_EACH_KIND {
            let mut seeded =
                Seeded((kind * OF_EACH_KIND + round).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let (schema, document) = schema(kind, &mut seeded);
            let profile = match profile(&schema) {
                Ok(profile) => profile,
                Err(error) => {
                    refused += 1;
                    let told = error.to_string();
                    assert_eq!(error.line, Some(3), "{kind}, {round}: {told}");
                    assert!(told.len() <= 5_000, "{kind}, {round}: {} bytes", told.len());
                    continue;
                }
            };
            taken += 1;
            let schema = &profile.schema;
            assert!((1..=MOST).contains(&schema.effort.cost), "{kind}, {round}");
            if let Err(error) = fields_of(schema.json(), &Page::default()) {
                assert!(error.to_string().len() <= 5_000, "{kind}, {round}");
            }
            for document in documents(&document) {
                let faults = schema.check(&document).err().unwrap_or_default();
                assert!(faults.len() <= MAX_FAULTS, "{kind}, {round}");
                let costs = document.len() as u64 * schema.effort.cost;
                assert!(
                    faults.len() <= 1 || costs <= MAX_MANY_FAULTS,
                    "{kind}, {round}"
                );
                for fault in faults {
                    assert!(fault.pointer.len() <= 64 * 65 * 4, "{kind}, {round}");
                    assert!(
                        fault.detail.chars().count() <= MAX_TOLD_CHARS + 100,
                        "{kind}, {round}"
                    );
                }
            }
        }
    }
    assert_eq!(taken + refused, 200);
    assert!(
        taken >= 40 && refused >= 40,
        "{taken} taken, {refused} refused"
    );
}

#[test]
fn what_is_wrong_with_every_alternative_is_not_gathered_for_a_document_that_takes_much() {
    let branches = vec![json!({"items": {"type": "string"}}); 600];
    let profile = profile(&json!({"anyOf": branches})).unwrap();
    let faults = profile
        .schema
        .check(&zeros(32_000).to_string())
        .unwrap_err();
    let told: Vec<_> = faults
        .iter()
        .map(|fault| (&*fault.pointer, &*fault.keyword))
        .collect();
    assert_eq!(told, [("", "anyOf")]);
    assert!(
        faults[0].detail.contains("too long"),
        "{}",
        faults[0].detail
    );
    let faults = profile.schema.check(&zeros(2).to_string()).unwrap_err();
    assert!(
        !faults[0].detail.contains("too long"),
        "{}",
        faults[0].detail
    );
}
