//! Stakeholders with weights of their own: the ranking of each, how far they agree, where they disagree and why, and group rankings.
//!
//! - *agreement*: Kendall's W over the candidates that all stakeholders rank, 1 where all rankings are the same;
//! - *parting*: a pair of candidates that two sides order differently. With the mean shares `w` of those who prefer `a` and `u` of
//!   those who prefer `b`, criterion `k` drives it by `(w_k - u_k)(v_ak - v_bk)`: positive is what pulls the first side to `a`;
//! - *regret* of a candidate for a stakeholder: the score of their best candidate minus its own, in points of value;
//! - *rules for the group*, each stated: the share-weighted mean of all stakeholders' shares (aggregation of individual priorities, Forman,
//!   E., Peniwati, K. (1998). Aggregating individual judgments and priorities with the analytic hierarchy process. EJOR 108(1),
//!   165-169); Borda (`n - 1` points for a first place down to 0, ties get the mean, weighted by share); and the smallest largest
//!   regret (Savage, L. J. (1951). The theory of statistical decision. JASA 46(253), 55-67).
//!
//! An average hides disagreement, so every individual ranking is kept too.

use crate::eval::{Plan, Status};
use crate::model::decision::Stakeholder;
use crate::rank::agreement::kendall_w;
use crate::rank::{order, ranks};

/// One stakeholder's weights and ranking.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Index of the stakeholder in the decision.
    pub stakeholder: usize,
    /// Share of each criterion; empty if none of their criteria is in this decision.
    pub shares: Vec<f64>,
    /// Score of each candidate; `None` if it is not ranked under these weights.
    pub scores: Vec<Option<f64>>,
    /// Rank of each candidate.
    pub ranks: Vec<Option<usize>>,
    /// Best score minus own.
    pub regrets: Vec<Option<f64>>,
}

/// A pair of candidates that two sides order differently.
#[derive(Clone, Debug)]
pub struct Parting {
    /// The first candidate.
    pub a: usize,
    /// The second candidate.
    pub b: usize,
    /// The voices that prefer the first, by index.
    pub for_a: Vec<usize>,
    /// The voices that prefer the second.
    pub for_b: Vec<usize>,
    /// Criterion and how strongly it drives the two sides apart, strongest first; only those that do.
    pub drivers: Vec<(usize, f64)>,
    /// Sum of all drivers.
    pub strength: f64,
}

/// A rule by which a group decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The mean of all stakeholders' shares, weighted by their share in the group.
    MeanShares,
    /// Points by place.
    Borda,
    /// The smallest largest regret.
    MinimaxRegret,
}

impl Rule {
    /// The name in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MeanShares => "mean-shares",
            Self::Borda => "borda",
            Self::MinimaxRegret => "minimax-regret",
        }
    }
}

/// The group's ranking by one rule.
#[derive(Clone, Debug)]
pub struct GroupRanking {
    /// The rule.
    pub rule: Rule,
    /// The rule's figure of each candidate; of regrets less is better.
    pub figures: Vec<Option<f64>>,
    /// Rank of each candidate.
    pub ranks: Vec<Option<usize>>,
}

/// The rankings of all stakeholders and of the group.
#[derive(Clone, Debug)]
pub struct Stakeholders {
    /// One for each stakeholder of the decision.
    pub voices: Vec<Voice>,
    /// Candidates that every voice ranks.
    pub common: Vec<usize>,
    /// Kendall's W; `None` with fewer than two voices or common candidates.
    pub agreement: Option<f64>,
    /// Disagreements, strongest first.
    pub partings: Vec<Parting>,
    /// The group's ranking by each rule.
    pub group: Vec<GroupRanking>,
}

/// A stakeholder's shares over the decision's criteria; `None` if they have points for none of them.
#[must_use]
pub fn shares(plan: &Plan<'_>, stakeholder: &Stakeholder) -> Option<Vec<f64>> {
    let points: Vec<f64> = plan
        .graph
        .criteria
        .iter()
        .map(|slot| {
            stakeholder
                .points
                .get(&slot.id)
                .copied()
                .unwrap_or(0.0)
                .max(0.0)
        })
        .collect();
    let total: f64 = points.iter().sum();
    (total > 0.0 && total.is_finite()).then(|| points.iter().map(|p| p / total).collect())
}

/// Ranks the candidates for every stakeholder, and for the group.
#[must_use]
pub fn stakeholders(plan: &Plan<'_>) -> Stakeholders {
    let count = plan.candidates();
    let voices: Vec<Voice> = plan
        .decision
        .stakeholders
        .iter()
        .enumerate()
        .map(|(at, s)| voice(plan, at, shares(plan, s)))
        .collect();
    let heard: Vec<usize> = (0..voices.len())
        .filter(|&s| !voices[s].shares.is_empty())
        .collect();
    let common: Vec<usize> = (0..count)
        .filter(|&c| !heard.is_empty() && heard.iter().all(|&s| voices[s].scores[c].is_some()))
        .collect();
    let rankings: Vec<Vec<usize>> = heard
        .iter()
        .map(|&s| among(&voices[s].scores, &common, true))
        .collect();
    let partings = partings(plan, &voices, &heard, &common);
    let group = group(plan, &voices, &heard, &common, &rankings);
    Stakeholders {
        agreement: kendall_w(&rankings),
        voices,
        common,
        partings,
        group,
    }
}

