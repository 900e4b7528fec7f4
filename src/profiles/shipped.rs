//! The profiles that come with the program.

/// The last number that only a profile of the program has.
pub const LAST_SHIPPED_NUMBER: u32 = 31;

/// Name, number, file.
pub const SHIPPED: [(&str, u32, &str); 6] = [
    ("invoice", 1, include_str!("shipped/invoice.toml")),
    ("message", 2, include_str!("shipped/message.toml")),
    ("sign-in", 3, include_str!("shipped/sign-in.toml")),
    ("ticket", 4, include_str!("shipped/ticket.toml")),
    ("voucher", 5, include_str!("shipped/voucher.toml")),
    ("parcel", 6, include_str!("shipped/parcel.toml")),
];

/// The number of the shipped profile of this name.
pub(super) fn shipped_number(name: &str) -> Option<u32> {
    let mut shipped = SHIPPED.iter();
    shipped
        .find(|(known, ..)| *known == name)
        .map(|(_, number, _)| *number)
}
