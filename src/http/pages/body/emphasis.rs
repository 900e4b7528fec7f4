//! Which two members of a document a reader looks for first: what it is called, and how much it is about.
//!
//! They are shown larger where they stand, the amount with its currency beside it; nothing is moved or computed.

use std::borrow::Cow;

use super::json::{self, Member, Shape};
use super::table::is_numeric;

/// By importance; compared in lower case and without `_` and `-`.
const CALLED: &[&str] = &[
    "invoicenumber",
    "invoiceno",
    "invoiceid",
    "ticketnumber",
    "ticketid",
    "ordernumber",
    "orderid",
    "bookingreference",
    "trackingnumber",
    "documentnumber",
    "number",
    "reference",
    "title",
    "event",
    "id",
    "name",
    "fullname",
    "code",
];
const FIGURE: &[&str] = &[
    "grandtotal",
    "totalamount",
    "totaldue",
    "amountdue",
    "total",
    "amount",
    "price",
    "balance",
];
/// Longer values would not fit a line when they are large.
const LONGEST_BYTES: usize = 40;

/// Names of the member that says in which currency the amount is, as [`CALLED`] has names.
const CURRENCY: &[&str] = &["currency", "currencycode", "currencyiso"];

/// The members of a document that are shown larger.
#[derive(Debug, Default)]
pub(super) struct Emphasis<'a> {
    called: Option<usize>,
    figure: Option<usize>,
    /// Of the figure, if the document has one of three capital letters beside it.
    currency: Option<Cow<'a, str>>,
}

impl Emphasis<'_> {
    /// If the member at `index` is shown larger, its unit, empty if it has none.
    pub(super) fn of(&self, index: usize) -> Option<&str> {
        if self.figure == Some(index) {
            return Some(self.currency.as_deref().unwrap_or_default());
        }
        (self.called == Some(index)).then_some("")
    }
}

/// The members to emphasise.
pub(super) fn emphasised<'a>(members: &[Member<'a>]) -> Emphasis<'a> {
    let figure = first_of(FIGURE, members);
    let is_number = figure.is_some_and(|index| is_numeric(&json::look(members[index].value)));
    Emphasis {
        called: first_of(CALLED, members),
        figure,
        currency: is_number.then(|| currency(members)).flatten(),
    }
}

fn currency<'a>(members: &[Member<'a>]) -> Option<Cow<'a, str>> {
    let member = &members[first_of(CURRENCY, members)?];
    match json::look(member.value) {
        Shape::Text(code)
            if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) =>
        {
            Some(code)
        }
        _ => None,
    }
}

fn first_of(names: &[&str], members: &[Member<'_>]) -> Option<usize> {
    members
        .iter()
        .enumerate()
        .filter(|(_, member)| {
            json::is_plain(member.value) && (3..=LONGEST_BYTES).contains(&member.value.len())
        })
        .filter(|(_, member)| !matches!(member.value, "null" | "true" | "false"))
        .filter_map(|(index, member)| Some((rank(names, &member.name)?, index)))
        .min()
        .map(|(_, index)| index)
}

fn rank(names: &[&str], name: &str) -> Option<usize> {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    names.iter().position(|known| *known == plain)
}

#[cfg(test)]
mod tests {
    use super::super::json::look;
    use super::*;

    fn emphasised_names(json: &str) -> Vec<String> {
        let Shape::Object(members) = look(json) else {
            unreachable!("an object")
        };
        let Emphasis { called, figure, .. } = emphasised(&members);
        [called, figure]
            .iter()
            .flatten()
            .map(|&index| members[index].name.to_string())
            .collect()
    }

    #[test]
    fn the_most_telling_name_and_amount_are_emphasised() {
        assert_eq!(
            emphasised_names(r#"{"id":"cus_1","invoice_number":"F-1","amount":5.10,"total":6.12}"#),
            ["invoice_number", "total"]
        );
        assert_eq!(emphasised_names(r#"{"a":1,"b":2}"#), [""; 0]);
    }

    #[test]
    fn what_is_empty_nested_or_long_is_not() {
        let long = format!(
            r#"{{"id":"{}","total":null,"amount":{{"value":"1"}}}}"#,
            "x".repeat(60)
        );
        assert_eq!(emphasised_names(&long), [""; 0]);
    }
}
