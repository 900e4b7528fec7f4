//! The files of a run: results, PINs, and what it takes to go on with it; and where the codes go.
//!
//! The secret of a run is written first, to a file of its own. Each row's key follows from it, so that a run that was killed goes
//! on where it was: rows that the results have are drawn again from their links, and of the next one the store knows whether it
//! was kept. The file is gone when the run is over.
//!
//! Belongs here: where a run writes, what it never writes over, and how it is gone on with. Does not belong here: what of a row
//! is written (`witness`).

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::batch::{
    Archive, LabelPaper, LabelSheet, Made, MadeAs, PaperLooks, ResultsReader, RunKey, Typeface,
    whole_bytes,
};
use crate::cli::Failure;
use crate::clock;
use crate::files::{self, Folder, Walk};
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

    /// Begins a run, or goes on with one: its key, and what was recorded. `asked` is what the command asks for: it has to be the same
    /// when a run is gone on with.
    pub fn begin(
        &self,
        resume: bool,
        asked: &str,
    ) -> Result<(Running, Option<RecordedRows>), Failure> {
        let (run, results) = (self.run.display(), self.results.display());
        let at = NewFile::at(&self.run)?;
        if !resume {
            if at.is_there()? {
                return Err(format!(
                    "a run was interrupted: go on with it with --resume, or delete {run} and {results} to begin anew"
                )
                .into());
            }
            if NewFile::at(&self.results)?.is_there()? {
                return Err(format!(
                    "{results} is there already, and has the links of another run: move it away"
                )
                .into());
            }
            if let Some(pins) = &self.pins {
                NewFile::at(pins)?.expect_nothing()?;
            }
            let key = RunKey::new(*random::bytes()?);
            let mut file = at.create()?;
            lock(&file, &self.run)?;
            file.write_all(key.to_hex().as_bytes())?;
            file.write_all(key.mark(asked).as_bytes())?;
            file.sync_all()?;
            return Ok((Running { key, at, file }, None));
        }
        let file = at.folder.open(&at.name);
        let mut file =
            file.map_err(|error| format!("there is no run to go on with: {run}: {error}"))?;
        lock(&file, &self.run)?;
        let mut text = zeroize::Zeroizing::new(String::new());
        (&mut file).take(129).read_to_string(&mut text)?;
        let parts = text.split_at_checked(64);
        let known = parts.and_then(|(key, mark)| Some((RunKey::from_hex(key)?, mark)));
        let (key, mark) = known.ok_or_else(|| format!("{run} is not of a run"))?;
        if mark != key.mark(asked) {
            return Err(
                "the run that was interrupted was asked for something else: resume with the options of the first run"
                    .into(),
            );
        }
        let running = Running { key, at, file };
        let at = NewFile::at(&self.results)?;
        if !at.is_there()? {
            return Ok((running, None));
        }
        cut_to_whole_rows(&at)?;
        let recorded = at.folder.open(&at.name)?;
        let recorded = match recorded.metadata()?.len() {
            0 => None,
            _ => Some(ResultsReader::new(recorded)?),
        };
        Ok((running, recorded))
    }
}

/// A run that this command is at, and no other.
pub struct Running {
    /// Its key.
    pub key: RunKey,
    at: NewFile,
    /// The lock ends with it.
    file: File,
}

impl Running {
    /// When it began.
    pub fn began(&self) -> io::Result<SystemTime> {
        self.file.metadata()?.modified()
    }

