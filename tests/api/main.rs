//! The API as its clients see it, over HTTP against the library's own server.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod accounts;
mod api_keys;
mod app;
mod audit;
mod bad_input;
mod batch_console;
mod batch_limits;
mod batches;
mod console_codes;
mod console_links;
mod cors;
mod damaged_records;
mod desk;
mod drawing;
#[path = "../fixture/failing_store.rs"]
mod failing_store;
mod form_fields;
mod form_sending;
mod held;
mod http;
mod issuing;
mod languages;
mod limits;
mod links;
mod messages;
mod new_code;
mod opening;
mod owners;
mod packing;
mod pages;
mod pins;
mod previewers;
mod profile_forms;
mod profiles;
mod rates;
mod revising;
mod revoking;
mod sealing;
mod second_factors;
mod service;
mod store_failures;
mod store_trouble;
mod stored;
mod styles;
