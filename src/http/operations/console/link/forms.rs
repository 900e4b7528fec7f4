//! The forms of a link's page: where it leads from now on, off and on, and its end.
//!
//! Belongs here: which fields they have, and what stands in them. Does not belong here: the page around them, and what is done with
//! what was typed (`change`).

use crate::http::extract::ConsoleForm;
use crate::http::operations::console::link_words::ENDS;
use crate::http::operations::console::typed::Typed;
use crate::http::pages::console::{Field, FieldKind, Form, Part};
use crate::links::OwnedLink;

/// What stands in the fields: what the link says, or what was typed into the form that was refused; never a PIN.
pub fn filled(link: &OwnedLink, refused: Option<&ConsoleForm>) -> Typed {
    let written = link.written.clone().unwrap_or_default();
    let said = [
        ("target", "change", written.target),
        ("note", "change", link.row.note.clone().unwrap_or_default()),
        ("expires_in", "change", String::new()),
        ("fallback", "change", written.fallback.unwrap_or_default()),
        ("reason", "end", String::new()),
    ];
    let fields = said.map(|(name, of, said)| match refused {
        Some(form) if form.get("do") == of => (name, form.get(name).trim().to_owned()),
        _ => (name, said),
    });
    Typed::with(fields)
}

/// The forms.
pub fn forms(link: &OwnedLink, here: &str, typed: &Typed) -> Vec<Part> {
    let revision = link.row.link.as_ref().map_or(0, |link| link.edition);
    let form = |id, what: &str, fields, button, danger| {
        Part::Form(Form {
            id,
            action: here.to_owned(),
            is_query: false,
            hidden: vec![("do", what.to_owned()), ("revision", revision.to_string())],
            fields,
            button,
            danger,
        })
    };
    let ends = [("", "as it is"), ("never", "never")];
    let ends = ends.into_iter().chain(ENDS);
    let mut fields = vec![
        typed.field("target", "Leads to", FieldKind::Line),
        typed.field("note", "Note", FieldKind::Line).optional(),
        typed
            .field("expires_in", "Ends", FieldKind::choice(ends))
            .hint("counted from now"),
        typed
            .field("fallback", "Leads there once it has ended", FieldKind::Line)
            .optional(),
    ];
    if link.needs_pin {
        let pin: Field = typed.field("pin", "PIN of the link", FieldKind::Line);
        let hint = "for every change but of the note; it is its PIN from now on";
        fields.push(pin.hint(hint).optional());
    }
    let reason = typed
        .field("reason", "Reason", FieldKind::Line)
        .hint("stands in its receipt; may be left out")
        .optional();
    let (switch, words) = match link.row.link.as_ref().is_some_and(|link| link.disabled) {
        true => ("on", "Switch it on"),
        false => ("off", "Switch it off"),
    };
    vec![
        Part::Heading("Change it".to_owned()),
        form("change", "change", fields, "Change the link", false),
        form("switch", switch, Vec::new(), words, false),
        Part::Heading("End it for ever".to_owned()),
        Part::Text(
            "Its printed codes will lead nowhere any more, and this cannot be undone.".to_owned(),
        ),
        form("end", "end", vec![reason], "End the link for ever", true),
    ]
}
