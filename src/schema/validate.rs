//! Checks a tree against its JSON Schema and reports every mismatch at its place.

use std::collections::HashSet;

use super::shape::{DocumentShape, JsonType, NodeShape, ShapeId};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::source::{Span, did_you_mean, did_you_mean_clause};
use crate::tr;
use crate::yaml::{MappingKey, Node, YamlValue};

/// Words that other tools use for a key, and the key.
const SYNONYMS: &[(&str, &str)] = &[
    ("weight", "points"),
    ("weights", "points"),
    ("score", "points"),
    ("options", "candidates"),
    ("alternatives", "candidates"),
    ("option", "candidate"),
    ("formula", "expr"),
    ("expression", "expr"),
    ("min", "worst"),
    ("max", "best"),
    ("name", "title"),
    ("description", "about"),
    ("overrides", "replaces"),
    ("override", "replaces"),
    ("extends", "replaces"),
    ("depends_on", "requires"),
    ("inputs", "context"),
    ("date", "as_of"),
    ("valid_until", "expires"),
];

/// Limit on the diagnostics of one file: building them takes time and memory.
const MOST: usize = 1_000;

/// Reports every key, type, word and number that the shape does not allow; returns `true` if there are none.
pub fn validate(node: &Node, shape: &DocumentShape, sink: &mut Diagnostics) -> bool {
    let found = walk(node, shape);
    let sound = found.0.is_empty();
    for diagnostic in found.0 {
        sink.push(diagnostic);
    }
    sound
}

/// Reports the same and removes the invalid parts from the tree, so that the rest can still be read and checked.
pub fn prune(node: &mut Node, shape: &DocumentShape, sink: &mut Diagnostics) {
    let (found, unfit) = walk(node, shape);
    for diagnostic in found {
        sink.push(diagnostic);
    }
    if !unfit.is_empty() {
        cut(node, &unfit);
    }
}

/// Returns the mismatches, and the places of the keys and values to remove.
fn walk(node: &Node, shape: &DocumentShape) -> (Vec<Diagnostic>, HashSet<Span>) {
    let mut walk = Validator {
        shape,
        found: Vec::new(),
        unfit: HashSet::new(),
    };
    walk.node(node, shape.root);
    (walk.found, walk.unfit)
}

fn cut(node: &mut Node, unfit: &HashSet<Span>) {
    match &mut node.value {
        YamlValue::Map(entries) => {
            entries
                .retain(|(key, value)| !unfit.contains(&key.span) && !unfit.contains(&value.span));
            entries.iter_mut().for_each(|(_, value)| cut(value, unfit));
        }
        YamlValue::List(items) => {
            items.retain(|item| !unfit.contains(&item.span));
            items.iter_mut().for_each(|item| cut(item, unfit));
        }
        _ => {}
    }
}

struct Validator<'a> {
    shape: &'a DocumentShape,
    found: Vec<Diagnostic>,
    /// Places of invalid keys and values, and of mappings that lack a required key.
    unfit: HashSet<Span>,
}

impl<'a> Validator<'a> {
    fn node(&mut self, node: &Node, id: ShapeId) {
        if self.found.len() >= MOST {
            return;
        }
        let form = &self.shape.forms[id];
        if !form.any.is_empty() {
            return self.branches(node, form);
        }
        if !fits(node, &form.types) {
            let (expected, given) = (expected(self.shape, id), given(node));
            let message = tr!(
                "expected {expected}, found {given}",
                "应为{expected}，却是{given}"
            );
            self.unfit.insert(node.span);
            self.found
                .push(Diagnostic::new(Code::WrongType, node.span, message));
            return;
        }
        match &node.value {
            YamlValue::Map(entries) => self.map(node, entries, form),
            YamlValue::List(items) => {
                for item in items {
                    if let Some(of) = form.items {
                        self.node(item, of);
                    }
                }
            }
            YamlValue::Text(word)
                if !form.words.is_empty() && !form.words.iter().any(|w| **w == **word) =>
            {
                self.word(node, word, form)
            }
            YamlValue::Number(x) => self.number(node, *x, form),
            _ => {}
        }
    }

    /// Checks the branch with a matching type; among several, the first that is valid, else the last.
    fn branches(&mut self, node: &Node, form: &'a NodeShape) {
        let mut last = None;
        for &branch in &form.any {
            let mut trial = Validator {
                shape: self.shape,
                found: Vec::new(),
                unfit: HashSet::new(),
            };
            if !could_be(self.shape, branch, node) {
                continue;
            }
            trial.node(node, branch);
            if trial.found.is_empty() {
                return;
            }
            last = Some(trial);
        }
        match last {
            Some(trial) => {
                self.found.extend(trial.found);
                self.unfit.extend(trial.unfit);
            }
            None => {
                self.unfit.insert(node.span);
                let mut names: Vec<Text> =
                    form.any.iter().map(|&b| expected(self.shape, b)).collect();
                names.retain(|t| t.en != "nothing");
                names.dedup();
                let (expected, given) = (any_of(&names), given(node));
                let message = tr!(
                    "expected {expected}, found {given}",
                    "应为{expected}，却是{given}"
                );
                self.found
                    .push(Diagnostic::new(Code::WrongType, node.span, message));
            }
        }
    }

