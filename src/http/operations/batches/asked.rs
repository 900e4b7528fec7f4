//! What is asked of a batch, in a query or a form: the options of its codes, of the batch, and how it is answered.

use std::sync::Arc;

use super::answer::Form;
use crate::batch::{
    BatchKind, BatchOptions, Dialect, Face, FieldMap, LabelSheet, MAX_LINES, PaperLooks,
    RowsFormat, Template, Typeface, UNTOLD_PIN, Wanted,
};
use crate::drawing::PictureFormat;
use crate::http::options::{Given, Options, Place, Topic, pointer_part};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::state::App;
use crate::issuing::WantedPin;
use crate::links::LinkPolicy;
use crate::options::HasOptions as _;
use crate::principal::Principal;

/// The most fields of a table that can be named.
const MAX_MAPS: usize = 200;

/// The last row that a batch may begin with: all before it are read.
pub const MAX_FIRST_ROW: u32 = 10_000_000;

/// What is asked of a batch.
pub struct Asked {
    options: Options,
    batch: BatchOptions,
    maps: Vec<FieldMap>,
    lines: Vec<Template>,
    caption: Option<Template>,
    /// How it is answered.
    pub form: Form,
    /// The kind of pictures.
    pub picture: PictureFormat,
    /// Rows before this one are passed over.
    pub first_row: u64,
    /// The sheet or page of a PDF.
    pub paper: Option<(LabelSheet, PaperLooks)>,
    /// In what lines are set.
    pub typeface: Typeface,
    /// Whether nothing is sealed.
    pub dry: bool,
    /// What was asked, but for where it begins.
    pub text: String,
}

impl Asked {
    /// Reads a query. `form` is what else says how it is answered.
    ///
    /// # Errors
    /// [`ProblemCode::Validation`]
    pub fn read(app: &Arc<App>, query: &str, accepted: Option<Form>) -> Result<Self, Problem> {
        let mut read = Read::default();
        let options = Options::new(Topic::Token, &app.config)
            .knowing(app.profiles.registry())
            .with_query(&app.config, query, |name, value| read.take(name, value))?;
        if let Some((name, detail)) = read.wrong {
            return Err(invalid(&format!("/{}", pointer_part(&name)), &detail));
        }
        let Read {
            batch,
            maps,
            mut lines,
            mut caption,
            output,
            format,
            pin_auto,
            first_row,
            ..
        } = read;
        let mut options = options;
        if pin_auto {
            options.seal.pin = Some(WantedPin::Generated);
        }
        let checked = batch.check().and_then(|()| options.seal.check());
        checked.map_err(|(name, detail)| invalid(&format!("/{name}"), detail))?;
        for (name, given) in [
            ("include", !options.answer.include.is_empty()),
            (
                "picture_expires_in",
                options.answer.picture_expires_in.is_some(),
            ),
            ("literal", options.body.literal),
        ] {
            if given {
                return Err(invalid(&format!("/{name}"), "is not for batches"));
            }
        }
        let paper = paper(app, &batch)?;
        let form = output.or(accepted).unwrap_or(match paper {
            Some(_) => Form::Pdf,
            None => Form::NdJson,
        });
        if (form == Form::Pdf) != paper.is_some() {
            let detail = "a PDF takes sheet or page, and these make a PDF";
            return Err(invalid("/output", detail));
        }
        if paper.is_some() && lines.is_empty() {
            lines.extend(caption.take());
        }
        if !lines.is_empty() && paper.is_none() {
            return Err(invalid(
                "/line",
                "is for labels: it takes sheet or page; pictures have caption",
            ));
        }
        let tells_pin = lines
            .iter()
            .chain(&caption)
            .flat_map(Template::names)
            .any(|name| name == "pin");
        if form == Form::Pdf && pin_auto && !tells_pin {
            return Err(invalid("/pin_auto", UNTOLD_PIN));
        }
        let named = batch.name.as_ref().map(ToString::to_string);
        let ending = named.as_deref().and_then(|name| name.rsplit_once('.'));
        let ending = ending.and_then(|(_, ending)| ending.parse().ok());
        let typeface = match paper {
            None => Typeface::new(Vec::new()),
            Some(_) => typeface(app)?,
        };
        Ok(Self {
            picture: format.or(ending).unwrap_or(PictureFormat::Png),
            options,
            batch,
            maps,
            lines,
            caption,
            form,
            first_row,
            paper,
            typeface,
            dry: false,
            text: without_first_row(query),
        })
    }

    /// How a table is written; `charset` is what its media type says.
    ///
    /// # Errors
    /// There is no such encoding.
    pub fn dialect(&self, charset: Option<&str>) -> Result<Dialect, Problem> {
        let said = charset.map(str::parse).transpose();
        let said = said.map_err(|why: String| {
            Problem::new(ProblemCode::UnsupportedMediaType).detail(format!("The charset {why}."))
        })?;
        Ok(Dialect {
            encoding: self.batch.encoding.or(said),
            delimiter: self.batch.delimiter.map(crate::batch::Delimiter::byte),
        })
    }