    /// The run is over.
    pub fn end(self) -> io::Result<()> {
        let removed = self.at.folder.remove(&self.at.name);
        drop(self.file);
        removed
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(format!("another command is at the run {}", path.display()).into())
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// A file that is made, for its owner only, where nothing is: what somebody put there, a link above all, is not written to.
pub struct NewFile {
    folder: Folder,
    name: OsString,
}

impl NewFile {
    /// At a path, whose folders are made.
    pub fn at(path: &Path) -> Result<Self, Failure> {
        let walk = Walk {
            make_folders: true,
            ..Walk::default()
        };
        let (folder, name) = files::locate(path, walk)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        Ok(Self { folder, name })
    }

    fn is_there(&self) -> io::Result<bool> {
        self.folder.has(&self.name)
    }

    fn expect_nothing(&self) -> Result<(), Failure> {
        match self.is_there()? {
            true => Err(self.cannot(&ErrorKind::AlreadyExists.into())),
            false => Ok(()),
        }
    }

    /// Makes it.
    pub fn create(&self) -> Result<File, Failure> {
        let made = self.folder.create(&self.name);
        made.map_err(|error| self.cannot(&error))
    }

    /// The same, or what is there of the run that is gone on with.
    pub fn create_or_open(&self, resumed: bool) -> Result<File, Failure> {
        match resumed && self.is_there()? {
            true => {
                let opened = self.folder.open_to_write(&self.name);
                opened.map_err(|error| self.cannot(&error))
            }
            false => self.create(),
        }
    }

    fn cannot(&self, error: &io::Error) -> Failure {
        cannot_write(&self.folder, &self.name, error)
    }
}

fn cannot_write(folder: &Folder, name: &OsStr, error: &io::Error) -> Failure {
    let path = folder.path().join(name);
    let path = path.display();
    match error.kind() {
        ErrorKind::AlreadyExists => format!("{path} is there already: move it away"),
        _ => format!("cannot write {path}: {error}"),
    }
    .into()
}

/// Takes out the part of a row at the end.
fn cut_to_whole_rows(at: &NewFile) -> io::Result<()> {
    let mut file = at.folder.open(&at.name)?;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    at.folder
        .open_to_write(&at.name)?
        .set_len(start + whole_bytes(&tail) as u64)
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
        folder: Folder,
        /// When the run that is gone on with began: files may be there already, but none that is older.
        resumed: Option<SystemTime>,
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
        resumed: Option<SystemTime>,
    ) -> Result<Self, Failure> {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .map(str::to_ascii_lowercase);
        if let Some((sheet, looks)) = paper {
            if ending.as_deref() != Some("pdf") || is_folder(path) {
                return Err("labels are printed from one file: --output FILE.pdf".into());
            }
            let paper =
                LabelPaper::new(Whole::new(path, resumed.is_some())?, sheet, looks, typeface)?;
            return Ok(Self::Paper(Box::new(paper)));
        }
        if is_folder(path) {
            let folder = NewFile::at(&path.join("codes"))?.folder;
            return Ok(Self::Folder { folder, resumed });
        }
        match ending.as_deref() {
            Some("zip") => {
                let archive = Archive::new(Whole::new(path, resumed.is_some())?, clock::utc());
                Ok(Self::Zip(archive))
            }
            Some("pdf") => Err("a PDF of many codes takes --sheet or --page; for a PDF each: --format pdf and a folder/ or FILE.zip".into()),
            _ => Err("many codes go into a ZIP file, a folder/ or, with --sheet or --page, a PDF".into()),
        }
    }

    /// Puts a code where it belongs.
    pub fn put(&mut self, made: &Made, recorded: bool) -> Result<(), Failure> {
        match (self, &made.drawn) {
            (Self::Folder { folder, resumed }, MadeAs::Picture(bytes)) => {
                let name = OsStr::new(&made.name);
                let cannot = |error: io::Error| cannot_write(folder, name, &error);
                if let Some(began) = resumed
                    && folder.has(name)?
                {
                    folder.check(name).map_err(cannot)?;
                    if recorded {
                        return Ok(());
                    }
                    let there = folder.open(name).and_then(|file| file.metadata());
                    if there.and_then(|of| of.modified()).map_err(cannot)? < *began {
                        return Err(cannot(ErrorKind::AlreadyExists.into()));
                    }
                    // It may be a part of what it was to be.
                    folder.remove(name).map_err(cannot)?;
                }
                let mut file = folder.create(name).map_err(cannot)?;
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
    part: NewFile,
    name: OsString,
}

impl Whole {
    /// A file at this path, where nothing is but what is left of a run that is gone on with.
    pub fn new(path: &Path, resumed: bool) -> Result<Self, Failure> {
        let whole = NewFile::at(path)?;
        whole.expect_nothing()?;
        let mut name = whole.name.clone();
        name.push(".part");
        let part = NewFile {
            folder: whole.folder,
            name,
        };
        if resumed && part.is_there()? {
            part.folder.remove(&part.name)?;
        }
        Ok(Self {
            file: BufWriter::with_capacity(1 << 16, part.create()?),
            part,
            name: whole.name,
        })
    }

    /// Ends it.
    pub fn finish(self) -> Result<(), Failure> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(self.part.folder.rename(&self.part.name, &self.name)?)
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
