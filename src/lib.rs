//! qrseal seals a JSON document into a QR code, and opens it when a phone scans the code.
//!
//! | module | what is in it | imports |
//! |---|---|---|
//! | [`options`] | options as rows: what there is to know of one, what values there may be | nothing of ours |
//! | [`token`] | the wire format: keys, keyring, claims, seal, open, text forms | `options` |
//! | [`payload`] | JSON checked and minified | nothing of ours |
//! | [`language`] | the languages that people read here | nothing of ours |
//! | [`qr`] | the symbol, and how it is drawn and read | `options` |
//! | [`store`] | what is remembered: the port and its backends | `token` |
//! | [`principal`] | who did something | nothing of ours |
//! | [`network`] | where a client comes from | nothing of ours |
//! | `hex`, `pointer` | bytes as hexadecimal digits; names in JSON pointers | nothing of ours |
//! | [`cursor`] | pages of lists: how long one is, and where one ended | `token` |
//! | [`clock`], [`random`] | what the machine is asked for: the time of day, random numbers | `token` |
//! | [`pool`] | threads for work that takes long, and how much of it there may be | nothing of ours |
//! | [`pins`] | where PINs are hashed | `token`, `pool` |
//! | [`samples`] | made-up documents of a profile, which codec 3 reads first, and their file | `token`, `payload` |
//! | [`long`] | where long documents are packed and unpacked | `pool`, `samples` |
//! | [`link`] | the URL that carries a token | `token` |
//! | [`targets`] | where a dynamic link may lead; hosts that are trusted, blocked, or look like others | nothing of ours |
//! | [`keys`] | the keyring file and what is done to it | `token`, `store` |
//! | [`audit`] | who did what when: rows, their chain, and what looks whether it was tampered with | `token`, `principal`, `store` |
//! | [`api_keys`] | who may issue, read receipts and revoke from elsewhere | `token`, `store` |
//! | [`accounts`] | people who sign in: names, passwords, recovery codes, sessions | `token`, `pool`, `network`, `store`, `audit` |
//! | [`limits`] | how much a client or an API key may ask: rates of a node, quotas of a day | `token`, `store` |
//! | [`issuing`], [`opening`], [`revoking`], [`receipts`], [`drawing`], [`links`] | the product's verbs, the same for HTTP and the command line | the above |
//! | [`profiles`] | what a kind of document is: its schema, policy, page and form | `token`, `payload`, `issuing`, `drawing` |
//! | [`batch`] | many codes at once: rows in; pictures, labels, results out | the above |
//! | [`events`] | who is told what happens to codes: receivers, messages, signatures | `store` |
//! | [`backup`] | one file with all of an installation, and the way back | the above |
//! | [`config`], [`telemetry`], `certificate` | settings; logs; what TLS presents | the above |
//! | [`http`], [`cli`] | the two ways in; `http` is the only place that knows actix-web | all of it |

#![allow(
    rustdoc::private_intra_doc_links,
    reason = "the documentation is for those who work on this, and shows private items"
)]
#![cfg_attr(
    not(feature = "server"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "what only the server uses of the pure parts"
    )
)]

pub mod accounts;
pub mod api_keys;
pub mod audit;
#[cfg(feature = "server")]
pub mod backup;
#[cfg(feature = "server")]
pub mod batch;
#[cfg(feature = "server")]
mod certificate;
#[cfg(feature = "server")]
pub mod cli;
pub mod clock;
pub mod config;
mod cursor;
pub mod desk;
mod drawing;
pub mod events;
mod files;
mod hex;
pub mod http;
mod issuing;
pub mod keys;
mod labels;
pub mod language;
mod limits;
pub mod link;
pub mod links;
mod long;
pub mod messages;
pub mod network;
pub mod opening;
mod options;
pub mod payload;
mod pictures;
mod pins;
mod pointer;
pub mod pool;
pub mod principal;
pub mod profiles;
pub mod qr;
pub mod random;
mod receipts;
pub mod revoking;
pub mod samples;
mod spreadsheet;
mod stamp;
pub mod store;
pub mod targets;
pub mod telemetry;
pub mod token;
