//! Candidates made of parts: facts are combined by the measure's roll-up, and requirements are met by existing
//! components or other parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::formula::TextCodes;
use crate::lang::Text;
use crate::load::lower::candidate::RawCandidate;
use crate::model::evidence::{EvidenceKind, Fact, FactValue, Provenance, RolledUp};
use crate::model::library::{Measure, Rollup, ValueForm};
use crate::tr;

/// Limit on the parts of one candidate, including parts of parts, because it holds a copy of the facts of each.
const MOST_PARTS: usize = 1_000;

/// The known parts of a candidate.
pub(crate) fn parts<'a>(
    candidate: &RawCandidate,
    all: &'a BTreeMap<String, RawCandidate>,
) -> Vec<&'a RawCandidate> {
    candidate
        .parts
        .iter()
        .filter_map(|p| all.get(&p.value))
        .collect()
}

/// Returns the ids of the parts that a candidate comes down to, parts of parts included, each once and in order; none unless it is
/// composite.
pub(crate) fn basic_parts(id: &str, all: &BTreeMap<String, RawCandidate>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if all
        .get(id)
        .is_none_or(|candidate| candidate.parts.is_empty())
    {
        return found;
    }
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = vec![id];
    while let Some(id) = open.pop() {
        let Some(candidate) = all.get(id).filter(|_| seen.insert(id)) else {
            continue;
        };
        if candidate.parts.is_empty() {
            found.push(id.to_owned());
        }
        open.extend(candidate.parts.iter().rev().map(|part| part.value.as_str()));
    }
    found
}

/// Combines the facts of parts for every composite candidate; parts are processed before their whole.
pub(crate) fn combine_all(
    all: &mut BTreeMap<String, RawCandidate>,
    measures: &BTreeMap<String, Measure>,
    words: &mut TextCodes,
    sink: &mut Diagnostics,
) {
    let wholes: Vec<String> = all
        .iter()
        .filter(|(_, c)| !c.parts.is_empty())
        .map(|(id, _)| id.clone())
        .collect();
    // The number of parts of each candidate; 0 if its parts cannot be combined.
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for id in &wholes {
        descend(id, all, measures, words, &mut sizes, sink);
    }
}

/// Depth-first traversal without recursion, because a chain of parts may be as long as the catalog.
fn descend(
    id: &str,
    all: &mut BTreeMap<String, RawCandidate>,
    measures: &BTreeMap<String, Measure>,
    words: &mut TextCodes,
    sizes: &mut BTreeMap<String, usize>,
    sink: &mut Diagnostics,
) {
    let mut path = vec![(id.to_owned(), 0)];
    let mut on_path = BTreeSet::from([id.to_owned()]);
    while let Some((id, next)) = path.last_mut() {
        let part = all
            .get(id.as_str())
            .and_then(|c| c.parts.get(*next))
            .cloned();
        *next += 1;
        match part {
            Some(part) if on_path.contains(&part.value) => {
                let start = path.iter().position(|(p, _)| *p == part.value).unwrap_or(0);
                let way: Vec<&str> = path[start..]
                    .iter()
                    .map(|(p, _)| p.as_str())
                    .chain([part.value.as_str()])
                    .collect();
                cycle(&way, part.span, sink);
                // Candidates on the cycle get no combined facts; one message covers all of them.
                sizes.extend(path[start..].iter().map(|(p, _)| (p.clone(), 0)));
                return;
            }
            Some(part)
                if sizes.contains_key(&part.value)
                    || all.get(&part.value).is_none_or(|c| c.parts.is_empty()) => {}
            Some(part) => {
                on_path.insert(part.value.clone());
                path.push((part.value, 0));
            }
            None => {
                let (id, _) = path.pop().expect("the loop looked at it");
                on_path.remove(&id);
                finish(&id, all, measures, words, sizes, sink);
            }
        }
    }
}

fn finish(
    id: &str,
    all: &mut BTreeMap<String, RawCandidate>,
    measures: &BTreeMap<String, Measure>,
    words: &mut TextCodes,
    sizes: &mut BTreeMap<String, usize>,
    sink: &mut Diagnostics,
) {
    let Some(mut whole) = all.remove(id) else {
        return;
    };
    let size: usize = whole
        .parts
        .iter()
        .map(|p| 1 + sizes.get(&p.value).copied().unwrap_or(0))
        .sum();
    if size > MOST_PARTS {
        let message = tr!(
            "`{id}` is made of more than {MOST_PARTS} parts",
            "`{id}` 的组成部分超过 {MOST_PARTS} 个"
        );
        let place = whole.parts.first().map_or(whole.span, |p| p.span);
        sink.push(Diagnostic::new(Code::TooDeep, place, message));
        sizes.insert(id.to_owned(), 0);
    } else {
        let found = parts(&whole, all);
        combine(&mut whole, &found, measures, words);
        let of_parts = found.iter().flat_map(|part| &part.domains);
        whole.domains.extend(of_parts.cloned().collect::<Vec<_>>());
        sizes.insert(id.to_owned(), size);
    }
    all.insert(id.to_owned(), whole);
}

