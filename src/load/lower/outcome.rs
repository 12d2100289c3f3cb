//! Lowers what people decided, and the decision's entry on a technology radar.

use std::collections::BTreeSet;

use super::fact::not_a_day;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::outcome::{Dissent, Outcome, OutcomeStatus, Quadrant, RadarEntry, Ring};
use crate::quantity::date::Date;
use crate::schema::Spanned;
use crate::schema::outcome::{
    DissentDoc, OutcomeDoc, OutcomeStatusDoc, QuadrantDoc, RadarDoc, RingDoc,
};
use crate::source::did_you_mean_or_list;
use crate::tr;

/// Reads an outcome; `known` are the ids of the decision's candidates.
pub(crate) fn lower_outcome(
    doc: &Spanned<OutcomeDoc>,
    known: &[&str],
    sink: &mut Diagnostics,
) -> Outcome {
    let own = &doc.value;
    let outcome = Outcome {
        status: status(own.status),
        chosen: candidate(own.chosen.as_ref(), known, sink),
        by: own.by.iter().map(|who| who.0.clone()).collect(),
        on: day(own.on.as_ref(), sink),
        because: own.because.as_ref().map(|why| why.0.clone()),
        dissent: own
            .dissent
            .iter()
            .map(|one| dissent(one, own.chosen.as_ref(), known, sink))
            .collect(),
        review_by: day(own.review_by.as_ref(), sink),
        supersedes: own.supersedes.clone(),
    };
    if outcome.status == OutcomeStatus::Accepted && own.chosen.is_none() {
        let message = tr!(
            "the decision is accepted, but `chosen` is missing",
            "决策已采纳，却没有写明 `chosen`"
        );
        let hint = tr!(
            "`outcome: {{status: accepted, chosen: ID}}`, where ID is a candidate",
            "`outcome: {{status: accepted, chosen: ID}}`，其中 ID 为某个候选"
        );
        sink.push(Diagnostic::new(Code::BadOutcome, doc.span, message).hint(hint));
    }
    if let (Some(on), Some(review)) = (outcome.on, outcome.review_by)
        && review < on
    {
        let span = own.review_by.as_ref().map_or(doc.span, |day| day.span);
        let message = tr!(
            "`review_by` {review} lies before `on` {on}",
            "`review_by` {review} 早于 `on` {on}"
        );
        sink.push(Diagnostic::new(Code::BadOutcome, span, message));
    }
    outcome
}

fn dissent(
    doc: &DissentDoc,
    chosen: Option<&Spanned<String>>,
    known: &[&str],
    sink: &mut Diagnostics,
) -> Dissent {
    if let (Some(prefers), Some(chosen)) = (&doc.prefers, chosen)
        && prefers.value == chosen.value
    {
        let id = &chosen.value;
        let message = tr!(
            "`{id}` is what was chosen, so to prefer it is no dissent",
            "`{id}` 就是选定的方案，倾向于它并非异议"
        );
        sink.push(Diagnostic::new(Code::BadOutcome, prefers.span, message));
    }
    Dissent {
        who: doc.who.0.clone(),
        prefers: candidate(doc.prefers.as_ref(), known, sink),
        because: doc.because.as_ref().map(|why| why.0.clone()),
    }
}

/// Reads a radar entry; what was chosen counts as in use if all its parts are among the `existing` components.
pub(crate) fn lower_radar(
    doc: &RadarDoc,
    outcome: Option<&Outcome>,
    known: &[&str],
    chosen_parts: &[String],
    existing: &BTreeSet<String>,
    sink: &mut Diagnostics,
) -> RadarEntry {
    let accepted = outcome
        .filter(|o| o.status == OutcomeStatus::Accepted)
        .and_then(|o| o.chosen.as_deref());
    let mut rings = Vec::new();
    for (id, ring) in &doc.rings {
        let Some(name) = candidate(Some(id), known, sink) else {
            continue;
        };
        let (span, ring) = (ring.span, lower_ring(ring.value));
        if ring == Ring::Adopt && accepted != Some(name.as_str()) {
            let message = tr!(
                "`{name}` has the ring `adopt`, but no accepted outcome chose it",
                "`{name}` 处于 `adopt` 环，却没有已采纳的结论选定它"
            );
            let hint = tr!(
                "`outcome: {{status: accepted, chosen: {name}}}` accepts it",
                "`outcome: {{status: accepted, chosen: {name}}}` 表示采纳它"
            );
            sink.push(Diagnostic::new(Code::BadOutcome, span, message).hint(hint));
        }
        rings.push((name, ring));
    }
    let chosen = outcome.and_then(|o| o.chosen.as_ref());
    let exists = chosen.is_some_and(|id| {
        let has_parts = !chosen_parts.is_empty();
        existing.contains(id) || has_parts && chosen_parts.iter().all(|p| existing.contains(p))
    });
    RadarEntry {
        quadrant: doc.quadrant.map(quadrant),
        is_in_use: doc.in_use.unwrap_or(exists),
        rings,
    }
}

/// Returns the id if the decision has such a candidate, and reports it otherwise.
fn candidate(
    id: Option<&Spanned<String>>,
    known: &[&str],
    sink: &mut Diagnostics,
) -> Option<String> {
    let id = id?;
    if known.contains(&id.value.as_str()) {
        return Some(id.value.clone());
    }
    let word = &id.value;
    let message = tr!(
        "the decision has no candidate `{word}`",
        "决策中没有候选 `{word}`"
    );
    let hint = did_you_mean_or_list(word, known.iter().copied());
    sink.push(Diagnostic::new(Code::UnknownReference, id.span, message).maybe_hint(hint));
    None
}

fn day(doc: Option<&Spanned<String>>, sink: &mut Diagnostics) -> Option<Date> {
    let doc = doc?;
    let day = Date::parse(&doc.value);
    if day.is_none() {
        sink.push(not_a_day(&doc.value, doc.span));
    }
    day
}

fn status(doc: OutcomeStatusDoc) -> OutcomeStatus {
    match doc {
        OutcomeStatusDoc::Proposed => OutcomeStatus::Proposed,
        OutcomeStatusDoc::Accepted => OutcomeStatus::Accepted,
        OutcomeStatusDoc::Rejected => OutcomeStatus::Rejected,
        OutcomeStatusDoc::Deprecated => OutcomeStatus::Deprecated,
        OutcomeStatusDoc::Superseded => OutcomeStatus::Superseded,
    }
}

fn lower_ring(doc: RingDoc) -> Ring {
    match doc {
        RingDoc::Adopt => Ring::Adopt,
        RingDoc::Trial => Ring::Trial,
        RingDoc::Assess => Ring::Assess,
        RingDoc::Hold => Ring::Hold,
    }
}

fn quadrant(doc: QuadrantDoc) -> Quadrant {
    match doc {
        QuadrantDoc::LanguagesAndFrameworks => Quadrant::LanguagesAndFrameworks,
        QuadrantDoc::Platforms => Quadrant::Platforms,
        QuadrantDoc::Techniques => Quadrant::Techniques,
        QuadrantDoc::Tools => Quadrant::Tools,
    }
}
