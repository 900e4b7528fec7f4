//! A run: rows are read one after the other, sealed beside each other, and answered in their order.

use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::make::{Made, NotMade, Workshop};
use super::plan::{Plan, Ready, RowFault};
use super::results::ResultRow;
use super::row_key::{RunKey, digest};
use super::rows::{Row, RowsError, RowsReader};
use super::summary::Summary;
use crate::issuing::{Effort, Packing};

/// Rows of a round for each job: together they wait for one commit of the store.
const ROWS_OF_A_JOB: usize = 64;
/// The same where each takes a tenth of a second or more.
const SLOW_ROWS_OF_A_JOB: usize = 2;
/// How long a row waits for room among others, a twentieth of a second at a time.
const MOST_WAITS: u32 = 1_200;

/// How a run goes.
pub struct Course<'a> {
    /// Rows that are sealed at once, on a thread each.
    pub jobs: usize,
    /// Whether rows are answered as soon as they are there: else they are gathered.
    pub eager: bool,
    /// The most rows that are taken.
    pub most_rows: Option<u64>,
    /// Rows before this one are passed over.
    pub first_row: u64,
    /// Whether nothing is sealed.
    pub dry: bool,
    /// The run.
    pub key: &'a RunKey,
}

/// What became of a row.
pub struct Outcome {
    /// Its number.
    pub row: u64,
    /// The line of the input where it begins.
    pub line: u64,
    /// Its key, as it is shown.
    pub key: String,
    /// Whether it was recorded before the run was resumed.
    pub recorded: bool,
    /// The code, or why there is none.
    pub result: Result<Made, NotMade>,
}

/// Why a run ended before its rows did.
#[derive(Debug, thiserror::Error)]
pub enum Stop<E> {
    /// The input.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// There are more rows than are taken.
    #[error(
        "there are more than {0} rows: no more are taken at once; send the rest as another batch"
    )]
    TooMany(u64),
    /// The row is not the one that was recorded.
    #[error(
        "row {0} is not the row of which results were recorded: resume with the rows and the options of the first run"
    )]
    Changed(u64),
    /// The machine has no room for what rows are sealed on.
    #[error("rows cannot be sealed now: {0}")]
    Runtime(io::Error),
    /// Whoever is answered.
    #[error("{0}")]
    Answer(E),
}

/// What a run asks, and whom it answers.
pub trait Witness {
    /// Why it can go on no more.
    type Error;

    /// What was recorded of the next row, if the run was resumed.
    ///
    /// # Errors
    /// The record cannot be read.
    fn recorded(&mut self) -> Result<Option<ResultRow>, Self::Error> {
        Ok(None)
    }

