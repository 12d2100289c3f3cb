//! Parses YAML into a tree in which every key and value has its place in the file.
//!
//! Most of a program's start is spent here. serde's visitors are generic, so they are optimised like this crate.

mod node;

pub use node::{MappingKey, Node, YamlValue};

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use serde_yaml::{Error, Spanned};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::source::{SourceId, Sources, Span};
use crate::tr;

/// Limit on the nodes of one document: a catalog of 10,000 candidates with 30 full facts has about four million.
const MOST_NODES: usize = 5_000_000;
/// Limit on the nodes that aliases add.
const MOST_REPLAYED: usize = 100_000;
/// Limit on nesting.
const DEEPEST: usize = 64;

/// Reads one document; an empty one is an empty mapping. Problems go to the sink.
#[must_use]
pub fn parse(source: SourceId, sources: &Sources, sink: &mut Diagnostics) -> Option<Node> {
    let text = sources.get(source).text();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: MOST_NODES,
            max_events: 4 * MOST_NODES,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_documents: 1,
            max_total_scalar_bytes: 400_000_000,
            max_recorded_anchor_events: MOST_REPLAYED,
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MOST_REPLAYED },
        // Repeated keys reach `validate`, which reports every one of them.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        with_snippet: false,
    };
    SOURCE.set(source);
    match serde_yaml::from_str_with_options::<Option<YamlTree>>(text, options) {
        Ok(Some(YamlTree(node))) if node.value != YamlValue::Null => Some(node),
        Ok(_) => Some(Node {
            span: Span {
                source,
                start: 0,
                end: end.min(1),
            },
            value: YamlValue::Map(Vec::new()),
        }),
        Err(error) => {
            sink.push(diagnostic(&error, source, text));
            None
        }
    }
}

thread_local! {
    /// The text being read; serde's visitors cannot carry it.
    static SOURCE: Cell<SourceId> = Cell::default();
}

fn span(location: serde_yaml::Location) -> Span {
    let bytes = location.span();
    let at = |byte: Option<u64>| u32::try_from(byte.unwrap_or(0)).unwrap_or(u32::MAX);
    let start = at(bytes.byte_offset());
    let length = at(bytes.byte_len());
    Span {
        source: SOURCE.get(),
        start,
        end: start.saturating_add(length),
    }
}

struct YamlTree(Node);

impl<'de> Deserialize<'de> for YamlTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Bare>::deserialize(deserializer)?;
        Ok(Self(Node {
            span: span(spanned.referenced),
            value: spanned.value.0,
        }))
    }
}

struct Bare(YamlValue);

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BareVisitor).map(Bare)
    }
}

struct BareVisitor;

impl<'de> Visitor<'de> for BareVisitor {
    type Value = YamlValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Flag(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(v as f64))
    }

    fn visit_u64<E>(self, v: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(v as f64))
    }

    fn visit_i128<E>(self, v: i128) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(v as f64))
    }

    fn visit_u128<E>(self, v: u128) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(v as f64))
    }

    fn visit_f64<E>(self, v: f64) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<YamlValue, E> {
        Ok(YamlValue::Text(v.into()))
    }

    fn visit_string<E>(self, v: String) -> Result<YamlValue, E> {
        Ok(YamlValue::Text(v.into()))
    }

    fn visit_unit<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_none<E>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<YamlValue, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<YamlValue, A::Error> {
        let mut items = Vec::new();
        while let Some(YamlTree(node)) = seq.next_element()? {
            items.push(node);
        }
        Ok(YamlValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<YamlValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let YamlTree(node) = map.next_value()?;
            entries.push((
                MappingKey {
                    span: span(key.referenced),
                    text: key.value.into(),
                },
                node,
            ));
        }
        Ok(YamlValue::Map(entries))
    }
}

