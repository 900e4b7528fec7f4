//! `qrseal serve --lan`: this machine's address in its network, and the start page's code in the terminal.
//!
//! For trying only: neither https nor, until an API key is made, any key protects it.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use super::Failure;
use super::output::Output;
use crate::config::Config;
use crate::drawing::{Drawn, PictureFormat};
use crate::qr::{Level, Style, Symbol};

/// Somewhere beyond the local network (RFC 5737, section 3): nothing is ever sent there.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// Makes the server listen on this machine's address in its local network, and links lead there.
pub fn listen(config: &mut Config) -> Result<(), Failure> {
    if let Some(url) = &config.server.public_url {
        return Err(format!(
            "--lan is for trying it, and here links begin with {url} (server.public_url): leave one of them out"
        )
        .into());
    }
    if let Some(files) = config.server.tls.files() {
        return Err(format!(
            "--lan is for trying it without a certificate, and server.tls.certificate names {}: leave one of them out",
            files.certificate.display()
        )
        .into());
    }
    config.server.listen.set_ip(IpAddr::V4(address()?));
    Ok(())
}

/// This machine's address in its local network: the one that it would send from.
fn address() -> Result<Ipv4Addr, Failure> {
    let found = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket.connect(ELSEWHERE)?;
            socket.local_addr()
        })
        .map(|address| address.ip());
    match found {
        Ok(IpAddr::V4(address)) if address.is_private() || address.is_link_local() => Ok(address),
        Ok(address) => Err(format!(
            "this machine's address {address} is not one of a local network, and --lan lets anyone who reaches it issue: \
             set server.listen and server.public_url instead (docs/running.md)"
        )
        .into()),
        Err(error) => Err(format!(
            "no address in a local network was found ({error}): connect this machine to the phone's network, or set \
             server.listen and server.public_url"
        )
        .into()),
    }
}

/// Says what is unsafe, and draws the code that leads a phone to the start page.
pub fn show(config: &Config, address: SocketAddr) -> Result<(), Failure> {
    let url = format!("http://{address}/");
    let symbol = Symbol::encode(&url, Level::Low)?;
    let output = Output {
        file: None,
        format: None,
    };
    let drawn = Drawn::Plain(&symbol, Style::default());
    let picture = output.picture(&drawn, PictureFormat::Text, "QR code")?;
    let mut out = std::io::stdout().lock();
    out.write_all(&picture)?;
    writeln!(out, "Scan this with a phone in the same network: {url}")?;
    writeln!(
        out,
        "For trying only: {}without https others in the network can read along what is opened.\n\
         Codes made now stop working when this machine's address changes.",
        match config.auth.issuing {
            crate::config::Issuing::Open => "anyone in this network can make codes, and ",
            crate::config::Issuing::Local => "",
        }
    )?;
    out.flush()?;
    Ok(())
}
