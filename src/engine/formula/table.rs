//! Lookup tables: a curve through points, or rows selected by one or two text keys.

use std::collections::BTreeMap;

use super::TextCodes;
use crate::quantity::unit::Unit;

/// Interpolation between the points of a curve. Outside its points a curve keeps its first or last value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolate {
    /// Linear in x.
    #[default]
    Linear,
    /// Linear in the logarithm of x, which must be positive.
    Log,
    /// The value of the nearest point at or below x.
    Step,
}

/// A table that a formula can look up.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupTable {
    /// `name(x)`.
    Curve {
        /// Unit of the argument.
        x: Unit,
        /// Unit of the result.
        y: Unit,
        /// Points in base units, x ascending.
        points: Vec<(f64, f64)>,
        interpolate: Interpolate,
    },
    /// `name[a]` or `name[a, b]`.
    Keyed {
        /// Number of keys: 1 or 2.
        arity: usize,
        /// Values in base units.
        rows: BTreeMap<Vec<String>, f64>,
        /// The value of an unlisted row in base units; without it, such a lookup is undefined.
        default: Option<f64>,
        /// Unit of the result.
        unit: Unit,
    },
}

/// A curve prepared for evaluation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    /// x or its logarithm, ascending.
    x: Vec<f64>,
    y: Vec<f64>,
    interpolate: Interpolate,
}

impl Curve {
    pub(super) fn new(points: &[(f64, f64)], interpolate: Interpolate) -> Self {
        let scale = |x: f64| {
            if interpolate == Interpolate::Log {
                x.ln()
            } else {
                x
            }
        };
        Self {
            x: points.iter().map(|p| scale(p.0)).collect(),
            y: points.iter().map(|p| p.1).collect(),
            interpolate,
        }
    }

    /// Returns the value at `x`; NaN if `x` is missing or the curve has no points.
    pub(super) fn at(&self, x: f64) -> f64 {
        let (Some(&first), Some(&last)) = (self.y.first(), self.y.last()) else {
            return f64::NAN;
        };
        if x.is_nan() {
            return f64::NAN;
        }
        let x = if self.interpolate == Interpolate::Log {
            x.max(0.0).ln()
        } else {
            x
        };
        let above = self.x.partition_point(|&at| at <= x);
        if above == 0 {
            return first;
        }
        if above == self.x.len() {
            return last;
        }
        let (x0, x1, y0, y1) = (
            self.x[above - 1],
            self.x[above],
            self.y[above - 1],
            self.y[above],
        );
        match self.interpolate {
            Interpolate::Step => y0,
            Interpolate::Linear | Interpolate::Log => y0 + (y1 - y0) * ((x - x0) / (x1 - x0)),
        }
    }
}

/// A keyed table prepared for evaluation, its rows sorted by key codes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyedRows {
    pub(super) name: String,
    rows: Vec<([f64; 2], f64)>,
    default: f64,
}

impl KeyedRows {
    pub(super) fn new(
        name: &str,
        rows: &BTreeMap<Vec<String>, f64>,
        default: Option<f64>,
        words: &mut TextCodes,
    ) -> Self {
        let mut code =
            |key: &Vec<String>, at: usize| key.get(at).map_or(0.0, |text| words.code(text));
        let mut rows: Vec<_> = rows
            .iter()
            .map(|(key, &figure)| ([code(key, 0), code(key, 1)], figure))
            .collect();
        rows.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]).then(a.0[1].total_cmp(&b.0[1])));
        Self {
            name: name.to_owned(),
            rows,
            default: default.unwrap_or(f64::NAN),
        }
    }

    /// Returns the value of a row; NaN if a key is missing, or the row is not listed and there is no default.
    pub(super) fn at(&self, a: f64, b: f64) -> f64 {
        if a.is_nan() || b.is_nan() {
            return f64::NAN;
        }
        let row = self
            .rows
            .binary_search_by(|(key, _)| key[0].total_cmp(&a).then(key[1].total_cmp(&b)));
        row.map_or(self.default, |at| self.rows[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COCOMO II (Boehm et al. 2000), LTEX at 2, 6, 12, 36 and 72 months.
    const LTEX: [(f64, f64); 5] = [
        (2.0, 1.20),
        (6.0, 1.09),
        (12.0, 1.0),
        (36.0, 0.91),
        (72.0, 0.84),
    ];

    #[test]
    fn a_curve_passes_through_its_points_and_is_constant_outside() {
        for interpolate in [Interpolate::Linear, Interpolate::Log, Interpolate::Step] {
            let curve = Curve::new(&LTEX, interpolate);
            for (x, y) in LTEX {
                assert_eq!(curve.at(x), y);
            }
            assert_eq!(
                (curve.at(-1.0), curve.at(0.0), curve.at(1e9)),
                (1.2, 1.2, 0.84)
            );
            assert!(curve.at(f64::NAN).is_nan());
        }
    }

    #[test]
    fn interpolation_modes_differ_between_points() {
        let at = |interpolate, x| Curve::new(&[(1.0, 10.0), (100.0, 20.0)], interpolate).at(x);
        assert!((at(Interpolate::Log, 10.0) - 15.0).abs() < 1e-12);
        assert!((at(Interpolate::Linear, 50.5) - 15.0).abs() < 1e-12);
        assert_eq!(at(Interpolate::Step, 99.9), 10.0);
        assert!(Curve::new(&[], Interpolate::Linear).at(1.0).is_nan());
    }

    #[test]
    fn rows_are_found_by_their_keys() {
        let mut words = TextCodes::default();
        let key = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let rows = BTreeMap::from([(key("python", "go"), 0.4), (key("go", "python"), 0.6)]);
        let (python, go, java) = (words.code("python"), words.code("go"), words.code("java"));
        let table = KeyedRows::new("transfer", &rows, Some(0.1), &mut words);
        assert_eq!(
            (
                table.at(python, go),
                table.at(go, python),
                table.at(java, go)
            ),
            (0.4, 0.6, 0.1)
        );
        assert!(table.at(f64::NAN, go).is_nan());
    }
}
