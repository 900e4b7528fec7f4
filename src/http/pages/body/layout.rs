//! Sections, pairs, lists and tables, written straight into HTML.
//!
//! What is written grows linearly with the document: no column, name or path is repeated more often than it stands in
//! the document, but for table cells (at most six columns, names at most 60 bytes).

use std::fmt;

use askama::filters::HtmlSafe;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::emphasis::{Emphasis, emphasised};
use super::json::{Member, Shape, is_plain, look};
use super::reach::Reach;
use super::table::Table;
use crate::http::pages::text;
use crate::http::pages::words::{Words, Written};
use crate::labels::label;

/// Levels of indentation on the page. Deeper sections say their level instead, or a phone would have no width left.
const DEEPEST_INDENT: usize = 4;
/// Beyond this the rest is shown as JSON text. Documents have at most 32 levels, so this only bounds the recursion.
const DEEPEST_LEVEL: usize = 40;
/// Characters of a value beside its label on a phone; a longer one gets the whole width below it.
const LONGEST_BESIDE_CHARS: usize = 60;
/// Bytes of a text that is shown whole at once; a longer one scrolls in a box of its own (and is printed whole).
const LONGEST_AT_ONCE_BYTES: usize = 4_000;
/// Bytes of JSON of each item of a list that is set in running lines instead of one item a line.
const LONGEST_RUNNING_BYTES: usize = 24;
/// Items of a list that still goes beside a label.
const LONGEST_BESIDE_ITEMS: usize = 5;

/// HTML that is already escaped.
#[derive(Debug)]
pub(in crate::http::pages) struct Markup(String);

impl Markup {
    /// `html` must come from [`text`].
    pub(in crate::http::pages) fn from_escaped(html: String) -> Self {
        Self(html)
    }

    /// The same in base64, for an address that has it whole.
    pub(in crate::http::pages) fn base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

// Made by this module only, from its own tags and from text that `text` escaped.
impl HtmlSafe for Markup {}

/// Lays out a whole document.
pub(in crate::http::pages) fn lay_out(json: &str, words: &'static Words) -> Markup {
    let mut sheet = Sheet::new(words, json.len());
    match look(json) {
        Shape::Object(members) if !members.is_empty() => {
            sheet.members(&members, 1, &emphasised(&members));
        }
        shape => sheet.block(&shape, 1),
    }
    sheet.finish()
}

/// Where the lines of a document begin, by the first of its names or texts that says so: `ltr` or `rtl`.
pub(in crate::http::pages) fn direction(json: &str) -> &'static str {
    let mut json = json;
    for _ in 0..DEEPEST_INDENT {
        let inner = match look(json) {
            Shape::Object(members) => {
                if let Some(found) = members.iter().find_map(|member| side(&member.name)) {
                    return found;
                }
                members.first().map(|member| member.value)
            }
            Shape::Array(items) => items.first().copied(),
            Shape::Text(text) => return side(&text).unwrap_or("ltr"),
            _ => None,
        };
        match inner {
            Some(inner) => json = inner,
            None => break,
        }
    }
    "ltr"
}

/// The side of the first letter that has one: Hebrew, Arabic and what is written like them, or any other.
fn side(text: &str) -> Option<&'static str> {
    let first = text.chars().find(|c| c.is_alphabetic())?;
    let from_right = matches!(first,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    Some(if from_right { "rtl" } else { "ltr" })
}

/// The attribute of a cell that has its column's name beside it on a narrow screen.
const LABELLED: &str = " data-label=\"";

pub(super) struct Sheet {
    words: &'static Words,
    html: String,
    /// Whether a heading says its level.
    is_deep: bool,
}

impl Sheet {
    /// An empty one, for a document of so many bytes.
    pub(super) fn new(words: &'static Words, bytes: usize) -> Self {
        Self {
            words,
            html: String::with_capacity(bytes * 4),
            is_deep: false,
        }
    }

    /// What is written, with what explains it.
    pub(super) fn finish(mut self) -> Markup {
        if self.is_deep {
            let legend = format!("<p class=\"legend\">{}</p>", self.words.say("levels"));
            self.html.insert_str(0, &legend);
        }
        Markup(self.html)
    }

    pub(super) fn html(&mut self) -> &mut String {
        &mut self.html
    }

