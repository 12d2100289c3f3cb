//! Contribution bars: one bar per ranked candidate, one segment per criterion, the spread of the score as a whisker.
//!
//! ```text
//! Gin    [#####|==|....] |--o--|  0.712
//! Flask  [###|==|..] |-o-|        0.655
//! ```

use super::{Anchor, COLOURS, Canvas, Picture, fit, legend, legend_height, widest};
use crate::lang::Lang;
use crate::tr;
use crate::view::figure;
use crate::view::report::ReportView;

/// Draws the bars; `None` if no candidate is ranked or the method has no contributions.
#[must_use]
pub fn contributions(view: &ReportView, lang: Lang) -> Option<Picture> {
    let places: Vec<_> = view
        .rank
        .ranking
        .iter()
        .filter(|p| p.rank.is_some() && !p.contributions.is_empty())
        .collect();
    let first = places.first()?;
    let names: Vec<String> = first
        .contributions
        .iter()
        .map(|c| c.title.clone())
        .collect();
    let labels: Vec<String> = places.iter().map(|p| fit(&p.name, 26)).collect();
    let left = widest(labels.iter().map(String::as_str)).max(40.0) + 24.0;
    let (plot, pitch, top) = (460.0, 30.0, 44.0);
    let most = places
        .iter()
        .filter_map(|p| if p.high > p.score { p.high } else { p.score })
        .fold(0.0, f64::max)
        .max(0.05);
    // Scores of the value model lie in 0..1; the axis ends at the next tenth beyond the longest.
    let end = (most * 10.0).ceil() / 10.0;
    let x = |score: f64| left + plot * (score / end).clamp(0.0, 1.0);
    let bottom = top + pitch * places.len() as f64;
    let total = left + plot + 70.0;
    let mut canvas = Canvas::new(total, bottom + 42.0 + legend_height(total - 40.0, &names));
    let title = tr!("Contributions to the score", "各准则对得分的贡献");
    canvas.text((16.0, 24.0), "head", Anchor::Start, title.get(lang));
    for tick in super::ticks(0.0, end)
        .into_iter()
        .filter(|t| *t <= end + 1e-9)
    {
        canvas.line((x(tick), top - 6.0), (x(tick), bottom), "grid");
        canvas.text(
            (x(tick), bottom + 15.0),
            "soft",
            Anchor::Middle,
            &figure::number(tick),
        );
    }
    let mut said = Vec::new();
    for (row, (place, label)) in places.iter().zip(&labels).enumerate() {
        let y = top + pitch * row as f64;
        canvas.text((left - 10.0, y + 16.0), "", Anchor::End, label);
        let mut from = 0.0;
        for (k, part) in place.contributions.iter().enumerate() {
            let Some(own) = part.contribution.filter(|c| *c > 0.0) else {
                continue;
            };
            let hint = format!("{}: {} ({})", part.title, figure::score(own), part.shown);
            // A pixel of background separates two segments without relying on their colours.
            canvas.rect(
                (x(from), y + 2.0),
                (x(from + own) - x(from) - 1.0, 20.0),
                &format!("c{}", k % COLOURS.len()),
                &hint,
            );
            from += own;
        }
        if let (Some(low), Some(high)) = (place.low, place.high)
            && low < high
        {
            canvas.line((x(low), y + 12.0), (x(high), y + 12.0), "mark");
            for end in [low, high] {
                canvas.line((x(end), y + 7.0), (x(end), y + 17.0), "mark");
            }
        }
        let score = place.score.map_or_else(String::new, figure::score);
        canvas.text((left + plot + 10.0, y + 16.0), "", Anchor::Start, &score);
        said.push(format!("{} {score}", place.name));
    }
    canvas.line((left, top - 6.0), (left, bottom), "axis");
    legend(
        &mut canvas,
        (20.0, bottom + 42.0),
        total - 40.0,
        &names,
        'c',
    );
    let list = said.join(if lang == Lang::Zh { "，" } else { ", " });
    let of = &view.title;
    let alt = tr!(
        "Contribution bars of {of}: {list}",
        "{of}的贡献条形图：{list}"
    );
    let alt = alt.get(lang).to_owned();
    Some(canvas.finish(title.get(lang), alt))
}
