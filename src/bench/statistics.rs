//! Statistics of rounds and seconds: whether a rate is steady, and whether one service is faster than another.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Number of intervals that decide whether a rate is steady.
pub const STEADY_INTERVALS: usize = 5;
/// Largest slope of a steady rate per interval, as a share of its mean.
pub const STEADY_SLOPE: f64 = 0.02;
/// Largest coefficient of variation of a steady rate on a machine without interference.
pub const STEADY_CV: f64 = 0.05;
/// A difference below 10 % is not called one.
pub const WORTH: f64 = 1.10;
/// Rounds stop early once each confidence interval is narrower than this (log ratio).
pub const NARROW: f64 = 0.10;

/// Returns the arithmetic mean; `None` of no values.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Returns the sample standard deviation (n - 1); `None` below two values.
#[must_use]
pub fn deviation(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|x| (x - centre).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// Returns the coefficient of variation, deviation over mean; `None` if the mean is 0.
#[must_use]
pub fn variation(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|m| m.abs() > f64::EPSILON)?;
    Some(deviation(values)? / centre)
}

/// Returns the least-squares slope per step, as a share of the mean.
///
/// ```
/// use weigh::bench::statistics::slope;
/// assert!((slope(&[90.0, 100.0, 110.0]).unwrap() - 0.1).abs() < 1e-12);
/// ```
#[must_use]
pub fn slope(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|m| values.len() > 1 && m.abs() > f64::EPSILON)?;
    let middle = (values.len() - 1) as f64 / 2.0;
    let (mut up, mut across) = (0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        up += (i as f64 - middle) * (value - centre);
        across += (i as f64 - middle).powi(2);
    }
    Some(up / across / centre)
}

/// Whether the last [`STEADY_INTERVALS`] clean rates are steady, on a machine whose null responder varies by `null_variation`.
#[must_use]
pub fn is_steady(rates: &[f64], null_variation: f64) -> bool {
    let Some(last) = rates
        .len()
        .checked_sub(STEADY_INTERVALS)
        .map(|from| &rates[from..])
    else {
        return false;
    };
    let allowed = STEADY_CV.max(1.5 * null_variation);
    slope(last).is_some_and(|s| s.abs() <= STEADY_SLOPE)
        && variation(last).is_some_and(|cv| cv <= allowed)
}

/// The ratio of two quantities with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The geometric mean of the rounds' ratios.
    pub ratio: f64,
    /// Lower end of the confidence interval.
    pub low: f64,
    /// Upper end of the confidence interval.
    pub high: f64,
    /// Number of rounds it is computed from.
    pub rounds: usize,
}

impl Ratio {
    /// Returns half the width of the confidence interval (log ratio).
    #[must_use]
    pub fn half_width(&self) -> f64 {
        (self.high / self.low).ln() / 2.0
    }

    /// Returns the conclusion that the rounds support.
    #[must_use]
    pub fn comparison(&self) -> RateComparison {
        if self.low > 1.0 && self.ratio >= WORTH {
            RateComparison::Larger
        } else if self.high < 1.0 && self.ratio <= 1.0 / WORTH {
            RateComparison::Smaller
        } else {
            RateComparison::Inconclusive
        }
    }
}

/// A conclusion about a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateComparison {
    /// The confidence interval lies above 1 and the ratio is at least 1.10.
    Larger,
    /// The confidence interval lies below 1 and the ratio is at most 1 / 1.10.
    Smaller,
    /// Neither.
    Inconclusive,
}

/// Compares two quantities measured in the same rounds, from the log ratios of the pairs and Student's t with n - 1 degrees of
/// freedom. Returns `None` below two pairs, or where a value is not positive.
///
/// ```
/// use weigh::bench::statistics::{RateComparison, compare};
/// let ratio = compare(&[200.0, 210.0, 190.0], &[100.0, 104.0, 96.0]).unwrap();
/// assert_eq!(ratio.comparison(), RateComparison::Larger);
/// ```
#[must_use]
pub fn compare(these: &[f64], those: &[f64]) -> Option<Ratio> {
    let logs: Vec<f64> = these.iter().zip(those).map(|(a, b)| (a / b).ln()).collect();
    let (centre, spread) = (mean(&logs)?, deviation(&logs)?);
    if !centre.is_finite() || !spread.is_finite() {
        return None;
    }
    let n = logs.len() as f64;
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(0.975);
    let half = student * spread / n.sqrt();
    Some(Ratio {
        ratio: centre.exp(),
        low: (centre - half).exp(),
        high: (centre + half).exp(),
        rounds: logs.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student (1908), the sleep of ten patients under two drugs: mean difference 1.58, t = 4.06, and with t(0.975; 9) = 2.262
    /// the interval 0.70 .. 2.46.
    #[test]
    fn students_own_pairs_give_his_interval() {
        let first = [0.7f64, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9f64, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let raised = |x: &[f64]| x.iter().map(|v| v.exp()).collect::<Vec<_>>();
        let ratio = compare(&raised(&second), &raised(&first)).expect("ten pairs");
        assert!((ratio.ratio.ln() - 1.58).abs() < 1e-9, "{ratio:?}");
        assert!(
            (ratio.low.ln() - 0.70).abs() < 0.005 && (ratio.high.ln() - 2.46).abs() < 0.005,
            "{ratio:?}"
        );
        assert_eq!(ratio.comparison(), RateComparison::Larger);
    }

    #[test]
    fn a_sure_but_small_difference_is_inconclusive() {
        let ratio = compare(&[105.0, 105.1, 104.9], &[100.0, 100.0, 100.0]).expect("three pairs");
        assert!(ratio.low > 1.0 && ratio.half_width() < NARROW);
        assert_eq!(ratio.comparison(), RateComparison::Inconclusive);
        assert_eq!(compare(&[1.0], &[1.0]), None);
        assert_eq!(compare(&[1.0, 0.0], &[1.0, 1.0]), None);
    }

    #[test]
    fn steady_is_flat_and_even() {
        assert!(
            is_steady(&[10.0, 100.0, 101.0, 99.0, 100.0, 100.5], 0.0),
            "only the last five count"
        );
        assert!(
            !is_steady(&[100.0, 101.0, 99.0, 100.0], 0.0),
            "four are too few"
        );
        assert!(
            !is_steady(&[80.0, 90.0, 100.0, 110.0, 120.0], 0.5),
            "it still rises"
        );
        let uneven = [100.0, 112.0, 90.0, 112.0, 100.0];
        assert!(
            !is_steady(&uneven, 0.0) && is_steady(&uneven, 0.08),
            "a noisy machine is forgiven what its null responder shows"
        );
        assert!(!is_steady(&[0.0; 5], 0.0), "nothing is not steady");
    }
}
