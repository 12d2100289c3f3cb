//! Tornado diagram: one bar per input, from the winner's lead at its low end to its lead at the high end. Left of zero another
//! candidate is first.

use super::{Anchor, Canvas, Picture, fit, ticks, widest};
use crate::lang::Lang;
use crate::tr;
use crate::view::figure;
use crate::view::report::TornadoBar;

/// Limit on the bars that are drawn; shorter ones say little.
const MOST: usize = 14;

/// Draws the bars, the longest first; `None` without any.
#[must_use]
pub fn tornado(bars: &[TornadoBar], winner: &str, lang: Lang) -> Option<Picture> {
    let bars: Vec<&TornadoBar> = bars
        .iter()
        .filter(|b| b.lead.iter().all(|x| x.is_finite()))
        .take(MOST)
        .collect();
    if bars.is_empty() {
        return None;
    }
    let labels: Vec<String> = bars.iter().map(|b| fit(&b.input, 44)).collect();
    let left = widest(labels.iter().map(String::as_str)) + 24.0;
    let (plot, pitch, top) = (420.0, 34.0, 62.0);
    let leads = || bars.iter().flat_map(|b| b.lead).chain([0.0]);
    let marks = ticks(
        leads().fold(f64::INFINITY, f64::min),
        leads().fold(f64::NEG_INFINITY, f64::max),
    );
    let (low, high) = (marks[0], *marks.last().expect("there is always a tick"));
    let span = if high > low { high - low } else { 1.0 };
    let x = |lead: f64| left + 60.0 + plot * (lead - low) / span;
    let bottom = top + pitch * bars.len() as f64;
    let mut canvas = Canvas::new(left + plot + 140.0, bottom + 30.0);
    let title = tr!(
        "How far {winner} leads as one input moves",
        "单个输入变动时 {winner} 的领先幅度"
    );
    canvas.text(
        (16.0, 24.0),
        "head",
        Anchor::Start,
        &fit(title.get(lang), 90),
    );
    for &mark in &marks {
        canvas.line((x(mark), top - 6.0), (x(mark), bottom), "grid");
        canvas.text(
            (x(mark), bottom + 16.0),
            "soft",
            Anchor::Middle,
            &figure::number(mark),
        );
    }
    if low < 0.0 {
        let other = tr!("another is first", "另有候选居首");
        canvas.text(
            (x(0.0) - 6.0, top - 12.0),
            "soft",
            Anchor::End,
            other.get(lang),
        );
    }
    canvas.line((x(0.0), top - 6.0), (x(0.0), bottom), "mark");
    for (row, (bar, label)) in bars.iter().zip(&labels).enumerate() {
        let y = top + pitch * row as f64;
        canvas.text((left - 6.0, y + 17.0), "", Anchor::End, label);
        let (from, to) = (bar.lead[0].min(bar.lead[1]), bar.lead[0].max(bar.lead[1]));
        let hint = format!("{}: {} / {}", bar.input, bar.at[0], bar.at[1]);
        // The part in which another candidate is first has its own colour and side.
        if from < 0.0 {
            canvas.rect(
                (x(from), y + 4.0),
                (x(to.min(0.0)) - x(from), 18.0),
                "c5",
                &hint,
            );
        }
        if to > 0.0 {
            canvas.rect(
                (x(from.max(0.0)), y + 4.0),
                (x(to) - x(from.max(0.0)), 18.0),
                "c0",
                &hint,
            );
        }
        let ascending = bar.lead[0] <= bar.lead[1];
        let [a, b] = if ascending { [0, 1] } else { [1, 0] };
        canvas.text(
            (x(from) - 5.0, y + 17.0),
            "soft",
            Anchor::End,
            &fit(&bar.at[a], 14),
        );
        canvas.text(
            (x(to) + 5.0, y + 17.0),
            "soft",
            Anchor::Start,
            &fit(&bar.at[b], 14),
        );
    }
    let list = bars
        .iter()
        .take(3)
        .map(|b| b.input.as_str())
        .collect::<Vec<_>>()
        .join(if lang == Lang::Zh { "、" } else { ", " });
    let alt = tr!(
        "Tornado of the lead of {winner}; what moves it most: {list}",
        "{winner} 领先幅度的龙卷风图；影响最大的是：{list}"
    );
    let alt = alt.get(lang).to_owned();
    Some(canvas.finish(title.get(lang), alt))
}
