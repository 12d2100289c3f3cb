//! Trade-off scatter: the candidates on the two heaviest criteria whose measures are numbers; those that no other beats on both
//! are filled and joined.

use std::fmt::Write as _;

use super::{Anchor, Canvas, Picture, fit, ticks, width};
use crate::lang::Lang;
use crate::tr;
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
    let places: Vec<&PlaceView> = view
        .rank
        .ranking
        .iter()
        .filter(|p| p.status != "screened" && !p.contributions.is_empty())
        .collect();
    let first = places.first()?;
    let measured = |k: usize| {
        places
            .iter()
            .filter(|p| {
                p.contributions[k].measure.is_number() && p.contributions[k].score.is_some()
            })
            .count()
    };
    let mut order: Vec<usize> = (0..first.contributions.len())
        .filter(|&k| measured(k) >= 2)
        .collect();
    order.sort_by(|&a, &b| {
        first.contributions[b]
            .share
            .total_cmp(&first.contributions[a].share)
            .then(a.cmp(&b))
    });
    let [kx, ky] = order.get(..2)? else {
        return None;
    };
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
    let beats = |o: &Dot<'_>| {
        o.worth[0] >= own.worth[0] && o.worth[1] >= own.worth[1] && o.worth != own.worth
    };
    !dots.iter().any(beats)
}

/// Returns the better direction along an axis, derived from the dots.
fn better(dots: &[Dot<'_>], k: usize, lang: Lang) -> &'static str {
    let best = dots.iter().max_by(|a, b| a.worth[k].total_cmp(&b.worth[k]));
    let worst = dots.iter().min_by(|a, b| a.worth[k].total_cmp(&b.worth[k]));
    let Some((best, worst)) = best.zip(worst).filter(|(b, w)| b.worth[k] > w.worth[k]) else {
        return "";
    };
    match (best.at[k] > worst.at[k], lang) {
        (true, Lang::En) => ", more is better",
        (true, Lang::Zh) => "，越大越好",
        (false, Lang::En) => ", less is better",
        (false, Lang::Zh) => "，越小越好",
    }
}

fn draw(view: &ReportView, dots: &[Dot<'_>], axes: [&ContributionView; 2], lang: Lang) -> Picture {
    let (left, top, w, h) = (90.0, 56.0, 520.0, 330.0);
    let mut canvas = Canvas::new(left + w + 40.0, top + h + 60.0);
    let title = tr!(
        "Trade-off: {} and {}",
        "取舍：{}与{}",
        axes[0].title,
        axes[1].title
    );
    canvas.text(
        (16.0, 24.0),
        "head",
        Anchor::Start,
        &fit(title.get(lang), 80),
    );
    let scale = |k: usize| {
        let seen = || dots.iter().map(|d| d.at[k]);
        let (low, high) = (
            seen().fold(f64::INFINITY, f64::min),
            seen().fold(f64::NEG_INFINITY, f64::max),
        );
        let pad = if high > low {
            (high - low) * 0.08
        } else {
            high.abs().max(1.0) * 0.1
        };
        // A margin around the dots, but no negative axis values where no measure is negative.
        let low = if low >= 0.0 {
            (low - pad).max(0.0)
        } else {
            low - pad
        };
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
        canvas.text(
            (x(m), top + h + 16.0),
            "soft",
            Anchor::Middle,
            &figure::number(m),
        );
    }
    for &m in &ys {
        canvas.line((left, y(m)), (left + w, y(m)), "grid");
        canvas.text(
            (left - 8.0, y(m) + 4.0),
            "soft",
            Anchor::End,
            &figure::number(m),
        );
    }
    let name = |k: usize| {
        let c: &ContributionView = axes[k];
        let unit = if c.unit.is_empty() {
            String::new()
        } else {
            format!(" [{}]", crate::view::unit::heading(&c.unit, lang))
        };
        format!("{}{unit}{}", c.title, better(dots, k, lang))
    };
    canvas.text(
        (left + w, top + h + 38.0),
        "",
        Anchor::End,
        &format!("{} →", name(0)),
    );
    canvas.text(
        (16.0, top - 12.0),
        "",
        Anchor::Start,
        &format!("↑ {}", name(1)),
    );
    let mut front: Vec<&Dot<'_>> = dots.iter().filter(|d| efficient(dots, d)).collect();
    front.sort_by(|a, b| {
        a.at[0]
            .total_cmp(&b.at[0])
            .then(a.at[1].total_cmp(&b.at[1]))
    });
    let mut path = String::new();
    for (i, d) in front.iter().enumerate() {
        write!(
            path,
            "{}{:.1} {:.1}",
            if i == 0 { "M" } else { " L" },
            x(d.at[0]),
            y(d.at[1])
        )
        .expect("a String takes every write");
    }
    if front.len() > 1 {
        canvas.push(format_args!("<path class=\"dash\" d=\"{path}\"/>"));
    }
    // Candidates at the same point share a label.
    let mut spots: Vec<(f64, f64, Vec<&str>)> = Vec::new();
    for d in dots {
        let (cx, cy) = (x(d.at[0]), y(d.at[1]));
        let class = if efficient(dots, d) { "c0" } else { "hollow" };
        canvas.push(format_args!(
            "<circle class=\"{class}\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"5\"/>"
        ));
        match spots
            .iter_mut()
            .find(|(sx, sy, _)| (sx - cx).abs() < 2.0 && (sy - cy).abs() < 2.0)
        {
            Some((.., names)) => names.push(d.name),
            None => spots.push((cx, cy, vec![d.name])),
        }
    }
    let between = if lang == Lang::Zh { "、" } else { ", " };
    // A box that is taken, from left, top to right, bottom; dots count too.
    let mut taken: Vec<[f64; 4]> = spots
        .iter()
        .map(|(sx, sy, _)| [sx - 7.0, sy - 7.0, sx + 7.0, sy + 7.0])
        .collect();
    for (cx, cy, names) in &spots {
        let label = fit(&names.join(between), 44);
        let long = width(&label);
        let sides = [
            (cx + 9.0, Anchor::Start, cx + 9.0),
            (cx - 9.0, Anchor::End, cx - 9.0 - long),
        ];
        let rows = [4.0, -9.0, 17.0, -22.0, 30.0, 43.0, 56.0, 69.0];
        let places = rows
            .iter()
            .flat_map(|dy| sides.iter().map(move |side| (*side, cy + dy)));
        let free = |&((_, _, from), ly): &((f64, Anchor, f64), f64)| {
            let own = [from, ly - 10.0, from + long, ly + 3.0];
            let inside = from > 4.0 && from + long < left + w + 36.0 && ly > top - 4.0;
            inside
                && !taken
                    .iter()
                    .any(|t| own[0] < t[2] && t[0] < own[2] && own[1] < t[3] && t[1] < own[3])
        };
        let ((at, anchor, from), ly) = places
            .into_iter()
            .find(free)
            .unwrap_or((sides[0], cy + 4.0));
        taken.push([from, ly - 10.0, from + long, ly + 3.0]);
        canvas.text((at, ly), "", anchor, &label);
    }
    let listed = front
        .iter()
        .map(|d| d.name)
        .collect::<Vec<_>>()
        .join(if lang == Lang::Zh { "、" } else { ", " });
    let of = &view.title;
    let (a, b) = (&axes[0].title, &axes[1].title);
    let alt = tr!(
        "{of}: candidates by {a} and {b}. Not dominated: {listed}",
        "{of}：按{a}与{b}分布的候选。在两者上均无人能及：{listed}"
    );
    let alt = alt.get(lang).to_owned();
    canvas.finish(title.get(lang), alt)
}
