//! One key press on a knob.

use crate::view::explore::knob::Knob;

/// A knob's next value: a fiftieth of its range, or a fiftieth of the way on a logarithmic one; rounded to what a person would say.
pub(super) fn step(knob: &Knob, by: f64) -> f64 {
    let (low, high) = knob.range;
    if knob.whole {
        // People come one by one.
        return (knob.value + by).round().clamp(low, high);
    }
    let next = if low > 0.0 && high / low > 50.0 {
        (knob.value.max(low).ln() + by * (high / low).ln() / 50.0).exp()
    } else {
        knob.value + by * (high - low) / 50.0
    };
    let rounded = round(knob, next.clamp(low, high));
    // Rounding must not hold the knob where it is.
    if rounded == knob.value {
        next.clamp(low, high)
    } else {
        rounded.clamp(low.min(high), high)
    }
}

/// Two significant digits in the knob's own unit.
pub(super) fn round(knob: &Knob, value: f64) -> f64 {
    let figure = value / knob.factor;
    if figure == 0.0 || !figure.is_finite() {
        return value;
    }
    let short: f64 = format!("{figure:.1e}").parse().unwrap_or(figure);
    short * knob.factor
}
