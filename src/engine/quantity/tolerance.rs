//! Equality of computed figures: one tolerance, relative to the pair that is compared.
//!
//! `0.57` and `57 %`, or `0.1 + 0.2` and `0.3`, differ in their last bit. Gates, dominance, preference thresholds and ties must
//! not turn on it. The tolerance knows only the two figures: a scale taken from the largest figure of a set would make the
//! equality of two candidates depend on a third.

/// The part of the larger magnitude of a pair that rounding may account for.
pub const RELATIVE: f64 = 1e-9;

/// Returns the larger magnitude of a pair, without a branch.
#[inline]
fn magnitude(a: f64, b: f64) -> f64 {
    let (a, b) = (a.abs(), b.abs());
    if a > b { a } else { b }
}

/// Returns whether two figures are equal up to rounding; false if either is NaN.
///
/// ```
/// use weigh_engine::quantity::tolerance::is_level;
/// assert!(is_level(0.1 + 0.2, 0.3));
/// assert!(!is_level(1e-13, 2e-13));
/// ```
#[inline]
#[must_use]
pub fn is_level(a: f64, b: f64) -> bool {
    (a - b).abs() <= RELATIVE * magnitude(a, b)
}

/// Returns whether `a` lies above `b` by more than rounding; false if either is NaN.
#[inline]
#[must_use]
pub fn is_above(a: f64, b: f64) -> bool {
    a - b > RELATIVE * magnitude(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pair_decides() {
        for scale in [1e-140, 1e-13, 1.0, 5e12, 1e140] {
            for sign in [1.0, -1.0] {
                let s = sign * scale;
                assert!(is_level(s * (0.1 + 0.2), s * 0.3), "{s}");
                assert!(!is_above(s * (0.1 + 0.2), s * 0.3), "{s}");
                assert!(!is_level(s, s * (1.0 + 1e-8)), "{s}");
                assert!(is_above(scale * (1.0 + 1e-8), scale), "{s}");
            }
            assert!(!is_above(scale * (0.8 - 0.6), scale * 0.2), "{scale}");
            assert!(!is_above(scale * (0.3 - 0.1), scale * 0.2), "{scale}");
        }
        assert!(is_level(0.0, 0.0) && !is_level(f64::NAN, f64::NAN));
        assert!(!is_above(f64::NAN, 0.0) && !is_above(0.0, f64::NAN));
    }
}
