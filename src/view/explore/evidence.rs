//! The evidence behind the scores: the weakest kind below each candidate and criterion.

use super::letters;
use crate::eval::{Leaf, Plan};
use crate::lang::Lang;
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::source::{Sources, Span};
use crate::view::figure;

/// One cell: measure and the letter of its weakest evidence.
#[derive(Clone, Debug)]
pub struct MatrixCell {
    /// `M` measured, `R` registry, `P` published, `J` judged, `?` missing, blank if it depends on no fact.
    pub letter: char,
    /// Whether a fact below it is stale.
    pub stale: bool,
    /// The measure for display.
    pub shown: String,
}

/// The matrix.
#[derive(Clone, Debug, Default)]
pub struct EvidenceMatrix {
    /// Letter and title of each criterion.
    pub criteria: Vec<(char, String)>,
    /// Place in the decision, name, and one cell per criterion.
    pub rows: Vec<(usize, String, Vec<MatrixCell>)>,
}

/// One fact below a cell.
#[derive(Clone, Debug)]
pub struct FactLine {
    /// The name that `--set` takes.
    pub input: String,
    pub title: String,
    /// Its letter.
    pub letter: char,
    /// Whether it is stale.
    pub stale: bool,
    /// Its value for display.
    pub shown: String,
    /// The source, or why the value is missing.
    pub source: String,
    /// File and line.
    pub place: Option<(String, usize)>,
    /// The command that measures it.
    pub command: Option<String>,
}

fn letter(fact: &Fact) -> char {
    match (&fact.value, fact.provenance.kind) {
        (FactValue::Missing { .. }, _) => '?',
        (FactValue::NotApplicable { .. }, _) => '-',
        (_, Some(EvidenceKind::Policy)) => 'D',
        (_, Some(EvidenceKind::Measured)) => 'M',
        (_, Some(EvidenceKind::Registry)) => 'R',
        (_, Some(EvidenceKind::Published)) => 'P',
        (_, Some(EvidenceKind::Judged)) => 'J',
        (_, None) => ' ',
    }
}

const ORDER: &str = "- MRPDJ?";

fn strength(letter: char) -> usize {
    ORDER.find(letter).unwrap_or(0)
}

/// How many facts of a decision there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each field counts the facts of the kind it is named after"
)]
pub struct EvidenceCounts {
    pub measured: usize,
    pub registry: usize,
    pub published: usize,
    pub judged: usize,
    pub missing: usize,
    /// Stale facts of any kind.
    pub stale: usize,
}

/// Counts the facts of all candidates by kind.
#[must_use]
pub fn counts(plan: &Plan<'_>) -> EvidenceCounts {
    let mut counts = EvidenceCounts::default();
    let candidates = plan.decision.candidates.iter();
    for fact in candidates.flat_map(|candidate| candidate.facts.values()) {
        match letter(fact) {
            'M' => counts.measured += 1,
            'R' => counts.registry += 1,
            'P' => counts.published += 1,
            'J' => counts.judged += 1,
            '?' => counts.missing += 1,
            _ => {}
        }
        counts.stale += usize::from(fact.stale);
    }
    counts
}

/// The facts of a candidate among these nodes.
fn facts<'p>(plan: &Plan<'p>, nodes: &[usize], candidate: usize) -> Vec<(usize, &'p Fact)> {
    let of = |&n: &usize| match plan.leaf(n, candidate) {
        Leaf::Fact(fact) if !plan.graph.nodes[n].shared => Some((n, fact)),
        _ => None,
    };
    nodes.iter().filter_map(of).collect()
}

/// Builds the view of the matrix of some candidates.
#[must_use]
pub fn view(plan: &Plan<'_>, candidates: &[usize], lang: Lang) -> EvidenceMatrix {
    let graph = plan.graph;
    let letters = letters(graph.criteria.iter().map(|slot| slot.id.as_str()));
    let below: Vec<Vec<usize>> = graph
        .criteria
        .iter()
        .map(|slot| graph.rests_on(slot.node))
        .collect();
    let cell = |c: usize, k: usize| {
        let node = &graph.nodes[graph.criteria[k].node];
        let measure = plan.point[graph.criteria[k].node].of(c);
        let below = facts(plan, &below[k], c);
        let weakest = below
            .iter()
            .map(|(_, f)| letter(f))
            .filter(|l| *l != '?')
            .max_by_key(|l| strength(*l))
            .unwrap_or(' ');
        MatrixCell {
            letter: if measure.is_nan() { '?' } else { weakest },
            stale: below.iter().any(|(_, f)| f.stale),
            shown: figure::of_node(plan.decision, node, measure, lang),
        }
    };
    let row = |&c: &usize| {
        let name = plan.decision.candidates[c].name.get(lang).to_owned();
        (
            c,
            name,
            (0..graph.criteria.len()).map(|k| cell(c, k)).collect(),
        )
    };
    let criteria = letters
        .into_iter()
        .zip(&graph.criteria)
        .map(|(l, slot)| (l, slot.title.get(lang).to_owned()))
        .collect();
    EvidenceMatrix {
        criteria,
        rows: candidates.iter().map(row).collect(),
    }
}

/// The facts below one cell, the weakest first.
#[must_use]
pub fn cell(
    plan: &Plan<'_>,
    sources: &Sources,
    criterion: usize,
    candidate: usize,
    lang: Lang,
) -> Vec<FactLine> {
    if criterion >= plan.graph.criteria.len() || candidate >= plan.candidates() {
        return Vec::new();
    }
    let place = |span: Span| {
        (span != Span::default()).then(|| {
            let source = sources.get(span.source);
            (source.name().to_owned(), source.position(span.start).line)
        })
    };
    let line = |(n, fact): (usize, &Fact)| {
        let node = &plan.graph.nodes[n];
        let (source, command) = match &fact.value {
            FactValue::Missing { reason, command } => {
                (reason.get(lang).to_owned(), command.clone())
            }
            FactValue::Assumed { reason, .. } | FactValue::NotApplicable { reason } => {
                (reason.get(lang).to_owned(), None)
            }
            _ => (fact.provenance.source.to_string(), None),
        };
        FactLine {
            input: format!(
                "candidates.{}.{}",
                plan.decision.candidates[candidate].id, node.id
            ),
            title: node.title.get(lang).to_owned(),
            letter: letter(fact),
            stale: fact.stale,
            shown: figure::of_node(plan.decision, node, fact.value.point(), lang),
            source,
            place: place(fact.span),
            command,
        }
    };
    let mut all: Vec<FactLine> = facts(
        plan,
        &plan.graph.rests_on(plan.graph.criteria[criterion].node),
        candidate,
    )
    .into_iter()
    .map(line)
    .collect();
    all.sort_by_key(|l| {
        (
            std::cmp::Reverse((l.stale, strength(l.letter))),
            l.input.clone(),
        )
    });
    all
}

/// Commands that would find out what is missing, for all candidates, each once.
#[must_use]
pub fn commands(plan: &Plan<'_>) -> Vec<String> {
    let mut all: Vec<String> = (0..plan.candidates())
        .flat_map(|c| plan.commands(c))
        .collect();
    all.sort();
    all.dedup();
    all
}
