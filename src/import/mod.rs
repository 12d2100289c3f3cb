//! Result files of other tools, read as evidence of kind *published*: one file a tool.
//!
//! The format is recognised from the content. Every importer gives [`Imported`]: figures with their units, what is missing as notes,
//! and nothing that the tool did not say. [`audit`] checks what was read, or any published claim, by Little's law; [`store`] writes
//! evidence files. A broken or partial file is an [`ImportError`] with its line, and nothing is stored.
//!
//! ```text
//! file --source (limits)--> importer (wrk, k6 ...) --Imported--> audit --findings--> store --> .weigh/evidence/*.json
//! ```
//!
//! The room knows nothing of candidates or decisions, and prints nothing. Start reading at [`read`]; a new importer is a file and a
//! line in `IMPORTERS`.

mod ab;
pub mod audit;
mod bombardier;
mod error;
mod figure;
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

use error::Fault;
pub use error::ImportError;
pub use figure::Figure;
pub use result::{Imported, ImportedCell};
use source::Source;

use crate::quantity::date::Date;
pub use crate::schema::evidence::{LatencyBasis, WorkloadKind};

/// A tool whose results are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the tools' own names")]
pub enum Tool {
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

impl Tool {
    /// All, in order of worth.
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

    /// The name that is typed and stored.
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

    /// What is read of it.
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
    tool: Tool,
    format: &'static str,
    /// Whether the beginning of a file looks like it.
    recognises: fn(&str) -> bool,
    read: fn(Source<'_>) -> Result<Vec<Imported>, Fault>,
}

const fn importer(
    tool: Tool,
    format: &'static str,
    recognises: fn(&str) -> bool,
    read: fn(Source<'_>) -> Result<Vec<Imported>, Fault>,
) -> Importer {
    Importer {
        tool,
        format,
        recognises,
        read,
    }
}

const IMPORTERS: &[Importer] = &[
    importer(Tool::K6, k6::SUMMARY, k6::is_summary, k6::read_summary),
    importer(Tool::K6, k6::STREAM, k6::is_stream, k6::read_stream),
    importer(Tool::K6, k6::CSV, k6::is_csv, k6::read_csv),
    importer(Tool::Jmeter, jmeter::CSV, jmeter::is_csv, jmeter::read_csv),
    importer(Tool::Jmeter, jmeter::XML, jmeter::is_xml, jmeter::read_xml),
    importer(Tool::Wrk, wrk::TEXT, wrk::is_wrk, wrk::read),
    importer(Tool::Wrk2, wrk::TEXT, wrk::is_wrk2, wrk::read2),
    importer(Tool::Oha, oha::JSON, oha::is_json, oha::read_json),
    importer(Tool::Oha, oha::CSV, oha::is_csv, oha::read_csv),
    importer(
        Tool::TechEmpower,
        techempower::JSON,
        techempower::is_json,
        techempower::read,
    ),
    importer(Tool::Vegeta, vegeta::JSON, vegeta::is_json, vegeta::read),
    importer(Tool::Hey, hey::TEXT, hey::is_text, hey::read_text),
    importer(Tool::Hey, hey::CSV, hey::is_csv, hey::read_csv),
    importer(Tool::Ab, ab::TEXT, ab::is_text, ab::read_text),
    importer(Tool::Ab, ab::CSV, ab::is_csv, ab::read_csv),
    importer(
        Tool::Bombardier,
        bombardier::JSON,
        bombardier::is_json,
        bombardier::read,
    ),
    importer(
        Tool::Pgbench,
        pgbench::TEXT,
        pgbench::is_text,
        pgbench::read_text,
    ),
    importer(
        Tool::Pgbench,
        pgbench::LOG,
        pgbench::is_log,
        pgbench::read_log,
    ),
    importer(Tool::Ycsb, ycsb::TEXT, ycsb::is_ycsb, ycsb::read),
    importer(Tool::GoYcsb, ycsb::TEXT, ycsb::is_go_ycsb, ycsb::read_go),
    importer(
        Tool::TheBenchmarker,
        the_benchmarker::JSON,
        the_benchmarker::is_json,
        the_benchmarker::read,
    ),
];

/// Reads a result file: one [`Imported`] a row, at least one.
///
/// # Errors
/// [`ImportError`]: the file cannot be read, is of no known tool, is partial or broken, is larger than 32 MiB (documents and texts) or
/// 4 GiB (one request a line), or has a record longer than 1 MiB.
pub fn read(path: &Path, tool: Option<Tool>) -> Result<Vec<Imported>, ImportError> {
    let file = File::open(path).map_err(|source| ImportError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&path.display().to_string(), file, tool)
}

/// Reads the content of a result file; `name` stands in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(
    name: &str,
    content: impl Read,
    tool: Option<Tool>,
) -> Result<Vec<Imported>, ImportError> {
    let source = Source::open(content).map_err(|fault| fault.named(name))?;
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
        let what = crate::tr!("no result is in the file", "文件中没有结果");
        return Err(Fault::whole(what).named(name));
    }
    Ok(rows)
}

/// Whether the head is a JSON object in which all of these keys stand.
fn object_with(head: &str, keys: &[&str]) -> bool {
    head.trim_start().starts_with('{')
        && keys.iter().all(|key| head.contains(&format!("\"{key}\"")))
}

/// The day in which a second since 1970 lies, in UTC.
fn day(seconds: f64) -> Option<String> {
    let day = 86_400.0;
    Date::of_seconds((seconds / day).floor() * day).map(|day| day.to_string())
}

/// The first line of a head.
fn first_line(head: &str) -> &str {
    head.trim_start().lines().next().unwrap_or_default()
}
