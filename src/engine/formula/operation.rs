//! Scalar operations, shared by the evaluation of columns and of single points.
//!
//! NaN is a missing value. A result that is not finite becomes NaN at once, so infinities never propagate.

/// An operation of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Unary(UnaryOp),
    Binary(BinaryOp),
    /// value, low, high
    Clamp,
    /// condition, then, else
    Select,
    /// Looks up a curve of the program.
    Curve(u32),
    /// Looks up a row of a keyed table of the program.
    Row(u32),
    /// The minimum, maximum or mean of an empty collection; always undefined.
    Nothing,
    /// A key that a map does not list and that has no default; always undefined.
    Absent,
    /// Begins a loop; its value is the number of the round.
    Enter(u32),
    /// Ends a loop; its value is the result of the fold.
    Repeat(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum UnaryOp {
    Negate,
    Not,
    Known,
    Abs,
    Ceil,
    Floor,
    Round,
    Ln,
    Log10,
    Exp,
    Sqrt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    Lt,
    Le,
    Eq,
    Ne,
    And,
    Or,
}

/// Calls `$apply` with the function of the operation. `$apply` is monomorphised per operation, so a loop over lanes
/// vectorises.
macro_rules! with_unary {
    ($one:expr, $apply:ident($($given:expr),*)) => {{
        use $crate::formula::operation as op;
        match $one {
            UnaryOp::Negate => $apply($($given,)* |a: f64| -a),
            UnaryOp::Not => $apply($($given,)* |a: f64| 1.0 - a),
            UnaryOp::Known => $apply($($given,)* |a: f64| f64::from(u8::from(!a.is_nan()))),
            UnaryOp::Abs => $apply($($given,)* f64::abs),
            UnaryOp::Ceil => $apply($($given,)* op::ceil),
            UnaryOp::Floor => $apply($($given,)* op::floor),
            UnaryOp::Round => $apply($($given,)* f64::round),
            UnaryOp::Ln => $apply($($given,)* |a: f64| op::finite_or_nan(a.ln())),
            UnaryOp::Log10 => $apply($($given,)* |a: f64| op::finite_or_nan(a.log10())),
            UnaryOp::Exp => $apply($($given,)* |a: f64| op::finite_or_nan(a.exp())),
            UnaryOp::Sqrt => $apply($($given,)* f64::sqrt),
        }
    }};
}

/// Like `with_unary`, for binary operations.
macro_rules! with_binary {
    ($two:expr, $apply:ident($($given:expr),*)) => {{
        use $crate::formula::operation as op;
        use $crate::quantity::tolerance::{is_above, is_level};
        match $two {
            BinaryOp::Add => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a + b)),
            BinaryOp::Sub => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a - b)),
            BinaryOp::Mul => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a * b)),
            BinaryOp::Div => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a / b)),
            BinaryOp::Pow => $apply($($given,)* op::power),
            BinaryOp::Min => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if b < a { b } else { a })),
            BinaryOp::Max => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if b > a { b } else { a })),
            BinaryOp::Lt => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, f64::from(u8::from(is_above(b, a))))),
            BinaryOp::Le => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, f64::from(u8::from(!is_above(a, b))))),
            BinaryOp::Eq => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, f64::from(u8::from(is_level(a, b))))),
            BinaryOp::Ne => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, f64::from(u8::from(!is_level(a, b))))),
            BinaryOp::And => $apply($($given,)* op::kleene_and),
            BinaryOp::Or => $apply($($given,)* op::kleene_or),
        }
    }};
}

pub(super) use {with_binary, with_unary};

#[inline]
pub(super) fn finite_or_nan(a: f64) -> f64 {
    if a.abs() < f64::INFINITY { a } else { f64::NAN }
}

/// Returns `value`, or NaN if `a` or `b` is missing.
#[inline]
pub(super) fn unless_missing(a: f64, b: f64, value: f64) -> f64 {
    if a.is_nan() | b.is_nan() {
        f64::NAN
    } else {
        value
    }
}

/// Kleene's `and`: false if either is false, else missing if either is missing.
#[inline]
pub(super) fn kleene_and(a: f64, b: f64) -> f64 {
    if (a == 0.0) | (b == 0.0) {
        0.0
    } else {
        unless_missing(a, b, 1.0)
    }
}

/// Kleene's `or`: true if either is true, else missing if either is missing.
#[inline]
pub(super) fn kleene_or(a: f64, b: f64) -> f64 {
    if (a == 1.0) | (b == 1.0) {
        1.0
    } else {
        unless_missing(a, b, 0.0)
    }
}

/// Returns the branch that is taken; NaN if the condition is missing. The other branch may be missing.
#[inline]
pub(super) fn select(condition: f64, then: f64, otherwise: f64) -> f64 {
    let taken = if condition == 0.0 { otherwise } else { then };
    if condition.is_nan() { f64::NAN } else { taken }
}

/// Limits `a` to `low..=high`; NaN if `low > high`.
#[inline]
pub(super) fn clamp(a: f64, low: f64, high: f64) -> f64 {
    let clamped = if a < low { low } else { a };
    let clamped = if clamped > high { high } else { clamped };
    if a.is_nan() | low.is_nan() | high.is_nan() | (low > high) {
        f64::NAN
    } else {
        clamped
    }
}

/// Largest whole exponent computed by multiplication, which is exact for small powers and identical on every system.
const MAX_WHOLE_EXPONENT: f64 = 64.0;

