//! The `qrseal` program; see [`qrseal::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    qrseal::cli::run()
}
