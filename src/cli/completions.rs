//! `weigh completions`.

use super::args::{CompletionsArgs, command};
use super::output::Output;
use super::{Exit, Failure};

pub(super) fn run(args: &CompletionsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "weigh", &mut script);
    output.write(&String::from_utf8(script).expect("completion scripts are text"))?;
    Ok(Exit::Fine)
}
