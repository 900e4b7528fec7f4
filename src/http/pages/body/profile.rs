//! A document of a profile: its fields in the profile's order, with the names and forms that the profile gives them, and then
//! what the profile does not name.

use std::borrow::Cow;

use super::emphasis::Emphasis;
use super::json::{Member, Shape, look};
use super::layout::{Markup, Sheet, lay_out};
use super::reach::Reach;
use crate::http::pages::words::{Language, Words};
use crate::http::pages::{money, text};
use crate::profiles::{Column, Currency, Field, Format, Named, Page, Pointer, Rest, rest_of};

/// Rows of a table that are shown; of more, the JSON has the rest.
const MOST_ROWS: usize = 1_000;

/// Lays out a document as its profile's page says.
pub(in crate::http::pages) fn lay_out_profile(
    json: &str,
    page: &Page,
    language: Language,
    words: &'static Words,
) -> Markup {
    let Shape::Object(members) = look(json) else {
        return lay_out(json, words);
    };
    let mut sheet = ProfileSheet {
        sheet: Sheet::new(words, json.len()),
        root: &members,
        language,
        in_list: false,
        currencies: Vec::new(),
    };
    for field in &page.fields {
        sheet.field(field);
    }
    sheet.list(false);
    if !page.hides_rest {
        let fields = page.fields.iter().map(|field| &field.pointer);
        let shown: Vec<Pointer> = fields.chain(&sheet.currencies).cloned().collect();
        let shown: Vec<_> = shown.iter().map(Pointer::parts).collect();
        let members = members_of(json).unwrap_or_default();
        sheet.rest(&rest_of(members, &shown, &members_of), 1);
    }
    sheet.sheet.finish()
}

struct ProfileSheet<'a> {
    sheet: Sheet,
    root: &'a [Member<'a>],
    language: Language,
    /// Whether a list of pairs is open.
    in_list: bool,
    /// The currencies that stand beside an amount.
    currencies: Vec<Pointer>,
}

