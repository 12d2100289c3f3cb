//! Uncertain numbers: an exact value, a range, a distribution, or repetitions of a measurement.
//!
//! Values are in the caller's unit; [`Distribution::scale`] converts them to base units. Draws use the quantile function
//! (inverse transform), so that each uniform number gives one value, as common random numbers require.
//! Formulas: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions*, 2nd ed.; PERT: Malcolm et al. 1959, the Beta
//! distribution with shape `1 + 4 (mode - low) / (high - low)` and `1 + 4 (high - mode) / (high - low)`.

use std::sync::Arc;

use statrs::function::{beta::inv_beta_reg, erf::erf_inv};

/// A number with its uncertainty.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// An exact value.
    Certain(f64),
    /// Uniform on `low..high`.
    Uniform { low: f64, high: f64 },
    /// Triangular over `low..mode..high`.
    Triangular { low: f64, mode: f64, high: f64 },
    /// PERT, a scaled Beta distribution over `low..mode..high`.
    Pert { low: f64, mode: f64, high: f64 },
    /// Normal with mean and standard deviation.
    Normal {
        mean: f64,
        /// Standard deviation; positive.
        sd: f64,
    },
    /// `scale * exp(N(mu, sigma))`; `mu` and `sigma` are those of the logarithm, as in R and NumPy.
    LogNormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, positive.
        sigma: f64,
        /// Unit conversion factor; 1 as parsed.
        scale: f64,
    },
    /// `scale * Beta(a, b)`.
    Beta {
        /// First shape, positive.
        a: f64,
        /// Second shape, positive.
        b: f64,
        /// Unit conversion factor; 1 as parsed.
        scale: f64,
    },
    /// Listed values with their probabilities, which sum to 1; values ascend.
    Discrete(Vec<(f64, f64)>),
    /// Repetitions of a measurement in the order they were made, equally likely.
    Samples {
        /// What they were made with: a measurement session, or a name that the user gives. Within a sample, all of one group
        /// take the same repetition. Without a group they are independent of all others.
        group: Option<Arc<str>>,
        /// At least one.
        values: Vec<f64>,
    },
}

impl Distribution {
    /// Returns repetitions that are independent of all others.
    #[must_use]
    pub fn samples(values: Vec<f64>) -> Self {
        Self::Samples {
            group: None,
            values,
        }
    }

    /// Returns whether it is a single value.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Certain(_) => true,
            Self::Samples { values: all, .. } => all.iter().all(|x| *x == all[0]),
            _ => false,
        }
    }

    /// Returns the mean: the value that stands for an input where one number is needed. The mode would flatter a wide range.
    ///
    /// ```
    /// use weigh_engine::quantity::distribution::Distribution;
    /// assert_eq!(Distribution::Triangular { low: 1.0, mode: 2.0, high: 9.0 }.mean(), 4.0);
    /// assert_eq!(Distribution::Uniform { low: 2.0, high: 6.0 }.mean(), 4.0);
    /// assert_eq!(Distribution::Beta { a: 2.0, b: 6.0, scale: 1.0 }.mean(), 0.25);
    /// ```
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Certain(x) => *x,
            Self::Uniform { low, high } => f64::midpoint(*low, *high),
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Self::Pert { low, mode, high } => (low + 4.0 * mode + high) / 6.0,
            Self::Normal { mean, .. } => *mean,
            Self::LogNormal { mu, sigma, scale } => scale * (mu + sigma * sigma / 2.0).exp(),
            Self::Beta { a, b, scale } => scale * a / (a + b),
            Self::Discrete(points) => points.iter().map(|(x, p)| x * p).sum(),
            Self::Samples { values: all, .. } => all.iter().sum::<f64>() / all.len() as f64,
        }
    }

    /// Returns the quantile at `p` in 0..1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        match self {
            Self::Certain(x) => *x,
            Self::Uniform { low, high } => low + p * (high - low),
            Self::Triangular { low, mode, high } => triangular_quantile(*low, *mode, *high, p),
            Self::Pert { low, mode, high } => {
                let (a, b) = pert_shape(*low, *mode, *high);
                low + (high - low) * inv_beta_reg(a, b, p)
            }
            Self::Normal { mean, sd } => mean + sd * standard_normal(p),
            Self::LogNormal { mu, sigma, scale } => scale * (mu + sigma * standard_normal(p)).exp(),
            Self::Beta { a, b, scale } => scale * inv_beta_reg(*a, *b, p),
            Self::Discrete(points) => {
                let mut below = 0.0;
                let hit = points.iter().find(|(_, share)| {
                    below += share;
                    p < below
                });
                hit.or(points.last()).map_or(0.0, |(x, _)| *x)
            }
            Self::Samples { values: all, .. } => {
                let mut sorted = all.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                let at = p * (sorted.len() - 1) as f64;
                let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
                below + (above - below) * at.fract()
            }
        }
    }

    /// Multiplies by a positive `factor`: a change of unit.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        let f = factor;
        match self {
            Self::Certain(x) => Self::Certain(x * f),
            Self::Uniform { low, high } => Self::Uniform {
                low: low * f,
                high: high * f,
            },
            Self::Triangular { low, mode, high } => Self::Triangular {
                low: low * f,
                mode: mode * f,
                high: high * f,
            },
            Self::Pert { low, mode, high } => Self::Pert {
                low: low * f,
                mode: mode * f,
                high: high * f,
            },
            Self::Normal { mean, sd } => Self::Normal {
                mean: mean * f,
                sd: sd * f,
            },
            Self::LogNormal { mu, sigma, scale } => Self::LogNormal {
                mu,
                sigma,
                scale: scale * f,
            },
            Self::Beta { a, b, scale } => Self::Beta {
                a,
                b,
                scale: scale * f,
            },
            Self::Discrete(points) => {
                Self::Discrete(points.into_iter().map(|(x, p)| (x * f, p)).collect())
            }
            Self::Samples { group, values } => Self::Samples {
                group,
                values: values.into_iter().map(|x| x * f).collect(),
            },
        }
    }

    /// Returns the smallest and largest possible value; unbounded tails are cut at the 0.1 % and 99.9 % quantiles.
    #[must_use]
    pub fn support(&self) -> (f64, f64) {
        match self {
            Self::Certain(x) => (*x, *x),
            Self::Uniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Pert { low, high, .. } => (*low, *high),
            Self::Beta { scale, .. } => (0.0, *scale),
            Self::Normal { .. } | Self::LogNormal { .. } => {
                (self.quantile(0.001), self.quantile(0.999))
            }
            Self::Discrete(points) => min_and_max(points.iter().map(|p| p.0)),
            Self::Samples { values: all, .. } => min_and_max(all.iter().copied()),
        }
    }

    /// Widens the distribution for a stale fact: bounded ones by this part of the mean on each side, normal ones by
    /// increasing their spread accordingly.
    #[must_use]
    pub fn widened(self, by: f64) -> Self {
        let slack = by * self.mean().abs();
        match self {
            Self::Certain(x) if slack == 0.0 => Self::Certain(x),
            Self::Certain(x) => Self::Triangular {
                low: x - slack,
                mode: x,
                high: x + slack,
            },
            Self::Uniform { low, high } => Self::Uniform {
                low: low - slack,
                high: high + slack,
            },
            Self::Triangular { low, mode, high } => Self::Triangular {
                low: low - slack,
                mode,
                high: high + slack,
            },
            Self::Pert { low, mode, high } => Self::Pert {
                low: low - slack,
                mode,
                high: high + slack,
            },
            Self::Normal { mean, sd } => Self::Normal {
                mean,
                sd: sd + slack,
            },
            other => other,
        }
    }
}

