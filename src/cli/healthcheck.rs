//! `qrseal healthcheck`: asks the server of this configuration whether it is ready, for images that hold nothing that could.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::Failure;
use crate::config::Config;

/// For each of connecting, sending and reading.
const PATIENCE: Duration = Duration::from_secs(3);
/// The status line is all that is read.
const STATUS_LINE_BYTES: u64 = 64;

pub fn run(config: &Config) -> Result<ExitCode, Failure> {
    let address = reachable(config.server.listen);
    let status = status(address)
        .map_err(|error| format!("the server on {address} does not answer: {error}"))?;
    if status == "200" {
        println!("ready");
        return Ok(ExitCode::SUCCESS);
    }
    Err(format!("the server on {address} is not ready: it answers {status}").into())
}

/// Where this machine reaches a server that listens on all of its addresses.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn status(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(
        connection,
        "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut line = Vec::new();
    connection.take(STATUS_LINE_BYTES).read_to_end(&mut line)?;
    let line = String::from_utf8_lossy(&line);
    Ok(line.split(' ').nth(1).unwrap_or("nothing").to_owned())
}
