//! The verdict: who is first, how firmly, and what could change it.
//!
//! With `p` the share of the draws in which the first candidate is first, and `q(r)` the share in which it beats rival `r`:
//!
//! - **clear**: `p` is at least 95 %, and at least 80 % with judged spreads doubled, because people state ranges too narrow
//!   (Jørgensen, M., Teigen, K. H., Moløkken, K. (2004). Better sure than safe? Journal of Systems and Software 70, 79-93);
//! - **open**: some rival is beaten in less than two thirds of the draws; those rivals are level with the first;
//! - **leaning**: everything between. It is also the most that is said where no uncertainty was stated, or where a missing value
//!   could change the first;
//! - **none**: no candidate can be ranked.
//!
//! A share counts as reaching a limit if it does so by two standard errors; otherwise the weaker class is given. The size of the
//! lead has no part in the class: the loss says whether the choice matters ([`Standing`]).

use super::agreement::{self, MethodComparison};
use super::break_even::{Flip, contenders, expected_break_evens};
use super::domain::realistic;
use super::race::TIE;
use super::ranking::DEFAULT_METHOD;
use super::standing::{BEATS, Estimate, Standing, share_error};
use super::value_of_information::Lacking;
use super::weight_space::WeightSpace;
use super::{stakeholders, study::Study};
use crate::eval::{InputId, Plan, Status};
use crate::model::evidence::{EvidenceKind, Fact, FactValue};
use crate::model::library::MissingPolicy;

/// The least share of first places for a clear verdict.
pub const CLEAR: f64 = 0.95;
/// The same with judged spreads doubled.
pub const CLEAR_WIDE: f64 = 0.80;
/// An expected loss up to which it does not matter which of the level candidates is chosen.
pub const EITHER_WILL_DO: f64 = 0.002;
/// Limit on the inputs that are searched for flips.
const MOST_SEARCHED: usize = 12;
/// Limit on the candidates that other methods are applied to.
const MOST_BY_METHODS: usize = 200;

/// How firm a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerdictClass {
    None,
    Open,
    Leaning,
    Clear,
}

impl VerdictClass {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Open => "open",
            Self::Leaning => "leaning",
            Self::Clear => "clear",
        }
    }
}

/// Why a verdict is not clear although the first is first often enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// Every input is certain.
    NothingUncertain,
    /// A missing value could change the first.
    MissingValue,
    /// With judged spreads doubled the first is not first often enough.
    DoubledSpreads,
}

/// Another first candidate where one input takes another value, within the range in which it may really be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VerdictFlip {
    pub input: InputId,
    /// The input's mean, base units.
    pub now: f64,
    /// The other candidate is first from there on, away from the mean; base units.
    pub at: f64,
    /// The standard error of `at`.
    pub error: f64,
    /// Who is then first; `None` if nobody can be ranked.
    pub first: Option<usize>,
}

/// Who or what names another first candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    pub by: Dissenter,
    /// The id of the scenario or stakeholder, the form of the method.
    pub id: String,
    /// The id of the candidate.
    pub first: String,
}

/// What disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dissenter {
    Scenario,
    Stakeholder,
    Method,
}

impl Dissenter {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Stakeholder => "stakeholder",
            Self::Method => "method",
        }
    }
}

/// Why a fact that can turn the verdict deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    Missing,
    Stale,
    Assumed,
    Judged,
}

impl Weakness {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Assumed => "assumed",
            Self::Judged => "judged",
        }
    }
}

/// A fact on which the verdict rests.
#[derive(Clone, Debug, PartialEq)]
pub struct RestsOn {
    pub input: InputId,
    pub why: Weakness,
}

/// The candidate that is first in a scenario, by id; `None` where nobody can be ranked.
pub type ScenarioFirst = (String, Option<String>);

/// The answer of a decision.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub class: VerdictClass,
    /// The candidate with the highest expected score; `None` if nobody can be ranked.
    pub first: Option<usize>,
    /// The candidates that are level with the first, the first included; empty unless the verdict is open.
    pub level: Vec<usize>,
    /// The candidate with the next highest expected score.
    pub runner_up: Option<usize>,
    /// How far the first leads the runner-up in expected score, and the 5 % and 95 % quantile of the difference.
    pub lead: Option<[f64; 3]>,
    /// The expected loss of choosing the first: the EVPI.
    pub loss: Estimate,
    /// How often each candidate is first.
    pub first_share: Vec<f64>,
    pub expected: Vec<Option<f64>>,
    pub cap: Option<Cap>,
    /// The nearest flip of each input that has one; the input that moves the lead most comes first.
    pub flips: Vec<VerdictFlip>,
    pub disagree: Vec<Disagreement>,
    pub rests_on: Vec<RestsOn>,
}

