//! The operations, a file each, in the order: what is asked, what is answered, what OpenAPI says, the handler.
//!
//! Belongs here: what is read from one kind of request and how its answer looks. Does not belong here: any rule about
//! documents, tokens, keys or symbols (features have those), and where an operation is reached (see `routes`).

pub mod answers;
pub mod audit;
pub mod batches;
pub mod check_ins;
pub mod codes;
pub mod console;
pub mod desk;
pub mod door;
pub mod home;
pub mod links;
pub mod lists;
pub mod messages;
pub mod passes;
mod picture_url;
pub mod pictures;
pub mod profiles;
pub mod receipts;
pub mod service;
pub mod tokens;
