//! The operations, one file each: what is taken, what is answered.

pub mod answer;
pub mod assets;
pub mod docs;
pub mod draw_code;
pub mod health;
pub mod held_token;
pub mod home;
pub mod issue_token;
pub mod open_token;
pub mod problems;
pub mod receipts;
pub mod reset_pin;
pub mod revoke_token;
pub mod seal;
pub mod seal_payload;
pub mod token_id;
