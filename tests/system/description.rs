//! The API description is true: schemathesis derives requests from it, right ones and wrong ones, and compares the answers.
//! What it cannot know is in `schemathesis.toml`, each exception with its reason.

use std::path::Path;
use std::process::Command;

use crate::cluster;
use crate::fixture::Server;
use crate::tools;

#[test]
fn the_running_server_does_what_its_api_description_says() {
    does_what_it_says(&Server::start());
}

#[test]
fn a_server_on_postgresql_does_what_its_api_description_says() {
    let store = cluster::new_database();
    does_what_it_says(&Server::start_with(&[("QRSEAL_STORE__URL", &store)]));
}

fn does_what_it_says(server: &Server) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Its report goes straight to the terminal: it is long, and says how to repeat what failed.
    let status = Command::new(tools::python_program("schemathesis"))
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .arg("run")
        .arg(server.url("/api-docs/openapi.json"))
        .args(["--url", &server.url("")])
        .env("SCHEMATHESIS_HOOKS", tools::script("description_hooks.py"))
        .current_dir(server.folder())
        .status()
        .expect("schemathesis starts");
    assert!(status.success(), "schemathesis: {status}");
    // Nothing that it sent may have upset the server.
    assert!(!server.log().contains("panicked"), "the server panicked");
}
