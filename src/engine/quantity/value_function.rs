//! Value functions: map a measure to a value between 0 and 1, between the anchors that a criterion declares.
//!
//! Anchors are fixed and do not depend on the set of candidates, so adding or removing a candidate cannot reverse the order of
//! two others (Dezert et al. 2020). Figures are in base units.

/// Whether more or less of a measure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Max,
    /// Less is better.
    Min,
}

/// A value function.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueFunction {
    /// Linear from `worst` (0) to `best` (1).
    Linear {
        /// Value 0.
        worst: f64,
        /// Value 1.
        best: f64,
    },
    /// Linear between points; measures ascend.
    Piecewise(Vec<(f64, f64)>),
    /// Linear in the logarithm; both anchors are positive.
    Logarithmic {
        /// Value 0.
        worst: f64,
        /// Value 1.
        best: f64,
    },
    /// `(1 - e^(-c t)) / (1 - e^-c)` with `t` the linear value and `c` the curvature (Kirkwood 1997, exponential value function).
    Exponential {
        /// Value 0.
        worst: f64,
        /// Value 1.
        best: f64,
        /// Nonzero: positive is concave (rises early), negative is convex.
        curvature: f64,
    },
    /// Step function: constant from each point up to the next; measures ascend.
    Step(Vec<(f64, f64)>),
    /// Smoothstep `3 t^2 - 2 t^3` of the linear value `t`.
    SCurve {
        /// Value 0.
        worst: f64,
        /// Value 1.
        best: f64,
    },
    /// Value 1 at `target`, falling linearly to 0 at either end.
    Target {
        /// Value 0.
        low: f64,
        /// Value 1.
        target: f64,
        /// Value 0.
        high: f64,
    },
    /// A value for each level (by code) of an ordinal scale; codes ascend.
    Levels(Vec<(f64, f64)>),
}

impl ValueFunction {
    /// Returns a linear function over the observed range, for criteria without anchors.
    #[must_use]
    pub fn observed(low: f64, high: f64, direction: Direction) -> Self {
        if low >= high {
            // A criterion on which all candidates are equal contributes nothing.
            return Self::Step(vec![(0.0, 0.0)]);
        }
        match direction {
            Direction::Max => Self::Linear {
                worst: low,
                best: high,
            },
            Direction::Min => Self::Linear {
                worst: high,
                best: low,
            },
        }
    }

    /// Returns the value of a measure. `clip` limits it to 0..1; otherwise every shape with a slope at its ends
    /// extrapolates beyond its anchors: a step stays, and so does an S-curve, which is flat there. A missing measure (NaN) stays
    /// missing.
    ///
    /// ```
    /// use weigh_engine::quantity::value_function::ValueFunction;
    /// let cost = ValueFunction::Linear { worst: 60.0, best: 0.0 };
    /// assert_eq!(cost.value(15.0, true), 0.75);
    /// assert_eq!(cost.value(90.0, true), 0.0);
    /// assert_eq!(cost.value(90.0, false), -0.5);
    /// ```
    #[must_use]
    pub fn value(&self, x: f64, clip: bool) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        let straight = |worst: f64, best: f64, x: f64| (x - worst) / (best - worst);
        let unit = |t: f64| t.clamp(0.0, 1.0);
        match self {
            Self::Linear { worst, best } => {
                let t = straight(*worst, *best, x);
                if clip { unit(t) } else { t }
            }
            Self::Logarithmic { worst, best } => {
                if x <= 0.0 {
                    // Zero or negative: beyond the lower anchor of any logarithmic scale.
                    return if worst < best { 0.0 } else { 1.0 };
                }
                let t = straight(worst.ln(), best.ln(), x.ln());
                if clip { unit(t) } else { t }
            }
            Self::Exponential {
                worst,
                best,
                curvature,
            } => {
                let t = straight(*worst, *best, x);
                let t = if clip { unit(t) } else { t };
                (1.0 - (-curvature * t).exp()) / (1.0 - (-curvature).exp())
            }
            Self::SCurve { worst, best } => {
                let t = unit(straight(*worst, *best, x));
                t * t * (3.0 - 2.0 * t)
            }
            Self::Target { low, target, high } => {
                let t = if x <= *target {
                    straight(*low, *target, x)
                } else {
                    straight(*high, *target, x)
                };
                if clip { unit(t) } else { t }
            }
            Self::Piecewise(points) => piecewise(points, x, clip),
            Self::Step(points) => {
                let at = points.partition_point(|p| p.0 <= x);
                if at == 0 {
                    points[0].1
                } else {
                    points[at - 1].1
                }
            }
            Self::Levels(levels) => levels.iter().find(|l| l.0 == x).map_or(f64::NAN, |l| l.1),
        }
    }

    /// Returns the value that clipping holds at 0 or 1; `None` for a measure within the anchors.
    #[must_use]
    pub fn held(&self, x: f64) -> Option<f64> {
        if matches!(self, Self::Logarithmic { .. }) && x <= 0.0 {
            return Some(f64::NEG_INFINITY);
        }
        let (free, held) = (self.value(x, false), self.value(x, true));
        let differs = (free - held).abs() > 1e-9 * free.abs().max(1.0);
        differs.then_some(free)
    }

    /// Computes the values of a column.
    pub fn column(&self, measures: &[f64], clip: bool, values: &mut [f64]) {
        if let (Self::Linear { worst, best }, true) = (self, clip) {
            // The common case, written so that it vectorises; `clamp` keeps NaN.
            let scale = 1.0 / (best - worst);
            for (value, x) in values.iter_mut().zip(measures) {
                *value = ((x - worst) * scale).clamp(0.0, 1.0);
            }
            return;
        }
        for (value, x) in values.iter_mut().zip(measures) {
            *value = self.value(*x, clip);
        }
    }

    /// Returns the direction; `None` for shapes that are not monotonic (target, levels, some point curves).
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let (worst, best) = self.anchors()?;
        Some(if best > worst {
            Direction::Max
        } else {
            Direction::Min
        })
    }

    /// Returns the measures of the lowest and highest value of a monotonic shape.
    #[must_use]
    pub fn anchors(&self) -> Option<(f64, f64)> {
        match self {
            Self::Linear { worst, best }
            | Self::Logarithmic { worst, best }
            | Self::Exponential { worst, best, .. }
            | Self::SCurve { worst, best } => Some((*worst, *best)),
            Self::Piecewise(points) | Self::Step(points) => {
                let (first, last) = (points.first()?, points.last()?);
                let rises = points.windows(2).all(|w| w[0].1 <= w[1].1);
                let falls = points.windows(2).all(|w| w[0].1 >= w[1].1);
                match (rises, falls) {
                    (true, false) => Some((first.0, last.0)),
                    (false, true) => Some((last.0, first.0)),
                    _ => None,
                }
            }
            Self::Target { .. } | Self::Levels(_) => None,
        }
    }

    /// Returns an upper bound of the clipped values.
    #[must_use]
    pub fn highest(&self) -> f64 {
        match self {
            Self::Piecewise(points) | Self::Step(points) | Self::Levels(points) => {
                points.iter().map(|p| p.1).fold(1.0, f64::max)
            }
            _ => 1.0,
        }
    }

    /// Returns the name of the shape as used in files.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self {
            Self::Linear { .. } => "linear",
            Self::Piecewise(_) => "piecewise",
            Self::Logarithmic { .. } => "logarithmic",
            Self::Exponential { .. } => "exponential",
            Self::Step(_) => "step",
            Self::SCurve { .. } => "s-curve",
            Self::Target { .. } => "target",
            Self::Levels(_) => "levels",
        }
    }
}

