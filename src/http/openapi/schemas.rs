//! Schemas that several operations build theirs from.

use utoipa::openapi::schema::{AdditionalProperties, SchemaType};
use utoipa::openapi::{
    Content, ContentBuilder, KnownFormat, Object, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat,
    Type,
};

/// Any JSON value.
pub fn any(words: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::any())
        .description(Some(words))
        .build()
}

/// A picture.
pub fn picture(binary: bool) -> Content {
    let mut schema = ObjectBuilder::new().schema_type(Type::String);
    if binary {
        schema = schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    }
    ContentBuilder::new().schema(Some(schema.build())).build()
}

/// A reference to a schema by name.
pub fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// An object that has no other members.
pub fn closed() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

/// What a document may be, and what a symbol holds of it.
pub const DOCUMENT: &str = "The document: any JSON value of at most 65,536 bytes without white space (1,048,576 with `storage` `stored` or \
    `auto`), at most 32 brackets deep, at most 1,000 members an object, no name twice in one object. A QR code holds 2,260 bytes \
    of it when it is packed, at level M, and 2,878 at level L, fewer with a long address; what is larger takes \
    `storage=stored`.";
