//! Generated text inside files that people edit: it lies between two markers, and everything outside them is kept.
//!
//! ```text
//! <!-- weigh:begin outcome sum="1f0c2a9b" -->
//! generated text
//! <!-- weigh:end -->
//! ```
//!
//! YAML front matter uses `# weigh:begin` and `# weigh:end`. A file may hold several blocks, told apart by their names. The `sum`
//! of a block shows whether a person edited the text inside; such a block is never replaced.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::lang::Text;
use crate::tr;

const HTML_BEGIN: &str = "<!-- weigh:begin";
const HTML_END: &str = "<!-- weigh:end -->";
const YAML_BEGIN: &str = "# weigh:begin";
const YAML_END: &str = "# weigh:end";

/// Generated text in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedBlock {
    pub name: String,
    /// Attributes of the begin marker, in its order.
    pub attributes: Vec<(String, String)>,
    /// Bytes of the begin marker.
    begin: Range<usize>,
    /// Bytes between the markers.
    inside: Range<usize>,
    is_yaml: bool,
}

/// Why generated text cannot be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkFault {
    /// There is no block of any of these names.
    NoMarkers { names: Vec<String> },
    /// A begin marker without its end, or the other way round.
    Unpaired { line: usize },
    /// Two blocks have the same name.
    Twice { name: String, line: usize },
    /// A person edited the text between the markers, or a marker.
    Edited { name: String, line: usize },
}

impl MarkFault {
    /// Returns what is wrong with `file` and how to go on.
    #[must_use]
    pub fn text(&self, file: &str) -> Text {
        match self {
            Self::NoMarkers { names } => {
                let names = names.join(", ");
                tr!(
                    "{file} has no text between `{HTML_BEGIN} NAME -->` and `{HTML_END}`, so nothing in it was replaced. Put these two \
                     lines around each part that may be written again (NAME is one of {names}; in front matter the lines are \
                     `{YAML_BEGIN} NAME` and `{YAML_END}`), or move the file away, and run the command again",
                    "{file} 中没有位于 `{HTML_BEGIN} 名称 -->` 与 `{HTML_END}` 之间的文本，因此未作任何替换。请用这两行包住允许重新生成的部分（名称为 {names} \
                     之一；在 front matter 中写作 `{YAML_BEGIN} 名称` 与 `{YAML_END}`），或将该文件移走，然后重新运行"
                )
            }
            Self::Unpaired { line } => tr!(
                "{file}:{line}: this `weigh:begin` or `weigh:end` has no counterpart, so nothing was replaced. Restore the missing line, \
                 or remove this one, and run the command again",
                "{file}:{line}：该 `weigh:begin` 或 `weigh:end` 没有与之配对的标记，因此未作任何替换。请补上缺失的一行或删去此行，然后重新运行"
            ),
            Self::Twice { name, line } => tr!(
                "{file}:{line}: a second block is called `{name}`, so nothing was replaced. Remove one of them and run the command again",
                "{file}:{line}：又一个名为 `{name}` 的区块，因此未作任何替换。请删去其中之一，然后重新运行"
            ),
            Self::Edited { name, line } => tr!(
                "{file}:{line}: the generated text of `{name}` was edited by hand, so nothing was replaced. Move what you wrote outside the \
                 markers, state the decision under `outcome:` in the decision file, empty the block, and run the command again",
                "{file}:{line}：`{name}` 区块中的生成文本被手工修改过，因此未作任何替换。请把手写内容移到标记之外，在决策文件的 `outcome:` \
                 中写明结论，清空该区块，然后重新运行"
            ),
        }
    }
}

impl MarkedBlock {
    /// Returns an attribute of the begin marker.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value.as_str())
    }
}

