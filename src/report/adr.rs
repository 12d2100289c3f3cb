//! Architecture decision records: how a folder numbers and names them, and how one is marked as superseded.
//!
//! The Chinese record of a decision lies beside the English one under the same number, as `0001-use-gin.zh.md`.
//!
//! Three conventions are recognised: MADR 4 (`0001-use-gin.md`, YAML front matter; <https://adr.github.io/madr/>), adr-tools
//! (`0001-use-gin.md`, a numbered heading and a Status section; <https://github.com/npryce/adr-tools>) and log4brains
//! (`20261122-use-gin.md`, a list of metadata; <https://github.com/thomvaill/log4brains>).

use super::marked;
use super::template::file_suffix;
use crate::lang::Lang;

/// The convention that the records of a folder follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Numbered, with front matter.
    Madr,
    /// Numbered, with a Status section.
    AdrTools,
    /// Dated, with a list of metadata.
    Log4brains,
}

impl Habit {
    /// Returns the name that templates see.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Madr => "madr",
            Self::AdrTools => "adr-tools",
            Self::Log4brains => "log4brains",
        }
    }
}

/// The decision records of a folder.
#[derive(Debug)]
pub struct Folder {
    /// Each record's file name and text, by name.
    records: Vec<(String, String)>,
}

/// Returns the comment by which records of earlier versions say which decision they belong to.
#[must_use]
pub fn mark(decision: &str) -> String {
    format!("<!-- weigh: {decision} -->")
}

impl Folder {
    /// Returns a folder with these Markdown files, by name and text.
    #[must_use]
    pub fn new(mut files: Vec<(String, String)>) -> Self {
        files.retain(|(name, _)| number(name).is_some());
        files.sort();
        Self { records: files }
    }

    /// Returns the convention of the existing records; MADR for an empty folder.
    #[must_use]
    pub fn habit(&self) -> Habit {
        let dated = self
            .records
            .iter()
            .filter(|(name, _)| number(name).is_some_and(|(digits, _)| digits == 8))
            .count();
        let numbered = self.records.len() - dated;
        if dated > numbered {
            return Habit::Log4brains;
        }
        let headed = |(_, text): &&(String, String)| {
            // A file without a heading counts as a record, but shows no convention.
            let heading = text
                .lines()
                .find_map(|l| l.strip_prefix("# "))
                .unwrap_or_default();
            heading
                .trim_start()
                .starts_with(|c: char| c.is_ascii_digit())
                && text.contains("\n## Status")
        };
        let tools = self.records.iter().filter(headed).count();
        if tools * 2 > numbered {
            Habit::AdrTools
        } else {
            Habit::Madr
        }
    }

    /// Returns the file of a decision's record in a language, unless it was superseded.
    #[must_use]
    pub fn own(&self, decision: &str, lang: Lang) -> Option<&str> {
        self.records
            .iter()
            .rev()
            .find(|(name, text)| {
                language(name) == lang && belongs_to(text, decision) && !is_superseded(text)
            })
            .map(|(name, _)| name.as_str())
    }

    /// Returns the name of a new record, under the number of the same record in the other language if there is one. `replaced` is
    /// the record that the new one supersedes.
    #[must_use]
    pub fn next(
        &self,
        decision: &str,
        title: &str,
        day: &str,
        lang: Lang,
        replaced: Option<&str>,
    ) -> String {
        let suffix = file_suffix(lang);
        let other = match lang {
            Lang::En => Lang::Zh,
            Lang::Zh => Lang::En,
        };
        let pair = self
            .own(decision, other)
            .map(stem)
            .filter(|pair| replaced.map(stem) != Some(*pair));
        if let Some(pair) = pair {
            return format!("{pair}{suffix}.md");
        }
        let slug = match slug(title) {
            slug if slug.is_empty() => slug_or(decision),
            slug => slug,
        };
        if self.habit() == Habit::Log4brains {
            return self.unused(&format!("{}-{slug}", day.replace('-', "")), suffix);
        }
        let numbers = || {
            self.records
                .iter()
                .filter_map(|(name, _)| number(name))
                .filter(|(digits, _)| *digits < 8)
        };
        let width = numbers().map(|(digits, _)| digits).max().unwrap_or(4);
        let next = numbers().map(|(_, n)| n).max().map_or(1, |n| n + 1);
        format!("{next:0width$}-{slug}{suffix}.md")
    }

    /// Returns a name that no record has; dated names do not differ by a number.
    fn unused(&self, stem: &str, suffix: &str) -> String {
        let name = |n: usize| match n {
            1 => format!("{stem}{suffix}.md"),
            n => format!("{stem}-{n}{suffix}.md"),
        };
        (1..)
            .map(name)
            .find(|name| self.text(name).is_none())
            .expect("there is no end of numbers")
    }

