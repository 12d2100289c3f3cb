//! Sliders, stacked bars and intervals as text.

/// A value within its range: `[########--]`.
pub(crate) fn slider(value: f64, low: f64, high: f64, width: usize, ascii: bool) -> String {
    let inner = width.saturating_sub(2);
    let part = if high > low {
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let full = if part.is_finite() {
        (part * inner as f64).round() as usize
    } else {
        0
    }
    .min(inner);
    let (on, off) = if ascii { ("#", "-") } else { ("■", "·") };
    format!("[{}{}]", on.repeat(full), off.repeat(inner - full))
}

/// An interval within 0..1 and the present value: `.[==^==]...`.
pub(crate) fn interval(low: f64, high: f64, now: f64, width: usize) -> String {
    if width < 3 {
        return String::new();
    }
    let at = |x: f64| ((x.clamp(0.0, 1.0) * (width - 1) as f64).round() as usize).min(width - 1);
    let (from, to, here) = (at(low), at(high), at(now));
    let cell = |i: usize| match i {
        i if i == here => '^',
        i if i == from => '[',
        i if i == to => ']',
        i if i > from && i < to => '=',
        _ => '.',
    };
    (0..width).map(cell).collect()
}

/// The cells that each part of a stacked bar takes; together they take as many as the whole, rounded.
pub(crate) fn split_bar(parts: &[f64], width: usize) -> Vec<usize> {
    let mut sum = 0.0;
    let mut used = 0;
    parts
        .iter()
        .map(|part| {
            sum += if part.is_finite() { part.max(0.0) } else { 0.0 };
            let end = ((sum * width as f64).round() as usize).min(width);
            let own = end - used.min(end);
            used = end.max(used);
            own
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_bar_exactly() {
        assert_eq!(split_bar(&[0.25, 0.25, 0.5], 7).iter().sum::<usize>(), 7);
        assert_eq!(split_bar(&[f64::NAN, 2.0], 4), [0, 4]);
        assert_eq!(slider(5.0, 0.0, 10.0, 12, true), "[#####-----]");
        assert_eq!(slider(f64::NAN, 0.0, 0.0, 2, true), "[]");
        assert_eq!(interval(0.0, 0.5, 0.25, 9), "[=^=]....");
    }
}
