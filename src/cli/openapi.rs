//! `qrseal openapi`

use std::io::Write as _;
use std::process::ExitCode;

use super::Failure;
use crate::http;

pub fn run() -> Result<ExitCode, Failure> {
    std::io::stdout().write_all(http::description().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
