//! Imports result files of other tools as evidence of kind *published*: one file per tool.
//!
//! The format is recognised from the content. Every importer returns [`Imported`]: figures with their units, notes on what is missing,
//! and nothing that the tool did not report. [`audit`] checks the figures, or any published claim, by Little's law; [`store`] writes
//! evidence files. A malformed or incomplete file is an [`ImportError`] with its line, and nothing is stored.
//!
//! ```text
//! file --source (limits)--> importer (wrk, k6 ...) --Imported--> audit --findings--> store --> .weigh/evidence/*.json
//! ```
//!
//! The module knows nothing of candidates or decisions, and prints nothing. Start reading at [`read`]; a new importer is a file and a
//! line in `IMPORTERS`.

mod ab;
pub mod audit;
mod bombardier;
mod error;
mod figure;
pub mod file;
mod hey;
mod jmeter;
mod k6;
mod oha;
mod pgbench;
mod result;
mod samples;
mod source;
pub mod store;
mod techempower;
mod the_benchmarker;
mod vegeta;
mod wrk;
mod ycsb;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use error::ContentFault;
pub use error::ImportError;
pub use figure::Figure;
use file::FileError;
pub use result::{Imported, ImportedCell};
use source::ResultFile;

use crate::quantity::date::Date;
pub use crate::schema::evidence::{LatencyBasis, WorkloadKind};

/// A tool whose results can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the tools' own names")]
pub enum ImportTool {
    K6,
    Jmeter,
    Wrk,
    Wrk2,
    Oha,
    TechEmpower,
    Vegeta,
    Hey,
    Ab,
    Bombardier,
    Pgbench,
    Ycsb,
    GoYcsb,
    TheBenchmarker,
}

impl ImportTool {
    /// All tools, the most useful first.
    pub const ALL: [Self; 14] = [
        Self::K6,
        Self::Jmeter,
        Self::Wrk,
        Self::Wrk2,
        Self::Oha,
        Self::TechEmpower,
        Self::Vegeta,
        Self::Hey,
        Self::Ab,
        Self::Bombardier,
        Self::Pgbench,
        Self::Ycsb,
        Self::GoYcsb,
        Self::TheBenchmarker,
    ];

    /// Returns the name used on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::K6 => "k6",
            Self::Jmeter => "jmeter",
            Self::Wrk => "wrk",
            Self::Wrk2 => "wrk2",
            Self::Oha => "oha",
            Self::TechEmpower => "techempower",
            Self::Vegeta => "vegeta",
            Self::Hey => "hey",
            Self::Ab => "ab",
            Self::Bombardier => "bombardier",
            Self::Pgbench => "pgbench",
            Self::Ycsb => "ycsb",
            Self::GoYcsb => "go-ycsb",
            Self::TheBenchmarker => "the-benchmarker",
        }
    }

    /// Returns the formats that can be read.
    #[must_use]
    pub fn formats(self) -> Vec<&'static str> {
        IMPORTERS
            .iter()
            .filter(|importer| importer.tool == self)
            .map(|importer| importer.format)
            .collect()
    }
}

