//! The numbers a result file may contain: finite and not negative. Anything else is an error of the file. What a tool does not
//! report stays absent.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// Far above every rate, count or latency of a benchmark in any unit, and small enough for conversions to stay finite.
const LARGEST: f64 = 1e18;

/// A rate, count, time or share that a tool reported.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Figure(f64);

impl Figure {
    /// Makes a figure, unless the number is NaN, infinite, negative, or above 1e18.
    ///
    /// ```
    /// use weigh::import::Figure;
    /// assert_eq!(Figure::new(1.5).map(Figure::get), Some(1.5));
    /// assert!(Figure::new(-1.0).is_none() && Figure::new(f64::NAN).is_none() && Figure::new(1e308).is_none());
    /// ```
    #[must_use]
    pub fn new(x: f64) -> Option<Self> {
        // The addition turns a negative zero into zero.
        (0.0..=LARGEST).contains(&x).then_some(Self(x + 0.0))
    }

    /// Makes a figure of a count.
    #[must_use]
    pub fn count(n: u64) -> Self {
        Self(n as f64)
    }

    /// Parses a number such as `12`, `3.5` or `1e3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::new)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// Converts to a unit that is `factor` times smaller.
    ///
    /// # Panics
    /// Never for a factor from 0 to 1e12, because the product of any figure is finite.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        debug_assert!((0.0..=1e12).contains(&factor), "a factor between units");
        Self(self.0 * factor)
    }

    /// Divides; `None` if the divisor is zero.
    #[must_use]
    pub fn over(self, divisor: Self) -> Option<Self> {
        (divisor.0 > 0.0)
            .then(|| self.0 / divisor.0)
            .and_then(Self::new)
    }

    /// Subtracts; zero where the result would be negative.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self((self.0 - other.0).max(0.0))
    }

    /// Adds.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Returns the figure, unless it is zero.
    #[must_use]
    pub fn positive(self) -> Option<Self> {
        (self.0 > 0.0).then_some(self)
    }
}

/// Sums the known figures; `None` if none is known.
pub(super) fn sum(figures: impl IntoIterator<Item = Option<Figure>>) -> Option<Figure> {
    figures.into_iter().flatten().reduce(Figure::plus)
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FigureVisitor)
    }
}

struct FigureVisitor;

impl Visitor<'_> for FigureVisitor {
    type Value = Figure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1e18")
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Figure, E> {
        self.visit_f64(n as f64)
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Figure, E> {
        Err(E::invalid_value(Unexpected::Signed(n), &self))
    }

    fn visit_f64<E: Error>(self, x: f64) -> Result<Figure, E> {
        Figure::new(x).ok_or_else(|| E::invalid_value(Unexpected::Float(x), &self))
    }
}

/// Parses a time as tools print it, such as `474.00us`, `1.03ms`, `3.49s`, `1.20m` or `2h`, to microseconds.
pub(super) fn duration_us(text: &str) -> Option<Figure> {
    let text = text.trim();
    let at = text.find(|c: char| c.is_ascii_alphabetic() || c == 'µ')?;
    let (number, unit) = text.split_at(at);
    let factor = match unit {
        "ns" => 1e-3,
        "us" | "µs" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        "m" => 60e6,
        "h" => 3600e6,
        _ => return None,
    };
    Figure::parse(number).map(|x| x.times(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_unit() {
        for (text, us) in [
            ("67.00us", 67.0),
            ("1.03ms", 1030.0),
            ("3.49s", 3_490_000.0),
            ("1.20m", 72e6),
            ("2h", 7.2e9),
            ("500ns", 0.5),
        ] {
            assert!(
                (duration_us(text).expect(text).get() - us).abs() < 1e-6 * us,
                "{text}"
            );
        }
        for text in ["", "12", "us", "-1ms", "NaNs", "1e400s", "3 parsecs"] {
            assert_eq!(duration_us(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        let (zero, two) = (Figure::count(0), Figure::count(2));
        assert_eq!(two.over(zero), None);
        assert_eq!(zero.less(two), zero);
        assert_eq!(
            Figure::new(-0.0).map(|x| x.get().is_sign_positive()),
            Some(true)
        );
    }

    #[test]
    fn json_refuses_what_is_no_figure_and_says_where() {
        let error = serde_json::from_str::<Vec<Figure>>("[1,\n -3]").expect_err("negative");
        assert_eq!(error.line(), 2);
        for bad in ["[1e308]", "[\"1\"]", "[null]", "[-0.5]", "[NaN]"] {
            assert!(serde_json::from_str::<Vec<Figure>>(bad).is_err(), "{bad}");
        }
    }
}
