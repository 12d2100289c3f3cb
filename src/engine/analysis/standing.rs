//! Where every candidate stands over the common draws: expected score, spread, how often it is first, who beats whom.
//!
//! All questions about who leads are answered from one set of draws ([`Plan::draws`]), so no two answers can contradict each
//! other. The conventions, for every command:
//!
//! - the **score** is the expected score, the mean over *all* draws, whether a gate is passed or not: draws stay paired between
//!   candidates, and mean contributions add up to the score;
//! - a candidate is **ranked** if it passes its gates in at least half of the draws, or as often as a gate asks for (a chance
//!   constraint: Charnes, A., Cooper, W. W. (1959). Chance-constrained programming. Management Science 6(1), 73-79);
//! - for **first places**, **duels** and **loss** a draw in which a gate fails counts as last: as lost against everyone who
//!   passes, and as a score of 0.
//!
//! The **loss** is the expected opportunity cost of choosing the first, `E[max_d S_d] - E[S_first]` (Chick, S. E., Inoue, K.
//! (1998). Sequential allocation procedures that reduce risk for multiple comparisons. Proc. Winter Simulation Conference,
//! 669-676). It is also the expected value of perfect information (EVPI): one figure, computed here.

use rayon::prelude::*;

use super::race::TIE;
use crate::eval::{BLOCK, Block, Evaluation, Plan, Status};

/// Share of the draws in which one candidate must beat another to be placed before it.
pub const BEATS: f64 = 2.0 / 3.0;

/// Most candidates whose draws are compared; of more, those with the highest expected scores are.
pub const MOST_COMPARED: usize = 2_000;

/// An estimate with its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// Where the candidates of a plan stand under given weights.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Statuses, mean values, contributions and expected scores.
    pub evaluation: Evaluation,
    /// The 5 % and 95 % quantiles of each candidate's score; `None` for one that is incomplete.
    pub spread: Vec<Option<(f64, f64)>>,
    /// The ranked candidates, highest expected score first.
    pub order: Vec<usize>,
    /// Each candidate's rank, from 1: one more than the number of candidates that beat it in at least two thirds of the
    /// draws, so level candidates share a rank; `None` unless it is ranked.
    pub ranks: Vec<Option<usize>>,
    /// The share of the draws in which each candidate is first; equals share a draw. 0 for one that cannot be.
    pub first_share: Vec<f64>,
    /// The expected loss of choosing the first.
    pub loss: Estimate,
    /// The share of the draws in which somebody else would be the better choice.
    pub regret_chance: f64,
    /// How many draws were made.
    pub draws: usize,
    /// Their seed.
    pub seed: u64,
    /// How many candidates were too many to be compared draw by draw.
    pub left_out: usize,
    scores: DrawnScores,
}

/// The scores of the candidates in play in every draw, candidate by candidate.
#[derive(Clone, Debug)]
struct DrawnScores {
    draws: usize,
    /// Place of each candidate among the rows; `None` for one that is not in play.
    row: Vec<Option<usize>>,
    /// Scores, gates ignored.
    scores: Vec<f64>,
    /// Scores for comparisons: negative infinity where a gate fails or a value is missing.
    standing: Vec<f64>,
}

impl DrawnScores {
    fn scores(&self, c: usize) -> Option<&[f64]> {
        let row = self.row[c]?;
        Some(&self.scores[row * self.draws..][..self.draws])
    }

    fn standing(&self, c: usize) -> Option<&[f64]> {
        let row = self.row[c]?;
        Some(&self.standing[row * self.draws..][..self.draws])
    }
}

/// A fraction of draws with its standard error, `sqrt(p (1 - p) / n)`.
#[must_use]
pub fn share_error(p: f64, draws: usize) -> f64 {
    (p * (1.0 - p) / draws.max(1) as f64).sqrt()
}

