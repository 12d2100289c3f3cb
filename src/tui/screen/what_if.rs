//! 8 What-if: inputs and team as knobs, and the rank of every candidate in each scenario, joined by lines.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Table, called, head, note, rows, split};
use crate::tui::state::{List, State};
use crate::tui::widget::{Pen, Target, fit, pad, slider};
use crate::view::explore::scenarios::{Ranks, worst};

pub(super) fn draw(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let [left, right] = split(state, area, area.width / 2);
    if let Some(area) = left {
        knobs(state, pen, area);
    }
    if let Some(area) = right {
        ranks(state, pen, area);
    }
}

fn knobs(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let inside = pen.frame(
        area,
        lang.pick("Inputs (* = changed)", "输入（* 已改）"),
        state.list() == List::Knobs,
    );
    let all = &state.views.knobs;
    if all.is_empty() {
        note(
            pen,
            inside,
            lang.pick("no input of that name", "没有该名称的输入"),
        );
        return;
    }
    // Which value turns the ranking always has its line; name and range where there is room.
    let foot = if inside.height >= 10 { 4 } else { 2 };
    let list = Rect {
        height: inside.height.saturating_sub(foot),
        ..inside
    };
    let shown = 13_usize;
    let bar = 8_usize;
    let name = usize::from(inside.width).saturating_sub(shown + bar + 5);
    let settings = &state.session.knobs().settings;
    rows(state, pen, list, List::Knobs, |pen, at, y| {
        let knob = &all[at];
        let mark = if settings.contains_key(&knob.name) {
            "*"
        } else {
            " "
        };
        let x = pen.put(
            list,
            1,
            y,
            &format!("{mark}{} ", called(&knob.title, name, ascii)),
            Style::new(),
        );
        let (low, high) = knob.range;
        let log = low > 0.0 && high / low > 50.0;
        let text = if knob.flag {
            pad(if knob.value == 0.0 { "[ ]" } else { "[x]" }, bar, ascii)
        } else if log {
            slider(knob.value.ln(), low.ln(), high.ln(), bar, ascii)
        } else {
            slider(knob.value, low, high, bar, ascii)
        };
        if !log && !knob.flag {
            pen.hit(
                Rect {
                    x: list.x + x + 1,
                    y: list.y + y,
                    width: 6,
                    height: 1,
                },
                Target::Slider(List::Knobs, at),
            );
        }
        let x = pen.put(list, x, y, &text, Style::new());
        pen.put(
            list,
            x + 1,
            y,
            &fit(&knob.shown, shown, ascii),
            Style::new(),
        );
    });
    let Some(knob) = all.get(state.cursor(List::Knobs)) else {
        return;
    };
    let of = |x: f64| state.session.model().written(&knob.name, x);
    let declared = if settings.contains_key(&knob.name) {
        state
            .session
            .original(&knob.name)
            .map_or_else(String::new, |f| {
                format!(
                    "{}{}  ",
                    lang.pick("files: ", "文件："),
                    of(f.value.point())
                )
            })
    } else {
        String::new()
    };
    let stale = state.sensitivity.is_fresh(state.session.generation());
    if let Some(found) = &state.sensitivity.value {
        // At which value another wins is the question that turning a knob asks.
        let turns = found
            .bars
            .iter()
            .find(|bar| bar.input == knob.name)
            .filter(|bar| !bar.flips.is_empty());
        let line = turns.map_or_else(
            || {
                lang.pick(
                    "no value of it makes another first",
                    "其任何取值都不会使他者居首",
                )
                .to_owned()
            },
            |bar| super::sensitivity::turns(state, bar),
        );
        let style = if stale {
            Style::new()
        } else {
            state.look.dim()
        };
        pen.put(
            inside,
            1,
            inside.height.saturating_sub(foot - 1),
            &fit(&line, usize::from(inside.width.saturating_sub(2)), ascii),
            style,
        );
    }
    let values = format!("{declared}{}", span(&of(knob.range.0), &of(knob.range.1)));
    for (up, line) in [(2, &knob.name), (1, &values)]
        .into_iter()
        .filter(|_| foot > 2)
    {
        let line = fit(line, usize::from(inside.width.saturating_sub(2)), ascii);
        pen.put(
            inside,
            1,
            inside.height.saturating_sub(up),
            &line,
            state.look.dim(),
        );
    }
}

/// Two values with their unit once.
fn span(low: &str, high: &str) -> String {
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number}..{high}"),
        _ => format!("{low}..{high}"),
    }
}

