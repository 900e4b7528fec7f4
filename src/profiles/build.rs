//! A profile from what its file says: everything that is checked beyond the form of the file.

mod filled_in;
pub(super) mod wrong;

use serde_json::Value;
use toml::Spanned;

use self::filled_in::form_of;
use self::wrong::{Wrong, parsed, wrong};
use super::shipped::{LAST_SHIPPED_NUMBER, shipped_number};
use super::written::{
    Source, Written, WrittenBadge, WrittenColumn, WrittenField, WrittenPage, WrittenPolicy,
};
use super::{
    Badge, Column, Currency, Field, Format, Issuers, OpensPolicy, Page, PinPolicy, Pointer, Policy,
    Profile, ProfileName, Schema, Texts,
};
use crate::drawing::StyleRequest;
use crate::issuing::{MaxOpens, Storage};
use crate::token::{ClaimValue, ExpiresIn};

/// The most fields of a page, and columns of a table.
const MAX_FIELDS: usize = 64;

/// The profile.
pub(super) fn profile(
    name: ProfileName,
    written: Written,
    source: Source<'_>,
) -> Result<Profile, Wrong> {
    let number = number(&name, &written.number)?;
    let issuers = match &written.issue {
        None => vec![Issuers::Keys, Issuers::Accounts],
        Some(words) => {
            let parse = |word: &String| {
                word.parse()
                    .map_err(|error| wrong(words, format!("issue {error}")))
            };
            words.as_ref().iter().map(parse).collect::<Result<_, _>>()?
        }
    };
    let schema = schema(&written.schema, source)?;
    let sample = match written.sample {
        None => None,
        Some(sample) => {
            let value = plain(sample.as_ref().clone());
            schema.check_value(&value).map_err(|faults| {
                let told = faults.first().map_or_else(String::new, |fault| {
                    format!("{}: {}", fault.pointer, fault.detail)
                });
                wrong(
                    &sample,
                    format!("the sample is no document of the profile: {told}"),
                )
            })?;
            Some(value)
        }
    };
    let policy = policy(written.policy)?;
    let style = match &written.style {
        None => StyleRequest::default(),
        Some(section) => style(section, source)?,
    };
    let page = page(written.page, &schema)?;
    let form = match written.form {
        None => None,
        Some(form) => form_of(&form, &issuers, &schema, &page, &policy)?,
    };
    let badge = written
        .badge
        .as_ref()
        .map(|written| badge(written, &schema))
        .transpose()?;
    Ok(Profile {
        name,
        number,
        issuers,
        title: written.title,
        schema,
        sample,
        policy,
        style,
        page,
        form,
        badge,
    })
}

fn number(name: &ProfileName, written: &Spanned<i64>) -> Result<ClaimValue, Wrong> {
    let number = u32::try_from(*written.as_ref()).ok();
    let number = number.and_then(|number| ClaimValue::try_from(number).ok());
    let number = number.ok_or_else(|| {
        wrong(
            written,
            format!("number must be 1 to {}", ClaimValue::MAX.value()),
        )
    })?;
    match shipped_number(name.as_str()) {
        Some(shipped) if shipped != number.value() => Err(wrong(
            written,
            format!("the shipped profile {name} has the number {shipped}, and keeps it"),
        )),
        None if number.value() <= LAST_SHIPPED_NUMBER => Err(wrong(
            written,
            format!(
                "numbers up to {LAST_SHIPPED_NUMBER} are for the profiles that come with the program"
            ),
        )),
        _ => Ok(number),
    }
}

fn schema(written: &Spanned<Value>, source: Source<'_>) -> Result<Schema, Wrong> {
    let json = match written.as_ref() {
        Value::String(file) => {
            let bytes = (source.beside)(file)
                .map_err(|why| wrong(written, format!("schema {file}: {why}")))?;
            serde_json::from_slice(&bytes)
                .map_err(|error| wrong(written, format!("schema {file}: {error}")))?
        }
        inline => plain(inline.clone()),
    };
    Schema::new(json).map_err(|error| wrong(written, error.to_string()))
}

/// A value of TOML as one of JSON: dates are texts.
fn plain(value: Value) -> Value {
    const DATE: &str = "$__toml_private_datetime";
    match value {
        Value::Object(mut members) if members.len() == 1 && members.contains_key(DATE) => {
            members.remove(DATE).unwrap_or_default()
        }
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        other => other,
    }
}

