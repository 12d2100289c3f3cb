//! The command line of `weigh bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TableOrJson;
use super::import::ImportArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct BenchArgs {
    #[command(subcommand)]
    pub command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BenchCommand {
    /// List the reference services and what they need.
    #[cfg(target_os = "linux")]
    List(ListArgs),
    /// Check services against their contracts.
    #[cfg(target_os = "linux")]
    Verify(VerifyArgs),
    /// Verify services, put them under load and store the evidence.
    #[cfg(target_os = "linux")]
    Run(RunArgs),
    /// Show stored runs.
    #[cfg(target_os = "linux")]
    Show(ShowArgs),
    /// Read result files of other tools and store them as published evidence.
    Import(ImportArgs),
}

/// Which services are meant.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct SelectionArgs {
    /// Names of services, e.g. gin-auth.
    #[arg(value_name = "SERVICE")]
    pub names: Vec<String>,
    /// Every service that is found.
    #[arg(long)]
    pub all: bool,
    /// Only services of this contract; alone it means all of them.
    #[arg(long, value_name = "CONTRACT")]
    pub contract: Option<String>,
    /// Folder of services, or one service's folder; repeatable.
    #[arg(long, value_name = "DIR")]
    pub services: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench list --contract auth")]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench verify gin-auth")]
pub(in crate::cli) struct VerifyArgs {
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Run the manifests' commands without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench run axum-auth sqlite-records")]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Three rounds of the main operations, about a minute a service; the default.
    #[arg(long, conflicts_with = "thorough")]
    pub quick: bool,
    /// Three to five rounds, four to seven minutes a service, with the search for the largest rate that keeps to the objective.
    #[arg(long)]
    pub thorough: bool,
    /// How many rounds, 1 to 12, of every operation, not only of the main ones.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub repetitions: Option<u32>,
    /// Go on with an interrupted session; without an id, the last one.
    #[arg(long, value_name = "SESSION", num_args = 0..=1, default_missing_value = "last")]
    pub resume: Option<String>,
    /// Objective of the search, e.g. p99=50ms.
    #[arg(long, value_name = "OBJECTIVE", default_value = "p99=50ms")]
    pub slo: String,
    /// Rate of the open loop, the same for all (requests/s).
    #[arg(long, value_name = "RPS", default_value_t = 300.0)]
    pub rate: f64,
    /// Another time of a call that the contract's services make, e.g. mail=1000 (ms); repeatable. Such a run is compared only with its like.
    #[arg(long, value_name = "NAME=MS")]
    pub downstream: Vec<String>,
    /// Where evidence is stored.
    #[arg(long, value_name = "DIR", default_value = ".weigh/evidence")]
    pub evidence: PathBuf,
    /// Name of the machine in the evidence; otherwise the host's, with its processor.
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Seed of orders and arrivals.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Run the manifests' commands without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench show gin-auth")]
pub(in crate::cli) struct ShowArgs {
    /// A service, a run, a session or an evidence file; without it, every run is listed.
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Where evidence is looked for: a folder, or `repo` for catalogs/evidence.
    #[arg(long, value_name = "DIR|repo")]
    pub evidence: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}