impl Standing {
    /// Computes the standing under these shares from the plan's common draws.
    #[must_use]
    pub fn of(plan: &Plan<'_>, shares: &[f64]) -> Self {
        let evaluation = plan.evaluate_with(shares);
        let order = order(&evaluation);
        let (compared, left_out) = compared(plan, &evaluation);
        let drawn = DrawnScores::draw(plan, shares, &evaluation, &compared);
        let first = order.first().copied();
        let (first_share, loss, regret_chance) = drawn.first_places(first);
        let mut standing = Self {
            spread: (0..plan.candidates()).map(|c| drawn.spread(c)).collect(),
            ranks: vec![None; plan.candidates()],
            order,
            first_share,
            loss,
            regret_chance,
            draws: drawn.draws,
            seed: plan.seed,
            left_out,
            evaluation,
            scores: drawn,
        };
        standing.ranks = standing.rank_by_duels();
        standing
    }

    /// The candidate with the highest expected score; `None` where nobody is ranked.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.order.first().copied()
    }

    /// A ranked candidate's expected score.
    #[must_use]
    pub fn expected(&self, candidate: usize) -> Option<f64> {
        self.evaluation.rows[candidate].score
    }

    /// The ranked candidates with their ranks, highest expected score first; empty if no criterion has weight.
    #[must_use]
    pub fn places(&self) -> Vec<(usize, usize)> {
        if self.evaluation.is_weightless() {
            return Vec::new();
        }
        let rank = |&c: &usize| self.ranks[c].map(|rank| (c, rank));
        self.order.iter().filter_map(rank).collect()
    }

    /// The share of the draws in which `a` beats `b`; a tie counts half, and a candidate whose gate fails loses. Candidates that
    /// are too many to be compared draw by draw are compared by expected score.
    #[must_use]
    pub fn beats(&self, a: usize, b: usize) -> f64 {
        match (self.scores.standing(a), self.scores.standing(b)) {
            (Some(a), Some(b)) => duel(a, b),
            _ => {
                let expected = |c: usize| self.expected(c).unwrap_or(f64::NEG_INFINITY);
                duel(&[expected(a)], &[expected(b)])
            }
        }
    }

    /// The draws of the difference between two candidates' scores, gates ignored; empty where either is not in play.
    #[must_use]
    pub fn leads(&self, a: usize, b: usize) -> Vec<f64> {
        match (self.scores.scores(a), self.scores.scores(b)) {
            (Some(a), Some(b)) => a.iter().zip(b).map(|(a, b)| a - b).collect(),
            _ => Vec::new(),
        }
    }

    /// The standard error of the expected difference between two candidates' scores.
    #[must_use]
    pub fn lead_error(&self, a: usize, b: usize) -> f64 {
        mean_with_error(&self.leads(a, b)).error
    }

    /// One more than the number of candidates that beat each in two thirds of the draws. Candidates that are too many to be
    /// compared draw by draw follow in the order of their expected scores.
    fn rank_by_duels(&self) -> Vec<Option<usize>> {
        let compared: Vec<(usize, Moments)> = self
            .order
            .iter()
            .filter_map(|&c| Some((c, Moments::of(self.scores.standing(c)?))))
            .collect();
        let count = |&(c, own): &(usize, Moments)| {
            let better = compared.iter().filter(|&&(other, moments)| {
                other != c
                    && moments
                        .certainly_beats(own)
                        .unwrap_or_else(|| self.beats(other, c) >= BEATS)
            });
            1 + better.count()
        };
        let counted: Vec<usize> = compared.par_iter().map(count).collect();
        let mut ranks = vec![None; self.first_share.len()];
        for ((c, _), rank) in compared.iter().zip(counted) {
            ranks[*c] = Some(rank);
        }
        let mut level = None;
        for (at, &c) in self.order.iter().enumerate() {
            if ranks[c].is_some() {
                continue;
            }
            let score = self.expected(c);
            let (before, rank) = match level {
                Some((before, rank)) if before == score => (before, rank),
                _ => (score, at + 1),
            };
            level = Some((before, rank));
            ranks[c] = Some(rank);
        }
        ranks
    }
}