fn policy(written: WrittenPolicy) -> Result<Policy, Wrong> {
    let mut policy = Policy {
        staff_only: written.staff_only,
        ..Policy::default()
    };
    if let Some(times) = &written.expires_in {
        let time = |text: &Option<String>| -> Result<Option<ExpiresIn>, Wrong> {
            let parse = |text: &String| {
                text.parse()
                    .map_err(|error| wrong(times, format!("expires_in {error}")))
            };
            text.as_ref().map(parse).transpose()
        };
        policy.expires_in = time(&times.as_ref().default)?;
        policy.max_expires_in = time(&times.as_ref().max)?;
        if let (Some(usual), Some(most)) = (policy.expires_in, policy.max_expires_in)
            && usual.as_secs() > most.as_secs()
        {
            return Err(wrong(
                times,
                "expires_in.default is longer than expires_in.max",
            ));
        }
    }
    if let Some(opens) = &written.max_opens {
        policy.max_opens = opens_policy(opens)?;
    }
    if let Some(pin) = &written.pin {
        policy.pin = parsed("pin", pin)?;
    }
    if let Some(storage) = &written.storage {
        policy.storage = Some(parsed::<Storage>("storage", storage)?);
    }
    let limited = matches!(
        policy.max_opens,
        OpensPolicy::Allowed {
            default: Some(_),
            ..
        } | OpensPolicy::Allowed { max: Some(_), .. }
    );
    let with_pin = matches!(policy.pin, PinPolicy::Drawn | PinPolicy::Given);
    if (limited || with_pin) && policy.expires_in.or(policy.max_expires_in).is_none() {
        return Err(Wrong {
            offset: written
                .pin
                .map(|pin| pin.span().start)
                .or(written.max_opens.map(|opens| opens.span().start)),
            reason: "a code that is limited or has a PIN must end: say policy.expires_in"
                .to_owned(),
        });
    }
    Ok(policy)
}

fn opens_policy(written: &Spanned<Value>) -> Result<OpensPolicy, Wrong> {
    const FORM: &str = "max_opens must be \"never\", or { default = 1, max = 5 }";
    let number = |value: &Value| -> Result<MaxOpens, Wrong> {
        let number = value.as_u64().unwrap_or_default();
        MaxOpens::try_from(number).map_err(|error| wrong(written, format!("max_opens {error}")))
    };
    match written.as_ref() {
        Value::String(word) if word == "never" => Ok(OpensPolicy::Never),
        Value::Object(members) => {
            let (mut default, mut max) = (None, None);
            for (name, value) in members {
                match name.as_str() {
                    "default" => default = Some(number(value)?),
                    "max" => max = Some(number(value)?),
                    _ => return Err(wrong(written, FORM)),
                }
            }
            if let (Some(usual), Some(most)) = (default, max)
                && usual.value() > most.value()
            {
                return Err(wrong(
                    written,
                    "max_opens.default is more than max_opens.max",
                ));
            }
            Ok(OpensPolicy::Allowed { default, max })
        }
        _ => Err(wrong(written, FORM)),
    }
}

/// A style that has a name, or one of its own; beside a name, what the profile says comes first.
fn style(section: &Spanned<toml::Table>, source: Source<'_>) -> Result<StyleRequest, Wrong> {
    let mut own = section.as_ref().clone();
    let named = match own.remove("name") {
        None => None,
        Some(toml::Value::String(name)) => match source.styles.get(&name) {
            Some(style) => Some(style),
            None => {
                return Err(wrong(
                    section,
                    format!("no style named {name} is configured"),
                ));
            }
        },
        Some(_) => return Err(wrong(section, "style.name must be a text")),
    };
    let read = |file: &str| (source.beside)(file);
    let style = StyleRequest::of_section(&own, &read)
        .map_err(|why| wrong(section, format!("style: {why}")))?;
    Ok(match named {
        Some(named) => style.or(named),
        None => style,
    })
}

fn page(written: WrittenPage, schema: &Schema) -> Result<Page, Wrong> {
    let hides_rest = match &written.rest {
        None => false,
        Some(word) => match word.as_ref().as_str() {
            "show" => false,
            "hide" => true,
            _ => return Err(wrong(word, "rest must be show or hide")),
        },
    };
    if let Some(one_too_many) = written.fields.get(MAX_FIELDS) {
        return Err(wrong(
            one_too_many,
            format!("a page has at most {MAX_FIELDS} fields"),
        ));
    }
    let fields = written
        .fields
        .into_iter()
        .map(|field| self::field(field.into_inner(), schema));
    Ok(Page {
        contact: written.contact,
        fields: fields.collect::<Result<_, _>>()?,
        hides_rest,
        draws_code: written.code,
    })
}

