//! The command line of `weigh bench import`.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::TableOrJson;
use crate::import::{Tool, WorkloadKind};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh bench import wrk.txt --candidate gin --source blog --date 2026-03-01"
)]
pub(in crate::cli) struct ImportArgs {
    /// Result files; several of one candidate are its repetitions.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The tool that wrote them; recognised from the content otherwise.
    #[arg(long, value_enum, value_name = "TOOL")]
    pub tool: Option<Tool>,
    /// Who publishes the numbers, and where.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Day of the run, where the file does not name it.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// The hardware, or unknown.
    #[arg(long, value_name = "TEXT|unknown")]
    pub hardware: Option<String>,
    /// Whether requests wait for answers (closed) or come at a rate (open), where the tool does not say.
    #[arg(long, value_enum, value_name = "MODEL")]
    pub model: Option<WorkloadKind>,
    /// The candidate; of a file with several rows ID=ROW, of several files ID=FILE; repeatable.
    #[arg(long, value_name = "ID[=ROW]")]
    pub candidate: Vec<String>,
    /// Its variant.
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// First part of the figures' addresses; the tool's name otherwise.
    #[arg(long, value_name = "ID")]
    pub contract: Option<String>,
    /// Name of the operation; of a file with several, the only one to keep.
    #[arg(long, value_name = "NAME")]
    pub operation: Option<String>,
    /// Folder of the evidence.
    #[arg(long, value_name = "DIR", default_value = ".weigh/evidence")]
    pub out: PathBuf,
    /// Read and audit, but store nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

impl ValueEnum for Tool {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl ValueEnum for WorkloadKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Closed, Self::Open]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}
