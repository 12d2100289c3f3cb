//! Rank acceptability heat map: one row per candidate, one column per rank, the share of samples in each cell.

use super::{Anchor, Canvas, Picture, fit, widest};
use crate::lang::Lang;
use crate::tr;
use crate::view::report::AcceptabilityRow;

/// Draws the map; `None` without rows.
#[must_use]
pub fn acceptability(rows: &[AcceptabilityRow], lang: Lang) -> Option<Picture> {
    let ranks = rows
        .iter()
        .map(|r| r.shares.len())
        .max()
        .filter(|n| *n > 0)?;
    let labels: Vec<String> = rows.iter().map(|r| fit(&r.name, 26)).collect();
    let left = widest(labels.iter().map(String::as_str)).max(60.0) + 24.0;
    let (cell, tall, top) = (62.0, 30.0, 62.0);
    let title = tr!("How often each rank", "各名次出现的频率");
    let mut canvas = Canvas::new(
        (left + cell * ranks as f64 + 20.0).max(320.0),
        top + tall * rows.len() as f64 + 16.0,
    );
    canvas.text((16.0, 24.0), "head", Anchor::Start, title.get(lang));
    for rank in 1..=ranks {
        let head = tr!("rank {rank}", "第 {rank} 名");
        canvas.text(
            (left + cell * (rank as f64 - 0.5), top - 8.0),
            "soft",
            Anchor::Middle,
            head.get(lang),
        );
    }
    for (at, (row, label)) in rows.iter().zip(&labels).enumerate() {
        let y = top + tall * at as f64;
        canvas.text((left - 10.0, y + 19.0), "", Anchor::End, label);
        for (rank, (share, shown)) in row.shares.iter().zip(&row.shown).enumerate() {
            let x = left + cell * rank as f64;
            let strength = if share.is_finite() {
                share.clamp(0.0, 1.0)
            } else {
                0.0
            };
            canvas.push(format_args!(
                "<rect class=\"c0\" fill-opacity=\"{strength:.3}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                x + 1.0,
                y + 1.0,
                cell - 2.0,
                tall - 2.0
            ));
            // White reads on the full colour, ink on the pale one, in either scheme.
            let class = if strength > 0.55 { "on" } else { "" };
            canvas.text((x + cell / 2.0, y + 19.0), class, Anchor::Middle, shown);
        }
    }
    let best = rows.iter().max_by(|a, b| {
        a.shares
            .first()
            .unwrap_or(&0.0)
            .total_cmp(b.shares.first().unwrap_or(&0.0))
    })?;
    let (name, shown) = (&best.name, best.shown.first().cloned().unwrap_or_default());
    let alt = tr!(
        "Rank acceptability; most often first: {name}, {shown}",
        "名次可接受度；最常居首的是 {name}，{shown}"
    );
    let alt = alt.get(lang).to_owned();
    Some(canvas.finish(title.get(lang), alt))
}
