//! How far one key press or click moves an input.

use crate::view::explore::knob::Knob;

/// A key press moves an input by this part of its range.
const STEPS: f64 = 50.0;
/// From this ratio between the ends of its range on, an input moves on a logarithmic scale.
const LOGARITHMIC_FROM: f64 = 50.0;

/// Returns the input's next value: a fiftieth of its range away, on a logarithmic scale if the range is wide, rounded to two
/// digits.
pub(super) fn next_value(knob: &Knob, by: f64) -> f64 {
    let (low, high) = knob.range;
    if knob.whole {
        // Head counts are whole numbers.
        return (knob.value + by).round().clamp(low, high);
    }
    let next = if low > 0.0 && high / low > LOGARITHMIC_FROM {
        (knob.value.max(low).ln() + by * (high / low).ln() / STEPS).exp()
    } else {
        knob.value + by * (high - low) / STEPS
    };
    let rounded = round_to_two_digits(knob, next.clamp(low, high));
    // Rounding must not hold the value where it is.
    if rounded == knob.value {
        next.clamp(low, high)
    } else {
        rounded.clamp(low.min(high), high)
    }
}

/// Rounds a value in base units to two significant digits in the unit in which the input is shown.
pub(super) fn round_to_two_digits(knob: &Knob, value: f64) -> f64 {
    let figure = value / knob.factor;
    if figure == 0.0 || !figure.is_finite() {
        return value;
    }
    let short: f64 = format!("{figure:.1e}").parse().unwrap_or(figure);
    short * knob.factor
}