impl Verdict {
    /// Whether it hardly matters which of the level candidates is chosen.
    #[must_use]
    pub fn either_will_do(&self) -> bool {
        self.class == VerdictClass::Open && self.loss.value <= EITHER_WILL_DO
    }

    /// The verdict on a study's plan under its method.
    #[must_use]
    pub fn of(study: &Study<'_>, scenarios: &[ScenarioFirst]) -> Self {
        if study.request().method.id() == DEFAULT_METHOD {
            return Self::additive(study, scenarios);
        }
        Self::by_method(study).unwrap_or_else(|| Self::none(study.standing()))
    }

    /// The verdict of a method that ranks at the means; its shares of first places come from the same draws. It has no loss and
    /// no flips.
    fn by_method(study: &Study<'_>) -> Option<Self> {
        let ranking = study.order().ok()?;
        let (plan, standing) = (study.plan(), study.standing());
        let first = ranking
            .places
            .first()
            .filter(|place| place.rank.is_some())?
            .candidate;
        let ranked = || ranking.places.iter().filter(|place| place.rank.is_some());
        let second = ranked().nth(1);
        let score = |c: usize| ranked().find(|place| place.candidate == c)?.score;
        let mut verdict = Self::none(standing);
        let space = WeightSpace::declared(&plan.shares());
        let drawn = study.rank_acceptability(&space).ok();
        let beats = |rival: usize| {
            let drawn = drawn.as_ref()?;
            let at = |c: usize| drawn.candidates.iter().position(|own| *own == c);
            drawn.winning[at(first)?][at(rival)?]
        };
        for place in ranked() {
            let c = place.candidate;
            verdict.expected[c] = place.score;
            let certain = f64::from(u8::from(c == first));
            let share = drawn.as_ref().map_or(Some(certain), |drawn| drawn.first(c));
            verdict.first_share[c] = share.unwrap_or(0.0);
        }
        let draws = drawn.as_ref().map_or(1, |drawn| drawn.decided);
        let is_level =
            |rival: usize| beats(rival).is_some_and(|beaten| !reaches(beaten, BEATS, draws));
        let rivals = ranked()
            .map(|place| place.candidate)
            .filter(|&c| c != first);
        let level: Vec<usize> = rivals.filter(|&c| is_level(c)).collect();
        verdict.class = if !level.is_empty() {
            VerdictClass::Open
        } else if drawn.is_some()
            && reaches(verdict.first_share[first], CLEAR, draws)
            && !plan.is_certain()
        {
            VerdictClass::Clear
        } else {
            VerdictClass::Leaning
        };
        if verdict.class == VerdictClass::Leaning && plan.is_certain() {
            verdict.cap = Some(Cap::NothingUncertain);
        }
        if !level.is_empty() {
            verdict.level = std::iter::once(first).chain(level).collect();
        }
        verdict.first = Some(first);
        verdict.runner_up = second.map(|place| place.candidate);
        verdict.lead = second.and_then(|second| {
            let lead = (score(first)? - second.score?).abs();
            Some([lead, f64::NAN, f64::NAN])
        });
        verdict.loss.value = f64::NAN;
        Some(verdict)
    }

    /// The verdict under the additive value model.
    fn additive(study: &Study<'_>, scenarios: &[ScenarioFirst]) -> Self {
        let (plan, standing) = (study.plan(), study.standing());
        let mut verdict = Self::brief(plan, standing);
        let Some(first) = verdict.first else {
            return verdict;
        };
        verdict.flips = flips(study);
        let weak = verdict.flips.iter();
        let weak = weak.filter_map(|flip| weakness(plan, flip.input));
        verdict.rests_on.extend(weak);
        verdict.rests_on.dedup();
        verdict.disagree = disagreements(study, first, scenarios);
        verdict
    }

