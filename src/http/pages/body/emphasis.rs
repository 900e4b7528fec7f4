//! Which two members of a document a reader looks for first: what it is called, and how much it is about.
//!
//! They are shown larger where they stand; nothing is moved, joined or computed.

use super::json::{self, Member};

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

/// Indices of the members to emphasise.
pub(super) fn emphasised(members: &[Member<'_>]) -> [Option<usize>; 2] {
    [first_of(CALLED, members), first_of(FIGURE, members)]
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
    use super::super::json::{Shape, look};
    use super::*;

    fn emphasised_names(json: &str) -> Vec<String> {
        let Shape::Object(members) = look(json) else {
            unreachable!("an object")
        };
        emphasised(&members)
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