    /// Finds a record by file name or number; among those of one number, the one in this language.
    #[must_use]
    pub fn find(&self, wanted: &str, lang: Lang) -> Option<&str> {
        let plain = wanted.rsplit(['/', '\\']).next().unwrap_or(wanted);
        let by_number = plain.parse::<u64>().ok();
        let hit = |name: &str| {
            name == plain
                || name.strip_suffix(".md") == Some(plain)
                || stem(name) == plain
                || number(name).map(|(_, n)| n) == by_number
        };
        let hits = || {
            self.records
                .iter()
                .map(|(name, _)| name.as_str())
                .filter(|name| hit(name))
        };
        hits()
            .find(|name| *name == plain)
            .or_else(|| hits().find(|name| language(name) == lang))
            .or_else(|| hits().next())
    }

    /// Adds a record that was written, so that the next number follows it.
    pub fn put(&mut self, name: &str, text: &str) {
        match self.records.iter_mut().find(|(own, _)| own == name) {
            Some(own) => text.clone_into(&mut own.1),
            None if number(name).is_some() => {
                let at = self.records.partition_point(|(own, _)| own.as_str() < name);
                self.records.insert(at, (name.to_owned(), text.to_owned()));
            }
            None => {}
        }
    }

    /// Returns the text of a record.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.records
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, text)| text.as_str())
    }
}

/// Returns the language that a record's name shows.
fn language(name: &str) -> Lang {
    if name.ends_with(".zh.md") {
        Lang::Zh
    } else {
        Lang::En
    }
}

/// Returns a record's name without language and extension.
fn stem(name: &str) -> &str {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    stem.strip_suffix(".zh").unwrap_or(stem)
}

/// Whether a record was written for this decision.
fn belongs_to(text: &str, decision: &str) -> bool {
    marked::has_attribute(text, "decision", decision) || text.contains(&mark(decision))
}

/// Returns how many digits a record's name begins with, and their value.
fn number(name: &str) -> Option<(usize, u64)> {
    let stem = name.strip_suffix(".md")?;
    let digits = stem.chars().take_while(char::is_ascii_digit).count();
    let named = stem[digits..].starts_with('-') && (1..=8).contains(&digits);
    if named {
        stem[..digits].parse().ok().map(|n| (digits, n))
    } else {
        None
    }
}

/// Turns a title into part of a file name: lower-case letters and digits of any script joined by hyphens, at most 60 characters.
///
/// ```
/// use weigh::report::adr::slug;
/// assert_eq!(slug("Framework for the authentication service?"), "framework-for-the-authentication-service");
/// assert_eq!(slug("认证服务的框架选型：Gin 还是 Flask？"), "认证服务的框架选型-gin-还是-flask");
/// ```
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let short: String = slug.chars().take(60).collect();
    short.trim_end_matches('-').to_owned()
}

/// A slug that is never empty.
fn slug_or(id: &str) -> String {
    let slug = slug(id);
    if slug.is_empty() {
        "decision".to_owned()
    } else {
        slug
    }
}

/// Returns how a record is referred to: `ADR-0003`, or its date.
#[must_use]
pub fn reference(name: &str) -> String {
    let stem = stem(name);
    match number(name) {
        Some((8, _)) | None => stem.to_owned(),
        Some((digits, _)) => format!("ADR-{}", &stem[..digits]),
    }
}

/// Returns the number alone, for a heading `# 3. Title`.
#[must_use]
pub fn ordinal(name: &str) -> Option<u64> {
    number(name)
        .filter(|(digits, _)| *digits < 8)
        .map(|(_, n)| n)
}

/// Whether a record says that another one superseded it.
#[must_use]
pub fn is_superseded(text: &str) -> bool {
    text.lines().take(40).any(|line| {
        let line = line.trim_start_matches(['-', '*', ' ']).to_lowercase();
        let status = line.strip_prefix("status:").map_or(line.as_str(), |rest| {
            rest.trim_start_matches([' ', '"', '\''])
        });
        // adr-tools itself spells it with a c.
        status.starts_with("superseded by") || status.starts_with("superceded by")
    })
}

