//! Where commands write: results to standard output through one buffer, messages to standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use super::args::Color;
use super::table::TextTable;
use super::{Exit, Failure};
use crate::diagnostic::{self, Diagnostics, Style};
use crate::lang::{Lang, Text};
use crate::source::Sources;
use crate::tr;
use crate::view;
use crate::view::document::{Document, ErrorView};

/// The two output streams of a command.
pub(super) struct Output {
    pub lang: Lang,
    stdout: BufWriter<io::Stdout>,
    color: Color,
    /// Whether the command line asks for JSON.
    is_json: bool,
}

/// Whether the command line asks for JSON, even if it is not valid otherwise.
fn asks_for_json() -> bool {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let pair = |pair: &[String]| pair[0] == "--format" && pair[1] == "json";
    words.windows(2).any(pair) || words.iter().any(|word| word == "--format=json")
}

impl Output {
    pub(super) fn new(lang: Lang, color: Color) -> Self {
        Self {
            lang,
            stdout: BufWriter::new(io::stdout()),
            color,
            is_json: asks_for_json(),
        }
    }

    /// Renders `text` in the language of this command; every [`Text`] inside `format_args!` follows.
    ///
    /// A `format!` in its place would render the texts in English before this function sees them.
    pub(super) fn localize(&self, text: impl Display) -> String {
        self.lang.render(text)
    }

    /// Prints a line of the result to standard output, rendered as by [`Output::localize`].
    pub(super) fn print(&mut self, line: impl Display) -> Result<(), Failure> {
        let line = self.localize(line);
        Ok(writeln!(self.stdout, "{line}")?)
    }

    /// Prints a table to standard output.
    pub(super) fn print_table(&mut self, table: &TextTable) -> Result<(), Failure> {
        table
            .lines()
            .into_iter()
            .try_for_each(|line| self.print(line))
    }

    /// Writes text that already has its line ends to standard output.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.stdout.write_all(text.as_bytes())?)
    }

    /// Prints the JSON document of a command. Its first key names the schema that `weigh schema COMMAND` prints.
    pub(super) fn print_json(
        &mut self,
        command: &str,
        body: &impl serde::Serialize,
    ) -> Result<(), Failure> {
        let document = Document::new(command, body);
        let text = serde_json::to_string_pretty(&document).expect("views are plain data");
        self.print(text)
    }

    /// Prints a failure: to standard error, or as a JSON document to standard output if the command line asks for JSON. Returns its
    /// exit code.
    pub(super) fn print_failure(&mut self, failure: Failure) -> Exit {
        let none = Diagnostics::default();
        let nothing = Sources::default();
        match failure {
            Failure::Reported(exit) => exit,
            Failure::Message { exit, message } => {
                if self.is_json {
                    self.print_error_json(&message, &none, &nothing);
                } else {
                    self.print_error(&message);
                }
                exit
            }
            Failure::Files(files) => {
                let (diagnostics, sources) = *files;
                if self.is_json {
                    let message = diagnostics
                        .first_error()
                        .map_or_else(|| diagnostic::summary(&diagnostics), |d| d.message.clone());
                    self.print_error_json(&message, &diagnostics, &sources);
                } else {
                    self.print_diagnostics(&diagnostics, &sources);
                    self.eprint(diagnostic::summary(&diagnostics));
                }
                Exit::Failed
            }
        }
    }

    /// Prints an error as JSON. Write errors are ignored: the exit code tells of the failure.
    fn print_error_json(&mut self, message: &Text, diagnostics: &Diagnostics, sources: &Sources) {
        let body = ErrorView {
            error: self.localize(message),
            diagnostics: view::diagnostic::check(diagnostics, sources, self.lang).diagnostics,
        };
        drop(self.print_json("error", &body));
        drop(self.flush());
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Prints a line to standard error. Write errors are ignored, because there is nowhere left to report them.
    pub(super) fn eprint(&self, line: impl Display) {
        drop(writeln!(io::stderr(), "{}", self.localize(line)));
    }

    /// Prints an error message to standard error.
    pub(super) fn print_error(&self, message: &Text) {
        self.eprint(tr!("error: {message}", "错误: {message}"));
    }

    /// Whether the command line asks for JSON.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The colour setting from the command line.
    #[cfg(feature = "tui")]
    pub(super) fn color(&self) -> Color {
        self.color
    }

    fn is_colored(&self, terminal: bool) -> bool {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !unwanted,
        }
    }

    /// The style of diagnostics that are a command's result, and so go to standard output.
    pub(super) fn style(&self) -> Style {
        Style {
            lang: self.lang,
            color: self.is_colored(io::stdout().is_terminal()),
        }
    }

    /// Prints diagnostics to standard error and returns the exit code they call for.
    pub(super) fn print_diagnostics(&self, diagnostics: &Diagnostics, sources: &Sources) -> Exit {
        let style = Style {
            lang: self.lang,
            color: self.is_colored(io::stderr().is_terminal()),
        };
        for diagnostic in diagnostics.sorted() {
            let shown = diagnostic::render(diagnostic, sources, style);
            self.eprint(format_args!("{shown}\n"));
        }
        if diagnostics.has_errors() {
            Exit::Failed
        } else {
            Exit::Fine
        }
    }
}