impl ProfileSheet<'_> {
    /// What no field shows: plain members first, then what is left of objects into which fields lead.
    fn rest(&mut self, rest: &[Rest<'_, &str>], level: usize) {
        let whole: Vec<_> = rest
            .iter()
            .filter(|left| left.inside.is_none())
            .map(|left| Member {
                name: left.name.clone(),
                value: left.value,
            })
            .collect();
        self.sheet.members(&whole, level, &Emphasis::default());
        for left in rest {
            if let Some(inside) = &left.inside {
                self.sheet.begin_section(&left.name, level);
                self.rest(inside, level + 1);
                self.sheet.html().push_str("</section>");
            }
        }
    }

    fn field(&mut self, field: &Field) {
        let Some(value) = find(self.root, field.pointer.parts()) else {
            return;
        };
        let shape = look(value);
        if let Shape::Array(items) = &shape
            && !items.is_empty()
            && items.iter().all(|item| item.starts_with('{'))
        {
            self.list(false);
            return self.section(field, items);
        }
        self.list(true);
        let is_wide = match &shape {
            Shape::Text(text) => text.contains('\n') || text.chars().nth(60).is_some(),
            Shape::Object(_) | Shape::Array(_) => !shape.is_plain(),
            _ => false,
        };
        let html = self.sheet.html();
        html.push_str(match (field.emphasis, is_wide) {
            (true, _) => "<div class=\"key\"><dt>",
            (false, true) => "<div class=\"wide\"><dt>",
            (false, false) => "<div><dt>",
        });
        text::push(html, field.label.of(self.language));
        html.push_str("</dt>");
        match &shape {
            Shape::Object(_) | Shape::Array(_) if !shape.is_plain() => {
                self.sheet.html().push_str("<dd>");
                self.sheet.block(&shape, 2);
                self.sheet.html().push_str("</dd>");
            }
            shape => self.value("dd", "", shape, &field.format, &field.values),
        }
        self.sheet.html().push_str("</div>");
    }

    /// Opens or closes the list of pairs.
    fn list(&mut self, open: bool) {
        if open != self.in_list {
            let tag = if open { "<dl>" } else { "</dl>" };
            self.sheet.html().push_str(tag);
            self.in_list = open;
        }
    }

    /// Objects, a row each.
    fn section(&mut self, field: &Field, items: &[&str]) {
        let html = self.sheet.html();
        html.push_str("<section><h2>");
        text::push(html, field.label.of(self.language));
        html.push_str("</h2>");
        if field.columns.is_empty() {
            self.sheet.array(items, 2);
        } else {
            self.table(&field.columns, items);
        }
        self.sheet.html().push_str("</section>");
    }

    fn table(&mut self, columns: &[Column], items: &[&str]) {
        let html = self.sheet.html();
        html.push_str("<table><thead><tr>");
        for column in columns {
            html.push_str(match column.is_numeric() {
                true => "<th scope=\"col\" class=\"n\"><bdi>",
                false => "<th scope=\"col\"><bdi>",
            });
            text::push(html, column.label.of(self.language));
            html.push_str("</bdi></th>");
        }
        html.push_str("</tr></thead><tbody>");
        for item in items.iter().take(MOST_ROWS) {
            self.sheet.html().push_str("<tr>");
            let Shape::Object(members) = look(item) else {
                continue;
            };
            for column in columns {
                let member = members.iter().find(|member| *member.name == *column.name);
                match member {
                    None => self.sheet.html().push_str("<td></td>"),
                    Some(member) => {
                        let mut attributes = String::new();
                        if column.is_numeric() {
                            attributes.push_str(" class=\"n\"");
                        }
                        attributes.push_str(" data-label=\"");
                        text::push_attribute(&mut attributes, column.label.of(self.language));
                        attributes.push('"');
                        let shape = look(member.value);
                        self.value("td", &attributes, &shape, &column.format, &[]);
                    }
                }
            }
            self.sheet.html().push_str("</tr>");
        }
        self.sheet.html().push_str("</tbody></table>");
    }

    /// A value in an element, written as its format says; where it is not of that format, as it is without a profile.
    fn value(
        &mut self,
        element: &str,
        attributes: &str,
        shape: &Shape<'_>,
        format: &Format,
        values: &[(String, crate::profiles::Texts)],
    ) {
        let mut html = String::new();
        if !self.formatted(&mut html, shape, format, values) {
            return self.sheet.plain(element, attributes, shape);
        }
        let out = self.sheet.html();
        out.push('<');
        out.push_str(element);
        out.push_str(attributes);
        out.push_str(" dir=\"auto\">");
        out.push_str(&html);
        out.push_str("</");
        out.push_str(element);
        out.push('>');
    }

    fn formatted(
        &mut self,
        html: &mut String,
        shape: &Shape<'_>,
        format: &Format,
        values: &[(String, crate::profiles::Texts)],
    ) -> bool {
        let said: Cow<'_, str> = match shape {
            Shape::Text(said) => Cow::Borrowed(&**said),
            Shape::Number(digits) => Cow::Borrowed(*digits),
            _ => return false,
        };
        if let Some((_, called)) = values.iter().find(|(value, _)| *value == *said) {
            text::push(html, called.of(self.language));
            return true;
        }
        match format {
            Format::Money(currency) => self.money(html, &said, currency),
            Format::Number => match money::number(self.language, &said) {
                Some(number) => {
                    text::push(html, &number);
                    true
                }
                None => false,
            },
            Format::Text
                if matches!(shape, Shape::Text(_)) && said.len() <= 4_000 && !said.is_empty() =>
            {
                text::push(html, &said);
                true
            }
            Format::Tel => reached(html, Reach::tel(&said), &said, self.sheet.words()),
            Format::Email | Format::Url => {
                reached(html, Reach::of(&said), &said, self.sheet.words())
            }
            // A long text scrolls, a date is written in words: what is done without a profile.
            Format::Auto | Format::Text | Format::Date | Format::DateTime => false,
        }
    }

    /// The amount in the reader's way, and a tap away what stands in the document.
    fn money(&mut self, html: &mut String, digits: &str, currency: &Currency) -> bool {
        let found;
        let code = match currency {
            Currency::Code(code) => code.as_str(),
            Currency::At(pointer) => match find(self.root, pointer.parts()).map(look) {
                Some(Shape::Text(code)) if Currency::is_code(&code) => {
                    found = code;
                    &*found
                }
                _ => "",
            },
        };
        let amount = match code {
            "" => money::number(self.language, digits),
            code => money::money(self.language, digits, code),
        };
        let Some(amount) = amount else {
            return false;
        };
        html.push_str("<details class=\"go\"><summary><bdi>");
        text::push(html, &amount);
        html.push_str("</bdi></summary><span class=\"raw\" dir=\"ltr\">");
        text::push(html, digits);
        if !code.is_empty() {
            html.push(' ');
            text::push(html, code);
            if let Currency::At(pointer) = currency
                && !self.currencies.contains(pointer)
            {
                self.currencies.push(pointer.clone());
            }
        }
        html.push_str("</span></details>");
        true
    }
}

fn reached(html: &mut String, reach: Option<Reach<'_>>, said: &str, words: &Words) -> bool {
    let Some(reach) = reach else {
        return false;
    };
    reach.push(html, said, words);
    true
}

impl Column {
    fn is_numeric(&self) -> bool {
        matches!(self.format, Format::Number | Format::Money(_))
    }
}

/// The value to which names and places lead.
fn find<'a>(members: &[Member<'a>], parts: &[String]) -> Option<&'a str> {
    let (first, rest) = parts.split_first()?;
    let member = members.iter().find(|member| *member.name == **first)?;
    within(member.value, rest)
}

fn within<'a>(value: &'a str, parts: &[String]) -> Option<&'a str> {
    let Some((first, rest)) = parts.split_first() else {
        return Some(value);
    };
    match look(value) {
        Shape::Object(members) => {
            let member = members.iter().find(|member| *member.name == **first)?;
            within(member.value, rest)
        }
        Shape::Array(items) => within(items.get(first.parse::<usize>().ok()?)?, rest),
        _ => None,
    }
}

/// The members of an object, as they are written.
fn members_of(value: &str) -> Option<Vec<Named<'_, &str>>> {
    let Shape::Object(members) = look(value) else {
        return None;
    };
    let members = members.into_iter();
    Some(members.map(|member| (member.name, member.value)).collect())
}