    /// The class, the candidates and the loss, without what could change them; the facts that it rests on are the missing ones.
    #[must_use]
    pub fn brief(plan: &Plan<'_>, standing: &Standing) -> Self {
        let weighed = standing
            .first()
            .filter(|_| !standing.evaluation.is_weightless());
        let Some(first) = weighed else {
            return Self::none(standing);
        };
        let runner_up = standing.order.get(1).copied();
        let missing = missing_values(plan, standing, first);
        let (class, cap) = classify(plan, standing, first, !missing.is_empty());
        Self {
            class,
            first: Some(first),
            level: level(standing, first, class),
            runner_up,
            lead: runner_up.and_then(|rival| lead(standing, first, rival)),
            loss: standing.loss,
            first_share: standing.first_share.clone(),
            expected: (0..plan.candidates())
                .map(|c| standing.expected(c))
                .collect(),
            cap,
            flips: Vec::new(),
            disagree: Vec::new(),
            rests_on: missing,
        }
    }

    fn none(standing: &Standing) -> Self {
        Self {
            class: VerdictClass::None,
            first: None,
            level: Vec::new(),
            runner_up: None,
            lead: None,
            loss: Estimate::default(),
            first_share: vec![0.0; standing.first_share.len()],
            expected: vec![None; standing.first_share.len()],
            cap: None,
            flips: Vec::new(),
            disagree: Vec::new(),
            rests_on: Vec::new(),
        }
    }
}

/// The id of the candidate with the highest expected score; `None` if nobody can be ranked.
#[must_use]
pub fn first_of(plan: &Plan<'_>) -> Option<String> {
    let first = *super::standing::order(&plan.evaluate()).first()?;
    Some(plan.decision.candidates[first].id.clone())
}

/// Whether a share of the draws reaches a limit by two standard errors.
fn reaches(share: f64, limit: f64, draws: usize) -> bool {
    share - 2.0 * share_error(share, draws) >= limit
}

fn classify(
    plan: &Plan<'_>,
    standing: &Standing,
    first: usize,
    misses_values: bool,
) -> (VerdictClass, Option<Cap>) {
    let draws = standing.draws;
    let rivals = || standing.order.iter().copied().filter(|&c| c != first);
    if rivals().any(|rival| !reaches(standing.beats(first, rival), BEATS, draws)) {
        return (VerdictClass::Open, None);
    }
    if !reaches(standing.first_share[first], CLEAR, draws) {
        return (VerdictClass::Leaning, None);
    }
    if plan.is_certain() && standing.order.len() > 1 {
        return (VerdictClass::Leaning, Some(Cap::NothingUncertain));
    }
    if misses_values {
        return (VerdictClass::Leaning, Some(Cap::MissingValue));
    }
    let wider = plan.with_doubled_spreads();
    let wide = Standing::of(&wider, &standing.evaluation.shares);
    if reaches(wide.first_share[first], CLEAR_WIDE, draws) {
        (VerdictClass::Clear, None)
    } else {
        (VerdictClass::Leaning, Some(Cap::DoubledSpreads))
    }
}

/// The candidates that an open verdict calls level with the first.
fn level(standing: &Standing, first: usize, class: VerdictClass) -> Vec<usize> {
    if class != VerdictClass::Open {
        return Vec::new();
    }
    let is_level =
        |&c: &usize| c == first || !reaches(standing.beats(first, c), BEATS, standing.draws);
    standing.order.iter().copied().filter(is_level).collect()
}

fn lead(standing: &Standing, first: usize, rival: usize) -> Option<[f64; 3]> {
    let difference = standing.expected(first)? - standing.expected(rival)?;
    let mut draws = standing.leads(first, rival);
    draws.retain(|lead| !lead.is_nan());
    let (low, high) = super::ranking::quantiles(&mut draws)?;
    Some([difference, low, high])
}

/// The missing values that could change the first: assumed ones at the ends of their range, and those without which a
/// candidate that could be first is not ranked.
fn missing_values(plan: &Plan<'_>, standing: &Standing, first: usize) -> Vec<RestsOn> {
    let shares = &standing.evaluation.shares;
    let rows = &standing.evaluation.rows;
    let best = standing.expected(first).unwrap_or(f64::NEG_INFINITY);
    let rival_best = standing.order.get(1).and_then(|&c| standing.expected(c));
    let mut found = Vec::new();
    for (c, row) in rows.iter().enumerate() {
        if row.status == Status::Screened {
            continue;
        }
        let lacking = Lacking::of(plan, shares, c);
        let freedom: f64 = lacking
            .criteria
            .iter()
            .filter(|&&k| {
                matches!(
                    plan.policy(k, c),
                    MissingPolicy::Exclude | MissingPolicy::Range
                )
            })
            .map(|&k| shares[k])
            .sum();
        let could_change = if row.status == Status::Ranked && c == first {
            rival_best.is_some_and(|rival| lacking.known < rival - TIE)
        } else {
            lacking.known + freedom > best + TIE
        };
        if could_change && (freedom > 0.0 || row.status == Status::Incomplete) {
            found.extend(lacking.facts.into_iter().map(|input| RestsOn {
                input,
                why: Weakness::Missing,
            }));
        }
    }
    found.sort_by_key(|rests| rests.input);
    found.dedup();
    found
}