/// Returns the facts of a composite: combined from its parts, unless it has a fact of its own, such as a
/// measurement of the whole. A whole of one part is that part with what the whole states itself.
fn combine(
    whole: &mut RawCandidate,
    parts: &[&RawCandidate],
    measures: &BTreeMap<String, Measure>,
    words: &mut TextCodes,
) {
    for (name, measure) in measures {
        let key: Arc<str> = name.as_str().into();
        let only = (parts.len() == 1).then_some(Rollup::First);
        let declared = whole.rollup.get(name).copied().or(measure.rollup);
        let Some(rule) = declared.or(only) else {
            continue;
        };
        if whole.facts.contains_key(&key) || parts.is_empty() {
            continue;
        }
        // A fact of one domain says nothing about parts of another.
        let facts: Vec<(&RawCandidate, Option<&Fact>)> = parts
            .iter()
            .map(|part| (*part, part.facts.get(&key)))
            .filter(|(part, fact)| fact.is_some() || measure.concerns(&part.domains))
            .collect();
        if facts.iter().all(|(_, fact)| fact.is_none()) {
            continue;
        }
        let applicable: Vec<(&RawCandidate, Option<&Fact>)> = facts
            .iter()
            .copied()
            .filter(|(_, fact)| !fact.is_some_and(|fact| fact.value.is_not_applicable()))
            .collect();
        // Parts to which a fact does not apply are left out.
        let fact = if applicable.is_empty() {
            Some(applies_to_no_part(&facts, rule, whole.span))
        } else {
            roll_up(&applicable, rule, measure, whole.span, words)
        };
        if let Some(fact) = fact {
            whole.facts.insert(key, fact);
        }
    }
}

/// The fact of a whole whose parts it does not apply to.
fn applies_to_no_part(
    facts: &[(&RawCandidate, Option<&Fact>)],
    rule: Rollup,
    span: crate::source::Span,
) -> Fact {
    let reasons: Vec<Text> = facts
        .iter()
        .filter_map(|(part, fact)| match &(*fact)?.value {
            FactValue::NotApplicable { reason } => {
                let part = &part.id;
                Some(tr!("{part}: {reason}", "{part}：{reason}"))
            }
            _ => None,
        })
        .collect();
    let reason = Text::join(&reasons, &tr!("; ", "；"));
    derived(facts, rule, FactValue::NotApplicable { reason }, span)
}

/// A fact of a whole, as weak as its weakest part.
fn derived(
    facts: &[(&RawCandidate, Option<&Fact>)],
    rule: Rollup,
    value: FactValue,
    span: crate::source::Span,
) -> Fact {
    let weakest = facts
        .iter()
        .filter_map(|(_, f)| f.and_then(|f| f.provenance.kind))
        .max();
    let names = facts
        .iter()
        .map(|(c, _)| c.id.as_str())
        .collect::<Vec<_>>()
        .join(" + ");
    let provenance = Provenance {
        kind: weakest.or(Some(EvidenceKind::Judged)),
        source: names.into(),
        rolled_up: Some(RolledUp {
            rule,
            parts: facts
                .iter()
                .map(|(part, fact)| (part.id.as_str().into(), fact.cloned()))
                .collect(),
        }),
        ..Provenance::default()
    };
    Fact {
        value,
        provenance: Arc::new(provenance),
        domain: None,
        span,
        stale: facts.iter().any(|(_, f)| f.is_some_and(|f| f.stale)),
    }
}

