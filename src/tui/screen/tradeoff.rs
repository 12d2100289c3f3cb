//! 2 Trade-off: where everybody stands on two criteria, who is beaten on both, and what moving along the front exchanges.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, note, rows, width};
use crate::lang::Lang;
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, Target, fit, pad, wrap};
use crate::view::explore::tradeoff::{Spot, Step};

/// The braille dots of a cell, two across and four down.
const DOTS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    if state.is_narrow() {
        front(state, pen, area);
        return;
    }
    let right = (area.width * 2 / 5).clamp(30, 46);
    scatter(
        state,
        pen,
        Rect {
            width: area.width - right,
            ..area
        },
    );
    front(
        state,
        pen,
        Rect {
            x: area.x + area.width - right,
            width: right,
            ..area
        },
    );
}

fn scatter(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let plane = &state.views.plane;
    let lang = state.lang;
    let ascii = state.look.ascii;
    let title = format!(
        "{} ({}) / {} ({})",
        plane.titles.1,
        lang.pick("up", "上"),
        plane.titles.0,
        lang.pick("right", "右")
    );
    let inside = pen.frame(area, &title, false);
    if inside.width < 12 || inside.height < 6 {
        return;
    }
    let plot = Rect {
        x: inside.x + 1,
        y: inside.y + 1,
        width: inside.width - 2,
        height: inside.height - 3,
    };
    pen.put(inside, 0, 0, &plane.ends.1.1, state.look.dim());
    pen.put(
        inside,
        0,
        inside.height - 2,
        &plane.ends.1.0,
        state.look.dim(),
    );
    let end = &plane.ends.0;
    pen.put(inside, 0, inside.height - 1, &end.0, state.look.dim());
    pen.put(
        inside,
        inside.width.saturating_sub(width(&end.1)),
        inside.height - 1,
        &end.1,
        state.look.dim(),
    );
    let mut braille: std::collections::BTreeMap<(u16, u16), u32> =
        std::collections::BTreeMap::new();
    let unit = |v: f64| v.clamp(0.0, 1.0);
    let mut labels: Vec<(u16, u16, u16)> = Vec::new();
    for spot in &plane.spots {
        let fx = unit(spot.at.0) * f64::from(plot.width * 2 - 1);
        let fy = (1.0 - unit(spot.at.1)) * f64::from(plot.height * 4 - 1);
        let (dx, dy) = (fx.round() as u16, fy.round() as u16);
        let cell = (dx / 2, dy / 4);
        let chosen = spot.candidate == state.candidate;
        let style = if chosen {
            state.look.cursor()
        } else if spot.beaten {
            state.look.dim()
        } else {
            state.look.good().patch(state.look.strong())
        };
        if ascii || state.look.dots || chosen {
            pen.put(
                plot,
                cell.0,
                cell.1,
                if chosen {
                    "@"
                } else if spot.beaten {
                    "o"
                } else {
                    "*"
                },
                style,
            );
        } else {
            let bits = braille.entry(cell).or_insert(0);
            *bits |= DOTS[usize::from(dx % 2)][usize::from(dy % 4)];
            let glyph = char::from_u32(0x2800 + *bits).unwrap_or('.');
            pen.put(plot, cell.0, cell.1, &glyph.to_string(), style);
        }
        pen.hit(
            Rect {
                x: plot.x + cell.0,
                y: plot.y + cell.1,
                width: 1,
                height: 1,
            },
            Target::Row(
                List::Spots,
                plane
                    .spots
                    .iter()
                    .position(|s| s.candidate == spot.candidate)
                    .unwrap_or(0),
            ),
        );
        let label = fit(&spot.name, 14, ascii);
        let own = width(&label) + 1;
        let x = if cell.0 + own < plot.width {
            cell.0 + 1
        } else {
            cell.0.saturating_sub(own)
        };
        // A label that would lie on another stays away; the list names everybody.
        if !labels
            .iter()
            .any(|&(y, from, to)| y == cell.1 && x < to && x + own > from)
        {
            pen.put(
                plot,
                x,
                cell.1,
                &label,
                if chosen {
                    state.look.strong()
                } else {
                    Style::new()
                },
            );
            labels.push((cell.1, x.min(cell.0), (x + own).max(cell.0 + 1)));
        }
    }
}