/// One format of one tool.
struct Importer {
    tool: ImportTool,
    format: &'static str,
    /// Whether the beginning of a file looks like this format.
    recognises: fn(&str) -> bool,
    read: fn(ResultFile<'_>) -> Result<Vec<Imported>, ContentFault>,
}

const fn importer(
    tool: ImportTool,
    format: &'static str,
    recognises: fn(&str) -> bool,
    read: fn(ResultFile<'_>) -> Result<Vec<Imported>, ContentFault>,
) -> Importer {
    Importer {
        tool,
        format,
        recognises,
        read,
    }
}

const IMPORTERS: &[Importer] = &[
    importer(
        ImportTool::K6,
        k6::SUMMARY,
        k6::is_summary,
        k6::read_summary,
    ),
    importer(ImportTool::K6, k6::STREAM, k6::is_stream, k6::read_stream),
    importer(ImportTool::K6, k6::CSV, k6::is_csv, k6::read_csv),
    importer(
        ImportTool::Jmeter,
        jmeter::CSV,
        jmeter::is_csv,
        jmeter::read_csv,
    ),
    importer(
        ImportTool::Jmeter,
        jmeter::XML,
        jmeter::is_xml,
        jmeter::read_xml,
    ),
    importer(ImportTool::Wrk, wrk::TEXT, wrk::is_wrk, wrk::read),
    importer(ImportTool::Wrk2, wrk::TEXT, wrk::is_wrk2, wrk::read2),
    importer(ImportTool::Oha, oha::JSON, oha::is_json, oha::read_json),
    importer(ImportTool::Oha, oha::CSV, oha::is_csv, oha::read_csv),
    importer(
        ImportTool::TechEmpower,
        techempower::JSON,
        techempower::is_json,
        techempower::read,
    ),
    importer(
        ImportTool::Vegeta,
        vegeta::JSON,
        vegeta::is_json,
        vegeta::read,
    ),
    importer(ImportTool::Hey, hey::TEXT, hey::is_text, hey::read_text),
    importer(ImportTool::Hey, hey::CSV, hey::is_csv, hey::read_csv),
    importer(ImportTool::Ab, ab::TEXT, ab::is_text, ab::read_text),
    importer(ImportTool::Ab, ab::CSV, ab::is_csv, ab::read_csv),
    importer(
        ImportTool::Bombardier,
        bombardier::JSON,
        bombardier::is_json,
        bombardier::read,
    ),
    importer(
        ImportTool::Pgbench,
        pgbench::TEXT,
        pgbench::is_text,
        pgbench::read_text,
    ),
    importer(
        ImportTool::Pgbench,
        pgbench::LOG,
        pgbench::is_log,
        pgbench::read_log,
    ),
    importer(ImportTool::Ycsb, ycsb::TEXT, ycsb::is_ycsb, ycsb::read),
    importer(
        ImportTool::GoYcsb,
        ycsb::TEXT,
        ycsb::is_go_ycsb,
        ycsb::read_go,
    ),
    importer(
        ImportTool::TheBenchmarker,
        the_benchmarker::JSON,
        the_benchmarker::is_json,
        the_benchmarker::read,
    ),
];

/// Reads a result file: one [`Imported`] per row, at least one.
///
/// # Errors
/// [`ImportError`]: the file cannot be read, is of no known tool, is incomplete or malformed, is larger than 32 MiB (documents and
/// texts) or 4 GiB (one request per line), or has a record longer than 1 MiB.
pub fn read(path: &Path, tool: Option<ImportTool>) -> Result<Vec<Imported>, ImportError> {
    let file = File::open(path).map_err(FileError::reading(path))?;
    parse(&path.display().to_string(), file, tool)
}

/// Reads the content of a result file. `name` appears in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(
    name: &str,
    content: impl Read,
    tool: Option<ImportTool>,
) -> Result<Vec<Imported>, ImportError> {
    let source = ResultFile::open(content).map_err(|fault| fault.named(name))?;
    let head = source.head();
    let mut asked = IMPORTERS
        .iter()
        .filter(|importer| tool.is_none_or(|tool| importer.tool == tool));
    let Some(importer) = asked.find(|importer| (importer.recognises)(&head)) else {
        return Err(ImportError::Unrecognised {
            file: name.to_owned(),
            tool,
        });
    };
    let rows = (importer.read)(source).map_err(|fault| fault.named(name))?;
    if rows.iter().all(|row| row.cells.is_empty()) {
        let what = crate::tr!("the file contains no result", "文件中没有结果");
        return Err(ContentFault::whole(what).named(name));
    }
    Ok(rows)
}

/// Whether the head is a JSON object with all of these keys.
fn object_with(head: &str, keys: &[&str]) -> bool {
    head.trim_start().starts_with('{')
        && keys.iter().all(|key| head.contains(&format!("\"{key}\"")))
}

/// Returns the day (UTC) of a second since 1970.
fn date_of_timestamp(seconds: f64) -> Option<String> {
    let day = 86_400.0;
    Date::of_seconds((seconds / day).floor() * day).map(|day| day.to_string())
}

/// Returns the first line of a head.
fn first_line(head: &str) -> &str {
    head.trim_start().lines().next().unwrap_or_default()
}