/// The ranked candidates, highest expected score first; equals in the decision's order.
pub(super) fn order(evaluation: &Evaluation) -> Vec<usize> {
    let score = |c: usize| evaluation.rows[c].score;
    let mut order: Vec<usize> = (0..evaluation.rows.len())
        .filter(|&c| score(c).is_some())
        .collect();
    let bar = |x: f64| x + TIE * x.abs().max(1.0);
    order.sort_by(|&a, &b| {
        let (a, b) = (score(a).unwrap_or(f64::NAN), score(b).unwrap_or(f64::NAN));
        b.total_cmp(&a)
    });
    // Rounding must not decide who is first among equals.
    let mut from = 0;
    while from < order.len() {
        let best = score(order[from]).unwrap_or(f64::NAN);
        let mut to = from + 1;
        while to < order.len() && bar(score(order[to]).unwrap_or(f64::NAN)) >= best {
            to += 1;
        }
        order[from..to].sort_unstable();
        from = to;
    }
    order
}

/// The candidates whose draws are compared, in the decision's order, and how many ranked ones are left out.
fn compared(plan: &Plan<'_>, evaluation: &Evaluation) -> (Vec<usize>, usize) {
    let can_be_first = |&c: &usize| {
        evaluation.rows[c].status == Status::Ranked
            || evaluation.rows[c].status == Status::Screened && plan.pass_share(c) > 0.0
    };
    let mut all: Vec<usize> = (0..plan.candidates()).filter(can_be_first).collect();
    let left_out = all.len().saturating_sub(MOST_COMPARED);
    if left_out > 0 {
        let expected = |c: usize| evaluation.rows[c].contributions.iter().sum::<f64>();
        all.sort_by(|&a, &b| expected(b).total_cmp(&expected(a)).then(a.cmp(&b)));
        all.truncate(MOST_COMPARED);
        all.sort_unstable();
    }
    (all, left_out)
}

/// The share of draws in which `a` is ahead of `b`, ties half.
fn duel(a: &[f64], b: &[f64]) -> f64 {
    let slack = TIE;
    let (mut ahead, mut behind) = (0_usize, 0_usize);
    for (a, b) in a.iter().zip(b) {
        ahead += usize::from(*a > *b + slack);
        behind += usize::from(*b > *a + slack);
    }
    let level = a.len() - ahead - behind;
    (ahead as f64 + 0.5 * level as f64) / a.len().max(1) as f64
}

/// Mean and standard deviation of draws; of a candidate's standing both are finite only where no gate ever fails.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    pub mean: f64,
    pub sd: f64,
}

impl Moments {
    pub(super) fn of(draws: &[f64]) -> Self {
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        Self {
            mean,
            sd: variance.sqrt(),
        }
    }

    /// Whether this one beats the other in two thirds of the draws, where the moments alone settle it.
    ///
    /// By Cantelli's inequality the difference, with mean `d` and a variance of at most `v = (sd_a + sd_b)^2`, is negative
    /// in at most `v / (v + d^2)` of the draws.
    fn certainly_beats(self, other: Self) -> Option<bool> {
        let d = self.mean - other.mean;
        if !d.is_finite() {
            return None;
        }
        let v = (self.sd + other.sd).powi(2);
        if v == 0.0 {
            return Some(d > TIE);
        }
        // The strict bound keeps rounding from deciding.
        (d * d > 2.001 * v).then_some(d > 0.0)
    }
}

