//! `weigh bench`: verifies and measures reference services, and imports results of other tools. Benchmarks require Linux; imports do
//! not.

#[cfg(target_os = "linux")]
mod consent;
mod import;
#[cfg(target_os = "linux")]
mod list;
pub(super) mod output_schema;
#[cfg(target_os = "linux")]
mod progress;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod selection;
#[cfg(target_os = "linux")]
mod show;
#[cfg(target_os = "linux")]
mod verify;

use super::args::bench::{BenchArgs, BenchCommand};
use super::output::Output;
use super::{Exit, Failure};

pub(super) fn run(args: &BenchArgs, output: &mut Output) -> Result<Exit, Failure> {
    match &args.command {
        #[cfg(target_os = "linux")]
        BenchCommand::List(args) => list::run(args, output),
        #[cfg(target_os = "linux")]
        BenchCommand::Verify(args) => verify::run(args, output),
        #[cfg(target_os = "linux")]
        BenchCommand::Run(args) => run::run(args, output),
        #[cfg(target_os = "linux")]
        BenchCommand::Show(args) => show::run(args, output),
        BenchCommand::Import(args) => import::run(args, output),
    }
}

#[cfg(target_os = "linux")]
impl From<crate::bench::error::BenchError> for Failure {
    fn from(error: crate::bench::error::BenchError) -> Self {
        Self::environment(error.text())
    }
}