fn min_and_max(all: impl Iterator<Item = f64>) -> (f64, f64) {
    all.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| {
        (lo.min(x), hi.max(x))
    })
}

/// Returns the shape parameters of the Beta distribution of a PERT.
#[must_use]
pub fn pert_shape(low: f64, mode: f64, high: f64) -> (f64, f64) {
    let width = high - low;
    (
        1.0 + 4.0 * (mode - low) / width,
        1.0 + 4.0 * (high - mode) / width,
    )
}

fn triangular_quantile(low: f64, mode: f64, high: f64, p: f64) -> f64 {
    let width = high - low;
    if width == 0.0 {
        return mode;
    }
    if p < (mode - low) / width {
        low + (p * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - p) * width * (high - mode)).sqrt()
    }
}

/// Returns a quantile of the standard normal distribution.
#[must_use]
pub fn standard_normal(p: f64) -> f64 {
    std::f64::consts::SQRT_2 * erf_inv(2.0 * p - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_match_closed_forms() {
        assert!((standard_normal(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
        let triangle = Distribution::Triangular {
            low: 0.0,
            mode: 1.0,
            high: 3.0,
        };
        // F(x) = x^2 / 3 left of the mode, 1 - (3 - x)^2 / 6 right of it.
        assert!((triangle.quantile(1.0 / 12.0) - 0.5).abs() < 1e-12);
        assert!((triangle.quantile(1.0 - 1.0 / 6.0) - 2.0).abs() < 1e-12);
        // Beta(1, b): F(x) = 1 - (1 - x)^b.
        let beta = Distribution::Beta {
            a: 1.0,
            b: 135.0,
            scale: 1.0,
        };
        let half = 1.0 - 0.5_f64.powf(1.0 / 135.0);
        assert!((beta.quantile(0.5) - half).abs() < 1e-9);
    }

    #[test]
    fn the_mean_of_quantiles_equals_the_mean() {
        let all = [
            Distribution::Pert {
                low: 1.0,
                mode: 2.0,
                high: 6.0,
            },
            Distribution::LogNormal {
                mu: 0.3,
                sigma: 0.4,
                scale: 2.0,
            },
            Distribution::Beta {
                a: 8.0,
                b: 121.0,
                scale: 1.0,
            },
            Distribution::Discrete(vec![(1.0, 0.25), (5.0, 0.75)]),
        ];
        for d in all {
            let n = 20_000;
            let mean = (0..n)
                .map(|i| d.quantile((f64::from(i) + 0.5) / f64::from(n)))
                .sum::<f64>()
                / f64::from(n);
            assert!((mean - d.mean()).abs() < 2e-3 * d.mean(), "{d:?}: {mean}");
        }
    }
}