fn ranks(state: &State, pen: &mut Pen<'_>, area: Rect) {
    let lang = state.lang;
    let ascii = state.look.ascii;
    let inside = pen.frame(
        area,
        lang.pick("Rank in each scenario", "各情景中的名次"),
        state.list() == List::Ranks,
    );
    let columns = &state.views.columns;
    let order = state.order();
    let name = usize::from(inside.width / 4).clamp(8, 18);
    let low = inside.height > 6;
    let room = usize::from(inside.width).saturating_sub(name + 3);
    let step = (room / columns.len().max(1)).clamp(6, 12);
    let fits = (room / step).max(1).min(columns.len());
    let shown = &columns[columns.len() - fits..];
    for (i, (title, _)) in shown.iter().enumerate() {
        let x = u16::try_from(name + 3 + i * step).unwrap_or(u16::MAX);
        // Titles are longer than their columns: two lines in turn give each the room of two columns.
        let (line, room) = if low {
            (u16::from(i % 2 == 1), 2 * step - 1)
        } else {
            (0, step - 1)
        };
        pen.put(inside, x, line, &fit(title, room, ascii), state.look.dim());
    }
    let above = if low { 2 } else { 1.min(inside.height) };
    let list = Rect {
        y: inside.y + above,
        height: inside.height.saturating_sub(above + 2),
        ..inside
    };
    let model = state.session.model();
    rows(state, pen, list, List::Ranks, |pen, at, y| {
        let Some(&c) = order.get(at) else { return };
        let candidate = &model.decision.candidates[c];
        pen.put(
            list,
            2,
            y,
            &pad(candidate.name.get(lang), name, ascii),
            Style::new(),
        );
        let mut before: Option<usize> = None;
        for (i, (_, column)) in shown.iter().enumerate() {
            let x = u16::try_from(name + 3 + i * step).unwrap_or(u16::MAX);
            let rank = column
                .as_ref()
                .and_then(|r| r.of.iter().find(|(id, ..)| *id == candidate.id))
                .and_then(|(_, rank, _)| *rank);
            if i > 0 {
                // The line into this column says which way it went.
                let (tip, style) = match (before, rank) {
                    (Some(a), Some(b)) if b < a => ("^", state.look.good()),
                    (Some(a), Some(b)) if b > a => ("v", state.look.bad()),
                    (Some(_), Some(_)) => (">", state.look.dim()),
                    _ => ("", Style::new()),
                };
                if !tip.is_empty() {
                    let from = x.saturating_sub(u16::try_from(step).unwrap_or(0)) + 3;
                    let line = if ascii { "-" } else { "─" }
                        .repeat(usize::from(x.saturating_sub(from + 2)));
                    pen.put(list, from, y, &format!("{line}{tip}"), style);
                }
            }
            let text = match (column, rank) {
                (None, _) => lang.pick("..", "..").to_owned(),
                (_, Some(r)) => r.to_string(),
                (_, None) => "-".to_owned(),
            };
            pen.put(list, x, y, &text, state.look.strong());
            before = rank;
        }
    });
    let known: Vec<&Ranks> = columns.iter().filter_map(|(_, r)| r.as_ref()).collect();
    let chosen = order
        .get(state.cursor(List::Ranks))
        .map(|&c| &model.decision.candidates[c]);
    if let Some((candidate, (rank, regret))) =
        chosen.and_then(|c| worst(&known, &c.id).map(|w| (c, w)))
    {
        let (name, regret) = (candidate.name.get(lang), crate::view::figure::score(regret));
        let line = match lang {
            crate::lang::Lang::En => format!("{name}: worst rank {rank}, regret {regret}"),
            crate::lang::Lang::Zh => format!("{name}：最差名次 {rank}，最大后悔值 {regret}"),
        };
        let line = fit(&line, usize::from(inside.width.saturating_sub(2)), ascii);
        pen.put(
            inside,
            1,
            inside.height.saturating_sub(1),
            &line,
            state.look.dim(),
        );
    }
}

pub(super) fn table(state: &State, list: List) -> Table {
    if list == List::Knobs {
        let row = |k: &crate::view::explore::knob::Knob| {
            vec![k.name.clone(), k.shown.clone(), k.title.clone()]
        };
        return (
            head(
                state,
                [("input", "输入"), ("value", "取值"), ("title", "名称")],
            ),
            state.views.knobs.iter().map(row).collect(),
        );
    }
    let (columns, lang) = (&state.views.columns, state.lang);
    let titles = std::iter::once(lang.pick("candidate", "候选").to_owned())
        .chain(columns.iter().map(|(title, _)| title.clone()))
        .collect();
    let row = |c: &usize| {
        let candidate = &state.session.model().decision.candidates[*c];
        let rank = |r: &Option<Ranks>| {
            let found = r
                .as_ref()
                .and_then(|r| r.of.iter().find(|(id, ..)| *id == candidate.id))
                .and_then(|(_, rank, _)| *rank);
            found.map_or_else(|| "-".to_owned(), |r| r.to_string())
        };
        std::iter::once(candidate.name.get(state.lang).to_owned())
            .chain(columns.iter().map(|(_, r)| rank(r)))
            .collect()
    };
    (titles, state.order().iter().map(row).collect())
}
