//! The command line: one file per subcommand, which prints tables or JSON and returns an exit code. The binary calls [`run`].

mod args;
#[cfg(feature = "bench")]
mod bench;
mod catalog;
mod check;
mod compare;
mod completions;
mod decision;
mod diff;
mod explain;
#[cfg(feature = "tui")]
mod explore;
mod features;
#[cfg(any(feature = "tui", all(feature = "bench", target_os = "linux")))]
mod folders;
mod git;
mod graph;
mod help;
mod init;
mod next;
mod output;
mod pareto;
mod rank;
mod recheck;
mod record;
mod report;
mod robustness;
mod schema;
mod sensitivity;
mod stakeholders;
mod table;
mod uses;
mod verdict;
mod weights;
mod why;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::analysis::study::NotComputed;
use crate::diagnostic::Diagnostics;
use crate::lang::{Lang, Text};
use crate::report::sandbox;
use crate::source::Sources;
pub use args::command;
use args::{Cli, Command};
use output::Output;

/// The exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// The command did its work and found nothing wrong.
    Fine = 0,
    /// The decision has errors, or a check failed.
    Failed = 1,
    /// Invalid usage.
    Usage = 2,
    /// An environment error: a file, a process or the network.
    Environment = 3,
    /// `recheck`: the choice cannot be told apart from another candidate.
    Level = 4,
    /// `recheck --strict`: a review date or facts are past their date, or something else changed.
    Overdue = 5,
    /// `recheck`: a decision or its record cannot be read.
    Unreadable = 6,
}

/// Why a command could not do its work.
#[derive(Debug)]
enum Failure {
    /// A message that [`run`] still has to print.
    Message {
        /// The exit code.
        exit: Exit,
        /// What went wrong.
        message: Text,
    },
    /// Files with errors; [`run`] still has to print the diagnostics.
    Files(Box<(Diagnostics, Sources)>),
    /// The message has already been printed.
    Reported(Exit),
}

impl Failure {
    /// The decision is wrong, or a check failed.
    fn failed(message: Text) -> Self {
        Self::Message {
            exit: Exit::Failed,
            message,
        }
    }

    /// The arguments do not make sense together.
    fn usage(message: Text) -> Self {
        Self::Message {
            exit: Exit::Usage,
            message,
        }
    }

    /// A file, a process or the terminal does not let the command do its work.
    fn environment(message: Text) -> Self {
        Self::Message {
            exit: Exit::Environment,
            message,
        }
    }

    /// Files have errors.
    fn files(diagnostics: Diagnostics, sources: Sources) -> Self {
        Self::Files(Box::new((diagnostics, sources)))
    }

    /// Returns the message that is still to be printed; empty if it was printed already.
    fn into_message(self) -> Text {
        match self {
            Self::Message { message, .. } => message,
            Self::Files(files) => files
                .0
                .first_error()
                .map(|error| error.message.clone())
                .unwrap_or_default(),
            Self::Reported(_) => Text::default(),
        }
    }
}

/// An analysis that cannot be applied to this decision.
impl From<NotComputed> for Failure {
    fn from(why: NotComputed) -> Self {
        Self::failed(why.reason)
    }
}

/// A closed pipe, as behind `| head`, is not an error.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Reported(Exit::Fine);
        }
        Self::environment(crate::tr!("cannot write: {error}", "无法写出：{error}"))
    }
}

/// A method that cannot be applied to this decision.
impl From<crate::rank::RankError> for Failure {
    fn from(error: crate::rank::RankError) -> Self {
        Self::failed(error.text().clone())
    }
}

/// Parses the command line, runs the command and returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    // The child process that renders a user's template.
    if std::env::args()
        .nth(1)
        .is_some_and(|word| word == sandbox::COMMAND)
    {
        return sandbox::serve();
    }
    #[cfg(all(feature = "bench", target_os = "linux"))]
    if std::env::args()
        .nth(1)
        .is_some_and(|word| word == crate::bench::supervisor::SUBCOMMAND)
    {
        return crate::bench::supervisor::main();
    }
    let lang = early_lang();
    let matches = match help::localize_help(command(), lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let mut output = Output::new(lang, args::Color::Auto);
            if let Some(message) = features::missing(&error) {
                return ExitCode::from(output.print_failure(Failure::usage(message)) as u8);
            }
            if error.use_stderr() && output.is_json() {
                let message = help::usage_error(&error, lang);
                return ExitCode::from(output.print_failure(Failure::usage(message)) as u8);
            }
            let code = error.exit_code();
            let usage = error.use_stderr();
            // A pipe that closes while help is printed is not an error.
            if usage
                && lang == Lang::Zh
                && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            {
                Output::new(lang, args::Color::Auto).eprint(help::usage_message(&error));
            } else {
                drop(error.print());
            }
            return ExitCode::from(if usage {
                Exit::Usage as u8
            } else {
                u8::try_from(code).unwrap_or(0)
            });
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            return ExitCode::from(Exit::Usage as u8);
        }
    };
    let mut output = Output::new(cli.lang.map_or(lang, Lang::from), cli.color);
    let outcome = dispatch(cli.command, &mut output)
        .and_then(|exit| output.flush().map(|()| exit).map_err(Failure::from));
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => ExitCode::from(output.print_failure(failure) as u8),
    }
}

fn dispatch(command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(&args, output),
        Command::Check(args) => check::run(&args, output),
        Command::Rank(args) => rank::run(&args, output),
        Command::Why(args) => why::run(&args, output),
        Command::Compare(args) => compare::run(&args, output),
        Command::Graph(args) => graph::run(&args, output),
        Command::Report(args) => report::run(&args, output),
        Command::Record(args) => record::run(&args, output),
        Command::Recheck(args) => recheck::run(&args, output),
        Command::Diff(args) => diff::run(&args, output),
        Command::Uses(args) => uses::run(&args, output),
        Command::Robustness(args) => robustness::run(&args, output),
        Command::Pareto(args) => pareto::run(&args, output),
        Command::Stakeholders(args) => stakeholders::run(&args, output),
        Command::Weights(args) => weights::run(&args, output),
        Command::Sensitivity(args) => sensitivity::run(&args, output),
        Command::Next(args) => next::run(&args, output),
        #[cfg(feature = "tui")]
        Command::Explore(args) => explore::run(args, output),
        #[cfg(feature = "bench")]
        Command::Bench(args) => bench::run(&args, output),
        Command::Catalog(args) => catalog::run(&args, output),
        Command::Schema(args) => schema::run(&args, output),
        Command::Explain(args) => explain::run(&args, output),
        Command::Completions(args) => completions::run(&args, output),
    }
}

/// Returns the language of help and usage errors, which are printed before the arguments are parsed: `--lang`, else the locale.
fn early_lang() -> Lang {
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = word
            .strip_prefix("--lang=")
            .map(str::to_owned)
            .or_else(|| (word == "--lang").then(|| words.next()).flatten());
        if let Some(value) = value {
            return Lang::of_locale(&value);
        }
    }
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    named.map_or(Lang::En, |locale| Lang::of_locale(&locale))
}
