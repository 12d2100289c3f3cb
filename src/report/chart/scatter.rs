//! Trade-off scatter: the candidates on the two heaviest criteria whose measures are numbers; those that no other beats on both
//! are filled and joined.

use std::fmt::Write as _;

use super::{Anchor, Canvas, Picture, fit, ticks, width};
use crate::lang::Lang;
use crate::text;
use crate::view::figure;
use crate::view::rank::{ContributionView, PlaceView};
use crate::view::report::ReportView;

struct Dot<'v> {
    name: &'v str,
    /// Measures.
    at: [f64; 2],
    /// Values, 0..1: more is better on both.
    worth: [f64; 2],
}

/// Draws the scatter; `None` with fewer than two candidates or criteria to show.
#[must_use]
pub fn scatter(view: &ReportView, lang: Lang) -> Option<Picture> {
    let places: Vec<&PlaceView> = view.rank.ranking.iter().filter(|p| p.status != "screened" && !p.contributions.is_empty()).collect();
    let first = places.first()?;
    let measured = |k: usize| places.iter().filter(|p| p.contributions[k].measure.is_number() && p.contributions[k].score.is_some()).count();
    let mut order: Vec<usize> = (0..first.contributions.len()).filter(|&k| measured(k) >= 2).collect();
    order.sort_by(|&a, &b| first.contributions[b].share.total_cmp(&first.contributions[a].share).then(a.cmp(&b)));
    let [kx, ky] = order.get(..2)? else { return None };
    let dots: Vec<Dot<'_>> = places.iter().filter_map(|p| dot(p, [*kx, *ky])).collect();
    if dots.len() < 2 {
        return None;
    }
    let axes = [&first.contributions[*kx], &first.contributions[*ky]];
    Some(draw(view, &dots, axes, lang))
}

fn dot<'v>(place: &'v PlaceView, on: [usize; 2]) -> Option<Dot<'v>> {
    let parts = on.map(|k| &place.contributions[k]);
    Some(Dot {
        name: &place.name,
        at: [parts[0].measure.as_f64()?, parts[1].measure.as_f64()?],
        worth: [parts[0].score?, parts[1].score?],
    })
}

/// Whether no other dot is at least as good on both and better on one.
fn efficient(dots: &[Dot<'_>], own: &Dot<'_>) -> bool {
    let beats = |o: &Dot<'_>| o.worth[0] >= own.worth[0] && o.worth[1] >= own.worth[1] && o.worth != own.worth;
    !dots.iter().any(beats)
}

fn draw(view: &ReportView, dots: &[Dot<'_>], axes: [&ContributionView; 2], lang: Lang) -> Picture {
    let (left, top, w, h) = (90.0, 56.0, 520.0, 330.0);
    let mut canvas = Canvas::new(left + w + 40.0, top + h + 60.0);
    let title = text!("Trade-off: {} and {}", "取舍：{}与{}", axes[0].title, axes[1].title);
    canvas.text((16.0, 24.0), "head", Anchor::Start, &fit(title.get(lang), 80));
    let scale = |k: usize| {
        let seen = || dots.iter().map(|d| d.at[k]);
        let (low, high) = (seen().fold(f64::INFINITY, f64::min), seen().fold(f64::NEG_INFINITY, f64::max));
        let pad = if high > low { (high - low) * 0.08 } else { high.abs().max(1.0) * 0.1 };
        // Room around the dots, but no negative measures where none is.
        let low = if low >= 0.0 { (low - pad).max(0.0) } else { low - pad };
        let marks = ticks(low, high + pad);
        let ends = (marks[0], *marks.last().expect("there is always a tick"));
        (ends, marks)
    };
    let ((x0, x1), xs) = scale(0);
    let ((y0, y1), ys) = scale(1);
    let x = |m: f64| left + w * (m - x0) / (x1 - x0);
    let y = |m: f64| top + h * (1.0 - (m - y0) / (y1 - y0));
    for &m in &xs {
        canvas.line((x(m), top), (x(m), top + h), "grid");
        canvas.text((x(m), top + h + 16.0), "soft", Anchor::Middle, &figure::number(m));
    }
    for &m in &ys {
        canvas.line((left, y(m)), (left + w, y(m)), "grid");
        canvas.text((left - 8.0, y(m) + 4.0), "soft", Anchor::End, &figure::number(m));
    }
    let name = |c: &ContributionView| if c.unit.is_empty() { c.title.clone() } else { format!("{} [{}]", c.title, c.unit) };
    canvas.text((left + w, top + h + 38.0), "", Anchor::End, &format!("{} →", name(axes[0])));
    canvas.text((16.0, top - 12.0), "", Anchor::Start, &format!("↑ {}", name(axes[1])));
    let mut front: Vec<&Dot<'_>> = dots.iter().filter(|d| efficient(dots, d)).collect();
    front.sort_by(|a, b| a.at[0].total_cmp(&b.at[0]).then(a.at[1].total_cmp(&b.at[1])));
    let mut path = String::new();
    for (i, d) in front.iter().enumerate() {
        write!(path, "{}{:.1} {:.1}", if i == 0 { "M" } else { " L" }, x(d.at[0]), y(d.at[1])).expect("a String takes every write");
    }
    if front.len() > 1 {
        canvas.push(format_args!("<path class=\"dash\" d=\"{path}\"/>"));
    }
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for d in dots {
        let (cx, cy) = (x(d.at[0]), y(d.at[1]));
        let class = if efficient(dots, d) { "c0" } else { "hollow" };
        canvas.push(format_args!("<circle class=\"{class}\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"5\"/>"));
        let label = fit(d.name, 24);
        let long = width(&label);
        let (at, anchor, from) =
            if cx + 10.0 + long > left + w + 36.0 { (cx - 9.0, Anchor::End, cx - 9.0 - long) } else { (cx + 9.0, Anchor::Start, cx + 9.0) };
        // A label moves down until it covers no other.
        let mut ly = cy + 4.0;
        while taken.iter().any(|(f, t, y)| from < *t && from + long > *f && (ly - y).abs() < 13.0) {
            ly += 13.0;
        }
        taken.push((from, from + long, ly));
        canvas.text((at, ly), "", anchor, &label);
    }
    let listed = front.iter().map(|d| d.name).collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " });
    let of = &view.title;
    let (a, b) = (&axes[0].title, &axes[1].title);
    let alt = text!(
        "{of}: candidates by {a} and {b}. Nobody beats these on both: {listed}",
        "{of}：按{a}与{b}分布的候选。在两者上均无人能及：{listed}"
    );
    let alt = alt.get(lang).to_owned();
    canvas.finish(title.get(lang), alt)
}
