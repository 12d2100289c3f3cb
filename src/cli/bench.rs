//! `weigh bench`: reference services, verified and measured.

mod import;

use super::args::bench::{BenchArgs, BenchCommand};
use super::output::Output;
use super::{Exit, Failure};

pub(super) fn run(args: &BenchArgs, output: &mut Output) -> Result<Exit, Failure> {
    match &args.command {
        BenchCommand::Import(args) => import::run(args, output),
    }
}
