//! The expected gain given one input, by regression on samples.
//!
//! Two models are fitted to a part of the samples, and the one that predicts the rest better is used:
//!
//! - *smooth*: the input is replaced by its rank, spread evenly over -1..1, on which Legendre polynomials are orthogonal: each
//!   coefficient is a mean, `c_j = (2 j + 1) E[y P_j(u)]`, whatever the distribution of the input was. A coefficient that its own
//!   standard error could explain is dropped, so that an input without influence gives a constant;
//! - *steps*: a regression tree (Breiman, L. et al. (1984), *Classification and Regression Trees*), which finds where a score jumps.

/// Polynomials up to this degree follow a curve with a few turns.
const DEGREE: usize = 8;
/// A coefficient must be this many standard errors away from 0.
const SURE: f64 = 2.5;
/// A step must reduce the sum of squares by this many variances: the best of thousands of places would reach 10 by chance.
const STEP: f64 = 16.0;
/// Limit on the depth of the tree.
const DEEPEST: usize = 8;
/// Minimum number of samples per step.
const FEWEST: usize = 32;

/// One input, prepared for regression.
pub(super) struct Regression {
    /// Samples in ascending order of the input.
    order: Vec<usize>,
    /// The input's rank in every sample, -1..1; equal values share one.
    rank: Vec<f64>,
    /// Legendre polynomials of the rank, from degree 1: `basis[j][s]`.
    basis: Vec<Vec<f64>>,
}

/// A regression of one gain.
pub(super) enum Fit {
    /// The mean, then the coefficient of each polynomial.
    Smooth(Vec<f64>),
    /// Ascending: up to which rank a step goes, and its height.
    Steps(Vec<(f64, f64)>),
}

impl Regression {
    pub(super) fn new(x: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_unstable_by(|&a, &b| x[a].total_cmp(&x[b]).then(a.cmp(&b)));
        let mut rank = vec![0.0; x.len()];
        let mut first = 0;
        for group in order.chunk_by(|&a, &b| x[a] == x[b]) {
            let middle = (2 * first + group.len()) as f64 / x.len() as f64 - 1.0;
            group.iter().for_each(|&s| rank[s] = middle);
            first += group.len();
        }
        // (j + 1) P_{j+1} = (2 j + 1) u P_j - j P_{j-1}
        let mut basis = vec![vec![1.0; x.len()], rank.clone()];
        for j in 1..DEGREE {
            let step = j as f64;
            let next = |s: usize| {
                ((2.0 * step + 1.0) * rank[s] * basis[j][s] - step * basis[j - 1][s]) / (step + 1.0)
            };
            let column = (0..x.len()).map(next).collect();
            basis.push(column);
        }
        basis.remove(0);
        Self { order, rank, basis }
    }

    /// The regression of `y` over the samples whose part `uses` names; a sample's part is 0..4.
    pub(super) fn fit(&self, y: &[f64], parts: &[u8], uses: [u8; 2]) -> Fit {
        let [learns, judges] = uses;
        let error = |fit: &Fit| -> f64 {
            self.order
                .iter()
                .filter(|&&s| parts[s] == judges)
                .map(|&s| (y[s] - self.at(fit, s)).powi(2))
                .sum()
        };
        let (smooth, steps) = (
            self.smooth(y, &|s| parts[s] == learns),
            self.steps(y, &|s| parts[s] == learns),
        );
        let both = |s: usize| uses.contains(&parts[s]);
        if error(&steps) < error(&smooth) {
            self.steps(y, &both)
        } else {
            self.smooth(y, &both)
        }
    }

    fn smooth(&self, y: &[f64], uses: &dyn Fn(usize) -> bool) -> Fit {
        let used: Vec<usize> = (0..y.len()).filter(|&s| uses(s)).collect();
        let count = used.len() as f64;
        let middle = used.iter().map(|&s| y[s]).sum::<f64>() / count;
        let mut fit = vec![middle];
        for (j, column) in self.basis.iter().enumerate() {
            let factor = 2.0 * (j + 1) as f64 + 1.0;
            let (mut sum, mut squares) = (0.0, 0.0);
            for &s in &used {
                let term = factor * (y[s] - middle) * column[s];
                sum += term;
                squares += term * term;
            }
            let c = sum / count;
            let error = ((squares / count - c * c) / count).max(0.0).sqrt();
            fit.push(if c.abs() > SURE * error { c } else { 0.0 });
        }
        Fit::Smooth(fit)
    }

    fn steps(&self, y: &[f64], uses: &dyn Fn(usize) -> bool) -> Fit {
        let used: Vec<usize> = self.order.iter().copied().filter(|&s| uses(s)).collect();
        let ranks: Vec<f64> = used.iter().map(|&s| self.rank[s]).collect();
        // Sums before each place, so that the mean of any stretch is a subtraction.
        let mut sums = vec![0.0];
        for &s in &used {
            sums.push(sums[sums.len() - 1] + y[s]);
        }
        let mut tree = RegressionTree {
            y,
            used: &used,
            ranks: &ranks,
            sums: &sums,
            steps: Vec::new(),
        };
        tree.grow(0, used.len(), 0);
        Fit::Steps(tree.steps)
    }

    /// Predicts the gain in a sample.
    pub(super) fn at(&self, fit: &Fit, sample: usize) -> f64 {
        match fit {
            Fit::Smooth(c) => {
                c[0] + c[1..]
                    .iter()
                    .zip(&self.basis)
                    .map(|(c, column)| c * column[sample])
                    .sum::<f64>()
            }
            Fit::Steps(steps) => {
                let at = steps.partition_point(|(up_to, _)| *up_to < self.rank[sample]);
                steps[at.min(steps.len() - 1)].1
            }
        }
    }
}

/// A tree over samples in ascending order.
struct RegressionTree<'a> {
    y: &'a [f64],
    used: &'a [usize],
    ranks: &'a [f64],
    sums: &'a [f64],
    steps: Vec<(f64, f64)>,
}

impl RegressionTree<'_> {
    /// Splits `from..to` at the best place, or makes it a step.
    fn grow(&mut self, from: usize, to: usize, depth: usize) {
        let (count, total) = ((to - from) as f64, self.sums[to] - self.sums[from]);
        let mean = total / count;
        let mut best = (0.0, 0);
        if depth < DEEPEST && to - from >= 2 * FEWEST {
            for at in from + FEWEST..=to - FEWEST {
                if self.ranks[at - 1] == self.ranks[at] {
                    continue;
                }
                let (left, n) = (self.sums[at] - self.sums[from], (at - from) as f64);
                let off = left - n * mean;
                // n (mean_left - mean)^2 + m (mean_right - mean)^2
                let gain = off * off * count / (n * (count - n));
                if gain > best.0 {
                    best = (gain, at);
                }
            }
        }
        let left: f64 = self.used[from..to]
            .iter()
            .map(|&s| (self.y[s] - mean).powi(2))
            .sum::<f64>()
            - best.0;
        if best.0 > STEP * left / count && best.1 > 0 {
            self.grow(from, best.1, depth + 1);
            self.grow(best.1, to, depth + 1);
        } else {
            // Up to the middle of the gap behind the last sample; a last step has no end.
            let end = self.ranks.get(to).map_or(f64::INFINITY, |next| {
                f64::midpoint(self.ranks[to - 1], *next)
            });
            self.steps.push((end, mean));
        }
    }
}
