//! The only way by which payload text reaches a page: escaped, and with nothing invisible in it that could deceive.
//!
//! Control characters and those that reorder or hide text are shown as marks. What writing systems need stays as it is:
//! U+200C and U+200D (Persian, Indic scripts, emoji), U+200E, U+200F and U+061C (direction marks, which cannot reorder
//! the text around them), variation selectors and combining characters.

use std::fmt::Write as _;

/// Appends `text`, safe inside an element and inside a quoted attribute, with marks (elements) for invisible characters.
/// Line breaks and tabs stay; CR LF becomes one line break.
pub(super) fn push(html: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\t' => html.push(c),
            _ if deceives(c) => push_mark(html, c),
            _ => push_escaped(html, c),
        }
    }
}

/// Appends `text` for a quoted attribute: like [`push`], but with marks of plain characters.
pub(super) fn push_attribute(html: &mut String, text: &str) {
    for c in text.chars() {
        if deceives(c) {
            html.push('[');
            push_name(html, c);
            html.push(']');
        } else {
            push_escaped(html, c);
        }
    }
}

/// Appends JSON text. A deceiving character becomes its `\u` escape: inside strings, and valid JSON has it nowhere else,
/// that is the same JSON, so what is copied from the page still means the same.
pub(super) fn push_json(html: &mut String, json: &str) {
    for c in json.chars() {
        if deceives(c) && !matches!(c, '\n' | '\r' | '\t') {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(html, "\\u{unit:04x}");
            }
        } else {
            push_escaped(html, c);
        }
    }
}

fn push_escaped(html: &mut String, c: char) {
    match c {
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '&' => html.push_str("&amp;"),
        '"' => html.push_str("&#34;"),
        '\'' => html.push_str("&#39;"),
        _ => html.push(c),
    }
}

fn push_mark(html: &mut String, c: char) {
    html.push_str("<i>");
    push_name(html, c);
    html.push_str("</i>");
}

/// In ASCII: many phones lack the glyphs of Unicode's control pictures.
fn push_name(html: &mut String, c: char) {
    /// The abbreviations of ISO/IEC 6429, from U+0000.
    const CONTROLS: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR",
        "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB",
        "ESC", "FS", "GS", "RS", "US",
    ];
    let code = u32::from(c);
    let control = usize::try_from(code)
        .ok()
        .and_then(|index| CONTROLS.get(index));
    match control {
        Some(name) => html.push_str(name),
        None if c == '\u{7f}' => html.push_str("DEL"),
        None => {
            // Writing to a String cannot fail.
            let _ = write!(html, "U+{code:04X}");
        }
    }
}

/// Whether `c` is a control character, or reorders or hides text without a need of any writing system: Unicode's
/// `Default_Ignorable_Code_Point` without what stays (see above), and characters that are drawn as nothing.
fn deceives(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'    // C0, DEL, C1
        | '\u{ad}' | '\u{34f}'                     // soft hyphen, grapheme joiner
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // fillers of Hangul
        | '\u{17b4}' | '\u{17b5}'                  // vowels of Khmer that nobody writes
        | '\u{200b}' | '\u{feff}'                  // no width
        | '\u{2028}' | '\u{2029}'                  // line and paragraph separator
        | '\u{202a}'..='\u{202e}'                  // embeddings and overrides
        | '\u{2060}'..='\u{206f}'                  // invisible operators, isolates, deprecated format characters
        | '\u{2800}' | '\u{1d159}'                 // a Braille cell without dots, a note without a head
        | '\u{fff0}'..='\u{fffb}'                  // reserved as ignorable, interlinear annotation
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' // shorthand and musical format controls
        | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}') // tags, reserved as ignorable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut html = String::new();
        push(&mut html, text);
        html
    }

    #[test]
    fn markup_in_text_is_only_text() {
        assert_eq!(
            shown("</script><img onerror='x' a=\"&\">"),
            "&lt;/script&gt;&lt;img onerror=&#39;x&#39; a=&#34;&amp;&#34;&gt;"
        );
    }

    #[test]
    fn control_characters_are_shown_by_name() {
        assert_eq!(shown("a\0b"), "a<i>NUL</i>b");
        assert_eq!(
            shown("\u{1b}\u{1f}\u{7f}\u{85}"),
            "<i>ESC</i><i>US</i><i>DEL</i><i>U+0085</i>"
        );
    }

    #[test]
    fn line_breaks_and_tabs_stay_and_crlf_is_one_break() {
        assert_eq!(shown("a\r\nb\tc\nd"), "a\nb\tc\nd");
        assert_eq!(shown("a\rb"), "a<i>CR</i>b");
    }

    #[test]
    fn overrides_cannot_reorder_and_direction_marks_stay() {
        assert_eq!(shown("fdp\u{202e}exe"), "fdp<i>U+202E</i>exe");
        assert_eq!(shown("\u{200f}شركة"), "\u{200f}شركة");
        assert_eq!(shown("👩\u{200d}🚀"), "👩\u{200d}🚀");
    }

    #[test]
    fn what_is_drawn_as_nothing_is_shown() {
        for hidden in "\u{ad}\u{34f}\u{115f}\u{1160}\u{17b4}\u{2065}\u{2800}\u{3164}\u{ffa0}\u{1d159}\u{1d173}\u{e0001}\u{e0041}\u{e007f}\u{e0fff}".chars() {
            let code = u32::from(hidden);
            assert_eq!(shown(&format!("1{hidden}0")), format!("1<i>U+{code:04X}</i>0"));
        }
        // Variation selectors stay: of emoji, of Mongolian, of ideographs.
        for needed in ["\u{2764}\u{fe0f}", "\u{1820}\u{180b}", "\u{8fbb}\u{e0100}"] {
            assert_eq!(shown(needed), needed);
        }
    }

    #[test]
    fn attributes_hold_no_markup_at_all() {
        let mut html = String::new();
        push_attribute(&mut html, "a\"\u{202e}\n<");
        assert_eq!(html, "a&#34;[U+202E][LF]&lt;");
    }

    #[test]
    fn json_stays_the_same_json_when_characters_are_made_visible() {
        let json = "{\"a\":\"x\u{202e}y\u{85}\u{e0001}\"}";
        let mut html = String::new();
        push_json(&mut html, json);
        let text = html.replace("&#34;", "\"");
        assert_eq!(text, "{\"a\":\"x\\u202ey\\u0085\\udb40\\udc01\"}");
        let same: serde_json::Value = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(
            same,
            serde_json::from_str::<serde_json::Value>(json).expect("JSON")
        );
    }
}
