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
    /// List the reference services and the tools they need.
    #[cfg(target_os = "linux")]
    List(ListArgs),
    /// Verify services against their contracts.
    #[cfg(target_os = "linux")]
    Verify(VerifyArgs),
    /// Verify services, measure them under load and store the evidence.
    #[cfg(target_os = "linux")]
    Run(RunArgs),
    /// Show stored runs.
    #[cfg(target_os = "linux")]
    Show(ShowArgs),
    /// Import result files of other load generators as published evidence.
    Import(ImportArgs),
}

/// Which services a command works on.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct SelectionArgs {
    /// Names of services, such as gin-auth.
    #[arg(value_name = "SERVICE")]
    pub names: Vec<String>,
    /// All services found.
    #[arg(long)]
    pub all: bool,
    /// Only services that implement this contract; on its own, all of them.
    #[arg(long, value_name = "CONTRACT")]
    pub contract: Option<String>,
    /// Folder of services, or of one service; may be repeated.
    #[arg(long, value_name = "DIR")]
    pub services: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench list --contract auth")]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Output format.
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
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench run axum-auth sqlite-records")]
pub(in crate::cli) struct RunArgs {
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Three rounds of the main operations, about one minute per service (the default).
    #[arg(long, conflicts_with = "thorough")]
    pub quick: bool,
    /// Three to five rounds and the highest rate within the objective, four to seven minutes per service.
    #[arg(long)]
    pub thorough: bool,
    /// Number of rounds, 1 to 12; measures every operation, not only the main ones.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub repetitions: Option<u32>,
    /// Resume an interrupted session [default: the last one].
    #[arg(long, value_name = "SESSION", num_args = 0..=1, default_missing_value = "last")]
    pub resume: Option<String>,
    /// Latency objective of the rate search.
    #[arg(long, value_name = "OBJECTIVE", default_value = "p99=50ms")]
    pub slo: String,
    /// Arrival rate of the open workload model, requests/s, the same for every service.
    #[arg(long, value_name = "RPS", default_value_t = 300.0)]
    pub rate: f64,
    /// Override the latency of a downstream call, such as mail=1000 (ms); may be repeated. Such runs are only compared with runs using the same setting.
    #[arg(long, value_name = "NAME=MS")]
    pub downstream: Vec<String>,
    /// Folder to store evidence in [default: .weigh/evidence in the root of the project].
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,
    /// Machine name in the evidence [default: host name and processor].
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// Seed of the run order and of the arrival times.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Run the manifests' commands without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:  weigh bench show gin-auth")]
pub(in crate::cli) struct ShowArgs {
    /// Service, run, session or evidence file [default: list all runs].
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Folder to read evidence from; `repo` stands for catalogs/evidence.
    #[arg(long, value_name = "DIR|repo")]
    pub evidence: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub format: TableOrJson,
}
