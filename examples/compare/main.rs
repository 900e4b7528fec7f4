//! Compares the symbols of qrseal with those of other ways to put an encrypted JSON document into a link.
//!
//! ```text
//! cargo run --release --example compare -- DIR                     every *.json file of a folder, and the mean
//! cargo run --release --example compare -- DIR --summary           the mean only
//! cargo run --release --example compare -- --picture compare.svg   one invoice as each scheme's symbol
//! ```
//!
//! What each scheme adds to a document is in `schemes.rs`, with the specification it is taken from; every link begins
//! with the same host, and every text is divided into the segments that need the fewest bits (`segments.rs`).

mod measure;
mod picture;
mod report;
mod schemes;
mod segments;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Parser;
use measure::Measured;
use qrseal::payload::{Document, minify};
use schemes::Links;
use url::Url;

/// An invoice of our own, for the picture and for a first look.
const SAMPLE: &str = include_str!("invoice.json");

/// Compares the size of qrseal's symbols with that of other schemes.
#[derive(Parser)]
#[command(name = "compare")]
struct Arguments {
    /// A folder of JSON documents (*.json); without it, the sample invoice.
    folder: Option<PathBuf>,
    /// What every link begins with.
    #[arg(long, value_name = "URL", default_value = "https://qr.example.com")]
    public_url: Url,
    /// Print the means, not the documents.
    #[arg(long)]
    summary: bool,
    /// Write all figures to this file, as JSON.
    #[arg(long, value_name = "FILE.json")]
    json: Option<PathBuf>,
    /// Draw the sample invoice as the symbol of each scheme, at error correction level M.
    #[arg(long, value_name = "FILE.svg")]
    picture: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let links = Links::new(&arguments.public_url);
    let sample = minify(SAMPLE.as_bytes())?;

    if let Some(file) = &arguments.picture {
        fs::write(file, picture::svg(&sample, &links)?).map_err(|error| about(file, &error))?;
    }
    let documents = match &arguments.folder {
        Some(folder) => read(folder).map_err(|error| about(folder, &error))?,
        None => vec![("the sample invoice".to_owned(), sample)],
    };
    let measured: Vec<Measured> = documents
        .iter()
        .map(|(name, document)| Measured::new(name, document, &links))
        .collect();
    if !arguments.summary {
        print!("{}", report::documents(&measured));
    }
    print!("{}", report::means(&measured));
    if let Some(file) = &arguments.json {
        fs::write(file, report::json(&measured)?).map_err(|error| about(file, &error))?;
    }
    Ok(())
}

/// The documents of a folder, in the order of their names. What qrseal would not issue is named and left out.
fn read(folder: &Path) -> io::Result<Vec<(String, Document)>> {
    let mut files = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    let mut documents = Vec::new();
    for file in files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match minify(&fs::read(&file)?) {
            Ok(document) => documents.push((name, document)),
            Err(error) => eprintln!("left out: {}: {error}", file.display()),
        }
    }
    if documents.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "no JSON document in it that qrseal would issue",
        ));
    }
    Ok(documents)
}

fn about(file: &Path, error: &io::Error) -> String {
    format!("{}: {error}", file.display())
}
