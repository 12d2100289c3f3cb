//! The scalar operations, for a lane of a column and for a point alike.
//!
//! NaN is a missing value. A result that is not finite becomes NaN at once, so that infinities never spread.

/// An operation of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Unary(UnaryOp),
    Binary(BinaryOp),
    /// value, low, high
    Clamp,
    /// condition, then, else
    Select,
    /// A curve of the program at a value.
    Curve(u32),
    /// A row of a keyed table of the program.
    Row(u32),
    /// The least, greatest or mean of nothing.
    Nothing,
    /// A word that a map does not list and for which it declares nothing.
    Absent,
    /// Begins a loop of the program and is the number of its round.
    Enter(u32),
    /// Ends a loop of the program and is what became of its rounds.
    Repeat(u32),
}

/// Operations on one value.
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

/// Operations on two values.
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

/// Hands the operation's own function to `$apply`, which is then compiled for it: a loop over lanes becomes vector code.
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

/// Like [`with_one`], for two values.
macro_rules! with_binary {
    ($two:expr, $apply:ident($($given:expr),*)) => {{
        use $crate::formula::operation as op;
        match $two {
            BinaryOp::Add => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a + b)),
            BinaryOp::Sub => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a - b)),
            BinaryOp::Mul => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a * b)),
            BinaryOp::Div => $apply($($given,)* |a: f64, b: f64| op::finite_or_nan(a / b)),
            BinaryOp::Pow => $apply($($given,)* op::power),
            BinaryOp::Min => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if b < a { b } else { a })),
            BinaryOp::Max => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if b > a { b } else { a })),
            BinaryOp::Lt => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if a < b { 1.0 } else { 0.0 })),
            BinaryOp::Le => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if a <= b { 1.0 } else { 0.0 })),
            BinaryOp::Eq => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if a == b { 1.0 } else { 0.0 })),
            BinaryOp::Ne => $apply($($given,)* |a: f64, b: f64| op::unless_missing(a, b, if a == b { 0.0 } else { 1.0 })),
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

/// `value`, unless one of the two that it was made of is missing.
#[inline]
pub(super) fn unless_missing(a: f64, b: f64, value: f64) -> f64 {
    if a.is_nan() | b.is_nan() {
        f64::NAN
    } else {
        value
    }
}

/// Kleene's `and`: no, if either is no; else missing, if either is.
#[inline]
pub(super) fn kleene_and(a: f64, b: f64) -> f64 {
    if (a == 0.0) | (b == 0.0) {
        0.0
    } else {
        unless_missing(a, b, 1.0)
    }
}

/// Kleene's `or`: yes, if either is yes; else missing, if either is.
#[inline]
pub(super) fn kleene_or(a: f64, b: f64) -> f64 {
    if (a == 1.0) | (b == 1.0) {
        1.0
    } else {
        unless_missing(a, b, 0.0)
    }
}

/// Then or else; missing with a missing condition. The branch that is not taken does not matter.
#[inline]
pub(super) fn select(condition: f64, then: f64, otherwise: f64) -> f64 {
    let taken = if condition == 0.0 { otherwise } else { then };
    if condition.is_nan() { f64::NAN } else { taken }
}

/// `low` to `high`; undefined where they are crossed.
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

/// Largest whole exponent that is multiplied out: exact for small powers and the same on every system.
const MAX_WHOLE_EXPONENT: f64 = 64.0;

/// The size of an exponent that is multiplied out.
#[inline]
pub(super) fn whole_exponent(exponent: f64) -> Option<u32> {
    (exponent.fract() == 0.0 && exponent.abs() <= MAX_WHOLE_EXPONENT)
        .then_some(exponent.abs() as u32)
}

/// `base ^ exponent`. Whole exponents up to 64 by repeated squaring.
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

/// What counts as whole, relative to the value: 130 * 3 / 130 with its rounding error is 3 nodes, not 4.
const WHOLE_TOLERANCE: f64 = 1e-9;

/// The nearest whole number where `a` is one but for rounding errors, else `a`.
#[inline]
fn snap_to_whole(a: f64) -> f64 {
    let whole = a.round();
    if (a - whole).abs() <= WHOLE_TOLERANCE * whole.abs().max(1.0) {
        whole
    } else {
        a
    }
}

/// The next whole number up. What is within a thousand-millionth of a whole number counts as that number.
#[inline]
pub(super) fn ceil(a: f64) -> f64 {
    snap_to_whole(a).ceil()
}

/// The next whole number down. What is within a thousand-millionth of a whole number counts as that number.
#[inline]
pub(super) fn floor(a: f64) -> f64 {
    snap_to_whole(a).floor()
}

/// How many rounds `first..last` has; missing with a missing bound, NaN too with more than the limit.
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
    fn rounding_errors_do_not_buy_a_node() {
        assert_eq!(ceil(0.1 + 0.2 + 2.7), 3.0);
        assert_eq!(
            (ceil(3.000_001), ceil(-0.5), floor(2.999_999_999_9)),
            (4.0, 0.0, 3.0)
        );
    }

    #[test]
    fn kleene() {
        let missing = f64::NAN;
        assert_eq!(
            (kleene_and(0.0, missing), kleene_or(missing, 1.0)),
            (0.0, 1.0)
        );
        assert!(kleene_and(1.0, missing).is_nan() && kleene_or(0.0, missing).is_nan());
        assert!(apply_unary(UnaryOp::Not, missing).is_nan());
    }

    #[test]
    fn a_range_counts_its_ends() {
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
