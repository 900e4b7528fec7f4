//! `qrseal batch`
//!
//! Belongs here: what is asked for, the steps of a run in their order, and what is said at its end. Does not belong here: what
//! rows become (`batch`), the files of a run (`files`), what sealing needs (`shop`), and what is done with each row (`witness`).

mod files;
mod shop;
mod witness;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::files::{Outputs, RunFiles, Whole};
use self::shop::{Shop, cores, tell_rate_of_pins};
use self::witness::{DryWitness, Progress, RunWitness};
use super::options::Flags;
use super::output::resolved;
use super::{Failure, links, setup};
use crate::batch::{
    BatchOptions, Course, Dialect, Drawing, Face, FieldMap, LabelPaper, LabelSheet, PaperLooks,
    Plan, RowsError, RowsFormat, RowsReader, RunKey, Stop, Summary, Template, Typeface, Versions,
    Wanted, run as run_batch,
};
use crate::config::Config;
use crate::drawing::{PictureFormat, StyleRequest};
use crate::issuing::SealOptions;
use crate::principal::Principal;
use crate::random;
use crate::store;

/// Make many codes at once, of a table or of lines of JSON.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal batch invoices.csv --map 'id=Invoice No' --map 'amount:number=Total' --name '{{id}}.png' -o invoices.zip\n  \
                  qrseal batch tickets.ndjson --pin-auto --expires-in 90d --pins pins.csv -o tickets/\n  \
                  qrseal batch shelf.csv --kind link --sheet avery-l7160 --line '{{Name}}' --line '{{Place}}' -o shelf.pdf\n  \
                  qrseal batch invoices.csv --map 'id=Invoice No' --dry-run\n\n\
                  Row 1 is the first one below the names of the columns. What each row became stands in a table beside the output \
                  (out.csv beside out.zip), which only you can read: links and PINs are in it. A bad row stops no other; exit code 1 says \
                  that some failed. What was interrupted goes on with the same command and --resume."
)]
pub struct Arguments {
    /// The rows; standard input if it is not given or `-`.
    rows: Option<PathBuf>,
    /// A field of the document and the column that fills it: FIELD=COLUMN or FIELD:TYPE=COLUMN, with the type string, number,
    /// integer, boolean or json, and a ? behind it where an empty cell leaves the field out. Again for each field; without any,
    /// every column is a string.
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<FieldMap>,
    /// A line on each label, with {{columns}} in it. Again for each line.
    #[arg(long, value_name = "TEXT")]
    line: Vec<Template>,
    /// Where the codes go: a ZIP file, a folder/, or with --sheet or --page a PDF.
    #[arg(long, short, value_name = "OUT", required_unless_present = "dry_run")]
    output: Option<PathBuf>,
    /// The kind of pictures: png, svg, pdf or txt; what the ending of --name says, or png, if it is not given.
    #[arg(long)]
    format: Option<PictureFormat>,
    /// What the rows are, csv or ndjson; found by the file's name and its first letter if it is not given.
    #[arg(long, value_name = "FORMAT")]
    input: Option<RowsFormat>,
    /// The table of results; beside the output if it is not given.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// A table of its own for PINs, instead of the results.
    #[arg(long, value_name = "FILE")]
    pins: Option<PathBuf>,
    /// Go on with what was interrupted: nothing is made twice.
    #[arg(long)]
    resume: bool,
    /// Say what would come of it: rows that would fail, versions of the symbols. Nothing is made.
    #[arg(long, conflicts_with_all = ["resume", "outlines"])]
    dry_run: bool,
    /// Draw the outlines of all labels, to hold the page against a sheet; without rows, nothing else.
    #[arg(long)]
    outlines: bool,
    /// Rows that are sealed at once; as many as there are cores if it is not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    #[command(flatten)]
    batch: Flags<BatchOptions>,
    #[command(flatten)]
    seal: Flags<SealOptions>,
    #[command(flatten)]
    style: Flags<StyleRequest>,
}

