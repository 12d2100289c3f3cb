//! Messages in the source: each has its Chinese, and all are made by `tr!`, so that they compose.

use std::path::Path;

use crate::import_rules::sources;

/// The bytes of a string literal at the start of `text`, quotes included; `None` where another token stands.
fn literal(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix('r') {
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let body = rest[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(1 + hashes + 1 + body.find(&end)? + end.len());
    }
    let body = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            '"' if !escaped => return Some(at + 2),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// The lines on which `tr!` has one literal only, which is English.
fn untranslated(source: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    for (at, name) in source.match_indices("tr!(") {
        let line_start = source[..at].rfind('\n').map_or(0, |n| n + 1);
        let is_comment = source[line_start..at].trim_start().starts_with("//");
        let is_other_macro = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let call = source[at + name.len()..].trim_start();
        let Some(english) = literal(call).filter(|_| !is_comment && !is_other_macro) else {
            continue;
        };
        let behind = call[english..].trim_start();
        let second = behind.strip_prefix(',').map(str::trim_start);
        if second.and_then(literal).is_none() {
            lines.push(source[..at].matches('\n').count() + 1);
        }
    }
    lines
}

#[test]
fn one_literal_is_untranslated() {
    let source = "let a = tr!(\"{n} files\", \"{n} 个文件\");\nlet b = tr!(\n    \"\\\"{n}\\\" files\",\n    n = 3,\n);\n\
                  // tr!(\"a comment\")\nlet c = tr!(r#\"a \"word\"\"#);\nlet d = xtr!(\"other\");\n";
    assert_eq!(untranslated(source), [2, 7]);
}

#[test]
fn untranslated_messages() {
    let mut open = Vec::new();
    for (path, _, text) in sources() {
        let path = Path::new("src").join(path);
        let lines = untranslated(&text).into_iter();
        open.extend(lines.map(|line| format!("{}:{line}", path.display())));
    }
    assert!(
        open.is_empty(),
        "add the Chinese as the second argument of `tr!`:\n{}",
        open.join("\n")
    );
}

/// A text written as a struct literal cannot take other texts as arguments and may lack its Chinese.
#[test]
fn texts_are_made_by_the_macro() {
    const SIGNS: [&str; 6] = [
        "en: format!",
        "zh: format!",
        ".en +=",
        ".zh +=",
        ".en.push_str(",
        ".zh.push_str(",
    ];
    let mut found = Vec::new();
    for (path, _, text) in sources() {
        let path = Path::new("src").join(path);
        let name = path.to_string_lossy().replace('\\', "/");
        if name == "src/engine/lang.rs" {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if SIGNS.iter().any(|sign| line.contains(sign)) {
                found.push(format!("{name}:{}", at + 1));
            }
        }
    }
    assert!(
        found.is_empty(),
        "use `tr!`, `Text::push` or `Text::join`:\n{}",
        found.join("\n")
    );
}