    /// Waits until the next row may be taken, whatever comes of it.
    ///
    /// # Errors
    /// The run is to end.
    fn admit(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Takes what became of a row.
    ///
    /// # Errors
    /// The run is to end.
    fn take(&mut self, outcome: Outcome) -> Result<(), Self::Error>;

    /// A round is over: what was taken may be handed on.
    ///
    /// # Errors
    /// The run is to end.
    fn round(&mut self, bytes_read: u64) -> Result<(), Self::Error>;
}

/// A row of a round.
struct Task {
    row: u64,
    line: u64,
    key: String,
    recorded: Option<ResultRow>,
    ready: Result<Ready, RowFault>,
}

/// Runs to the end of the rows. What was done before it stops has been answered.
///
/// # Errors
/// [`Stop`]
pub fn run<R: Read, W: Witness>(
    rows: &mut RowsReader<R>,
    plan: &mut Plan<'_>,
    workshop: &Workshop<'_>,
    course: &Course<'_>,
    witness: &mut W,
) -> Result<Summary, Stop<W::Error>> {
    let mut summary = Summary::default();
    let runtimes: io::Result<Vec<Runtime>> = (0..course.jobs.max(1)).map(|_| runtime()).collect();
    let mut runtimes = runtimes.map_err(Stop::Runtime)?;
    let slow = plan.draws_pins() || plan.packing() == Packing::Packed(Effort::Smallest);
    let of_a_job = if slow {
        SLOW_ROWS_OF_A_JOB
    } else {
        ROWS_OF_A_JOB
    };
    let at_once = if slow { 1 } else { ROWS_OF_A_JOB };
    let mut ended = None;
    while ended.is_none() {
        let mut tasks = Vec::new();
        while tasks.len() < of_a_job * runtimes.len() {
            if course.eager && !tasks.is_empty() && !rows.is_at_hand() {
                break;
            }
            match next(rows, plan, course, witness) {
                Ok(Some(task)) => tasks.push(task),
                Ok(None) => {
                    ended = Some(Ok(()));
                    break;
                }
                Err(stop) => {
                    ended = Some(Err(stop));
                    break;
                }
            }
        }
        let results = make_all(&tasks, workshop, course.dry, at_once, &mut runtimes);
        for (task, result) in tasks.into_iter().zip(results) {
            match &result {
                Ok(made) => summary.add_made(made),
                Err(why) => summary.add_failure(task.row, &why.to_string()),
            }
            let outcome = Outcome {
                row: task.row,
                line: task.line,
                key: task.key,
                recorded: task.recorded.is_some(),
                result,
            };
            witness.take(outcome).map_err(Stop::Answer)?;
        }
        witness.round(rows.bytes_read()).map_err(Stop::Answer)?;
    }
    ended.unwrap_or(Ok(())).map(|()| summary)
}

/// The next row that is not passed over.
fn next<R: Read, W: Witness>(
    rows: &mut RowsReader<R>,
    plan: &mut Plan<'_>,
    course: &Course<'_>,
    witness: &mut W,
) -> Result<Option<Task>, Stop<W::Error>> {
    let row = loop {
        let Some(row) = rows.next_row()? else {
            return Ok(None);
        };
        if let Some(most) = course.most_rows
            && row.number > most
        {
            return Err(Stop::TooMany(most));
        }
        if row.number >= course.first_row {
            break row;
        }
    };
    let Row { number, line, .. } = row;
    let digest = digest(&row, rows.columns());
    let key = course.key.row(number, &digest);
    let shown = key.shown();
    let recorded = witness.recorded().map_err(Stop::Answer)?;
    if recorded
        .as_ref()
        .is_some_and(|before| before.row != number || before.key != shown)
    {
        return Err(Stop::Changed(number));
    }
    if recorded.is_none() {
        witness.admit().map_err(Stop::Answer)?;
    }
    let ready = plan.prepare(row, key, digest);
    Ok(Some(Task {
        row: number,
        line,
        key: shown,
        recorded,
        ready,
    }))
}

/// Makes the codes of a round, on as many threads as there are runtimes; in the order of the tasks.
fn make_all(
    tasks: &[Task],
    workshop: &Workshop<'_>,
    dry: bool,
    at_once: usize,
    runtimes: &mut [Runtime],
) -> Vec<Result<Made, NotMade>> {
    let next = AtomicUsize::new(0);
    let work = |runtime: &mut Runtime| {
        let mut made = Vec::new();
        loop {
            let start = next.fetch_add(at_once, Ordering::Relaxed);
            let end = (start + at_once).min(tasks.len());
            if start >= end {
                return made;
            }
            let all = tasks[start..end]
                .iter()
                .map(|task| Box::pin(make(task, workshop, dry)) as Making<'_>)
                .collect();
            let results = runtime.block_on(join(all));
            made.extend((start..end).zip(results));
        }
    };
    let mut made = match runtimes {
        [one] => work(one),
        several if tasks.len() > at_once => std::thread::scope(|scope| {
            let threads: Vec<_> = several
                .iter_mut()
                .map(|runtime| scope.spawn(|| work(runtime)))
                .collect();
            let joined = threads
                .into_iter()
                .map(|thread| thread.join().expect("a row is made without a panic"));
            joined.flatten().collect()
        }),
        several => several.first_mut().map(work).unwrap_or_default(),
    };
    made.sort_unstable_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, result)| result).collect()
}

async fn make(task: &Task, workshop: &Workshop<'_>, dry: bool) -> Result<Made, NotMade> {
    let ready = match (&task.ready, &task.recorded) {
        (_, Some(before)) if !before.error.is_empty() => {
            return Err(NotMade::Before(before.error.clone()));
        }
        (Ok(ready), _) => ready,
        (Err(fault), _) => return Err(fault.clone().into()),
    };
    if let Some(before) = &task.recorded {
        return workshop
            .again(ready, before.id.clone(), before.link.clone())
            .await;
    }
    let mut waits = 0;
    loop {
        let made = match dry {
            true => workshop.look_at(ready).await,
            false => workshop.make(ready).await,
        };
        match made {
            Err(error) if error.is_busy() && waits < MOST_WAITS => {
                waits += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            made => return made,
        }
    }
}

type Making<'a> = Pin<Box<dyn Future<Output = Result<Made, NotMade>> + 'a>>;

/// Waits for all of them, so that what they commit is committed together.
async fn join(mut all: Vec<Making<'_>>) -> Vec<Result<Made, NotMade>> {
    let mut done: Vec<Option<Result<Made, NotMade>>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut left = false;
        for (future, done) in all
            .iter_mut()
            .zip(&mut done)
            .filter(|(_, done)| done.is_none())
        {
            match future.as_mut().poll(context) {
                Poll::Ready(made) => *done = Some(made),
                Poll::Pending => left = true,
            }
        }
        match left {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
