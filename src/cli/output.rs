//! Where commands write: results to standard output through one buffer, messages to standard error, colour where it may be.

use std::io::{self, BufWriter, IsTerminal, Write};

use super::args::Color;
use super::{Exit, Failure};
use crate::diagnostic::{self, Diagnostics, Style};
use crate::lang::{Lang, Text};
use crate::source::Sources;

/// The two streams of a command.
pub(super) struct Output {
    /// The language of everything that is written.
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

    /// The sentence in the language at hand.
    pub(super) fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// Writes a line of the result.
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        Ok(writeln!(self.stdout, "{}", text.as_ref())?)
    }

    /// Writes text as it is.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.stdout.write_all(text.as_bytes())?)
    }

    /// Writes one JSON document.
    pub(super) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).expect("views are plain data");
        self.line(text)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Writes a message to standard error; a closed one is nobody's problem.
    pub(super) fn note(&self, text: impl AsRef<str>) {
        drop(writeln!(io::stderr(), "{}", text.as_ref()));
    }

    pub(super) fn complain(&self, message: &Text) {
        let word = match self.lang {
            Lang::En => "error",
            Lang::Zh => "错误",
        };
        self.note(format!("{word}: {}", self.say(message)));
    }

    /// When colour is wanted.
    pub(super) fn color(&self) -> Color {
        self.color
    }

    fn colored(&self, terminal: bool) -> bool {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !unwanted,
        }
    }

    /// How diagnostics look that are a command's result.
    pub(super) fn style(&self) -> Style {
        Style {
            lang: self.lang,
            color: self.colored(io::stdout().is_terminal()),
        }
    }

    /// Prints diagnostics to standard error; what to end with.
    pub(super) fn diagnostics(&self, diagnostics: &Diagnostics, sources: &Sources) -> Exit {
        let style = Style {
            lang: self.lang,
            color: self.colored(io::stderr().is_terminal()),
        };
        for diagnostic in diagnostics.sorted() {
            self.note(format!(
                "{}\n",
                diagnostic::render(diagnostic, sources, style)
            ));
        }
        if diagnostics.has_errors() {
            Exit::Failed
        } else {
            Exit::Fine
        }
    }
}
