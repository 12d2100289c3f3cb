//! The template engine: built-in and user templates, filters, errors with file and line.

use std::io::{self, Write};

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};
use thiserror::Error;

use super::escape;
use crate::lang::Lang;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Returns the names of the built-in templates that make one file each.
pub fn built_in() -> impl Iterator<Item = String> {
    TEMPLATES
        .files()
        .filter_map(|f| f.path().file_stem()?.to_str().map(str::to_owned))
        .filter(|name| name != "README")
}

/// Whether the built-in template of this name has exactly this text.
#[must_use]
pub fn is_built_in(name: &str, text: &str) -> bool {
    TEMPLATES.get_file(name).and_then(|f| f.contents_utf8()) == Some(text)
}

/// An error in a template.
#[derive(Debug, Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct TemplateError {
    /// The template's name, or its path.
    pub file: String,
    /// Line, from 1; 0 if unknown.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The message of the template engine (English).
    pub message: String,
    /// The source line.
    pub excerpt: String,
}

/// The parsed templates.
pub struct Engine {
    tera: Tera,
    texts: Vec<(String, String)>,
}

impl Engine {
    /// Parses the built-in templates and the user's, which override them by name (`report.md`, `partials/evidence.md`).
    ///
    /// # Errors
    /// If a template does not parse.
    pub fn new(own: &[(String, String)], lang: Lang) -> Result<Self, TemplateError> {
        let mut tera = Tera::new();
        tera.set_escape_fn(escape::escape);
        // The empty suffix matches every template.
        tera.autoescape_on([""]);
        register(&mut tera, lang);
        let mut texts: Vec<(String, String)> = Vec::new();
        let mut folders = vec![&TEMPLATES];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                let name = file.path().to_string_lossy().replace('\\', "/");
                if !own.iter().any(|(n, _)| *n == name) {
                    texts.push((
                        name,
                        file.contents_utf8()
                            .expect("the built-in templates are text")
                            .to_owned(),
                    ));
                }
            }
        }
        texts.extend(own.iter().cloned());
        let engine = |tera| Self {
            tera,
            texts: Vec::new(),
        };
        match tera.add_raw_templates(texts.iter().map(|(n, t)| (n.as_str(), t.as_str()))) {
            Ok(()) => Ok(Self {
                texts,
                ..engine(tera)
            }),
            Err(error) => Err(Self {
                texts,
                ..engine(tera)
            }
            .located("", &error)),
        }
    }

    /// Renders a template with a view.
    ///
    /// # Errors
    /// If the template uses an unknown variable, or the writer fails.
    pub fn render(
        &self,
        template: &str,
        view: &impl Serialize,
        out: &mut dyn Write,
    ) -> Result<(), TemplateError> {
        let context = Context::from_serialize(view).map_err(|e| self.located(template, &e))?;
        self.tera
            .render_to(template, &context, out)
            .map_err(|e| self.located(template, &e))
    }

    /// Renders a template and tidies the result with [`tidy`].
    ///
    /// # Errors
    /// If the template uses an unknown variable.
    pub fn page(&self, template: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let mut bytes = Vec::with_capacity(32 * 1024);
        self.render(template, view, &mut bytes)?;
        Ok(tidy(&String::from_utf8_lossy(&bytes)))
    }

    fn located(&self, template: &str, error: &tera::Error) -> TemplateError {
        let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind()
        else {
            let message = first_line(&error.to_string());
            return TemplateError {
                file: template.to_owned(),
                line: 0,
                column: 0,
                message,
                excerpt: String::new(),
            };
        };
        let (line, column) = (report.span().start_line, report.span().start_col + 1);
        let file = if report.filename().is_empty() {
            template.to_owned()
        } else {
            report.filename().to_owned()
        };
        let text = self
            .texts
            .iter()
            .find(|(n, _)| *n == file)
            .map_or("", |(_, t)| t.as_str());
        let excerpt = text
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default()
            .to_owned();
        TemplateError {
            file,
            line,
            column,
            message: first_line(report.message()),
            excerpt,
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Registers the functions and filters of templates: `say` picks the language, `code` makes a code span, `cell` one inside a table, `prose` a
/// sentence with code between backticks, `link` the target of a link, `yaml` a quoted scalar.
fn register(tera: &mut Tera, lang: Lang) {
    tera.register_function(
        "say",
        move |words: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            // Both are required, so a template that lacks a language fails in either.
            let (en, zh) = (words.must_get::<&str>("en")?, words.must_get::<&str>("zh")?);
            Ok(Value::safe_string(if lang == Lang::Zh { zh } else { en }))
        },
    );
    tera.register_filter("code", |text: &str, _: Kwargs, _: &State<'_>| {
        Value::safe_string(&escape::code(text, false))
    });
    tera.register_filter("cell", |text: &str, _: Kwargs, _: &State<'_>| {
        Value::safe_string(&escape::code(text, true))
    });
    tera.register_filter(
        "prose",
        |text: &str, how: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            Ok(Value::safe_string(&escape::prose(
                text,
                how.get::<bool>("cell")?.unwrap_or(false),
            )))
        },
    );
    tera.register_filter("link", |text: &str, _: Kwargs, _: &State<'_>| {
        Value::safe_string(&escape::link(text))
    });
    tera.register_filter("yaml", |text: &str, _: Kwargs, _: &State<'_>| {
        Value::safe_string(&escape::yaml(text))
    });
}

/// Collapses runs of empty lines outside code blocks, strips trailing spaces and ends the text with one line break.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut empty, mut fenced) = (true, false);
    for line in text.lines() {
        let line = line.trim_end();
        fenced ^= line.starts_with("```");
        if !line.is_empty() || fenced || !empty {
            out += line;
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A writer that fails once more than a number of bytes was written.
pub struct Limited<W> {
    inner: W,
    left: usize,
    full: bool,
}

impl<W: Write> Limited<W> {
    /// Limits `inner` to `most` bytes.
    #[must_use]
    pub fn new(inner: W, most: usize) -> Self {
        Self {
            inner,
            left: most,
            full: false,
        }
    }

    /// Whether the limit was reached.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.left {
            self.full = true;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.left -= bytes.len();
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
