//! What arrives on a connection, before HTTP is made of it.
//!
//! Belongs here: the socket, where a message begins and ends (RFC 9112), and what of it is passed on. Does not belong here: what a
//! request means, and how much of it there is room for (see `connection`).

mod framing;
mod guarded;
mod listen;
mod stream;

pub use framing::is_cut;
pub use guarded::Guarded;
pub use listen::listener;
pub use stream::Wire;
