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

/// The two output streams of a command.
pub(super) struct Output {
    pub lang: Lang,
    stdout: BufWriter<io::Stdout>,
    color: Color,
}

impl Output {
    pub(super) fn new(lang: Lang, color: Color) -> Self {
        Self {
            lang,
            stdout: BufWriter::new(io::stdout()),
            color,
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

    /// Prints one JSON document.
    pub(super) fn print_json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).expect("views are plain data");
        self.print(text)
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
