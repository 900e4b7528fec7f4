//! The programs that the system tests use, where `tests/run install` puts them.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

/// `tests/tools/NAME` of this repository.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tools")
        .join(name)
}

/// Where screenshots and other results for people go.
pub fn output_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/output")
}

/// The folder `tools` in cargo's target directory.
pub fn tools_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("cargo's folder for tests is in the target directory")
        .join("tools")
}

/// A program of the Python tools.
pub fn python_program(name: &str) -> PathBuf {
    installed(tools_folder().join("python/bin").join(name))
}

/// A program of the Node tools.
pub fn node_program(name: &str) -> Command {
    Command::new(installed(
        tools_folder().join("node/node_modules/.bin").join(name),
    ))
}

/// A script of ours in Python.
pub fn python(name: &str) -> Command {
    let mut command = Command::new(python_program("python3"));
    command.arg(script(name));
    command
}

/// Looks at pages in Chromium: see `tests/tools/browser.mjs`.
pub fn browser(area: &str, job: &serde_json::Value) {
    let mut job = job.clone();
    job["tools"] = path_text(&installed(tools_folder())).into();
    job["output"] = path_text(&output_folder()).into();
    job["python"] = path_text(&python_program("python3")).into();
    job["scan"] = path_text(&script("scan.py")).into();
    job["browser"] = CHROMIUM.address.as_str().into();
    let output = run(Command::new("node")
        .arg(script("browser.mjs"))
        .arg(area)
        .arg(job.to_string()));
    println!("{}", text(&output));
    assert!(
        output.status.success(),
        "{area}: {}, see the lines with FAILED",
        output.status
    );
}

/// One Chromium for all tests of this process. It ends with the process, which holds the other end of its input.
static CHROMIUM: LazyLock<Chromium> = LazyLock::new(|| {
    installed(tools_folder().join("node/node_modules/playwright-core"));
    let mut server = Command::new("node")
        .arg(script("browser.mjs"))
        .arg("serve")
        .arg(serde_json::json!({ "tools": path_text(&tools_folder()) }).to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node: {error}: tests/run install"));
    let mut address = String::new();
    BufReader::new(server.stdout.take().expect("its output is a pipe"))
        .read_line(&mut address)
        .expect("text");
    let address = address.trim().to_owned();
    assert!(address.starts_with("ws://"), "Chromium does not start");
    Chromium {
        address,
        _server: server,
    }
});

struct Chromium {
    address: String,
    _server: Child,
}

/// Runs to the end, whatever the end is.
pub fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}: tests/run install"))
}

/// Runs to an end without error; what it wrote to standard output.
pub fn run_well(command: &mut Command) -> Vec<u8> {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        text(&output)
    );
    output.stdout
}

/// A path as text for another program.
pub fn path_text(path: &Path) -> &str {
    path.to_str().expect("the repository's path is UTF-8")
}

fn installed(path: PathBuf) -> PathBuf {
    assert!(
        path.exists(),
        "{} is missing: tests/run install",
        path.display()
    );
    path
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