fn roll_up(
    facts: &[(&RawCandidate, Option<&Fact>)],
    rule: Rollup,
    measure: &Measure,
    span: crate::source::Span,
    words: &mut TextCodes,
) -> Option<Fact> {
    let derived = |value: FactValue| derived(facts, rule, value, span);
    if rule == Rollup::First {
        let (part, fact) = facts.first()?;
        // The whole varies with its part.
        if let Some(fact) = fact.filter(|fact| matches!(fact.value, FactValue::Number(_))) {
            let part = (Arc::<str>::from(part.id.as_str()), (*fact).clone());
            let value = FactValue::Combined {
                rule,
                parts: vec![part],
            };
            return Some(Fact {
                value,
                ..(*fact).clone()
            });
        }
        return Some(
            fact.cloned()
                .unwrap_or_else(|| derived(nothing(part, measure))),
        );
    }
    // If one part lacks the fact, so does the whole; the reason names the part.
    for (part, fact) in facts {
        match fact.map(|f| &f.value) {
            None => return Some(derived(nothing(part, measure))),
            Some(FactValue::Missing { reason, command }) => {
                let part = &part.id;
                let reason = tr!("{part}: {reason}", "{part}：{reason}");
                return Some(derived(FactValue::Missing {
                    reason,
                    command: command.clone(),
                }));
            }
            Some(_) => {}
        }
    }
    let all: Vec<&Fact> = facts.iter().filter_map(|(_, f)| *f).collect();
    let value = match &measure.form {
        ValueForm::Flag => {
            let flags = all.iter().map(|f| matches!(f.value, FactValue::Flag(true)));
            FactValue::Flag(if rule == Rollup::Any {
                flags.into_iter().any(|x| x)
            } else {
                flags.into_iter().all(|x| x)
            })
        }
        ValueForm::Level(levels) => {
            let place = |f: &&&Fact| {
                levels
                    .iter()
                    .position(|(code, ..)| *code == f.value.point())
            };
            let pick = if rule == Rollup::Max {
                all.iter().max_by_key(place)
            } else {
                all.iter().min_by_key(place)
            };
            pick?.value.clone()
        }
        ValueForm::Date => {
            let best = |a: &&&Fact, b: &&&Fact| a.value.point().total_cmp(&b.value.point());
            let pick = if rule == Rollup::Max {
                all.iter().max_by(best)
            } else {
                all.iter().min_by(best)
            };
            pick?.value.clone()
        }
        // Licences of all parts apply: `MIT AND MPL-2.0`.
        ValueForm::Text if rule == Rollup::All => {
            let texts: Vec<&str> = all
                .iter()
                .filter_map(|f| {
                    if let FactValue::Word(_, text) = &f.value {
                        Some(text.en.as_str())
                    } else {
                        None
                    }
                })
                .collect();
            let code = words.join(&texts);
            FactValue::Word(
                code,
                Arc::new(Text::name(words.text(code).unwrap_or_default())),
            )
        }
        ValueForm::Text | ValueForm::List => return None,
        ValueForm::Number(_) => {
            let parts = facts
                .iter()
                .filter_map(|(c, f)| f.map(|f| (Arc::<str>::from(c.id.as_str()), f.clone())))
                .collect();
            FactValue::Combined { rule, parts }
        }
    };
    Some(derived(value))
}

fn nothing(part: &RawCandidate, measure: &Measure) -> FactValue {
    let (part, title) = (&part.id, &measure.title);
    FactValue::Missing {
        reason: tr!("{part} has no fact \"{title}\"", "{part} 没有事实“{title}”"),
        command: None,
    }
}

/// Returns the ids that a candidate requires and that neither existing components nor its parts provide.
pub(crate) fn unmet(
    candidate: &RawCandidate,
    parts: &[&RawCandidate],
    existing: &BTreeSet<String>,
) -> Vec<String> {
    let own: BTreeSet<&str> = parts
        .iter()
        .map(|p| p.id.as_str())
        .chain([candidate.id.as_str()])
        .collect();
    let needs = candidate
        .requires
        .iter()
        .chain(parts.iter().flat_map(|p| &p.requires));
    let mut open: Vec<String> = needs
        .map(|n| n.value.clone())
        .filter(|n| !existing.contains(n) && !own.contains(n.as_str()))
        .collect();
    open.sort();
    open.dedup();
    open
}

fn cycle(way: &[&str], span: crate::source::Span, sink: &mut Diagnostics) {
    // A cycle through thousands of parts is shortened for the message.
    let shown = if way.len() > 12 {
        [&way[..6], &["..."], &way[way.len() - 5..]].concat()
    } else {
        way.to_vec()
    };
    let way = shown.join(" -> ");
    let hint = tr!(
        "remove one of them from `parts:`",
        "请从 `parts:` 中去掉其中之一"
    );
    sink.push(
        Diagnostic::new(
            Code::Cycle,
            span,
            tr!(
                "a candidate is a part of itself: `{way}`",
                "候选成为自身的组成部分：`{way}`"
            ),
        )
        .hint(hint),
    );
}
