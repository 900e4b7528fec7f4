use super::*;
use crate::http::pages::Language;

fn html(json: &str) -> String {
    lay_out(json, Words::of(Language::English)).to_string()
}

#[test]
fn members_become_labelled_pairs_in_their_order_and_digits_stay() {
    assert_eq!(
        html(r#"{"unitPrice":12.50,"big":1e400,"n":123456789012345678901234567890,"z":-0.0}"#),
        "<dl><div><dt><bdi>Unit price</bdi></dt><dd class=\"n\">12.50</dd></div>\
         <div><dt><bdi>Big</bdi></dt><dd class=\"n\">1e400</dd></div>\
         <div><dt><bdi>N</bdi></dt><dd class=\"n\">123456789012345678901234567890</dd></div>\
         <div><dt><bdi>Z</bdi></dt><dd class=\"n\">-0.0</dd></div></dl>"
    );
}

#[test]
fn what_has_no_digits_or_letters_is_said_in_words() {
    assert_eq!(
        html(r#"[true,false,null,"",[],{}]"#),
        "<ul class=\"run\"><li>yes</li><li>no</li><li><em>none</em></li><li><em>empty text</em></li>\
         <li><em>no entries</em></li><li><em>empty</em></li></ul>"
    );
}

#[test]
fn dates_are_written_in_words_and_keep_their_value() {
    assert_eq!(
        html(r#"["2026-11-20","2026-11-20 or so"]"#),
        "<ul class=\"run\"><li dir=\"auto\"><time datetime=\"2026-11-20\">20 November 2026</time></li>\
         <li dir=\"auto\">2026-11-20 or so</li></ul>"
    );
}

#[test]
fn a_name_that_stands_twice_is_shown_twice() {
    let html = html(r#"{"a":1,"a":2}"#);
    assert_eq!(html.matches("<bdi>A</bdi>").count(), 2);
}

#[test]
fn nested_objects_become_sections_between_the_pairs() {
    assert_eq!(
        html(r#"{"a":1,"shipTo":{"city":"Lyon"},"b":2}"#),
        "<dl><div><dt><bdi>A</bdi></dt><dd class=\"n\">1</dd></div></dl>\
         <section><h2 dir=\"auto\"><bdi>Ship to</bdi></h2>\
         <dl><div><dt><bdi>City</bdi></dt><dd dir=\"auto\">Lyon</dd></div></dl></section>\
         <dl><div><dt><bdi>B</bdi></dt><dd class=\"n\">2</dd></div></dl>"
    );
}

#[test]
fn line_items_become_a_table_whose_cells_carry_their_labels() {
    assert_eq!(
        html(r#"[{"description":"Tea","unitPrice":2.50},{"description":"Cup"}]"#),
        "<table><thead><tr><th scope=\"col\"><bdi>Description</bdi></th>\
         <th scope=\"col\" class=\"n\"><bdi>Unit price</bdi></th></tr></thead>\
         <tbody><tr><td class=\"name\" dir=\"auto\">Tea</td><td class=\"n\" data-label=\"Unit price\">2.50</td></tr>\
         <tr><td class=\"name\" dir=\"auto\">Cup</td><td></td></tr></tbody></table>"
    );
}

#[test]
fn indentation_ends_where_a_phone_has_no_width_left_and_the_level_is_told_instead() {
    let deep = format!("{}1{}", "{\"a\":".repeat(32), "}".repeat(32));
    let html = html(&deep);
    assert_eq!(html.matches("class=\"in\"").count(), DEEPEST_INDENT - 1);
    assert!(html.contains("<small>Level 5</small>") && html.contains("<small>Level 31</small>"));
    assert!(html.starts_with("<p class=\"legend\">“Level 5” and higher"));
    let deep = format!("{}1{}", "[".repeat(32), "]".repeat(32));
    assert_eq!(
        super::lay_out(&deep, Words::of(Language::English))
            .to_string()
            .matches("class=\"in\"")
            .count(),
        DEEPEST_INDENT
    );
}

#[test]
fn deeper_than_a_document_can_be_the_rest_is_shown_as_text() {
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    assert!(html(&deep).contains("<p class=\"raw\">[[["));
}

#[test]
fn only_addresses_that_were_seen_whole_are_links() {
    let html = html(r#"{"url":"https://example.org/?a=1&b=2","js":"javascript:alert(1)"}"#);
    assert!(html.contains("<summary>https://example.org/?a=1&amp;b=2</summary><a "));
    assert_eq!(html.matches("<a ").count(), 1);
}

#[test]
fn the_amount_has_its_currency_beside_it_and_no_other_number_has() {
    let html = html(r#"{"currency":"EUR","net":10.00,"total":12.50,"id":"INV-1"}"#);
    assert!(html.contains("<dd class=\"n\">12.50 <span class=\"unit\">EUR</span></dd>"));
    assert_eq!(html.matches("unit").count(), 1);
}

#[test]
fn a_document_reads_from_the_side_of_its_first_name() {
    for (json, expected) in [
        (r#"{"name":"ليلى"}"#, "ltr"),
        (r#"{"1":2,"الاسم":"Ada"}"#, "rtl"),
        (r#"[{"שם":"Ada"}]"#, "rtl"),
        ("\"שלום\"", "rtl"),
        ("[]", "ltr"),
        ("{", "ltr"),
    ] {
        assert_eq!(direction(json), expected, "{json}");
    }
}

#[test]
fn long_text_scrolls_in_a_box_of_its_own_and_stays_whole() {
    let long = "word ".repeat(2_000);
    let html = html(&format!("{{\"text\":\"{long}\"}}"));
    assert!(html.contains("class=\"long\" tabindex=\"0\"") && html.contains(&long));
}