fn front(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let plane = &state.views.plane;
    let lang = state.lang;
    let ascii = state.look.ascii;
    let on = plane.spots.iter().filter(|s| !s.beaten).count();
    let title = format!(
        "{}{on}/{}",
        lang.pick("Pareto front: ", "帕累托前沿："),
        plane.spots.len()
    );
    let inside = pen.frame(area, &title, true);
    if plane.spots.is_empty() {
        note(
            pen,
            inside,
            lang.pick(
                "Nobody's measures of both criteria are known.",
                "没有候选在两项准则上都有已知度量。",
            ),
        );
        return;
    }
    let about: Vec<String> = plane
        .spots
        .get(state.cursor(List::Spots))
        .map_or_else(Vec::new, |own| {
            known(state, own, usize::from(inside.width.saturating_sub(2)))
        });
    // Half of the pane is the list's at least, and all of it where there is little.
    let most = if inside.height > 12 {
        inside.height - (inside.height / 3).max(5)
    } else {
        0
    };
    let low = u16::try_from(about.len()).unwrap_or(u16::MAX).min(most);
    let list = Rect {
        height: inside.height - low,
        ..inside
    };
    let name = usize::from(inside.width.saturating_sub(18)).min(16);
    rows(state, pen, list, List::Spots, |pen, at, y| {
        let spot = &plane.spots[at];
        let by = if spot.beaten {
            format!("{} {}", lang.pick("beaten by", "劣于"), spot.by.len())
        } else {
            lang.pick("front", "前沿").to_owned()
        };
        let line = format!(
            "{} {} {}",
            if spot.beaten { "o" } else { "*" },
            pad(&spot.name, name, ascii),
            by
        );
        pen.put(
            list,
            1,
            y,
            &line,
            if spot.beaten {
                state.look.dim()
            } else {
                Style::new()
            },
        );
    });
    let foot = Rect {
        y: inside.y + inside.height - low,
        height: low,
        ..inside
    };
    for (y, line) in (0..low).zip(&about) {
        pen.put(foot, 1, y, line, Style::new());
    }
}

/// What is known of a candidate on the plane, in lines of this width.
fn known(state: &State, own: &Spot, columns: usize) -> Vec<String> {
    let (plane, lang) = (&state.views.plane, state.lang);
    let mut lines = vec![
        format!("{}:", own.name),
        format!("   {} {}", plane.titles.1, own.shown.1),
        format!("   {} {}", plane.titles.0, own.shown.0),
    ];
    if own.beaten {
        lines.push(format!(
            "{} {}",
            lang.pick("beaten by", "劣于"),
            own.by.join(", ")
        ));
    }
    for step in plane
        .steps
        .iter()
        .filter(|s| s.from == own.candidate || s.to == own.candidate)
    {
        lines.extend(exchange(state, step, step.from == own.candidate));
    }
    if plane.unknown > 0 {
        let n = plane.unknown;
        lines.push(match lang {
            Lang::En => format!("? {n} not known on both"),
            Lang::Zh => format!("? {n} 个候选度量未知"),
        });
    }
    if let Some(d) = &state.dominance.value {
        let word = d
            .standing
            .iter()
            .find(|(c, _)| *c == own.candidate)
            .map_or("?", |(_, w)| w);
        lines.push(format!(
            "{}{word}",
            lang.pick("on all criteria: ", "全部准则：")
        ));
        lines.push(format!(
            "   (n {}, {} {})",
            d.samples,
            lang.pick("seed", "种子"),
            d.seed
        ));
    }
    lines
        .iter()
        .flat_map(|line| indented(line, columns))
        .collect()
}

/// A line broken between words, its rest as far in as its beginning.
fn indented(line: &str, columns: usize) -> Vec<String> {
    let lead: String = line.chars().take_while(|c| *c == ' ').collect();
    wrap(line.trim_start(), columns.saturating_sub(lead.len()))
        .into_iter()
        .map(|part| format!("{lead}{part}"))
        .collect()
}

/// What a step along the front exchanges, forwards or backwards.
fn exchange(state: &State, step: &Step, forwards: bool) -> Vec<String> {
    let (lang, titles) = (state.lang, &state.views.plane.titles);
    let (better, worse) = (lang.pick("better", "更优"), lang.pick("worse", "更差"));
    let (other, first, second) = if forwards {
        (step.to, better, worse)
    } else {
        (step.from, worse, better)
    };
    let mut lines = vec![
        format!("-> {}:", state.name(other)),
        format!("   {} {first} {}", titles.0, step.gain),
        format!("   {} {second} {}", titles.1, step.loss),
    ];
    lines.extend(step.rate.as_ref().map(|rate| format!("   = {rate}")));
    lines
}

pub(super) fn table(state: &State) -> Table {
    let plane = &state.views.plane;
    let titles = vec![
        state.lang.pick("candidate", "候选").to_owned(),
        plane.titles.0.clone(),
        plane.titles.1.clone(),
        state.lang.pick("beaten by", "劣于").to_owned(),
    ];
    (
        titles,
        plane
            .spots
            .iter()
            .map(|s| {
                vec![
                    s.name.clone(),
                    s.shown.0.clone(),
                    s.shown.1.clone(),
                    s.by.join(", "),
                ]
            })
            .collect(),
    )
}
