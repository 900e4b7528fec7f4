//! Clients that generators make of the API description compile, and do with a running server what issuers do: seal, open a
//! limited code, read its receipt, revoke, draw.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fixture::Server;
use crate::tools::{self, path_text, run_well};

/// The description of a running server, and an empty folder for a client of it. Node finds packages from there.
fn start(name: &str) -> (Server, PathBuf, PathBuf) {
    let server = Server::start();
    let folder = tools::tools_folder().join("node/clients").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the last run's client is a folder of ours");
    }
    std::fs::create_dir_all(&folder).expect("the tools' folder is writable");
    let description = folder.join("api.json");
    let url = server.url("/api-docs/openapi.json");
    run_well(Command::new("curl").args(["-sSf", "-o", path_text(&description), &url]));
    (server, folder, description)
}

/// Runs `tests/tools/clients/SCRIPT` with the client in this folder.
fn use_in_python(script: &str, client: &Path, server: &Server) {
    let python = tools::python_program("python3");
    run_well(Command::new(&python).args(["-m", "compileall", "-q", path_text(client)]));
    let script = tools::script("clients").join(script);
    run_well(
        Command::new(&python)
            .arg(script)
            .arg(client)
            .arg(server.url("")),
    );
}

/// Compiles `tests/tools/clients/NAME.ts` beside the client, with all checks of types, and runs it.
fn use_in_typescript(name: &str, kind: &str, module: &str, folder: &Path, server: &Server) {
    let script = folder.join(format!("{name}.ts"));
    std::fs::copy(tools::script("clients").join(format!("{name}.ts")), &script)
        .expect("the script is there");
    std::fs::write(
        folder.join("package.json"),
        format!(r#"{{"type":"{kind}"}}"#),
    )
    .expect("the folder is writable");
    run_well(
        tools::node_program("tsc")
            .current_dir(folder)
            .args(["--strict", "--target", "es2022", "--lib", "es2022,dom"])
            .args(["--module", module, "--esModuleInterop", path_text(&script)]),
    );
    run_well(
        Command::new("node")
            .arg(folder.join(format!("{name}.js")))
            .arg(server.url("")),
    );
}

fn openapi_generator(generator: &str, description: &Path, output: &Path) {
    run_well(
        Command::new(tools::python_program("openapi-generator-cli"))
            .args(["generate", "-g", generator, "-i", path_text(description)])
            .args(["-o", path_text(output)])
            .args(["--global-property", "apiTests=false,modelTests=false"]),
    );
}

#[test]
fn a_client_of_openapi_python_client_does_what_issuers_do() {
    let (server, folder, description) = start("openapi_python_client");
    let settings = folder.join("settings.yaml");
    // Rows in a body are bytes to it.
    let text = "post_hooks: []\ncontent_type_overrides:\n  application/x-ndjson: application/octet-stream\n  \
                text/csv: application/octet-stream\n";
    std::fs::write(&settings, text).expect("the folder is writable");
    let client = folder.join("client");
    run_well(
        Command::new(tools::python_program("openapi-python-client"))
            .args(["generate", "--fail-on-warning", "--path"])
            .args([&description, Path::new("--config"), &settings])
            .args([Path::new("--output-path"), &client]),
    );
    use_in_python("openapi_python_client.py", &client, &server);
}

#[test]
fn a_python_client_of_openapi_generator_does_what_issuers_do() {
    let (server, folder, description) = start("openapi_generator");
    let client = folder.join("client");
    openapi_generator("python", &description, &client);
    use_in_python("openapi_generator.py", &client, &server);
}

#[test]
fn a_client_of_openapi_typescript_and_openapi_fetch_does_what_issuers_do() {
    let (server, folder, description) = start("openapi_fetch");
    run_well(
        tools::node_program("openapi-typescript")
            .arg(&description)
            .arg("-o")
            .arg(folder.join("api.d.ts")),
    );
    use_in_typescript("openapi_fetch", "module", "nodenext", &folder, &server);
}

#[test]
fn a_typescript_client_of_openapi_generator_does_what_issuers_do() {
    let (server, folder, description) = start("typescript_fetch");
    openapi_generator("typescript-fetch", &description, &folder.join("client"));
    use_in_typescript("typescript_fetch", "commonjs", "commonjs", &folder, &server);
}
