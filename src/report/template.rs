//! The templates of a report: built-in ones and the user's own.

use std::collections::BTreeSet;
use std::path::Path;

use super::{ReportError, sandbox};
use crate::lang::Lang;
use crate::tr;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportTemplate {
    /// The full report with charts.
    Report,
    /// An architecture decision record.
    Adr,
    /// A comparison of the first two candidates.
    Comparison,
    /// One page that lists all decisions.
    Index,
    /// Data files for technology radars.
    Radar,
    /// A template of the user's own.
    Own {
        /// The path it was read from.
        name: String,
        /// The file that it renders for each decision.
        file: String,
    },
}

impl ReportTemplate {
    fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "report" => Self::Report,
            "adr" => Self::Adr,
            "comparison" => Self::Comparison,
            "index" => Self::Index,
            "radar" => Self::Radar,
            _ => return None,
        })
    }

    /// Returns the template's name and the file it makes of each decision, or `None` if it makes one file of all decisions.
    pub(super) fn page(&self, lang: Lang) -> Option<(&str, String)> {
        let suffix = file_suffix(lang);
        match self {
            Self::Report => Some(("report.md", format!("report{suffix}.md"))),
            Self::Comparison => Some(("comparison.md", format!("comparison{suffix}.md"))),
            Self::Own { name, file } => Some((name, file.clone())),
            Self::Adr | Self::Index | Self::Radar => None,
        }
    }

    /// Whether the page shows analyses and charts in addition to the ranking.
    pub(super) fn has_analyses(&self) -> bool {
        matches!(self, Self::Report | Self::Own { .. })
    }
}

/// Returns the file name suffix of a language, before the extension.
pub(super) fn file_suffix(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "",
        Lang::Zh => ".zh",
    }
}

/// Finds templates by name or path. The texts of those that are files are added to `own`.
pub(super) fn find_templates(
    names: &[String],
    lang: Lang,
    own: &mut Vec<(String, String)>,
) -> Result<Vec<ReportTemplate>, ReportError> {
    let mut templates = Vec::new();
    for name in names {
        let template = find_template(name, own)?;
        if !templates.contains(&template) {
            templates.push(template);
        }
    }
    let mut files = BTreeSet::new();
    for (_, file) in templates.iter().filter_map(|template| template.page(lang)) {
        if !files.insert(file.clone()) {
            return Err(ReportError::Usage(tr!(
                "two templates would write `{file}`: rename one",
                "两个模板都会写入 `{file}`：请改名其中之一"
            )));
        }
    }
    Ok(templates)
}

fn find_template(
    name: &str,
    own: &mut Vec<(String, String)>,
) -> Result<ReportTemplate, ReportError> {
    if let Some(template) = ReportTemplate::built_in(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    if !path.is_file() {
        let known = "report, adr, comparison, index, radar";
        return Err(ReportError::Usage(tr!(
            "`{name}` is neither a template ({known}) nor a file",
            "`{name}` 既不是模板（{known}），也不是文件"
        )));
    }
    let text = sandbox::read_template(path)?;
    own.push((name.to_owned(), text));
    let stem = path
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or("report");
    let file = match path.extension().and_then(|s| s.to_str()) {
        // `page.html.tera` makes `page.html`.
        Some("tera" | "j2") => stem.to_owned(),
        Some(extension) => format!("{stem}.{extension}"),
        None => format!("{stem}.md"),
    };
    Ok(ReportTemplate::Own {
        name: name.to_owned(),
        file,
    })
}