    fn map(&mut self, node: &Node, entries: &[(MappingKey, Node)], form: &NodeShape) {
        let mut seen: std::collections::HashMap<&str, &MappingKey> =
            std::collections::HashMap::with_capacity(entries.len());
        for (key, value) in entries {
            if self.found.len() >= MOST {
                return;
            }
            if let Some(first) = seen.insert(&key.text, key) {
                let name = &key.text;
                let again = Diagnostic::new(
                    Code::DuplicateKey,
                    key.span,
                    tr!("duplicate key `{name}`", "键 `{name}` 重复出现"),
                );
                let hint = tr!("remove one of them", "请删除其中一个");
                self.found.push(
                    again
                        .label(first.span, tr!("first here", "首次出现在此"))
                        .hint(hint),
                );
                self.unfit.insert(key.span);
            }
            match form.properties.get(&*key.text).copied().or(form.others) {
                Some(of) => self.node(value, of),
                None if form.open => {}
                None => self.unknown(key, form),
            }
        }
        for wanted in form
            .required
            .iter()
            .filter(|w| !seen.contains_key(w.as_str()))
        {
            let place = entries.first().map_or(node.span, |(key, _)| key.span);
            self.unfit.insert(node.span);
            self.found.push(Diagnostic::new(
                Code::MissingKey,
                place,
                tr!("missing key `{wanted}`", "此处缺少键 `{wanted}`"),
            ));
        }
    }

    fn unknown(&mut self, key: &MappingKey, form: &NodeShape) {
        let name = &key.text;
        self.unfit.insert(key.span);
        let keys = || form.keys.iter().map(String::as_str);
        let same = SYNONYMS
            .iter()
            .filter(|(typed, _)| *typed == name.to_lowercase())
            .find_map(|(_, key)| keys().find(|known| known == key));
        let hint = match same {
            Some(key) => Some(tr!("the key is called `{key}`", "该键名为 `{key}`")),
            None => did_you_mean(name, keys()),
        };
        let hint = hint.unwrap_or_else(|| {
            let known = quoted(&form.keys);
            tr!("known keys: {known}", "可用的键：{known}")
        });
        self.found.push(
            Diagnostic::new(
                Code::UnknownKey,
                key.span,
                tr!("unknown key `{name}`", "未知的键 `{name}`"),
            )
            .hint(hint),
        );
    }

    fn word(&mut self, node: &Node, word: &str, form: &NodeShape) {
        self.unfit.insert(node.span);
        let known = quoted(&form.words);
        let near = did_you_mean_clause(word, form.words.iter().map(String::as_str));
        let hint = tr!("one of: {known}{near}", "可用：{known}{near}");
        self.found.push(
            Diagnostic::new(
                Code::NotAllowed,
                node.span,
                tr!("`{word}` is not allowed here", "此处不能写 `{word}`"),
            )
            .hint(hint),
        );
    }

    fn number(&mut self, node: &Node, x: f64, form: &NodeShape) {
        let low = form.minimum.filter(|least| x < *least);
        let high = form.maximum.filter(|most| x > *most);
        if low.is_some() || high.is_some() {
            self.unfit.insert(node.span);
        }
        if let Some(bound) = low {
            self.found.push(Diagnostic::new(
                Code::OutOfRange,
                node.span,
                tr!("{x} is below {bound}", "{x} 小于 {bound}"),
            ));
        }
        if let Some(bound) = high {
            self.found.push(Diagnostic::new(
                Code::OutOfRange,
                node.span,
                tr!("{x} is above {bound}", "{x} 大于 {bound}"),
            ));
        }
    }
}

fn quoted(words: &[String]) -> String {
    words
        .iter()
        .map(|w| format!("`{w}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn fits(node: &Node, types: &[JsonType]) -> bool {
    types.is_empty()
        || types.iter().any(|kind| match (kind, &node.value) {
            (JsonType::Null, YamlValue::Null)
            | (JsonType::Flag, YamlValue::Flag(_))
            | (JsonType::Number, YamlValue::Number(_))
            | (JsonType::Text, YamlValue::Text(_))
            | (JsonType::List, YamlValue::List(_))
            | (JsonType::Map, YamlValue::Map(_)) => true,
            (JsonType::Whole, YamlValue::Number(x)) => x.fract() == 0.0,
            _ => false,
        })
}

fn could_be(shape: &DocumentShape, id: ShapeId, node: &Node) -> bool {
    let form = &shape.forms[id];
    if form.any.is_empty() {
        fits(node, &form.types)
    } else {
        form.any.iter().any(|&b| could_be(shape, b, node))
    }
}

fn expected(shape: &DocumentShape, id: ShapeId) -> Text {
    let form = &shape.forms[id];
    let name = |kind: &JsonType| match kind {
        JsonType::Null => tr!("nothing", "空"),
        JsonType::Flag => tr!("true or false", "true 或 false"),
        JsonType::Number => tr!("a number", "数字"),
        JsonType::Whole => tr!("a whole number", "整数"),
        JsonType::Text => tr!("text", "文本"),
        JsonType::List => tr!("a list", "列表"),
        JsonType::Map => tr!("a mapping", "映射"),
    };
    let names: Vec<Text> = form
        .types
        .iter()
        .filter(|k| **k != JsonType::Null)
        .map(name)
        .collect();
    if names.is_empty() && form.types.is_empty() {
        return tr!("another value", "其他值");
    }
    if names.is_empty() {
        return tr!("nothing", "空");
    }
    any_of(&names)
}

fn any_of(names: &[Text]) -> Text {
    Text::join(names, &tr!(" or ", "或"))
}

fn given(node: &Node) -> Text {
    match &node.value {
        YamlValue::Null => tr!("nothing", "空"),
        YamlValue::Flag(flag) => tr!("`{flag}`", "`{flag}`"),
        YamlValue::Number(x) => tr!("the number {x}", "数字 {x}"),
        YamlValue::Text(word) => {
            let word: String = word.chars().take(40).collect();
            tr!("the text `{word}`", "文本 `{word}`")
        }
        YamlValue::List(_) => tr!("a list", "列表"),
        YamlValue::Map(_) => tr!("a mapping", "映射"),
    }
}