/// Between two points the line through them; beyond the ends the value there, or the outermost line continued.
fn piecewise(points: &[(f64, f64)], x: f64, clip: bool) -> f64 {
    let line = |(x0, v0): (f64, f64), (x1, v1): (f64, f64)| v0 + (v1 - v0) * (x - x0) / (x1 - x0);
    let at = points.partition_point(|p| p.0 <= x);
    match (at.checked_sub(1).map(|i| points[i]), points.get(at)) {
        (Some(before), Some(&after)) => line(before, after),
        (None, Some(first)) if clip || points.len() < 2 => first.1,
        (Some(last), None) if clip || points.len() < 2 => last.1,
        (None, Some(_)) => line(points[0], points[1]),
        (Some(last), None) => line(points[points.len() - 2], last),
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_0_and_1_at_its_anchors() {
        let all = [
            ValueFunction::Linear {
                worst: 50.0,
                best: 5.0,
            },
            ValueFunction::Logarithmic {
                worst: 1.0,
                best: 100.0,
            },
            ValueFunction::Exponential {
                worst: 0.0,
                best: 1.0,
                curvature: -2.0,
            },
            ValueFunction::SCurve {
                worst: 3.0,
                best: 1.0,
            },
            ValueFunction::Piecewise(vec![(0.0, 0.0), (1.0, 0.8), (4.0, 1.0)]),
        ];
        for f in all {
            let (worst, best) = f.anchors().expect("monotone");
            assert!(f.value(worst, true).abs() < 1e-15, "{f:?}");
            assert!((f.value(best, true) - 1.0).abs() < 1e-15, "{f:?}");
            assert!(f.value(f64::NAN, true).is_nan());
        }
        let log = ValueFunction::Logarithmic {
            worst: 1.0,
            best: 100.0,
        };
        assert!((log.value(10.0, true) - 0.5).abs() < 1e-15);
        let target = ValueFunction::Target {
            low: 0.0,
            target: 10.0,
            high: 30.0,
        };
        assert_eq!(
            (
                target.value(5.0, true),
                target.value(20.0, true),
                target.value(40.0, true)
            ),
            (0.5, 0.5, 0.0)
        );
        let step = ValueFunction::Step(vec![(0.0, 0.0), (3.0, 0.5), (5.0, 1.0)]);
        assert_eq!(
            (
                step.value(-1.0, true),
                step.value(3.0, true),
                step.value(4.9, true),
                step.value(9.0, true)
            ),
            (0.0, 0.5, 0.5, 1.0)
        );
    }

    #[test]
    fn columns_agree_with_single_values() {
        let f = ValueFunction::Linear {
            worst: 7.0,
            best: -2.0,
        };
        let xs = [9.0, 7.0, 0.3, -2.0, -9.0, f64::NAN];
        let mut column = [0.0; 6];
        f.column(&xs, true, &mut column);
        for (x, v) in xs.iter().zip(column) {
            assert!((f.value(*x, true) - v).abs() < 1e-12 || x.is_nan() && v.is_nan());
        }
    }
}
