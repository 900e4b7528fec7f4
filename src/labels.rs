//! Member names as words: `invoiceNumber`, `invoice_number` and `InvoiceNumber` become "Invoice number".

use std::borrow::Cow;

/// A longer name is no identifier that someone chose for a program; it is shown as it stands.
const LONGEST_CHARS: usize = 48;

/// Written in capitals wherever they stand as a word of their own.
const ACRONYMS: &[&str] = &[
    "api", "bic", "ean", "gtin", "http", "https", "iban", "id", "imei", "ip", "isbn", "iso", "nfc",
    "pdf", "pin", "pnr", "po", "qr", "sepa", "sha", "sim", "sku", "sms", "ssn", "swift", "tin",
    "upc", "uri", "url", "utc", "uuid", "vat", "vin", "xml",
];

/// The words for a member name; the name itself where it is not made like an identifier (a date, a sentence, an address).
pub(crate) fn label(name: &str) -> Cow<'_, str> {
    // Linked-data and schema names carry a sign in front: `@type`, `$schema`.
    let identifier = name.strip_prefix(['@', '$']).unwrap_or(name);
    let words = if is_identifier(identifier) {
        words(identifier)
    } else {
        Vec::new()
    };
    if words.is_empty() {
        return Cow::Borrowed(name);
    }
    let mut label = String::with_capacity(name.len() + 8);
    for (index, word) in words.into_iter().enumerate() {
        if index > 0 {
            label.push(' ');
        }
        push_word(&mut label, word, index == 0, identifier);
    }
    Cow::Owned(label)
}

fn is_identifier(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_alphabetic)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && name.chars().nth(LONGEST_CHARS).is_none()
}

/// Splits at `_`, `-`, at the start of a capitalised word, and before digits that follow a word of three letters or more
/// (`address2`, but not `co2`).
fn words(identifier: &str) -> Vec<&str> {
    identifier
        .split(['_', '-'])
        .filter(|part| !part.is_empty())
        .flat_map(humps)
        .collect()
}

fn humps(part: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = part.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    let mut length = 0;
    for (index, &(at, c)) in chars.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .and_then(|index| chars.get(index))
            .map(|&(_, c)| c);
        let after = chars.get(index + 1).map(|&(_, c)| c);
        let splits = before.is_some_and(|before| {
            (c.is_uppercase() && !before.is_uppercase())                           // dueDate, line2Total
                || (c.is_uppercase() && after.is_some_and(char::is_lowercase) && !is_plural(&chars, index)) // VATNumber
                || (c.is_numeric() && before.is_alphabetic() && length >= 3) // address2
        });
        if splits {
            words.push(&part[start..at]);
            start = at;
            length = 0;
        }
        length += 1;
    }
    words.push(&part[start..]);
    words
}

/// Whether the letter before the end of an acronym's plural: the `D` of `lineIDs`.
fn is_plural(chars: &[(usize, char)], index: usize) -> bool {
    let after = chars.get(index + 1).map(|&(_, c)| c);
    let beyond = chars.get(index + 2).map(|&(_, c)| c);
    after == Some('s') && beyond.is_none_or(|c| !c.is_lowercase())
}

fn push_word(label: &mut String, word: &str, first: bool, identifier: &str) {
    let lower = word.to_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    let shouted = !identifier.chars().any(char::is_lowercase);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    if ACRONYMS.contains(&&*lower) {
        label.push_str(&lower.to_uppercase());
    } else if ACRONYMS.contains(&singular) {
        label.push_str(&singular.to_uppercase());
        label.push('s');
    } else if capitals >= 2 && (!shouted || word.chars().count() <= 3) {
        // Capitals that the name's author chose: CRN_number. In INVOICE_TOTAL they mean nothing.
        label.push_str(word);
    } else if first {
        let mut chars = lower.chars();
        label.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        label.push_str(chars.as_str());
    } else {
        label.push_str(&lower);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, words) in [
            ("invoiceNumber", "Invoice number"),
            ("invoice_number", "Invoice number"),
            ("InvoiceNumber", "Invoice number"),
            ("invoice-number", "Invoice number"),
            ("INVOICE_NUMBER", "Invoice number"),
            ("total", "Total"),
            ("id", "ID"),
            ("customerId", "Customer ID"),
            ("customerID", "Customer ID"),
            ("lineIDs", "Line IDs"),
            ("line_ids", "Line IDs"),
            ("vat_id", "VAT ID"),
            ("VATNumber", "VAT number"),
            ("VAT_percent", "VAT percent"),
            ("CRN_number", "CRN number"),
            ("iban", "IBAN"),
            ("imageURL", "Image URL"),
            ("address2", "Address 2"),
            ("iso6523Code", "ISO 6523 code"),
            ("co2", "Co2"),
            ("@type", "Type"),
            ("$schema", "Schema"),
            ("it-sdi-code", "It sdi code"),
            ("größeInCm", "Größe in cm"),
            ("i", "I"),
            ("__proto__", "__proto__"),
            ("a__b_", "A b"),
        ] {
            assert_eq!(label(name), words, "{name}");
        }
    }

    #[test]
    fn names_that_are_no_identifiers_stay_as_they_are() {
        let long = "a".repeat(49);
        for name in [
            "Unit price",
            "2026-11-20",
            "12",
            "https://example.org/x",
            "v1.2",
            "",
            "@",
            "_",
            "税率",
            "رقم",
            "a<b",
            &long,
        ] {
            assert_eq!(label(name), name);
        }
    }
}
