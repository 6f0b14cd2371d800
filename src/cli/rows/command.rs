//! Judges data, and writes its failing rows.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use arrow::record_batch::RecordBatch;

use super::output::{RowFormat, RowOutput};
use crate::cli::arguments::{DataArguments, MaskWith, SuiteArguments, bytes, time};
use crate::cli::check;
use crate::cli::engines::EngineArguments;
use crate::cli::exit::Exit;
use crate::cli::output::{persist, unfinished};
use crate::cli::running::alone;
use crate::cli::terminal::{error, note, width};
use crate::run::chain;
use crate::split::{AllFailing, SplitError, failing_rows};

#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    suites: SuiteArguments,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    engine: EngineArguments,
    /// Only the rows that fail these checks, by id, expectation, column or tag; repeatable
    #[arg(long = "check", value_name = "NAME")]
    checks: Vec<String>,
    /// Only these columns of the rows
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    columns: Vec<String>,
    /// At most so many rows, the first ones
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// How to write them [default: as the name of the file says, or table]
    #[arg(long, value_enum)]
    format: Option<RowFormat>,
    /// Where to write them, if not to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What stands for values of personal columns (pii): withhold leaves them out [default], hash shows hashes with the
    /// key of `KARAT_MASK_KEY`
    #[arg(long, value_name = "HOW", value_enum)]
    mask: Option<MaskWith>,
    /// How much memory to take at most: 2GB, 512MiB [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    memory: Option<u64>,
    /// The time that counts as now (RFC 3339)
    #[arg(long, value_name = "T", value_parser = time)]
    now: Option<chrono::DateTime<chrono::Utc>>,
    /// How many threads work at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl Arguments {
    /// Returns the arguments of the check that finds the rows.
    fn check(&self) -> check::Arguments {
        check::Arguments {
            suites: self.suites.clone(),
            data: self.data.clone(),
            engine: self.engine.clone(),
            select: self.checks.clone(),
            mask: self.mask,
            memory: self.memory,
            now: self.now,
            threads: self.threads,
            ..check::Arguments::default()
        }
    }
}

pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    let format = arguments.format.or_else(|| RowFormat::of(arguments.output.as_deref()?));
    let format = format.unwrap_or(RowFormat::Table);
    if arguments.output.is_none() && !format.is_text() && io::stdout().is_terminal() {
        error("a terminal cannot show that format", Some("name a file with --output"));
        return Exit::Usage;
    }
    let check = arguments.check();
    if let Err(exit) = check::within_bounds(&check, || {}) {
        return exit;
    }
    let found = check::one_suite("rows", &check).and_then(|found| {
        let (data, options) = alone(&found, &check, &check::options(&check))?;
        failing_rows(&found.suite, data, &arguments.columns, &options).map_err(|problem| tell(&problem))
    });
    match found.and_then(|found| write(&found, arguments, format)) {
        Ok(()) => Exit::Passed,
        Err(exit) => exit,
    }
}

/// Writes the rows to where the arguments say, and says how many there are.
fn write(found: &AllFailing, arguments: &Arguments, format: RowFormat) -> Result<(), Exit> {
    let lost = |place: &str, problem: &io::Error| {
        error(&format!("cannot write {place}: {problem}"), None);
        Exit::Unknown
    };
    let written = match &arguments.output {
        Some(path) => {
            let place = path.display().to_string();
            let file = unfinished(path).map_err(|problem| lost(&place, &problem))?;
            let to = file.reopen().map_err(|problem| lost(&place, &problem))?;
            let rows = write_rows(found, arguments.limit, format, BufWriter::new(to), None, &place)?;
            persist(file, path).map_err(|problem| lost(&place, &problem))?;
            rows
        }
        None => write_rows(
            found,
            arguments.limit,
            format,
            BufWriter::new(io::stdout()),
            width(),
            "standard output",
        )?,
    };
    let rows = match found.count() {
        1 => "1 row fails".to_owned(),
        rows => format!("{rows} rows fail"),
    };
    let shown =
        if written < found.count() { format!(", of which {written} are listed") } else { String::new() };
    note(&format!("{rows}{shown}"));
    Ok(())
}

/// Writes rows, and returns their number.
fn write_rows<W: Write + Send>(
    found: &AllFailing,
    limit: Option<u64>,
    format: RowFormat,
    to: W,
    width: Option<usize>,
    place: &str,
) -> Result<u64, Exit> {
    let schema = found.schema().map_err(|problem| tell(&problem))?;
    let mut left = limit.unwrap_or(u64::MAX);
    let mut rows = 0;
    let written = RowOutput::begin(format, to, &schema, width).and_then(|mut output| {
        let mut failed = None;
        let read = found.read(&mut |batch: RecordBatch| {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(batch.num_rows());
            left -= wanted as u64;
            rows += wanted as u64;
            failed = output.write(&batch.slice(0, wanted)).err();
            if failed.is_some() || left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match (failed, read) {
            (Some(failed), _) => Err(failed),
            (None, Err(problem)) => Ok(Err(problem)),
            (None, Ok(())) => output.finish().map(Ok),
        }
    });
    match written {
        Ok(Ok(())) => Ok(rows),
        Ok(Err(problem)) => Err(tell(&problem)),
        // A closed pipe (`karat … | head`) is the reader's choice and no error.
        Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => Ok(rows),
        Err(problem) => {
            error(&format!("cannot write {place}: {problem}"), None);
            Err(Exit::Unknown)
        }
    }
}

/// Tells why there are no rows.
fn tell(problem: &SplitError) -> Exit {
    let help = match problem {
        SplitError::NoColumn { help, .. } => help.as_deref(),
        _ => None,
    };
    error(&chain(problem), help);
    match problem {
        SplitError::NoColumn { .. } => Exit::Usage,
        _ => Exit::Unknown,
    }
}