/// Returns the blocks of a text, in its order.
///
/// # Errors
/// If markers do not pair, a name occurs twice, or a marker cannot be read.
pub fn blocks(text: &str) -> Result<Vec<MarkedBlock>, MarkFault> {
    let mut found: Vec<MarkedBlock> = Vec::new();
    let mut at = 0;
    while let Some((begin, is_yaml)) = next_begin(text, at) {
        let (open, shut, last) = if is_yaml {
            (YAML_BEGIN, YAML_END, line_end(text, begin))
        } else {
            let close = text[begin..].find("-->").map(|n| begin + n + "-->".len());
            (HTML_BEGIN, HTML_END, close.unwrap_or(text.len()))
        };
        let line = line_of(text, begin);
        let Some(end) = text[last..].find(shut).map(|n| last + n) else {
            return Err(MarkFault::Unpaired { line });
        };
        if next_begin(text, last).is_some_and(|(next, _)| next < end) || stray_end(&text[at..begin])
        {
            return Err(MarkFault::Unpaired { line });
        }
        let marker = text[begin + open.len()..last].trim_end_matches("-->");
        let Some((name, attributes)) = parse_marker(marker) else {
            let name = marker.split_whitespace().next().unwrap_or_default();
            return Err(MarkFault::Edited {
                name: name.to_owned(),
                line,
            });
        };
        if found.iter().any(|block| block.name == name) {
            return Err(MarkFault::Twice { name, line });
        }
        found.push(MarkedBlock {
            name,
            attributes,
            begin: begin..last,
            inside: last..end,
            is_yaml,
        });
        at = end + shut.len();
    }
    if stray_end(&text[at..]) {
        let line = line_of(text, text.len());
        return Err(MarkFault::Unpaired { line });
    }
    Ok(found)
}

/// Whether a begin marker of a text has this attribute; also where the markers are unsound.
#[must_use]
pub fn has_attribute(text: &str, key: &str, value: &str) -> bool {
    let wanted = format!(" {key}=\"{}\"", encode(value));
    text.lines()
        .any(|line| line.contains("weigh:begin") && line.contains(&wanted))
}

/// Marks a page that a template rendered: blocks get their checksums and the first one gets the attributes. A page without
/// markers becomes a block `status` in its front matter and a block `page`.
#[must_use]
pub fn seal(page: &str, attributes: &[(&str, String)]) -> String {
    let page = match blocks(page) {
        Ok(found) if found.is_empty() => mark_all(page),
        _ => page.to_owned(),
    };
    let found = blocks(&page).expect("templates hold sound markers");
    let mut sealed = String::with_capacity(page.len() + 256);
    let mut at = 0;
    for (k, block) in found.iter().enumerate() {
        let given = attributes
            .iter()
            .filter(|(_, value)| k == 0 && !value.is_empty());
        let mut own: Vec<(&str, String)> =
            given.map(|(key, value)| (*key, value.clone())).collect();
        own.push(("sum", checksum(&page[block.inside.clone()])));
        sealed += &page[at..block.begin.start];
        sealed += &marker(&block.name, &own, block.is_yaml);
        at = block.begin.end;
    }
    sealed + &page[at..]
}

/// Puts comments at the end of the first block of a page.
#[must_use]
pub fn with_comments(page: &str, comments: &[String]) -> String {
    let page = match blocks(page) {
        Ok(found) if found.is_empty() => mark_all(page),
        _ => page.to_owned(),
    };
    let found = blocks(&page).expect("templates hold sound markers");
    let Some(block) = found.iter().find(|block| !block.is_yaml) else {
        return page;
    };
    let (before, after) = page.split_at(block.inside.end);
    let before = before.trim_end();
    let comments = comments.join("\n");
    format!("{before}\n\n{comments}\n{after}")
}

/// Replaces the generated text of `old` by that of the block of the same name in `new`, and keeps everything else byte for byte.
/// Blocks that `old` lacks stay out.
///
/// # Errors
/// If `old` has none of these blocks, a person edited one, or its markers are unsound.
pub fn merge(old: &str, new: &str) -> Result<String, MarkFault> {
    let fresh = blocks(new).expect("generated markers are sound");
    let newline = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let mut merged = String::with_capacity(old.len().max(new.len()));
    let (mut at, mut replaced) = (0, 0);
    for block in blocks(old)? {
        let Some(own) = fresh.iter().find(|own| own.name == block.name) else {
            continue;
        };
        let (was, is) = (&old[block.inside.clone()], &new[own.inside.clone()]);
        let is_edited = block
            .attribute("sum")
            .is_some_and(|sum| sum != checksum(was));
        if is_edited && !was.trim().is_empty() && checksum(was) != checksum(is) {
            let line = line_of(old, block.begin.start);
            return Err(MarkFault::Edited {
                name: block.name,
                line,
            });
        }
        merged += &old[at..block.begin.start];
        merged += &new[own.begin.clone()];
        merged += &is.replace("\r\n", "\n").replace('\n', newline);
        at = block.inside.end;
        replaced += 1;
    }
    if replaced == 0 {
        return Err(MarkFault::NoMarkers {
            names: fresh.into_iter().map(|block| block.name).collect(),
        });
    }
    Ok(merged + &old[at..])
}

