//! Everything a report shows about one decision: sentences, table cells and chart data, in one language and rounded, so that a
//! template only arranges them.
//!
//! Start with [`ReportView`]. Analyses that cost time (sensitivity, robustness) come in through [`Sections`], and a template shows a
//! section only if it is present.

mod answer;
mod criteria;
mod evidence;
mod section;
mod standing;
mod sweep;

use serde::Serialize;

use super::figure;
use super::outcome::OutcomeView;
use super::rank::RankView;
use super::verdict::VerdictView;
use crate::analysis::choice::ChoiceStanding;
use crate::analysis::ranking::{self, Ranking};
use crate::diagnostic::Diagnostics;
use crate::eval::Plan;
use crate::graph::export;
use crate::lang::Lang;
use crate::quantity::date::Date;
use crate::source::Sources;

pub use answer::AnswerView;
pub use criteria::{CriterionView, GateView, WorkedView};
pub use evidence::{ContextInputView, EvidenceRow, EvidenceTable, IncompleteView, RunRow};
pub use section::{
    AcceptabilityRow, RobustnessSection, Sections, SensitivitySection, SweepLine, SweepSection,
    TornadoBar,
};
pub use standing::{Across, ComparisonRow, Outlook, OutlookView, PlaceCell, StandingView};
pub use sweep::sweep_section;

/// One decision, ready for a template.
#[derive(Debug, Serialize)]
pub struct ReportView {
    /// `en` or `zh`.
    pub lang: &'static str,
    /// Version of this program.
    pub version: &'static str,
    pub decision: String,
    pub title: String,
    /// The question it answers.
    pub question: Option<String>,
    /// The introduction.
    pub about: Option<String>,
    pub scenario: Option<String>,
    pub stakeholder: Option<String>,
    /// The date of the evaluation, as in `2026-11-22`.
    pub date: String,
    /// The date of the evaluation, formatted for the language.
    pub as_of: String,
    /// The winner and how clear the result is.
    pub answer: AnswerView,
    /// The candidates, best first, those without a rank last.
    pub candidates: Vec<StandingView>,
    /// The criteria, heaviest first.
    pub criteria: Vec<CriterionView>,
    /// The arithmetic behind the score of the winner.
    pub worked: Option<WorkedView>,
    /// The gates, in order.
    pub gates: Vec<GateView>,
    /// The ranking with its figures, as `weigh rank --format json` gives it.
    pub rank: RankView,
    /// Heads of the contribution columns, in the decision's order of criteria.
    pub contribution_heads: Vec<String>,
    /// One row per criterion, one cell per candidate.
    pub comparison: Vec<ComparisonRow>,
    /// Whether the contributions sum to the score.
    pub additive: bool,
    /// The decision graph as Mermaid, the winner's walk marked.
    pub mermaid: String,
    /// The winner against the runner-up.
    pub duel: Option<DuelView>,
    /// What people chose against the first, or against the runner-up if it is first.
    pub choice_duel: Option<DuelView>,
    /// The inputs of the context.
    pub inputs: Vec<ContextInputView>,
    /// The facts behind each candidate.
    pub evidence: Vec<EvidenceTable>,
    /// The runs behind measured facts.
    pub runs: Vec<RunRow>,
    /// Missing facts by candidate.
    pub unknown: Vec<IncompleteView>,
    /// Stale facts.
    pub expired: Vec<String>,
    /// The author's notes on the evidence.
    pub notes: Vec<String>,
    /// Warnings.
    pub warnings: Vec<String>,
    /// The same decision in each scenario.
    pub scenarios: Vec<OutlookView>,
    /// The same decision with each stakeholder's weights.
    pub stakeholders: Vec<OutlookView>,
    /// Rows of the scenario table: a candidate and its place in each.
    pub scenario_rows: Vec<Across>,
    /// Rows of the stakeholder table.
    pub stakeholder_rows: Vec<Across>,
    /// What people decided; `None` if the decision file states nothing.
    pub outcome: Option<OutcomeView>,
    pub method: MethodNote,
    /// The results of optional analyses.
    #[serde(flatten)]
    pub sections: Sections,
    /// The image files next to the report.
    pub charts: Vec<ChartLink>,
}

/// The method and what makes the figures repeatable.
#[derive(Debug, Serialize)]
pub struct MethodNote {
    pub title: String,
    /// Paper or book.
    pub citation: String,
    /// Its parameters, `name=value`.
    pub params: Vec<String>,
    /// Samples behind each spread.
    pub samples: String,
    pub seed: String,
    /// The command that prints the same figures.
    pub command: String,
}

/// An image file next to the report.
#[derive(Clone, Debug, Serialize)]
pub struct ChartLink {
    /// What it shows: `contributions`, `scatter`, `tornado`, `acceptability`, `sweep`, `graph`.
    pub kind: &'static str,
    pub file: String,
    /// Alternative text.
    pub alt: String,
}

/// The winner against the runner-up.
#[derive(Debug, Serialize)]
pub struct DuelView {
    pub a: String,
    pub b: String,
    /// Score of the first minus score of the second.
    pub difference: String,
    /// The criteria, largest difference first.
    pub rows: Vec<DuelRow>,
    /// The criteria in favour of the winner.
    pub gains: Vec<String>,
    /// The criteria in favour of the runner-up.
    pub losses: Vec<String>,
    /// How much 0.01 of score is in each criterion's unit.
    pub exchange: Vec<String>,
}

/// One criterion of two candidates.
#[derive(Debug, Serialize)]
pub struct DuelRow {
    pub title: String,
    /// The winner's measure.
    pub a: String,
    /// The runner-up's.
    pub b: String,
    /// Difference of the contributions.
    pub difference: String,
    /// The runner-up's measure at which both are equal.
    pub equal_at: String,
}