/// Returns the absolute value of an exponent that is whole and at most [`MAX_WHOLE_EXPONENT`].
#[inline]
pub(super) fn whole_exponent(exponent: f64) -> Option<u32> {
    (exponent.fract() == 0.0 && exponent.abs() <= MAX_WHOLE_EXPONENT)
        .then_some(exponent.abs() as u32)
}

/// Returns `base ^ exponent`, by repeated squaring for whole exponents up to 64.
#[inline]
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if base.is_nan() | exponent.is_nan() {
        return f64::NAN;
    }
    let Some(mut left) = whole_exponent(exponent) else {
        return finite_or_nan(base.powf(exponent));
    };
    let (mut square, mut product) = (base, 1.0);
    while left > 0 {
        if left % 2 == 1 {
            product *= square;
        }
        square *= square;
        left /= 2;
    }
    finite_or_nan(if exponent < 0.0 {
        1.0 / product
    } else {
        product
    })
}

/// Relative tolerance within which a value counts as whole: `130 * 3 / 130` needs 3 nodes despite its rounding error.
const WHOLE_TOLERANCE: f64 = 1e-9;

/// Rounds `a` if it is a whole number up to rounding errors.
#[inline]
fn snap_to_whole(a: f64) -> f64 {
    let whole = a.round();
    if (a - whole).abs() <= WHOLE_TOLERANCE * whole.abs().max(1.0) {
        whole
    } else {
        a
    }
}

/// Rounds up, after snapping values within a relative 1e-9 of a whole number to it.
#[inline]
pub(super) fn ceil(a: f64) -> f64 {
    snap_to_whole(a).ceil()
}

/// Rounds down, after snapping values within a relative 1e-9 of a whole number to it.
#[inline]
pub(super) fn floor(a: f64) -> f64 {
    snap_to_whole(a).floor()
}

/// Returns the number of rounds of `first..last`; NaN if a bound is missing or there are more than `MAX_ROUNDS`.
#[inline]
pub(super) fn count_rounds(first: f64, last: f64) -> f64 {
    let rounds = (floor(last - first) + 1.0).max(0.0);
    if first.is_nan() | last.is_nan() | (rounds > super::MAX_ROUNDS as f64) {
        f64::NAN
    } else {
        rounds
    }
}

#[inline]
pub(super) fn apply_unary(operation: UnaryOp, a: f64) -> f64 {
    fn apply(a: f64, f: impl Fn(f64) -> f64) -> f64 {
        f(a)
    }
    with_unary!(operation, apply(a))
}

#[inline]
pub(super) fn apply_binary(operation: BinaryOp, a: f64, b: f64) -> f64 {
    fn apply(a: f64, b: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
        f(a, b)
    }
    with_binary!(operation, apply(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_are_exact() {
        assert_eq!(power(3.0, 4.0), 81.0);
        assert_eq!(power(2.0, -3.0), 0.125);
        assert_eq!(power(-2.0, 3.0), -8.0);
        assert_eq!(power(0.0, 0.0), 1.0);
        assert!((power(2.0, 0.5) - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert!(
            power(0.0, -1.0).is_nan() && power(-2.0, 0.5).is_nan() && power(1e300, 2.0).is_nan()
        );
    }

    #[test]
    fn ceil_and_floor_ignore_rounding_errors() {
        assert_eq!(ceil(0.1 + 0.2 + 2.7), 3.0);
        assert_eq!(
            (ceil(3.000_001), ceil(-0.5), floor(2.999_999_999_9)),
            (4.0, 0.0, 3.0)
        );
    }

    #[test]
    fn comparisons_ignore_rounding_errors() {
        let is = |operation, a, b| apply_binary(operation, a, b) == 1.0;
        for (a, b) in [(57.0 * 0.01, 0.57), (0.1 + 0.2, 0.3), (7.0 * 0.1, 0.7)] {
            for (a, b) in [(a, b), (b, a)] {
                assert!(is(BinaryOp::Le, a, b) && is(BinaryOp::Eq, a, b), "{a} {b}");
                assert!(
                    !is(BinaryOp::Lt, a, b) && !is(BinaryOp::Ne, a, b),
                    "{a} {b}"
                );
            }
        }
        assert!(is(BinaryOp::Lt, 1e-13, 2e-13) && is(BinaryOp::Ne, 0.0, 1e-300));
        assert!(apply_binary(BinaryOp::Lt, f64::NAN, 1.0).is_nan());
    }

    #[test]
    fn and_or_follow_kleene_logic() {
        let missing = f64::NAN;
        assert_eq!(
            (kleene_and(0.0, missing), kleene_or(missing, 1.0)),
            (0.0, 1.0)
        );
        assert!(kleene_and(1.0, missing).is_nan() && kleene_or(0.0, missing).is_nan());
        assert!(apply_unary(UnaryOp::Not, missing).is_nan());
    }

    #[test]
    fn a_range_includes_its_bounds() {
        assert_eq!(
            (
                count_rounds(1.0, 5.0),
                count_rounds(1.0, 0.0),
                count_rounds(1.0, 2.5),
                count_rounds(0.0, 199.0)
            ),
            (5.0, 0.0, 2.0, 200.0)
        );
        assert!(count_rounds(1.0, 201.0).is_nan() && count_rounds(f64::NAN, 1.0).is_nan());
    }
}