    /// What rows are.
    pub fn rows_format(media_type: &str) -> Result<RowsFormat, Problem> {
        match media_type {
            "text/csv" | "text/tab-separated-values" => Ok(RowsFormat::Csv),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Ok(RowsFormat::NdJson)
            }
            _ => Err(Problem::new(ProblemCode::UnsupportedMediaType)
                .detail("Send the rows with Content-Type: text/csv or application/x-ndjson.")),
        }
    }

    /// What is asked of every row.
    pub fn wanted<'a>(&'a self, app: &App, by: Principal, links: &'a LinkPolicy) -> Wanted<'a> {
        Wanted {
            kind: self.kind(),
            maps: &self.maps,
            decimal: self.batch.decimal.unwrap_or_default(),
            seal: self.options.seal.clone(),
            codec: app.config.payload.codec,
            effort: app.config.payload.effort,
            look: self.options.look.clone(),
            name: self.batch.name.clone(),
            ending: self.picture.as_str(),
            caption: self.caption.clone(),
            lines: self.lines.clone(),
            typeface: self.typeface.clone(),
            tells_pins: self.form != Form::Pdf,
            longest_life: app.config.issuing.longest_life,
            by,
            profiles: Some(app.profiles.registry()),
            links: Some(links),
        }
    }

    /// How often each code is printed.
    pub fn copies(&self) -> u32 {
        self.paper.map_or(1, |(_, looks)| looks.copies.max(1))
    }

    /// What rows become.
    pub fn kind(&self) -> BatchKind {
        self.batch.kind.unwrap_or_default()
    }
}

/// The sheet or page that is asked for, and what is asked of it.
fn paper(app: &App, batch: &BatchOptions) -> Result<Option<(LabelSheet, PaperLooks)>, Problem> {
    let sheet = batch
        .paper(&app.config.sheets)
        .map_err(|error| invalid("/sheet", &error.to_string()))?;
    let Some(sheet) = sheet else {
        return Ok(None);
    };
    let looks = batch
        .looks(&sheet)
        .map_err(|error| invalid("/skip", &error.to_string()))?;
    let most = app.config.limits.max_batch_rows;
    if looks.copies as usize > most {
        let detail = format!("rows times copies are {most} at most");
        return Err(invalid("/copies", &detail));
    }
    Ok(Some((sheet, looks)))
}

fn typeface(app: &App) -> Result<Typeface, Problem> {
    let mut faces = Vec::new();
    for path in &app.config.batch.fonts {
        let face = Face::read(path).map_err(|error| {
            tracing::error!(path = %path.display(), %error, "a font of batch.fonts cannot be used");
            Problem::new(ProblemCode::TemporarilyUnavailable)
        })?;
        faces.push(face);
    }
    Ok(Typeface::new(faces))
}

/// What is not an option of codes.
#[derive(Default)]
struct Read {
    batch: BatchOptions,
    maps: Vec<FieldMap>,
    lines: Vec<Template>,
    caption: Option<Template>,
    output: Option<Form>,
    format: Option<PictureFormat>,
    pin_auto: bool,
    first_row: u64,
    seen: Vec<String>,
    wrong: Option<(String, String)>,
}

impl Read {
    /// Takes a parameter, if it is one of these.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match self.try_take(name, value) {
            None => false,
            Some(taken) => {
                if let Err(detail) = taken {
                    self.wrong.get_or_insert((name.to_owned(), detail));
                }
                true
            }
        }
    }

    fn try_take(&mut self, name: &str, value: &str) -> Option<Result<(), String>> {
        fn set<T>(
            place: &mut Option<T>,
            value: Result<T, impl std::fmt::Display>,
        ) -> Result<(), String> {
            *place = Some(value.map_err(|error| error.to_string())?);
            Ok(())
        }
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let taken = match name {
            "map" if self.maps.len() == MAX_MAPS => {
                Err(format!("is given more than {MAX_MAPS} times"))
            }
            "map" => value.parse().map(|map| self.maps.push(map)),
            "line" if self.lines.len() == MAX_LINES => {
                Err(format!("is given more than {MAX_LINES} times"))
            }
            "line" => value
                .parse()
                .map(|line| self.lines.push(line))
                .map_err(|error| text(&error)),
            "caption" if Template::is_one(value) => {
                set(&mut self.caption, value.parse::<Template>())
            }
            "output" => set(&mut self.output, value.parse::<Form>()),
            "format" => set(&mut self.format, value.parse::<PictureFormat>()),
            "pin_auto" => Given::Text(value).flag().map(|flag| self.pin_auto = flag),
            "first_row" => match value.parse() {
                Ok(row) if (1..=u64::from(MAX_FIRST_ROW)).contains(&row) => {
                    self.first_row = row;
                    Ok(())
                }
                _ => Err(format!(
                    "must be the number of a row, 1 for the first, {MAX_FIRST_ROW} at most"
                )),
            },
            name => {
                let row =
                    BatchOptions::row(name).filter(|row| row.facts.stands_in(Place::Query))?;
                (row.set)(&mut self.batch, Given::Text(value))
            }
        };
        if !matches!(name, "map" | "line") {
            if self.seen.iter().any(|seen| seen == name) {
                return Some(Err("given more than once".to_owned()));
            }
            self.seen.push(name.to_owned());
        }
        Some(taken)
    }
}

/// The same query for whichever row it begins with.
fn without_first_row(query: &str) -> String {
    let pairs = query
        .split('&')
        .filter(|pair| !pair.starts_with("first_row="));
    pairs.collect::<Vec<_>>().join("&")
}

/// The fields of a form as a query has them; empty ones were not filled in, and each line of `map` and `line` is one.
pub fn as_query(fields: &[(String, String)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "map" | "line" => {
                for line in value.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    query.append_pair(name, line);
                }
            }
            name => {
                query.append_pair(name, value);
            }
        }
    }
    query.finish()
}