fn voice(plan: &Plan<'_>, stakeholder: usize, shares: Option<Vec<f64>>) -> Voice {
    let count = plan.candidates();
    let Some(shares) = shares else {
        return Voice {
            stakeholder,
            shares: Vec::new(),
            scores: vec![None; count],
            ranks: vec![None; count],
            regrets: vec![None; count],
        };
    };
    let scores: Vec<Option<f64>> = plan
        .evaluate_with(&shares)
        .rows
        .iter()
        .map(|row| row.score.filter(|_| row.status == Status::Ranked))
        .collect();
    let best = scores
        .iter()
        .flatten()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    let regrets = scores.iter().map(|score| score.map(|s| best - s)).collect();
    Voice {
        stakeholder,
        ranks: spread(&scores, true),
        shares,
        scores,
        regrets,
    }
}

/// Ranks of these candidates among themselves.
fn among(scores: &[Option<f64>], candidates: &[usize], higher: bool) -> Vec<usize> {
    let own: Vec<f64> = candidates
        .iter()
        .map(|&c| scores[c].expect("only candidates with a score are compared"))
        .collect();
    ranks(&own, higher)
}

/// Ranks of those that have a figure.
fn spread(figures: &[Option<f64>], higher: bool) -> Vec<Option<usize>> {
    let known: Vec<usize> = (0..figures.len())
        .filter(|&c| figures[c].is_some())
        .collect();
    let mut all = vec![None; figures.len()];
    known
        .iter()
        .zip(among(figures, &known, higher))
        .for_each(|(&c, rank)| all[c] = Some(rank));
    all
}

/// Most pairs that are kept; the list is sorted by strength.
const MOST_PARTINGS: usize = 200;

fn partings(plan: &Plan<'_>, voices: &[Voice], heard: &[usize], common: &[usize]) -> Vec<Parting> {
    let criteria = plan.graph.criteria.len();
    let values = plan.evaluate_with(&vec![1.0; criteria]).rows;
    let mut all = Vec::new();
    for (at, &a) in common.iter().enumerate() {
        for &b in &common[at + 1..] {
            let place = |s: usize, c: usize| voices[s].ranks[c];
            let for_a: Vec<usize> = heard
                .iter()
                .copied()
                .filter(|&s| place(s, a) < place(s, b))
                .collect();
            let for_b: Vec<usize> = heard
                .iter()
                .copied()
                .filter(|&s| place(s, a) > place(s, b))
                .collect();
            if for_a.is_empty() || for_b.is_empty() {
                continue;
            }
            let mean = |side: &[usize], k: usize| {
                side.iter().map(|&s| voices[s].shares[k]).sum::<f64>() / side.len() as f64
            };
            let mut drivers: Vec<(usize, f64)> = (0..criteria)
                .map(|k| {
                    (
                        k,
                        (mean(&for_a, k) - mean(&for_b, k))
                            * (values[a].values[k] - values[b].values[k]),
                    )
                })
                .filter(|(_, drive)| *drive > 1e-12)
                .collect();
            drivers.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
            let strength = drivers.iter().map(|d| d.1).sum();
            all.push(Parting {
                a,
                b,
                for_a,
                for_b,
                drivers,
                strength,
            });
        }
    }
    all.sort_by(|x, y| {
        y.strength
            .total_cmp(&x.strength)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    all.truncate(MOST_PARTINGS);
    all
}

fn group(
    plan: &Plan<'_>,
    voices: &[Voice],
    heard: &[usize],
    common: &[usize],
    rankings: &[Vec<usize>],
) -> Vec<GroupRanking> {
    if common.is_empty() {
        return Vec::new();
    }
    let count = plan.candidates();
    let raw: Vec<f64> = heard
        .iter()
        .map(|&s| plan.decision.stakeholders[voices[s].stakeholder].share)
        .collect();
    let total: f64 = raw.iter().sum();
    let says: Vec<f64> = raw
        .iter()
        .map(|share| {
            if total > 0.0 {
                share / total
            } else {
                1.0 / raw.len() as f64
            }
        })
        .collect();

    let mut mean = vec![0.0; plan.graph.criteria.len()];
    for (&s, say) in heard.iter().zip(&says) {
        mean.iter_mut()
            .zip(&voices[s].shares)
            .for_each(|(mean, share)| *mean += say * share);
    }
    let rows = plan.evaluate_with(&mean).rows;
    let by_mean: Vec<Option<f64>> = (0..count)
        .map(|c| rows[c].score.filter(|_| common.contains(&c)))
        .collect();

    let n = common.len();
    let mut borda = vec![None; count];
    let mut regret = vec![None; count];
    for (at, &c) in common.iter().enumerate() {
        let points = rankings.iter().zip(&says).map(|(ranking, say)| {
            let ties = ranking.iter().filter(|&&rank| rank == ranking[at]).count();
            say * (n as f64 - ranking[at] as f64 - (ties - 1) as f64 / 2.0)
        });
        borda[c] = Some(points.sum());
        regret[c] = heard
            .iter()
            .filter_map(|&s| voices[s].regrets[c])
            .reduce(f64::max);
    }
    let ranking = |rule: Rule, figures: Vec<Option<f64>>| {
        let ranks = spread(&figures, rule != Rule::MinimaxRegret);
        GroupRanking {
            rule,
            figures,
            ranks,
        }
    };
    vec![
        ranking(Rule::MeanShares, by_mean),
        ranking(Rule::Borda, borda),
        ranking(Rule::MinimaxRegret, regret),
    ]
}

impl GroupRanking {
    /// The candidates with a rank, best first.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let known: Vec<usize> = (0..self.ranks.len())
            .filter(|&c| self.ranks[c].is_some())
            .collect();
        let ranks: Vec<usize> = known.iter().filter_map(|&c| self.ranks[c]).collect();
        order(&ranks).into_iter().map(|at| known[at]).collect()
    }
}
