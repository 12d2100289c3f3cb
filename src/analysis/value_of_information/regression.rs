//! The expected gain given one input, by regression on samples.
//!
//! The input is replaced by its rank, spread evenly over -1..1, on which Legendre polynomials are orthogonal: each coefficient is a
//! mean, `c_j = (2 j + 1) E[y P_j(u)]`, whatever the distribution of the input was. A coefficient that its own standard error
//! could explain is dropped, so that an input without influence gives a constant. An input of few different values (a discrete
//! one, repetitions of a measurement) is regressed by the mean at each value instead.

/// Polynomials up to this degree follow a curve with a few turns, and place a jump within a few percent of the samples.
const DEGREE: usize = 10;
/// A coefficient must be this many standard errors away from 0.
const SURE: f64 = 2.5;
/// An input of at most so many different values is regressed value by value.
const FEW: usize = 40;

/// One input ready to regress on.
pub(super) enum Regression {
    /// Its Legendre polynomials in every sample: `basis[j][s]`, degree 0 left out.
    Smooth(Vec<Vec<f64>>),
    /// Which of its values it has in every sample, and how many there are.
    Values(Vec<usize>, usize),
}

impl Regression {
    pub(super) fn new(x: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_unstable_by(|&a, &b| x[a].total_cmp(&x[b]).then(a.cmp(&b)));
        let different = 1 + order.windows(2).filter(|w| x[w[0]] != x[w[1]]).count();
        if different <= FEW {
            let (mut values, mut at) = (vec![0; x.len()], 0);
            for (place, &s) in order.iter().enumerate() {
                at += usize::from(place > 0 && x[order[place - 1]] != x[s]);
                values[s] = at;
            }
            return Self::Values(values, different);
        }
        let mut rank = vec![0.0; x.len()];
        for (place, &s) in order.iter().enumerate() {
            rank[s] = (2.0 * place as f64 + 1.0) / x.len() as f64 - 1.0;
        }
        // (j + 1) P_{j+1} = (2 j + 1) u P_j - j P_{j-1}
        let mut basis = vec![vec![1.0; x.len()], rank.clone()];
        for j in 1..DEGREE {
            let step = j as f64;
            let next = |s: usize| ((2.0 * step + 1.0) * rank[s] * basis[j][s] - step * basis[j - 1][s]) / (step + 1.0);
            let column = (0..x.len()).map(next).collect();
            basis.push(column);
        }
        basis.remove(0);
        Self::Smooth(basis)
    }

    /// The regression of `y` over the samples that `uses` names: coefficients, or the mean at each value.
    pub(super) fn fit(&self, y: &[f64], uses: &dyn Fn(usize) -> bool) -> Vec<f64> {
        let used: Vec<usize> = (0..y.len()).filter(|&s| uses(s)).collect();
        let count = used.len() as f64;
        let middle = used.iter().map(|&s| y[s]).sum::<f64>() / count;
        match self {
            Self::Smooth(basis) => {
                let mut fit = vec![middle];
                for (j, column) in basis.iter().enumerate() {
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
                fit
            }
            Self::Values(values, different) => {
                let mut sums = vec![(0.0, 0.0); *different];
                for &s in &used {
                    let (sum, n) = &mut sums[values[s]];
                    (*sum, *n) = (*sum + y[s], *n + 1.0);
                }
                sums.into_iter().map(|(sum, n)| if n > 0.0 { sum / n } else { middle }).collect()
            }
        }
    }

    /// What a fit says of a sample.
    pub(super) fn at(&self, fit: &[f64], sample: usize) -> f64 {
        match self {
            Self::Smooth(basis) => fit[0] + fit[1..].iter().zip(basis).map(|(c, column)| c * column[sample]).sum::<f64>(),
            Self::Values(values, _) => fit[values[sample]],
        }
    }
}