/// The nearest flip of the inputs that can change the first within the range in which they may really be, in the order of their
/// influence.
fn flips(study: &Study<'_>) -> Vec<VerdictFlip> {
    let (plan, standing) = (study.plan(), study.standing());
    if standing.order.len() < 2 && contenders(standing).len() < 2 {
        return Vec::new();
    }
    let inputs: Vec<_> = super::influence::strongest(plan, standing, MOST_SEARCHED)
        .into_iter()
        .filter_map(|input| Some((input, realistic(plan, input)?)))
        .collect();
    let found = expected_break_evens(plan, standing, study.pinning(), &inputs);
    let nearest = |own: &super::break_even::BreakEven| {
        let distance = |flip: &&Flip| (flip.at - own.value).abs();
        let flip = own
            .flips
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        // Below the mean it is the other side of the flip that has another first.
        let first = if flip.at > own.value {
            flip.winner
        } else {
            let before = own
                .flips
                .iter()
                .take_while(|other| other.at < flip.at)
                .last();
            before.map_or(own.below, |before| before.winner)
        };
        (first != standing.first()).then_some(VerdictFlip {
            input: own.input,
            now: own.value,
            at: flip.at,
            error: flip.error,
            first,
        })
    };
    found.inputs.iter().filter_map(nearest).collect()
}

/// Why the fact behind an input deserves a look; `None` for evidence that is up to date.
fn weakness(plan: &Plan<'_>, input: InputId) -> Option<RestsOn> {
    let crate::eval::Leaf::Fact(fact) = plan.leaf(input.node, input.candidate.unwrap_or(0)) else {
        return None;
    };
    let why = fact_weakness(fact)?;
    Some(RestsOn { input, why })
}

fn fact_weakness(fact: &Fact) -> Option<Weakness> {
    if fact.stale {
        return Some(Weakness::Stale);
    }
    if let FactValue::Combined { parts, .. } = &fact.value {
        return parts
            .iter()
            .filter_map(|(_, part)| fact_weakness(part))
            .min();
    }
    match fact.provenance.kind {
        None => Some(Weakness::Assumed),
        Some(EvidenceKind::Judged) => Some(Weakness::Judged),
        Some(_) => None,
    }
}

fn disagreements(
    study: &Study<'_>,
    first: usize,
    scenarios: &[ScenarioFirst],
) -> Vec<Disagreement> {
    let plan = study.plan();
    let id = |c: usize| plan.decision.candidates[c].id.clone();
    let mut all: Vec<Disagreement> = scenarios
        .iter()
        .filter_map(|(scenario, other)| Some((scenario, other.clone()?)))
        .filter(|(_, other)| *other != id(first))
        .map(|(scenario, other)| Disagreement {
            by: Dissenter::Scenario,
            id: scenario.clone(),
            first: other,
        })
        .collect();
    if plan.decision.stakeholder.is_none() {
        let voices = plan.decision.stakeholders.iter().filter_map(|who| {
            let shares = stakeholders::shares(plan, who)?;
            let own = super::standing::order(&plan.evaluate_with(&shares));
            let other = own.first().copied().filter(|&other| other != first)?;
            Some(Disagreement {
                by: Dissenter::Stakeholder,
                id: who.id.clone(),
                first: id(other),
            })
        });
        all.extend(voices);
    }
    if study.standing().order.len() <= MOST_BY_METHODS {
        let request = study.request();
        let results = agreement::declared(plan, request.method, &request.params);
        let other = |found: &MethodComparison| {
            let winners = found.winners.as_ref().ok()?;
            let other = winners.first().filter(|_| !winners.contains(&first))?;
            Some(Disagreement {
                by: Dissenter::Method,
                id: found.form.clone(),
                first: id(*other),
            })
        };
        all.extend(results.iter().filter_map(other));
    }
    all
}