/// Returns the text of an older record marked as superseded by `by`, or `None` if it has no status. Line breaks are kept.
#[must_use]
pub fn superseded(text: &str, by: &str, title: &str, habit: Habit) -> Option<String> {
    let reference = reference(by);
    let lines: Vec<&str> = text.lines().collect();
    let in_list = |line: &str| {
        line.starts_with(['-', '*'])
            && line
                .trim_start_matches(['-', '*', ' '])
                .to_lowercase()
                .starts_with("status:")
    };
    let listed = || lines.iter().take(20).position(|line| in_list(line));
    let in_front_matter = || {
        let end = lines
            .iter()
            .skip(1)
            .position(|line| line.trim_end() == "---")?
            + 1;
        let open = lines.first().is_some_and(|line| line.trim_end() == "---");
        lines[..end]
            .iter()
            .position(|line| open && line.starts_with("status:"))
    };
    let under_heading = || {
        let heading = lines.iter().position(|line| line.trim() == "## Status")?;
        Some(
            heading
                + 1
                + lines[heading + 1..]
                    .iter()
                    .position(|line| !line.trim().is_empty())?,
        )
    };
    let link = super::link(by);
    let item = |at: usize, new: String| {
        let mark = lines[at].split("tatus:").next().unwrap_or("- S");
        (at, format!("{mark}tatus: {new}"))
    };
    let (at, new) = match habit {
        Habit::AdrTools => {
            let number = ordinal(by).map_or_else(String::new, |n| format!("{n}. "));
            (
                under_heading()?,
                format!("Superseded by [{number}{}]({link})", super::markdown(title)),
            )
        }
        Habit::Log4brains => item(
            listed()?,
            format!("superseded by [{}]({link})", by.trim_end_matches(".md")),
        ),
        // Before MADR 3 a record said its status in a list.
        Habit::Madr => match in_front_matter() {
            Some(at) => (at, format!("status: \"superseded by {reference}\"")),
            None => item(listed()?, format!("superseded by [{reference}]({link})")),
        },
    };
    let broken = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + new.len());
    for (own, line) in lines.iter().enumerate() {
        out += if own == at { &new } else { line };
        out += broken;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "2026-11-22";

    fn folder(names: &[(&str, &str)]) -> Folder {
        Folder::new(
            names
                .iter()
                .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn names_follow_the_folder() {
        let empty = folder(&[("README.md", "# Decisions")]);
        assert_eq!(
            empty.next("auth", "Use Gin", DAY, Lang::En, None),
            "0001-use-gin.md"
        );
        let tools = folder(&[(
            "0007-x.md",
            "# 7. X\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n",
        )]);
        assert_eq!(
            (
                tools.habit(),
                tools.next("auth", "Use Gin", DAY, Lang::En, None)
            ),
            (Habit::AdrTools, "0008-use-gin.md".to_owned())
        );
        let narrow = folder(&[("012-x.md", "---\nstatus: accepted\n---\n# X\n")]);
        assert_eq!(
            (
                narrow.habit(),
                narrow.next("auth", "Use Gin", DAY, Lang::En, None)
            ),
            (Habit::Madr, "013-use-gin.md".to_owned())
        );
        let brains = folder(&[("20200101-x.md", "# X\n\n- Status: accepted\n")]);
        assert_eq!(
            (
                brains.habit(),
                brains.next("auth", "？", DAY, Lang::En, None)
            ),
            (Habit::Log4brains, "20261122-auth.md".to_owned())
        );
    }

    #[test]
    fn a_record_of_the_same_decision_keeps_its_file_until_it_is_superseded() {
        let text = format!(
            "---\nstatus: \"accepted\"\n---\n\n# A\n\n{}\n",
            mark("auth")
        );
        let there = folder(&[("0002-a.md", &text)]);
        assert_eq!(there.own("auth", Lang::En), Some("0002-a.md"));
        assert_eq!(there.own("auth", Lang::Zh), None);
        assert_eq!(
            there.next("auth", "Another title", DAY, Lang::Zh, None),
            "0002-a.zh.md"
        );
        assert_eq!(
            there.next("auth", "B", DAY, Lang::Zh, Some("0002-a.zh.md")),
            "0003-b.zh.md"
        );
        let old = superseded(&text, "0003-b.md", "B", Habit::Madr).expect("it has a status");
        assert!(old.contains("status: \"superseded by ADR-0003\""), "{old}");
        let there = folder(&[("0002-a.md", &old)]);
        assert_eq!(there.own("auth", Lang::En), None);
        assert_eq!(there.next("auth", "B", DAY, Lang::En, None), "0003-b.md");
    }

    #[test]
    fn an_older_record_changes_in_its_status_alone() {
        let by = |text: &str, habit| {
            superseded(text, "0003-b (c).md", "B | C", habit).expect("it has a status")
        };
        let windows = "---\r\nstatus: accepted\r\n---\r\n\r\n# A\r\n";
        assert_eq!(
            by(windows, Habit::Madr),
            windows.replace("accepted", "\"superseded by ADR-0003\"")
        );
        let list = "# A\n\n* Status: accepted\n* Date: 2020-01-01\n\nstatus: of the patient\n";
        assert_eq!(
            by(list, Habit::Madr),
            list.replace("accepted", "superseded by [ADR-0003](0003-b%20%28c%29.md)")
        );
        let tools = "# 2. A\n\n## Status\n\nAccepted\n\n## Context\n";
        assert_eq!(
            by(tools, Habit::AdrTools),
            tools.replace(
                "Accepted",
                r"Superseded by [3. B \| C](0003-b%20%28c%29.md)"
            )
        );
        assert_eq!(
            superseded("# A\n\nNo word of it.\n", "0003-b.md", "B", Habit::Madr),
            None
        );
    }

    #[test]
    fn records_that_are_put_in_are_counted_on() {
        let mut records = folder(&[("0009-a.md", "---\nstatus: accepted\n---\n")]);
        records.put("0010-b.md", &mark("b"));
        assert_eq!(records.own("b", Lang::En), Some("0010-b.md"));
        assert_eq!(records.next("c", "C", DAY, Lang::En, None), "0011-c.md");
        records.put("index.md", "");
        assert_eq!(records.find("index.md", Lang::En), None);
        records.put("0010-b.zh.md", &mark("b"));
        assert_eq!(records.find("10", Lang::Zh), Some("0010-b.zh.md"));
        assert_eq!(records.find("0010-b", Lang::En), Some("0010-b.md"));
    }
}