impl Arguments {
    /// What is asked for, but for the rows, which their keys tell apart, and how fast.
    fn asked(&self) -> String {
        let files = (&self.output, &self.results, &self.pins);
        let kinds = (&self.input, &self.format, self.outlines);
        let options = (&self.batch, &self.seal, &self.style);
        format!("{:?}", (&self.map, &self.line, files, kinds, options))
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "the steps of a command, in their order"
)]
pub fn run(config: &Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let options = arguments.batch.read()?;
    let paper = paper(config, arguments, &options)?;
    let typeface = typeface(config)?;
    if arguments.outlines && arguments.rows.is_none() {
        let (sheet, looks) = paper.ok_or("--outlines takes --sheet or --page")?;
        let path = arguments
            .output
            .as_deref()
            .ok_or("--outlines takes --output FILE.pdf")?;
        let file = Whole::new(path, false)?;
        LabelPaper::new(file, sheet, looks, typeface)?
            .finish()?
            .finish()?;
        eprintln!(
            "The outlines are in {}: print it at 100 % and hold it against a sheet.",
            path.display()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let (input, format) = open(arguments)?;
    let size = input.size;
    let dialect = Dialect {
        encoding: options.encoding,
        delimiter: options.delimiter.map(crate::batch::Delimiter::byte),
    };
    let mut rows = RowsReader::new(input.bytes, format, dialect)?;
    let policy = links::policy(config)?;
    let (wanted, picture) = wanted(config, arguments, &options, typeface)?;
    let wanted = Wanted {
        links: Some(&policy),
        profiles: (wanted.seal.profile.is_some() || format == RowsFormat::NdJson)
            .then(|| setup::profiles(config, !arguments.dry_run))
            .transpose()?
            .map(|profiles| profiles.registry()),
        ..wanted
    };
    let columns = (format == RowsFormat::Csv).then(|| rows.columns().to_vec());
    let mut plan = Plan::new(wanted, columns.as_deref())?;

    let (keyring, made) = setup::keyring(config)?;
    if made {
        eprintln!(
            "A keyring was made: {}. Back this up; without it every code is dead.",
            config.keys.file.display()
        );
    }
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let url = config.store_url();
    let with_store = !arguments.dry_run
        && (plan.stores() || format == RowsFormat::NdJson && store::exists(&url)?);
    let store = with_store
        .then(|| store::connect(&url, config.store.migrate))
        .transpose()?;
    let shop = Shop::new(config, &keyring, store.as_deref(), jobs)?;
    let drawing = match (&paper, arguments.dry_run) {
        (Some((sheet, _)), _) => Drawing::Label(*sheet),
        (None, true) => Drawing::Nothing,
        (None, false) => Drawing::Picture(picture),
    };
    let workshop = shop.workshop(drawing);
    if plan.draws_pins() && !arguments.dry_run {
        tell_rate_of_pins(&shop, arguments.rows.as_deref())?;
    }
    let course = |key| Course {
        jobs,
        eager: false,
        most_rows: None,
        first_row: 1,
        dry: arguments.dry_run,
        key,
    };
    if arguments.dry_run {
        let key = RunKey::new(*random::bytes()?);
        let mut witness = DryWitness(Progress::new(size));
        let done = run_batch(&mut rows, &mut plan, &workshop, &course(&key), &mut witness);
        let summary = done.map_err(stopped)?;
        println!(
            "{} rows: {} would be made, {} would fail",
            summary.rows, summary.made, summary.failed
        );
        if summary.made > 0 {
            println!("{}", Versions(&summary));
        }
        return Ok(tell(&summary));
    }
    let path = arguments.output.as_deref().ok_or("there is no --output")?;
    let files = RunFiles::new(
        path,
        arguments.rows.as_deref(),
        arguments.results.as_deref(),
        arguments.pins.as_deref(),
    );
    let (running, recorded) = files.begin(arguments.resume, &arguments.asked())?;
    let resumed = arguments.resume.then(|| running.began()).transpose()?;
    let outputs = Outputs::open(path, paper, plan.typeface().clone(), resumed);
    let outputs = match outputs {
        Ok(outputs) => outputs,
        Err(why) => {
            // What never began is not to be gone on with.
            if !arguments.resume {
                running.end()?;
            }
            return Err(why);
        }
    };
    let mut witness = RunWitness::new(
        &files,
        outputs,
        recorded,
        arguments.resume,
        Progress::new(size),
    )?;
    let course = course(&running.key);
    let done = run_batch(&mut rows, &mut plan, &workshop, &course, &mut witness);
    let summary = match done {
        Ok(summary) => summary,
        Err(stop) => {
            let why = stopped(stop);
            return Err(format!(
                "{why}\nWhat was done is in {}; go on with --resume.",
                files.results.display()
            )
            .into());
        }
    };
    witness.finish()?;
    running.end()?;
    eprintln!(
        "{} codes made, {} rows failed; {}",
        summary.made,
        summary.failed,
        files.results.display()
    );
    if config.phone_cannot_reach() {
        eprintln!(
            "A phone cannot reach these links: set server.public_url to the address at which phones reach the server."
        );
    }
    Ok(tell(&summary))
}

/// The sheet, and what is asked of its pages.
fn paper(
    config: &Config,
    arguments: &Arguments,
    options: &BatchOptions,
) -> Result<Option<(LabelSheet, PaperLooks)>, Failure> {
    let Some(sheet) = options.paper(&config.sheets)? else {
        return Ok(None);
    };
    let looks = PaperLooks {
        outlines: arguments.outlines,
        ..options.looks(&sheet)?
    };
    Ok(Some((sheet, looks)))
}

fn typeface(config: &Config) -> Result<Typeface, Failure> {
    let mut faces = Vec::new();
    for path in &config.batch.fonts {
        let face =
            Face::read(path).map_err(|error| format!("batch.fonts: {} {error}", path.display()))?;
        faces.push(face);
    }
    Ok(Typeface::new(faces))
}

/// The rows.
struct Input {
    bytes: Box<dyn Read>,
    /// If it is known.
    size: Option<u64>,
}

fn open(arguments: &Arguments) -> Result<(Input, RowsFormat), Failure> {
    let (mut bytes, size): (Box<dyn Read>, _) = match arguments.rows.as_deref() {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::open(path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let known = file.metadata().ok().filter(std::fs::Metadata::is_file);
            (Box::new(file), known.map(|known| known.len()))
        }
        _ => (Box::new(std::io::stdin()), None),
    };
    let ending = arguments
        .rows
        .as_deref()
        .and_then(Path::extension)
        .and_then(|ending| ending.to_str());
    let format = match (arguments.input, ending) {
        (Some(format), _) => format,
        (None, Some("csv" | "tsv" | "txt")) => RowsFormat::Csv,
        (None, Some("ndjson" | "jsonl" | "json")) => RowsFormat::NdJson,
        (None, _) => {
            let mut first = [0];
            let length = bytes.read(&mut first)?;
            bytes = Box::new(std::io::Cursor::new(first).take(length as u64).chain(bytes));
            match &first {
                b"{" => RowsFormat::NdJson,
                _ => RowsFormat::Csv,
            }
        }
    };
    Ok((Input { bytes, size }, format))
}

/// What is asked of every row, but for links, and the kind of pictures.
fn wanted<'a>(
    config: &Config,
    arguments: &'a Arguments,
    options: &BatchOptions,
    typeface: Typeface,
) -> Result<(Wanted<'a>, PictureFormat), Failure> {
    let mut style = arguments.style.read()?;
    let mut lines = arguments.line.clone();
    let caption = style
        .caption
        .as_ref()
        .map(|caption| caption.as_str().to_owned());
    let mut caption = caption
        .filter(|text| Template::is_one(text))
        .map(|text| text.parse())
        .transpose()?;
    if caption.is_some() {
        style.caption = None;
    }
    let on_paper = options.sheet.is_some() || options.page.is_some();
    if on_paper && lines.is_empty() {
        lines.extend(caption.take());
    }
    if !lines.is_empty() && !on_paper {
        return Err(
            "--line is for labels: it takes --sheet or --page; pictures have --caption".into(),
        );
    }
    if lines.len() > crate::batch::MAX_LINES {
        return Err(format!("a label has at most {} lines", crate::batch::MAX_LINES).into());
    }
    let named = options.name.as_ref().map(ToString::to_string);
    let ending = named
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .and_then(|(_, ending)| ending.parse().ok());
    let picture = arguments.format.or(ending).unwrap_or(PictureFormat::Png);
    let seal = arguments.seal.read()?;
    let of_profile = match &seal.profile {
        None => None,
        Some(name) => setup::profiles(config, false)?
            .registry()
            .find(name)
            .map(|profile| profile.style.clone()),
    };
    let wanted = Wanted {
        kind: options.kind.unwrap_or_default(),
        maps: &arguments.map,
        decimal: options.decimal.unwrap_or_default(),
        seal,
        codec: config.payload.codec,
        effort: config.payload.effort,
        look: resolved(style, config, of_profile.as_ref(), config.symbol.ecl, None)?,
        name: options.name.clone(),
        ending: picture.as_str(),
        caption,
        lines,
        typeface,
        tells_pins: true,
        longest_life: config.issuing.longest_life,
        by: Principal::Cli,
        profiles: None,
        links: None,
    };
    Ok((wanted, picture))
}

/// Says which rows failed; the exit code.
fn tell(summary: &Summary) -> ExitCode {
    for (row, why) in &summary.failures {
        eprintln!("row {row}: {why}");
    }
    if summary.untold() > 0 {
        eprintln!("and {} more", summary.untold());
    }
    match summary.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn stopped<E: Into<Failure>>(stop: Stop<E>) -> Failure {
    match stop {
        Stop::Answer(error) => error.into(),
        Stop::Rows(error @ RowsError::TooBroken(_)) => {
            format!("{error}; rows before it are done").into()
        }
        Stop::Rows(error) => error.into(),
        Stop::Runtime(error) => Stop::<String>::Runtime(error).to_string().into(),
        Stop::TooMany(most) => format!("there are more than {most} rows").into(),
        Stop::Changed(row) => Stop::<String>::Changed(row).to_string().into(),
    }
}
