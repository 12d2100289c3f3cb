//! The command line of `weigh bench`.

use clap::{Args, Subcommand};

use super::import::ImportArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct BenchArgs {
    #[command(subcommand)]
    pub command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BenchCommand {
    /// Read result files of other tools and store them as published evidence.
    Import(ImportArgs),
}
