//! Edits the user's YAML: only changed scalars are replaced, comments and order stay, and files are replaced
//! atomically.

pub mod fact;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::lang::Text;
use crate::tr;

/// Why a file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// An I/O error.
    #[error("cannot write `{}`: {error}", path.display())]
    Refused {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The file exists but is laid out in a way that cannot be patched.
    #[error("`{}` is not in block form", path.display())]
    Form { path: PathBuf },
}

impl EditError {
    /// The message for the user.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Refused { path, error } => {
                let path = path.display();
                tr!("cannot write {path}: {error}", "无法写入 {path}：{error}")
            }
            Self::Form { path } => {
                let path = path.display();
                tr!(
                    "{path} is there and not in block form: take another name",
                    "{path} 已存在且不是块格式：请换一个名称"
                )
            }
        }
    }
}

/// Writes a file atomically: a reader sees the old text or the new one, never a part.
///
/// # Errors
/// If writing fails.
pub fn write_file(path: &Path, text: &str) -> Result<(), EditError> {
    let refused = |error| EditError::Refused {
        path: path.to_owned(),
        error,
    };
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder).map_err(refused)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(refused)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0o644, |m| m.permissions().mode());
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(mode))
            .map_err(refused)?;
    }
    file.persist(path).map_err(|e| refused(e.error))?;
    Ok(())
}

/// Writes a file with a header, optionally one top-level line, and a block of entries. In an existing file, entries
/// are changed in place and new ones follow the last.
///
/// # Errors
/// If writing fails, or the file's block does not have one entry per line.
pub fn write_mapping(
    path: &Path,
    head: &str,
    top: Option<(&str, &str)>,
    block: &str,
    entries: &[(String, String)],
) -> Result<(), EditError> {
    let text = match std::fs::read_to_string(path) {
        Ok(old) => patch_mapping(&old, top, block, entries).ok_or_else(|| EditError::Form {
            path: path.to_owned(),
        })?,
        Err(_) => new_mapping(head, top, block, entries),
    };
    write_file(path, &text)
}

fn new_mapping(
    head: &str,
    top: Option<(&str, &str)>,
    block: &str,
    entries: &[(String, String)],
) -> String {
    let mut text = head.to_owned();
    if let Some((key, value)) = top {
        text += &format!("{key}: {value}\n");
    }
    if entries.is_empty() {
        return text + &format!("{block}: {{}}\n");
    }
    text += &format!("{block}:\n");
    for (key, value) in entries {
        text += &format!("  {key}: {value}\n");
    }
    text
}

/// Returns the text with these entries; `None` if its block does not have one entry per line.
fn patch_mapping(
    old: &str,
    top: Option<(&str, &str)>,
    block: &str,
    entries: &[(String, String)],
) -> Option<String> {
    let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
    if let Some((key, value)) = top {
        match lines.iter().position(|l| key_of(l) == Some((0, key))) {
            Some(at) => lines[at] = replace_scalar(&lines[at], value)?,
            None => lines.insert(
                lines
                    .iter()
                    .position(|l| key_of(l) == Some((0, block)))
                    .unwrap_or(lines.len()),
                format!("{key}: {value}"),
            ),
        }
    }
    let Some(start) = lines.iter().position(|l| key_of(l) == Some((0, block))) else {
        lines.extend(
            new_mapping("", None, block, entries)
                .lines()
                .map(str::to_owned),
        );
        return Some(lines.join("\n") + "\n");
    };
    let rest = lines[start]
        .split_once(':')
        .map_or("", |(_, rest)| rest)
        .trim();
    if rest == "{}" {
        lines[start] = format!("{block}:");
    } else if !(rest.is_empty() || rest.starts_with('#')) {
        return None;
    }
    let inside = |line: &String| line.trim().is_empty() || line.starts_with([' ', '#']);
    let end = (start + 1..lines.len())
        .find(|&i| !inside(&lines[i]))
        .unwrap_or(lines.len());
    let indent = (start + 1..end)
        .find_map(|i| key_of(&lines[i]).map(|(depth, _)| depth))
        .unwrap_or(2);
    let mut last = (start..end)
        .rev()
        .find(|&i| !lines[i].trim().is_empty() && !lines[i].trim_start().starts_with('#'))
        .unwrap_or(start);
    for (key, value) in entries {
        let found = (start + 1..=last).find(|&i| key_of(&lines[i]) == Some((indent, key)));
        if let Some(at) = found {
            lines[at] = replace_scalar(&lines[at], value)?;
        } else {
            last += 1;
            lines.insert(last, format!("{}{key}: {value}", " ".repeat(indent)));
        }
    }
    Some(lines.join("\n") + "\n")
}

/// Indent and key of a line `key: value`.
fn key_of(line: &str) -> Option<(usize, &str)> {
    let bare = line.trim_start();
    if bare.starts_with(['#', '-']) {
        return None;
    }
    let (key, _) = bare.split_once(':')?;
    Some((
        line.len() - bare.len(),
        key.trim().trim_matches(['"', '\'']),
    ))
}

/// Returns the line with another scalar, keeping its comment; `None` if the value continues below or is not a
/// scalar.
fn replace_scalar(line: &str, value: &str) -> Option<String> {
    let colon = line.find(':')?;
    let (head, rest) = line.split_at(colon + 1);
    // Including the space before it, so that comments keep their column.
    let comment = rest
        .find(" #")
        .map_or("", |at| &rest[rest[..at].trim_end().len()..]);
    let old = rest[..rest.len() - comment.len()].trim();
    if old.is_empty() || old.starts_with(['{', '[', '|', '>', '&', '*']) {
        return None;
    }
    Some(format!("{head} {value}{comment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn comments_and_order_stay() {
        let old = "# mine\nscenario: peak\ntitle: {en: Peak, zh: 峰值}\nset:\n  # the sale\n  workload.peak_rps: 4000 req/s  # measured\n  horizon: 3 year\n\n# end\n";
        let new = patch_mapping(
            old,
            Some(("profile", "peak")),
            "set",
            &[
                entry("workload.peak_rps", "9000 req/s"),
                entry("team.bo.count", "2"),
            ],
        );
        let expected = "# mine\nscenario: peak\ntitle: {en: Peak, zh: 峰值}\nprofile: peak\nset:\n  # the sale\n  workload.peak_rps: 9000 req/s  # measured\n  horizon: 3 year\n  team.bo.count: 2\n\n# end\n";
        assert_eq!(new.as_deref(), Some(expected));
    }

    #[test]
    fn a_flow_mapping_is_left_alone() {
        assert_eq!(
            patch_mapping("set: {a: 1}\n", None, "set", &[entry("a", "2")]),
            None
        );
        assert_eq!(
            patch_mapping("set:\n  a: {value: 1}\n", None, "set", &[entry("a", "2")]),
            None
        );
    }

    #[test]
    fn a_fresh_file_has_a_block() {
        assert_eq!(
            new_mapping("scenario: a\n", None, "set", &[]),
            "scenario: a\nset: {}\n"
        );
        assert_eq!(
            patch_mapping("scenario: a\nset: {}\n", None, "set", &[entry("x", "1")]).as_deref(),
            Some("scenario: a\nset:\n  x: 1\n")
        );
    }
}