fn badge(written: &WrittenBadge, schema: &Schema) -> Result<Badge, Wrong> {
    let side = |name: &str, side: &Spanned<i64>| {
        let (least, most) = Badge::SIDE_MM;
        let mm = u16::try_from(*side.as_ref()).ok();
        mm.filter(|mm| (least..=most).contains(mm))
            .ok_or_else(|| wrong(side, format!("badge.{name} must be {least} to {most}")))
    };
    let fields = written.fields.as_ref();
    if !(1..=Badge::MAX_FIELDS).contains(&fields.len()) {
        let reason = format!("a badge has 1 to {} fields", Badge::MAX_FIELDS);
        return Err(wrong(&written.fields, reason));
    }
    Ok(Badge {
        width_mm: side("width_mm", &written.width_mm)?,
        height_mm: side("height_mm", &written.height_mm)?,
        fields: fields
            .iter()
            .map(|at| possible(at, schema))
            .collect::<Result<_, _>>()?,
    })
}

/// A pointer to what a document of the schema can have.
fn possible(at: &Spanned<String>, schema: &Schema) -> Result<Pointer, Wrong> {
    let pointer: Pointer = parsed("pointer:", at)?;
    match is_possible(schema.json(), pointer.parts()) {
        true => Ok(pointer),
        false => Err(wrong(at, format!("the schema has nothing at {pointer}"))),
    }
}

fn field(written: WrittenField, schema: &Schema) -> Result<Field, Wrong> {
    let pointer = possible(&written.pointer, schema)?;
    let format = format(written.format.as_ref(), written.currency.as_ref())?;
    if let Some(one_too_many) = written.columns.get(MAX_FIELDS) {
        return Err(wrong(
            one_too_many,
            format!("a table has at most {MAX_FIELDS} columns"),
        ));
    }
    let columns = written
        .columns
        .into_iter()
        .map(|written| column(written.into_inner()));
    Ok(Field {
        label: written
            .label
            .unwrap_or_else(|| label_of(pointer.parts().last())),
        pointer,
        format,
        emphasis: written.emphasis,
        values: written.values.into_iter().collect(),
        columns: columns.collect::<Result<_, _>>()?,
    })
}

fn column(written: WrittenColumn) -> Result<Column, Wrong> {
    Ok(Column {
        label: written
            .label
            .unwrap_or_else(|| label_of(Some(&written.name))),
        format: format(written.format.as_ref(), written.currency.as_ref())?,
        name: written.name,
    })
}

/// What a field is called that nobody gave a name.
fn label_of(name: Option<&String>) -> Texts {
    let name = name.map_or("", String::as_str);
    Texts::english(&crate::labels::label(name))
}

fn format(
    word: Option<&Spanned<String>>,
    currency: Option<&Spanned<String>>,
) -> Result<Format, Wrong> {
    let Some(word) = word else {
        return match currency {
            None => Ok(Format::Auto),
            Some(currency) => Err(wrong(currency, "currency is for format = \"money\"")),
        };
    };
    Ok(match (word.as_ref().as_str(), currency) {
        ("money", None) => {
            return Err(wrong(
                word,
                "money needs its currency: a code such as EUR, or a pointer such as /currency",
            ));
        }
        ("money", Some(currency)) if Currency::is_code(currency.as_ref()) => {
            Format::Money(Currency::Code(currency.as_ref().clone()))
        }
        ("money", Some(currency)) => Format::Money(Currency::At(parsed("currency:", currency)?)),
        (_, Some(currency)) => return Err(wrong(currency, "currency is for format = \"money\"")),
        ("text", None) => Format::Text,
        ("number", None) => Format::Number,
        ("date", None) => Format::Date,
        ("datetime", None) => Format::DateTime,
        ("tel", None) => Format::Tel,
        ("email", None) => Format::Email,
        ("url", None) => Format::Url,
        _ => {
            return Err(wrong(
                word,
                "format must be text, number, money, date, datetime, tel, email or url",
            ));
        }
    })
}

/// Whether a document of the schema can have something there: a pointer is wrong only where nothing else is allowed.
fn is_possible(schema: &Value, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return true;
    };
    match schema
        .get("properties")
        .and_then(|properties| properties.get(first))
    {
        Some(property) => is_possible(property, rest),
        None => schema.get("additionalProperties") != Some(&Value::Bool(false)),
    }
}