/// Puts markers around a page that has none: a block in its front matter, and one with the rest.
fn mark_all(page: &str) -> String {
    let body = |text: &str| format!("{HTML_BEGIN} page -->\n{}\n{HTML_END}\n", text.trim_end());
    let front = page
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    match front {
        Some((front, rest)) => format!(
            "---\n{YAML_BEGIN} status\n{front}\n{YAML_END}\n---\n\n{}",
            body(rest.trim_start_matches('\n'))
        ),
        None => body(page),
    }
}

/// Returns where the next begin marker starts, and whether it is that of front matter.
fn next_begin(text: &str, at: usize) -> Option<(usize, bool)> {
    let find = |marker: &str| text[at..].find(marker).map(|n| at + n);
    match (find(HTML_BEGIN), find(YAML_BEGIN)) {
        (Some(html), Some(yaml)) => Some((html.min(yaml), yaml < html)),
        (html, yaml) => html.map(|n| (n, false)).or(yaml.map(|n| (n, true))),
    }
}

fn stray_end(text: &str) -> bool {
    text.contains(HTML_END) || text.contains(YAML_END)
}

/// Returns the end of the line, without its line break.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    end - usize::from(text[..end].ends_with('\r'))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Reads `NAME key="value" ...`; `None` if anything else stands there.
fn parse_marker(marker: &str) -> Option<(String, Vec<(String, String)>)> {
    let marker = marker.trim();
    let (name, mut rest) = marker.split_once(' ').unwrap_or((marker, ""));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    let mut attributes = Vec::new();
    while !rest.trim_start().is_empty() {
        let (key, after) = rest.trim_start().split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        attributes.push((key.to_owned(), decode(value)?));
        rest = after;
    }
    Some((name.to_owned(), attributes))
}

fn marker(name: &str, attributes: &[(&str, String)], is_yaml: bool) -> String {
    let attributes: String = attributes
        .iter()
        .map(|(key, value)| format!(" {key}=\"{}\"", encode(value)))
        .collect();
    if is_yaml {
        format!("{YAML_BEGIN} {name}{attributes}")
    } else {
        format!("{HTML_BEGIN} {name}{attributes} -->")
    }
}

