//! What the description of the API says of `POST /api/batches`.
//!
//! Belongs here: words, schemas and examples. Does not belong here: what is read from a request (`asked`).

use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, Required, ResponseBuilder};

use super::asked::MAX_FIRST_ROW;
use crate::batch::BatchOptions;
use crate::http::openapi::parts::{self, ISSUING, fail, operation, string};
use crate::http::openapi::schemas::picture;
use crate::http::options::{self, Place, Topic};
use crate::options::HasOptions as _;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let rows = |words: &str| {
        let schema = string().description(Some(words));
        ContentBuilder::new().schema(Some(schema.build()))
    };
    let body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content(
            "text/csv",
            rows("A table whose first line names the columns.")
                .example(Some("Invoice No;Total\nR-1;12.50\nR-2;8\n".into()))
                .build(),
        )
        .content(
            "application/x-ndjson",
            rows("An envelope a line, as POST /api/tokens or, with `kind=link`, POST /api/links takes it, without style.")
                .example(Some("{\"payload\":{\"id\":\"R-1\"},\"expires_in\":\"30d\"}\n".into()))
                .build(),
        )
        .build();
    let lines = string().description(Some(
        "A JSON object a line: `row`, `line` and `key`, and either `id`, `link`, `name`, `storage`, `qr` and maybe `pin`, or `error` with \
         `code` and `detail`. The last one has `end`: `rows`, `made` and `failed`, and `error` if no more rows were read.",
    ));
    let answer = ResponseBuilder::new()
        .description("What became of each row, in their order, from the first one on.")
        .content(
            "application/x-ndjson",
            ContentBuilder::new().schema(Some(lines.build())).build(),
        )
        .content("application/zip", picture(true))
        .content("application/pdf", picture(true))
        .build();
    let described = operation(
        "createBatch",
        "Seal",
        "Seal many documents, or make many links",
        "Rows are read and answered as they come, and one bad row stops no other. The answer is a line of JSON for each row; a ZIP file \
         with the pictures and a table of results; or, with `sheet` or `page`, a PDF of labels, whose last page names the first 20 rows that \
         failed. Each row counts against rates and quotas, and waits for the rate. After a broken connection send the same rows \
         with the same `Idempotency-Key` (and `first_row`, to pass over those that were answered): each row has its own `key`, and what was issued for \
         it is answered again.",
    )
    .parameters(Some(query()))
    .parameter(parts::idempotency_key())
    .request_body(Some(body))
    .response("200", answer);
    fail(described, &ISSUING)
}

fn query() -> Vec<Parameter> {
    let own =
        |name: &str, words: &str, schema: utoipa::openapi::Object, example: serde_json::Value| {
            parts::filter(name, words, schema, example)
        };
    let several = |name: &str, words: &str, example: &str| {
        let items = string().min_length(Some(1)).build();
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(words))
            .schema(Some(
                utoipa::openapi::schema::ArrayBuilder::new()
                    .items(items)
                    .max_items(Some(200))
                    .build(),
            ))
            .example(Some(serde_json::json!([example])))
            .build()
    };
    let mut all = vec![
        several(
            "map",
            "A field and the column that fills it, again for each field: `FIELD=COLUMN` or `FIELD:TYPE=COLUMN`, with the type `string`, \
            `number`, `integer`, `boolean` or `json`, and `?` behind it where an empty cell leaves the field out. Without any, every column is \
            a string.",
            "amount:number=Total",
        ),
        several(
            "line",
            "A line on each label, with `{{columns}}` in it; again for each line.",
            "{{Name}}",
        ),
        own(
            "output",
            "How the batch is answered; it beats `Accept`.",
            words(&["ndjson", "zip", "pdf"]),
            "zip".into(),
        ),
        own(
            "first_row",
            "Rows before this one are passed over.",
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::Type::Integer)
                .minimum(Some(1))
                .maximum(Some(MAX_FIRST_ROW))
                .build(),
            1.into(),
        ),
        own(
            "pin_auto",
            "Draw a PIN for each row, which its result tells.",
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::Type::Boolean)
                .build(),
            true.into(),
        ),
    ];
    let of_batches = BatchOptions::rows().iter().map(|row| &row.facts);
    all.extend(
        of_batches
            .filter(|facts| facts.stands_in(Place::Query))
            .map(|facts| {
                parts::filter(
                    facts.name,
                    facts.words,
                    options::schema_of(facts),
                    example(facts),
                )
            }),
    );
    let not_here = ["format", "include", "literal", "picture_expires_in"];
    all.extend(
        options::query(Topic::Token)
            .into_iter()
            .filter(|parameter| !not_here.contains(&parameter.name.as_str())),
    );
    all.push(own(
        "format",
        "The kind of pictures in a ZIP file.",
        words(&["png", "svg", "txt", "pdf"]),
        "png".into(),
    ));
    all
}

fn words(words: &[&str]) -> utoipa::openapi::Object {
    let words = words.iter().map(|word| serde_json::Value::from(*word));
    string().enum_values(Some(words)).build()
}

fn example(facts: &crate::options::Facts) -> serde_json::Value {
    match facts.range {
        crate::options::Range::Whole { .. } => facts.example.parse::<u64>().unwrap_or(1).into(),
        crate::options::Range::Flag => true.into(),
        _ => facts.example.into(),
    }
}
