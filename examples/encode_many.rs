//! Encodes one link many times, for counting instructions.
//!
//! `encode_many WHOSE TIMES [DIGITS]`, where WHOSE is `qrseal`, `qrcode` (the
//! crate), or `png` (a picture of the same symbol) and DIGITS is 400 if it is
//! not given. `benches/README.md` has the commands.

use std::error::Error;
use std::hint::black_box;

use qrseal::qr::{Level, Style, Symbol, png};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let whose = arguments.next().ok_or("say whose encoder")?;
    let times: u32 = arguments.next().ok_or("say how many times")?.parse()?;
    let digits: usize = arguments.next().map_or(Ok(400), |digits| digits.parse())?;
    let digits: String = (0..digits)
        .map(|index| char::from(b"3141592653589793238462643383279502884197"[index * 7 % 40]))
        .collect();
    let link = format!("https://QR.EXAMPLE.COM/{digits}");
    let symbol = Symbol::encode(&link, Level::Medium)?;
    for _ in 0..times {
        match &*whose {
            "qrseal" => drop(black_box(Symbol::encode(black_box(&link), Level::Medium)?)),
            "qrcode" => {
                drop(black_box(qrcode::QrCode::with_error_correction_level(
                    black_box(&link),
                    qrcode::EcLevel::M,
                )?));
            }
            "png" => drop(black_box(png(black_box(&symbol), &Style::default())?)),
            _ => return Err("it is qrseal, qrcode or png".into()),
        }
    }
    Ok(())
}