/// Writes a value so that neither quotes, comments nor lines end in it.
fn encode(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        if matches!(c, '%' | '"' | '<' | '>') || c.is_control() || c == '-' && out.ends_with('-') {
            out += &format!("%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn decode(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = u32::from_str_radix(part.get(..2)?, 16).ok()?;
        out.push(char::from_u32(code)?);
        out += &part[2..];
    }
    Some(out)
}

/// Returns the first eight digits of the SHA-256 of a text; line breaks of Windows and blank space around it do not count.
fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").trim().as_bytes());
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "---\n# weigh:begin status\nstatus: \"proposed\"\n# weigh:end\n---\n\n# Title\n\n\
        <!-- weigh:begin context -->\nOld context\n<!-- weigh:end -->\n\n<!-- weigh:begin outcome -->\nOld outcome\n<!-- weigh:end -->\n";

    fn page(text: &str) -> String {
        let given = [
            ("decision", "a \"--> b".to_owned()),
            ("chosen", String::new()),
        ];
        seal(&PAGE.replace("Old", text), &given)
    }

    /// What stands outside the markers.
    fn outside(text: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let mut at = 0;
        for block in blocks(text).expect("sound markers") {
            parts.push(text[at..block.begin.start].to_owned());
            at = block.inside.end;
        }
        parts.push(text[at..].to_owned());
        parts
    }

    #[test]
    fn attributes_survive_and_text_is_replaced() {
        let old = page("Old");
        let found = blocks(&old).expect("sound markers");
        assert_eq!(
            found.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(),
            ["status", "context", "outcome"]
        );
        assert_eq!(found[0].attribute("decision"), Some("a \"--> b"));
        assert_eq!(found[0].attribute("chosen"), None);
        let new = page("New");
        assert_eq!(merge(&old, &new), Ok(new));
    }

    #[test]
    fn what_a_person_edited_inside_is_refused() {
        let old = page("Old").replace("Old outcome", "My outcome");
        let fault = merge(&old, &page("New")).expect_err("it was edited");
        assert_eq!(
            fault,
            MarkFault::Edited {
                name: "outcome".to_owned(),
                line: 13
            }
        );
        // An emptied block asks to be written again; one that a person removed stays out.
        let emptied = page("Old").replace("Old outcome\n", "");
        assert_eq!(merge(&emptied, &page("New")), Ok(page("New")));
        let (kept, _) = old.split_once("<!-- weigh:begin outcome").expect("a block");
        let merged = merge(kept, &page("New")).expect("the others are sound");
        assert!(merged.contains("New context") && !merged.contains("outcome"));
    }

    #[test]
    fn unsound_markers_are_refused() {
        let new = page("New");
        for text in ["", "# Title\n", "<!-- weigh: auth -->\n"] {
            assert!(
                matches!(merge(text, &new), Err(MarkFault::NoMarkers { .. })),
                "{text}"
            );
        }
        for text in [
            "<!-- weigh:begin context -->\n",
            "<!-- weigh:end -->\n",
            "<!-- weigh:begin context -->\n<!-- weigh:begin outcome -->\n<!-- weigh:end -->\n",
            "<!-- weigh:begin context -->\n<!-- weigh:end -->\n<!-- weigh:end -->\n",
        ] {
            assert!(
                matches!(merge(text, &new), Err(MarkFault::Unpaired { .. })),
                "{text}"
            );
        }
        let twice = "<!-- weigh:begin context -->\n<!-- weigh:end -->\n".repeat(2);
        assert!(matches!(merge(&twice, &new), Err(MarkFault::Twice { .. })));
    }

    #[test]
    fn line_breaks_of_windows_stay() {
        let old = page("Old").replace('\n', "\r\n");
        assert_eq!(
            merge(&old, &page("New")),
            Ok(page("New").replace('\n', "\r\n"))
        );
    }

    #[test]
    fn a_page_without_markers_gets_them() {
        let own = seal(
            "---\nstatus: x\n---\n\n# T\n\ntext\n",
            &[("decision", "d".to_owned())],
        );
        let names: Vec<String> = blocks(&own)
            .expect("sound")
            .into_iter()
            .map(|b| b.name)
            .collect();
        assert_eq!(names, ["status", "page"]);
        assert!(
            own.starts_with("---\n# weigh:begin status decision=\"d\" sum="),
            "{own}"
        );
    }

    proptest! {
        /// A person writes at ten random places outside the markers; ten runs later all of it is there, byte for byte.
        #[test]
        fn what_people_write_outside_survives(
            edits in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\u{4e2d}\r\n]{0,12}"), 10)
        ) {
            let mut text = page("Old");
            for (run, (place, words)) in edits.iter().enumerate() {
                let taken: Vec<Range<usize>> = blocks(&text)
                    .expect("sound markers")
                    .into_iter()
                    .map(|b| {
                        let end = if b.is_yaml { YAML_END } else { HTML_END };
                        b.begin.start + 1..b.inside.end + end.len()
                    })
                    .collect();
                let free: Vec<usize> = (0..=text.len())
                    .filter(|at| text.is_char_boundary(*at) && !taken.iter().any(|r| r.contains(at)))
                    .collect();
                text.insert_str(free[place.index(free.len())], words);
                let before = outside(&text);
                text = merge(&text, &page(&format!("Run {run}"))).expect("the markers are sound");
                prop_assert_eq!(outside(&text), before);
                let context = format!("Run {run} context");
                prop_assert!(text.contains(&context));
            }
        }
    }
}