/// The inputs of a report.
pub struct Material<'m> {
    pub plan: &'m Plan<'m>,
    pub ranking: &'m Ranking,
    /// The diagnostics of loading.
    pub diagnostics: &'m Diagnostics,
    /// The texts read.
    pub sources: &'m Sources,
    /// The scenarios, each with its ranking.
    pub scenarios: Vec<Outlook>,
    /// The stakeholders, each with their ranking.
    pub stakeholders: Vec<Outlook>,
    /// How the decision is named on the command line.
    pub path: &'m str,
    /// The answer.
    pub verdict: VerdictView,
    /// Where the candidate stands that people chose; `None` if they have not.
    pub choice: Option<ChoiceStanding>,
    /// Further words of that command line: settings, profile, where evidence comes from.
    pub given: &'m [String],
}

/// Builds the view of a report.
#[must_use]
pub fn view(material: Material<'_>, sections: Sections, lang: Lang) -> ReportView {
    let Material {
        plan,
        ranking,
        diagnostics,
        sources,
        scenarios,
        stakeholders,
        path,
        verdict,
        choice,
        given,
    } = material;
    let decision = plan.decision;
    let rank = super::rank::view(plan, ranking, diagnostics, sources, lang);
    let winner = ranking
        .places
        .first()
        .filter(|p| p.rank.is_some())
        .map(|p| p.candidate);
    let candidates = standing::standings(plan, &rank, lang);
    let scenarios: Vec<OutlookView> = scenarios
        .iter()
        .map(|o| standing::outlook(o, lang))
        .collect();
    let stakeholders: Vec<OutlookView> = stakeholders
        .iter()
        .map(|o| standing::outlook(o, lang))
        .collect();
    ReportView {
        lang: word(lang),
        version: env!("CARGO_PKG_VERSION"),
        decision: decision.id.clone(),
        title: decision.title.get(lang).to_owned(),
        question: decision.question.as_ref().map(|t| t.get(lang).to_owned()),
        about: decision.about.as_ref().map(|t| t.get(lang).to_owned()),
        scenario: decision.scenario.clone(),
        stakeholder: decision.stakeholder.clone(),
        date: decision.as_of.to_string(),
        as_of: date(decision.as_of, lang),
        answer: answer::answer(plan, &rank, verdict, lang),
        criteria: criteria::criteria(plan, lang),
        worked: winner.map(|c| criteria::worked(plan, &ranking.evaluation, c, sources, lang)),
        gates: criteria::gates(plan, lang),
        contribution_heads: plan
            .graph
            .criteria
            .iter()
            .map(|slot| slot.title.get(lang).to_owned())
            .collect(),
        comparison: standing::comparison(plan, &rank, lang),
        additive: ranking.additive,
        mermaid: export::mermaid(plan.graph, &super::graph::marks(plan, winner, lang), lang),
        duel: answer::duel(plan, ranking, lang),
        choice_duel: choice
            .and_then(|c| answer::duel_of(plan, ranking, [c.chosen, c.against?], lang)),
        inputs: evidence::inputs(plan, lang),
        evidence: evidence::tables(plan, &rank, lang),
        runs: evidence::runs(plan, lang),
        unknown: evidence::unknown(plan, &rank, lang),
        expired: evidence::expired(plan, lang),
        notes: decision
            .notes
            .iter()
            .map(|n| n.get(lang).to_owned())
            .collect(),
        warnings: rank.warnings.iter().chain(&rank.remarks).cloned().collect(),
        outcome: super::outcome::view(decision, choice.as_ref(), lang),
        scenario_rows: standing::across(&candidates, &scenarios),
        stakeholder_rows: standing::across(&candidates, &stakeholders),
        scenarios,
        stakeholders,
        method: MethodNote {
            title: rank.method.title.clone(),
            citation: rank.method.citation.to_owned(),
            params: ranking
                .params
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect(),
            samples: figure::number(crate::eval::DRAWS as f64),
            seed: ranking.seed.to_string(),
            command: command(&rank, path, given),
        },
        candidates,
        rank,
        sections,
        charts: Vec::new(),
    }
}

fn command(rank: &RankView, path: &str, given: &[String]) -> String {
    let mut command = format!("weigh rank {path}");
    if rank.method.id != ranking::DEFAULT_METHOD {
        command += &format!(" --method {}", rank.method.id);
    }
    for (flag, value) in [
        ("scenario", &rank.scenario),
        ("stakeholder", &rank.stakeholder),
    ] {
        if let Some(value) = value {
            command += &format!(" --{flag} {value}");
        }
    }
    given.iter().for_each(|word| command += &format!(" {word}"));
    command
}

/// The tag of a language.
#[must_use]
pub fn word(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    }
}

/// A day as the language writes it.
#[must_use]
pub fn date(day: Date, lang: Lang) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, dom) = day.parts();
    match lang {
        Lang::En => {
            let name = usize::try_from(month - 1)
                .ok()
                .and_then(|m| MONTHS.get(m))
                .copied()
                .unwrap_or_default();
            format!("{dom} {name} {year}")
        }
        Lang::Zh => format!("{year}年{month}月{dom}日"),
    }
}

/// A share in percent as the language writes it: Chinese sets no space before the sign.
#[must_use]
pub fn percent(x: f64, lang: Lang) -> String {
    let text = figure::percent(x);
    match lang {
        Lang::En => text,
        Lang::Zh => text.replace(' ', ""),
    }
}
