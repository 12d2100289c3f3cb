//! Candidates as blips of a technology radar. A decision opts in by `radar:`, and the rings follow from what people decided: a
//! ranking alone puts nothing on a radar.
//!
//! [`blips()`] reads one decision. `edition` merges the blips of a run with the radar that is there and computes what moved since
//! the last edition. `format` writes the CSV and JSON that the Thoughtworks Build Your Own Radar reads (columns `name`, `ring`,
//! `quadrant`, `isNew`, `status`, `description`; <https://github.com/thoughtworks/build-your-own-radar>), and the entries of
//! Zalando's radar (numbers for ring and quadrant; <https://github.com/zalando/tech-radar>).

mod edition;
mod format;

use crate::model::decision::Decision;
use crate::model::outcome::{Outcome, OutcomeStatus, Quadrant, RadarEntry, Ring};
use crate::view::report::ReportView;

pub(super) use format::write;

/// What one decision says about one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blip {
    /// Name of the candidate.
    pub name: String,
    /// Id of the decision.
    pub decision: String,
    pub ring: Ring,
    pub quadrant: Quadrant,
    /// The day of the decision, as `2026-11-22`.
    pub on: String,
    pub description: String,
}

/// Returns the blips of a decision; none unless it opts in. `domain` returns the catalog folder of a candidate.
#[must_use]
pub fn blips(
    decision: &Decision,
    view: &ReportView,
    domain: impl Fn(&str) -> Option<String>,
) -> Vec<Blip> {
    let Some(radar) = &decision.radar else {
        return Vec::new();
    };
    let outcome = decision.outcome.as_ref();
    let sentence = view.outcome.as_ref().map(|o| o.sentence.as_str());
    let colon = if view.lang == "zh" { "：" } else { ": " };
    let description = match sentence.filter(|s| !s.is_empty()) {
        Some(sentence) => format!("{}{colon}{sentence}", view.title),
        None => view.title.clone(),
    };
    let blip = |c: &crate::model::decision::Candidate| {
        let name = view.candidates.iter().find(|own| own.id == c.id);
        Some(Blip {
            name: name.map_or_else(|| c.id.clone(), |own| own.name.clone()),
            decision: decision.id.clone(),
            ring: ring(&c.id, radar, outcome)?,
            quadrant: radar
                .quadrant
                .unwrap_or_else(|| usual_quadrant(domain(&c.id).as_deref())),
            on: outcome
                .and_then(|o| o.on)
                .unwrap_or(decision.as_of)
                .to_string(),
            description: description.clone(),
        })
    };
    decision.candidates.iter().filter_map(blip).collect()
}

/// Returns the ring of a candidate: the one that the decision states, else the one that follows from the outcome; `None` for a
/// candidate that was not chosen.
fn ring(id: &str, radar: &RadarEntry, outcome: Option<&Outcome>) -> Option<Ring> {
    let stated = radar.rings.iter().find(|(own, _)| own == id);
    if let Some((_, ring)) = stated {
        return Some(*ring);
    }
    let outcome = outcome.filter(|o| o.chosen.as_deref() == Some(id))?;
    Some(match outcome.status {
        OutcomeStatus::Accepted if radar.is_in_use => Ring::Adopt,
        OutcomeStatus::Accepted => Ring::Trial,
        OutcomeStatus::Proposed => Ring::Assess,
        OutcomeStatus::Rejected | OutcomeStatus::Deprecated | OutcomeStatus::Superseded => {
            Ring::Hold
        }
    })
}

fn usual_quadrant(domain: Option<&str>) -> Quadrant {
    match domain {
        Some("web-frameworks" | "languages") => Quadrant::LanguagesAndFrameworks,
        Some("databases" | "streaming") => Quadrant::Platforms,
        Some("authentication" | "collaboration") => Quadrant::Techniques,
        _ => Quadrant::Tools,
    }
}