impl DrawnScores {
    /// Draws the scores of these candidates.
    fn draw(plan: &Plan<'_>, shares: &[f64], evaluation: &Evaluation, compared: &[usize]) -> Self {
        let mut row = vec![None; plan.candidates()];
        for (at, &c) in compared.iter().enumerate() {
            row[c] = Some(at);
        }
        if plan.is_certain() {
            let of = |&c: &usize| evaluation.rows[c].score.unwrap_or(f64::NEG_INFINITY);
            let scores: Vec<f64> = compared.iter().map(of).collect();
            return Self {
                draws: 1,
                row,
                standing: scores.clone(),
                scores,
            };
        }
        let draws = plan.draws;
        let rows = compared.len();
        let per_block = |block: &Block<'_>| {
            let mut scores = vec![0.0; rows * block.lanes];
            let mut standing = vec![0.0; rows * block.lanes];
            for (at, &c) in compared.iter().enumerate() {
                let own = &mut scores[at * block.lanes..][..block.lanes];
                block.weigh(shares, c, own);
                let passed = block.passed(c);
                for ((standing, score), passed) in standing[at * block.lanes..][..block.lanes]
                    .iter_mut()
                    .zip(own)
                    .zip(passed)
                {
                    *standing = if *passed == 0.0 || score.is_nan() {
                        f64::NEG_INFINITY
                    } else {
                        *score
                    };
                }
            }
            (scores, standing)
        };
        let blocks = plan.common_blocks(per_block);
        let (mut scores, mut standing) = (vec![0.0; rows * draws], vec![0.0; rows * draws]);
        for (number, (block_scores, block_standing)) in blocks.iter().enumerate() {
            let lanes = block_scores.len() / rows.max(1);
            for at in 0..rows {
                let to = at * draws + number * BLOCK;
                scores[to..to + lanes].copy_from_slice(&block_scores[at * lanes..][..lanes]);
                standing[to..to + lanes].copy_from_slice(&block_standing[at * lanes..][..lanes]);
            }
        }
        Self {
            draws,
            row,
            scores,
            standing,
        }
    }

    /// The 5 % and 95 % quantiles of a candidate's score over the draws in which it has one.
    fn spread(&self, c: usize) -> Option<(f64, f64)> {
        let mut all: Vec<f64> = self
            .scores(c)?
            .iter()
            .copied()
            .filter(|s| !s.is_nan())
            .collect();
        super::ranking::quantiles(&mut all)
    }

    /// The share of first places of every candidate, the expected loss of choosing `first`, and how often another choice
    /// would have been better.
    fn first_places(&self, first: Option<usize>) -> (Vec<f64>, Estimate, f64) {
        let rows: Vec<(usize, &[f64])> = (0..self.row.len())
            .filter_map(|c| Some((c, self.standing(c)?)))
            .collect();
        let mut best = vec![f64::NEG_INFINITY; self.draws];
        for (_, own) in &rows {
            best.iter_mut()
                .zip(*own)
                .for_each(|(best, score)| *best = best.max(*score));
        }
        let mut holders = vec![0.0_f64; self.draws];
        for (_, own) in &rows {
            for ((holders, best), score) in holders.iter_mut().zip(&best).zip(*own) {
                *holders += f64::from(u8::from(is_best(*score, *best)));
            }
        }
        let decided = best.iter().filter(|best| best.is_finite()).count().max(1) as f64;
        let mut share = vec![0.0; self.row.len()];
        for (c, own) in &rows {
            let won = own.iter().zip(&best).zip(&holders);
            share[*c] = won
                .filter(|((score, best), _)| is_best(**score, **best))
                .map(|(_, holders)| 1.0 / holders)
                .sum::<f64>()
                / decided;
        }
        let Some(chosen) = first.and_then(|c| self.standing(c)) else {
            return (share, Estimate::default(), 0.0);
        };
        let worst_counts_zero = |score: f64| if score.is_finite() { score } else { 0.0 };
        let losses: Vec<f64> = best
            .iter()
            .zip(chosen)
            .map(|(best, own)| (worst_counts_zero(*best) - worst_counts_zero(*own)).max(0.0))
            .collect();
        let chance = losses.iter().filter(|loss| **loss > TIE).count() as f64 / losses.len() as f64;
        (share, mean_with_error(&losses), chance)
    }
}

fn is_best(score: f64, best: f64) -> bool {
    score.is_finite() && score >= best - TIE * best.abs().max(1.0)
}

/// The mean of independent draws with its standard error.
fn mean_with_error(all: &[f64]) -> Estimate {
    let Moments { mean, sd } = Moments::of(all);
    Estimate {
        value: mean,
        error: sd / (all.len() as f64).sqrt(),
    }
}
