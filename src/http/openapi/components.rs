//! Everything that operations refer to by name: options, envelopes, answers, problems.

use serde_json::json;
use utoipa::openapi::schema::{
    ArrayBuilder, Components, ComponentsBuilder, OneOfBuilder, SchemaType,
};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Object, ObjectBuilder, Schema, Type};

use super::contents;
use super::parts::API_KEY;
use super::problems;
use super::sample;
use super::schemas::{DOCUMENT, any, closed, named};
use crate::audit::{AuditAnswer, Entry};
use crate::desk::{
    Accepts, BadgePrint, CheckInAnswer, CheckInsAnswer, Display, DisplayField, GateAnswer,
    ListAnswer, ListsAnswer, PassAnswer, PassesAnswer, PresenceAnswer, PresentAnswer,
};
use crate::http::operations::answers::{IssuedAnswer, SymbolAnswer};
use crate::http::operations::check_ins::{self, CheckedInAnswer};
use crate::http::operations::codes::CodeAnswer;
use crate::http::operations::links::{
    DestinationAnswer, LinkIssuedAnswer, ScansAnswer, StepAnswer, change,
};
use crate::http::operations::lists;
use crate::http::operations::messages::create::{self, MessageAnswer};
use crate::http::operations::messages::manage::ManagedAnswer;
use crate::http::operations::messages::report;
use crate::http::operations::passes::create::{self as draw_pass, DrawnPassAnswer};
use crate::http::operations::service::{DegradedPart, HealthAnswer, ReadyAnswer};
use crate::http::operations::tokens::replace_payload::{self, RevisionAnswer};
use crate::http::operations::tokens::{open, revoke};
use crate::http::options::{self, Place, Row, SAMPLE_LOGO, Topic};
use crate::http::problem::ProblemCode;
use crate::links::{LinkAnswer, LinksAnswer, StepCounts, WrittenRule};
use crate::profiles::{PolicyAnswer, ProfileAnswer, ProfileListAnswer, ProfileSummary};
use crate::receipts::{ReceiptAnswer, ReceiptsAnswer, RevocationAnswer};

/// All of them.
pub fn components() -> Components {
    open::schemas()
        .into_iter()
        .chain(lists::schemas::schemas())
        .fold(
            contents::add(ComponentsBuilder::new()),
            |components, (name, schema)| components.schema(name, schema),
        )
        .schema("TokenEnvelope", token_envelope())
        .schema("CodeEnvelope", code_envelope())
        .schema("Style", style())
        .schema("Problem", problem())
        .schema_from::<IssuedAnswer>()
        .schema_from::<SymbolAnswer>()
        .schema_from::<CodeAnswer>()
        .schema_from::<HealthAnswer>()
        .schema_from::<ReadyAnswer>()
        .schema_from::<DegradedPart>()
        .schema("RevocationEnvelope", revoke::revocation_envelope())
        .schema_from::<ReceiptAnswer>()
        .schema_from::<ReceiptsAnswer>()
        .schema_from::<RevocationAnswer>()
        .schema_from::<ProfileListAnswer>()
        .schema_from::<ProfileSummary>()
        .schema_from::<ProfileAnswer>()
        .schema_from::<PolicyAnswer>()
        .schema_from::<AuditAnswer>()
        .schema_from::<Entry>()
        .schema(
            "MessageEnvelope",
            create::message_envelope(style_or_its_name()),
        )
        .schema_from::<MessageAnswer>()
        .schema_from::<ManagedAnswer>()
        .schema("ReportEnvelope", report::report_envelope())
        .schema("RevisionEnvelope", replace_payload::revision_envelope())
        .schema_from::<RevisionAnswer>()
        .schema("LinkEnvelope", link_envelope())
        .schema("LinkEdits", change::edits())
        .schema_from::<WrittenRule>()
        .schema_from::<LinkIssuedAnswer>()
        .schema_from::<LinkAnswer>()
        .schema_from::<LinksAnswer>()
        .schema_from::<DestinationAnswer>()
        .schema_from::<ScansAnswer>()
        .schema_from::<StepAnswer>()
        .schema_from::<StepCounts>()
        .schema("CheckInEnvelope", check_ins::create::envelope())
        .schema("PresenceEnvelope", lists::presence::envelope())
        .schema("PassEnvelope", draw_pass::envelope())
        .schema_from::<DrawnPassAnswer>()
        .schema_from::<PassAnswer>()
        .schema_from::<PassesAnswer>()
        .schema_from::<PresenceAnswer>()
        .schema_from::<PresentAnswer>()
        .schema_from::<Accepts>()
        .schema_from::<CheckedInAnswer>()
        .schema_from::<BadgePrint>()
        .schema_from::<Display>()
        .schema_from::<DisplayField>()
        .schema_from::<CheckInAnswer>()
        .schema_from::<CheckInsAnswer>()
        .schema_from::<ListAnswer>()
        .schema_from::<ListsAnswer>()
        .schema_from::<GateAnswer>()
        .security_scheme(API_KEY, api_key())
        .build()
}

