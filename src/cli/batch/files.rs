//! The files of a run: results, PINs, and what it takes to go on with it; and where the codes go.
//!
//! The secret of a run is written first, to a file of its own. Each row's key follows from it, so that a run that was killed goes
//! on where it was: rows that the results have are drawn again from their links, and of the next one the store knows whether it
//! was kept. The file is gone when the run is over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::batch::{
    Archive, LabelPaper, LabelSheet, Made, MadeAs, PaperLooks, ResultsReader, RunKey, Typeface,
    whole_bytes,
};
use crate::cli::Failure;
use crate::clock;
use crate::random;

/// Bytes at the end of the results among which a row ends.
const TAIL_BYTES: u64 = 1 << 20;

/// The files of a run beside its codes.
pub struct RunFiles {
    /// What each row became.
    pub results: PathBuf,
    /// PINs, if they have a file of their own.
    pub pins: Option<PathBuf>,
    run: PathBuf,
}

/// What an interrupted run left.
pub type RecordedRows = ResultsReader<File>;

impl RunFiles {
    /// The files of a run with this output.
    pub fn new(
        output: &Path,
        rows: Option<&Path>,
        results: Option<&Path>,
        pins: Option<&Path>,
    ) -> Self {
        let beside = || {
            let beside = match is_folder(output) {
                true => output.join("results.csv"),
                false => output.with_extension("csv"),
            };
            // invoices.csv becomes invoices.zip: the rows are not written over.
            match rows == Some(&*beside) {
                true => output.with_extension("results.csv"),
                false => beside,
            }
        };
        let results = results.map_or_else(beside, Path::to_owned);
        let mut run = results.clone().into_os_string();
        run.push(".run");
        Self {
            results,
            pins: pins.map(Path::to_owned),
            run: run.into(),
        }
    }

    /// Begins a run, or goes on with one: its key, and what was recorded.
    pub fn begin(&self, resume: bool) -> Result<(RunKey, Option<RecordedRows>), Failure> {
        let (run, results) = (self.run.display(), self.results.display());
        if !resume {
            if self.run.exists() {
                return Err(format!(
                    "a run was interrupted: go on with it with --resume, or delete {run} and {results} to begin anew"
                )
                .into());
            }
            if self.results.exists() {
                return Err(format!(
                    "{results} is there already, and has the links of another run: move it away"
                )
                .into());
            }
            if let Some(folder) = self
                .results
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
            {
                fs::create_dir_all(folder)?;
            }
            let key = RunKey::new(*random::bytes()?);
            let mut file = private(&self.run, OpenOptions::new().write(true).create_new(true))?;
            file.write_all(key.to_hex().as_bytes())?;
            file.sync_all()?;
            return Ok((key, None));
        }
        let mut text = zeroize::Zeroizing::new(String::new());
        let read = File::open(&self.run).and_then(|file| file.take(65).read_to_string(&mut text));
        read.map_err(|error| format!("there is no run to go on with: {run}: {error}"))?;
        let key = RunKey::from_hex(&text).ok_or_else(|| format!("{run} is not of a run"))?;
        if !self.results.exists() {
            return Ok((key, None));
        }
        cut_to_whole_rows(&self.results)?;
        let recorded = match fs::metadata(&self.results)?.len() {
            0 => None,
            _ => Some(ResultsReader::new(File::open(&self.results)?)?),
        };
        Ok((key, recorded))
    }

    /// The run is over.
    pub fn end(&self) -> io::Result<()> {
        fs::remove_file(&self.run)
    }
}

/// A file that only its owner reads and writes.
pub fn private(path: &Path, how: &mut OpenOptions) -> Result<File, Failure> {
    let file = how.mode(0o600).open(path);
    file.map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// Takes out the part of a row at the end.
fn cut_to_whole_rows(path: &Path) -> io::Result<()> {
    use std::io::{Seek as _, SeekFrom};
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    (&mut file).take(TAIL_BYTES).read_to_end(&mut tail)?;
    file.set_len(start + whole_bytes(&tail) as u64)
}

/// Whether an output is a folder: it is one, or its name ends as those of folders do, or has no ending.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
        || path.as_os_str().as_encoded_bytes().ends_with(b"/")
        || path.extension().is_none()
}

/// Where the codes go.
pub enum Outputs {
    /// A file each.
    Folder {
        /// Where.
        path: PathBuf,
        /// Whether files may be there already, of the run that is gone on with.
        resumed: bool,
    },
    /// One ZIP file.
    Zip(Archive<Whole>),
    /// One PDF.
    Paper(Box<LabelPaper<Whole>>),
}

impl Outputs {
    /// Makes what is written to. A file has its name when it is whole.
    pub fn open(
        path: &Path,
        paper: Option<(LabelSheet, PaperLooks)>,
        typeface: Typeface,
        resumed: bool,
    ) -> Result<Self, Failure> {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .map(str::to_ascii_lowercase);
        if let Some((sheet, looks)) = paper {
            if ending.as_deref() != Some("pdf") || is_folder(path) {
                return Err("labels are printed from one file: --output FILE.pdf".into());
            }
            let paper = LabelPaper::new(Whole::new(path)?, sheet, looks, typeface)?;
            return Ok(Self::Paper(Box::new(paper)));
        }
        if is_folder(path) {
            fs::create_dir_all(path)?;
            let path = path.to_owned();
            return Ok(Self::Folder { path, resumed });
        }
        match ending.as_deref() {
            Some("zip") => {
                let archive = Archive::new(Whole::new(path)?, clock::utc());
                Ok(Self::Zip(archive))
            }
            Some("pdf") => Err("a PDF of many codes takes --sheet or --page; for a PDF each: --format pdf and a folder/ or FILE.zip".into()),
            _ => Err("many codes go into a ZIP file, a folder/ or, with --sheet or --page, a PDF".into()),
        }
    }

    /// Puts a code where it belongs.
    pub fn put(&mut self, made: &Made, recorded: bool) -> Result<(), Failure> {
        match (self, &made.drawn) {
            (Self::Folder { path, resumed }, MadeAs::Picture(bytes)) => {
                let file = path.join(&made.name);
                if recorded && file.exists() {
                    return Ok(());
                }
                let mut how = OpenOptions::new();
                how.write(true)
                    .create_new(!*resumed)
                    .create(true)
                    .truncate(*resumed);
                let mut file = private(&file, &mut how)?;
                Ok(file.write_all(bytes)?)
            }
            (Self::Zip(archive), MadeAs::Picture(bytes)) => Ok(archive.add(&made.name, bytes)?),
            (Self::Paper(paper), MadeAs::Label(label)) => Ok(paper.put(label)?),
            _ => Ok(()),
        }
    }

    /// Ends it.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Folder { .. } => Ok(()),
            Self::Zip(archive) => archive.finish()?.finish(),
            Self::Paper(paper) => paper.finish()?.finish(),
        }
    }
}

/// A file that has its name when it is whole.
pub struct Whole {
    file: BufWriter<File>,
    part: PathBuf,
    path: PathBuf,
}

impl Whole {
    fn new(path: &Path) -> Result<Self, Failure> {
        if path.exists() {
            return Err(format!("{} is there already: move it away", path.display()).into());
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = private(
            &part,
            OpenOptions::new().write(true).create(true).truncate(true),
        )?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 16, file),
            part,
            path: path.to_owned(),
        })
    }

    fn finish(self) -> Result<(), Failure> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(fs::rename(&self.part, &self.path)?)
    }
}

impl io::Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
