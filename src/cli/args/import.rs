//! The command line of `weigh bench import`.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::TableOrJson;
use crate::import::{ImportTool, WorkloadKind};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:  weigh bench import wrk.txt --candidate gin --source blog --date 2026-03-01"
)]
pub(in crate::cli) struct ImportArgs {
    /// Result files; several files of one candidate count as repetitions.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Tool that wrote the files [default: detected from the content].
    #[arg(long, value_enum, value_name = "TOOL")]
    pub tool: Option<ImportTool>,
    /// Who published the numbers, and where.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Date of the run, if the file does not state it.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Hardware of the run, or unknown.
    #[arg(long, value_name = "TEXT|unknown")]
    pub hardware: Option<String>,
    /// Workload model, closed or open, if the tool does not state it.
    #[arg(long, value_enum, value_name = "MODEL")]
    pub model: Option<WorkloadKind>,
    /// Candidate; ID=ROW for a file with several rows, ID=FILE for several files; may be repeated.
    #[arg(long, value_name = "ID[=ROW]")]
    pub candidate: Vec<String>,
    /// Variant of the candidate.
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// First part of the figures' paths [default: the tool's name].
    #[arg(long, value_name = "ID")]
    pub contract: Option<String>,
    /// Name of the operation; selects one from a file with several.
    #[arg(long, value_name = "NAME")]
    pub operation: Option<String>,
    /// Folder to store evidence in [default: .weigh/evidence in the root of the project].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Read and check, but store nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

impl ValueEnum for ImportTool {
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
