//! Sweep: every candidate's score while one input, such as the load, moves over its range; the present value is marked.

use std::fmt::Write as _;

use super::{Anchor, COLOURS, Canvas, Picture, fit, legend, legend_height, ticks};
use crate::lang::Lang;
use crate::tr;
use crate::view::figure;
use crate::view::report::SweepSection;

/// Limit on the lines drawn; more cannot be distinguished.
const MOST: usize = 7;

/// Draws the lines of the candidates that are highest anywhere; `None` if no candidate has a score.
#[must_use]
pub fn sweep(section: &SweepSection, lang: Lang) -> Option<Picture> {
    let best = |scores: &[Option<f64>]| {
        scores
            .iter()
            .flatten()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let mut lines: Vec<_> = section
        .lines
        .iter()
        .filter(|l| l.scores.iter().any(Option::is_some))
        .collect();
    lines.sort_by(|a, b| {
        best(&b.scores)
            .total_cmp(&best(&a.scores))
            .then_with(|| a.name.cmp(&b.name))
    });
    lines.truncate(MOST);
    let (low, high) = (*section.at.first()?, *section.at.last()?);
    if lines.is_empty() || low >= high {
        return None;
    }
    let names: Vec<String> = lines.iter().map(|l| l.name.clone()).collect();
    let (left, top, w, h) = (64.0, 46.0, 560.0, 300.0);
    let total = left + w + 30.0;
    let mut canvas = Canvas::new(total, top + h + 70.0 + legend_height(total - 40.0, &names));
    let axis = if section.unit.is_empty() {
        section.title.clone()
    } else {
        format!("{} [{}]", section.title, section.unit)
    };
    let title = tr!(
        "{}: the score at each value",
        "{}：各取值下的得分",
        section.title
    );
    canvas.text(
        (16.0, 24.0),
        "head",
        Anchor::Start,
        &fit(title.get(lang), 84),
    );
    // A range of more than a factor of twenty gets a logarithmic axis.
    let logarithmic = low > 0.0 && high / low > 20.0;
    let along = |m: f64| {
        if logarithmic {
            (m / low).ln() / (high / low).ln()
        } else {
            (m - low) / (high - low)
        }
    };
    let x = |m: f64| left + w * along(m);
    let seen = || {
        lines
            .iter()
            .flat_map(|l| l.scores.iter().flatten().copied())
    };
    let marks = ticks(
        seen().fold(f64::INFINITY, f64::min),
        seen().fold(f64::NEG_INFINITY, f64::max) + 1e-6,
    );
    let (y0, y1) = (marks[0], *marks.last().expect("there is always a tick"));
    let y = |s: f64| top + h * (1.0 - (s - y0) / (y1 - y0).max(1e-9));
    for &s in &marks {
        canvas.line((left, y(s)), (left + w, y(s)), "grid");
        canvas.text(
            (left - 8.0, y(s) + 4.0),
            "soft",
            Anchor::End,
            &figure::number(s),
        );
    }
    let along_axis = if logarithmic {
        decades(low, high)
    } else {
        ticks(low, high)
            .into_iter()
            .filter(|m| (low..=high).contains(m))
            .collect()
    };
    for m in along_axis {
        canvas.line((x(m), top), (x(m), top + h), "grid");
        canvas.text(
            (x(m), top + h + 16.0),
            "soft",
            Anchor::Middle,
            &figure::number(m),
        );
    }
    if (low..=high).contains(&section.present) {
        canvas.line(
            (x(section.present), top),
            (x(section.present), top + h),
            "dash",
        );
        let now = tr!("now", "当前");
        // Above the plot, where no line runs through it.
        canvas.text(
            (x(section.present), top - 5.0),
            "soft",
            Anchor::Middle,
            now.get(lang),
        );
    }
    for (k, line) in lines.iter().enumerate() {
        let mut path = String::new();
        let mut open = false;
        for (m, score) in section.at.iter().zip(&line.scores) {
            if let Some(s) = score {
                write!(
                    path,
                    "{}{:.1} {:.1}",
                    if open { " L" } else { " M" },
                    x(*m),
                    y(*s)
                )
                .expect("a String takes every write");
            }
            open = score.is_some();
        }
        canvas.push(format_args!(
            "<path class=\"curve s{}\" d=\"{}\"/>",
            k % COLOURS.len(),
            path.trim_start()
        ));
    }
    canvas.text(
        (left + w, top + h + 36.0),
        "",
        Anchor::End,
        &format!("{axis} →"),
    );
    legend(
        &mut canvas,
        (20.0, top + h + 66.0),
        total - 40.0,
        &names,
        's',
    );
    let (a, b) = (figure::number(low), figure::number(high));
    let of = &section.title;
    let alt = tr!(
        "Scores as {of} goes from {a} to {b}",
        "{of}从 {a} 到 {b} 时的得分"
    );
    let alt = alt.get(lang).to_owned();
    Some(canvas.finish(title.get(lang), alt))
}

/// Powers of ten within a range, with its ends.
fn decades(low: f64, high: f64) -> Vec<f64> {
    let powers = low.log10().ceil() as i32..=high.log10().floor() as i32;
    let inner: Vec<f64> = powers.map(|p| 10_f64.powi(p)).collect();
    if inner.is_empty() {
        vec![low, high]
    } else {
        inner
    }
}