    pub(super) fn words(&self) -> &'static Words {
        self.words
    }

    /// A value with the whole width for itself. `level` is 1 for the document.
    pub(super) fn block(&mut self, shape: &Shape<'_>, level: usize) {
        match shape {
            Shape::Object(members) if !members.is_empty() => {
                self.members(members, level, &Emphasis::default());
            }
            Shape::Array(items) if !items.is_empty() => self.array(items, level),
            plain => self.plain("p", "", plain),
        }
    }

    pub(super) fn members(
        &mut self,
        members: &[Member<'_>],
        level: usize,
        emphasis: &Emphasis<'_>,
    ) {
        let mut in_list = false;
        for (index, member) in members.iter().enumerate() {
            let goes_beside = goes_beside_its_label(member.value);
            if goes_beside != in_list {
                self.html
                    .push_str(if goes_beside { "<dl>" } else { "</dl>" });
                in_list = goes_beside;
            }
            if goes_beside {
                self.pair(member, emphasis.of(index));
            } else {
                self.section(member, level);
            }
        }
        if in_list {
            self.html.push_str("</dl>");
        }
    }

    /// `emphasis`: if it is larger, the unit of the number, or nothing.
    fn pair(&mut self, member: &Member<'_>, emphasis: Option<&str>) {
        let shape = look(member.value);
        self.html.push_str(match &shape {
            _ if emphasis.is_some() => "<div class=\"key\">",
            Shape::Text(text)
                if text.contains('\n') || text.chars().nth(LONGEST_BESIDE_CHARS).is_some() =>
            {
                "<div class=\"wide\">"
            }
            Shape::Number(digits) if digits.len() > LONGEST_BESIDE_CHARS => "<div class=\"wide\">",
            Shape::Array(items) if items.iter().any(|item| item.len() > LONGEST_BESIDE_CHARS) => {
                "<div class=\"wide\">"
            }
            _ => "<div>",
        });
        self.html.push_str("<dt>");
        self.label(&member.name);
        self.html.push_str("</dt>");
        match &shape {
            Shape::Array(items) if !items.is_empty() => {
                self.html.push_str("<dd>");
                self.list(items);
                self.html.push_str("</dd>");
            }
            plain => self.measured("dd", "", plain, emphasis.filter(|unit| !unit.is_empty())),
        }
        self.html.push_str("</div>");
    }

    fn section(&mut self, member: &Member<'_>, level: usize) {
        self.begin_section(&member.name, level);
        if level >= DEEPEST_LEVEL {
            self.plain("p", "", &Shape::Opaque(member.value));
        } else {
            self.block(&look(member.value), level + 1);
        }
        self.html.push_str("</section>");
    }

    /// A section with its heading, which is open after this.
    pub(super) fn begin_section(&mut self, name: &str, level: usize) {
        let heading = match level {
            1 => "h2",
            2 => "h3",
            3 => "h4",
            4 => "h5",
            _ => "h6",
        };
        self.html
            .push_str(if (2..=DEEPEST_INDENT).contains(&level) {
                "<section class=\"in\"><"
            } else {
                "<section><"
            });
        self.html.push_str(heading);
        self.html.push_str(" dir=\"auto\">");
        if level > DEEPEST_INDENT {
            self.is_deep = true;
            self.html.push_str("<small>");
            let level = level.to_string();
            self.words.level.push(&mut self.html, [&level]);
            self.html.push_str("</small> ");
        }
        self.label(name);
        self.html.push_str("</");
        self.html.push_str(heading);
        self.html.push('>');
    }

    pub(super) fn array(&mut self, items: &[&str], level: usize) {
        if items.iter().all(|item| is_plain(item)) {
            self.list(items);
        } else if let Some(table) = Table::try_from_items(items) {
            self.table(&table);
        } else {
            self.html.push_str(if level <= DEEPEST_INDENT {
                "<ol class=\"in\">"
            } else {
                "<ol>"
            });
            for item in items {
                self.html.push_str("<li>");
                if level >= DEEPEST_LEVEL {
                    self.plain("p", "", &Shape::Opaque(item));
                } else {
                    self.block(&look(item), level + 1);
                }
                self.html.push_str("</li>");
            }
            self.html.push_str("</ol>");
        }
    }

    /// Plain items only.
    fn list(&mut self, items: &[&str]) {
        let running =
            items.len() > 1 && items.iter().all(|item| item.len() <= LONGEST_RUNNING_BYTES);
        self.html.push_str(if running {
            "<ul class=\"run\">"
        } else {
            "<ul>"
        });
        for item in items {
            self.plain("li", "", &look(item));
        }
        self.html.push_str("</ul>");
    }

    fn table(&mut self, table: &Table<'_>) {
        self.html.push_str("<table><thead><tr>");
        for column in &table.columns {
            self.html.push_str(if column.numeric {
                "<th scope=\"col\" class=\"n\">"
            } else {
                "<th scope=\"col\">"
            });
            self.label(&column.name);
            self.html.push_str("</th>");
        }
        self.html.push_str("</tr></thead><tbody>");
        let labels: Vec<String> = table
            .columns
            .iter()
            .map(|column| self.attribute(&label(&column.name)))
            .collect();
        for row in &table.rows {
            self.html.push_str("<tr>");
            for ((column, label), cell) in table.columns.iter().zip(&labels).zip(row) {
                match cell {
                    None => self.html.push_str("<td></td>"),
                    Some(json) if column.naming => self.plain("td", " class=\"name\"", &look(json)),
                    Some(json) if column.numeric => self.cell(json, " class=\"n\"", label),
                    Some(json) => self.cell(json, "", label),
                }
            }
            self.html.push_str("</tr>");
        }
        self.html.push_str("</tbody></table>");
    }

    fn cell(&mut self, json: &str, class: &str, label: &str) {
        self.plain("td", &format!("{class}{LABELLED}{label}\""), &look(json));
    }

    /// A value without anything nested, in an element. `attributes` are markup; table cells bring their own class.
    pub(super) fn plain(&mut self, element: &str, attributes: &str, shape: &Shape<'_>) {
        self.measured(element, attributes, shape, None);
    }

    /// The same, with the unit of the number behind it.
    fn measured(&mut self, element: &str, attributes: &str, shape: &Shape<'_>, unit: Option<&str>) {
        // What opens does not fit into a paragraph.
        let element = match (element, shape) {
            ("p", Shape::Text(_)) => "div",
            _ => element,
        };
        let class = |ours: &'static str| if element == "td" { "" } else { ours };
        self.html.push('<');
        self.html.push_str(element);
        self.html.push_str(attributes);
        let words = match shape {
            // A cell's label stands where lines of the document begin, whichever way its value is read.
            Shape::Text(text) if !text.is_empty() && attributes.contains(LABELLED) => {
                self.html.push_str("><div dir=\"auto\">");
                self.text(text);
                self.html.push_str("</div>");
                None
            }
            Shape::Text(text) if !text.is_empty() => {
                self.html.push_str(" dir=\"auto\"");
                if text.len() > LONGEST_AT_ONCE_BYTES {
                    self.html.push_str(class(" class=\"long\""));
                    self.html.push_str(" tabindex=\"0\"");
                }
                self.html.push('>');
                self.text(text);
                None
            }
            Shape::Number(digits) => {
                self.html.push_str(class(" class=\"n\""));
                self.html.push('>');
                text::push(&mut self.html, digits);
                None
            }
            Shape::Opaque(json) => {
                self.html.push_str(class(" class=\"raw\""));
                self.html.push('>');
                text::push(&mut self.html, json);
                None
            }
            Shape::Bool(true) => Some(self.words.say("yes")),
            Shape::Bool(false) => Some(self.words.say("no")),
            Shape::Null => Some(self.words.say("nothing")),
            Shape::Text(_) => Some(self.words.say("empty-text")),
            Shape::Array(_) => Some(self.words.say("no-entries")),
            Shape::Object(_) => Some(self.words.say("empty")),
        };
        if let Some(words) = words {
            let quiet = !matches!(shape, Shape::Bool(_));
            self.html.push_str(if quiet { "><em>" } else { ">" });
            self.html.push_str(words);
            self.html.push_str(if quiet { "</em>" } else { "" });
        }
        if let Some(unit) = unit {
            self.html.push_str(" <span class=\"unit\">");
            text::push(&mut self.html, unit);
            self.html.push_str("</span>");
        }
        self.html.push_str("</");
        self.html.push_str(element);
        self.html.push('>');
    }

    /// A text as it stands, but for a date or time, which is written in words, and what leads somewhere.
    fn text(&mut self, text: &str) {
        let Some(written) = Written::parse(text) else {
            return match Reach::of(text) {
                Some(reach) => reach.push(&mut self.html, text, self.words),
                None => text::push(&mut self.html, text),
            };
        };
        self.html.push_str("<time datetime=\"");
        text::push_attribute(&mut self.html, text);
        self.html.push_str("\">");
        let words = written.in_words(&self.words.times);
        text::push(&mut self.html, &words);
        self.html.push_str("</time>");
    }

    fn attribute(&self, label: &str) -> String {
        let mut escaped = String::with_capacity(label.len());
        let no_name = self.words.say("no-name");
        text::push_attribute(&mut escaped, if label.is_empty() { no_name } else { label });
        escaped
    }

    pub(super) fn label(&mut self, name: &str) {
        if name.is_empty() {
            self.html.push_str("<em>");
            self.html.push_str(self.words.say("no-name"));
            self.html.push_str("</em>");
        } else {
            // Isolated, so that a right-to-left name cannot reorder what stands beside it.
            self.html.push_str("<bdi>");
            text::push(&mut self.html, &label(name));
            self.html.push_str("</bdi>");
        }
    }
}

/// Whether a member's value stands beside its label, and not in a section of its own.
fn goes_beside_its_label(json: &str) -> bool {
    if is_plain(json) {
        return true;
    }
    match look(json) {
        Shape::Array(items) => {
            items.len() <= LONGEST_BESIDE_ITEMS && items.iter().all(|item| is_plain(item))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