/// Translates a parser error: the parser's own messages are English and describe its internals.
fn diagnostic(error: &Error, source: SourceId, text: &str) -> Diagnostic {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let place = error.location().map_or(
        Span {
            source,
            start: end,
            end,
        },
        |l| place(l, source, text),
    );
    let (code, message, hint): (Code, Text, Option<Text>) = match bare(error) {
        Error::Budget { breach, .. } => budget(breach),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. } => aliases(),
        Error::UnknownAnchor { .. } => (
            Code::Syntax,
            tr!("this alias has no anchor", "该别名没有对应的锚点"),
            None,
        ),
        Error::MultipleDocuments { .. } => (
            Code::Syntax,
            tr!(
                "a file contains exactly one document",
                "一个文件只能包含一个文档"
            ),
            Some(tr!("remove the `---`", "请删除 `---`")),
        ),
        Error::NonFiniteFloat { .. } => (
            Code::NotAQuantity,
            tr!(
                "infinity and NaN are not values here",
                "此处不接受无穷大与 NaN"
            ),
            Some(tr!(
                "leave it out, or write `{{missing: reason}}`",
                "请省略，或写成 `{{missing: 原因}}`"
            )),
        ),
        Error::InvalidBooleanStrict { .. } => (
            Code::WrongType,
            tr!("write `true` or `false`", "请写 `true` 或 `false`"),
            None,
        ),
        other => {
            let said = other.to_string();
            // The parser checks its own nesting limit before the budget.
            if ["nesting", "depth", "recursion", "budget breached"]
                .iter()
                .any(|word| said.contains(word))
            {
                (
                    Code::TooDeep,
                    tr!("the document nests too deeply", "文档嵌套过深"),
                    Some(tr!("at most {DEEPEST} levels", "最多 {DEEPEST} 层")),
                )
            } else {
                let said = said.lines().next().unwrap_or_default().to_owned();
                let said = said
                    .split(" at line ")
                    .next()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned();
                let hint = likely(text, place);
                (
                    Code::Syntax,
                    // The parser describes the problem in English only.
                    tr!("this is not YAML: {said}", "此处不是合法的 YAML"),
                    Some(hint),
                )
            }
        }
    };
    Diagnostic::new(code, place, message).maybe_hint(hint)
}

/// Describes the limit that was exceeded.
fn budget(breach: &BudgetBreach) -> (Code, Text, Option<Text>) {
    match breach {
        BudgetBreach::Documents { .. } => (
            Code::Syntax,
            tr!(
                "a file contains exactly one document",
                "一个文件只能包含一个文档"
            ),
            Some(tr!("remove the `---`", "请删除 `---`")),
        ),
        BudgetBreach::Depth { .. } => (
            Code::TooDeep,
            tr!("the document nests too deeply", "文档嵌套过深"),
            Some(tr!("at most {DEEPEST} levels", "最多 {DEEPEST} 层")),
        ),
        BudgetBreach::Nodes { .. }
        | BudgetBreach::Events { .. }
        | BudgetBreach::ScalarBytes { .. } => (
            Code::TooLarge,
            tr!(
                "the document holds more than {MOST_NODES} values",
                "文档包含超过 {MOST_NODES} 个值"
            ),
            Some(tr!(
                "split it: a catalog may have one file per candidate",
                "请拆分：目录可为每个候选建一个文件"
            )),
        ),
        _ => aliases(),
    }
}

fn aliases() -> (Code, Text, Option<Text>) {
    (
        Code::TooDeep,
        tr!(
            "the aliases of this document expand too far",
            "该文档的别名展开过大"
        ),
        Some(tr!(
            "aliases may add at most {MOST_REPLAYED} values: write them out",
            "别名最多增加 {MOST_REPLAYED} 个值：请直接写出"
        )),
    )
}

/// Returns the place of an error: by byte offset if known, else by line and column.
fn place(location: serde_yaml::Location, source: SourceId, text: &str) -> Span {
    let clamp = |at: usize| u32::try_from(at.min(text.len())).unwrap_or(u32::MAX);
    if location.span().byte_offset().is_some() {
        let Span { start, end, .. } = span(location);
        return Span {
            source,
            start: clamp(start as usize),
            end: clamp(end as usize),
        };
    }
    let (line, column) = (
        location.line().saturating_sub(1),
        location.column().saturating_sub(1),
    );
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let before: usize = text
        .split_inclusive('\n')
        .take(count(line))
        .map(str::len)
        .sum();
    let within: usize = text[before..]
        .chars()
        .take(count(column))
        .map(char::len_utf8)
        .sum();
    Span {
        source,
        start: clamp(before + within),
        end: clamp(before + within),
    }
}

/// Unwraps an error that was reached through an alias.
fn bare(error: &Error) -> &Error {
    match error.without_snippet() {
        Error::AliasError { error, .. } => bare(error),
        plain => plain,
    }
}

/// Guesses the likely mistake at this place.
fn likely(text: &str, place: Span) -> Text {
    let at = (place.start as usize).min(text.len());
    let line_start = text[..floor(text, at)].rfind('\n').map_or(0, |i| i + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    if line.trim_start_matches(' ').starts_with('\t') {
        tr!(
            "indent with spaces, not with tabs",
            "请用空格缩进，不要用制表符"
        )
    } else if line.matches(": ").count() > 1 {
        tr!(
            "put a value that contains `: ` into quotes",
            "含有 `: ` 的值请加引号"
        )
    } else {
        tr!(
            "look for an open bracket or quote, or for indentation, at or above this line",
            "请检查此行及其上方未闭合的括号、引号或缩进"
        )
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