fn api_key() -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("qrs_ and 43 characters of base64url")
        .description(Some(
            "An API key, made with `qrseal api-keys create --name shop --scope issue,read:all,revoke:all`. None is needed on the \
             server's own machine while no key was ever made, and for issuing where `auth.issuing` is `open`.",
        ));
    SecurityScheme::Http(scheme.build())
}

fn style() -> Object {
    let looks = options::style_options(Place::Envelope);
    looks
        .fold(
            closed().description(Some("What the symbol looks like.")),
            |object, facts| {
                let name = match facts.name {
                    "style" => "name",
                    name => name,
                };
                object.property(name, options::property(facts))
            },
        )
        .build()
}

fn style_or_its_name() -> Schema {
    let name = options::style_options(Place::Envelope).find(|facts| facts.name == "style");
    let either = OneOfBuilder::new().item(named("Style"));
    name.into_iter()
        .fold(either, |either, facts| {
            either.item(options::schema_of(facts))
        })
        .build()
        .into()
}

/// The options that an envelope has itself.
fn with_options(object: ObjectBuilder, topic: Topic, style: bool) -> ObjectBuilder {
    Row::all(topic)
        .filter(|row| row.facts().stands_in(Place::Envelope) && (style || !row.is_style()))
        .fold(object, |object, row| {
            object.property(row.facts().name, options::property(row.facts()))
        })
}

fn token_envelope() -> Object {
    let object = closed()
        .description(Some("A document and options."))
        .property("payload", any(DOCUMENT))
        .required("payload");
    with_options(object, Topic::Token, false)
        .property("style", style_or_its_name())
        .examples([json!({
            "payload": sample::document(),
            "expires_in": 2_592_000,
            "style": {"ecl": "Q", "dark": "#1a2b3c"}
        }), json!({
            "payload": sample::document(),
            "style": {
                "module_shape": "dots", "finder_shape": "circle", "dark": "#123c7a", "logo": SAMPLE_LOGO,
                "caption": "INV-2026-0042", "module_mm": 0.5
            }
        })])
        .build()
}

fn link_envelope() -> Object {
    let object = closed().description(Some("What a link is to say, and options."));
    with_options(change::add_members(object, false), Topic::Link, false)
        .property("style", style_or_its_name())
        .examples([
            json!({"target": "https://shop.example/menu", "note": "menu, table 7"}),
            json!({
                "target": "https://shop.example/",
                "rules": [
                    {"device": "ios", "target": "https://apps.example/ios"},
                    {"device": "android", "target": "https://apps.example/android"}
                ],
                "style": {"ecl": "Q"}
            }),
        ])
        .build()
}

fn code_envelope() -> Schema {
    contents::with_content(with_options(closed(), Topic::Code, true))
}

fn problem() -> Object {
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("An error (RFC 9457)."));
    for (name, required, kind, words, example) in problems::members() {
        // Two say that there is no limit by being null.
        let kinds = match name {
            "opens_left" | "expires_at" => SchemaType::from_iter([kind, Type::Null]),
            _ => SchemaType::from(kind),
        };
        let mut schema = ObjectBuilder::new()
            .schema_type(kinds)
            .description(Some(words))
            .examples([example]);
        if name == "code" {
            let codes = ProblemCode::ALL.map(|code| json!(code.as_str()));
            schema = schema.enum_values(Some(codes));
        }
        object = object.property(name, schema.build());
        if required {
            object = object.required(name);
        }
    }
    let text = |words: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(words))
            .build()
    };
    let fault = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("pointer", text("Where it stands (RFC 6901)."))
        .required("pointer")
        .property("detail", text("What is wrong, or what would be right."))
        .required("detail")
        .property(
            "keyword",
            text("The keyword of the profile's schema that the document does not satisfy."),
        )
        .build();
    object
        .property(
            "requires",
            ArrayBuilder::new()
                .items(text("The name of a field."))
                .description(Some("What a POST on the code has to say."))
                .examples([json!(["open_id", "pin"])])
                .build(),
        )
        .property(
            "errors",
            ArrayBuilder::new()
                .items(fault)
                .description(Some("Every option or field that is not valid."))
                .build(),
        )
        .property("display", named("Display"))
        .property("badge", named("BadgePrint"))
        .build()
}
